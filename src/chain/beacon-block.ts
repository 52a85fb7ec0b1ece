import type { JsonRpcProvider } from 'ethers';
import { ClearproofError } from '../error/clearproof-error.js';
import { chainError } from './contract-call.js';
import { ChainAnswerError, count, hash, objectOrNull } from './node-answers.js';

/** The announced block is not there yet, or not deep enough to stay. `details.block`, `details.newest`. */
export class BeaconPendingError extends ClearproofError {
  readonly code = 'BEACON_PENDING';
}

/** A block as its header names it. Its hash commits to its number. */
export interface NumberedBlock {
  readonly number: number;
  /** 32 bytes, lower case, with 0x. */
  readonly hash: string;
}

/** Ethereum makes a block final after two epochs of 32. */
const DEFAULT_CONFIRMATIONS = 64;
/** Chains of one's own machine: nothing is reorganised there, and blocks come when somebody wants them. */
const LOCAL_CHAINS: readonly bigint[] = [31337n, 1337n];

/** Blocks that must stand on an announced one unless told. */
export function defaultConfirmations(chainId: bigint): number {
  return LOCAL_CHAINS.includes(chainId) ? 0 : DEFAULT_CONFIRMATIONS;
}

/** The newest block. @throws ChainUnreachableError, ChainAnswerError, ChainRequestError */
export async function newestBlock(provider: JsonRpcProvider): Promise<NumberedBlock> {
  const block = await ask(provider, 'eth_getBlockByNumber', 'latest');
  if (block === undefined) throw new ChainAnswerError('the node has no newest block: ask another node', { method: 'eth_getBlockByNumber' });
  return block;
}

/**
 * Hash of block `number`, once so many blocks stand on it that it stays.
 *
 * The node is asked for the number, for the hash it named, and whether the next block stands on it: a node, or a cache before it, that confuses
 * blocks is found out. One that lies consistently is not; whoever verifies the ceremony asks a node of their own.
 *
 * @returns 32 bytes, lower case, with 0x
 * @throws BeaconPendingError, ChainUnreachableError, ChainAnswerError, ChainRequestError
 */
export async function beaconBlockHash(provider: JsonRpcProvider, number: number, confirmations: number): Promise<string> {
  const newest = await newestBlock(provider);
  if (newest.number < number + confirmations) {
    const missing = number + confirmations - newest.number;
    throw new BeaconPendingError(
      `block ${number} has too few confirmations: the newest block is ${newest.number}, ${missing} more must come (${confirmations} are asked for); run the command again then`,
      { block: number, newest: newest.number, confirmations },
    );
  }
  const block = await blockOf(provider, number);
  const again = await ask(provider, 'eth_getBlockByHash', block.hash);
  if (again?.number !== number || again.hash !== block.hash) throw contradiction('eth_getBlockByHash', `block ${number} has hash ${block.hash}, and that this hash is of ${again === undefined ? 'no block' : `block ${again.number}`}`);
  if (newest.number > number) {
    const next = await blockOf(provider, number + 1);
    if (next.parentHash !== block.hash) throw contradiction('eth_getBlockByNumber', `block ${number} has hash ${block.hash}, and that block ${number + 1} stands on ${next.parentHash}`);
  } else if (newest.hash !== block.hash) throw contradiction('eth_getBlockByNumber', `block ${number} has two hashes`);
  return block.hash;
}

/** The newest block that has so many confirmations; the first block of a chain that is younger. Errors as beaconBlockHash. */
export async function settledBlock(provider: JsonRpcProvider, newest: number, confirmations: number): Promise<NumberedBlock> {
  const { number, hash: blockHash } = await blockOf(provider, Math.max(0, newest - confirmations));
  return { number, hash: blockHash };
}

async function blockOf(provider: JsonRpcProvider, number: number): Promise<NumberedBlock & { readonly parentHash: string }> {
  const block = await ask(provider, 'eth_getBlockByNumber', `0x${number.toString(16)}`);
  if (block === undefined) throw new ChainAnswerError(`the node does not have block ${number}, though its newest is not below: ask another node`, { method: 'eth_getBlockByNumber' });
  if (block.number !== number) throw contradiction('eth_getBlockByNumber', `block ${number} has the number ${block.number}`);
  return block;
}

async function ask(provider: JsonRpcProvider, method: string, which: string): Promise<(NumberedBlock & { readonly parentHash: string }) | undefined> {
  let answer: unknown;
  try {
    answer = await provider.send(method, [which, false]);
  } catch (cause) {
    throw chainError(cause, 'reading a block');
  }
  const block = objectOrNull(method, answer);
  return block === undefined ? undefined : { number: count(method, block['number']), hash: hash(method, block['hash']), parentHash: hash(method, block['parentHash']) };
}

function contradiction(method: string, said: string): ChainAnswerError {
  return new ChainAnswerError(`the node says that ${said}: ask another node`, { method });
}
