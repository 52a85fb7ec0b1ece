/**
 * Poseidon over the BN254 scalar field with circomlib's constants, 1 to 16 inputs, one output.
 *
 * Three implementations stand behind this: `poseidon-portable.ts` (no dependencies, for small work), `poseidon-sparse.ts` (small and faster,
 * for pages) and `poseidon-bulk.ts` (WebAssembly, for trees). One suite tests all.
 */
export interface Poseidon {
  /** Hash of 1 to 16 canonical field elements. */
  hash(inputs: readonly bigint[]): bigint;
}
