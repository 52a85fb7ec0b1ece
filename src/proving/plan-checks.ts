import { ARITY } from '../commitment/merkle-tree-16.js';
import { ClearproofError } from '../error/clearproof-error.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import { evaluate } from '../margin/margin.js';
import type { MarketTable } from '../risk/market-table.js';
import { STRESS_PREFIX } from '../risk/stress/stress-set.js';
import { splitIntoTiers, tieredRows, TierCapacityError } from '../risk/tiers.js';
import type { Account, Snapshot } from '../venue/account.js';
import { isMatchedKind } from '../venue/instrument.js';
import { adviceOnBatch, adviceOnClose } from './circuit-advice.js';
import { closingCircuit, type BatchCircuit, type EpochShape } from './epoch-shape.js';

/** Snapshot, table and circuits do not fit each other; nothing was proven. */
export class PlanError extends ClearproofError {
  readonly code = 'PLAN';
}

/** The same, told with an account's name or a quantity: for the venue's eyes, not for a log. */
export class PrivatePlanError extends PlanError {}

/** The account with its holdings split over tiers. @throws PlanError when it holds more of an instrument than all its tiers take */
export function rowLevel(account: Account, market: MarketTable): Account {
  try {
    return { ...account, holdings: splitIntoTiers(market, account.holdings) };
  } catch (cause) {
    if (!(cause instanceof TierCapacityError)) throw cause;
    throw new PrivatePlanError(`${nameOf(account)}: ${cause.message}`, {}, { cause });
  }
}

/** @throws PlanError when a table or a number of accounts is beyond the circuits */
export function requireFits(snapshot: Snapshot, market: MarketTable, shape: EpochShape, catalogue: readonly CircuitDefinition[]): void {
  const { close, depth, S } = shape;
  const capacity = ARITY ** depth;
  if (snapshot.accounts.length === 0) throw new PlanError('the snapshot has no account: import at least one');
  if (snapshot.accounts.length > capacity) {
    throw new PlanError(`${snapshot.accounts.length} accounts do not fit in a tree of depth ${depth}, which holds ${capacity}: take a deeper circuit`);
  }
  if (market.rows.length > close.U) {
    throw new PlanError(`the table lists ${market.rows.length} rows, ${closingCircuit(close)} takes ${close.U}: ${adviceOnTable(market, shape, catalogue)}`);
  }
  if ((tieredRows(market) > 0) !== close.T > 0) {
    const [has, takes] = close.T > 0 ? ['no tiers', 'tables with tiers only'] : ['tiers', 'none'];
    throw new PlanError(`the table has ${has}, ${closingCircuit(close)} takes ${takes}: ${adviceOnTable(market, shape, catalogue)}`);
  }
  if (market.scenarios.length !== S) {
    throw new PlanError(`the table has ${market.scenarios.length} scenarios, the circuits prove ${S}: make the table for these circuits`);
  }
  if (market.parameterSet.startsWith(STRESS_PREFIX)) {
    throw new PlanError(`the table is labelled ${market.parameterSet}: an epoch is proven under its own table, a stressed one by "clearproof stress prove"`);
  }
  if (market.level !== 'maintenance') throw new PlanError(`the table is at ${market.level} level: an epoch is proven at maintenance level`);
}

/** @throws PlanError when longs and shorts of an instrument differ; holdings of the snapshot name instruments, not tiers */
export function requireMatchedBook(snapshot: Snapshot, market: MarketTable): void {
  const net = market.rows.map(() => 0n);
  for (const account of snapshot.accounts) {
    for (const { index, quantity } of account.holdings) net[index] = (net[index] ?? 0n) + quantity;
  }
  for (const row of market.rows) {
    const open = net[row.index] ?? 0n;
    if (isMatchedKind(row.kind) && open !== 0n) {
      throw new PrivatePlanError(
        `instrument ${row.id}: longs and shorts differ by ${open} quanta; every ${row.kind} needs its other side, fees and rounding go to the venue's own account`,
        { instrument: row.id, net: open },
      );
    }
  }
}

/** @param account with row-level holdings @throws PlanError when no batch circuit of the shape holds it */
export function requireProvable(account: Account, market: MarketTable, shape: EpochShape, catalogue: readonly CircuitDefinition[]): void {
  const name = nameOf(account);
  const region = tieredRows(market);
  const [slots, tiered] = [account.holdings.length, account.holdings.filter(({ index }) => index < region).length];
  // The first batch circuit is the widest in both.
  const { circuit, shape: { K, T, W } } = shape.batches[0] as BatchCircuit;
  const advice = (): string => adviceOnBatch(catalogue, { S: shape.S, depth: shape.depth, rows: shape.close.U, slots, tiered, T: shape.close.T });
  if (slots > K) throw new PrivatePlanError(`${name} has ${slots} holdings, ${circuit} has ${K} slots: split it or take a wider circuit; ${advice()}`);
  if (tiered > T) {
    throw new PrivatePlanError(`${name} has ${tiered} holdings in rows with tiers, ${circuit} has ${T} tiered slots: split it or take a wider circuit; ${advice()}`);
  }
  const bound = 1n << BigInt(W - 1);
  if (evaluate(market, account.holdings).excess.some((excess) => excess < -bound || excess >= bound)) {
    throw new PrivatePlanError(`${name}: an excess needs more than ${W} bits; list its largest instrument with a larger quantum`);
  }
}

function adviceOnTable(market: MarketTable, { batches, S, depth }: EpochShape, catalogue: readonly CircuitDefinition[]): string {
  const tiers = tieredRows(market) > 0;
  return adviceOnClose(catalogue, { S, depth, rows: market.rows.length, tiers, T: Math.max(...batches.map(({ shape }) => shape.T)) });
}

function nameOf({ userId, subAccount }: Account): string {
  return `account ${userId}/${subAccount}`;
}
