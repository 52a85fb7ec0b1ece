/** The part of ffjavascript this project uses; the package ships no types. */
declare module 'ffjavascript' {
  /** The exported functions of the curve's WebAssembly module: pointers and counts in, sometimes a flag out. */
  export type CurveExports = Readonly<Record<string, (...words: number[]) => number>>;
  export interface ThreadManager {
    /** The module's binary; there only with a single thread. */
    readonly code: Uint8Array;
    /** Addresses of the generators in the module's memory, Jacobian, in Montgomery form. */
    readonly pG1gen: number;
    readonly pG2gen: number;
  }
  /** Points as ffjavascript holds them: affine or Jacobian by their length, coordinates in Montgomery form. */
  export interface CurveGroup {
    /** From [x, y], affine. */
    fromObject(coordinates: readonly unknown[]): Uint8Array;
    /** [x, y, z] with z = 1, or all zeros but for y at infinity. */
    toObject(point: Uint8Array): unknown[];
    add(left: Uint8Array, right: Uint8Array): Uint8Array;
    neg(point: Uint8Array): Uint8Array;
    isZero(point: Uint8Array): boolean;
    toAffine(point: Uint8Array): Uint8Array;
    /** @param scalar little-endian */
    timesScalar(point: Uint8Array, scalar: Uint8Array): Uint8Array;
  }
  export interface Curve {
    readonly tm: ThreadManager;
    readonly G1: CurveGroup;
    readonly G2: CurveGroup;
    readonly Fr: {
      fromRng(rng: ChaCha): Uint8Array;
      toObject(element: Uint8Array): bigint;
    };
    terminate(): Promise<void>;
  }
  export class ChaCha {
    constructor(seed: number[]);
  }
  export function buildBn128(singleThread?: boolean): Promise<Curve>;
}
