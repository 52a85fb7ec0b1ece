import { availableParallelism } from 'node:os';
import { accumulatorElements, chainNext, challengesHash, genesisState, type AccumulatorState, type BookRow, type WeightedRow } from '../../commitment/epoch-chain.js';
import { hashListsOf, type PoseidonMany } from '../../commitment/poseidon-many.js';
import { nativeForHashing, poseidonMany } from '../../commitment/poseidon-native.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { tagOf } from '../../commitment/tags.js';
import { littleEndianAt, unpackLittleEndian } from '../../field/little-endian-elements.js';
import { addInField, multiplyInField } from '../../field/scalar-field.js';
import { FilledTree, type PackedSubtree } from '../../tree/filled-tree.js';
import {
  advance, allChallenges, firstChallenges, splitWeights, type ChainedBatch, type CommittedAccount, type EpochStates,
} from '../../witness/epoch-transcript.js';
import type { EpochPlan, PlannedAccount, PlannedBatch } from '../epoch-plan.js';
import { batchNamed } from '../epoch-shape.js';
import { claimsOf, epochStart, epochStatements, statementsFrom, type EpochStart, type EpochStatements } from '../epoch-statements.js';
import type { HashedBatch } from './hashing-work.js';
import { HashingProcesses } from './hashing-processes.js';

/** Below it, starting processes takes longer than what they save. */
const FEW_PLACES = 4096;
/** A piece keeps a process busy for some tenths of a second, and is small beside the plan. */
const PLACES_A_PIECE = 1024;

/** Batches that follow each other, from number `first`. */
interface Piece {
  readonly first: number;
  readonly batches: readonly PlannedBatch[];
}

/** A batch in the chain without its accounts, which are made again from the plan when they are asked for. */
interface LinkedBatch extends Omit<ChainedBatch, 'accounts' | 'insertion'> {
  /** Packed little-endian. */
  readonly keys: Uint8Array;
}

/** Pass 1, done. */
interface HashedEpoch {
  readonly batches: readonly LinkedBatch[];
  readonly filled: FilledTree;
  readonly book: readonly BookRow[];
}

/** What an epoch's hashes are made with. */
export interface HashingSetting {
  /** 0: none but this one; by default one for each core, and none for an epoch of some thousand accounts. */
  readonly processes?: number;
  /** Path of the native program, or `none`; by default the one that is built here, if it answers. */
  readonly native?: string;
}

/**
 * The statements that `epochStatements` makes, to the bit, with the work on accounts spread over processes. What is kept for
 * an account is its leaf and its key; of the rest only sums come back.
 *
 * @throws HashingProcessError when a process ends, or refuses an account that the planner let pass; what the native program throws
 */
export async function stateEpoch(poseidon: Poseidon, plan: EpochPlan, { processes = defaultProcesses(plan), native }: HashingSetting = {}): Promise<EpochStatements> {
  if (processes === 0) return epochStatements(poseidon, plan);
  const program = native === undefined ? await nativeForHashing() : native === 'none' ? undefined : native;
  const many = await poseidonMany(program);
  const pool = new HashingProcesses(processes, { market: plan.market, shape: plan.shape }, program);
  try {
    return await stateEpochWith({ pool, poseidon, many }, plan);
  } finally {
    await Promise.all([pool.close(), many.close()]);
  }
}

function defaultProcesses({ batches }: EpochPlan): number {
  const places = batches.reduce((sum, batch) => sum + batch.places.length, 0);
  return places < FEW_PLACES ? 0 : availableParallelism();
}

/** What takes pieces to work on. */
export type HashingWorkers = Pick<HashingProcesses, 'run'>;

/** What hashes: workers the accounts, this process the tree and the chain over them. */
export interface HashingTools {
  readonly pool: HashingWorkers;
  readonly poseidon: Poseidon;
  readonly many: PoseidonMany;
}

/** The same with given tools. @param placesAPiece places of the accounts tree that go to a worker at once, at least */
export async function stateEpochWith({ pool, poseidon, many }: HashingTools, plan: EpochPlan, placesAPiece = PLACES_A_PIECE): Promise<EpochStatements> {
  const { market, shape: { close } } = plan;
  const start = epochStart(poseidon, plan);
  const pieces = piecesOf(plan.batches, placesAPiece);
  const { batches, filled, book } = await hashEpoch({ pool, poseidon, many }, plan, start, pieces);
  const first = firstChallenges(poseidon, market, start.marketName, (batches.at(-1) as LinkedBatch).chainAfter, book);
  const powers = powersOf(first.alpha, plan.batches);
  const weights = await weigh(pool, pieces, powers, first, close.U + close.T);
  const { challenges, books } = allChallenges(poseidon, market, first, book, splitWeights(weights, close.U));
  const added = await Promise.all(pieces.map((piece) => pool.run({ kind: 'add', batches: piece.batches, power: powers[piece.first] as bigint, challenges })));
  const all: AccumulatorState[] = [genesisState(start.emptyRoot, start.firstLink)];
  added.flat().forEach((addition, place) => {
    const { chainAfter } = batches[place] as LinkedBatch;
    all.push(advance(all[place] as AccumulatorState, { rootAfter: filled.rootAfter(place), chainAfter }, addition));
  });
  const states: EpochStates = { challenges, challengesHash: challengesHash(poseidon, challenges), states: all };
  const accumulators = await accumulatorsInBulk(many, states, plan.blindings);
  return statementsFrom(poseidon, plan, start, { states, accumulators, books, tree: filled.tree, batch: (place) => batchAt(plan, batches, filled, place) });
}

