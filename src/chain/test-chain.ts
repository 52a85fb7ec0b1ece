import { Contract, JsonRpcProvider, type Signer } from 'ethers';
import { sendTransaction, type ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';

const FEED_ABI: readonly string[] = ['function setAnswer(int256 answer)', 'error NotTheMaker(address caller)'];

/** Writes the answer of a feed that deployTestFeed made. @param price in 10^-8 */
export function setTestFeed(signer: Signer, feed: string, price: bigint): Promise<ChainReceipt> {
  return sendTransaction(new Contract(feed, FEED_ABI, signer), `setting the test feed ${feed}`, 'setAnswer', [price]);
}

/** Moves a local chain's clock on and makes a block. Test chains have this; others refuse. */
export async function passTime({ provider }: Signer, seconds: number): Promise<void> {
  if (!(provider instanceof JsonRpcProvider)) throw new ChainRequestError('the signer has no JSON-RPC provider: connect it to the test chain');
  await provider.send('evm_increaseTime', [seconds]);
  await provider.send('evm_mine', []);
}
