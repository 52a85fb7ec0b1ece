import { baseOfVenue } from '../attestation/venue-base.js';
import { accountLeaf, slotsOf } from '../commitment/account-leaf.js';
import { circuitIdOf } from '../commitment/digest.js';
import { chainStart, type AccumulatorState, type BatchShape } from '../commitment/epoch-chain.js';
import { domainOf, keyOf } from '../commitment/identity.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import { emptyNodes, MerkleTree16 } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { evaluate } from '../margin/margin.js';
import type { MarketTable } from '../risk/market-table.js';
import { tieredRows } from '../risk/tiers.js';
import { settlementPoint, settlementValue, settlementWords } from '../statement/settlement-vector.js';
import type { SolvencyBatchSignals } from '../statement/solvency-batch.js';
import type { SolvencyCloseSignals } from '../statement/solvency-close.js';
import type { Holding } from '../venue/account.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import {
  accumulate, accumulatorsOf, bookOf, chainBatches, deriveChallenges, type BatchOfAccounts, type ChainedBatch, type CommittedAccount, type EpochBooks,
  type EpochStates,
} from '../witness/epoch-transcript.js';
import { headroomsOf } from '../witness/headrooms.js';
import { solvencyBatchInput } from '../witness/solvency-batch-input.js';
import { solvencyCloseInput, type ClosingState } from '../witness/solvency-close-input.js';
import type { EpochPlan, PlannedAccount } from './epoch-plan.js';
import { batchNamed, closingCircuit } from './epoch-shape.js';
import { partStatements, type PartStatements } from './part-statements.js';

/** Every statement of an epoch, and how to make the witness for each. Secret but for the signals. */
export interface EpochStatements {
  readonly tree: MerkleTree16;
  readonly genesisAccumulator: bigint;
  readonly batchSignals: readonly SolvencyBatchSignals[];
  /** Of the whole close; a close in parts publishes the same, and the ends of its chain. */
  readonly closeSignals: SolvencyCloseSignals;
  /** Undefined when one proof closes the epoch. */
  readonly parts: PartStatements | undefined;
  readonly words: readonly bigint[];
  batchInput(place: number): CircuitInput;
  /** Of the whole close, or of the end after the parts. */
  closeInput(): CircuitInput;
}

/** Both passes over a plan. The same plan always gives the same statements. */
export function epochStatements(poseidon: Poseidon, plan: EpochPlan): EpochStatements {
  return statementsOf(poseidon, plan, commitAccounts(poseidon, plan));
}

/** The plan's batches in tree order, their accounts with true excesses and headrooms. */
export function commitAccounts(poseidon: Poseidon, plan: EpochPlan): BatchOfAccounts[] {
  return plan.batches.map(({ circuit, places }) => {
    const { shape } = batchNamed(plan.shape, circuit);
    return { shape, accounts: places.map((place) => commit(poseidon, plan.market, shape, place)) };
  });
}

/** The statements a venue would make with these accounts and claims, true or not. */
export function statementsOf(poseidon: Poseidon, plan: EpochPlan, batches: readonly BatchOfAccounts[]): EpochStatements {
  const { shape, market } = plan;
  const start = epochStart(poseidon, plan);
  // Pass 1 binds leaves and claims; only then do challenges exist.
  const chained = chainBatches(poseidon, shape.depth, start.firstLink, batches);
  const book = bookOf(batches, shape.close.U);
  const finalChain = (chained[chained.length - 1] as ChainedBatch).chainAfter;
  const { challenges, books } = deriveChallenges(poseidon, market, start.marketName, finalChain, batches, book, shape.close.T);
  const states = accumulate(poseidon, challenges, start.emptyRoot, start.firstLink, chained);
  const tree = MerkleTree16.ofLeaves(poseidon, shape.depth, batches.flatMap(({ accounts }) => accounts.map((account) => account.leaf)));
  const accumulators = accumulatorsOf(poseidon, states, plan.blindings);
  return statementsFrom(poseidon, plan, start, { states, accumulators, books, tree, batch: (place) => chained[place] as ChainedBatch });
}

/** What an epoch's transcript starts from. */
export interface EpochStart {
  readonly base: bigint;
  readonly closeDomain: bigint;
  readonly firstLink: bigint;
  readonly marketName: bigint;
  readonly emptyRoot: bigint;
}

export function epochStart(poseidon: Poseidon, { venue, epoch, shape, market }: EpochPlan): EpochStart {
  const base = baseOfVenue(poseidon, venue);
  const closeDomain = domainOf(poseidon, base, circuitIdOf(closingCircuit(shape.close)));
  return {
    base, closeDomain,
    firstLink: chainStart(poseidon, closeDomain, BigInt(epoch)),
    marketName: marketCommitment(poseidon, market),
    emptyRoot: emptyNodes(poseidon, shape.depth)[shape.depth] as bigint,
  };
}

