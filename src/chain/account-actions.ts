import { abiDigest } from './abi-digest.js';

const SCOPE_NAME = 'clearproof.scope';
const SCOPE_BITS = 80;
const CONTEXT_BITS = 128;

/** Scope of the nullifiers that a contract sees, as SolvencyGate.scopeOf: 80 bits, never 0, which is the vault's. */
export function scopeOf(consumer: string): bigint {
  const scope = BigInt.asUintN(SCOPE_BITS, BigInt(abiDigest(['string', 'address'], [SCOPE_NAME, consumer])));
  return scope === 0n ? 1n : scope;
}

/** Context of a proof made for a contract and an action, as SolvencyGate.contextOf. @param action 32 bytes in hex */
export function contextOf(consumer: string, action: string): bigint {
  return BigInt.asUintN(CONTEXT_BITS, BigInt(abiDigest(['address', 'bytes32'], [consumer, action])));
}

/** What the proof of a payout is made for, as CollateralVault.payoutAction; so the others. @param deadline Unix seconds */
export function payoutAction(recipient: string, deadline: number): string {
  return abiDigest(['string', 'address', 'uint64'], ['clearproof.payout', recipient, deadline]);
}

/** What the proof of a request is made for. */
export function requestAction(recipient: string, deadline: number): string {
  return abiDigest(['string', 'address', 'uint64'], ['clearproof.request', recipient, deadline]);
}

/** What the proof that confirms a request is made for. */
export function confirmAction(requestId: bigint): string {
  return abiDigest(['string', 'uint256'], ['clearproof.confirm', requestId]);
}

/** What the proof of a move is made for. @param handle 32 bytes in hex */
export function moveAction(handle: string, deadline: number): string {
  return abiDigest(['string', 'bytes32', 'uint64'], ['clearproof.move', handle, deadline]);
}

/** What the proof of a demand is made for. @param encryptionKey bytes in hex */
export function demandAction(epoch: number, encryptionKey: string): string {
  return abiDigest(['string', 'uint64', 'bytes'], ['clearproof.demand', epoch, encryptionKey]);
}
