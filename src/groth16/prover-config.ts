import { externalProver, type ExternalProverOptions } from './external-prover.js';
import type { Prover } from './prover.js';
import { snarkjsProver } from './snarkjs-prover.js';

/** Which prover to use, as plain data: from a configuration file, or sent to a worker. */
export type ProverConfig =
  | { readonly backend: 'snarkjs'; readonly keysDirectory: string }
  | ({ readonly backend: 'external'; readonly keysDirectory: string } & ExternalProverOptions);

export function createProver(config: ProverConfig): Prover {
  switch (config.backend) {
    case 'snarkjs':
      return snarkjsProver(config.keysDirectory);
    case 'external':
      return externalProver(config.keysDirectory, { path: config.path, timeoutMilliseconds: config.timeoutMilliseconds });
  }
}
