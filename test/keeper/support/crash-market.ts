import { slotsOf } from '../../../src/commitment/account-leaf.js';
import type { ClearedOpening } from '../../../src/commitment/cleared-account.js';
import type { MarginLevel, MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import type { InstrumentKind } from '../../../src/venue/instrument.js';

/** Rows of the table. */
export const CASH = 0;
export const ENTRY = 1;
export const COIN = 2;
export const PERP = 3;

/** A coin and its perpetual at 60,000 value units a quantum, cash and entry at 100. A move of 5 % is maintenance, of 10 % initial. */
export function crashTable(level: MarginLevel, mark = 60_000n): MarketTable {
  const move = level === 'maintenance' ? mark / 20n : mark / 10n;
  const rows = ([['USD', 'cash', 100n, 0n], ['USD-ENTRY', 'entry', 100n, 0n], ['COIN', 'spot', mark, move], ['COIN-PERP', 'perpetual', mark, move]] as const)
    .map(([id, kind, value, pnl], index): MarketRow => row(index, id, kind, value, pnl));
  return { level, snapshotTime: 1_799_999_990, valueScale: 2, currency: 'USD', parameterSet: 'crash', scenarios: ['down', 'up'], rows };
}

function row(index: number, id: string, kind: InstrumentKind, mark: bigint, move: bigint): MarketRow {
  return {
    index, id, kind, asset: id.split('-')[0] as string, quantityDecimals: 2, group: index, predecessor: 0, cap: 0n, activationEpoch: 0, oraclePrice: 0n, mark,
    longCharge: 0n, shortCharge: 0n, pnl: [-move, move],
  };
}

/** An account of the present funding period with these holdings by row. */
export function accountOf(holdings: Readonly<Record<number, bigint>>, period = 7, nonce = 4_242_424_242n): ClearedOpening {
  return { key: 9_191_919_191n, nonce, period, slots: slotsOf(Object.entries(holdings).map(([index, quantity]) => ({ index: Number(index), quantity })), 4, 0) };
}

/** Long 1,000 perpetuals bought at the mark, with 20,000 of cash: under water at 60,000, where maintenance takes 30,000. */
export const SUNK: ClearedOpening = accountOf({ [CASH]: 20_000n, [ENTRY]: -600_000n, [PERP]: 1_000n });
/** The same with 80,000 of cash. */
export const AFLOAT: ClearedOpening = accountOf({ [CASH]: 80_000n, [ENTRY]: -600_000n, [PERP]: 1_000n });
