import assert from 'node:assert/strict';
import { hexlify } from 'ethers';
import { submitEpochCall } from '../../../src/chain/registry-calls.js';
import { DEFAULT_PUBLICATION } from '../../../src/service/publication/publication-settings.js';
import { startPublication } from '../../../src/service/publication/publication-loop.js';
import { publishPending } from '../../../src/service/publication/publish-pending.js';
import { attemptsOf } from '../../../src/store/outbox-attempts.js';
import { retryEntry } from '../../../src/store/outbox.js';
import { mockSubmission } from '../../chain/local-venue.js';
import { PublicationBench } from './publication-bench.js';
import { CONFIRMATIONS } from './quick-settings.js';

describe('a publisher that is not alone', function () {
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

  /** The operator's other program submits. */
  async function submitElsewhere(accountsRoot = 77n): Promise<void> {
    const submission = mockSubmission(bench.venue.deployment, 1);
    const { close } = submission;
    const other = accountsRoot === 77n ? submission : mockSubmission(bench.venue.deployment, 1, { close: { ...close, accountsRoot } });
    // Another gas limit than the publisher's: two programs that agreed in everything would sign the same transaction.
    await bench.elsewhere.sendTransaction({ to: bench.venue.deployment.registry, data: hexlify(submitEpochCall(7n, other)), gasLimit: 2_000_000n });
    await bench.mine();
    assert.equal(await bench.accepted(), 1);
  }

  it('publishes once with another at its side', async () => {
    await bench.submit();
    const two = [bench.publisher(), bench.publisher()];
    for (let round = 0; round < CONFIRMATIONS + 6; round += 1) {
      await Promise.all(two.map((publisher) => publishPending(publisher)));
      await bench.mine();
    }
    assert.equal((await attempts()).length, 1);
    await bench.assertPublishedOnce();
  });

  it('publishes once where another took over its lease while it was signing', async () => {
    await bench.submit();
    let other: Promise<unknown> | undefined;
    const slow = bench.publisher({}, {
      reached: async (point) => {
        if (point !== 'signed' || other !== undefined) return;
        await bench.expireLeases();
        other = publishPending(bench.publisher());
        await other;
      },
    });
    await publishPending(slow);
    assert.ok(other !== undefined);
    assert.equal((await attempts()).length, 1, 'the late one stored nothing');
    assert.equal(bench.proxy.asked.filter((method) => method === 'eth_sendRawTransaction').length, 1, 'and sent nothing');
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
  });

  it('publishes once where another took over between storing and sending', async () => {
    await bench.submit();
    let taken = false;
    const slow = bench.publisher({}, {
      reached: async (point) => {
        if (point !== 'stored' || taken) return;
        taken = true;
        await bench.expireLeases();
        await publishPending(bench.publisher());
      },
    });
    await publishPending(slow);
    assert.equal((await attempts()).length, 1);
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
  });

  it('is done when the operator submitted the same epoch with another tool', async () => {
    await bench.submit();
    await submitElsewhere();
    const entry = await bench.drive(bench.publisher());
    assert.deepEqual([entry.state, entry.transactionHash, await bench.accepted()], ['final', undefined, 1]);
    assert.deepEqual(await attempts(), []);
    assert.equal((await bench.mined()).length, 1);
  });

  it('is done when the other tool won while its own transaction waited', async () => {
    await bench.submit();
    await publishPending(bench.publisher());
    await bench.rpc('anvil_dropTransaction', (await attempts())[0]?.hash);
    await submitElsewhere();
    const entry = await bench.drive(bench.publisher());
    assert.deepEqual([entry.state, entry.transactionHash, await bench.accepted()], ['final', undefined, 1]);
    assert.deepEqual((await bench.mined()).map(({ succeeded }) => succeeded), [true]);
  });

  it('gives up when the epoch stands there with another root, as soon as that is final', async () => {
    await bench.submit();
    await submitElsewhere(78n);
    await publishPending(bench.publisher());
    assert.equal((await bench.entry()).state, 'pending', 'a reorg may yet take the other one away');
    const entry = await bench.drive(bench.publisher());
    assert.deepEqual([entry.state, entry.error?.code], ['dead', 'EPOCH_TAKEN']);
    assert.match(entry.error?.message ?? '', /epoch 1 stands at the registry with accounts root 78/);
    assert.deepEqual(await attempts(), []);
  });

  it('publishes when a reorg takes the other root away again', async () => {
    await bench.submit();
    await submitElsewhere(78n);
    await publishPending(bench.publisher());
    await bench.rpc('anvil_reorg', 1, []);
    await bench.drive(bench.publisher());
    await bench.assertPublishedOnce();
  });

  it('takes one entry of a signer at a time, oldest epoch first', async () => {
    await bench.submit();
    await bench.open(2);
    const publisher = bench.publisher({ confirmations: 1 });
    await publishPending(publisher);
    assert.deepEqual([(await bench.entry()).state, (await bench.entry('open-snapshot', 2)).state], ['sent', 'pending']);
    await bench.mine();
    await publishPending(publisher);
    assert.deepEqual([(await bench.entry()).state, (await bench.entry('open-snapshot', 2)).state], ['mined', 'sent']);
    await bench.drive(publisher, 'open-snapshot', 2);
    await bench.assertPublishedOnce();
    assert.deepEqual((await bench.mined('openSnapshot')).map(({ succeeded }) => succeeded), [true]);
  });

  describe('and is refused', () => {
    it('tries again while the table is not accepted, signs nothing, and gives up after as many refusals as configured', async () => {
      await bench.submit(1, { marketCommitment: 1n });
      const publisher = bench.publisher({ refusalLimit: 3 });
      await publishPending(publisher);
      const waiting = await bench.entry();
      assert.deepEqual([waiting.state, waiting.attempts, waiting.error?.code], ['pending', 1, 'MARKET_NOT_ACCEPTED']);
      const dead = await bench.drive(publisher);
      assert.deepEqual([dead.state, dead.attempts, dead.error?.code], ['dead', 3, 'MARKET_NOT_ACCEPTED']);
      assert.deepEqual(await attempts(), []);
    });

    it('tries again until the snapshot is open', async () => {
      await bench.submit(2);
      const publisher = bench.publisher();
      await publishPending(publisher);
      assert.match((await bench.entry('submit-epoch', 2)).error?.message ?? '', /WrongEpoch/);
      await submitElsewhere();
      await publishPending(publisher);
      assert.match((await bench.entry('submit-epoch', 2)).error?.message ?? '', /SnapshotNotOpened/);
      await bench.open(2);
      const entry = await bench.drive(publisher, 'submit-epoch', 2);
      assert.deepEqual([entry.state, entry.error, await bench.accepted(2)], ['final', undefined, 1]);
    });

    it('waits longer after each refusal', async () => {
      await bench.submit(2);
      const publisher = bench.publisher({ retryMs: 100_000, backoffLimitMs: 300_000 });
      const delays: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        await publishPending(publisher);
        const { rows } = await bench.database.query(`select round(extract(epoch from next_try_at - now()) / 100) as delay from outbox`);
        delays.push(Number(rows[0]?.['delay']));
        await bench.database.query('update outbox set next_try_at = now()');
      }
      assert.deepEqual(delays, [1, 2, 3, 3]);
    });

    it('gives up at once what no time will mend, with the contract\'s reason', async () => {
      await bench.submit(1, { batches: [] });
      const entry = await bench.drive(bench.publisher());
      assert.deepEqual([entry.state, entry.error?.code], ['dead', 'CONTRACT_REVERTED']);
      assert.match(entry.error?.message ?? '', /NoBatches/);
      assert.deepEqual(await attempts(), []);
    });

    it('gives a dead entry another round when told, and only a dead one', async () => {
      await bench.submit();
      await bench.database.query(`update outbox set state = 'dead', attempts = 5, error = '{"code":"X","message":"y"}'`);
      assert.deepEqual(await publishPending(bench.publisher()), []);
      const { state, attempts: refusals, error } = await retryEntry(bench.database, 1, 1, 'submit-epoch');
      assert.deepEqual([state, refusals, error], ['pending', 0, undefined]);
      await bench.drive(bench.publisher());
      await bench.assertPublishedOnce();
      await assert.rejects(retryEntry(bench.database, 1, 1, 'submit-epoch'), { code: 'OUTBOX_ENTRY' });
    });
  });

  it('runs until it is stopped, and leaves nothing half done', async () => {
    await bench.submit();
    const running = startPublication(bench.publisher({ pollMs: 5 }));
    while ((await bench.entry()).state !== 'final') await bench.mine();
    await Promise.all([running.stop(), running.stop()]);
    await running.done;
    const { rows } = await bench.database.query('select 1 from outbox where lease_until is not null');
    assert.deepEqual(rows, []);
    await bench.assertPublishedOnce();
  });

  it('ends a loop with the reason when the end point serves another chain', async () => {
    await bench.submit();
    bench.proxy.plan(() => '0x1', { method: 'eth_chainId' });
    await assert.rejects(startPublication(bench.publisher()).done, { code: 'WRONG_CHAIN' });
  });

  it('refuses settings that make no sense', () => {
    for (const [name, change] of [
      ['confirmations', { confirmations: -1 }], ['confirmations', { confirmations: 101 }], ['pollMs', { pollMs: 0.5 }], ['refusalLimit', { refusalLimit: 0 }],
      ['feeCaps', { feeCaps: { maxFee: 1n, priorityFee: 2n } }],
    ] as const) {
      assert.throws(() => bench.publisher({ ...DEFAULT_PUBLICATION, ...change }), (error: unknown) => (
        error instanceof Error && 'code' in error && error.code === 'PUBLICATION_SETTINGS' && error.message.length > 20 && JSON.stringify(error).includes(`"setting":"${name}"`)
      ), name);
    }
  });
});
