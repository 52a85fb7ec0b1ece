import { externalProver, type ExternalProverOptions } from './external-prover.js';
import { nativeProver, type NativeProverOptions } from './native-prover.js';
import type { Prover } from './prover.js';
import { snarkjsProver } from './snarkjs-prover.js';

/** Which prover to use, as plain data: from a configuration file, or sent to a worker. */
export type ProverConfig =
  | { readonly backend: 'snarkjs'; readonly keysDirectory: string }
  | ({ readonly backend: 'native'; readonly keysDirectory: string } & NativeProverOptions)
  | ({ readonly backend: 'external'; readonly keysDirectory: string } & ExternalProverOptions);

/** @param oneThread of a native program; snarkjs is told by useOneThread, and of any other program it depends on the program */
export function createProver(config: ProverConfig, oneThread = false): Prover {
  switch (config.backend) {
    case 'snarkjs':
      return snarkjsProver(config.keysDirectory);
    case 'native':
      return nativeProver(config.keysDirectory, config, oneThread);
    case 'external':
      return externalProver(config.keysDirectory, { path: config.path, timeoutMilliseconds: config.timeoutMilliseconds });
  }
}
