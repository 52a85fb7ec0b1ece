import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { ClearproofError } from '../error/clearproof-error.js';
import { ELEMENT_BYTES, packElements } from '../field/element-bytes.js';
import { requireFieldElement } from '../field/scalar-field.js';
import type { Holding } from '../venue/account.js';
import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** A promise whose rows or amount no proof could show. */
export class BalanceRangeError extends ClearproofError {
  readonly code = 'BALANCE_RANGE';
}

/** What a balance receipt promises: rows of one asset's tiers, and how much stands in them. Private to user and venue. */
export interface BalanceOpening {
  /** Of the account. */
  readonly key: bigint;
  /** 0 <= firstRow <= lastRow < 2^16. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** Quanta, 0 <= amount < 2^64; 0 promises only that the account is there. */
  readonly amount: bigint;
  /** Field element of at least 128 random bits, another one for each receipt. */
  readonly blinding: bigint;
}

const ROW_BITS = 16;
const AMOUNT_BITS = 64n;
const ACCOUNT_NAME = 'clearproof.account';

/**
 * H(tag, key, first row, last row, amount, blinding): hides account, asset and amount.
 *
 * @throws BalanceRangeError for rows or an amount out of range, FieldRangeError for a key or blinding that is none
 */
export function balanceCommitment(poseidon: Poseidon, { key, firstRow, lastRow, amount, blinding }: BalanceOpening): bigint {
  requireRow(firstRow, 'the first row');
  requireRow(lastRow, 'the last row');
  if (firstRow > lastRow) throw new BalanceRangeError('the first row of the balance stands behind its last: exchange them');
  if (amount < 0n || amount >> AMOUNT_BITS !== 0n) throw new BalanceRangeError(`the amount of the balance must lie in [0, 2^${AMOUNT_BITS}): promise less`);
  return hashList(poseidon, tagOf('balance'), [
    requireFieldElement(key, 'the key'), BigInt(firstRow), BigInt(lastRow), amount, requireFieldElement(blinding, 'the blinding'),
  ]);
}

/** Quanta that these row-level holdings have in rows firstRow..lastRow, debts taken off. */
export function heldInRows(holdings: readonly Holding[], firstRow: number, lastRow: number): bigint {
  return holdings.filter(({ index }) => index >= firstRow && index <= lastRow).reduce((sum, { quantity }) => sum + quantity, 0n);
}

/**
 * `keccak256(abi.encode("clearproof.account", base, key))`, 0x and 64 lower-case digits: the account's name in disputes. Nullifiers do not follow from it.
 *
 * @throws FieldRangeError for a base or key that is no field element
 */
export function accountNameOf(base: bigint, key: bigint): string {
  const text = utf8ToBytes(ACCOUNT_NAME);
  // Where the text stands: behind three words of head.
  const head = packElements([3n * BigInt(ELEMENT_BYTES), requireFieldElement(base, 'the base'), requireFieldElement(key, 'the key'), BigInt(text.length)]);
  const encoded = new Uint8Array(head.length + ELEMENT_BYTES);
  encoded.set(head);
  encoded.set(text, head.length);
  return `0x${bytesToHex(keccak_256(encoded))}`;
}

function requireRow(row: number, what: string): void {
  if (!Number.isSafeInteger(row) || row < 0 || row >= 2 ** ROW_BITS) throw new BalanceRangeError(`${what} of the balance must lie in [0, 2^${ROW_BITS}): take a row of the market table`);
}
