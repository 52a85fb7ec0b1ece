import type { ProverConfig } from '../groth16/prover-config.js';

/** A way to make proofs that is measured: a prover, in so many processes. A further prover is one more entry of `backEnds`. */
export interface BackEnd {
  /** Names it in the report. */
  readonly name: string;
  readonly describes: string;
  readonly config: ProverConfig;
  readonly processes: number;
  /** Of snarkjs in each process. */
  readonly threads: 'one' | 'all';
  /** Whether whole epochs are measured and projected with it; the others are for comparison. */
  readonly forEpochs: boolean;
}

const TIMEOUT_MILLISECONDS = 600_000;

/** @param external path of a program with rapidsnark's command line, if there is one */
export function backEnds(keysDirectory: string, external: string | undefined): readonly BackEnd[] {
  const snarkjs: ProverConfig = { backend: 'snarkjs', keysDirectory };
  return [
    { name: 'snarkjs', describes: 'snarkjs, one process over all cores', config: snarkjs, processes: 1, threads: 'all', forEpochs: false },
    { name: 'snarkjs-2', describes: 'snarkjs, two processes of one thread each', config: snarkjs, processes: 2, threads: 'one', forEpochs: true },
    ...(external === undefined ? [] : [{
      name: 'external', describes: 'the program that CLEARPROOF_PROVER names, one proof at a time', processes: 1, threads: 'all' as const, forEpochs: true,
      config: { backend: 'external' as const, keysDirectory, path: external, timeoutMilliseconds: TIMEOUT_MILLISECONDS },
    }]),
  ];
}
