import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { readCircuitList } from '../groth16/circuit-list.js';
import { circuitPaths, constraintCount } from './circuits.js';
import { runTool } from './command-line.js';

export const CONSTRAINT_SNAPSHOT = 'test/snapshots/constraints.json';

/** A circuit costs another number of constraints than the snapshot says. */
export class ConstraintsChangedError extends ClearproofError {
  readonly code = 'CONSTRAINTS_CHANGED';
}

/** Shape and cost of a circuit: the template's parameters by name, and `total`, the constraints at --O2. */
export type CircuitCost = Readonly<Record<string, number | string>>;

/** Cost of every circuit of circuits.json, counted in what was compiled from source. */
export async function countConstraints(): Promise<Readonly<Record<string, CircuitCost>>> {
  const costs: Record<string, CircuitCost> = {};
  for (const circuit of await readCircuitList()) {
    const parameters = Object.fromEntries(circuit.parameters.map(({ name, value }) => [name, value]));
    costs[circuit.name] = { kind: circuit.template, ...parameters, total: await constraintCount(circuitPaths(circuit.name).r1cs) };
  }
  return costs;
}

/** Compares with the snapshot, or renews it when UPDATE_SNAPSHOTS is set. */
async function main(): Promise<void> {
  const costs = await countConstraints();
  const text = `${JSON.stringify(costs, undefined, 2)}\n`;
  for (const [name, cost] of Object.entries(costs)) console.log(`${name}: ${cost.total} constraints`);
  if (process.env.UPDATE_SNAPSHOTS !== undefined) return writeFileAtomically(CONSTRAINT_SNAPSHOT, text);
  if (text !== (await readFile(CONSTRAINT_SNAPSHOT, 'utf8'))) {
    throw new ConstraintsChangedError(`the counts differ from ${CONSTRAINT_SNAPSHOT}: when the change is meant, run "UPDATE_SNAPSHOTS=1 make constraints"`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
