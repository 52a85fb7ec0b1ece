import type { MarketRow, MarketTable } from '../../src/risk/market-table.js';
import type { InstrumentKind } from '../../src/venue/instrument.js';

interface Tier {
  /** Quanta; undefined: uncapped. */
  readonly cap?: bigint;
  readonly longCharge?: bigint;
  readonly shortCharge?: bigint;
}

interface Group {
  readonly id: string;
  readonly kind: InstrumentKind;
  readonly mark: bigint;
  readonly pnl?: readonly bigint[];
  readonly tiers: readonly Tier[];
}

/** A coin with three haircuts and a perpetual with two maintenance fractions in the tiered region, then rows without tiers. 11 of 32 rows listed. */
export function tieredMarket(): MarketTable {
  const moves = [-9_000_000_000n, 9_000_000_000n];
  return tableOf([
    { id: 'BTC', kind: 'spot', mark: 60_000_000_000n, pnl: moves, tiers: [
      { cap: 100n, longCharge: 3_000_000_000n, shortCharge: 6_000_000_000n }, { cap: 50n, longCharge: 9_000_000_000n, shortCharge: 6_000_000_000n },
      { longCharge: 30_000_000_001n, shortCharge: 7_000_000_000n },
    ] },
    { id: 'BTC-PERP', kind: 'perpetual', mark: 60_000_000_000n, pnl: moves, tiers: [
      { cap: 40n, longCharge: 600_000_000n, shortCharge: 600_000_000n }, { longCharge: 1_500_000_000n, shortCharge: 1_500_000_001n },
    ] },
    { id: 'ETH-PERP', kind: 'perpetual', mark: 3_000_000_000n, pnl: [-500_000_000n, 500_000_000n], tiers: [
      { cap: 10n, longCharge: 30_000_000n, shortCharge: 30_000_000n }, { cap: 20n, longCharge: 60_000_000n, shortCharge: 60_000_000n },
    ] },
    { id: 'USDC', kind: 'cash', mark: 1_000_000n, tiers: [{ shortCharge: 20_000n }] },
    { id: 'USD-ENTRY', kind: 'entry', mark: 1_000_000n, tiers: [{}] },
    { id: 'BTC-CALL', kind: 'option', mark: 4_000_000_000n, pnl: [-2_500_000_000n, 4_700_000_000n], tiers: [{ longCharge: 10_000_000n, shortCharge: 90_000_000n }] },
    { id: 'DUST', kind: 'spot', mark: 7n, pnl: [-7n, 3n], tiers: [{ longCharge: 7n, shortCharge: 1n }] },
  ]);
}

/** Row indices of `tieredMarket` by the names its tests use. */
export const TIERED_ROWS = { BTC: 0, BTC2: 1, BTC3: 2, PERP: 3, PERP2: 4, ETH: 5, ETH2: 6, USDC: 7, ENTRY: 8, CALL: 9, DUST: 10 } as const;

function tableOf(groups: readonly Group[]): MarketTable {
  const rows: MarketRow[] = [];
  groups.forEach(({ id, kind, mark, pnl = [0n, 0n], tiers }, group) => tiers.forEach(({ cap = 0n, longCharge = 0n, shortCharge = 0n }, tier) => rows.push({
    index: rows.length, id: tier === 0 ? id : `${id}.${tier + 1}`, kind, asset: id.split('-')[0] as string, quantityDecimals: 6,
    group, predecessor: tier === 0 ? 0 : rows.length, cap, activationEpoch: 0, oraclePrice: 0n, mark, longCharge, shortCharge, pnl,
  })));
  return Object.freeze({
    level: 'maintenance', snapshotTime: 1_790_000_000, valueScale: 12, currency: 'USD', parameterSet: 'tiered-1', scenarios: ['down', 'up'], rows,
  });
}
