/** The part of snarkjs this project uses; the package ships no types. */
declare module 'snarkjs' {
  /** A file that lives in memory; snarkjs takes it wherever it takes a path. */
  export interface MemoryFile {
    readonly type: 'mem';
    data?: Uint8Array;
  }
  /** A file on disk, and the bytes of it that snarkjs keeps and reads at once. */
  export interface PagedFile {
    readonly type: 'file';
    readonly fileName: string;
    readonly cacheSize: number;
    readonly pageSize: number;
  }
  export type FileLike = string | MemoryFile | PagedFile;
  export interface Logger {
    error(line: string): void;
    warn(line: string): void;
    info(line: string): void;
    debug(line: string): void;
  }
  /** Decimal strings; projective, with the third coordinate 1. */
  export interface SnarkjsProof {
    pi_a: string[];
    pi_b: string[][];
    pi_c: string[];
    protocol: string;
    curve: string;
  }
  export const groth16: {
    prove(
      zkey: FileLike,
      witness: FileLike,
      logger?: undefined,
      options?: { singleThread?: boolean },
    ): Promise<{ proof: SnarkjsProof; publicSignals: string[] }>;
    verify(verificationKey: unknown, publicSignals: readonly string[], proof: unknown): Promise<boolean>;
  };
  export const zKey: {
    newZKey(r1cs: FileLike, ptau: FileLike, zkey: FileLike, logger?: Logger): Promise<Uint8Array | -1>;
    contribute(from: FileLike, to: FileLike, name: string, entropy: string, logger?: Logger): Promise<Uint8Array>;
    beacon(from: FileLike, to: FileLike, name: string, beaconHash: string, iterations: number, logger?: Logger): Promise<Uint8Array | false>;
    verifyFromInit(initial: FileLike, ptau: FileLike, zkey: FileLike, logger?: Logger): Promise<boolean>;
    exportVerificationKey(zkey: FileLike): Promise<Record<string, unknown>>;
    exportSolidityVerifier(zkey: FileLike, templates: { groth16: string }): Promise<string>;
  };
  export const wtns: {
    calculate(input: Record<string, unknown>, wasm: FileLike, witness: FileLike): Promise<void>;
  };
  export const powersOfTau: {
    newAccumulator(curve: unknown, power: number, file: FileLike): Promise<unknown>;
    beacon(from: FileLike, to: FileLike, name: string, beaconHash: string, iterations: number): Promise<unknown>;
    preparePhase2(from: FileLike, to: FileLike): Promise<void>;
    /** False when anything is wrong; the logger is told what. */
    verify(file: FileLike, logger?: Logger): Promise<boolean>;
  };
  export const curves: {
    getCurveFromName(name: string): Promise<{ terminate(): Promise<void> }>;
  };
}
