import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import type { VerifierCode } from './key-manifest-format.js';
import type { VerificationKey } from './verification-key.js';

/** Of a compiled verifier contract; code is hex with 0x. */
export interface CompiledVerifier {
  readonly name: string;
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

/** keccak256 of code, as EXTCODEHASH gives it: hex with 0x. Browser-safe. @param code hex with 0x */
export function codeHash(code: string): string {
  return `0x${bytesToHex(keccak_256(hexToBytes(code.slice(2))))}`;
}

/** What a manifest says of a verifier. */
export function verifierCodeOf({ name, bytecode, deployedBytecode }: CompiledVerifier): VerifierCode {
  return { contract: name, creationCodeHash: codeHash(bytecode), runtimeCodeHash: codeHash(deployedBytecode) };
}

/**
 * Whether code has every coordinate of a key among its constants. Code with a coordinate of another key in place of one of them lacks
 * that one, so this tells verifiers of different keys apart; that the code verifies at all it does not tell.
 */
export function holdsKey(code: string, key: VerificationKey): boolean {
  const coordinates = [...key.alpha, ...key.beta.flat(), ...key.gamma.flat(), ...key.delta.flat(), ...key.ic.flat()];
  // The compiler pushes no leading zero bytes.
  return coordinates.every((value) => code.includes(value.toString(16).padStart(64, '0').replace(/^(00)+/, '')));
}
