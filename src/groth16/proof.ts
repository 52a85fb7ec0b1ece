/** A Groth16 proof over BN254: affine coordinates, canonical integers below the base field's order. */
export interface Groth16Proof {
  readonly a: readonly [bigint, bigint];
  /** Each coordinate is c0 + c1*u, given as [c0, c1] as snarkjs does. Solidity's pairing takes them swapped. */
  readonly b: readonly [readonly [bigint, bigint], readonly [bigint, bigint]];
  readonly c: readonly [bigint, bigint];
}
