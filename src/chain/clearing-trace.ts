import type { Provider, Result } from 'ethers';
import type { AccountChange } from '../clearing/follow-change.js';
import { CLEARING_HOUSE_INTERFACE } from './clearing-abi.js';
import { splitLogs } from './split-logs.js';

/** A change of an account with where it stands. */
export interface HandleChange extends AccountChange {
  readonly transaction: string;
  readonly block: number;
}

/** Every change of an account, oldest first. @param fromBlock none was before it */
export async function handleChanges(provider: Provider, house: string, handle: bigint, fromBlock: number): Promise<readonly HandleChange[]> {
  const topics = CLEARING_HOUSE_INTERFACE.encodeFilterTopics('AccountChanged', [handle]);
  const logs = await splitLogs(provider, { address: house, topics, fromBlock, toBlock: 'latest' }, `reading the changes of handle ${handle}`);
  return logs.map(({ data, topics: found, transactionHash, blockNumber }) => {
    const { args } = CLEARING_HOUSE_INTERFACE.parseLog({ topics: [...found], data }) as unknown as { readonly args: Result };
    const value = (name: string): bigint => args.getValue(name) as bigint;
    return {
      oldCommitment: value('oldCommitment'), newCommitment: value('newCommitment'), marketCommitment: value('marketCommitment'), terms: value('terms'),
      delta: value('delta'), transaction: transactionHash, block: blockNumber,
    };
  });
}
