import { Contract, JsonRpcProvider, type Provider, type Signer } from 'ethers';
import { sendTransaction, type ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';

const FEED_ABI: readonly string[] = ['function setAnswer(int256 answer)', 'error NotTheMaker(address caller)'];

/** Writes the answer of a feed that deployTestFeed made. @param price in 10^-8 */
export function setTestFeed(signer: Signer, feed: string, price: bigint): Promise<ChainReceipt> {
  return sendTransaction(new Contract(feed, FEED_ABI, signer), `setting the test feed ${feed}`, 'setAnswer', [price]);
}

/** Moves a local chain's clock on and makes a block. Test chains have this; others refuse. */
export async function passTime({ provider }: Signer, seconds: number): Promise<void> {
  const chain = testChain(provider);
  await chain.send('evm_increaseTime', [seconds]);
  await chain.send('evm_mine', []);
}

/** Makes empty blocks on a local chain. */
export async function mineBlocks(provider: Provider, blocks: number): Promise<void> {
  await testChain(provider).send('anvil_mine', [`0x${blocks.toString(16)}`]);
}

function testChain(provider: Provider | null): JsonRpcProvider {
  if (provider instanceof JsonRpcProvider) return provider;
  throw new ChainRequestError('the signer has no JSON-RPC provider: connect it to the test chain');
}
