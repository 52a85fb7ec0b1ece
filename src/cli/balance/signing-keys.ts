import { checksumAddress } from '../../attestation/checksum-address.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { decodeUtf8, fileSource, linesOf } from '../../venue/byte-source.js';
import { readSubAccount, readUserId } from '../../venue/cells.js';
import { JsonNode } from '../../venue/json-node.js';

/** An account stands twice in a file of signing keys. */
export class SigningKeysError extends ClearproofError {
  readonly code = 'SIGNING_KEYS';
}

/** Who signs an account's orders, and the last one that its balance takes into account. */
export interface OrderState {
  readonly signer: string;
  readonly sequence: bigint;
}

/** Of a user without a signing key: no order can be shown against the receipt. */
export const NO_ORDERS: OrderState = { signer: `0x${'0'.repeat(40)}`, sequence: 0n };

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const MAX_SEQUENCE = 2n ** 64n - 1n;

/** Reads `{"user", "subAccount", "signer", "sequence"}` a line, as docs/formats.md has it. @throws SigningKeysError, and the errors of imports */
export async function readSigningKeys(file: string): Promise<(account: { readonly userId: string; readonly subAccount: number }) => OrderState> {
  const known = new Map<string, OrderState>();
  for await (const { text, row } of linesOf(decodeUtf8(fileSource(file)), file)) {
    const line = JsonNode.parse(text, { file, row }).object(['user', 'subAccount', 'signer', 'sequence']);
    const [user, subAccount] = [line.field('user'), line.optional('subAccount')];
    const name = nameOf(readUserId(user.text(), user.place), subAccount === undefined ? 0 : readSubAccount(subAccount.text(), subAccount.place));
    if (known.has(name)) throw new SigningKeysError(`${file}: the account of line ${row} stands twice: remove one`, { file, row });
    known.set(name, {
      signer: checksumAddress(line.field('signer').textLike(ADDRESS, 'an address: 0x and 40 hex digits')), sequence: line.field('sequence').bigInteger(0n, MAX_SEQUENCE),
    });
  }
  return ({ userId, subAccount }) => known.get(nameOf(userId, subAccount)) ?? NO_ORDERS;
}

/** No number holds a line break. */
function nameOf(userId: string, subAccount: number): string {
  return `${subAccount}\n${userId}`;
}
