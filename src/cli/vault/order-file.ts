import { canonicalText } from '../../attestation/canonical-json.js';
import { openEnvelope, readElement } from '../../attestation/format-fields.js';
import type { LaterOrder } from '../../chain/vault-signatures.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { readText } from '../files.js';

/** A later order and its signature. */
export interface SignedOrder {
  readonly order: LaterOrder;
  readonly signature: string;
}

const FORMAT = 'clearproof-later-order';
const FIELDS = ['venueId', 'nullifier', 'sequence', 'orderDigest', 'signature'];
const MAX_LENGTH = 4_096;
const MAX_SEQUENCE = 2n ** 64n - 1n;
const BYTES_32 = /^0x[0-9a-f]{64}$/;
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;

export async function writeOrder(file: string, { order, signature }: SignedOrder): Promise<void> {
  const { venueId, nullifier, sequence, orderDigest } = order;
  const content = {
    format: FORMAT, version: 1, venueId: venueId.toString(), nullifier: nullifier.toString(), sequence: sequence.toString(), orderDigest, signature,
  };
  await writeFileAtomically(file, `${canonicalText(content, { file })}\n`);
}

/** Reads what "account sign-order" wrote. @throws the errors of bundles */
export async function readOrder(file: string): Promise<SignedOrder> {
  const { fields } = openEnvelope(await readText(file), { file }, FORMAT, FIELDS, MAX_LENGTH);
  return {
    order: {
      venueId: readElement(fields.field('venueId')), nullifier: readElement(fields.field('nullifier')), sequence: fields.field('sequence').bigInteger(0n, MAX_SEQUENCE),
      orderDigest: fields.field('orderDigest').textLike(BYTES_32, '32 bytes: 0x and 64 lower-case hex digits'),
    },
    signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and 130 hex digits'),
  };
}
