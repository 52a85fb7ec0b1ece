import type { CurveExports } from 'ffjavascript';
import { ELEMENT_BYTES } from '../r1cs.js';
import { littleEndian } from '../binary-file.js';

const PAGE_BYTES = 0x10000;
/** What ffjavascript starts the module with. */
const INITIAL_PAGES = 25;
/** What the module's own batch functions take beyond its free pointer: one coordinate for each of at most BATCH points, several times over. */
const SCRATCH_BYTES = 64 * PAGE_BYTES;

/** Most points or elements one batch call may have: its temporaries must fit in the scratch space. */
export const BATCH = 1024;

/** BN254's WebAssembly module, compiled, and the addresses of the groups' generators in it. Can be sent to a thread. */
export interface CurveImage {
  readonly module: WebAssembly.Module;
  readonly generators: Readonly<Record<Group, number>>;
}

/**
 * An instance of BN254's WebAssembly module and its memory, managed by hand.
 *
 * ffjavascript copies each operand in and out of WebAssembly; a set-up does millions of operations, so here operands stay where they are
 * and functions are called with addresses. Field elements are 32 bytes little-endian, plain or times 2^256 ("Montgomery").
 */
export class CurveMemory {
  private constructor(
    private readonly call: CurveExports,
    private readonly memory: WebAssembly.Memory,
    private readonly generators: Readonly<Record<Group, number>>,
  ) {}

  static async open({ module, generators }: CurveImage): Promise<CurveMemory> {
    const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    return new CurveMemory(instance.exports as CurveExports, memory, generators);
  }

  /** Address of a group's generator, Jacobian. */
  generator(group: Group): number {
    return this.generators[group];
  }

  /** Address of `length` zero bytes that stay taken. Views from `bytes` taken before no longer hold. */
  allocate(length: number): number {
    const free = new Uint32Array(this.memory.buffer, 0, 1);
    const address = ((free[0] ?? 0) + 7) & ~7;
    const end = address + length;
    free[0] = end;
    const missing = end + SCRATCH_BYTES - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.bytes().fill(0, address, end);
    return address;
  }

  /** All of the memory. Taken anew after each `allocate`. */
  bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** Address of a scalar field element in the form named. */
  element(value: bigint, form: ElementForm): number {
    const address = this.allocate(ELEMENT_BYTES);
    this.bytes().set(littleEndian(value, ELEMENT_BYTES), address);
    if (form === 'montgomery') this.method('frm_toMontgomery')(address, address);
    return address;
  }

  /** An exported function by name. */
  method(name: string): (...words: number[]) => number {
    const found = this.call[name];
    if (found === undefined) throw new TypeError(`the curve's WebAssembly module has no function ${name}`);
    return found;
  }
}

/** Prefix of a group's functions in the WebAssembly module. */
export type Group = 'g1m' | 'g2m';

/** Montgomery (x * 2^256 mod p) or x itself. A Montgomery product of the two forms is plain. */
export type ElementForm = 'montgomery' | 'plain';
