import assert from 'node:assert/strict';
import { submitEpochCall } from '../../../src/chain/registry-calls.js';
import { publishPending } from '../../../src/service/publication/publish-pending.js';
import { enqueue, type OutboxItem } from '../../../src/store/outbox.js';
import { mockSubmission } from '../../chain/local-venue.js';
import { PublicationBench } from './publication-bench.js';
import { CONFIRMATIONS } from './quick-settings.js';

describe('a publisher with a sound node', function () {
  this.timeout(60_000);
  let bench: PublicationBench;

  before(async () => {
    bench = await PublicationBench.start();
  });
  after(async () => {
    await (bench as PublicationBench | undefined)?.stop();
  });
  beforeEach(() => bench.fresh());

  it('signs, sends, waits for its blocks, and is done', async () => {
    await bench.submit();
    const publisher = bench.publisher();
    const states: string[] = [];
    for (let round = 0; round <= CONFIRMATIONS + 1; round += 1) {
      await publishPending(publisher);
      states.push((await bench.entry()).state);
      await bench.mine();
    }
    assert.deepEqual(states, ['sent', 'mined', 'mined', 'mined', 'final']);
    const entry = await bench.assertPublishedOnce();
    assert.equal(entry.attempts, 0);
    assert.ok((entry.gasUsed ?? 0n) > 100_000n);
  });

  it('waits for the blocks that consensus made final where it is told to', async () => {
    await bench.submit();
    const publisher = bench.publisher({ confirmations: 'finalized' });
    await bench.drive(publisher, 'submit-epoch', 1, 5);
    assert.equal((await bench.entry()).state, 'mined');
    const mined = (await bench.entry()).block?.number ?? 0;
    while ((await bench.entry()).state === 'mined') {
      await bench.mine(8);
      await publishPending(publisher);
    }
    const { number } = await bench.rpc('eth_getBlockByNumber', 'finalized', false) as { number: string };
    assert.ok(Number(number) >= mined && Number(number) < mined + 8, `final at ${number}, mined in ${mined}`);
    await bench.assertPublishedOnce();
  });

  it('needs no block on top where none is asked for', async () => {
    await bench.submit();
    const publisher = bench.publisher({ confirmations: 0 });
    await publishPending(publisher);
    await bench.mine();
    assert.deepEqual((await publishPending(publisher)).map(({ state }) => state), ['final']);
    await bench.assertPublishedOnce();
  });

  it('opens no snapshot that is open, or whose epoch is past', async () => {
    await bench.open(1);
    const { state, transactionHash } = await bench.drive(bench.publisher(), 'open-snapshot');
    assert.deepEqual([state, transactionHash, await bench.mined('openSnapshot')], ['final', undefined, []]);
    await bench.submit();
    await bench.drive(bench.publisher());
    await bench.database.query(`delete from outbox where kind = 'open-snapshot'`);
    await bench.open(1);
    assert.equal((await bench.drive(bench.publisher(), 'open-snapshot')).state, 'final');
    assert.deepEqual(await bench.mined('openSnapshot'), []);
  });

  it('refuses an entry for another contract, venue or epoch, and one whose bytes are damaged', async () => {
    const submission = mockSubmission(bench.venue.deployment, 1);
    const whole = submitEpochCall(7n, submission);
    const place = { venue: 1, target: bench.venue.deployment.registry };
    const wrong: readonly (readonly [OutboxItem, string, RegExp])[] = [
      [{ ...place, epoch: 1, kind: 'submit-epoch', calldata: whole, target: bench.venue.usd }, 'MISPLACED_ENTRY', /this publisher serves venue 7/],
      [{ ...place, epoch: 1, kind: 'submit-epoch', calldata: submitEpochCall(8n, submission) }, 'MISPLACED_ENTRY', /submit-epoch of venue 8/],
      [{ ...place, epoch: 2, kind: 'submit-epoch', calldata: whole }, 'MISPLACED_ENTRY', /submit-epoch of epoch 2/],
      [{ ...place, epoch: 1, kind: 'open-snapshot', calldata: whole }, 'MISPLACED_ENTRY', /its bytes for submit-epoch/],
      [{ ...place, epoch: 1, kind: 'submit-epoch', calldata: whole.slice(0, 100) }, 'REGISTRY_CALL', /the stored entry is damaged/],
    ];
    for (const [item, code, reason] of wrong) {
      await bench.database.script('delete from clearproof.outbox');
      await enqueue(bench.database, item);
      const [entry] = await publishPending(bench.publisher());
      assert.deepEqual([entry?.state, entry?.error?.code], ['dead', code]);
      assert.match(entry?.error?.message ?? '', reason);
    }
    assert.ok(!bench.proxy.asked.includes('eth_sendRawTransaction'));
  });
});
