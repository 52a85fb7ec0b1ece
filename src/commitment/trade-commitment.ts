import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** A trade between two cleared accounts, as both parties know it. Nobody else does: the chain sees its commitment. */
export interface TradeTerms {
  /** Handles, below 2^64. */
  readonly buyer: bigint;
  readonly seller: bigint;
  /** Last second at which it settles, below 2^40. */
  readonly expiry: number;
  /** First tier of what is traded. */
  readonly row: number;
  /** First tier of the cash, spot or entry row that is paid in. */
  readonly payRow: number;
  /** Quanta of `row`, 0 < quantity < 2^64. */
  readonly quantity: bigint;
  /** For the whole quantity, in quanta of `payRow`, 0 <= payment < 2^64: a unit price would have to be rounded. */
  readonly payment: bigint;
  /** Random, below p: hides the rest. */
  readonly nonce: bigint;
}

/** buyer + seller * 2^64 + expiry * 2^128. */
export function tradeParties({ buyer, seller, expiry }: Pick<TradeTerms, 'buyer' | 'seller' | 'expiry'>): bigint {
  return buyer + (seller << 64n) + (BigInt(expiry) << 128n);
}

/** row + payRow * 2^16 + quantity * 2^32 + payment * 2^96. */
export function tradeAmounts({ row, payRow, quantity, payment }: Pick<TradeTerms, 'row' | 'payRow' | 'quantity' | 'payment'>): bigint {
  return BigInt(row) + (BigInt(payRow) << 16n) + (quantity << 32n) + (payment << 96n);
}

/** H(tag, base, parties, amounts, market commitment, nonce): no circuit id, so that accounts of different shapes trade. Ranges are the caller's. */
export function tradeCommitment(poseidon: Poseidon, base: bigint, marketCommitment: bigint, terms: TradeTerms): bigint {
  return hashList(poseidon, tagOf('trade'), [base, tradeParties(terms), tradeAmounts(terms), marketCommitment, terms.nonce]);
}