function piecesOf(batches: readonly PlannedBatch[], placesAPiece: number): Piece[] {
  const pieces: Piece[] = [];
  let open: PlannedBatch[] = [];
  let places = placesAPiece;
  batches.forEach((batch, first) => {
    if (places >= placesAPiece) {
      [open, places] = [[], 0];
      pieces.push({ first, batches: open });
    }
    open.push(batch);
    places += batch.places.length;
  });
  return pieces;
}

/** Pass 1: the processes hash accounts; this one makes the chain, which needs one batch after another, and the tree over all of them. */
async function hashEpoch({ pool, poseidon, many }: HashingTools, { shape }: EpochPlan, start: EpochStart, pieces: readonly Piece[]): Promise<HashedEpoch> {
  const subtrees: PackedSubtree[] = [];
  const book = Array.from({ length: shape.close.U }, () => ({ net: 0n, gross: 0n }));
  const linked: LinkedBatch[] = [];
  let [chain, firstPosition] = [start.firstLink, 0];
  const enter = ({ circuit }: PlannedBatch, { levels, keys, claims }: HashedBatch): void => {
    const batch = batchNamed(shape, circuit).shape;
    subtrees.push(levels);
    const chainBefore = chain;
    chain = chainNext(poseidon, batch, chain, BigInt(firstPosition), unpackLittleEndian(levels.at(-1) as Uint8Array), claims);
    linked.push({ shape: batch, firstPosition, chainBefore, chainAfter: chain, keys });
    firstPosition += batch.N;
  };
  const hashed = pieces.map((piece) => pool.run({ kind: 'hash', batches: piece.batches }));
  // One that fails while another is waited for would count as nobody's.
  for (const piece of hashed) piece.catch(() => undefined);
  for (const [place, { batches }] of pieces.entries()) {
    const result = await (hashed[place] as (typeof hashed)[number]);
    result.batches.forEach((each, number) => enter(batches[number] as PlannedBatch, each));
    result.book.forEach(({ net, gross }, row) => {
      const line = book[row] as { net: bigint; gross: bigint };
      line.net += net;
      line.gross += gross;
    });
  }
  return { batches: linked, filled: await FilledTree.of(poseidon, many, shape.depth, subtrees), book };
}

/** alpha to the first position of each batch. */
function powersOf(alpha: bigint, batches: readonly PlannedBatch[]): bigint[] {
  const ofSize = new Map<number, bigint>();
  let power = 1n;
  return batches.map(({ places: { length } }) => {
    const before = power;
    let step = ofSize.get(length);
    if (step === undefined) {
      step = Array.from({ length }).reduce<bigint>((product) => multiplyInField(product, alpha), 1n);
      ofSize.set(length, step);
    }
    power = multiplyInField(power, step);
    return before;
  });
}

async function weigh(
  pool: HashingWorkers, pieces: readonly Piece[], powers: readonly bigint[], { alpha, r }: { readonly alpha: bigint; readonly r: bigint }, rows: number,
): Promise<readonly WeightedRow[]> {
  const weights = Array.from({ length: rows }, (): WeightedRow => ({ net: 0n, gross: 0n, tiers: 0n }));
  await Promise.all(pieces.map(async ({ first, batches }) => {
    const piece = await pool.run({ kind: 'weigh', batches, power: powers[first] as bigint, challenges: { alpha, r } });
    piece.forEach((more, row) => {
      const sum = weights[row] as WeightedRow;
      weights[row] = { net: addInField(sum.net, more.net), gross: addInField(sum.gross, more.gross), tiers: addInField(sum.tiers, more.tiers) };
    });
  }));
  return weights;
}

/** `accumulatorsOf` with all hashes at once. */
async function accumulatorsInBulk(many: PoseidonMany, { states, challengesHash: challenges }: EpochStates, blindings: readonly bigint[]): Promise<readonly bigint[]> {
  return hashListsOf(many, tagOf('accumulator'), states.map((state, place) => accumulatorElements(blindings[place] as bigint, challenges, state)));
}

function batchAt({ market, batches }: EpochPlan, linked: readonly LinkedBatch[], filled: FilledTree, place: number): ChainedBatch {
  const { keys, ...batch } = linked[place] as LinkedBatch;
  const { places } = batches[place] as PlannedBatch;
  const accounts = places.map((planned: PlannedAccount, number): CommittedAccount => ({
    key: littleEndianAt(keys, number), salt: planned.salt, ...claimsOf(market, batch.shape, planned), leaf: filled.tree.node(0, batch.firstPosition + number),
  }));
  return { ...batch, insertion: filled.insertion(place), accounts };
}
