import {
  type AccumulatorState, type BatchShape, type BookRow, type Challenges, type RunningSums,
  accumulatorOf, alphaOf, betaOf, bookHash, chainNext, challengesHash, claimsHash, genesisState, rOf,
} from '../commitment/epoch-chain.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../field/scalar-field.js';
import { GrowingTree, subtreeCells, type Insertion } from '../tree/batch-insertion.js';
import type { Holding } from '../venue/account.js';

/** One account as a batch circuit sees it. */
export interface CommittedAccount {
  readonly key: bigint;
  readonly salt: bigint;
  /** All K slots, as `slotsOf` makes them. */
  readonly slots: readonly Holding[];
  /** Claimed excesses E_0..E_S, value units. */
  readonly excess: readonly bigint[];
  readonly leaf: bigint;
}

/** One batch after the hashing pass. */
export interface ChainedBatch {
  readonly shape: BatchShape;
  readonly firstPosition: number;
  readonly accounts: readonly CommittedAccount[];
  readonly insertion: Insertion;
  readonly chainBefore: bigint;
  readonly chainAfter: bigint;
}

/** Accumulator states around each batch: `states[i]` before batch i, the last one after all. */
export interface EpochStates {
  readonly challenges: Challenges;
  readonly challengesHash: bigint;
  readonly states: readonly AccumulatorState[];
}

/** Pass 1, hashing only: tree and chain over all batches. No challenge exists before it ends. */
export function chainBatches(
  poseidon: Poseidon, shape: BatchShape, depth: number, firstLink: bigint, accounts: readonly CommittedAccount[],
): ChainedBatch[] {
  const tree = new GrowingTree(poseidon, depth);
  const batches: ChainedBatch[] = [];
  let chain = firstLink;
  for (let first = 0; first < accounts.length; first += shape.N) {
    const members = accounts.slice(first, first + shape.N);
    const cells = subtreeCells(poseidon, members.map((account) => account.leaf));
    const insertion = tree.insert(shape.N, first, cells);
    const claims = claimsHash(poseidon, shape, members.flatMap((account) => account.excess));
    const next = chainNext(poseidon, shape, chain, BigInt(first), cells, claims);
    batches.push({ shape, firstPosition: first, accounts: members, insertion, chainBefore: chain, chainAfter: next });
    chain = next;
  }
  return batches;
}

/** B and O of rows 0..U-1 over all accounts. Slots beyond U count nowhere: the circuits refuse a quantity there. */
export function bookOf(accounts: readonly CommittedAccount[], U: number): BookRow[] {
  const book = Array.from({ length: U }, () => ({ net: 0n, gross: 0n }));
  for (const { index, quantity } of accounts.flatMap((account) => account.slots)) {
    const row = book[index];
    if (row === undefined) continue;
    row.net += quantity;
    row.gross += quantity < 0n ? -quantity : quantity;
  }
  return book;
}

/** G and G': the book with every account weighted by alpha^position. Field elements. */
export function weightedBookOf(accounts: readonly CommittedAccount[], U: number, alpha: bigint): BookRow[] {
  const book = Array.from({ length: U }, () => ({ net: 0n, gross: 0n }));
  let power = 1n;
  for (const account of accounts) {
    for (const { index, quantity } of account.slots) {
      const row = book[index];
      if (row === undefined || quantity === 0n) continue;
      const weighted = multiplyInField(power, toField(quantity));
      row.net = addInField(row.net, weighted);
      row.gross = quantity < 0n ? subtractInField(row.gross, weighted) : addInField(row.gross, weighted);
    }
    power = multiplyInField(power, alpha);
  }
  return book;
}

/** The epoch's challenges from market, final chain, book and (through alpha) the weighted book. */
export function deriveChallenges(
  poseidon: Poseidon, marketCommitment: bigint, finalChain: bigint, accounts: readonly CommittedAccount[], book: readonly BookRow[],
): { readonly challenges: Challenges; readonly weightedBook: readonly BookRow[] } {
  const h0 = bookHash(poseidon, marketCommitment, finalChain, book);
  const alpha = alphaOf(poseidon, h0);
  const weightedBook = weightedBookOf(accounts, book.length, alpha);
  return { challenges: { alpha, r: rOf(poseidon, h0), beta: betaOf(poseidon, h0, weightedBook) }, weightedBook };
}

/** Pass 2: what every batch adds under the challenges, as the circuits compute it. */
export function accumulate(
  poseidon: Poseidon, challenges: Challenges, emptyRoot: bigint, firstLink: bigint, batches: readonly ChainedBatch[],
): EpochStates {
  const inverses = new Map<number, bigint>();
  const inverseAt = (index: number): bigint => {
    let inverse = inverses.get(index);
    if (inverse === undefined) {
      inverse = invertInField(subtractInField(challenges.beta, BigInt(index)));
      inverses.set(index, inverse);
    }
    return inverse;
  };
  const states = [genesisState(emptyRoot, firstLink)];
  for (const batch of batches) {
    states.push(advance(states[states.length - 1] as AccumulatorState, batch, challenges, inverseAt));
  }
  return { challenges, challengesHash: challengesHash(poseidon, challenges), states };
}

function advance(
  before: AccumulatorState, batch: ChainedBatch, { alpha, r }: Challenges, inverseAt: (index: number) => bigint,
): AccumulatorState {
  let { power, unhealthy, shortfall, sums } = before;
  for (const account of batch.accounts) {
    sums = addAccount(sums, account, power, r, inverseAt);
    power = multiplyInField(power, alpha);
    if (account.excess.some((excess) => excess < 0n)) unhealthy += 1n;
    const standard = account.excess[0] ?? 0n;
    if (standard < 0n) shortfall -= standard;
  }
  const positions = before.positions + BigInt(batch.accounts.length);
  return { root: batch.insertion.rootAfter, positions, unhealthy, shortfall, chain: batch.chainAfter, power, sums };
}

function addAccount(
  sums: RunningSums, account: CommittedAccount, power: bigint, r: bigint, inverseAt: (index: number) => bigint,
): RunningSums {
  let [net, gross] = [0n, 0n];
  for (const { index, quantity } of account.slots) {
    if (quantity === 0n) continue;
    const fraction = multiplyInField(toField(quantity), inverseAt(index));
    net = addInField(net, fraction);
    gross = quantity < 0n ? subtractInField(gross, fraction) : addInField(gross, fraction);
  }
  const combined = account.excess.reduceRight((sum, excess) => addInField(multiplyInField(sum, r), toField(excess)), 0n);
  return {
    weightedNet: addInField(sums.weightedNet, multiplyInField(power, net)),
    weightedGross: addInField(sums.weightedGross, multiplyInField(power, gross)),
    net: addInField(sums.net, net),
    gross: addInField(sums.gross, gross),
    excess: addInField(sums.excess, multiplyInField(power, combined)),
  };
}

/** The public accumulator of each state, with its own blinding. */
export function accumulatorsOf(poseidon: Poseidon, epoch: EpochStates, blindings: readonly bigint[]): bigint[] {
  return epoch.states.map((state, place) => accumulatorOf(poseidon, blindings[place] as bigint, epoch.challengesHash, state));
}
