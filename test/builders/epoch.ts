import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { betaOf, bookHash, chainStart, type BatchShape, type BookRow, type Challenges, type WeightedRow } from '../../src/commitment/epoch-chain.js';
import { baseOf, domainOf, type VenueReference } from '../../src/commitment/identity.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { emptyNodes } from '../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { digestsAtPages } from '../../src/commitment/table-digests.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { tieredRows } from '../../src/risk/tiers.js';
import { settlementPoint, settlementValue, settlementWords } from '../../src/statement/settlement-vector.js';
import type { SolvencyBatchSignals } from '../../src/statement/solvency-batch.js';
import type { SolvencyCloseSignals } from '../../src/statement/solvency-close.js';
import type { Holding } from '../../src/venue/account.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import {
  accumulate, accumulatorsOf, bookOf, chainBatches, deriveChallenges, lastOf,
  type BatchOfAccounts, type ChainedBatch, type CommittedAccount, type EpochBooks, type EpochStates, type WeightedBook,
} from '../../src/witness/epoch-transcript.js';
import { headroomsOf } from '../../src/witness/headrooms.js';
import { solvencyBatchInput } from '../../src/witness/solvency-batch-input.js';
import { solvencyCloseEndInput, solvencyCloseInput, solvencyClosePartInput, type ClosingState } from '../../src/witness/solvency-close-input.js';
import { tableStateHash, tableStates, type TableState } from '../../src/witness/table-states.js';

/** Circuits of a test epoch and what they fix. */
export interface TestShape {
  readonly batch: BatchShape;
  readonly indexBits: number;
  readonly depth: number;
  readonly U: number;
  readonly batchCircuit: string;
  readonly closeCircuit: string;
}

/** The smallest shapes of circuits.json: what tests prove. */
export const TEST_SHAPE = {
  batch: { N: 16, K: 3, T: 0, S: 2, W: 84 },
  indexBits: 6,
  depth: 2,
  U: 16,
  batchCircuit: 'solvency-batch-n16-k3-s2',
  closeCircuit: 'solvency-close-u16-s2',
} as const;

/** The smallest with size tiers; the close stands as a whole or in parts of 16 rows. */
export const TIERED_SHAPE = {
  batch: { N: 16, K: 5, T: 2, S: 2, W: 84 },
  indexBits: 6,
  depth: 2,
  U: 32,
  batchCircuit: 'solvency-batch-n16-k5-s2-t2',
  closeCircuit: 'solvency-close-u32-s2-t2',
  parts: { rows: 16, partCircuit: 'solvency-close-part-r16-s2-t2', endCircuit: 'solvency-close-end-s2-d2-t2' },
} as const;

export const TEST_VENUE: VenueReference = { chainId: 31337n, registry: 0x5fbdb2315678afecb367f032d93f642f64180aa3n, venueId: 1n };

/** What a dishonest venue may replace; each is used instead of the value the honest code would compute. */
export interface Forgery {
  /** Changes claims, slots or keys before the hashing pass. */
  readonly accounts?: (accounts: CommittedAccount[]) => CommittedAccount[];
  /** Batches the venue hands to the contract, after the chain was made. */
  readonly batches?: (batches: ChainedBatch[]) => ChainedBatch[];
  /** Commitment that challenges and public signals use, when it is not the one of the table. */
  readonly marketCommitment?: (honest: bigint) => bigint;
  readonly book?: (book: BookRow[]) => BookRow[];
  readonly weightedBook?: (book: WeightedRow[]) => WeightedRow[];
  /** Tier weights of the indices beyond the last row. */
  readonly beyond?: (beyond: bigint[], weighted: WeightedBook) => bigint[];
  readonly challenges?: (honest: Challenges) => Challenges;
  /** Table that the close is given, when it is not the registered one. */
  readonly tableInClose?: (table: MarketTable) => MarketTable;
  readonly states?: (states: EpochStates) => EpochStates;
  /** Circuit whose domain the chain starts from, when the epoch is closed in parts. */
  readonly closedBy?: string;
}

