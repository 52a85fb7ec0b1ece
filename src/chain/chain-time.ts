import type { Provider } from 'ethers';
import { chainError } from './contract-call.js';
import { ChainRequestError } from './errors.js';

/** Unix seconds of the latest block. Snapshots and marks are dated by the chain's clock, not by this machine's. */
export async function latestTimestamp(provider: Provider): Promise<number> {
  const block = await provider.getBlock('latest');
  if (block === null) throw new ChainRequestError('the chain has no block: ask the node for its state');
  return block.timestamp;
}

/** The latest block: its number, and its Unix seconds. @throws ChainUnreachableError, ChainRequestError */
export async function latestBlock(provider: Provider): Promise<{ readonly number: number; readonly time: number }> {
  const block = await provider.getBlock('latest').catch((cause: unknown) => {
    throw chainError(cause, 'reading the latest block');
  });
  if (block === null) throw new ChainRequestError('the chain has no block: ask the node for its state');
  return { number: block.number, time: block.timestamp };
}

/** Wei a unit of gas, as a transaction would pay now. @throws ChainUnreachableError, ChainRequestError */
export async function gasPriceOf(provider: Provider): Promise<bigint> {
  const { gasPrice, maxFeePerGas } = await provider.getFeeData().catch((cause: unknown) => {
    throw chainError(cause, 'asking for the price of gas');
  });
  return gasPrice ?? maxFeePerGas ?? 0n;
}

/** Where a transaction stands: 'lost' where no node knows it. */
export async function transactionState(provider: Provider, hash: string): Promise<'waiting' | 'done' | 'reverted' | 'lost'> {
  try {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt.status === 1 ? 'done' : 'reverted';
    return (await provider.getTransaction(hash)) === null ? 'lost' : 'waiting';
  } catch (cause) {
    throw chainError(cause, `asking for transaction ${hash}`);
  }
}
