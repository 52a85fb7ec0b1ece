import { ClearproofError } from '../error/clearproof-error.js';
import { FIELD_MODULUS, toField } from '../field/scalar-field.js';
import type { CircuitInput, InputValue } from '../witness/circuit-input.js';
import { littleEndian, viewOf, writeSections } from './binary-file.js';
import { ELEMENT_BYTES } from './r1cs.js';
import { withCopiesTogether } from './witness-module.js';

/** No witness exists for these inputs: a constraint of the circuit fails. Says where; never the values, which are secret. */
export class WitnessRefusedError extends ClearproofError {
  readonly code = 'WITNESS_REFUSED';
}

/** Inputs do not fit the circuit: a signal that it lacks or that is missing, a wrong count, or a value outside the field. */
export class WitnessInputError extends ClearproofError {
  readonly code = 'WITNESS_INPUT';
}

/** The functions circom 2.2 exports from a circuit's WebAssembly. */
interface CircuitExports {
  init(sanityCheck: number): void;
  getFieldNumLen32(): number;
  getWitnessSize(): number;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, place: number): void;
  /** Puts a wire's eight words where `getSharedRWMemoryStart` says. */
  getWitness(wire: number): void;
  getSharedRWMemoryStart(): number;
  getMessageChar(): number;
  readonly memory: WebAssembly.Memory;
}

const WORDS = ELEMENT_BYTES / 4;
const ASSERT_FAILED = 4;

/**
 * Computes witnesses with a circuit's own WebAssembly, compiled once.
 *
 * Each witness gets a fresh instance, which takes a millisecond, and its memory is cleared: a refused input leaves nothing behind.
 * (circom's own runner prints to the console and repeats the text of earlier failures.)
 */
export class WitnessCalculator {
  private constructor(
    private readonly circuit: string,
    private readonly module: WebAssembly.Module,
  ) {}

  /** @param circuit what the circuit is called in errors */
  static async load(circuit: string, wasm: Uint8Array): Promise<WitnessCalculator> {
    return new WitnessCalculator(circuit, await WebAssembly.compile(withCopiesTogether(wasm)));
  }

  /**
   * All wires for `input`, 32 bytes little-endian each, wire 0 first.
   *
   * @throws WitnessInputError, WitnessRefusedError
   */
  async calculate(input: CircuitInput): Promise<Uint8Array> {
    const exports = await this.instantiate();
    try {
      exports.init(0);
      const given = Object.entries(input).reduce((sum, [name, value]) => sum + this.setInput(exports, name, value), 0);
      const expected = exports.getInputSize();
      if (given !== expected) {
        throw new WitnessInputError(`circuit ${this.circuit} takes ${expected} input values, ${given} are given`, { circuit: this.circuit, expected, given });
      }
      return readWires(exports);
    } finally {
      new Uint8Array(exports.memory.buffer).fill(0);
    }
  }

  private async instantiate(): Promise<CircuitExports> {
    const lines: string[] = [];
    const readMessage = (): string => {
      let text = '';
      for (let code = exports.getMessageChar(); code !== 0; code = exports.getMessageChar()) text += String.fromCharCode(code);
      return text;
    };
    const instance = await WebAssembly.instantiate(this.module, {
      runtime: {
        exceptionHandler: (code: number) => {
          throw this.refusal(code, lines);
        },
        printErrorMessage: () => lines.push(readMessage()),
        // A circuit's log() shows signals, which may be secret: read away, not shown.
        writeBufferMessage: readMessage,
        showSharedRWMemory: () => undefined,
        printDebug: () => undefined,
      },
    });
    const exports = instance.exports as unknown as CircuitExports;
    return exports;
  }

  /** @returns how many values the signal took */
  private setInput(exports: CircuitExports, name: string, value: InputValue): number {
    const values = flatten(value);
    const hash = fnv1a64(name);
    const [high, low] = [Number(hash >> 32n), Number(hash & 0xffffffffn)];
    const size = exports.getInputSignalSize(high, low);
    const wrong = (problem: string): WitnessInputError =>
      new WitnessInputError(`circuit ${this.circuit}: input ${name} ${problem}`, { circuit: this.circuit, signal: name });
    // circom tells an unknown name by a size of 0 or less, depending on the circuit's table of names.
    if (size <= 0 && values.length > 0) throw wrong('is no signal of the circuit');
    if (size !== values.length) throw wrong(`takes ${size} values, ${values.length} are given`);
    values.forEach((element, place) => {
      if (element >= FIELD_MODULUS || element <= -FIELD_MODULUS) throw wrong(`has a value at place ${place} that is no field element`);
      new Uint8Array(exports.memory.buffer).set(littleEndian(toField(element), ELEMENT_BYTES), exports.getSharedRWMemoryStart());
      exports.setInputSignal(high, low, place);
    });
    return values.length;
  }

  /** circom names the innermost template first. Instance numbers are dropped: they change with every compilation. */
  private refusal(code: number, lines: readonly string[]): ClearproofError {
    if (code !== ASSERT_FAILED) return new WitnessInputError(`circuit ${this.circuit}: circom's generator stopped with code ${code}`, { circuit: this.circuit });
    const places = [...lines.join('\n').matchAll(/in template (\w+?)(?:_\d+)? line: (\d+)/g)].map(([, template, line]) => `${template} line ${line}`);
    return new WitnessRefusedError(
      `circuit ${this.circuit} has no witness for these inputs: the constraint of ${places.join(', below ')} fails`,
      { circuit: this.circuit, place: places[0] ?? 'unknown' },
    );
  }
}

/** A .wtns file of the wires that WitnessCalculator computes. */
export function witnessFile(wires: Uint8Array): Uint8Array {
  const header = new Uint8Array(4 + ELEMENT_BYTES + 4);
  viewOf(header).setUint32(0, ELEMENT_BYTES, true);
  header.set(littleEndian(FIELD_MODULUS, ELEMENT_BYTES), 4);
  viewOf(header).setUint32(4 + ELEMENT_BYTES, wires.length / ELEMENT_BYTES, true);
  return writeSections('wtns', 2, [
    [1, header],
    [2, wires],
  ]);
}

/** Words are copied as they stand in memory: WebAssembly's are little-endian, as a witness file's. */
function readWires(exports: CircuitExports): Uint8Array {
  const count = exports.getWitnessSize();
  const wires = new Uint32Array(count * WORDS);
  const shared = new Uint32Array(exports.memory.buffer, exports.getSharedRWMemoryStart(), WORDS);
  for (let wire = 0, at = 0; wire < count; wire++) {
    exports.getWitness(wire);
    for (let word = 0; word < WORDS; word++) wires[at++] = shared[word] as number;
  }
  return new Uint8Array(wires.buffer);
}

function flatten(value: InputValue): readonly bigint[] {
  return typeof value === 'bigint' ? [value] : value.flatMap(flatten);
}

/** circom finds input signals by the 64-bit FNV-1a hash of their names. */
function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash;
}
