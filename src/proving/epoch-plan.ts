import { ownerOf } from '../commitment/identity.js';
import type { VenueLocation } from '../attestation/attestation.js';
import { ARITY } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { evaluate } from '../margin/margin.js';
import { serializeMarketTable } from '../risk/market-table-json.js';
import type { MarketTable } from '../risk/market-table.js';
import type { Account, Holding, Snapshot } from '../venue/account.js';
import { isMatchedKind } from '../venue/instrument.js';
import type { EpochShape } from './epoch-shape.js';
import { randomFieldElement, shuffled } from './random.js';

/** One place of the accounts tree: a user's account, or padding under a random key that nobody can claim. */
export type PlannedAccount =
  | { readonly kind: 'account'; readonly userId: string; readonly subAccount: number; readonly owner: bigint; readonly salt: bigint; readonly holdings: readonly Holding[] }
  | { readonly kind: 'padding'; readonly key: bigint; readonly salt: bigint };

/**
 * Everything random or chosen about an epoch, fixed before the first proof: from it every proof's statement follows,
 * so that a killed run goes on where it stopped. Secret: holds positions, salts and blindings.
 */
export interface EpochPlan {
  readonly venue: VenueLocation;
  readonly epoch: number;
  readonly shape: EpochShape;
  readonly market: MarketTable;
  /** In tree order; a multiple of N. */
  readonly places: readonly PlannedAccount[];
  /** One for each accumulator: genesis, then after each batch. */
  readonly blindings: readonly bigint[];
}

/** Snapshot, table and circuits do not fit each other; nothing was proven. */
export class PlanError extends ClearproofError {
  readonly code = 'PLAN';
}

/**
 * Plans an epoch: salts, padding to whole batches, a random order, blindings.
 *
 * Refuses before any proof what a circuit would refuse after an hour: too many rows, slots or accounts, a book that does
 * not match, an excess beyond W bits. @throws PlanError
 */
export function planEpoch(
  poseidon: Poseidon, snapshot: Snapshot, market: MarketTable, shape: EpochShape, venue: VenueLocation, epoch: number,
): EpochPlan {
  requireFits(snapshot, market, shape);
  requireMatchedBook(snapshot, market);
  for (const account of snapshot.accounts) requireProvable(account, market, shape);
  const { N } = shape.batch;
  const padding = (N - (snapshot.accounts.length % N)) % N;
  const places = shuffled<PlannedAccount>([
    ...snapshot.accounts.map((account) => placeOf(poseidon, account)),
    ...Array.from({ length: padding }, () => ({ kind: 'padding' as const, key: randomFieldElement(), salt: randomFieldElement() })),
  ]);
  const blindings = Array.from({ length: places.length / N + 1 }, randomFieldElement);
  return { venue, epoch, shape, market, places, blindings };
}

/** Whether a plan was made from these accounts and this table. Owners that the venue made count as none. */
export function isPlanOf(plan: EpochPlan, snapshot: Snapshot, market: MarketTable): boolean {
  if (serializeMarketTable(plan.market) !== serializeMarketTable(market)) return false;
  const planned = new Map(plan.places.flatMap((place) => (place.kind === 'padding' ? [] : [[nameOf(place), place] as const])));
  return planned.size === snapshot.accounts.length && snapshot.accounts.every((account) => {
    const place = planned.get(nameOf(account));
    return place !== undefined && (account.owner === undefined || account.owner === place.owner) && sameHoldings(account.holdings, place.holdings);
  });
}

function nameOf({ userId, subAccount }: { readonly userId: string; readonly subAccount: number }): string {
  return `${subAccount}/${userId}`;
}

function sameHoldings(some: readonly Holding[], others: readonly Holding[]): boolean {
  return some.length === others.length && some.every(({ index, quantity }, slot) => index === others[slot]?.index && quantity === others[slot].quantity);
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

function requireFits(snapshot: Snapshot, market: MarketTable, shape: EpochShape): void {
  const capacity = ARITY ** shape.depth;
  if (snapshot.accounts.length === 0) throw new PlanError('the snapshot has no account: import at least one');
  if (snapshot.accounts.length > capacity) {
    throw new PlanError(`${snapshot.accounts.length} accounts do not fit in a tree of depth ${shape.depth}, which holds ${capacity}: take a deeper circuit`);
  }
  if (market.rows.length > shape.U) {
    throw new PlanError(`the table lists ${market.rows.length} rows, ${shape.closeCircuit} takes ${shape.U}: take a wider circuit`);
  }
  if (market.scenarios.length !== shape.batch.S) {
    throw new PlanError(`the table has ${market.scenarios.length} scenarios, the circuits prove ${shape.batch.S}: make the table for these circuits`);
  }
  if (market.level !== 'maintenance') throw new PlanError(`the table is at ${market.level} level: an epoch is proven at maintenance level`);
}

function requireMatchedBook(snapshot: Snapshot, market: MarketTable): void {
  const net = market.rows.map(() => 0n);
  for (const account of snapshot.accounts) {
    for (const { index, quantity } of account.holdings) net[index] = (net[index] ?? 0n) + quantity;
  }
  for (const row of market.rows) {
    const open = net[row.index] ?? 0n;
    if (isMatchedKind(row.kind) && open !== 0n) {
      throw new PlanError(
        `instrument ${row.id}: longs and shorts differ by ${open} quanta; every ${row.kind} needs its other side, fees and rounding go to the venue's own account`,
        { instrument: row.id, net: open },
      );
    }
  }
}

function requireProvable(account: Account, market: MarketTable, shape: EpochShape): void {
  const name = `account ${account.userId}/${account.subAccount}`;
  if (account.holdings.length > shape.batch.K) {
    throw new PlanError(`${name} has ${account.holdings.length} holdings, ${shape.batchCircuit} has ${shape.batch.K} slots: split it or take a wider circuit`);
  }
  const bound = 1n << BigInt(shape.batch.W - 1);
  if (evaluate(market, account.holdings).excess.some((excess) => excess < -bound || excess >= bound)) {
    throw new PlanError(`${name}: an excess needs more than ${shape.batch.W} bits; list its largest instrument with a larger quantum`);
  }
}
