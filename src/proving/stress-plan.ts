import type { CircuitDefinition } from '../groth16/circuit-list.js';
import { serializeMarketTable } from '../risk/market-table-json.js';
import type { MarketTable } from '../risk/market-table.js';
import { placesOf, type EpochPlan, type PlannedAccount } from './epoch-plan.js';
import { PlanError, requireProvable } from './plan-checks.js';
import { randomFieldElement } from './random.js';

/**
 * The plan of an epoch under another table of the same rows: same places, keys and salts, so same leaves and accounts root.
 * Blindings are fresh: the accumulators of the epoch and of its stress hide different figures.
 *
 * @throws PlanError when the tables list different rows, or an excess goes beyond W bits under the new one
 */
export function stressPlan(plan: EpochPlan, market: MarketTable, catalogue: readonly CircuitDefinition[] = []): EpochPlan {
  const differs = plan.market.rows.some((row) => {
    const other = market.rows[row.index];
    return other === undefined || other.id !== row.id || other.cap !== row.cap || other.predecessor !== row.predecessor;
  });
  if (differs || plan.market.rows.length !== market.rows.length || plan.market.scenarios.length !== market.scenarios.length) {
    throw new PlanError('the stressed table does not list the rows of the epoch\'s: stress the epoch\'s own table');
  }
  for (const place of placesOf(plan)) {
    if (place.kind === 'account') requireProvable(place, market, plan.shape, catalogue);
  }
  return { ...plan, market, blindings: plan.blindings.map(randomFieldElement), partBlindings: plan.partBlindings.map(randomFieldElement) };
}

/** Whether a plan is the stress of an epoch under a table, whatever its blindings: one to go on with. */
export function isStressOf(plan: EpochPlan, epoch: EpochPlan, market: MarketTable): boolean {
  const [some, others] = [placesOf(plan), placesOf(epoch)];
  return plan.epoch === epoch.epoch && serializeMarketTable(plan.market) === serializeMarketTable(market)
    && some.length === others.length && some.every((place, at) => samePlace(place, others[at]));
}

function samePlace(one: PlannedAccount, other: PlannedAccount | undefined): boolean {
  if (other === undefined || one.kind !== other.kind || one.salt !== other.salt) return false;
  if (one.kind === 'padding' || other.kind === 'padding') return one.kind === 'padding' && other.kind === 'padding' && one.key === other.key;
  return one.userId === other.userId && one.subAccount === other.subAccount && one.owner === other.owner
    && one.holdings.length === other.holdings.length && one.holdings.every(({ index, quantity }, slot) => other.holdings[slot]?.index === index && other.holdings[slot].quantity === quantity);
}
