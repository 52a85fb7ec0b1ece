import type { MarketRow, MarketTable } from '../../src/risk/market-table.js';
import type { InstrumentKind } from '../../src/venue/instrument.js';

interface RowSketch {
  readonly id: string;
  readonly kind: InstrumentKind;
  readonly mark: bigint;
  readonly longCharge?: bigint;
  readonly shortCharge?: bigint;
  readonly pnl?: readonly bigint[];
}

/** A market table from sketches of its rows, in value units per quantum; two scenarios unless a row says otherwise. */
export function marketTable(sketches: readonly RowSketch[], scenarios: readonly string[] = ['down', 'up']): MarketTable {
  const rows = sketches.map((sketch, index): MarketRow => ({
    index, id: sketch.id, kind: sketch.kind, asset: sketch.id.split('-')[0] as string, quantityDecimals: 6,
    group: index, predecessor: 0, cap: 0n, activationEpoch: 0, oraclePrice: 0n,
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
