import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { REQUEST } from './frames.js';
import { NativeProgram, NativeProgramError } from './program.js';

/** Where the native program may be named: a path, or "none" for working without it. */
export const NATIVE_VARIABLE = 'CLEARPROOF_NATIVE';
const NONE = 'none';
/** Below the package: where "make native" puts it. */
const BUILT = join('build', 'native', 'clearproof-prover');
/** A program that says nothing for so long is another one, or hangs. */
const HELLO_MILLISECONDS = 10_000;
const MOST_HELLO = 4096;

/** What the program says of itself. */
export interface NativeHello {
  readonly version: string;
  /** The fastest that its processor has: portable, adx or ifma. */
  readonly arithmetic: string;
  readonly threads: number;
}

/** The native program on this machine. */
export type FoundNative =
  | { readonly state: 'answers'; readonly path: string; readonly hello: NativeHello; readonly named: boolean }
  /** It lies there and does not work, or was named and is not there. */
  | { readonly state: 'fails'; readonly path: string; readonly error: ClearproofError; readonly named: boolean }
  /** @param path where it would lie */
  | { readonly state: 'none'; readonly path: string; readonly named: boolean };

const found = new Map<string, Promise<FoundNative>>();

/** Looks for the program and has it answer, once a process and place. Never throws. @param built where "make native" puts it */
export function findNative(environment: NodeJS.ProcessEnv = process.env, built = builtPath()): Promise<FoundNative> {
  const named = environment[NATIVE_VARIABLE] ?? '';
  const path = named === '' || named === NONE ? built : resolve(named);
  const key = `${named}\0${path}`;
  let looking = found.get(key);
  if (looking === undefined) {
    looking = named === NONE ? Promise.resolve({ state: 'none', path, named: true }) : look(path, named !== '');
    found.set(key, looking);
  }
  return looking;
}

/** Has the program at a path say what it is. @throws NativeProgramError, NativeProgramDiedError */
export async function greet(path: string): Promise<NativeHello> {
  const program = new NativeProgram(path, ['serve']);
  try {
    const body = await program.request({ kind: REQUEST.hello, body: [], mostBytes: MOST_HELLO, timeoutMilliseconds: HELLO_MILLISECONDS });
    return helloOf(body, path);
  } finally {
    await program.close();
  }
}

async function look(path: string, named: boolean): Promise<FoundNative> {
  if (!named && !existsSync(path)) return { state: 'none', path, named };
  try {
    return { state: 'answers', path, hello: await greet(path), named };
  } catch (thrown) {
    const error = thrown instanceof ClearproofError ? thrown : new NativeProgramError(`${path} cannot be asked: ${messageOf(thrown)}`, { program: path }, { cause: thrown });
    return { state: 'fails', path, error, named };
  }
}

function helloOf(body: Uint8Array, path: string): NativeHello {
  let said: unknown;
  try {
    said = JSON.parse(new TextDecoder().decode(body));
  } catch {
    said = undefined;
  }
  const { version, arithmetic, threads } = (said ?? {}) as { readonly version?: unknown; readonly arithmetic?: unknown; readonly threads?: unknown };
  if (typeof version === 'string' && typeof arithmetic === 'string' && typeof threads === 'number') return { version, arithmetic, threads };
  throw new NativeProgramError(`${path} does not say what it is as this project's prover does: build it with "make native", or name another prover`, { program: path });
}

/** In the package this file belongs to, whether it runs compiled or from source. */
function builtPath(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'circuits', 'circuits.json')) || folder === dirname(folder)) return join(folder, BUILT);
  }
}
