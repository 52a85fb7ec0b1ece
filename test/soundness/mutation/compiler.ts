import fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The parts of the circom2 package used here, which has no types. */
interface CircomPackage {
  readonly CircomRunner: new (options: object) => { compile: () => Promise<WebAssembly.Module>; execute: (bytes: Uint8Array) => Promise<unknown> };
  readonly bindings: object;
}

const require = createRequire(import.meta.url);
const { CircomRunner, bindings } = require('circom2') as CircomPackage;
let compiler: Promise<WebAssembly.Module> | undefined;

/** Files of one compilation. */
export interface Compiled {
  readonly r1cs: string;
  readonly wasm: string;
  readonly sym: string;
}

/** Runs circom in this process, one compiled circom for all, which saves most of the time of a small circuit. */
export async function runCircom(args: readonly string[]): Promise<{ readonly succeeded: boolean; readonly output: string }> {
  compiler ??= WebAssembly.compile(fs.readFileSync(join(dirname(require.resolve('circom2')), 'circom.wasm')));
  let output = '';
  const writeSync = (fd: number, ...rest: readonly unknown[]): number => {
    if (fd !== 1 && fd !== 2) return (fs.writeSync as (...all: unknown[]) => number)(fd, ...rest);
    const written = textOf(rest);
    output += written.toString();
    return written.byteLength;
  };
  const runner = new CircomRunner({ args: [...args], env: {}, preopens: { '.': '.' }, bindings: { ...bindings, fs: { ...fs, writeSync } } });
  const module = await compiler;
  runner.compile = () => Promise.resolve(module);
  try {
    await runner.execute(new Uint8Array());
    return { succeeded: true, output };
  } catch {
    // circom leaves by its exit code, also after a panic.
    return { succeeded: false, output };
  }
}

/**
 * @param main path of the file with the main component, below the working directory
 * @returns undefined when circom refuses it
 */
export async function compileHere(main: string, output: string, libraries: readonly string[], optimisation: 1 | 2): Promise<Compiled | undefined> {
  fs.mkdirSync(output, { recursive: true });
  await runCircom([main, '--r1cs', '--wasm', '--sym', `--O${optimisation}`, '-o', output, ...libraries.flatMap((library) => ['-l', library])]);
  const name = main.slice(main.lastIndexOf('/') + 1).replace(/\.circom$/, '');
  const wasm = join(output, `${name}_js`, `${name}.wasm`);
  // A refused circuit has no witness program.
  return fs.existsSync(wasm) ? { r1cs: join(output, `${name}.r1cs`), wasm, sym: join(output, `${name}.sym`) } : undefined;
}

function textOf([buffer, offset, length]: readonly unknown[]): Buffer {
  if (typeof buffer === 'string') return Buffer.from(buffer);
  const bytes = Buffer.from(buffer as Uint8Array);
  return typeof offset === 'number' && typeof length === 'number' ? bytes.subarray(offset, offset + length) : bytes;
}
