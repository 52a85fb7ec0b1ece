import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { submitEpochCall } from '../../../src/chain/registry-calls.js';
import { publishPending } from '../../../src/service/publication/publish-pending.js';
import { PUBLICATION_POINTS, type PublicationPoint, type Publisher } from '../../../src/service/publication/publisher.js';
import { attemptsOf } from '../../../src/store/outbox-attempts.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { enqueue } from '../../../src/store/outbox.js';
import { mockSubmission } from '../../chain/local-venue.js';
import { withFolder } from '../../store/databases.js';
import { PublicationBench } from './publication-bench.js';
import type { ProcessOrder } from './publisher-process.js';

/** Not one of the project's errors: a publisher leaves everything as it is. */
class ProcessDied extends Error {}

describe('a publisher that dies', function () {
  this.timeout(120_000);
  let bench: PublicationBench;

  before(async () => {
    bench = await PublicationBench.start();
  });
  after(async () => {
    await (bench as PublicationBench | undefined)?.stop();
  });
  beforeEach(() => bench.fresh());

  /** A publisher that dies at the `nth` time it reaches a point, and its successors, which do not. */
  function mortal(point: PublicationPoint, nth: number): { readonly publisher: Publisher; readonly died: () => boolean } {
    let times = 0;
    const publisher = bench.publisher({}, {
      reached: (at) => {
        if (at === point && (times += 1) === nth) throw new ProcessDied(point);
      },
    });
    return { publisher, died: () => times >= nth };
  }

  /** One pass; a death leaves the lease to run out. */
  async function pass(publisher: Publisher): Promise<void> {
    await publishPending(publisher).catch((error: unknown) => {
      if (!(error instanceof ProcessDied)) throw error;
    });
    await bench.expireLeases();
  }

  for (const point of PUBLICATION_POINTS) {
    it(`publishes once when it dies at "${point}", the first or the second time`, async () => {
      for (const nth of [1, 2]) {
        await bench.fresh();
        await bench.submit();
        const { publisher, died } = mortal(point, nth);
        // The first time without reorgs, which would wipe out traces; then through two, so that every point is come by.
        let toUndo = nth === 1 && point !== 'unmined' ? 0 : 2;
        for (let round = 0; round < 30 && (await bench.entry()).state !== 'final'; round += 1) {
          await pass(publisher);
          if ((await bench.entry()).state === 'mined' && toUndo > 0) {
            toUndo -= 1;
            await bench.rpc('anvil_reorg', 1, []);
          } else await bench.mine();
        }
        // What is signed is signed once, and what is final stays so.
        const once: readonly PublicationPoint[] = ['priced', 'signed', 'stored', 'noted', 'final'];
        assert.ok(died() || (nth === 2 && once.includes(point)), `it died at ${point}`);
        await bench.assertPublishedOnce();
        const { length } = await attemptsOf(bench.database, (await bench.entry()).id);
        assert.equal(length, 1, 'one transaction was stored');
      }
    });
  }

  it('publishes once when it is killed after storing and after sending, one process after another', async () => {
    await withFolder(async (folder) => {
      const { registry, markets } = bench.venue.deployment;
      const key = bench.elsewhere.privateKey;
      const keyFile = join(folder, 'operator.key');
      await writeFile(keyFile, key, { mode: 0o600 });
      const directory = join(folder, 'store');
      const database = await openDatabase({ kind: 'embedded', directory });
      await migrate(database);
      await database.query(`insert into venue (chain_id, registry, venue_id) values (31337, $1, 7)`, [registry]);
      await enqueue(database, { venue: 1, epoch: 1, kind: 'submit-epoch', target: registry, calldata: submitEpochCall(7n, mockSubmission(bench.venue.deployment, 1)) });
      await database.close();

      const order: ProcessOrder = { directory, rpc: bench.proxy.url, keyFile, registry, markets };
      for (const hangAt of ['stored', 'sent'] as const) {
        const { killed, output } = await run({ ...order, hangAt });
        assert.ok(killed, `${hangAt}: ${output}`);
      }
      const blocks = setInterval(() => void bench.mine().catch(() => undefined), 100);
      const { killed, output } = await run(order).finally(() => clearInterval(blocks));
      assert.ok(!killed && output.includes('final'), output);
      assert.ok(!output.includes(key.slice(2)));
      assert.equal(await bench.accepted(), 1);
      assert.deepEqual((await bench.mined()).map(({ succeeded }) => succeeded), [true]);
    });
  });
});

/** Runs a publisher in a process of its own and kills it where it was told to hang. */
function run(order: ProcessOrder): Promise<{ readonly killed: boolean; readonly output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/service/publication/publisher-process.ts', JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      if (order.hangAt !== undefined && output.split('\n').includes(order.hangAt)) child.kill('SIGKILL');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('close', (_code, signal) => resolve({ killed: signal === 'SIGKILL', output }));
  });
}
