import { canonicalText } from '../../attestation/canonical-json.js';
import { openEnvelope, readElement } from '../../attestation/format-fields.js';
import type { AccountOrder } from '../../chain/omission-signatures.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { MAX_UNIX_SECONDS } from '../../risk/table-rules.js';
import { readText } from '../files.js';

/** An order of an account and its signature. */
export interface SignedAccountOrder {
  readonly order: AccountOrder;
  readonly signature: string;
}

const FORMAT = 'clearproof-account-order';
const FIELDS = ['venueId', 'account', 'sequence', 'orderedAt', 'orderDigest', 'signature'];
const MAX_LENGTH = 4_096;
const MAX_SEQUENCE = 2n ** 64n - 1n;
const BYTES_32 = /^0x[0-9a-f]{64}$/;
/** A contract's signature (ERC-1271) may be longer than a key's. */
const SIGNATURE = /^0x(?:[0-9a-f]{2}){1,1024}$/;

export async function writeAccountOrder(file: string, { order, signature }: SignedAccountOrder): Promise<void> {
  const { venueId, account, sequence, orderedAt, orderDigest } = order;
  const content = {
    format: FORMAT, version: 1, venueId: venueId.toString(), account, sequence: sequence.toString(), orderedAt: orderedAt.toString(), orderDigest, signature,
  };
  await writeFileAtomically(file, `${canonicalText(content, { file })}\n`, SECRET_FILE);
}

/** Reads what "balance order" wrote. @throws the errors of bundles */
export async function readAccountOrder(file: string): Promise<SignedAccountOrder> {
  const { fields } = openEnvelope(await readText(file), { file }, FORMAT, FIELDS, MAX_LENGTH);
  const bytes32 = (name: string): string => fields.field(name).textLike(BYTES_32, '32 bytes: 0x and 64 lower-case hex digits');
  return {
    order: {
      venueId: readElement(fields.field('venueId')), account: bytes32('account'), sequence: fields.field('sequence').bigInteger(1n, MAX_SEQUENCE),
      orderedAt: fields.field('orderedAt').integer(0, MAX_UNIX_SECONDS), orderDigest: bytes32('orderDigest'),
    },
    signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and lower-case hex digits'),
  };
}
