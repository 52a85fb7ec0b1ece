import { packWord, TransitionRangeError, unpackWord, type WordLayout } from './bit-word.js';
import type { TransitionAct, TransitionFlags } from './transition.js';

/** What a transition does, in the order of the codes in its terms. */
export const TRANSITION_KINDS = ['collateral', 'trade', 'expiry', 'funding'] as const;
export type TransitionKind = (typeof TRANSITION_KINDS)[number];

/** A word of terms taken apart. Meanings of `first`, `second` and `expiry` depend on the kind: docs/decisions/0009. */
export interface TransitionTermsParts {
  readonly kind: TransitionKind;
  /** Of a trade: this is the seller's side. */
  readonly seller: boolean;
  readonly owned: boolean;
  readonly reducing: boolean;
  readonly unmargined: boolean;
  readonly opens: boolean;
  /** Funding period of the new account, below 2^32. */
  readonly period: number;
  /** Ppm, below 2^24; 0 but of trades. */
  readonly band: number;
  /** Low half of the context; a trade's buyer; the row that funding is paid in. Below 2^64. */
  readonly first: bigint;
  /** High half of the context; a trade's seller; the period that funding is settled from. Below 2^64. */
  readonly second: bigint;
  /** Last second of a trade, below 2^40; else 0. */
  readonly expiry: number;
}

const HALF_CONTEXT = 64n;

const TERMS_LAYOUT: WordLayout<keyof TransitionTermsParts | 'unused'> = [
  ['kind', { bits: 2 }], ['seller', { bits: 1 }], ['owned', { bits: 1 }], ['reducing', { bits: 1 }], ['unmargined', { bits: 1 }], ['opens', { bits: 1 }], ['unused', { bits: 1 }],
  ['period', { bits: 32 }], ['band', { bits: 24 }], ['first', { bits: 64 }], ['second', { bits: 64 }], ['expiry', { bits: 40 }],
];

/** Parts of the terms of an act. Ranges are `packTransitionTerms`'s to check. */
export function transitionTermsParts(act: TransitionAct, { owned, reducing, unmargined, period }: TransitionFlags): TransitionTermsParts {
  const plain = { kind: act.kind, seller: false, owned, reducing, unmargined, opens: false, period, band: 0, first: 0n, second: 0n, expiry: 0 };
  switch (act.kind) {
    case 'collateral':
      return { ...plain, opens: act.opens, first: act.context & ((1n << HALF_CONTEXT) - 1n), second: act.context >> HALF_CONTEXT };
    case 'trade':
      return { ...plain, seller: act.seller, band: act.band, first: act.trade.buyer, second: act.trade.seller, expiry: act.trade.expiry };
    case 'expiry':
      return plain;
    case 'funding':
      return { ...plain, first: BigInt(act.payRow), second: BigInt(act.fromPeriod) };
  }
}

/** The word of an act's terms: public signal `terms`. @throws TransitionRangeError */
export function packTransitionTerms(act: TransitionAct, flags: TransitionFlags): bigint {
  const parts = transitionTermsParts(act, flags);
  const bit = (flag: boolean): bigint => (flag ? 1n : 0n);
  return packWord(TERMS_LAYOUT, {
    kind: BigInt(TRANSITION_KINDS.indexOf(parts.kind)), seller: bit(parts.seller), owned: bit(parts.owned), reducing: bit(parts.reducing), unmargined: bit(parts.unmargined),
    opens: bit(parts.opens), unused: 0n, period: integer(parts.period, 'period'), band: integer(parts.band, 'band'), first: parts.first, second: parts.second, expiry: integer(parts.expiry, 'expiry'),
  });
}

/** What a word of terms says. @throws TransitionRangeError for a number that is no such word */
export function unpackTransitionTerms(word: bigint): TransitionTermsParts {
  const { kind, seller, owned, reducing, unmargined, opens, unused, period, band, first, second, expiry } = unpackWord(TERMS_LAYOUT, word, 'a word of terms');
  if (unused !== 0n) throw new TransitionRangeError('bit 7 of a word of terms is 0', { word });
  return {
    kind: TRANSITION_KINDS[Number(kind)] as TransitionKind, seller: seller === 1n, owned: owned === 1n, reducing: reducing === 1n, unmargined: unmargined === 1n, opens: opens === 1n,
    period: Number(period), band: Number(band), first, second, expiry: Number(expiry),
  };
}

function integer(value: number, part: string): bigint {
  if (!Number.isSafeInteger(value)) throw new TransitionRangeError(`${part} must be an integer`, { part });
  return BigInt(value);
}
