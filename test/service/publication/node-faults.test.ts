import assert from 'node:assert/strict';
import { connectChain } from '../../../src/chain/connection.js';
import { WrongChainError } from '../../../src/chain/errors.js';
import { NodeContradictionError } from '../../../src/service/publication/publication-errors.js';
import { publishPending } from '../../../src/service/publication/publish-pending.js';
import { attemptsOf } from '../../../src/store/outbox-attempts.js';
import type { Fault } from './faulty-proxy.js';
import { PublicationBench } from './publication-bench.js';

describe('a publisher whose node fails', function () {
  this.timeout(120_000);
  let bench: PublicationBench;

  before(async () => {
    bench = await PublicationBench.start();
  });
  after(async () => {
    await (bench as PublicationBench | undefined)?.stop();
  });
  beforeEach(() => bench.fresh());

  const attempts = async (): ReturnType<typeof attemptsOf> => attemptsOf(bench.database, (await bench.entry()).id);

  /** A block that takes nothing cheaper. */
  async function raiseBaseFee(fee: bigint): Promise<void> {
    await bench.rpc('anvil_setNextBlockBaseFeePerGas', `0x${fee.toString(16)}`);
    await bench.mine();
    assert.equal(await bench.accepted(), 0);
  }

  const faults: readonly (readonly [string, Fault])[] = [
    ['does not answer', 'hang'], ['breaks the connection', 'closed'], ['answers 500', 'http-500'], ['answers a web page', 'garbage'],
    ['answers nothing', 'empty'], ['reports an internal error', 'node-error'], ['answers in no form', 'no-form'],
  ];
  /** Every question that a publication asks. */
  const methods = [
    'eth_chainId', 'eth_getBlockByNumber', 'eth_call', 'eth_getTransactionCount', 'eth_estimateGas', 'eth_sendRawTransaction', 'eth_getTransactionReceipt',
  ];

  for (const [how, fault] of faults) {
    it(`publishes once where it ${how}, each question once`, async () => {
      await bench.submit();
      for (const method of methods) bench.proxy.plan(fault, { method });
      await bench.drive(bench.publisher());
      assert.equal(bench.proxy.left, 0, 'every fault happened');
      await bench.assertPublishedOnce();
    });
  }

  it('publishes once where nothing answers for twenty questions in a row, and says why it waits', async () => {
    await bench.submit();
    bench.proxy.plan('http-500', { times: 20 });
    await publishPending(bench.publisher());
    assert.deepEqual((await bench.entry()).error?.code, 'CHAIN_UNREACHABLE');
    await bench.drive(bench.publisher(), 'submit-epoch', 1, 40);
    const entry = await bench.assertPublishedOnce();
    assert.equal(entry.error, undefined, 'and does not once it goes on');
  });

  it('publishes once where the answer to sending is lost, time and again', async () => {
    await bench.submit();
    bench.proxy.plan('lost', { method: 'eth_sendRawTransaction', times: 3 });
    await bench.drive(bench.publisher());
    assert.equal((await attempts()).length, 1, 'the stored transaction is the only one');
    await bench.assertPublishedOnce();
  });

  it('publishes once where the transaction was mined and the answers to sending and to the receipt are lost', async () => {
    await bench.submit();
    bench.proxy.plan('lost', { method: 'eth_sendRawTransaction' });
    bench.proxy.plan('lost', { method: 'eth_getTransactionReceipt' });
    await publishPending(bench.publisher());
    await bench.mine();
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
  });

  it('finds its own transaction where the node first shows the epoch without the receipt', async () => {
    await bench.submit();
    await publishPending(bench.publisher());
    await bench.mine();
    bench.proxy.plan(() => null, { method: 'eth_getTransactionReceipt' });
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
  });

  it('stops at another chain id before anything is signed', async () => {
    await bench.submit();
    bench.proxy.plan(() => '0x1', { method: 'eth_chainId' });
    await assert.rejects(publishPending(bench.publisher()), (error: unknown) => error instanceof WrongChainError && /now serves chain 1, expected chain 31337/.test(error.message));
    assert.deepEqual(await attempts(), []);
    const entry = await bench.entry();
    assert.deepEqual([entry.state, entry.error?.code], ['pending', 'WRONG_CHAIN']);
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
  });

  it('stops when the end point changes its chain between the first question and the signature', async () => {
    await bench.submit();
    bench.proxy.plan(() => '0x1', { method: 'eth_chainId', skip: 1 });
    await assert.rejects(publishPending(bench.publisher()), WrongChainError);
    assert.ok(bench.proxy.asked.includes('eth_estimateGas'), 'it was about to sign');
    assert.deepEqual(await attempts(), []);
    assert.ok(!bench.proxy.asked.includes('eth_sendRawTransaction'));
  });

  it('signs for the configured chain only, whatever the node is', async () => {
    await bench.submit();
    const connection = await connectChain(bench.proxy.url);
    const deployment = { ...bench.venue.deployment, chainId: 5n };
    await assert.rejects(publishPending(bench.publisher({}, { connection, deployment })), WrongChainError);
    connection.close();
    assert.deepEqual(await attempts(), []);
  });

  it('stops at a node that shows a block of its chain and hides what was done in it', async () => {
    await bench.submit();
    const publisher = bench.publisher();
    await publishPending(publisher);
    await bench.mine();
    await publishPending(publisher);
    assert.equal((await bench.entry()).state, 'mined');
    // latestEpoch is 0.
    bench.proxy.plan(() => `0x${'0'.repeat(64)}`, { method: 'eth_call' });
    await assert.rejects(publishPending(publisher), (error: unknown) => error instanceof NodeContradictionError && /does not show it at block/.test(error.message));
    assert.equal((await attempts()).length, 1);
    await bench.drive(publisher);
    await bench.assertPublishedOnce();
  });

  it('sends the stored bytes again where the node dropped the transaction', async () => {
    await bench.submit();
    await publishPending(bench.publisher());
    const [first] = await attempts();
    await bench.rpc('anvil_dropTransaction', first?.hash);
    await bench.mine();
    assert.equal(await bench.accepted(), 0);
    await bench.drive(bench.publisher());
    assert.deepEqual((await attempts()).map(({ hash }) => hash), [first?.hash]);
    await bench.assertPublishedOnce();
  });

  it('replaces a transaction that is not mined in time with the same nonce, and by more', async () => {
    await bench.submit();
    const publisher = bench.publisher({ replaceAfterMs: 60_000 });
    await publishPending(publisher);
    await publishPending(publisher);
    assert.equal((await attempts()).length, 1, 'it has its time');
    await bench.age(61);
    await publishPending(publisher);
    const [first, second] = await attempts();
    assert.ok(second !== undefined && first !== undefined);
    assert.equal(second.nonce, first.nonce);
    assert.ok(second.maxFee * 1_000n >= first.maxFee * 1_125n && second.priorityFee * 1_000n >= first.priorityFee * 1_125n, 'by 12.5 % at least');
    await bench.drive(publisher);
    assert.equal((await bench.assertPublishedOnce()).transactionHash, second.hash);
  });

  it('replaces an underpriced transaction that the node lets go of, with the same nonce', async () => {
    await bench.submit();
    await publishPending(bench.publisher());
    const [first] = await attempts();
    await raiseBaseFee((first?.maxFee ?? 0n) * 3n);
    await bench.drive(bench.publisher());
    const [, second] = await attempts();
    assert.deepEqual([second?.nonce, (await bench.assertPublishedOnce()).transactionHash], [first?.nonce, second?.hash]);
  });

  it('outbids a transaction of the same nonce that a node would rather keep', async () => {
    await bench.submit();
    await publishPending(bench.publisher());
    bench.proxy.plan('node-error', { method: 'eth_getTransactionByHash' });
    const { nonce } = await bench.entry();
    // The operator's other program replaces ours by one that moves nothing.
    await bench.elsewhere.sendTransaction({ to: bench.elsewhere.address, nonce: nonce ?? -1, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 2_000_000_000n, gasLimit: 21_000n });
    await bench.drive(bench.publisher(), 'submit-epoch', 1, 3);
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
  });

  it('raises no attempt above the cap, and goes on when blocks are cheaper', async () => {
    await bench.submit();
    await publishPending(bench.publisher());
    const [first] = await attempts();
    assert.ok(first !== undefined);
    await raiseBaseFee(first.maxFee * 2n);
    await bench.age(700);
    const capped = bench.publisher({ feeCaps: { maxFee: first.maxFee + 1n, priorityFee: 0n } });
    await publishPending(capped);
    const { state, error } = await bench.entry();
    assert.deepEqual([state, error?.code], ['sent', 'FEE_CAP']);
    assert.equal((await attempts()).length, 1);
    await bench.rpc('anvil_setNextBlockBaseFeePerGas', '0x1');
    await bench.mine();
    await bench.drive(capped);
    await bench.assertPublishedOnce();
  });

  it('names no key and no path of the end point in what it stores', async () => {
    await bench.submit();
    const connection = await connectChain(`${bench.proxy.url}/v3/secret-access-key`, { timeoutMs: 300 });
    for (const fault of ['http-500', 'hang', 'garbage', 'closed'] as const) {
      bench.proxy.plan(fault);
      await publishPending(bench.publisher({}, { connection }));
      const { error } = await bench.entry();
      assert.ok(error !== undefined, fault);
      assert.doesNotMatch(JSON.stringify(error), /secret-access-key|ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80/);
    }
    connection.close();
  });
});
