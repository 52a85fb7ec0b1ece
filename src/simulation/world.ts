import type { Random } from '../margin/synthetic/random.js';
import { debtOf, marginOf, type SimulatedAccount } from './accounts.js';
import type { Gate } from './gate.js';
import { CASH } from './market.js';
import type { Policy } from './policies.js';
import type { PricePath } from './price-path.js';
import type { SaleRules } from './sale.js';
import type { PriceFeed, SurroundingRules } from './surroundings.js';
import type { Tally } from './tally.js';
import type { Waterfall } from './waterfall.js';

/** Everything of a run at one step. */
export interface World {
  readonly path: PricePath;
  readonly policy: Policy;
  readonly sale: SaleRules;
  readonly rules: SurroundingRules;
  readonly feed: PriceFeed;
  readonly gate: Gate;
  readonly waterfall: Waterfall;
  readonly accounts: readonly SimulatedAccount[];
  readonly tally: Tally;
  /** Of what happens in the run; the venue and the path have generators of their own. */
  readonly random: Random;
  step: number;
  gwei: bigint;
  recentMove: bigint;
  /** The venue answers nothing and publishes nothing. */
  silent: boolean;
}

/** Gas this many times the calm price delays everybody. */
const CONGESTED = 4n;

export function isCongested({ gwei, rules }: World): boolean {
  return gwei > CONGESTED * rules.calmGwei;
}

/** Cash that the house holds for cleared accounts, quanta. */
export function ledgerOf({ accounts }: World): bigint {
  return accounts.reduce((sum, { quantities }) => sum + (quantities[CASH] ?? 0n), 0n);
}

/** Whether first loss and insurance are at least what closing all accounts out would leave unpaid, as an epoch proves it. */
export function isCovered({ accounts, feed, waterfall }: World): boolean {
  const short = accounts.reduce((sum, { quantities }) => sum + marginOf(feed.tables.maintenance, quantities).shortfall, 0n);
  return short <= (waterfall.firstLoss + waterfall.insurance) * (feed.tables.maintenance.rows[CASH]?.mark ?? 0n);
}

/** Takes down since when an account is under water and in debt, by the table of now. */
export function observe({ feed, step, tally, path }: World, account: SimulatedAccount): boolean {
  const margin = marginOf(feed.tables.maintenance, account.quantities);
  account.underWaterSince = tally.episode(tally.underWater, !margin.healthy, account.underWaterSince, step, path.stepSeconds);
  account.inDebtSince = tally.episode(tally.inDebt, margin.equity < 0n || debtOf(account.quantities) > 0n, account.inDebtSince, step, path.stepSeconds);
  return margin.healthy;
}
