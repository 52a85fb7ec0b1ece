import { findNative, NATIVE_VARIABLE, type FoundNative } from '../native/find-program.js';
import { NativeProgramError } from '../native/program.js';
import type { ProverConfig } from './prover-config.js';

/** Words that name a prover of this project; anything else is the path of a program with rapidsnark's command line. */
export const PROVER_WORDS = ['native', 'snarkjs'] as const;

/** What proves, and what to tell of it. */
export interface ChosenProver {
  readonly config: ProverConfig;
  /** One line for people: what makes the proofs, and why not the native prover where it does not. */
  readonly says: string;
  /** Whether something is wrong that somebody should look at. */
  readonly warning: boolean;
}

/** A program that has not finished one proof by then hangs. */
const PROOF_TIMEOUT_MS = 30 * 60_000;

/**
 * The native prover where it is built or named by CLEARPROOF_NATIVE, and snarkjs otherwise. What is asked for by name is taken, or it is
 * an error: nobody shall wait hours for snarkjs who asked for the other.
 *
 * @param asked `native`, `snarkjs` or a path; undefined: whichever is best
 * @param timeoutMilliseconds for one proof of a program
 * @throws NativeProgramError, NativeProgramDiedError when the native prover was asked for and does not work
 */
export async function chooseProver(
  keysDirectory: string, asked?: string, timeoutMilliseconds = PROOF_TIMEOUT_MS, look: () => Promise<FoundNative> = findNative,
): Promise<ChosenProver> {
  const snarkjs: ProverConfig = { backend: 'snarkjs', keysDirectory };
  if (asked === 'snarkjs') return { config: snarkjs, says: 'proofs by snarkjs', warning: false };
  if (asked !== undefined && asked !== 'native') {
    return { config: { backend: 'external', keysDirectory, path: asked, timeoutMilliseconds }, says: `proofs by ${asked}`, warning: false };
  }
  const native = await look();
  if (native.state === 'answers') {
    const { path, hello: { version, arithmetic } } = native;
    return { config: { backend: 'native', keysDirectory, path, timeoutMilliseconds }, says: `proofs by the native prover ${version} (${arithmetic})`, warning: false };
  }
  if (asked === 'native' || (native.named && native.state === 'fails')) throw unfit(native);
  if (native.state === 'fails') return { config: snarkjs, says: `proofs by snarkjs, several times slower: ${native.error.message}`, warning: true };
  return { config: snarkjs, says: native.named ? 'proofs by snarkjs' : 'proofs by snarkjs, several times slower than the native prover, which "make native" builds', warning: false };
}

/** What proves where nothing was asked for. @throws as chooseProver */
export async function defaultProver(keysDirectory: string): Promise<ProverConfig> {
  return (await chooseProver(keysDirectory)).config;
}

function unfit(native: Exclude<FoundNative, { readonly state: 'answers' }>): Error {
  if (native.state === 'fails') return native.error;
  const { path, named } = native;
  return new NativeProgramError(
    named ? `the native prover was asked for, and ${NATIVE_VARIABLE} says that there is none: unset it` : `there is no native prover at ${path}: build it with "make native" (it needs cargo 1.89 or newer), or name another prover`,
    { program: path },
  );
}
