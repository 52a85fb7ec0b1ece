import { slotsOf } from '../../src/commitment/account-leaf.js';
import type { ClearedOpening } from '../../src/commitment/cleared-account.js';
import type { Lot } from '../../src/liquidation/auction.js';
import type { LiquidationTerms } from '../../src/liquidation/liquidation-plan.js';
import type { LiquidationRules } from '../../src/liquidation/liquidation-rules.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { splitIntoTiers } from '../../src/risk/tiers.js';
import { BAND, PERIOD } from './cleared.js';
import { TIERED_ROWS, tieredMarket } from './tiered-market.js';

const { PERP, ENTRY, CALL, USDC } = TIERED_ROWS;
export const HANDLE = 5n;
/** Value units of the option's strike. */
export const STRIKE = 70_000_000_000n;

/** Penalty 1 %, discount up to 3 %, subsidy up to 0.5 %, over 300 seconds each. */
export function liquidationRules(change: Partial<LiquidationRules> = {}): LiquidationRules {
  return {
    timelock: 86_400, bond: 10n ** 16n, quiet: 600, windows: [900, 600, 300, 120], fall: 300, maxDiscount: 30_000, maxSubsidy: 5_000, penalty: 10_000,
    keeperShare: 200_000, fundShare: 500_000, strikeShare: 20_000, feeRow: USDC, minLot: 1_000_000_000n, ...change,
  };
}

/** Maintenance level, options with their strike. A perpetual needs 9.6 units of 10^9 a quantum, of a value of 60. */
export function maintenanceTable(): MarketTable {
  const table = tieredMarket();
  const level = { longRate: 0n, shortRate: 0n, scanRate: 0n };
  const terms = { multiplier: 0n, maintenance: level, initial: level, basisRate: 0n, exact: false, put: false, strike: STRIKE };
  return { ...table, rows: table.rows.map((row) => (row.index === CALL ? { ...row, terms } : row)) };
}

/** Initial level: charges twice, scenario losses half as much again. A perpetual needs 14.7 units of 10^9 a quantum. */
export function saleTable(): MarketTable {
  const table = maintenanceTable();
  return {
    ...table, level: 'initial',
    rows: table.rows.map((row) => ({ ...row, longCharge: 2n * row.longCharge, shortCharge: 2n * row.shortCharge, pnl: row.pnl.map((one) => (3n * one) / 2n) })),
  };
}

export function liquidationTerms(change: Partial<LiquidationTerms> = {}): LiquidationTerms {
  return { maintenance: maintenanceTable(), initial: saleTable(), rules: liquidationRules(), band: BAND, period: PERIOD, discount: 0, ...change };
}

/** An account with these holdings by instrument, split over tiers. */
export function accountOf(holdings: Readonly<Record<number, bigint>>, slots = 8): ClearedOpening {
  const held = Object.entries(holdings).map(([index, quantity]) => ({ index: Number(index), quantity }));
  return { key: 77n, nonce: 4_242n, period: PERIOD, slots: slotsOf(splitIntoTiers(maintenanceTable(), held), slots, 0) };
}

/** Ten perpetuals bought at the mark, and so much cash: at maintenance level they need 96,000, at initial level 147,000. */
export function perpetualAccount(cash: bigint, slots = 8): ClearedOpening {
  return accountOf({ [PERP]: 10n, [USDC]: cash, [ENTRY]: -600_000n }, slots);
}

export function lotOf(change: Partial<Lot> = {}): Lot {
  return { handle: HANDLE, row: PERP, payRow: ENTRY, accountSells: true, ...change };
}
