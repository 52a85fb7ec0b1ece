import assert from 'node:assert/strict';
import type { Log, Provider } from 'ethers';
import { splitLogs } from '../../src/chain/split-logs.js';

/** A node that refuses more than so many blocks at once; its events are their blocks' numbers. */
function nodeOf(most: number, asked: string[]): Provider {
  return {
    getBlockNumber: () => Promise.resolve(9),
    getLogs: ({ fromBlock, toBlock }: { fromBlock: number; toBlock: number | 'latest' }) => {
      asked.push(`${fromBlock}-${toBlock}`);
      const last = toBlock === 'latest' ? 9 : toBlock;
      if (last - fromBlock >= most) return Promise.reject(new Error('query returned more than 10000 results'));
      return Promise.resolve(Array.from({ length: last - fromBlock + 1 }, (_, place) => ({ blockNumber: fromBlock + place }) as Log));
    },
  } as unknown as Provider;
}

describe('events of a long range', () => {
  it('are asked for at once where the node takes it', async () => {
    const asked: string[] = [];
    assert.equal((await splitLogs(nodeOf(100, asked), { fromBlock: 0 }, 'reading')).length, 10);
    assert.deepEqual(asked, ['0-latest']);
  });

  it('are asked for in halves where it refuses, each once and in order', async () => {
    const found = await splitLogs(nodeOf(3, []), { fromBlock: 0 }, 'reading');
    assert.deepEqual(found.map(({ blockNumber }) => blockNumber), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are given up where a single block is refused, with what was read', async () => {
    await assert.rejects(splitLogs(nodeOf(0, []), { fromBlock: 0 }, 'reading handle 5'), { code: 'CHAIN_REQUEST', message: /reading handle 5/ });
  });
});
