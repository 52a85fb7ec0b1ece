import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import type { TestCircuit } from './compiled-circuit.js';

/** The constraint that must say no: its template and a part of the source line it stands on. */
export interface ExpectedRefusal {
  readonly template: string;
  readonly statement: string;
  /** Where in the circuit: a line of a template that contains the failing one. */
  readonly below?: { readonly template: string; readonly statement: string };
}

/** Asserts that no witness exists for `input`, and that it fails at the named constraint and not by an accident elsewhere. */
export async function assertRefused(circuit: TestCircuit, input: CircuitInput, expected: ExpectedRefusal): Promise<void> {
  let refused: WitnessRefusedError | undefined;
  try {
    await circuit.calculate(input);
  } catch (thrown) {
    if (!(thrown instanceof WitnessRefusedError)) throw thrown;
    refused = thrown;
  }
  assert.ok(refused !== undefined, `accepted, but ${expected.template} should refuse it at "${expected.statement}"`);
  const frames = [...refused.message.matchAll(/(\w+) line (\d+)/g)].map(([, template = '', line]) => ({ template, line, source: sourceLine(template, Number(line)) }));
  const seen = frames.map(({ template, line, source }) => `${template}:${line} ${source}`).join('\n');
  const [failing] = frames;
  assert.ok(failing?.template === expected.template && failing.source.includes(expected.statement), `refused elsewhere:\n${seen}`);
  if (expected.below !== undefined) {
    const { template, statement } = expected.below;
    assert.ok(frames.slice(1).some((frame) => frame.template === template && frame.source.includes(statement)), `refused at another place:\n${seen}`);
  }
}

/** Asserts that a witness exists and that it satisfies the compiled constraints; gives it back. */
export async function assertAccepted(circuit: TestCircuit, input: CircuitInput): Promise<bigint[]> {
  const witness = await circuit.calculate(input);
  assert.deepEqual(circuit.system.violated(witness), []);
  return witness;
}

const files = new Map<string, readonly string[]>();

function sourceLine(template: string, line: number): string {
  if (files.size === 0) {
    for (const root of ['circuits', 'node_modules/circomlib/circuits']) {
      for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.circom') && !name.startsWith('main/'))) {
        const lines = readFileSync(join(root, file), 'utf8').split('\n');
        for (const text of lines) {
          const name = /^\s*template\s+(?:(?:parallel|custom)\s+)?(\w+)/.exec(text)?.[1];
          if (name !== undefined && !files.has(name)) files.set(name, lines);
        }
      }
    }
  }
  return files.get(template)?.[line - 1]?.trim() ?? '';
}
