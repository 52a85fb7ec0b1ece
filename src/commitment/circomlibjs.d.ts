/** The part of circomlibjs this project uses; the package ships no types. */
declare module 'circomlibjs' {
  export interface PoseidonFunction {
    (inputs: readonly bigint[]): Uint8Array;
    readonly F: { toObject(element: Uint8Array): bigint };
  }
  export function buildPoseidon(): Promise<PoseidonFunction>;
  export const poseidonContract: {
    createCode(inputs: number): string;
    generateABI(inputs: number): unknown[];
  };
}
