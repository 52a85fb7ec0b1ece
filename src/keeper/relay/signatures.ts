import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DispatchedMessage, ValidatorSet } from '../../chain/mailbox-client.js';
import { checkpointSigner, moduleMetadata } from '../../chain/mailbox-message.js';
import { createFileAtomically, FileExistsError } from '../../file/create-file.js';
import { SignatureSourceError, SourceReorganisedError } from './relay-errors.js';
import { MAX_SIGNATURE_LENGTH, parseSignature, serializeSignature, signatureFileName, type SignedCheckpoint } from './signature-format.js';

/** Where a validator's signatures are read. */
export interface SignatureSource {
  /** Undefined while there is none. @throws SignatureSourceError, and the errors of bundles */
  of(index: number): Promise<SignedCheckpoint | undefined>;
}

const PATIENCE_MS = 5_000;

/** A folder, or a web server of one. */
export function signatureSource(place: string): SignatureSource {
  return /^https?:/.test(place) ? { of: (index) => fetchSignature(place, index) } : { of: (index) => readSignature(place, index) };
}

/**
 * Puts a signature where others read it.
 *
 * @throws SourceReorganisedError where another one of the index is there, whatever the journal says
 */
export async function publishSignature(folder: string, signed: SignedCheckpoint): Promise<void> {
  const file = join(folder, signatureFileName(signed.index));
  const text = serializeSignature(signed);
  try {
    await createFileAtomically(file, text);
  } catch (cause) {
    if (!(cause instanceof FileExistsError)) throw cause;
    if ((await readFile(file, 'utf8')) === text) return;
    throw new SourceReorganisedError(`${file} holds another signature of index ${signed.index}, and it may have been read: nothing more is signed with this key`, { file, index: signed.index }, { cause });
  }
}

/**
 * What the security module takes for a message, once enough of its validators have signed the same.
 *
 * @param hook of the source chain: a signature over another tree says nothing of this one
 * @param told of a source that could not be used
 * @returns undefined while there are too few
 */
export async function collectMetadata(
  { message, index }: DispatchedMessage, hook: string, { validators, threshold }: ValidatorSet, sources: readonly SignatureSource[], told: (thrown: unknown) => void,
): Promise<string | undefined> {
  const byRoot = new Map<string, Map<string, SignedCheckpoint>>();
  await Promise.all(sources.map(async (source) => {
    try {
      const signed = await source.of(index);
      if (signed === undefined) return;
      if (signed.messageId !== message.id || signed.origin !== message.origin || signed.hook !== hook || signed.index !== index) {
        throw new SignatureSourceError(`a validator signed another message of index ${index}: one of the two chains that were read is not the other`, { index });
      }
      const signer = checkpointSigner(signed, signed.signature);
      const group = byRoot.get(signed.root) ?? new Map<string, SignedCheckpoint>();
      byRoot.set(signed.root, group.set(signer, signed));
    } catch (thrown) {
      told(thrown);
    }
  }));
  for (const group of byRoot.values()) {
    // The module walks its list once: in its order, or not at all.
    const ordered = validators.flatMap((validator) => group.get(validator) ?? []).slice(0, threshold);
    const [first] = ordered;
    if (first !== undefined && ordered.length === threshold) return moduleMetadata(first, ordered.map(({ signature }) => signature));
  }
  return undefined;
}

async function readSignature(folder: string, index: number): Promise<SignedCheckpoint | undefined> {
  const file = join(folder, signatureFileName(index));
  try {
    return parseSignature(await readFile(file, 'utf8'), file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

async function fetchSignature(base: string, index: number): Promise<SignedCheckpoint | undefined> {
  const url = `${base.replace(/\/$/, '')}/${signatureFileName(index)}`;
  const { host } = new URL(url);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new SignatureSourceError(`${host} answered ${response.status} for index ${index}: ask who runs it`, { host, index });
    const text = await boundedText(response, host, index);
    return parseSignature(text, host);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code !== '') throw cause;
    throw new SignatureSourceError(`${host} did not answer for index ${index}: check the address, and that it runs`, { host, index }, { cause });
  }
}

/** No more is read than a signature has. */
async function boundedText(response: Response, host: string, index: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += (piece as Uint8Array).length;
    if (length > MAX_SIGNATURE_LENGTH) throw new SignatureSourceError(`${host} sent more than a signature for index ${index}: check the address`, { host, index });
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces).toString('utf8');
}
