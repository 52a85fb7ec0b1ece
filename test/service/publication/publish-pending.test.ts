import assert from 'node:assert/strict';
import { publishPending } from '../../../src/service/publication/publish-pending.js';
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
});
