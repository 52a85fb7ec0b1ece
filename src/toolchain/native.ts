import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClearproofError } from '../error/clearproof-error.js';
import { CARGO_FOLDER, findCargo, runCargo } from './cargo.js';
import { runTool } from './command-line.js';

/** The native prover could not be built where it can be. */
export class NativeBuildError extends ClearproofError {
  readonly code = 'NATIVE_BUILD';
}

const PROGRAM = 'build/native/clearproof-prover';

/** Builds the native prover; says so, and is content, where it cannot be built. */
async function main(): Promise<void> {
  const cargo = await findCargo();
  if ('missing' in cargo) {
    const old = existsSync(PROGRAM) ? `; ${PROGRAM} stays as it is, of older sources` : '';
    console.log(`The native prover is not built: ${cargo.missing}. Everything works without it, and proofs take several times as long${old}.`);
    return;
  }
  const { status } = await runCargo(cargo.path, ['build', '--release', '--locked', '--offline']);
  if (status !== 0) throw new NativeBuildError(`cargo build ended with ${status}: see above, or work without the native prover by CLEARPROOF_NATIVE=none`, { status });
  await mkdir(dirname(PROGRAM), { recursive: true });
  // In one step: a program that runs keeps its own file.
  await copyFile(join(CARGO_FOLDER, 'release', 'clearproof-prover'), `${PROGRAM}.new`);
  await rename(`${PROGRAM}.new`, PROGRAM);
  // Where cargo found nothing to do its file is an old one, and make compares times.
  await utimes(PROGRAM, new Date(), new Date());
}

await runTool(main);
