import assert from 'node:assert/strict';
import { publishPending } from '../../../src/service/publication/publish-pending.js';
import { attemptsOf } from '../../../src/store/outbox-attempts.js';
import { PublicationBench } from './publication-bench.js';

describe('a publisher on a chain that takes blocks back', function () {
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
  const reorg = (depth: number): Promise<unknown> => bench.rpc('anvil_reorg', depth, []);

  for (const depth of [1, 5, 20]) {
    it(`sends the stored bytes again after a reorg of ${depth} blocks`, async () => {
      await bench.submit();
      const publisher = bench.publisher({ confirmations: depth + 1 });
      await publishPending(publisher);
      await bench.mine(depth);
      await publishPending(publisher);
      const before = await bench.entry();
      assert.equal(before.state, 'mined');
      await reorg(depth);
      assert.equal(await bench.accepted(), 0, 'the epoch is gone from the chain');
      await publishPending(publisher);
      assert.deepEqual([(await bench.entry()).state, (await bench.entry()).block], ['sent', undefined]);
      await bench.drive(publisher, 'submit-epoch', 1, depth + 5);
      const [only, ...others] = await attempts();
      assert.deepEqual(others, []);
      const entry = await bench.assertPublishedOnce();
      assert.equal(entry.transactionHash, only?.hash);
      assert.notEqual(entry.block?.hash, before.block?.hash);
    });
  }

  it('notices a reorg after which its transaction stands in another block', async () => {
    await bench.submit();
    const publisher = bench.publisher();
    await publishPending(publisher);
    await bench.mine(2);
    await publishPending(publisher);
    const before = await bench.entry();
    const [only] = await attempts();
    await bench.rpc('anvil_reorg', 2, [[only?.raw, 1]]);
    assert.equal(await bench.accepted(), 1);
    await publishPending(publisher);
    const after = await bench.entry();
    assert.deepEqual([after.state, after.transactionHash], ['mined', before.transactionHash]);
    assert.notEqual(after.block?.hash, before.block?.hash);
    await bench.drive(publisher);
    await bench.assertPublishedOnce();
  });

  it('takes a new nonce when a reorg gave its own to another transaction, once that is final', async () => {
    await bench.submit();
    const publisher = bench.publisher();
    await publishPending(publisher);
    await bench.mine();
    await publishPending(publisher);
    await reorg(1);
    const { nonce } = await bench.entry();
    const { address } = bench.elsewhere;
    await bench.elsewhere.sendTransaction({ to: address, nonce: nonce ?? -1, gasLimit: 21_000n });
    await bench.mine();
    await publishPending(publisher);
    assert.equal((await attempts()).length, 1, 'the other transaction may yet be undone');
    await bench.drive(publisher);
    const nonces = (await attempts()).map((attempt) => attempt.nonce);
    assert.deepEqual(nonces, [nonce, (nonce ?? 0) + 1]);
    await bench.assertPublishedOnce();
  });

  it('fills the gap that a lost transaction of others leaves before its own', async () => {
    const { address } = bench.elsewhere;
    await bench.elsewhere.sendTransaction({ to: address, gasLimit: 21_000n });
    await bench.submit();
    const publisher = bench.publisher({ replaceAfterMs: 60_000 });
    await publishPending(publisher);
    const { nonce } = await bench.entry();
    await bench.mine();
    await publishPending(publisher);
    assert.equal((await bench.entry()).state, 'mined');
    await reorg(1);
    await publishPending(publisher);
    await bench.mine();
    await publishPending(publisher);
    assert.deepEqual([await bench.accepted(), (await attempts()).length], [0, 1], 'the other transaction has its time to come back');
    await bench.age(61);
    await publishPending(publisher);
    const filler = (await attempts()).find((attempt) => attempt.filler);
    assert.equal(filler?.nonce, (nonce ?? 0) - 1);
    await bench.drive(publisher);
    await bench.assertPublishedOnce();
    const sent = await bench.transactions();
    assert.deepEqual(sent.find(({ hash }) => hash === filler?.hash)?.to, address.toLowerCase(), 'the filler moves nothing to anybody else');
  });

  it('waits behind what another program sent before it, without pushing that out', async () => {
    const { address } = bench.elsewhere;
    const { hash } = await bench.elsewhere.sendTransaction({ to: address, gasLimit: 21_000n });
    await bench.submit();
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
    assert.ok((await bench.transactions()).some((transaction) => transaction.hash === hash));
  });

  it('brings back two entries that fell out of the chain together, each once', async () => {
    await bench.submit();
    await bench.open(2);
    const publisher = bench.publisher();
    for (let round = 0; round < 3; round += 1) {
      await publishPending(publisher);
      await bench.mine();
    }
    await publishPending(publisher);
    assert.deepEqual([(await bench.entry()).state, (await bench.entry('open-snapshot', 2)).state], ['mined', 'mined']);
    await reorg(3);
    assert.deepEqual(await bench.transactions(), []);
    await bench.drive(publisher);
    await bench.drive(publisher, 'open-snapshot', 2);
    await bench.assertPublishedOnce();
    assert.deepEqual((await bench.mined('openSnapshot')).map(({ succeeded }) => succeeded), [true]);
  });

  it('sends the bytes of a final entry again where a deeper reorg than was expected took it away before another', async () => {
    await bench.submit();
    await bench.open(2);
    await bench.drive(bench.publisher({ confirmations: 0 }));
    const publisher = bench.publisher({ replaceAfterMs: 60_000 });
    await publishPending(publisher);
    await bench.mine();
    await publishPending(publisher);
    assert.deepEqual([(await bench.entry()).state, (await bench.entry('open-snapshot', 2)).state], ['final', 'mined']);
    await reorg(2);
    assert.equal(await bench.accepted(), 0);
    await publishPending(publisher);
    await bench.age(61);
    await bench.drive(publisher, 'open-snapshot', 2);
    await bench.assertPublishedOnce();
    assert.equal((await bench.entry('open-snapshot', 2)).state, 'final');
    assert.equal((await bench.transactions()).length, 2, 'no filler was needed');
  });
});
