import { AbiCoder, keccak256 } from 'ethers';

/** keccak256(abi.encode(values)), as contracts hash what they store or are asked. */
export function abiDigest(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
