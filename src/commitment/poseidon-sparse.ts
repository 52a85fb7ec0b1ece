import { FIELD_MODULUS, FieldRangeError, invertInField } from '../field/scalar-field.js';
import type { Poseidon } from './poseidon.js';
import { FULL_ROUNDS, poseidonParameters, type PoseidonParameters } from './poseidon-parameters.js';

type Vector = readonly bigint[];
type Matrix = readonly Vector[];

/** A partial round as one row and one column: 2 * width products instead of width^2. */
interface SparseRound {
  /** Added to the first element. */
  readonly constant: bigint;
  /** First row of the matrix. */
  readonly row: Vector;
  /** First column below its head; the rest is the unit matrix. */
  readonly column: Vector;
}

interface Schedule {
  readonly width: number;
  readonly matrix: Matrix;
  /** Constants of each full round, in order. */
  readonly full: readonly Vector[];
  readonly partial: readonly SparseRound[];
  /** What all partial rounds together do to the elements after the first, and add at the end. */
  readonly rest: Matrix;
  readonly carried: Vector;
}

const HALF = FULL_ROUNDS / 2;
const schedules = new Map<number, Schedule>();

/**
 * Without WebAssembly and without tables of constants, about five times as fast as the portable one at 16 inputs: for pages, which should be small
 * and hash a market table before anyone waits. Refuses elements outside the field instead of reducing them.
 */
export const sparsePoseidon: Poseidon = {
  hash(inputs) {
    if (inputs.length < 1 || inputs.length > 16) throw new FieldRangeError(`Poseidon takes 1 to 16 inputs, got ${inputs.length}`);
    for (const input of inputs) {
      if (input < 0n || input >= FIELD_MODULUS) throw new FieldRangeError('a Poseidon input is not in [0, p)');
    }
    return permute(scheduleOf(inputs.length), [0n, ...inputs]);
  },
};

function scheduleOf(inputs: number): Schedule {
  const known = schedules.get(inputs);
  if (known !== undefined) return known;
  const made = schedule(poseidonParameters(inputs));
  schedules.set(inputs, made);
  return made;
}

/** First element of the permuted state. */
function permute({ width, matrix, full, partial, rest, carried }: Schedule, inputs: Vector): bigint {
  let state = inputs;
  for (let round = 0; round < HALF; round += 1) state = fullRound(matrix, full[round] as Vector, state);
  const sparse = [...state];
  for (const { constant, row, column } of partial) {
    const head = fifth((sparse[0] as bigint) + constant);
    let sum = head * (row[0] as bigint);
    for (let place = 1; place < width; place += 1) {
      const element = sparse[place] as bigint;
      sum += element * (row[place] as bigint);
      // Left unreduced: 70 products of 508 bits stay below 2^515, and reducing costs more than longer factors do.
      sparse[place] = element + head * (column[place - 1] as bigint);
    }
    sparse[0] = sum % FIELD_MODULUS;
  }
  const [head = 0n, ...others] = sparse;
  state = [head, ...times(rest, others)].map((element, place) => element + (carried[place] as bigint));
  for (let round = HALF; round < FULL_ROUNDS; round += 1) state = fullRound(matrix, full[round] as Vector, state);
  return state[0] as bigint;
}

function fullRound(matrix: Matrix, constants: Vector, state: Vector): Vector {
  return times(matrix, state.map((element, place) => fifth(element + (constants[place] as bigint))));
}

function fifth(element: bigint): bigint {
  const square = (element * element) % FIELD_MODULUS;
  return (((square * square) % FIELD_MODULUS) * element) % FIELD_MODULUS;
}

/**
 * The same permutation with the partial rounds' matrices made sparse.
 *
 * With M = [[m, v], [w, N]]: M = [[1, 0], [0, N]] * [[m, v], [N^-1 w, 1]]. The left factor leaves the first element alone, so it commutes with the next S-box and
 * goes into the next matrix. Round r (from 0) is left with row (m, v N^r) and column N^-(r+1) w, and N^rounds remains after the last. Constants
 * beyond the first element pass every S-box too and are carried on.
 */
function schedule({ width, partialRounds, constants, matrix }: PoseidonParameters): Schedule {
  const ofRound = (round: number): Vector => constants.slice(round * width, (round + 1) * width);
  const inner = matrix.slice(1).map((row) => row.slice(1));
  const inverse = inverseOf(inner);
  const [[head = 0n, ...start] = []] = matrix;
  let row: Vector = start;
  let column: Vector = matrix.slice(1).map(([first = 0n]) => first);
  let carried: Vector = new Array<bigint>(width).fill(0n);
  const partial: SparseRound[] = [];
  for (let round = 0; round < partialRounds; round += 1) {
    const [constant = 0n, ...passing] = ofRound(HALF + round).map((each, place) => (each + (carried[place] as bigint)) % FIELD_MODULUS);
    carried = times(matrix, [0n, ...passing]);
    column = times(inverse, column);
    partial.push({ constant, row: [head, ...row], column });
    row = times(transposed(inner), row);
  }
  const full = Array.from({ length: FULL_ROUNDS }, (_, round) => ofRound(round < HALF ? round : round + partialRounds));
  return { width, matrix, full, partial, rest: power(inner, partialRounds), carried };
}

function times(matrix: Matrix, vector: Vector): Vector {
  return matrix.map((row) => {
    let sum = 0n;
    for (let place = 0; place < vector.length; place += 1) sum += (row[place] as bigint) * (vector[place] as bigint);
    return sum % FIELD_MODULUS;
  });
}

/** By squaring. Requires exponent >= 1. */
function power(matrix: Matrix, exponent: number): Matrix {
  if (exponent === 1) return matrix;
  const half = power(matrix, Math.floor(exponent / 2));
  const squared = product(half, half);
  return exponent % 2 === 1 ? product(squared, matrix) : squared;
}

function product(left: Matrix, right: Matrix): Matrix {
  return transposed(transposed(right).map((column) => times(left, column)));
}

function transposed(matrix: Matrix): Matrix {
  return matrix.map((_, place) => matrix.map((row) => row[place] as bigint));
}

/** Gauss and Jordan. Every square part of a Cauchy matrix can be inverted, so no pivot is 0. */
function inverseOf(matrix: Matrix): Matrix {
  const size = matrix.length;
  const rows = matrix.map((row, place) => [...row, ...row.map((_, other) => (place === other ? 1n : 0n))]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const scale = invertInField(rows[pivot]?.[pivot] as bigint);
    const scaled = (rows[pivot] as bigint[]).map((each) => (each * scale) % FIELD_MODULUS);
    rows.forEach((row, place) => {
      const factor = row[pivot] as bigint;
      rows[place] = place === pivot ? scaled : row.map((each, at) => (((each - factor * (scaled[at] as bigint)) % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS);
    });
  }
  return rows.map((row) => row.slice(size));
}
