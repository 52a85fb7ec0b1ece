import { ClearproofError } from '../error/clearproof-error.js';
import { findCargo, hasPart, runCargo } from './cargo.js';
import { runTool } from './command-line.js';

/** The sources below native/ are not as clippy and rustfmt want them. */
export class NativeLintError extends ClearproofError {
  readonly code = 'NATIVE_LINT';
}

/** What is run where its part of Rust's tools is installed. */
const CHECKS = [
  { part: 'clippy', run: ['clippy', '--all-targets', '--locked', '--offline', '--', '-D', 'warnings'] },
  { part: 'fmt', run: ['fmt', '--check'] },
] as const;

async function main(): Promise<void> {
  const cargo = await findCargo();
  if ('missing' in cargo) {
    console.log(`native/ is not linted: ${cargo.missing}.`);
    return;
  }
  for (const { part, run } of CHECKS) {
    if (!(await hasPart(cargo.path, part))) {
      console.log(`native/ is not looked at by cargo ${part}, which is not installed.`);
      continue;
    }
    const { status } = await runCargo(cargo.path, run);
    if (status !== 0) throw new NativeLintError(`cargo ${part} is not content with native/: see above`, { status });
  }
}

await runTool(main);
