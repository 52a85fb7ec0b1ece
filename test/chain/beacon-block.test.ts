import assert from 'node:assert/strict';
import type { JsonRpcProvider } from 'ethers';
import { beaconBlockHash, defaultConfirmations, settledBlock } from '../../src/chain/beacon-block.js';

const hashOf = (number: number): string => `0x${(number + 1).toString(16).padStart(64, '0')}`;
const blockOf = (number: number): object => ({ number: `0x${number.toString(16)}`, hash: hashOf(number), parentHash: hashOf(number - 1) });

/** A chain of 100 blocks; `lie` changes an answer. */
function node(lie: (method: string, which: string, block: object | null) => object | null = (_, __, block) => block): JsonRpcProvider {
  const send = (method: string, [which]: [string]): Promise<unknown> => {
    const number = which === 'latest' ? 100 : method === 'eth_getBlockByHash' ? Number(BigInt(which)) - 1 : Number(BigInt(which));
    return Promise.resolve(lie(method, which, number <= 100 ? blockOf(number) : null));
  };
  return { send } as unknown as JsonRpcProvider;
}

describe('the block of a beacon', () => {
  it('is read once so many blocks stand on it', async () => {
    assert.equal(await beaconBlockHash(node(), 36, 64), hashOf(36));
    await assert.rejects(beaconBlockHash(node(), 37, 64), { code: 'BEACON_PENDING', message: /newest block is 100, 1 more must come/ });
    await assert.rejects(beaconBlockHash(node(), 101, 0), { code: 'BEACON_PENDING' });
    assert.equal(await beaconBlockHash(node(), 100, 0), hashOf(100));
    assert.deepEqual([1n, 31337n].map(defaultConfirmations), [64, 0]);
    assert.deepEqual([(await settledBlock(node(), 100, 64)).number, (await settledBlock(node(), 10, 64)).number], [36, 0]);
  });

  it('is not taken from a node that confuses number and hash, or whose next block stands on another', async () => {
    const lies: [(method: string, which: string, block: object | null) => object | null, RegExp][] = [
      [(_, which, block) => (which === '0x24' ? { ...block, number: '0x23' } : block), /block 36 has the number 35/],
      [(method, _, block) => (method === 'eth_getBlockByHash' ? { ...block, number: '0x23' } : block), /this hash is of block 35/],
      [(method, _, block) => (method === 'eth_getBlockByHash' ? null : block), /this hash is of no block/],
      [(_, which, block) => (which === '0x25' ? { ...block, parentHash: hashOf(7) } : block), /block 37 stands on/],
      [(_, which, block) => (which === '0x24' ? null : block), /does not have block 36/],
      [(_, which, block) => (which === '0x24' ? { ...block, hash: '0x12' } : block), /is not a hash/],
    ];
    for (const [lie, words] of lies) await assert.rejects(beaconBlockHash(node(lie), 36, 64), { code: 'CHAIN_ANSWER', message: words });
  });
});
