import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../src/file/atomic-file.js';
import { WitnessCalculator } from '../../../src/groth16/witness-calculator.js';
import { ELEMENT_BYTES } from '../../../src/groth16/r1cs.js';
import { readLittleEndian } from '../../../src/groth16/binary-file.js';
import { findCircuit, readCircuitList } from '../../../src/groth16/circuit-list.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { TEST_CIRCUITS, compileForTest, type CompiledTestCircuit } from '../../harness/circuit.js';
import { loadR1cs, symbols } from '../../harness/r1cs.js';
import { TamperedSystem } from './tampered-system.js';

/** Everything a test asks of a compiled circuit. */
export interface TestCircuit {
  /** All wires. Throws WitnessRefusedError where a constraint fails. */
  readonly calculate: (input: CircuitInput) => Promise<bigint[]>;
  readonly system: TamperedSystem;
  /** Wire of a signal by full name; -1 where the compiler removed it. */
  readonly wireOf: ReadonlyMap<string, number>;
}

/** A circuit of circuits.json, fully simplified as it is proven; `root` is another folder when a mutated copy is meant. */
export async function listedCircuit(name: string, root = 'circuits'): Promise<TestCircuit> {
  const { template, source, parameters, publicSignals } = findCircuit(await readCircuitList(), name);
  return load(await compileForTest({ source, template, parameters: parameters.map(({ value }) => value), public: publicSignals }, { O: 2, root }));
}

/** One template as the main component. */
export async function templateCircuit(source: string, template: string, parameters: readonly (number | bigint)[], root = 'circuits'): Promise<TestCircuit> {
  return load(await compileForTest({ source, template, parameters }, { O: 1, root }));
}

/** A template that tests bring along, by its text, which includes circuits as circuits.json names them. */
export async function textCircuit(template: string, text: string): Promise<TestCircuit> {
  const folder = join(TEST_CIRCUITS, 'text', createHash('sha256').update(text).digest('hex').slice(0, 16));
  await writeFileAtomically(join(folder, 'wrapper.circom'), text);
  return load(await compileForTest({ source: join('..', folder, 'wrapper.circom'), template }, { O: 1 }));
}

/** Values of a signal of the main component, an array's in order. */
export function valuesOf(circuit: TestCircuit, witness: readonly bigint[], name: string): bigint[] {
  const values: bigint[] = [];
  for (const [full, wire] of circuit.wireOf) {
    if ((full === `main.${name}` || full.startsWith(`main.${name}[`)) && wire >= 0) values.push(witness[wire] as bigint);
  }
  return values;
}

async function load({ name, wasm, r1cs, sym }: CompiledTestCircuit): Promise<TestCircuit> {
  const calculator = await WitnessCalculator.load(name, await readFile(wasm));
  return {
    calculate: async (input) => wiresOf(await calculator.calculate(input)),
    system: new TamperedSystem(await loadR1cs(r1cs)),
    wireOf: await symbols(sym),
  };
}

function wiresOf(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, wire) => readLittleEndian(bytes.subarray(wire * ELEMENT_BYTES, (wire + 1) * ELEMENT_BYTES)));
}
