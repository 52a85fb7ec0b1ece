import type { Provider } from 'ethers';
import { ChainRequestError } from './errors.js';

/** Unix seconds of the latest block. Snapshots and marks are dated by the chain's clock, not by this machine's. */
export async function latestTimestamp(provider: Provider): Promise<number> {
  const block = await provider.getBlock('latest');
  if (block === null) throw new ChainRequestError('the chain has no block: ask the node for its state');
  return block.timestamp;
}