/** Both passes, done: what all statements follow from. */
export interface EpochTranscript {
  readonly states: EpochStates;
  /** Of each state. */
  readonly accumulators: readonly bigint[];
  readonly books: EpochBooks;
  readonly tree: MerkleTree16;
  /** Batch number `place` with its accounts; may be made anew at each call. */
  readonly batch: (place: number) => ChainedBatch;
}

export function statementsFrom(poseidon: Poseidon, plan: EpochPlan, start: EpochStart, { states, accumulators, books, tree, batch }: EpochTranscript): EpochStatements {
  const { shape, market } = plan;
  const epoch = BigInt(plan.epoch);
  const last = plan.batches.length;
  const domains = new Map(shape.batches.map(({ circuit }) => [circuit, domainOf(poseidon, start.base, circuitIdOf(circuit))]));
  const batchSignals = plan.batches.map(({ circuit }, place) => ({
    domain: domains.get(circuit) as bigint, epoch,
    accumulatorBefore: accumulators[place] as bigint, accumulatorAfter: accumulators[place + 1] as bigint,
  }));
  const final = states.states[last] as AccumulatorState;
  const finalAccumulator = accumulators[last] as bigint;
  const words = settlementWords(market.rows, books.book);
  const z = settlementPoint({ base: start.base, epoch, finalAccumulator, marketCommitment: start.marketName }, words);
  const genesisAccumulator = accumulators[0] as bigint;
  const closeSignals: SolvencyCloseSignals = {
    domain: start.closeDomain, epoch, marketCommitment: start.marketName, genesisAccumulator, finalAccumulator,
    accountsRoot: final.root, accountsBound: final.positions, unhealthyBound: final.unhealthy, shortfall: final.shortfall,
    z, settlementValue: settlementValue(words, z),
  };
  const closing: ClosingState = {
    blindings: { genesis: plan.blindings[0] as bigint, final: plan.blindings[last] as bigint }, final, table: market, books,
  };
  const parts = shape.close.kind === 'parts'
    ? partStatements(poseidon, plan, shape.close, start.base, closeSignals, states.challenges, closing) : undefined;
  return {
    tree, genesisAccumulator, batchSignals, closeSignals, parts, words,
    batchInput: (place) => batchInputOf(plan, place, batchSignals, states, batch(place)),
    closeInput: () => (parts === undefined ? solvencyCloseInput(poseidon, closeSignals, closing) : parts.endInput()),
  };
}

/** Key under which a place stands in the tree. */
export function keyOfPlace(poseidon: Poseidon, place: PlannedAccount): bigint {
  return place.kind === 'padding' ? place.key : keyOf(poseidon, place);
}

/** What a place claims: its slots, and what of them the circuit checks. Nothing is hashed. */
export function claimsOf(market: MarketTable, { K, T }: BatchShape, place: PlannedAccount): Pick<CommittedAccount, 'slots' | 'headrooms' | 'excess'> {
  const slots = slotsOfPlace(market, { K }, place);
  return { slots, headrooms: headroomsOf(market, slots, T), excess: evaluate(market, holdingsOf(place)).excess };
}

/** The slots of a place. @throws LeafShapeError */
export function slotsOfPlace(market: MarketTable, { K }: Pick<BatchShape, 'K'>, place: PlannedAccount): CommittedAccount['slots'] {
  return slotsOf(holdingsOf(place), K, tieredRows(market));
}

function holdingsOf(place: PlannedAccount): readonly Holding[] {
  return place.kind === 'padding' ? [] : place.holdings;
}

/** A place as the batch circuit sees it, hashed. */
export function commit(poseidon: Poseidon, market: MarketTable, shape: BatchShape, place: PlannedAccount): CommittedAccount {
  const key = keyOfPlace(poseidon, place);
  const claims = claimsOf(market, shape, place);
  return { key, salt: place.salt, ...claims, leaf: accountLeaf(poseidon, key, place.salt, claims.slots) };
}

function batchInputOf(
  plan: EpochPlan, place: number, signals: readonly SolvencyBatchSignals[], { states, challenges }: EpochStates, batch: ChainedBatch,
): CircuitInput {
  const blindings = { before: plan.blindings[place] as bigint, after: plan.blindings[place + 1] as bigint };
  return solvencyBatchInput(signals[place] as SolvencyBatchSignals, blindings, states[place] as AccumulatorState, challenges, batch);
}
