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
  export interface Curve {
    readonly tm: ThreadManager;
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
