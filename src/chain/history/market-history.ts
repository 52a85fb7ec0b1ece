import type { MarginLevel } from '../../risk/market-table.js';
import type { InstrumentListing, ParameterSetWords, TableRules, VolatilitySource } from '../market-board-client.js';
import type { FeedConfig, PriceRules } from '../price-board-client.js';
import type { EventPlace } from './event-place.js';

/** `board`: tables follow from prices and parameters by proof. `stated`: the parameter admin's word. `other`: a contract this version does not know. */
export interface MarketHistory {
  readonly kind: 'board' | 'stated' | 'other';
  readonly address: string;
  /** Every table that was accepted, in order. */
  readonly tables: readonly HistoryTable[];
  readonly board: MarketBoardHistory | undefined;
}

export interface HistoryTable {
  readonly commitment: bigint;
  readonly level: MarginLevel;
  /** Unix seconds its marks belong to. */
  readonly snapshotTime: number;
  readonly settlementAssets: number;
  /** Undefined for a stated table. */
  readonly acceptance: TableAcceptance | undefined;
  readonly at: EventPlace;
}

/** What a market board accepted a table with. */
export interface TableAcceptance {
  readonly circuitId: bigint;
  /** Number of the price board's round. */
  readonly round: number;
  readonly volatilitySource: VolatilitySource;
  /** Of the option rows, ppm a year. */
  readonly volatilities: readonly number[];
  /** Digest of the parameter set: one of `parameterSets`. */
  readonly parameters: string;
}

export interface MarketBoardHistory {
  /** Active at the block; undefined before the first. */
  readonly rules: TableRules | undefined;
  readonly minTimelock: number;
  /** Rules in the order they took effect. */
  readonly ruleChanges: readonly { readonly rules: TableRules; readonly at: EventPlace }[];
  readonly instruments: readonly HistoryInstrument[];
  /** Sets in the order they took effect. */
  readonly parameterSets: readonly HistoryParameterSet[];
  /** Digest of the active set; undefined before the first. */
  readonly activeParameters: string | undefined;
}

export interface HistoryInstrument extends InstrumentListing {
  readonly index: number;
  readonly digest: bigint;
  readonly at: EventPlace;
}

export interface HistoryParameterSet {
  readonly digest: string;
  /** Undefined where its proposal lies before the first block read. */
  readonly parameters: ParameterSetWords | undefined;
  readonly at: EventPlace;
}

export interface PriceHistory {
  readonly address: string;
  readonly minTimelock: number;
  readonly rules: PriceRules | undefined;
  readonly ruleChanges: readonly { readonly rules: PriceRules; readonly at: EventPlace }[];
  /** Active at the block, in the order of their numbers. */
  readonly feeds: readonly FeedConfig[];
  readonly feedChanges: readonly { readonly feed: number; readonly config: FeedConfig; readonly at: EventPlace }[];
  readonly rounds: readonly HistoryRound[];
  readonly lastRound: { readonly id: number; readonly time: number };
}

/** A round: one reading of every feed. */
export interface HistoryRound {
  readonly id: number;
  readonly time: number;
  /** Of every feed of that time, 10^-8 of the settlement currency. */
  readonly prices: readonly bigint[];
  /** Unix seconds, by each feed's source. */
  readonly updatedAt: readonly number[];
  readonly at: EventPlace;
}
