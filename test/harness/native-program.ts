import { findNative, type FoundNative } from '../../src/native/find-program.js';
import { findCargo } from '../../src/toolchain/cargo.js';

/** The program as this project looks for it; tests that need it are chosen by whether it answers. */
export const NATIVE: FoundNative = await findNative();

/** Why it need not answer here, or undefined: where cargo can build it, it must. */
export async function reasonWithoutNative(): Promise<string | undefined> {
  const cargo = await findCargo();
  return 'missing' in cargo ? cargo.missing : undefined;
}
