import { ELEMENT_BYTES } from '../field/element-bytes.js';
import { FieldRangeError } from '../field/scalar-field.js';
import { findNative } from '../native/find-program.js';
import { REQUEST } from '../native/frames.js';
import { NativeProgram, NativeProgramError, NativeRefusal } from '../native/program.js';
import { bulkPoseidon } from './poseidon-bulk.js';
import { listsIn, oneByOne, type PoseidonMany } from './poseidon-many.js';

/** Elements of one request: 8 MiB, so that no answer needs much memory and no program waits long. */
const MOST_ELEMENTS = 2 ** 18;
/** Far longer than so many hashes take. */
const TIMEOUT_MILLISECONDS = 60_000;

/** By a running `clearproof-prover poseidon` of one thread. */
export class NativePoseidon implements PoseidonMany {
  private readonly program: NativeProgram;

  /** @param path of the program */
  constructor(path: string) {
    this.program = new NativeProgram(path, ['poseidon', '--threads', '1']);
  }

  async hashMany(inputs: number, elements: Uint8Array): Promise<Uint8Array> {
    const lists = listsIn(inputs, elements);
    const most = Math.floor(MOST_ELEMENTS / inputs);
    const hashes = new Uint8Array(ELEMENT_BYTES * lists);
    const parts: Promise<void>[] = [];
    for (let first = 0; first < lists; first += most) {
      const count = Math.min(most, lists - first);
      const part = elements.subarray(ELEMENT_BYTES * inputs * first, ELEMENT_BYTES * inputs * (first + count));
      parts.push(this.hashPart(inputs, count, part).then((answer) => hashes.set(answer, ELEMENT_BYTES * first)));
    }
    await Promise.all(parts);
    return hashes;
  }

  close(): Promise<void> {
    return this.program.close();
  }

  private async hashPart(inputs: number, count: number, elements: Uint8Array): Promise<Uint8Array> {
    const head = new Uint8Array(5);
    head[0] = inputs;
    new DataView(head.buffer).setUint32(1, count, true);
    const request = { kind: REQUEST.hash, body: [head, elements], mostBytes: ELEMENT_BYTES * count, timeoutMilliseconds: TIMEOUT_MILLISECONDS };
    const answer = await this.program.request(request).catch((thrown: unknown) => {
      if (thrown instanceof NativeRefusal && thrown.details.refusal === 'ELEMENT') throw new FieldRangeError('a Poseidon input is not in [0, p)');
      throw thrown;
    });
    if (answer.length === ELEMENT_BYTES * count) return answer;
    throw new NativeProgramError(`${this.program.path} gave ${answer.length} bytes for ${count} hashes: build it with "make native" again`, { program: this.program.path });
  }
}

/**
 * The fastest way to hash in bulk: the native program where it is built and answers, WebAssembly in this process otherwise. The hashes
 * are the same: what a circuit proves is over them.
 *
 * @param program path of the native program, `undefined` for none
 */
export async function poseidonMany(program: string | undefined): Promise<PoseidonMany> {
  return program === undefined ? oneByOne(await bulkPoseidon()) : new NativePoseidon(program);
}

/** Path of the native program where it may be used for hashing. */
export async function nativeForHashing(): Promise<string | undefined> {
  const native = await findNative();
  return native.state === 'answers' ? native.path : undefined;
}
