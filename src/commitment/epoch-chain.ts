import { ClearproofError } from '../error/clearproof-error.js';
import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** What fixes the layout of a batch: accounts, slots an account, how many of them are tiered, scenarios, bits of an excess. */
export interface BatchShape {
  readonly N: number;
  readonly K: number;
  /** The first T slots may hold rows of the tiered region; 0 <= T <= K. */
  readonly T: number;
  readonly S: number;
  readonly W: number;
}

/** Total signed and absolute quantity of one row over all accounts: B and O. */
export interface BookRow {
  readonly net: bigint;
  readonly gross: bigint;
}

/** The same with every account weighted by alpha^position, and the weights of the row's tiered slots: G, G', N. Field elements. */
export interface WeightedRow extends BookRow {
  readonly tiers: bigint;
}

/** The three random points of an epoch, and the size of the tiered region, which every accumulator carries with them. */
export interface Challenges {
  readonly alpha: bigint;
  readonly r: bigint;
  readonly beta: bigint;
  readonly tieredRows: bigint;
}

/** Running sums of the look-up argument, field elements. Names as in docs/statement.md: XG, XG', XB, XO, XD, XN, XC. */
export interface RunningSums {
  readonly weightedNet: bigint;
  readonly weightedGross: bigint;
  readonly net: bigint;
  readonly gross: bigint;
  readonly excess: bigint;
  readonly placed: bigint;
  readonly filled: bigint;
}

/** Everything that one batch hands to the next. */
export interface AccumulatorState {
  readonly root: bigint;
  readonly positions: bigint;
  readonly unhealthy: bigint;
  /** Value units. */
  readonly shortfall: bigint;
  readonly chain: bigint;
  /** alpha^positions */
  readonly power: bigint;
  readonly sums: RunningSums;
}

const WORD_BITS = 252;
/** A headroom is at most 2^64, the cap of an uncapped row. */
const HEADROOM_BITS = 65;

/** An excess does not fit its W bits; packed all the same it would read as another account's. */
export class ExcessRangeError extends ClearproofError {
  readonly code = 'EXCESS_RANGE';
}

/**
 * Offset excesses `E + 2^(W-1)`, floor(252/W) to a word, in the given order.
 *
 * @throws ExcessRangeError naming the place in the list, when one is outside [-2^(W-1), 2^(W-1))
 */
export function packExcesses(excesses: readonly bigint[], W: number): bigint[] {
  const offset = 1n << BigInt(W - 1);
  const outside = excesses.findIndex((excess) => excess < -offset || excess >= offset);
  if (outside >= 0) throw new ExcessRangeError(`excess ${outside} of the batch needs more than ${W} bits: list its instrument with a larger quantum`, { place: outside });
  return packed(excesses.map((excess) => excess + offset), W);
}

/**
 * Headrooms of tiered slots, three 65-bit words to one, in the given order.
 *
 * @throws ExcessRangeError when one is outside [0, 2^65)
 */
export function packHeadrooms(headrooms: readonly bigint[]): bigint[] {
  const outside = headrooms.findIndex((headroom) => headroom < 0n || headroom >> BigInt(HEADROOM_BITS) !== 0n);
  if (outside >= 0) throw new ExcessRangeError(`headroom ${outside} of the batch is outside [0, 2^65): a tier holds more than its cap`, { place: outside });
  return packed(headrooms, HEADROOM_BITS);
}

/** Floor(252/bits) numbers to a word, the first lowest. */
function packed(numbers: readonly bigint[], bits: number): bigint[] {
  const perWord = Math.floor(WORD_BITS / bits);
  const words: bigint[] = [];
  for (let first = 0; first < numbers.length; first += perWord) {
    words.push(numbers.slice(first, first + perWord).reduce((sum, number, place) => sum + (number << BigInt(bits * place)), 0n));
  }
  return words;
}

/** Hash of all claims of a batch: excesses in the order account, scenario; headrooms in the order account, slot. */
export function claimsHash(poseidon: Poseidon, shape: BatchShape, excesses: readonly bigint[], headrooms: readonly bigint[]): bigint {
  const { K, N, S, W, T } = shape;
  return hashList(poseidon, tagOf('claims', K, N, S, W, T), [...packExcesses(excesses, W), ...packHeadrooms(headrooms)]);
}

/** First link of an epoch's chain: binds every challenge to chain, registry, venue, version and epoch. */
export function chainStart(poseidon: Poseidon, closeDomain: bigint, epoch: bigint): bigint {
  return hashList(poseidon, tagOf('chainStart'), [closeDomain, epoch]);
}

export function chainNext(
  poseidon: Poseidon, shape: BatchShape, before: bigint, firstPosition: bigint, cells: readonly bigint[], claims: bigint,
): bigint {
  const { K, N, S, W, T } = shape;
  return hashList(poseidon, tagOf('chain', K, N, S, W, T), [before, firstPosition, ...cells, claims]);
}

/** h0: binds market, every leaf and claim (through the chain), and the whole book (through its digest). */
export function bookHash(poseidon: Poseidon, marketCommitment: bigint, finalChain: bigint, bookDigest: bigint): bigint {
  return hashList(poseidon, tagOf('book'), [marketCommitment, finalChain, bookDigest]);
}

export function alphaOf(poseidon: Poseidon, h0: bigint): bigint {
  return hashList(poseidon, tagOf('alpha'), [h0]);
}

export function rOf(poseidon: Poseidon, h0: bigint): bigint {
  return hashList(poseidon, tagOf('r'), [h0]);
}

/** beta: binds h0, the weighted book (through its digest) and the tier weights of the T indices beyond the last row. */
export function betaOf(poseidon: Poseidon, h0: bigint, weightedDigest: bigint, beyond: readonly bigint[]): bigint {
  return hashList(poseidon, tagOf('weightedBook', beyond.length), [h0, weightedDigest, ...beyond]);
}

export function challengesHash(poseidon: Poseidon, { alpha, r, beta, tieredRows }: Challenges): bigint {
  return hashList(poseidon, tagOf('challenges'), [alpha, r, beta, tieredRows]);
}

/** XG, XG', XB, XO, XD, XN, XC in the circuits' order. */
export function sumsInOrder(sums: RunningSums): bigint[] {
  return [sums.weightedNet, sums.weightedGross, sums.net, sums.gross, sums.excess, sums.placed, sums.filled];
}

export function accumulatorOf(poseidon: Poseidon, blinding: bigint, challenges: bigint, state: AccumulatorState): bigint {
  return hashList(poseidon, tagOf('accumulator'), accumulatorElements(blinding, challenges, state));
}

/** What an accumulator is the hash of, without its tag. */
export function accumulatorElements(blinding: bigint, challenges: bigint, { root, positions, unhealthy, shortfall, chain, power, sums }: AccumulatorState): bigint[] {
  return [blinding, root, positions, unhealthy, shortfall, chain, challenges, power, ...sumsInOrder(sums)];
}

export const ZERO_SUMS: RunningSums = { weightedNet: 0n, weightedGross: 0n, net: 0n, gross: 0n, excess: 0n, placed: 0n, filled: 0n };

/** The state before the first batch. */
export function genesisState(emptyRoot: bigint, firstLink: bigint): AccumulatorState {
  return { root: emptyRoot, positions: 0n, unhealthy: 0n, shortfall: 0n, chain: firstLink, power: 1n, sums: ZERO_SUMS };
}
