import { readFile } from 'node:fs/promises';
import { FIELD_MODULUS, toField } from '../../src/field/scalar-field.js';
import { readLittleEndian, viewOf } from '../../src/groth16/binary-file.js';
import { ELEMENT_BYTES, parseR1cs } from '../../src/groth16/r1cs.js';
import { WitnessCalculator } from '../../src/groth16/witness-calculator.js';
import { parseSymbols } from '../../src/toolchain/symbols.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';

/** Wire and coefficient of each term. */
export type LinearCombination = readonly (readonly [wire: number, coefficient: bigint])[];

/** One constraint: a * b = c over the wires. */
export interface Constraint {
  readonly a: LinearCombination;
  readonly b: LinearCombination;
  readonly c: LinearCombination;
}

/** A compiled circuit's constraints. Wire 0 is 1, wires 1 to nPublic are the public signals. */
export interface ConstraintSystem {
  readonly nWires: number;
  readonly nPublic: number;
  readonly constraints: readonly Constraint[];
}

export async function loadR1cs(path: string): Promise<ConstraintSystem> {
  const r1cs = parseR1cs(await readFile(path), path);
  const view = viewOf(r1cs.body);
  let position = 0;
  const list = (): LinearCombination => {
    const terms = view.getUint32(position, true);
    position += 4;
    return Array.from({ length: terms }, () => {
      const wire = view.getUint32(position, true);
      const coefficient = readLittleEndian(r1cs.body.subarray(position + 4, position + 4 + ELEMENT_BYTES));
      position += 4 + ELEMENT_BYTES;
      return [wire, coefficient] as const;
    });
  };
  const constraints = Array.from({ length: r1cs.constraints }, () => ({ a: list(), b: list(), c: list() }));
  return { nWires: r1cs.wires, nPublic: r1cs.outputs + r1cs.publicInputs, constraints };
}

/** Number of the first constraint that `witness` breaks, or undefined when it satisfies all. */
export function firstViolated({ constraints }: ConstraintSystem, witness: readonly bigint[]): number | undefined {
  const value = (terms: LinearCombination): bigint => terms.reduce((sum, [wire, coefficient]) => sum + coefficient * (witness[wire] ?? 0n), 0n);
  const found = constraints.findIndex(({ a, b, c }) => toField(value(a) * value(b) - value(c)) !== 0n);
  return found === -1 ? undefined : found;
}

/** Wire by full signal name, such as `main.leaf.inputs[3]`; -1 for a signal that the compiler removed. */
export async function symbols(path: string): Promise<ReadonlyMap<string, number>> {
  return parseSymbols(await readFile(path, 'utf8')).wireOf;
}

/** All wires. A failing constraint surfaces as WitnessRefusedError with circom's template and line. */
export async function calculateWitness(wasmPath: string, input: CircuitInput): Promise<bigint[]> {
  const wires = await (await WitnessCalculator.load(wasmPath, await readFile(wasmPath))).calculate(input);
  return Array.from({ length: wires.length / ELEMENT_BYTES }, (_, wire) => readLittleEndian(wires.subarray(wire * ELEMENT_BYTES, (wire + 1) * ELEMENT_BYTES)));
}

/** Some canonical element other than the given one. */
export function otherElement(value: bigint): bigint {
  return (value + 1n) % FIELD_MODULUS;
}
