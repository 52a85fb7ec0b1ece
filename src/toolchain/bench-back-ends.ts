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
  /** Whether it proves all batches of the published accounts, and not only some of them. */
  readonly wholeFile: boolean;
}

/** Programs beside snarkjs. */
export interface BenchPrograms {
  /** This project's native prover; undefined where it is not built. */
  readonly native: string | undefined;
  /** One with rapidsnark's command line. */
  readonly external: string | undefined;
}

const TIMEOUT_MILLISECONDS = 600_000;

export function backEnds(keysDirectory: string, { native, external }: BenchPrograms): readonly BackEnd[] {
  const snarkjs = { config: { backend: 'snarkjs', keysDirectory } as const, wholeFile: false };
  const one = { processes: 1, threads: 'all' } as const;
  const two = { processes: 2, threads: 'one' } as const;
  const program = (path: string) => ({ keysDirectory, path, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
  const ofNative = native === undefined ? undefined : { backend: 'native' as const, ...program(native) };
  return [
    { name: 'snarkjs', describes: 'snarkjs, one process over all cores', ...snarkjs, ...one, forEpochs: false },
    { name: 'snarkjs-2', describes: 'snarkjs, two processes of one thread each', ...snarkjs, ...two, forEpochs: true },
    ...(ofNative === undefined ? [] : [
      { name: 'native', describes: 'the native prover, one process over all cores', config: ofNative, ...one, forEpochs: false, wholeFile: false },
      { name: 'native-2', describes: 'the native prover, two processes of one thread each', config: ofNative, ...two, forEpochs: true, wholeFile: true },
    ]),
    ...(external === undefined ? [] : [{
      name: 'external', describes: 'the program that CLEARPROOF_PROVER names, one proof at a time', ...one, forEpochs: true, wholeFile: false,
      config: { backend: 'external' as const, ...program(external) },
    }]),
  ];
}
