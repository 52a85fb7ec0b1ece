import { accountLeaf, slotsOf } from '../commitment/account-leaf.js';
import { circuitIdOf } from '../commitment/digest.js';
import { chainStart, type AccumulatorState, type BookRow, type Challenges } from '../commitment/epoch-chain.js';
import { baseOf, domainOf, keyOf } from '../commitment/identity.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import { emptyNodes, MerkleTree16 } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { evaluate } from '../margin/margin.js';
import { settlementPoint, settlementValue, settlementWords } from '../statement/settlement-vector.js';
import type { SolvencyBatchSignals } from '../statement/solvency-batch.js';
import type { SolvencyCloseSignals } from '../statement/solvency-close.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import {
  accumulate, accumulatorsOf, bookOf, chainBatches, deriveChallenges, type ChainedBatch, type CommittedAccount,
} from '../witness/epoch-transcript.js';
import { solvencyBatchInput } from '../witness/solvency-batch-input.js';
import { solvencyCloseInput } from '../witness/solvency-close-input.js';
import type { EpochPlan, PlannedAccount } from './epoch-plan.js';

/** Every statement of an epoch, and how to make the witness for each. Secret but for the signals. */
export interface EpochStatements {
  readonly tree: MerkleTree16;
  readonly genesisAccumulator: bigint;
  readonly batchSignals: readonly SolvencyBatchSignals[];
  readonly closeSignals: SolvencyCloseSignals;
  readonly words: readonly bigint[];
  batchInput(place: number): CircuitInput;
  closeInput(): CircuitInput;
}

/** Both passes over a plan. The same plan always gives the same statements. */
export function epochStatements(poseidon: Poseidon, plan: EpochPlan): EpochStatements {
  return statementsOf(poseidon, plan, commitAccounts(poseidon, plan));
}

/** The plan's accounts in tree order, with their true excesses. */
export function commitAccounts(poseidon: Poseidon, plan: EpochPlan): CommittedAccount[] {
  return plan.places.map((place) => commit(poseidon, plan, place));
}

/** The statements a venue would make with these accounts and claims, true or not. */
export function statementsOf(poseidon: Poseidon, plan: EpochPlan, accounts: readonly CommittedAccount[]): EpochStatements {
  const { shape, market } = plan;
  const epoch = BigInt(plan.epoch);
  const base = baseOf(poseidon, { chainId: plan.venue.chainId, registry: BigInt(plan.venue.registry), venueId: plan.venue.venueId });
  const batchDomain = domainOf(poseidon, base, circuitIdOf(shape.batchCircuit));
  const closeDomain = domainOf(poseidon, base, circuitIdOf(shape.closeCircuit));
  const firstLink = chainStart(poseidon, closeDomain, epoch);

  // Pass 1 binds leaves and claims; only then do challenges exist.
  const chained = chainBatches(poseidon, shape.batch, shape.depth, firstLink, accounts);
  const book = bookOf(accounts, shape.U);
  const marketName = marketCommitment(poseidon, market);
  const finalChain = (chained[chained.length - 1] as ChainedBatch).chainAfter;
  const { challenges, weightedBook } = deriveChallenges(poseidon, marketName, finalChain, accounts, book);

  const emptyRoot = emptyNodes(poseidon, shape.depth)[shape.depth] as bigint;
  const states = accumulate(poseidon, challenges, emptyRoot, firstLink, chained);
  const accumulators = accumulatorsOf(poseidon, states, plan.blindings);
  const batchSignals = chained.map((_, place) => ({
    domain: batchDomain, epoch, accumulatorBefore: accumulators[place] as bigint, accumulatorAfter: accumulators[place + 1] as bigint,
  }));
  const final = states.states[chained.length] as AccumulatorState;
  const finalAccumulator = accumulators[chained.length] as bigint;
  const words = settlementWords(market.rows, book);
  const z = settlementPoint({ base, epoch, finalAccumulator, marketCommitment: marketName }, words);
  const genesisAccumulator = accumulators[0] as bigint;
  const closeSignals: SolvencyCloseSignals = {
    domain: closeDomain, epoch, marketCommitment: marketName, genesisAccumulator, finalAccumulator,
    accountsRoot: final.root, accountsBound: final.positions, unhealthyBound: final.unhealthy, shortfall: final.shortfall,
    z, settlementValue: settlementValue(words, z),
  };
  return {
    tree: MerkleTree16.ofLeaves(poseidon, shape.depth, accounts.map((account) => account.leaf)),
    genesisAccumulator, batchSignals, closeSignals, words,
    batchInput: (place) => batchInputOf(plan, place, batchSignals, states.states, challenges, chained),
    closeInput: () => closeInputOf(poseidon, plan, closeSignals, final, book, weightedBook),
  };
}

/** Key under which a place stands in the tree. */
export function keyOfPlace(poseidon: Poseidon, place: PlannedAccount): bigint {
  return place.kind === 'padding' ? place.key : keyOf(poseidon, place);
}

function commit(poseidon: Poseidon, plan: EpochPlan, place: PlannedAccount): CommittedAccount {
  const holdings = place.kind === 'padding' ? [] : place.holdings;
  const key = keyOfPlace(poseidon, place);
  const slots = slotsOf(holdings, plan.shape.batch.K);
  const { excess } = evaluate(plan.market, holdings);
  return { key, salt: place.salt, slots, excess, leaf: accountLeaf(poseidon, key, place.salt, slots) };
}

function batchInputOf(
  plan: EpochPlan, place: number, signals: readonly SolvencyBatchSignals[], states: readonly AccumulatorState[],
  challenges: Challenges, chained: readonly ChainedBatch[],
): CircuitInput {
  const blindings = { before: plan.blindings[place] as bigint, after: plan.blindings[place + 1] as bigint };
  return solvencyBatchInput(
    signals[place] as SolvencyBatchSignals, blindings, states[place] as AccumulatorState, challenges, chained[place] as ChainedBatch,
  );
}

function closeInputOf(
  poseidon: Poseidon, plan: EpochPlan, signals: SolvencyCloseSignals, final: AccumulatorState,
  book: readonly BookRow[], weightedBook: readonly BookRow[],
): CircuitInput {
  const blindings = { genesis: plan.blindings[0] as bigint, final: plan.blindings[plan.blindings.length - 1] as bigint };
  return solvencyCloseInput(poseidon, signals, blindings, final, plan.market, book, weightedBook);
}