/** All circuit inputs of one epoch, honest but for what `forgery` replaces. */
export interface EpochInputs {
  readonly base: bigint;
  readonly batches: readonly CircuitInput[];
  readonly close: CircuitInput;
  readonly batchSignals: readonly SolvencyBatchSignals[];
  readonly closeSignals: SolvencyCloseSignals;
  readonly words: readonly bigint[];
  readonly accounts: readonly CommittedAccount[];
  readonly chained: readonly ChainedBatch[];
  readonly states: EpochStates;
  readonly blindings: readonly bigint[];
  readonly closing: ClosingState;
}

/** A committed account with a key and salt derived from `seed`, so that a failing test can be run again. */
export function committedAccount(
  poseidon: Poseidon, seed: bigint, table: MarketTable, holdings: readonly Holding[], excess: readonly bigint[], { K, T }: BatchShape = TEST_SHAPE.batch,
): CommittedAccount {
  const key = poseidon.hash([1000n, seed]);
  const salt = poseidon.hash([2000n, seed]);
  const slots = slotsOf(holdings, K, tieredRows(table));
  return { key, salt, slots, headrooms: headroomsOf(table, slots, T), excess, leaf: accountLeaf(poseidon, key, salt, slots) };
}

/** Whole batches of one shape. */
export function batchesOf(accounts: readonly CommittedAccount[], shape: BatchShape): BatchOfAccounts[] {
  return Array.from({ length: accounts.length / shape.N }, (_, place) => ({ shape, accounts: accounts.slice(place * shape.N, (place + 1) * shape.N) }));
}

export function buildEpoch(
  poseidon: Poseidon, table: MarketTable, honest: readonly CommittedAccount[], forgery: Forgery = {}, epoch = 1n, shape: TestShape = TEST_SHAPE,
): EpochInputs {
  return buildMixedEpoch(poseidon, table, batchesOf(forgery.accounts?.([...honest]) ?? honest, shape.batch), shape, [shape.batchCircuit], forgery, epoch);
}

/** An epoch whose batches may differ in shape: `circuits` names one circuit a batch, or one for all. */
export function buildMixedEpoch(
  poseidon: Poseidon, table: MarketTable, batches: readonly BatchOfAccounts[], shape: Pick<TestShape, 'depth' | 'U' | 'closeCircuit'>,
  circuits: readonly string[], forgery: Forgery = {}, epoch = 1n,
): EpochInputs {
  const { depth, U, closeCircuit } = shape;
  const T = Math.max(...batches.map((batch) => batch.shape.T));
  const base = baseOf(poseidon, TEST_VENUE);
  const closeDomain = domainOf(poseidon, base, circuitIdOf(forgery.closedBy ?? closeCircuit));
  const firstLink = chainStart(poseidon, closeDomain, epoch);
  const chain = chainBatches(poseidon, depth, firstLink, batches);
  const chained = forgery.batches?.([...chain]) ?? chain;
  const trueBook = bookOf(batches, U);
  const book = forgery.book?.(trueBook) ?? trueBook;
  const honestMarket = marketCommitment(poseidon, table);
  const market = forgery.marketCommitment?.(honestMarket) ?? honestMarket;
  const finalChain = (chained[chained.length - 1] as ChainedBatch).chainAfter;
  const derived = deriveChallenges(poseidon, table, market, finalChain, batches, book, T);
  const books = forgedBooks(poseidon, table, derived.books, forgery);
  // A venue that bends the weighted book still has to draw beta from what it shows.
  const h0 = bookHash(poseidon, market, finalChain, lastOf(books.digests).book);
  const drawn = { ...derived.challenges, beta: betaOf(poseidon, h0, lastOf(books.digests).weighted, books.weighted.beyond) };
  const challenges = forgery.challenges?.(drawn) ?? drawn;
  const emptyRoot = emptyNodes(poseidon, depth)[depth] as bigint;
  const honestStates = accumulate(poseidon, challenges, emptyRoot, firstLink, chained);
  const states = forgery.states?.(honestStates) ?? honestStates;
  const blindings = states.states.map((_, place) => poseidon.hash([3000n, BigInt(place)]));
  const accumulators = accumulatorsOf(poseidon, states, blindings);
  const batchSignals = chained.map((_, place) => ({
    domain: domainOf(poseidon, base, circuitIdOf(circuits[place] ?? (circuits[0] as string))), epoch,
    accumulatorBefore: accumulators[place] as bigint, accumulatorAfter: accumulators[place + 1] as bigint,
  }));
  const final = states.states[chained.length] as EpochStates['states'][number];
  const finalAccumulator = accumulators[chained.length] as bigint;
  const words = settlementWords(table.rows, book);
  const z = settlementPoint({ base, epoch, finalAccumulator, marketCommitment: market }, words);
  const closeSignals: SolvencyCloseSignals = {
    domain: closeDomain, epoch, marketCommitment: market, genesisAccumulator: accumulators[0] as bigint, finalAccumulator,
    accountsRoot: final.root, accountsBound: final.positions, unhealthyBound: final.unhealthy, shortfall: final.shortfall,
    z, settlementValue: settlementValue(words, z),
  };
  const closing: ClosingState = {
    blindings: { genesis: blindings[0] as bigint, final: blindings[chained.length] as bigint }, final, table: forgery.tableInClose?.(table) ?? table, books,
  };
  return {
    base, batchSignals, closeSignals, words, accounts: batches.flatMap((batch) => batch.accounts), chained, states, blindings, closing,
    batches: chained.map((chainedBatch, place) => solvencyBatchInput(
      batchSignals[place] as SolvencyBatchSignals,
      { before: blindings[place] as bigint, after: blindings[place + 1] as bigint },
      states.states[place] as EpochStates['states'][number], challenges, chainedBatch,
    )),
    close: solvencyCloseInput(poseidon, closeSignals, closing),
  };
}

