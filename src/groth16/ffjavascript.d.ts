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
  /** Points are bytes in Montgomery form, affine or Jacobian by their length; affine infinity is all zeros. */
  export interface CurveGroup {
    /** The generator, Jacobian. */
    readonly g: Uint8Array;
    readonly zero: Uint8Array;
    fromRng(rng: ChaCha): Uint8Array;
    /** From [x, y], affine. */
    fromObject(coordinates: readonly unknown[]): Uint8Array;
    /** [x, y, z] with z = 1, or all zeros but for y at infinity. */
    toObject(point: Uint8Array): unknown[];
    timesFr(point: Uint8Array, scalar: Uint8Array): Uint8Array;
    /** @param scalar little-endian */
    timesScalar(point: Uint8Array, scalar: Uint8Array): Uint8Array;
    add(left: Uint8Array, right: Uint8Array): Uint8Array;
    neg(point: Uint8Array): Uint8Array;
    eq(left: Uint8Array, right: Uint8Array): boolean;
    isZero(point: Uint8Array): boolean;
    /** On the curve, or infinity; of G2 not whether in the subgroup. */
    isValid(point: Uint8Array): boolean;
    toAffine(point: Uint8Array): Uint8Array;
    /** From affine [x, y]. */
    fromObject(coordinates: readonly unknown[]): Uint8Array;
    /** [x, y, z]; an affine point has z = 1. */
    toObject(point: Uint8Array): unknown[];
    /** @param scalar little-endian, of any length */
    timesScalar(point: Uint8Array, scalar: Uint8Array): Uint8Array;
    /** Sum of affine points times little-endian scalars, all scalars of one length. */
    multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
  }
  export interface Curve {
    readonly tm: ThreadManager;
    readonly Fr: {
      fromRng(rng: ChaCha): Uint8Array;
      toObject(element: Uint8Array): bigint;
    };
    readonly G1: CurveGroup;
    readonly G2: CurveGroup;
    /** Whether the product of the pairings of all pairs (a point of G1, then one of G2) is 1. */
    pairingEq(...points: readonly Uint8Array[]): Promise<boolean>;
    terminate(): Promise<void>;
  }
  export class ChaCha {
    constructor(seed: number[]);
  }
  export function buildBn128(singleThread?: boolean): Promise<Curve>;
}
