import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../groth16/circuit-list.js';
import { parseR1cs, type R1cs } from '../groth16/r1cs.js';
import { compile, compiledPaths, mainSource, writeMain, type CompiledCircuit, type MainComponent } from './circom.js';
import { runTool } from './command-line.js';
import { isCurrent, sourcesStamp } from './sources-stamp.js';
import { parseSymbols, publicSignalNames } from './symbols.js';

/** Where compiled circuits lie, and the generated files with their main components. */
export const CIRCUITS_DIRECTORY = 'build/circuits';

/** The template's public signals are not those of circuits.json, or stand in another order. */
export class PublicSignalsError extends ClearproofError {
  readonly code = 'PUBLIC_SIGNALS';
}

/** Paths of a circuit of the list once it is compiled. */
export function circuitPaths(name: string, directory = CIRCUITS_DIRECTORY): CompiledCircuit {
  return compiledPaths(join(directory, name), name);
}

/**
 * Compiles one circuit of the list into `directory`/<name>/.
 *
 * @param library root of the circuits, below the working directory, which must be the repository's root
 * @throws CircuitCompileError, PublicSignalsError
 */
export async function compileCircuit(circuit: CircuitDefinition, directory = CIRCUITS_DIRECTORY, library = 'circuits'): Promise<CompiledCircuit> {
  const main = join(directory, 'main', `${circuit.name}.circom`);
  const sources = await madeOf(mainComponent(circuit), library);
  await writeMain(main, mainComponent(circuit));
  // --O2 halves the domain of these circuits against circom's default, and with it the proving time.
  const compiled = await compile(main, join(directory, circuit.name), { libraries: ['node_modules', library], optimisation: 2 }, (files) =>
    requirePublicSignals(circuit, files),
  );
  const files = Object.values(compiled).map(async (file: string) => ({ name: relative(directory, file), content: await readFile(file) }));
  await writeFileAtomically(join(directory, stampName(circuit.name)), sourcesStamp(sources, await Promise.all(files)));
  return compiled;
}

/**
 * What `compileCircuit` made of this very main component, from the very sources and with the compiler that are there now; undefined where
 * it made nothing, or any of them has changed since.
 *
 * @param main of a circuit of the list
 */
export async function compiledAlready(main: MainComponent, list: readonly CircuitDefinition[], directory = CIRCUITS_DIRECTORY, library = 'circuits'): Promise<CompiledCircuit | undefined> {
  for (const circuit of list) {
    if (mainSource(mainComponent(circuit)) !== mainSource(main)) continue;
    if (await isCurrent(directory, stampName(circuit.name), await madeOf(main, library))) return circuitPaths(circuit.name, directory);
  }
  return undefined;
}

function mainComponent({ source, template, parameters, publicSignals }: CircuitDefinition): MainComponent {
  return { source, template, parameters: parameters.map(({ value }) => value), publicInputs: publicSignals };
}

function stampName(circuit: string): string {
  return join('main', `${circuit}.json`);
}

/** Everything a compiled circuit follows from; circomlib by its version. */
async function madeOf(main: MainComponent, library: string): Promise<string> {
  const files = (await readdir(library, { recursive: true })).filter((file) => file.endsWith('.circom')).sort();
  const sources = await Promise.all(files.map(async (file) => [file, await readFile(join(library, file), 'utf8')]));
  const require = createRequire(import.meta.url);
  const versions = ['circom2', 'circomlib'].map((name) => (require(`${name}/package.json`) as { version: string }).version);
  return JSON.stringify([versions, mainSource(main), sources]);
}

/** Number of constraints of a compiled circuit. Throws BinaryFileError. */
export async function constraintCount(r1csPath: string): Promise<number> {
  return (await readR1cs(r1csPath)).constraints;
}

/** The order of public signals is the order of a proof's inputs on chain: a swap would give every number another meaning. */
async function requirePublicSignals(circuit: CircuitDefinition, compiled: CompiledCircuit): Promise<void> {
  const { outputs, publicInputs } = await readR1cs(compiled.r1cs);
  const symbols = parseSymbols(await readFile(compiled.sym, 'utf8'));
  const found = publicSignalNames(symbols, outputs + publicInputs).join(', ');
  const listed = circuit.publicSignals.join(', ');
  if (found === listed) return;
  throw new PublicSignalsError(
    `circuit ${circuit.name}: the compiled public signals are (${found}), circuits.json says (${listed}): ` +
      'list them as the template declares them, and declare none of them as an output',
    { circuit: circuit.name, found, listed },
  );
}

async function readR1cs(path: string): Promise<R1cs> {
  return parseR1cs(await readFile(path), path);
}

/** Compiles the named circuits, or all, and prints a line for each. */
async function main(names: readonly string[]): Promise<void> {
  const list = await readCircuitList();
  const chosen = names.length === 0 ? list : names.map((name) => findCircuit(list, name));
  for (const circuit of chosen) {
    const start = performance.now();
    const { r1cs } = await compileCircuit(circuit);
    const { constraints, wires } = await readR1cs(r1cs);
    console.log(`${circuit.name}: ${constraints} constraints, ${wires} wires, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
