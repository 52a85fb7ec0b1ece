import type { MarginLevel, MarketRow, MarketTable } from '../risk/market-table.js';
import { PPM } from '../risk/model/parts-per-million.js';
import type { LevelRates, RowTerms, ScenarioMove } from '../risk/row-terms.js';
import { linearValues } from '../risk/row-values.js';
import type { InstrumentKind } from '../venue/instrument.js';

/** Both tables of one round of prices. */
export interface Tables {
  readonly maintenance: MarketTable;
  readonly initial: MarketTable;
  /** Step of the prices, and of their acceptance. */
  readonly pricedAt: number;
  readonly acceptedAt: number;
}

/** What rows are worth elsewhere, as tables are made of. */
export interface Round {
  /** 10^-8 of a dollar, by asset. */
  readonly prices: readonly bigint[];
  /** Maintenance scan ranges, ppm, by asset. */
  readonly scans: readonly bigint[];
}

export const VALUE_SCALE = 12;
/** Rows: money first, then a coin and its perpetual for each asset. */
export const CASH = 0;
export const ENTRY = 1;
const FIRST_COIN = 2;
const DOLLAR = 100_000_000n;
/** A quantum of 10^-6 dollars in value units of 10^-12. */
const MONEY = { decimals: 6, multiplier: 10n ** 16n };
const COIN = { decimals: 8, multiplier: 10n ** 14n };
/**
 * With linear rows alone, all moved by one factor of their ranges, the worst of the sixteen default scenarios is the whole range
 * up or down: the others lie between, and the extremes count 0.7 of a range.
 */
const MOVES: readonly ScenarioMove[] = [{ price: -60, basis: 0 }, { price: 60, basis: 0 }];
/** What closing a coin or perpetual costs, and borrowing dollars or coins, at both levels; ppm. */
const CLOSING = 5_000n;
const CASH_DEBT = 20_000n;
const COIN_DEBT = 50_000n;

export function coinRow(asset: number): number {
  return FIRST_COIN + 2 * asset;
}

export function perpetualRow(asset: number): number {
  return FIRST_COIN + 2 * asset + 1;
}

/** The asset of a coin's or perpetual's row; undefined for money. */
export function assetOf(row: number): number | undefined {
  return row < FIRST_COIN ? undefined : (row - FIRST_COIN) >> 1;
}

export function isPerpetual(row: number): boolean {
  return row >= FIRST_COIN && row % 2 === 1;
}

/** The tables of a round at both levels, by the rules that venues' tables are made by (docs/decisions/0004). */
export function tablesOf(assets: readonly string[], round: Round, initialPpm: bigint, at: { readonly pricedAt: number; readonly acceptedAt: number }): Tables {
  const table = (level: MarginLevel): MarketTable => ({
    level, snapshotTime: at.pricedAt, valueScale: VALUE_SCALE, currency: 'USD', parameterSet: 'simulation', scenarios: ['down', 'up'], moves: MOVES,
    rows: [
      rowOf({ index: CASH, id: 'USD', kind: 'cash', asset: 'USD' }, DOLLAR, moneyTerms(CASH_DEBT), level),
      rowOf({ index: ENTRY, id: 'USD-ENTRY', kind: 'entry', asset: 'USD' }, DOLLAR, moneyTerms(0n), level),
      ...assets.flatMap((asset, i) => {
        const [price, scan] = [round.prices[i] ?? 0n, round.scans[i] ?? 0n];
        return [
          rowOf({ index: coinRow(i), id: asset, kind: 'spot', asset }, price, coinTerms(scan, COIN_DEBT, initialPpm), level),
          rowOf({ index: perpetualRow(i), id: `${asset}-PERP`, kind: 'perpetual', asset: 'USD' }, price, coinTerms(scan, CLOSING, initialPpm), level),
        ];
      }),
    ],
  });
  return { maintenance: table('maintenance'), initial: table('initial'), ...at };
}

function moneyTerms(shortRate: bigint): RowTerms {
  const rates: LevelRates = { longRate: 0n, shortRate, scanRate: 0n };
  return { multiplier: MONEY.multiplier, maintenance: rates, initial: rates, basisRate: 0n, exact: true, put: false, strike: 0n };
}

function coinTerms(scan: bigint, shortRate: bigint, initialPpm: bigint): RowTerms {
  return {
    multiplier: COIN.multiplier, basisRate: 0n, exact: false, put: false, strike: 0n,
    maintenance: { longRate: CLOSING, shortRate, scanRate: scan },
    initial: { longRate: CLOSING, shortRate, scanRate: (scan * initialPpm) / PPM },
  };
}

interface Listing {
  readonly index: number;
  readonly id: string;
  readonly kind: InstrumentKind;
  readonly asset: string;
}

function rowOf(listing: Listing, price: bigint, terms: RowTerms, level: MarginLevel): MarketRow {
  return {
    ...listing, quantityDecimals: listing.index < FIRST_COIN ? MONEY.decimals : COIN.decimals, group: listing.index, predecessor: 0, cap: 0n,
    activationEpoch: 0, oraclePrice: price, terms, ...linearValues(price, terms, level, MOVES),
  };
}
