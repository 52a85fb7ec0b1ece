import type { TradeTerms } from '../commitment/trade-commitment.js';

/** Quanta of a cash or spot row, named by its first tier. 0 < amount < 2^64. */
export interface CollateralAmount {
  readonly row: number;
  readonly amount: bigint;
}

/** Collateral in, out, or one for another; `opens`: into an account that was not there before. */
export interface CollateralAct {
  readonly kind: 'collateral';
  readonly opens: boolean;
  readonly in?: CollateralAmount;
  readonly out?: CollateralAmount;
  /** For whom, below 2^128: ClearingHouse.collateralContext. */
  readonly context: bigint;
}

/** What others pay of an account's debt, without its owner: for nobody, so its context is 0. ClearingHouse.payIn. */
export function payIn(row: number, amount: bigint): CollateralAct {
  return { kind: 'collateral', opens: false, in: { row, amount }, context: 0n };
}

export interface TradeAct {
  readonly kind: 'trade';
  readonly seller: boolean;
  readonly trade: TradeTerms;
  /** Ppm that the price may differ from the mark, below 2^24: the venue's rule. */
  readonly band: number;
}

/** What one quantum of an expired row becomes. */
export interface ExpiryAct {
  readonly kind: 'expiry';
  readonly row: number;
  readonly payRow: number;
  readonly deliverRow: number;
  /** Value units paid for a quantum, in [-2^48, 2^48). */
  readonly value: bigint;
  /** Value units of a quantum of `payRow`, in (0, 2^48). */
  readonly unit: bigint;
  /** Quanta of `deliverRow` for a quantum, in [-2^32, 2^32). */
  readonly deliver: bigint;
}

/** 10^-6 quanta of the pay row that a long pays for a quantum, in [-2^63, 2^63). */
export interface FundingRate {
  /** Group of the perpetual in the table; any where nothing is listed, with rate 0. */
  readonly group: number;
  readonly rate: bigint;
}

export interface FundingAct {
  readonly kind: 'funding';
  readonly payRow: number;
  readonly fromPeriod: number;
  /** At most three. */
  readonly rates: readonly FundingRate[];
}

export type TransitionAct = CollateralAct | TradeAct | ExpiryAct | FundingAct;

/** What a transition's terms say besides its act. */
export interface TransitionFlags {
  readonly owned: boolean;
  readonly reducing: boolean;
  readonly unmargined: boolean;
  /** Funding period of the new account, below 2^32. */
  readonly period: number;
}
