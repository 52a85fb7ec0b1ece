import { ownerOf } from '../commitment/identity.js';
import type { VenueLocation } from '../attestation/attestation.js';
import { ARITY } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import { serializeMarketTable } from '../risk/market-table-json.js';
import type { MarketTable } from '../risk/market-table.js';
import { tieredRows } from '../risk/tiers.js';
import type { Account, Holding, Snapshot } from '../venue/account.js';
import { planBatches, type AccountNeed } from './batch-planner.js';
import type { BatchCircuit, EpochShape } from './epoch-shape.js';
import { requireFits, requireMatchedBook, requireProvable, rowLevel } from './plan-checks.js';
import { batchCost } from './proof-costs.js';
import { randomFieldElement, shuffled } from './random.js';

/** One place of the accounts tree: a user's account with row-level holdings, or padding under a random key that nobody can claim. */
export type PlannedAccount =
  | { readonly kind: 'account'; readonly userId: string; readonly subAccount: number; readonly owner: bigint; readonly salt: bigint; readonly holdings: readonly Holding[] }
  | { readonly kind: 'padding'; readonly key: bigint; readonly salt: bigint };

/** One batch: as many places as its circuit has accounts. */
export interface PlannedBatch {
  readonly circuit: string;
  /** In tree order. */
  readonly places: readonly PlannedAccount[];
}

/**
 * Everything random or chosen about an epoch, fixed before the first proof: from it every proof's statement follows,
 * so that a killed run goes on where it stopped. Secret: holds positions, salts and blindings.
 */
export interface EpochPlan {
  readonly venue: VenueLocation;
  readonly epoch: number;
  readonly shape: EpochShape;
  readonly market: MarketTable;
  /** In tree order; each stands at a multiple of its N. */
  readonly batches: readonly PlannedBatch[];
  /** One for each accumulator: genesis, then after each batch. */
  readonly blindings: readonly bigint[];
  /** One for each state between the parts of the close, first and last included; none for a whole close. */
  readonly partBlindings: readonly bigint[];
}

/**
 * Plans an epoch: holdings split over tiers, accounts into batches at least cost, salts, padding, a random order, blindings.
 *
 * Refuses before any proof what a circuit would refuse after an hour: too many rows, slots or accounts, a book that does
 * not match, a holding above all caps, an excess beyond W bits.
 *
 * @param catalogue circuits an error may advise to take instead
 * @throws PlanError, or NoBatchPlanError when padding to whole batches fills more than the tree
 */
export function planEpoch(
  poseidon: Poseidon, snapshot: Snapshot, market: MarketTable, shape: EpochShape, venue: VenueLocation, epoch: number,
  catalogue: readonly CircuitDefinition[] = [],
): EpochPlan {
  requireFits(snapshot, market, shape, catalogue);
  requireMatchedBook(snapshot, market);
  const accounts = snapshot.accounts.map((account) => rowLevel(account, market));
  for (const account of accounts) requireProvable(account, market, shape, catalogue);
  const options = shape.batches.map((batch) => ({ ...batch.shape, cost: batchCost(batch, shape.depth) }));
  const region = tieredRows(market);
  const batches = planBatches(accounts.map((account) => needOf(account, region)), options, ARITY ** shape.depth, shuffled)
    .map(({ option, places }): PlannedBatch => ({
      circuit: (shape.batches[option] as BatchCircuit).circuit,
      places: places.map((place) => (place === undefined ? padding() : placeOf(poseidon, accounts[place] as Account))),
    }));
  return {
    venue, epoch, shape, market, batches,
    blindings: Array.from({ length: batches.length + 1 }, randomFieldElement),
    partBlindings: Array.from({ length: shape.close.kind === 'parts' ? shape.close.count + 1 : 0 }, randomFieldElement),
  };
}

/** All places of the accounts tree that a plan fills, in tree order. */
export function placesOf({ batches }: EpochPlan): PlannedAccount[] {
  return batches.flatMap(({ places }) => places);
}

/** Whether a plan was made from these accounts and this table. Owners that the venue made count as none. */
export function isPlanOf(plan: EpochPlan, snapshot: Snapshot, market: MarketTable): boolean {
  if (serializeMarketTable(plan.market) !== serializeMarketTable(market)) return false;
  const planned = new Map(placesOf(plan).flatMap((place) => (place.kind === 'padding' ? [] : [[nameOf(place), place] as const])));
  return planned.size === snapshot.accounts.length && snapshot.accounts.every((account) => {
    const place = planned.get(nameOf(account));
    return place !== undefined && (account.owner === undefined || account.owner === place.owner)
      && sameHoldings(rowLevel(account, market).holdings, place.holdings);
  });
}

function needOf({ holdings }: Account, region: number): AccountNeed {
  return { slots: holdings.length, tiered: holdings.filter(({ index }) => index < region).length };
}

function nameOf({ userId, subAccount }: { readonly userId: string; readonly subAccount: number }): string {
  return `${subAccount}/${userId}`;
}

function sameHoldings(some: readonly Holding[], others: readonly Holding[]): boolean {
  return some.length === others.length && some.every(({ index, quantity }, slot) => index === others[slot]?.index && quantity === others[slot].quantity);
}

function padding(): PlannedAccount {
  return { kind: 'padding', key: randomFieldElement(), salt: randomFieldElement() };
}

function placeOf(poseidon: Poseidon, account: Account): PlannedAccount {
  return {
    kind: 'account',
    userId: account.userId,
    subAccount: account.subAccount,
    // Without an owner of the user's making the account can be verified but never withdrawn from: nobody knows the secret.
    owner: account.owner ?? ownerOf(poseidon, randomFieldElement(), 0n),
    salt: randomFieldElement(),
    holdings: account.holdings,
  };
}
