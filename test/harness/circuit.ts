import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { FileLockedError, lockFile } from '../../src/file/file-lock.js';
import { compile, compiledPaths, mainSource, writeMain, type CompiledCircuit, type MainComponent } from '../../src/toolchain/circom.js';
import { compiledAlready } from '../../src/toolchain/circuits.js';

/** Where test circuits are compiled, one folder each, named by what they are made of. */
export const TEST_CIRCUITS = 'build/test-circuits';

/** A template to compile as the main component. */
export interface TestCircuitSpec {
  /** Include path below the circuits' root. */
  readonly source: string;
  readonly template: string;
  readonly parameters?: readonly (number | bigint)[];
  /** Public inputs. */
  readonly public?: readonly string[];
}

export interface TestCircuitOptions {
  readonly O?: 0 | 1 | 2;
  /** Root of the circuits, such as a changed copy below build/. Must lie below the repository's root. */
  readonly root?: string;
}

export interface CompiledTestCircuit extends CompiledCircuit {
  /** Unique to spec, options and sources. */
  readonly name: string;
}

const compilations = new Map<string, Promise<CompiledTestCircuit>>();

/**
 * Compiles a circuit once for each content of all sources, and finds it again after that, in this process and in others. One of
 * circuits.json as it is proven is the one that make compiled, when it was made of these very sources.
 */
export async function compileForTest(spec: TestCircuitSpec, { O = 2, root = 'circuits' }: TestCircuitOptions = {}): Promise<CompiledTestCircuit> {
  const main = { source: spec.source, template: spec.template, parameters: spec.parameters ?? [], publicInputs: spec.public ?? [] };
  const hash = createHash('sha256').update(`O${O}\n${mainSource(main)}`).update(circuitSources(root)).digest('hex').slice(0, 16);
  const name = `${spec.template.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}-${hash}`;
  const compilation = compilations.get(name) ?? find(name, main, O, root);
  compilations.set(name, compilation);
  return compilation;
}

async function find(name: string, main: MainComponent, O: 0 | 1 | 2, root: string): Promise<CompiledTestCircuit> {
  const made = O === 2 && root === 'circuits' ? await compiledAlready(main, await readCircuitList()) : undefined;
  if (made !== undefined) return { ...made, name };
  const directory = join(TEST_CIRCUITS, name);
  const paths = compiledPaths(directory, name);
  const mainFile = join(TEST_CIRCUITS, 'main', `${name}.circom`);
  await writeMain(mainFile, main);
  // Tests run in several processes: one compiles, the others wait for it.
  const unlock = await lockPatiently(join(TEST_CIRCUITS, 'main', `${name}.lock`));
  try {
    if (!existsSync(paths.r1cs)) await inTurn(() => compile(mainFile, directory, { libraries: ['node_modules', root], optimisation: O }));
  } finally {
    await unlock();
  }
  return { ...paths, name };
}

const compiling = new Set<Promise<unknown>>();

/** Two at a time: each takes a core and half a gigabyte, and twenty at once would starve the tests that run beside. */
async function inTurn(work: () => Promise<unknown>): Promise<void> {
  while (compiling.size >= 2) await Promise.race(compiling).catch(() => undefined);
  const turn = work();
  compiling.add(turn);
  try {
    await turn;
  } finally {
    compiling.delete(turn);
  }
}

async function lockPatiently(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lockFile(file);
    } catch (thrown) {
      if (!(thrown instanceof FileLockedError)) throw thrown;
      await sleep(100);
    }
  }
}

/** All sources below a root, one after the other, each after its name. */
export function circuitSources(root: string): string {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.circom')).sort();
  return files.map((file) => `${file}\n${readFileSync(join(root, file), 'utf8')}`).join('\n');
}
