import { ATTESTATION_FORMAT, MAX_ATTESTATION_LENGTH } from '../../../attestation/attestation-format.js';
import { ON_CHAIN_RECORD_FORMAT } from '../../../attestation/on-chain-record-format.js';
import { RECEIPT_FORMAT } from '../../../attestation/receipt-format.js';
import { messageOf } from '../../../error/clearproof-error.js';
import type { Document, DocumentKind, Identified } from './protocol.js';

/** More bytes than the longest bundle has, whose text is plain ASCII. What is larger is not even read. */
export const MAX_BYTES = MAX_ATTESTATION_LENGTH;

const KINDS: Readonly<Record<string, DocumentKind>> = {
  [RECEIPT_FORMAT]: 'receipt',
  [ATTESTATION_FORMAT]: 'attestation',
  [ON_CHAIN_RECORD_FORMAT]: 'record',
};

/** Why a document is not read, or undefined. */
export function refusalOf({ name, size }: Pick<Document, 'name' | 'size'>): string | undefined {
  if (size === 0) return `${name} is empty (0 bytes): choose another file.`;
  if (size <= MAX_BYTES) return undefined;
  return `${name} (${sizeText(size)}) is larger than any file of this kind (at most ${sizeText(MAX_BYTES)}) and was not read.`;
}

/** As the command line reads files: nothing is cut off or guessed. */
export async function textOf(document: Document): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await document.arrayBuffer());
}

/** Tells what a document is by its `format` field. Whether it is a good one is the verification's business. */
export async function identify(document: Document): Promise<Identified> {
  const refusal = refusalOf(document);
  if (refusal !== undefined) return { document, refusal };
  const shown = `${document.name} (${sizeText(document.size)})`;
  try {
    const value: unknown = JSON.parse(await textOf(document));
    const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
    const kind = typeof format === 'string' && Object.hasOwn(KINDS, format) ? KINDS[format] : undefined;
    if (kind !== undefined) return { document, kind };
    return { document, refusal: `${shown} is no receipt, attestation or saved record: its field "format" names none of them.` };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { document, refusal: `${shown} is no receipt, attestation or saved record: it is not JSON.` };
    return { document, refusal: `${shown} cannot be read (${messageOf(thrown)}): choose it again.` };
  }
}

/** "18 kB", as people read sizes. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${Math.round(bytes / 1_000_000)} MB`;
}
