import type { MarginLevel, MarketRow, MarketTable } from '../../src/risk/market-table.js';
import type { RowTerms, ScenarioMove } from '../../src/risk/row-terms.js';
import { linearValues, optionValues, type OptionMark } from '../../src/risk/row-values.js';
import type { InstrumentKind } from '../../src/venue/instrument.js';

interface Sketch {
  readonly id: string;
  readonly kind: InstrumentKind;
  /** 10^-8 of the currency. */
  readonly price: bigint;
  readonly terms: RowTerms;
  readonly option?: OptionMark & { readonly volatility: bigint };
  readonly cap?: bigint;
  readonly continues?: boolean;
}

/** Of one quantum of 10^-6, in value units of 10^-12. */
const MULTIPLIER = 10n ** 16n;
export const TERMED_MOVES: readonly ScenarioMove[] = [{ price: -60, basis: 60 }, { price: 60, basis: -60 }];

/** Terms of one quantum of 10^-6 at these rates; initial rates are twice the maintenance ones. */
export function termsOf(longRate: bigint, shortRate: bigint, scanRate: bigint, more: Partial<RowTerms> = {}): RowTerms {
  return {
    multiplier: MULTIPLIER, maintenance: { longRate, shortRate, scanRate }, initial: { longRate: 2n * longRate, shortRate: 2n * shortRate, scanRate: 2n * scanRate },
    basisRate: 0n, exact: false, put: false, strike: 0n, ...more,
  };
}

const BTC = 6_012_345_678_901n;
const DOLLAR = 100_000_000n;

/**
 * A table whose rows follow from prices and terms: a dollar, a coin, the entry row, a perpetual with basis, a call and a put.
 * Six rows, two scenarios, no tiers.
 */
export function termedMarket(level: MarginLevel = 'maintenance'): MarketTable {
  return termedTable([...COIN_AND_DOLLAR, ...DERIVATIVES], level);
}

/** Three tiers of the coin and two of the perpetual before the rest: nine rows, five of them the tiered region. */
export function termedTieredMarket(level: MarginLevel = 'maintenance'): MarketTable {
  const coin = { kind: 'spot', price: BTC } as const;
  const perpetual = { kind: 'perpetual', price: BTC } as const;
  const scanned = { basisRate: 5_000n };
  return termedTable([
    { ...coin, id: 'BTC', cap: 5_000_000n, terms: termsOf(50_000n, 100_000n, 150_000n) },
    { ...coin, id: 'BTC.2', continues: true, cap: 20_000_000n, terms: termsOf(150_000n, 150_000n, 150_000n) },
    { ...coin, id: 'BTC.3', continues: true, terms: termsOf(450_000n, 500_000n, 150_000n) },
    { ...perpetual, id: 'BTC-PERP', cap: 10_000_000n, terms: termsOf(12_500n, 12_500n, 150_000n, scanned) },
    { ...perpetual, id: 'BTC-PERP.2', continues: true, cap: 1_000_000_000n, terms: termsOf(25_000n, 25_000n, 150_000n, scanned) },
    ...COIN_AND_DOLLAR.filter(({ id }) => id !== 'BTC'), ...DERIVATIVES.filter(({ kind }) => kind === 'option'),
  ], level);
}

const COIN_AND_DOLLAR: readonly Sketch[] = [
  { id: 'USDC', kind: 'cash', price: DOLLAR, terms: termsOf(0n, 20_000n, 0n, { exact: true }) },
  { id: 'BTC', kind: 'spot', price: BTC, terms: termsOf(50_000n, 100_000n, 150_000n) },
  { id: 'USD-ENTRY', kind: 'entry', price: DOLLAR, terms: termsOf(0n, 0n, 0n, { exact: true }) },
];

const DERIVATIVES: readonly Sketch[] = [
  { id: 'BTC-PERP', kind: 'perpetual', price: BTC, terms: termsOf(12_500n, 12_500n, 150_000n, { basisRate: 5_000n }) },
  {
    id: 'BTC-CALL', kind: 'option', price: BTC, terms: termsOf(10_000n, 15_000n, 0n, { basisRate: 20_000n, strike: 62_000_000_000n }),
    option: { mark: 4_000_000_000n, pnl: [-3_100_000_000n, 5_900_000_000n], volatility: 550_000n },
  },
  {
    id: 'BTC-PUT', kind: 'option', price: BTC, terms: termsOf(10_000n, 15_000n, 0n, { basisRate: 20_000n, put: true, strike: 58_000_000_000n }),
    option: { mark: 2_500_000_000n, pnl: [4_400_000_000n, -1_900_000_000n], volatility: 610_000n },
  },
];

export function termedTable(sketches: readonly Sketch[], level: MarginLevel, moves: readonly ScenarioMove[] = TERMED_MOVES): MarketTable {
  const rows = sketches.map((sketch, index): MarketRow => ({
    index, id: sketch.id, kind: sketch.kind, asset: sketch.id.split(/[-.]/)[0] as string, quantityDecimals: 6,
    group: sketches.slice(0, index + 1).filter((one) => one.continues !== true).length - 1,
    predecessor: sketch.continues === true ? index : 0, cap: sketch.cap ?? 0n, activationEpoch: 0, oraclePrice: sketch.price,
    ...(sketch.option === undefined ? linearValues(sketch.price, sketch.terms, level, moves) : optionValues(sketch.price, sketch.terms, level, sketch.option)),
    terms: sketch.terms, ...(sketch.option === undefined ? {} : { volatility: sketch.option.volatility }),
  }));
  return Object.freeze({
    level, snapshotTime: 1_790_000_000, valueScale: 12, currency: 'USD', parameterSet: 'termed-1',
    scenarios: moves.map((_, scenario) => `move ${scenario + 1}`), moves, rows,
  });
}
