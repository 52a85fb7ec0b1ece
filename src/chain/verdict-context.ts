import { ZeroAddress } from 'ethers';
import { abiDigest } from './abi-digest.js';

const CONTEXT_BITS = 128;

/** What verdict proofs of a handle are made for, as Liquidations.verdictContext. @param sender of `start`, who may become the keeper; nobody of all others */
export function verdictContext(liquidations: string, handle: bigint, sender: string = ZeroAddress): bigint {
  return BigInt.asUintN(CONTEXT_BITS, BigInt(abiDigest(['address', 'uint64', 'address'], [liquidations, handle, sender])));
}
