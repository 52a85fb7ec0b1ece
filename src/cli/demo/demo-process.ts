import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ClearproofError } from '../../error/clearproof-error.js';

/** A command of the program ended otherwise than the demo has to. */
export class DemoCommandError extends ClearproofError {
  readonly code = 'DEMO_COMMAND';
}

/** The program's entry, for processes of its own. */
export const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));

/** Runs the program as its users do. @returns its exit code, one of `allowed` @throws DemoCommandError for any other */
export async function clearproof(args: readonly string[], allowed: readonly number[] = [0]): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2_000)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== null && allowed.includes(code)) return code;
  throw new DemoCommandError(`clearproof ${args[0]} ended with ${code ?? 'a signal'}: ${said.trim().split('\n').at(-1) ?? ''}`, { code: code ?? -1 });
}
