import { canonicalText } from '../../attestation/canonical-json.js';
import { openEnvelope, readAddress } from '../../attestation/format-fields.js';
import type { MailboxCheckpoint } from '../../chain/mailbox-message.js';
import { readBytes32 } from '../../clearing/file-fields.js';

/** A validator's word on one message, as everybody may read it. */
export interface SignedCheckpoint extends MailboxCheckpoint {
  /** Who says that he signed; the signature decides. */
  readonly validator: string;
  /** 65 bytes, hex. */
  readonly signature: string;
}

export const SIGNATURE_FORMAT = 'clearproof-relay-signature';

const FIELDS = ['origin', 'hook', 'root', 'index', 'messageId', 'validator', 'signature'];
export const MAX_SIGNATURE_LENGTH = 4_096;
export const MAX_DOMAIN = 2 ** 32 - 1;
const SIGNATURE = /^0x[0-9a-f]{130}$/;

/** Name of the file of an index. */
export function signatureFileName(index: number): string {
  return `${index}.json`;
}

export function serializeSignature({ origin, hook, root, index, messageId, validator, signature }: SignedCheckpoint): string {
  return `${canonicalText({ format: SIGNATURE_FORMAT, version: 1, origin: String(origin), hook, root, index: String(index), messageId, validator, signature })}\n`;
}

/** @throws the errors of bundles */
export function parseSignature(text: string, file: string): SignedCheckpoint {
  const { fields } = openEnvelope(text, { file }, SIGNATURE_FORMAT, FIELDS, MAX_SIGNATURE_LENGTH);
  return Object.freeze({
    origin: fields.field('origin').integer(0, MAX_DOMAIN), hook: readAddress(fields.field('hook')), root: readBytes32(fields.field('root')),
    index: fields.field('index').integer(0, MAX_DOMAIN), messageId: readBytes32(fields.field('messageId')), validator: readAddress(fields.field('validator')),
    signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and 130 lower-case hex digits'),
  });
}
