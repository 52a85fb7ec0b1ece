import assert from 'node:assert/strict';
import { JsonRpcProvider, Network, makeError, toQuantity, type JsonRpcPayload, type JsonRpcResult, type TransactionResponse } from 'ethers';
import { minedReceipt } from '../../src/chain/mined-receipt.js';

const HASH = `0x${'a'.repeat(64)}`;
const ADDRESS = `0x${'1'.repeat(40)}`;
const BLOCK = 7;
const PATIENCE_MS = 50;

/** A chain that mines on demand, whose block comes after the receipt was asked for twice and before anybody asks for the block's number. */
class LateBlock extends JsonRpcProvider {
  asked = 0;

  constructor() {
    super('http://127.0.0.1:1', Network.from(31_337), { staticNetwork: true, cacheTimeout: -1, pollingInterval: 5, batchMaxCount: 1 });
  }

  override _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    return Promise.resolve(payloads.map(({ id, method }) => ({ id, result: this.answer(method) as string })));
  }

  private answer(method: string): unknown {
    if (method === 'eth_blockNumber') return toQuantity(BLOCK);
    assert.equal(method, 'eth_getTransactionReceipt');
    this.asked += 1;
    if (this.asked <= 2) return null;
    return {
      transactionHash: HASH, blockHash: `0x${'b'.repeat(64)}`, blockNumber: toQuantity(BLOCK), transactionIndex: '0x0', from: ADDRESS, to: ADDRESS, contractAddress: null,
      status: '0x1', type: '0x2', logs: [], logsBloom: `0x${'0'.repeat(512)}`, gasUsed: '0x1', cumulativeGasUsed: '0x1', effectiveGasPrice: '0x1',
    };
  }
}

function responseOf(provider: LateBlock): TransactionResponse {
  return provider._wrapTransactionResponse({
    hash: HASH, from: ADDRESS, to: ADDRESS, nonce: 0, data: '0x', value: 0n, gasLimit: 1n, gasPrice: 1n, type: 2, chainId: 31_337n, accessList: [], blockHash: null, blockNumber: null,
    index: 0, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, maxFeePerBlobGas: null, blobVersionedHashes: null, authorizationList: null,
    signature: { r: `0x${'1'.repeat(64)}`, s: `0x${'1'.repeat(64)}`, v: 27 },
  } as never, Network.from(31_337));
}

describe('minedReceipt', () => {
  it('finds a transaction whose block came between two looks, which ethers alone waits for until it is stopped', async () => {
    const [alone, asked] = [new LateBlock(), new LateBlock()];
    try {
      await assert.rejects(responseOf(alone).wait(1, 10 * PATIENCE_MS), /wait for transaction timeout/);
      assert.equal((await minedReceipt(responseOf(asked), PATIENCE_MS))?.blockNumber, BLOCK);
      assert.equal(asked.asked, 3);
    } finally {
      alone.destroy();
      asked.destroy();
    }
  });

  it('passes on that a request was not answered in time, and everything else that goes wrong', async () => {
    for (const cause of [makeError('request timeout', 'TIMEOUT', { operation: 'request', reason: 'timeout' }), makeError('missing revert data', 'NETWORK_ERROR', { event: 'x' })]) {
      await assert.rejects(minedReceipt({ wait: () => Promise.reject(cause) }), (thrown) => thrown === cause);
    }
  });
});
