import { viewOf } from '../binary-file.js';
import { ELEMENT_BYTES } from '../r1cs.js';
import { BATCH, type CurveMemory, type Group } from './curve-memory.js';

/** Bits of the BN254 scalar field's order. */
const SCALAR_BITS = 254;
/** One window's table of this many bits still fits a second-level cache. */
const MOST_BITS = 13;

/** Bytes of an affine point: two coordinates, Montgomery form. */
export const POINT_BYTES: Readonly<Record<Group, number>> = { g1m: 64, g2m: 128 };

/** The window size that makes table and multiplications together cheapest for `count` scalars. */
export function windowBits(count: number): number {
  const cost = (bits: number): number => Math.ceil(SCALAR_BITS / bits) * (count + 2 ** bits);
  let best = 2;
  for (let bits = 3; bits <= MOST_BITS; bits++) if (cost(bits) < cost(best)) best = bits;
  return best;
}

/** Multiples of a group's generator from a table: one addition for each window of the scalar. */
export class GeneratorTable {
  private readonly windows: number;
  private readonly entries: number;
  private readonly table: number;
  private readonly scalars: number;
  private readonly sums: number;
  private readonly point: number;
  private readonly jacobian: number;

  constructor(
    private readonly memory: CurveMemory,
    private readonly group: Group,
    private readonly bits: number,
  ) {
    this.windows = Math.ceil(SCALAR_BITS / bits);
    this.entries = 2 ** bits - 1;
    this.point = POINT_BYTES[group];
    this.jacobian = (this.point / 2) * 3;
    this.table = memory.allocate(this.windows * this.entries * this.point);
    // Four bytes more, because a digit is cut out of the 32-bit word it starts in.
    this.scalars = memory.allocate(BATCH * ELEMENT_BYTES + 4);
    this.sums = memory.allocate(BATCH * this.jacobian);
    this.fill();
  }

  /** @returns the points scalar * generator, affine, for plain little-endian scalars below the order; infinity is all zeros. */
  multiply(scalars: Uint8Array): Uint8Array {
    const count = scalars.length / ELEMENT_BYTES;
    const points = new Uint8Array(count * this.point);
    for (let first = 0; first < count; first += BATCH) {
      const size = Math.min(BATCH, count - first);
      const memory = this.memory.bytes();
      memory.set(scalars.subarray(first * ELEMENT_BYTES, (first + size) * ELEMENT_BYTES), this.scalars);
      this.multiplyBatch(memory, size);
      points.set(memory.subarray(this.sums, this.sums + size * this.point), first * this.point);
    }
    return points;
  }

  private multiplyBatch(memory: Uint8Array, size: number): void {
    const view = viewOf(memory);
    const zero = this.memory.method(`${this.group}_zero`);
    const addMixed = this.memory.method(`${this.group}_addMixed`);
    for (let index = 0; index < size; index++) zero(this.sums + index * this.jacobian);
    for (let window = 0; window < this.windows; window++) {
      const bit = window * this.bits;
      const word = this.scalars + (bit >> 3);
      const row = this.table + (window * this.entries - 1) * this.point;
      for (let index = 0; index < size; index++) {
        const digit = (view.getUint32(word + index * ELEMENT_BYTES, true) >>> (bit & 7)) & this.mask(bit);
        const sum = this.sums + index * this.jacobian;
        if (digit !== 0) addMixed(sum, row + digit * this.point, sum);
      }
    }
    this.memory.method(`${this.group}_batchToAffine`)(this.sums, size, this.sums);
  }

  /** The last window may reach past the scalar into its neighbour: cut it at bit 256, whose bits above 254 are zero. */
  private mask(bit: number): number {
    return 2 ** Math.min(this.bits, 8 * ELEMENT_BYTES - bit) - 1;
  }

  private fill(): void {
    const multiples = this.memory.allocate((this.entries + 1) * this.jacobian);
    const base = this.memory.allocate(this.point);
    const toAffine = this.memory.method(`${this.group}_toAffine`);
    toAffine(this.memory.generator(this.group), base);
    for (let window = 0; window < this.windows; window++) {
      this.fillWindow(multiples, base, this.table + window * this.entries * this.point);
      toAffine(multiples + this.entries * this.jacobian, base);
    }
  }

  /** Writes 1*base … entries*base to `row`, and leaves (entries + 1)*base at the end of `multiples`. */
  private fillWindow(multiples: number, base: number, row: number): void {
    const addMixed = this.memory.method(`${this.group}_addMixed`);
    this.memory.method(`${this.group}_toJacobian`)(base, multiples);
    for (let index = 1; index <= this.entries; index++) {
      addMixed(multiples + (index - 1) * this.jacobian, base, multiples + index * this.jacobian);
    }
    const batchToAffine = this.memory.method(`${this.group}_batchToAffine`);
    for (let first = 0; first < this.entries; first += BATCH) {
      batchToAffine(multiples + first * this.jacobian, Math.min(BATCH, this.entries - first), row + first * this.point);
    }
  }
}
