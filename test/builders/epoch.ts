import { slotsOf, accountLeaf } from '../../src/commitment/account-leaf.js';
import { type BookRow, type Challenges, betaOf, bookHash, chainStart } from '../../src/commitment/epoch-chain.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { baseOf, domainOf, type VenueReference } from '../../src/commitment/identity.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { emptyNodes } from '../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { settlementPoint, settlementValue, settlementWords } from '../../src/statement/settlement-vector.js';
import type { SolvencyBatchSignals } from '../../src/statement/solvency-batch.js';
import type { SolvencyCloseSignals } from '../../src/statement/solvency-close.js';
import type { Holding } from '../../src/venue/account.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import {
  accumulate, accumulatorsOf, bookOf, chainBatches, deriveChallenges, type ChainedBatch, type CommittedAccount, type EpochStates,
} from '../../src/witness/epoch-transcript.js';
import { solvencyBatchInput } from '../../src/witness/solvency-batch-input.js';
import { solvencyCloseInput } from '../../src/witness/solvency-close-input.js';

/** The smallest shapes of circuits.json: what tests prove. */
export const TEST_SHAPE = {
  batch: { N: 16, K: 3, S: 2, W: 84 },
  indexBits: 4,
  depth: 2,
  U: 8,
  batchCircuit: 'solvency-batch-n16-k3-s2',
  closeCircuit: 'solvency-close-u8-s2',
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
  readonly weightedBook?: (book: BookRow[]) => BookRow[];
  readonly challenges?: (honest: Challenges) => Challenges;
  /** Table that `solvency-close` is given, when it is not the registered one. */
  readonly tableInClose?: (table: MarketTable) => MarketTable;
  readonly states?: (states: EpochStates) => EpochStates;
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
}

/** A committed account with a key and salt derived from `seed`, so that a failing test can be run again. */
export function committedAccount(poseidon: Poseidon, seed: bigint, holdings: readonly Holding[], excess: readonly bigint[], K = 3): CommittedAccount {
  const key = poseidon.hash([1000n, seed]);
  const salt = poseidon.hash([2000n, seed]);
  const slots = slotsOf(holdings, K);
  return { key, salt, slots, excess, leaf: accountLeaf(poseidon, key, salt, slots) };
}

export function buildEpoch(
  poseidon: Poseidon, table: MarketTable, honest: readonly CommittedAccount[], forgery: Forgery = {}, epoch = 1n,
): EpochInputs {
  const { batch, depth, U, batchCircuit, closeCircuit } = TEST_SHAPE;
  const base = baseOf(poseidon, TEST_VENUE);
  const closeDomain = domainOf(poseidon, base, circuitIdOf(closeCircuit));
  const domain = domainOf(poseidon, base, circuitIdOf(batchCircuit));
  const firstLink = chainStart(poseidon, closeDomain, epoch);
  const accounts = forgery.accounts?.([...honest]) ?? [...honest];
  const chain = chainBatches(poseidon, batch, depth, firstLink, accounts);
  const chained = forgery.batches?.([...chain]) ?? chain;
  const trueBook = bookOf(accounts, U);
  const book = forgery.book?.(trueBook) ?? trueBook;
  const honestMarket = marketCommitment(poseidon, table);
  const market = forgery.marketCommitment?.(honestMarket) ?? honestMarket;
  const finalChain = (chained[chained.length - 1] as ChainedBatch).chainAfter;
  const derived = deriveChallenges(poseidon, market, finalChain, accounts, book);
  const weightedBook = forgery.weightedBook?.([...derived.weightedBook]) ?? derived.weightedBook;
  // A venue that bends the weighted book still has to draw beta from what it shows.
  const drawn = { ...derived.challenges, beta: betaOf(poseidon, bookHash(poseidon, market, finalChain, book), weightedBook) };
  const challenges = forgery.challenges?.(drawn) ?? drawn;
  const emptyRoot = emptyNodes(poseidon, depth)[depth] as bigint;
  const honestStates = accumulate(poseidon, challenges, emptyRoot, firstLink, chained);
  const states = forgery.states?.(honestStates) ?? honestStates;
  const blindings = states.states.map((_, place) => poseidon.hash([3000n, BigInt(place)]));
  const accumulators = accumulatorsOf(poseidon, states, blindings);
  const batchSignals = chained.map((_, place) => ({
    domain, epoch, accumulatorBefore: accumulators[place] as bigint, accumulatorAfter: accumulators[place + 1] as bigint,
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
  const tableInClose = forgery.tableInClose?.(table) ?? table;
  return {
    base, batchSignals, closeSignals, words, accounts, chained, states, blindings,
    batches: chained.map((chainedBatch, place) => solvencyBatchInput(
      batchSignals[place] as SolvencyBatchSignals,
      { before: blindings[place] as bigint, after: blindings[place + 1] as bigint },
      states.states[place] as EpochStates['states'][number], challenges, chainedBatch,
    )),
    close: solvencyCloseInput(
      poseidon, closeSignals, { genesis: blindings[0] as bigint, final: blindings[chained.length] as bigint }, final, tableInClose, book, weightedBook,
    ),
  };
}

