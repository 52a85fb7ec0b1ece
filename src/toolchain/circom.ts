import { spawn } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { ClearproofError } from '../error/clearproof-error.js';
import { temporaryName } from '../file/atomic-file.js';

/** circom refused a circuit. The message holds circom's own text. */
export class CircuitCompileError extends ClearproofError {
  readonly code = 'CIRCUIT_COMPILE';
}

/** What `component main` is made of. */
export interface MainComponent {
  /** Include path, as circom finds it below the library folders. */
  readonly source: string;
  readonly template: string;
  readonly parameters: readonly (number | bigint)[];
  /** Inputs that are public; outputs always are. */
  readonly publicInputs: readonly string[];
}

export interface CompileOptions {
  /** Folders that includes are looked up in, below the working directory. */
  readonly libraries: readonly string[];
  /** circom's --O0, --O1 or --O2: how many linear constraints it removes. */
  readonly optimisation: 0 | 1 | 2;
}

/** Paths of a compiled circuit. */
export interface CompiledCircuit {
  readonly r1cs: string;
  readonly wasm: string;
  readonly sym: string;
}

/** Text of the file with the main component. */
export function mainSource(main: MainComponent): string {
  const publics = main.publicInputs.length === 0 ? '' : ` {public [${main.publicInputs.join(', ')}]}`;
  return [
    '// Generated from the list of circuits. Do not edit.',
    'pragma circom 2.2.3;',
    `include "${main.source}";`,
    `component main${publics} = ${main.template}(${main.parameters.join(', ')});`,
    '',
  ].join('\n');
}

/** Where `compile` puts what it makes of `name`. */
export function compiledPaths(directory: string, name: string): CompiledCircuit {
  return { r1cs: join(directory, `${name}.r1cs`), wasm: join(directory, `${name}.wasm`), sym: join(directory, `${name}.sym`) };
}

/**
 * Compiles the file `mainFile` into `directory`, which appears or is replaced as a whole.
 *
 * The working directory must be the repository's root: circom2 reads only below it.
 * @param accept is shown the compiled files before they get their final names, and may throw to refuse them
 * @throws CircuitCompileError
 */
export async function compile(
  mainFile: string,
  directory: string,
  options: CompileOptions,
  accept: (compiled: CompiledCircuit) => Promise<void> = () => Promise.resolve(),
): Promise<CompiledCircuit> {
  const name = basename(mainFile, '.circom');
  const temporary = temporaryName(directory);
  await mkdir(temporary, { recursive: true });
  try {
    const libraries = options.libraries.flatMap((library) => ['-l', library]);
    await circom([mainFile, '--r1cs', '--wasm', '--sym', `--O${options.optimisation}`, '-o', relative('.', temporary), ...libraries], mainFile);
    await rename(join(temporary, `${name}_js`, `${name}.wasm`), join(temporary, `${name}.wasm`));
    await rm(join(temporary, `${name}_js`), { recursive: true });
    await accept(compiledPaths(temporary, name));
    await rm(directory, { recursive: true, force: true });
    await rename(temporary, directory);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return compiledPaths(directory, name);
}

/** Writes `component main` where `compile` can read it. */
export async function writeMain(path: string, main: MainComponent): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  const temporary = temporaryName(path);
  await writeFile(temporary, mainSource(main));
  await rename(temporary, path);
}

function circom(args: readonly string[], mainFile: string): Promise<void> {
  const cli = createRequire(import.meta.url).resolve('circom2/cli.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], execArgv: [] } as object);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new CircuitCompileError(`circom refused ${mainFile}:\n${withoutColour(output).trim()}`, { file: mainFile, exitCode: code ?? -1 }));
    });
  });
}

function withoutColour(text: string): string {
  // eslint-disable-next-line no-control-regex -- circom colours its messages with escape sequences
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}
