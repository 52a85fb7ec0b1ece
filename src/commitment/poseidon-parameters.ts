import { FIELD_MODULUS, FieldRangeError, invertInField } from '../field/scalar-field.js';

/** Rounds with an S-box on every element: half before, half after the partial ones. */
export const FULL_ROUNDS = 8;
/** Rounds with an S-box on the first element alone, by number of inputs from 1; circomlib's. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68] as const;
const FIELD_BITS = 254;
/** Bits of the Grain register. */
const REGISTER = 80;
const TAPS = [62, 51, 38, 23, 13, 0] as const;

/** What one width of Poseidon is made of. */
export interface PoseidonParameters {
  /** Elements of the state: inputs + 1. */
  readonly width: number;
  readonly partialRounds: number;
  /** `width` constants a round, round by round. */
  readonly constants: readonly bigint[];
  /** Row by row. */
  readonly matrix: readonly (readonly bigint[])[];
}

/**
 * Constants and matrix as the Poseidon paper's reference script draws them for x^5 over this field (generate_parameters_grain.sage
 * 1 0 254 width 8 rounds p), which is where circomlib has its own from.
 *
 * @param inputs 1 to 16
 */
export function poseidonParameters(inputs: number): PoseidonParameters {
  const width = inputs + 1;
  const partialRounds = PARTIAL_ROUNDS[inputs - 1] ?? 0;
  const count = width * (FULL_ROUNDS + partialRounds);
  // One draw in four is beyond the field, one pair of bits in two is left out.
  const grain = new Grain(width, partialRounds, 2 * (count + width));
  const constants: bigint[] = [];
  while (constants.length < count) {
    const drawn = grain.integer();
    if (drawn < FIELD_MODULUS) constants.push(drawn);
  }
  // A Cauchy matrix of 2 * width elements; unlike constants they are reduced.
  const points = Array.from({ length: 2 * width }, () => grain.integer() % FIELD_MODULUS);
  const rows = points.slice(0, width);
  const columns = points.slice(width);
  const matrix = rows.map((x) => columns.map((y) => invertInField((x + y) % FIELD_MODULUS)));
  return { width, partialRounds, constants, matrix };
}

/** The Grain register in self-shrinking mode: of two bits the second is taken if the first is 1. */
class Grain {
  private readonly bits: Uint8Array;
  private next = 160;

  /** @param integers how many are drawn at most, or a bound that more would break with certainty */
  constructor(width: number, partialRounds: number, integers: number) {
    // A prime field, x^alpha, then the sizes, then ones.
    const seed = [[1, 2], [0, 4], [FIELD_BITS, 12], [width, 12], [FULL_ROUNDS, 10], [partialRounds, 10], [2 ** 30 - 1, 30]] as const;
    const bits = new Uint8Array(REGISTER + this.next + 4 * FIELD_BITS * integers);
    bits.set(seed.flatMap(([value, length]) => [...value.toString(2).padStart(length, '0')].map(Number)));
    for (let at = 0; at + REGISTER < bits.length; at += 1) {
      let bit = 0;
      for (const tap of TAPS) bit ^= bits[at + tap] as number;
      bits[at + REGISTER] = bit;
    }
    this.bits = bits.subarray(REGISTER);
  }

  /** FIELD_BITS bits, the highest first. */
  integer(): bigint {
    let hex = '0x';
    let digit = 0;
    // Filled up to whole digits from the left.
    for (let taken = 2; taken < FIELD_BITS + 2; this.next += 2) {
      if (this.next + 1 >= this.bits.length) throw new FieldRangeError('the Grain register was made too short');
      if (this.bits[this.next] === 0) continue;
      digit = digit * 2 + (this.bits[this.next + 1] as number);
      taken += 1;
      if (taken % 4 === 0) {
        hex += digit.toString(16);
        digit = 0;
      }
    }
    return BigInt(hex);
  }
}