function forgedBooks(poseidon: Poseidon, table: MarketTable, honest: EpochBooks, forgery: Forgery): EpochBooks {
  const rows = forgery.weightedBook?.([...honest.weighted.rows]) ?? honest.weighted.rows;
  const beyond = forgery.beyond?.([...honest.weighted.beyond], honest.weighted) ?? honest.weighted.beyond;
  return { book: honest.book, weighted: { rows, beyond }, digests: digestsAtPages(poseidon, table, honest.book, rows) };
}

/** Inputs of a close in parts. */
export interface PartInputs {
  readonly parts: readonly CircuitInput[];
  readonly end: CircuitInput;
  readonly states: readonly TableState[];
  /** Public commitments to the states. */
  readonly hashes: readonly bigint[];
}

/** Closes an epoch in parts that was built with `closedBy` the end circuit; `forge` changes the states between the parts. */
export function buildParts(
  poseidon: Poseidon, epoch: EpochInputs, shape: typeof TIERED_SHAPE = TIERED_SHAPE, forge: (states: TableState[]) => TableState[] = (states) => states,
): PartInputs {
  const { closing, closeSignals, states: { challenges } } = epoch;
  const { rows, partCircuit } = shape.parts;
  const states = forge(tableStates(closing.table, closing.books, challenges, closeSignals.z, rows));
  const blindings = states.map((_, place) => poseidon.hash([4000n, BigInt(place)]));
  const hashes = states.map((state, place) => tableStateHash(poseidon, shape.batch, blindings[place] as bigint, challenges, closeSignals.z, state));
  const domain = domainOf(poseidon, epoch.base, circuitIdOf(partCircuit));
  const last = states.length - 1;
  return {
    states, hashes,
    parts: states.slice(0, -1).map((state, place) => solvencyClosePartInput(
      { domain, epoch: closeSignals.epoch, tableBefore: hashes[place] as bigint, tableAfter: hashes[place + 1] as bigint },
      { before: blindings[place] as bigint, after: blindings[place + 1] as bigint }, state, rows, challenges, closeSignals.z, closing,
    )),
    end: solvencyCloseEndInput(
      poseidon, { ...closeSignals, tableStart: hashes[0] as bigint, tableEnd: hashes[last] as bigint },
      { start: blindings[0] as bigint, end: blindings[last] as bigint }, states[last] as TableState, closing,
    ),
  };
}
