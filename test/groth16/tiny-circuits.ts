import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { makeDevelopmentKey } from '../../src/toolchain/keys.js';
import { TEST_CIRCUITS, compileForTest, type CompiledTestCircuit } from '../harness/circuit.js';

const root = 'test/groth16/circuits';

/** product = left * right; label is public and in no constraint. */
export function productCircuit(): Promise<CompiledTestCircuit> {
  return compileForTest({ source: 'product.circom', template: 'Product', public: ['label', 'product'] }, { root });
}

/** An output instead of public inputs, and a range check of eight bits. */
export function rangeCircuit(): Promise<CompiledTestCircuit> {
  return compileForTest({ source: 'range.circom', template: 'Range', parameters: [8] }, { root });
}

/** Poseidon: dense rows over a larger domain, so that the set-up's threads have something to do. */
export function hashChainCircuit(length: number): Promise<CompiledTestCircuit> {
  return compileForTest({ source: 'hash-chain.circom', template: 'HashChain', parameters: [length], public: ['end'] }, { root });
}

export const PRODUCT_INPUT: CircuitInput = Object.freeze({ label: 5n, product: 12n, left: 3n, right: 4n });
export const PRODUCT_SIGNALS: readonly bigint[] = Object.freeze([5n, 12n]);

/** A folder with keys for these circuits, and how to remove it. */
export async function keyFolder(...circuits: readonly CompiledTestCircuit[]): Promise<{ readonly keys: string; readonly remove: () => Promise<void> }> {
  const keys = await mkdtemp(join(tmpdir(), 'clearproof-keys-'));
  for (const { name } of circuits) await makeDevelopmentKey(name, { circuits: TEST_CIRCUITS, keys });
  return { keys, remove: () => rm(keys, { recursive: true, force: true }) };
}
