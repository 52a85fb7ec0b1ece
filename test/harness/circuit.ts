import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compile, compiledPaths, mainSource, writeMain, type CompiledCircuit } from '../../src/toolchain/circom.js';

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

/** Compiles a circuit once for each content of all sources, and finds it again after that. */
export async function compileForTest(spec: TestCircuitSpec, { O = 2, root = 'circuits' }: TestCircuitOptions = {}): Promise<CompiledTestCircuit> {
  const main = { source: spec.source, template: spec.template, parameters: spec.parameters ?? [], publicInputs: spec.public ?? [] };
  const hash = createHash('sha256').update(`O${O}\n${mainSource(main)}`).update(sourcesBelow(root)).digest('hex').slice(0, 16);
  const name = `${spec.template.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}-${hash}`;
  const directory = join(TEST_CIRCUITS, name);
  const paths = compiledPaths(directory, name);
  if (!existsSync(paths.r1cs)) {
    const mainFile = join(TEST_CIRCUITS, 'main', `${name}.circom`);
    await writeMain(mainFile, main);
    await compile(mainFile, directory, { libraries: ['node_modules', root], optimisation: O });
  }
  return { ...paths, name };
}

function sourcesBelow(root: string): string {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.circom')).sort();
  return files.map((file) => `${file}\n${readFileSync(join(root, file), 'utf8')}`).join('\n');
}
