import {
  type AccumulatorState, type BatchShape, type BookRow, type Challenges, type RunningSums, type WeightedRow,
  accumulatorOf, alphaOf, betaOf, bookHash, chainNext, challengesHash, claimsHash, genesisState, rOf,
} from '../commitment/epoch-chain.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { digestsAtPages, type TableDigests } from '../commitment/table-digests.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../field/scalar-field.js';
import type { MarketTable } from '../risk/market-table.js';
import { tieredRows } from '../risk/tiers.js';
import { GrowingTree, subtreeCells, type Insertion } from '../tree/batch-insertion.js';
import type { Holding } from '../venue/account.js';

const NO_SUMS: RunningSums = { weightedNet: 0n, weightedGross: 0n, net: 0n, gross: 0n, excess: 0n, placed: 0n, filled: 0n };

/** One account as a batch circuit sees it. */
export interface CommittedAccount {
  readonly key: bigint;
  readonly salt: bigint;
  /** All K slots, as `slotsOf` makes them. */
  readonly slots: readonly Holding[];
  /** Claimed headrooms of the first T slots: cap - |quantity|, quanta. */
  readonly headrooms: readonly bigint[];
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

/** Accounts that go into one batch, shape.N of them. */
export interface BatchOfAccounts {
  readonly shape: BatchShape;
  readonly accounts: readonly CommittedAccount[];
}

/** Pass 1, hashing only: tree and chain over all batches, which may differ in shape. No challenge exists before it ends. */
export function chainBatches(poseidon: Poseidon, depth: number, firstLink: bigint, batches: readonly BatchOfAccounts[]): ChainedBatch[] {
  const tree = new GrowingTree(poseidon, depth);
  let chain = firstLink;
  let firstPosition = 0;
  return batches.map(({ shape, accounts }) => {
    const cells = subtreeCells(poseidon, accounts.map((account) => account.leaf));
    const insertion = tree.insert(shape.N, firstPosition, cells);
    const claims = claimsHash(poseidon, shape, accounts.flatMap((account) => account.excess), accounts.flatMap((account) => account.headrooms));
    const chainBefore = chain;
    chain = chainNext(poseidon, shape, chain, BigInt(firstPosition), cells, claims);
    const chained = { shape, firstPosition, accounts, insertion, chainBefore, chainAfter: chain };
    firstPosition += accounts.length;
    return chained;
  });
}

/** B and O of rows 0..U-1 over all accounts. Slots beyond U count nowhere: the circuits refuse a quantity there. */
export function bookOf(batches: readonly BatchOfAccounts[], U: number): BookRow[] {
  const book = Array.from({ length: U }, () => ({ net: 0n, gross: 0n }));
  for (const { accounts } of batches) {
    for (const { slots } of accounts) {
      for (const { index, quantity } of slots) {
        const row = book[index];
        if (row === undefined) continue;
        row.net += quantity;
        row.gross += quantity < 0n ? -quantity : quantity;
      }
    }
  }
  return book;
}

/** The weighted book of rows 0..U-1, and the tier weights of the T indices beyond, where unused tiered slots may stand. */
export interface WeightedBook {
  readonly rows: readonly WeightedRow[];
  readonly beyond: readonly bigint[];
}

/** G and G': the book with every account weighted by alpha^position. N: sums of alpha^position r^slot over tiered slots. */
export function weightedBookOf(batches: readonly BatchOfAccounts[], U: number, T: number, alpha: bigint, r: bigint): WeightedBook {
  return splitWeights(weightsOf(batches, U + T, 1n, alpha, r), U);
}

/** Weights of rows 0..count-1 over batches that follow each other, the first account of them weighing `power`. They add up over batches. */
export function weightsOf(batches: readonly BatchOfAccounts[], count: number, power: bigint, alpha: bigint, r: bigint): WeightedRow[] {
  const rows = Array.from({ length: count }, () => ({ net: 0n, gross: 0n, tiers: 0n }));
  for (const { shape, accounts } of batches) {
    for (const account of accounts) {
      addToWeightedBook(rows, account.slots, shape.T, power, r);
      power = multiplyInField(power, alpha);
    }
  }
  return rows;
}

/** The first U rows, and the tier weights of what is beyond. */
export function splitWeights(rows: readonly WeightedRow[], U: number): WeightedBook {
  return { rows: rows.slice(0, U), beyond: rows.slice(U).map((row) => row.tiers) };
}

function addToWeightedBook(rows: { net: bigint; gross: bigint; tiers: bigint }[], slots: readonly Holding[], tieredSlots: number, power: bigint, r: bigint): void {
  let weight = power;
  slots.forEach(({ index, quantity }, slot) => {
    const row = rows[index];
    if (row !== undefined && quantity !== 0n) {
      const weighted = multiplyInField(power, toField(quantity));
      row.net = addInField(row.net, weighted);
      row.gross = quantity < 0n ? subtractInField(row.gross, weighted) : addInField(row.gross, weighted);
    }
    if (slot < tieredSlots) {
      if (row !== undefined) row.tiers = addInField(row.tiers, weight);
      weight = multiplyInField(weight, r);
    }
  });
}

/** What the challenges were drawn from, and what the close takes in. */
export interface EpochBooks {
  readonly book: readonly BookRow[];
  readonly weighted: WeightedBook;
  /** Digests before the first page of rows and after each. */
  readonly digests: readonly TableDigests[];
}

/** The epoch's challenges from market, final chain, book and (through alpha and r) the weighted book; `T` tiered slots as the close has. */
export function deriveChallenges(
  poseidon: Poseidon, table: MarketTable, marketCommitment: bigint, finalChain: bigint, batches: readonly BatchOfAccounts[],
  book: readonly BookRow[], T: number,
): { readonly challenges: Challenges; readonly books: EpochBooks } {
  const first = firstChallenges(poseidon, table, marketCommitment, finalChain, book);
  return allChallenges(poseidon, table, first, book, weightedBookOf(batches, book.length, T, first.alpha, first.r));
}

/** alpha and r, and h0 from which beta will be drawn too. */
export interface FirstChallenges {
  readonly h0: bigint;
  readonly alpha: bigint;
  readonly r: bigint;
}

/** The challenges that need no weighted book. */
export function firstChallenges(
  poseidon: Poseidon, table: MarketTable, marketCommitment: bigint, finalChain: bigint, book: readonly BookRow[],
): FirstChallenges {
  const unweighted = book.map(() => ({ net: 0n, gross: 0n, tiers: 0n }));
  const h0 = bookHash(poseidon, marketCommitment, finalChain, lastOf(digestsAtPages(poseidon, table, book, unweighted)).book);
  return { h0, alpha: alphaOf(poseidon, h0), r: rOf(poseidon, h0) };
}

/** All challenges, once alpha and r have given the weighted book. */
export function allChallenges(
  poseidon: Poseidon, table: MarketTable, { h0, alpha, r }: FirstChallenges, book: readonly BookRow[], weighted: WeightedBook,
): { readonly challenges: Challenges; readonly books: EpochBooks } {
  const digests = digestsAtPages(poseidon, table, book, weighted.rows);
  const beta = betaOf(poseidon, h0, lastOf(digests).weighted, weighted.beyond);
  return { challenges: { alpha, r, beta, tieredRows: BigInt(tieredRows(table)) }, books: { book, weighted, digests } };
}

/** Digests after the last page. */
export function lastOf(digests: readonly TableDigests[]): TableDigests {
  return digests[digests.length - 1] as TableDigests;
}

/** Pass 2: what every batch adds under the challenges, as the circuits compute it. */
export function accumulate(
  poseidon: Poseidon, challenges: Challenges, emptyRoot: bigint, firstLink: bigint, batches: readonly ChainedBatch[],
): EpochStates {
  const inverseAt = inversesAt(challenges.beta);
  const states = [genesisState(emptyRoot, firstLink)];
  for (const batch of batches) {
    const before = states[states.length - 1] as AccumulatorState;
    const { insertion: { rootAfter }, chainAfter } = batch;
    states.push(advance(before, { rootAfter, chainAfter }, additionOf(batch, before.power, challenges, inverseAt)));
  }
  return { challenges, challengesHash: challengesHash(poseidon, challenges), states };
}

/** What one batch adds to the state before it. */
export interface BatchAddition {
  readonly positions: number;
  readonly unhealthy: bigint;
  readonly shortfall: bigint;
  readonly sums: RunningSums;
  /** Of the account after the batch's last. */
  readonly powerAfter: bigint;
}

/** 1/(beta - index), each made once. */
export function inversesAt(beta: bigint): (index: number) => bigint {
  const inverses = new Map<number, bigint>();
  return (index) => {
    let inverse = inverses.get(index);
    if (inverse === undefined) {
      inverse = invertInField(subtractInField(beta, BigInt(index)));
      inverses.set(index, inverse);
    }
    return inverse;
  };
}

/** What a batch adds whose first account weighs `power`: alpha to its position. */
export function additionOf(
  { shape, accounts }: BatchOfAccounts, power: bigint, { alpha, r }: Pick<Challenges, 'alpha' | 'r'>, inverseAt: (index: number) => bigint,
): BatchAddition {
  let [unhealthy, shortfall, sums] = [0n, 0n, NO_SUMS];
  for (const account of accounts) {
    sums = addAccount(sums, account, shape.T, power, r, inverseAt);
    power = multiplyInField(power, alpha);
    if (account.excess.some((excess) => excess < 0n)) unhealthy += 1n;
    const standard = account.excess[0] ?? 0n;
    if (standard < 0n) shortfall -= standard;
  }
  return { positions: accounts.length, unhealthy, shortfall, sums, powerAfter: power };
}

/** The state after a batch. */
export function advance(
  before: AccumulatorState, batch: { readonly rootAfter: bigint; readonly chainAfter: bigint }, addition: BatchAddition,
): AccumulatorState {
  return {
    root: batch.rootAfter,
    positions: before.positions + BigInt(addition.positions),
    unhealthy: before.unhealthy + addition.unhealthy,
    shortfall: before.shortfall + addition.shortfall,
    chain: batch.chainAfter,
    power: addition.powerAfter,
    sums: addSums(before.sums, addition.sums),
  };
}

function addSums(some: RunningSums, more: RunningSums): RunningSums {
  return {
    weightedNet: addInField(some.weightedNet, more.weightedNet),
    weightedGross: addInField(some.weightedGross, more.weightedGross),
    net: addInField(some.net, more.net),
    gross: addInField(some.gross, more.gross),
    excess: addInField(some.excess, more.excess),
    placed: addInField(some.placed, more.placed),
    filled: addInField(some.filled, more.filled),
  };
}

function addAccount(
  sums: RunningSums, account: CommittedAccount, tieredSlots: number, power: bigint, r: bigint, inverseAt: (index: number) => bigint,
): RunningSums {
  let [net, gross] = [0n, 0n];
  for (const { index, quantity } of account.slots) {
    if (quantity === 0n) continue;
    const fraction = multiplyInField(toField(quantity), inverseAt(index));
    net = addInField(net, fraction);
    gross = quantity < 0n ? subtractInField(gross, fraction) : addInField(gross, fraction);
  }
  const { placed, filled } = tiersOf(account, tieredSlots, r, inverseAt);
  const combined = account.excess.reduceRight((sum, excess) => addInField(multiplyInField(sum, r), toField(excess)), 0n);
  return {
    weightedNet: addInField(sums.weightedNet, multiplyInField(power, net)),
    weightedGross: addInField(sums.weightedGross, multiplyInField(power, gross)),
    net: addInField(sums.net, net),
    gross: addInField(sums.gross, gross),
    excess: addInField(sums.excess, multiplyInField(power, combined)),
    placed: addInField(sums.placed, multiplyInField(power, placed)),
    filled: addInField(sums.filled, multiplyInField(power, filled)),
  };
}

/** Sums of r^j/(beta - k) and of r^j (|q| + headroom) over an account's tiered slots. */
function tiersOf(
  { slots, headrooms }: CommittedAccount, tieredSlots: number, r: bigint, inverseAt: (index: number) => bigint,
): { readonly placed: bigint; readonly filled: bigint } {
  let [placed, filled, weight] = [0n, 0n, 1n];
  for (const [slot, { index, quantity }] of slots.slice(0, tieredSlots).entries()) {
    const full = (quantity < 0n ? -quantity : quantity) + (headrooms[slot] as bigint);
    placed = addInField(placed, multiplyInField(weight, inverseAt(index)));
    filled = addInField(filled, multiplyInField(weight, toField(full)));
    weight = multiplyInField(weight, r);
  }
  return { placed, filled };
}

/** The public accumulator of each state, with its own blinding. */
export function accumulatorsOf(poseidon: Poseidon, epoch: EpochStates, blindings: readonly bigint[]): bigint[] {
  return epoch.states.map((state, place) => accumulatorOf(poseidon, blindings[place] as bigint, epoch.challengesHash, state));
}
