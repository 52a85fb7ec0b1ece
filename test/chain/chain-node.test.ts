import assert from 'node:assert/strict';
import { Transaction, type JsonRpcProvider } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { ChainNode } from '../../src/chain/chain-node.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { ChainRequestError, ContractRevertedError, WrongChainError } from '../../src/chain/errors.js';
import { ChainAnswerError } from '../../src/chain/node-answers.js';
import { REGISTRY_INTERFACE } from '../../src/chain/registry-abi.js';
import { signTransaction, type TransactionDraft } from '../../src/chain/signed-transaction.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';

const FEES = { maxFee: 10_000_000_000n, priorityFee: 1_000_000_000n };

describe('a node asked question by question', function () {
  this.timeout(60_000);
  let anvil: AnvilNode;
  let connection: ChainConnection;
  let node: ChainNode;
  let signer: ConnectedSigner;

  before(async () => {
    anvil = await startAnvil();
    connection = await connectChain(anvil.url);
    node = new ChainNode(connection.provider, 31337n);
    signer = anvilWallet(0, connection.provider) as unknown as ConnectedSigner;
    await connection.provider.send('evm_setAutomine', [false]);
  });
  after(async () => {
    connection.close();
    await anvil.stop();
  });

  const draft = (change: Partial<TransactionDraft> = {}): TransactionDraft => (
    { chainId: 31337n, nonce: 0, to: '0x00000000000000000000000000000000000000aa', data: new Uint8Array([1]), gasLimit: 30_000n, fees: FEES, ...change });

  it('signs without asking, the same bytes each time, for one chain', async () => {
    const first = await signTransaction(signer, draft());
    assert.deepEqual(await signTransaction(signer, draft()), first);
    const { hash, from, chainId, nonce, type, maxFeePerGas, maxPriorityFeePerGas, gasLimit, value } = Transaction.from(first.raw);
    assert.deepEqual([hash, from, chainId, nonce, type, maxFeePerGas, maxPriorityFeePerGas, gasLimit, value],
      [first.hash, signer.address, 31337n, 0, 2, FEES.maxFee, FEES.priorityFee, 30_000n, 0n]);
    const lying = { address: signer.address, signTransaction: async () => (await signTransaction(signer, draft({ nonce: 9 }))).raw } as unknown as ConnectedSigner;
    await assert.rejects(signTransaction(lying, draft()), (error: unknown) => error instanceof ChainRequestError && error.message.includes('signed another transaction'));
  });

  it('tells what became of sent bytes', async () => {
    const { raw, hash } = await signTransaction(signer, draft());
    assert.deepEqual([await node.receipt(hash), await node.knows(hash)], [undefined, false]);
    assert.equal(await node.send(raw), 'sent');
    assert.equal(await node.send(raw), 'sent', 'again is no harm');
    assert.deepEqual([await node.receipt(hash), await node.knows(hash), await node.pendingNonce(signer.address)], [undefined, true, 1]);
    assert.equal(await node.send((await signTransaction(signer, draft({ data: new Uint8Array([2]) }))).raw), 'underpriced');
    const before = await node.head();
    await connection.provider.send('evm_mine', []);
    const head = await node.head();
    assert.equal(head.number, before.number + 1);
    assert.deepEqual([await node.nonceAt(signer.address, before), await node.nonceAt(signer.address, head)], [0, 1], 'each block has its own answer');
    const receipt = await node.receipt(hash);
    assert.deepEqual([receipt?.hash, receipt?.succeeded, receipt?.block], [hash, true, { number: head.number, hash: head.hash }]);
    assert.equal(await node.send(raw).catch((error: unknown) => error), 'nonce-used');
    assert.deepEqual([await node.blockHash(head.number), await node.blockHash(head.number + 1)], [head.hash, undefined]);
  });

  it('does not answer by a block that a reorg took away', async () => {
    await connection.provider.send('evm_mine', []);
    const gone = await node.head();
    await connection.provider.send('anvil_reorg', [1, []]);
    assert.notEqual((await node.head()).hash, gone.hash);
    await assert.rejects(node.nonceAt(signer.address, gone), ChainRequestError);
    await assert.rejects(node.call(signer.address, '0x', gone, 'looking', REGISTRY_INTERFACE), ChainRequestError);
  });

  it('refuses another chain, and answers of no form', async () => {
    await assert.rejects(new ChainNode(connection.provider, 1n).requireChain(), (error: unknown) => error instanceof WrongChainError && /serves chain 31337, expected chain 1/.test(error.message));
    const answering = (answer: unknown): ChainNode => new ChainNode({ send: () => Promise.resolve(answer) } as unknown as JsonRpcProvider, 1n);
    for (const answer of [undefined, 7, '0x', '7', '0xzz', `0x${'1'.repeat(65)}`, {}, []]) {
      await assert.rejects(answering(answer).requireChain(), ChainAnswerError, JSON.stringify(answer));
      await assert.rejects(answering(answer).pendingNonce(signer.address), ChainAnswerError);
    }
    await assert.rejects(answering(`0x${'f'.repeat(20)}`).pendingNonce(signer.address), /is not a count/);
    for (const answer of [{}, [], 'x', { transactionHash: '0x12' }]) await assert.rejects(answering(answer).receipt('0x'), ChainAnswerError);
    assert.equal(await answering(null).receipt('0x'), undefined);
  });

  it('tells a refusal of the contract from a failure of the node', async () => {
    const failing = (error: Error): ChainNode => new ChainNode({ send: () => Promise.reject(error) } as unknown as JsonRpcProvider, 1n);
    const head = await node.head();
    const callException = (data: string | null, message: string): Error => Object.assign(new Error('missing revert data'), { code: 'CALL_EXCEPTION', shortMessage: 'missing revert data', data, info: { error: { message } } });
    const estimate = (error: Error): Promise<bigint> => failing(error).gasLimit({ from: signer.address, to: signer.address, data: new Uint8Array() }, head, 'submitting', REGISTRY_INTERFACE);
    await assert.rejects(estimate(callException(REGISTRY_INTERFACE.encodeErrorResult('NoBatches', []), 'execution reverted')), (error: unknown) => error instanceof ContractRevertedError && error.errorName === 'NoBatches');
    await assert.rejects(estimate(callException(null, 'execution reverted')), (error: unknown) => error instanceof ContractRevertedError && error.errorName === undefined);
    await assert.rejects(estimate(callException(null, 'daily request count exceeded')), (error: unknown) => error instanceof ChainRequestError && error.message.includes('daily request count exceeded'));
  });

  it('limits gas to a quarter above the estimate', async () => {
    const head = await node.head();
    assert.equal(await node.gasLimit({ from: signer.address, to: '0x00000000000000000000000000000000000000aa', data: new Uint8Array() }, head, 'paying', REGISTRY_INTERFACE), 26_250n);
    assert.equal(await node.gasLimit({ from: signer.address, to: '0x00000000000000000000000000000000000000aa', data: new Uint8Array() }, { ...head, gasLimit: 22_000n }, 'paying', REGISTRY_INTERFACE), 22_000n);
  });
});
