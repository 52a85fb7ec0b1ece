import { resolve } from 'node:path';
import { messageOf } from '../error/clearproof-error.js';
import { REQUEST } from '../native/frames.js';
import { NativeProgram, NativeProgramError, NativeRefusal } from '../native/program.js';
import { CheckingProver, type ProofBackend } from './checking-prover.js';
import { proofFromSnarkjs } from './proof-json.js';
import type { Groth16Proof } from './proof.js';
import type { Prover } from './prover.js';
import { KeyMalformedError, loadCircuitKey, type CircuitKey } from './proving-key.js';
import { ELEMENT_BYTES } from './r1cs.js';

export interface NativeProverOptions {
  /** The program, built from native/ of this project. */
  readonly path: string;
  readonly timeoutMilliseconds: number;
}

/** A proof and its public signals as JSON, however many there are. */
const MOST_ANSWER = 2 ** 22;

/**
 * Proves with one running native program, which keeps the keys mapped. Witnesses go over its pipe and are on no disk. A program that
 * died is started again with the next proof.
 *
 * @param oneThread whether it may use one thread only, instead of one for each core
 */
export function nativeProver(keysDirectory: string, options: NativeProverOptions, oneThread = false): Prover {
  return new CheckingProver(keysDirectory, new NativeBackend(options, oneThread));
}

class NativeBackend implements ProofBackend<CircuitKey> {
  readonly load = loadCircuitKey;
  private program: NativeProgram | undefined;

  constructor(private readonly options: NativeProverOptions, private readonly oneThread: boolean) {}

  async prove(key: CircuitKey, wires: Uint8Array): Promise<Groth16Proof> {
    const { path, timeoutMilliseconds } = this.options;
    if (this.program?.usable !== true) this.program = new NativeProgram(path, ['serve', ...(this.oneThread ? ['--threads', '1'] : [])]);
    const body = [...keyAndCount(key.zkeyFile, wires.length / ELEMENT_BYTES), wires];
    const answer = await this.program.request({ kind: REQUEST.prove, body, mostBytes: MOST_ANSWER, timeoutMilliseconds }).catch((thrown: unknown) => {
      throw isKeyRefusal(thrown) ? new KeyMalformedError(thrown.message, { file: key.zkeyFile }, { cause: thrown }) : thrown;
    });
    return proofOf(answer, path);
  }

  async close(): Promise<void> {
    await this.program?.close();
  }
}

function isKeyRefusal(thrown: unknown): thrown is NativeRefusal {
  return thrown instanceof NativeRefusal && thrown.details.refusal === 'KEY';
}

/** u16 length and UTF-8 of the key's path, u32 wires. */
function keyAndCount(zkeyFile: string, wires: number): Uint8Array[] {
  const path = new TextEncoder().encode(resolve(zkeyFile));
  const [length, count] = [new Uint8Array(2), new Uint8Array(4)];
  new DataView(length.buffer).setUint16(0, path.length, true);
  new DataView(count.buffer).setUint32(0, wires, true);
  return [length, path, count];
}

function proofOf(body: Uint8Array, program: string): Groth16Proof {
  try {
    return proofFromSnarkjs((JSON.parse(new TextDecoder().decode(body)) as { readonly proof?: unknown }).proof);
  } catch (cause) {
    throw new NativeProgramError(`${program} gave no readable proof: ${messageOf(cause)}`, { program }, { cause });
  }
}
