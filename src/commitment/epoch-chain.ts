import { ClearproofError } from '../error/clearproof-error.js';
import { toField } from '../field/scalar-field.js';
import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** What fixes the layout of a batch: accounts, slots an account, scenarios, bits of an excess. */
export interface BatchShape {
  readonly N: number;
  readonly K: number;
  readonly S: number;
  readonly W: number;
}

/** Total signed and absolute quantity of one row over all accounts: B and O. */
export interface BookRow {
  readonly net: bigint;
  readonly gross: bigint;
}

/** The three random points of an epoch. */
export interface Challenges {
  readonly alpha: bigint;
  readonly r: bigint;
  readonly beta: bigint;
}

/** Running sums of the look-up argument, field elements. Names as in docs/statement.md: XG, XG', XB, XO, XD. */
export interface RunningSums {
  readonly weightedNet: bigint;
  readonly weightedGross: bigint;
  readonly net: bigint;
  readonly gross: bigint;
  readonly excess: bigint;
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
  const perWord = Math.floor(WORD_BITS / W);
  const offset = 1n << BigInt(W - 1);
  const outside = excesses.findIndex((excess) => excess < -offset || excess >= offset);
  if (outside >= 0) throw new ExcessRangeError(`excess ${outside} of the batch needs more than ${W} bits: list its instrument with a larger quantum`, { place: outside });
  const words: bigint[] = [];
  for (let first = 0; first < excesses.length; first += perWord) {
    const word = excesses
      .slice(first, first + perWord)
      .reduce((sum, excess, place) => sum + ((excess + offset) << BigInt(W * place)), 0n);
    words.push(word);
  }
  return words;
}

export function claimsHash(poseidon: Poseidon, shape: BatchShape, excesses: readonly bigint[]): bigint {
  const { K, N, S, W } = shape;
  return hashList(poseidon, tagOf('claims', K, N, S, W), packExcesses(excesses, W));
}

/** First link of an epoch's chain: binds every challenge to chain, registry, venue, version and epoch. */
export function chainStart(poseidon: Poseidon, closeDomain: bigint, epoch: bigint): bigint {
  return hashList(poseidon, tagOf('chainStart'), [closeDomain, epoch]);
}

export function chainNext(
  poseidon: Poseidon, shape: BatchShape, before: bigint, firstPosition: bigint, cells: readonly bigint[], claims: bigint,
): bigint {
  const { K, N, S, W } = shape;
  return hashList(poseidon, tagOf('chain', K, N, S, W), [before, firstPosition, ...cells, claims]);
}

/** h0: binds market, every leaf and claim, and the whole book. */
export function bookHash(poseidon: Poseidon, marketCommitment: bigint, finalChain: bigint, book: readonly BookRow[]): bigint {
  const elements = book.flatMap(({ net, gross }) => [toField(net), gross]);
  return hashList(poseidon, tagOf('book', book.length), [marketCommitment, finalChain, ...elements]);
}

export function alphaOf(poseidon: Poseidon, h0: bigint): bigint {
  return hashList(poseidon, tagOf('alpha'), [h0]);
}

export function rOf(poseidon: Poseidon, h0: bigint): bigint {
  return hashList(poseidon, tagOf('r'), [h0]);
}

/** beta: binds h0 and the weighted book G, G' (field elements). */
export function betaOf(poseidon: Poseidon, h0: bigint, weightedBook: readonly BookRow[]): bigint {
  const elements = weightedBook.flatMap(({ net, gross }) => [net, gross]);
  return hashList(poseidon, tagOf('weightedBook', weightedBook.length), [h0, ...elements]);
}

export function challengesHash(poseidon: Poseidon, { alpha, r, beta }: Challenges): bigint {
  return hashList(poseidon, tagOf('challenges'), [alpha, r, beta]);
}

export function accumulatorOf(poseidon: Poseidon, blinding: bigint, challenges: bigint, state: AccumulatorState): bigint {
  const { sums } = state;
  return hashList(poseidon, tagOf('accumulator'), [
    blinding, state.root, state.positions, state.unhealthy, state.shortfall, state.chain, challenges, state.power,
    sums.weightedNet, sums.weightedGross, sums.net, sums.gross, sums.excess,
  ]);
}

export const ZERO_SUMS: RunningSums = { weightedNet: 0n, weightedGross: 0n, net: 0n, gross: 0n, excess: 0n };

/** The state before the first batch. */
export function genesisState(emptyRoot: bigint, firstLink: bigint): AccumulatorState {
  return { root: emptyRoot, positions: 0n, unhealthy: 0n, shortfall: 0n, chain: firstLink, power: 1n, sums: ZERO_SUMS };
}
