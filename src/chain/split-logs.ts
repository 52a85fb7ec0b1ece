import type { Filter, Log, Provider } from 'ethers';
import { chainError } from './contract-call.js';
import { ChainUnreachableError } from './errors.js';

/** Events that are asked for by block numbers. */
export type LogRange = Pick<Filter, 'address' | 'topics'> & { readonly fromBlock: number; readonly toBlock?: number | 'latest' };

/**
 * Events of a range, oldest first. Where a node refuses it, for its blocks or its events are too many, it is asked for halves.
 *
 * @param what is read, for the error
 * @throws ChainUnreachableError where nobody answers, ChainRequestError where a single block is refused
 */
export async function splitLogs(provider: Provider, { toBlock = 'latest', ...range }: LogRange, what: string): Promise<readonly Log[]> {
  try {
    return await provider.getLogs({ ...range, toBlock });
  } catch (cause) {
    const error = chainError(cause, what);
    if (error instanceof ChainUnreachableError) throw error;
    const last = toBlock === 'latest' ? await lastBlock(provider, what) : toBlock;
    if (last <= range.fromBlock) throw error;
    const middle = Math.floor((range.fromBlock + last) / 2);
    const first = await splitLogs(provider, { ...range, toBlock: middle }, what);
    return [...first, ...await splitLogs(provider, { ...range, fromBlock: middle + 1, toBlock: last }, what)];
  }
}

function lastBlock(provider: Provider, what: string): Promise<number> {
  return provider.getBlockNumber().catch((cause: unknown) => {
    throw chainError(cause, what);
  });
}
