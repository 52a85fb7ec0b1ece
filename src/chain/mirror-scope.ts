import { abiDigest } from './abi-digest.js';

/** A mirror: the chain it is on, and its address there. */
export interface MirrorPlace {
  readonly chainId: bigint;
  readonly mirror: string;
}

const SCOPE_NAME = 'clearproof.mirror.scope';
const CONTEXT_NAME = 'clearproof.mirror.context';
const SCOPE_BITS = 80;
const CONTEXT_BITS = 128;

/** Scope of the nullifiers that a contract behind a mirror sees, as ISolvencyMirror.scopeOf: 80 bits, never 0. Behind another mirror, or at home, it is another. */
export function mirrorScopeOf({ chainId, mirror }: MirrorPlace, consumer: string): bigint {
  const scope = BigInt.asUintN(SCOPE_BITS, BigInt(abiDigest(['string', 'uint256', 'address', 'address'], [SCOPE_NAME, chainId, mirror, consumer])));
  // Scope 0 is the vault's.
  return scope === 0n ? 1n : scope;
}

/** Context of a proof made for a contract behind a mirror and an action, as ISolvencyMirror.contextOf. @param action 32 bytes in hex */
export function mirrorContextOf({ chainId, mirror }: MirrorPlace, consumer: string, action: string): bigint {
  const types = ['string', 'uint256', 'address', 'address', 'bytes32'];
  return BigInt.asUintN(CONTEXT_BITS, BigInt(abiDigest(types, [CONTEXT_NAME, chainId, mirror, consumer, action])));
}
