import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { FIELD_MODULUS } from '../field/scalar-field.js';
import { littleEndian } from '../groth16/binary-file.js';
import { ELEMENT_BYTES } from '../groth16/r1cs.js';
import { REQUEST } from '../native/frames.js';
import { NativeProgram } from '../native/program.js';
import { BenchProgramError } from './bench-programs.js';
import type { PoseidonRate } from './bench-report.js';
import { medianOf } from './bench-paired.js';

/** Pairs are what most hashes are of; sixteen are a node of the accounts tree. */
const INPUTS = [2, 16] as const;
const HASHES = 100_000;
const HASHES_OF_CIRCOMLIBJS = 2_000;
const RUNS = 3;
const TIMEOUT_MILLISECONDS = 120_000;

/** Hashes a second on one core: of the native program with each arithmetic, and of circomlibjs. Every first one is compared. @throws BenchProgramError */
export async function measurePoseidon(native: string | undefined, arithmetics: readonly string[]): Promise<PoseidonRate[]> {
  const poseidon = await bulkPoseidon();
  const rates: PoseidonRate[] = [];
  for (const inputs of INPUTS) {
    const first = elementsOf(inputs, 0);
    const expected = poseidon.hash(first);
    for (const by of native === undefined ? [] : arithmetics) rates.push({ by, inputs, hashesPerSecond: await nativeRate(native as string, by, inputs, expected) });
    const seconds: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      for (let hash = 0; hash < HASHES_OF_CIRCOMLIBJS; hash += 1) poseidon.hash(first);
      seconds.push((performance.now() - started) / 1000);
    }
    rates.push({ by: 'circomlibjs', inputs, hashesPerSecond: HASHES_OF_CIRCOMLIBJS / (medianOf(seconds) as number) });
  }
  return rates;
}

async function nativeRate(path: string, arithmetic: string, inputs: number, expected: bigint): Promise<number> {
  const program = new NativeProgram(path, ['poseidon', '--threads', '1', '--arithmetic', arithmetic]);
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, HASHES, true);
  const elements = new Uint8Array(HASHES * inputs * ELEMENT_BYTES);
  for (let hash = 0; hash < HASHES; hash += 1) {
    for (const [place, element] of elementsOf(inputs, hash).entries()) elements.set(littleEndian(element, ELEMENT_BYTES), (hash * inputs + place) * ELEMENT_BYTES);
  }
  try {
    const seconds: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      const hashes = await program.request({ kind: REQUEST.hash, body: [Uint8Array.of(inputs), count, elements], mostBytes: HASHES * ELEMENT_BYTES, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
      seconds.push((performance.now() - started) / 1000);
      if (hashes.length !== HASHES * ELEMENT_BYTES || Buffer.compare(hashes.subarray(0, ELEMENT_BYTES), littleEndian(expected, ELEMENT_BYTES)) !== 0) {
        throw new BenchProgramError(`${path} hashes another way than circomlibjs with ${arithmetic}`, { program: path, arithmetic });
      }
    }
    return HASHES / (medianOf(seconds) as number);
  } finally {
    await program.close();
  }
}

/** Spread over the field. */
function elementsOf(inputs: number, hash: number): bigint[] {
  return Array.from({ length: inputs }, (_, place) => (FIELD_MODULUS / BigInt(2 + place + (hash % 1000))) - BigInt(hash));
}
