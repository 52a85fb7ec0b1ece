import type { MarketRow, MarketTable } from '../../src/risk/market-table.js';
import type { InstrumentKind } from '../../src/venue/instrument.js';

interface RowSketch {
  readonly id: string;
  readonly kind: InstrumentKind;
  readonly mark: bigint;
  readonly longCharge?: bigint;
  readonly shortCharge?: bigint;
  readonly pnl?: readonly bigint[];
  /** Quanta; 0 for none. */
  readonly cap?: bigint;
  /** Whether this is a further tier of the sketch before it. */
  readonly continues?: boolean;
}

/** A market table from sketches of its rows, in value units per quantum; two scenarios unless a row says otherwise. */
export function marketTable(sketches: readonly RowSketch[], scenarios: readonly string[] = ['down', 'up']): MarketTable {
  const rows = sketches.map((sketch, index): MarketRow => ({
    index, id: sketch.id, kind: sketch.kind, asset: sketch.id.split(/[-.]/)[0] as string, quantityDecimals: 6,
    group: sketches.slice(0, index + 1).filter((one) => one.continues !== true).length - 1,
    predecessor: sketch.continues === true ? index : 0, cap: sketch.cap ?? 0n, activationEpoch: 0, oraclePrice: 0n,
    mark: sketch.mark, longCharge: sketch.longCharge ?? 0n, shortCharge: sketch.shortCharge ?? 0n,
    pnl: sketch.pnl ?? scenarios.map(() => 0n),
  }));
  return Object.freeze({
    level: 'maintenance', snapshotTime: 1_790_000_000, valueScale: 12, currency: 'USD', parameterSet: 'test-1', scenarios, rows,
  });
}

/** Cash, a coin, the entry row and a perpetual on the coin: the smallest table with every rule in it. Six rows of eight listed. */
export function smallMarket(): MarketTable {
  return marketTable([
    { id: 'USDC', kind: 'cash', mark: 1_000_000n, shortCharge: 20_000n },
    { id: 'BTC', kind: 'spot', mark: 60_000_000_000n, longCharge: 3_000_000_001n, shortCharge: 6_000_000_000n, pnl: [-9_000_000_000n, 9_000_000_000n] },
    { id: 'USD-ENTRY', kind: 'entry', mark: 1_000_000n },
    { id: 'BTC-PERP', kind: 'perpetual', mark: 60_000_000_000n, longCharge: 1_200_000_000n, shortCharge: 1_200_000_000n, pnl: [-9_000_000_000n, 9_000_000_000n] },
    { id: 'BTC-CALL', kind: 'option', mark: 4_000_000_000n, longCharge: 10_000_000n, shortCharge: 90_000_000n, pnl: [-2_500_000_000n, 4_700_000_000n] },
    { id: 'DUST', kind: 'spot', mark: 7n, longCharge: 7n, shortCharge: 1n, pnl: [-7n, 3n] },
  ]);
}

/**
 * Tiers of every kind: a coin in three tiers, a perpetual in two whose last is capped, then cash, entry and an option without
 * tiers. Eight rows, five of them the tiered region.
 */
export function tieredMarket(): MarketTable {
  const coin = { kind: 'spot', mark: 60_000_000_000n, pnl: [-9_000_000_000n, 9_000_000_000n] } as const;
  const perpetual = { kind: 'perpetual', mark: 60_000_000_000n, pnl: [-9_000_000_000n, 9_000_000_000n] } as const;
  return marketTable([
    { ...coin, id: 'BTC', cap: 5_000_000n, longCharge: 3_000_000_001n, shortCharge: 6_000_000_000n },
    { ...coin, id: 'BTC.2', continues: true, cap: 20_000_000n, longCharge: 9_000_000_000n, shortCharge: 9_000_000_000n },
    { ...coin, id: 'BTC.3', continues: true, longCharge: 30_000_000_000n, shortCharge: 30_000_000_000n },
    { ...perpetual, id: 'BTC-PERP', cap: 10_000_000n, longCharge: 750_000_000n, shortCharge: 750_000_000n },
    { ...perpetual, id: 'BTC-PERP.2', continues: true, cap: 1_000_000_000n, longCharge: 1_500_000_000n, shortCharge: 1_500_000_000n },
    { id: 'USDC', kind: 'cash', mark: 1_000_000n, shortCharge: 20_000n },
    { id: 'USD-ENTRY', kind: 'entry', mark: 1_000_000n },
    { id: 'BTC-CALL', kind: 'option', mark: 4_000_000_000n, longCharge: 10_000_000n, shortCharge: 90_000_000n, pnl: [-2_500_000_000n, 4_700_000_000n] },
  ]);
}
