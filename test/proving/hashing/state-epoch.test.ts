import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { oneByOne, type PoseidonMany } from '../../../src/commitment/poseidon-many.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { planEpoch, type EpochPlan, type PlannedBatch } from '../../../src/proving/epoch-plan.js';
import { epochStatements, type EpochStatements } from '../../../src/proving/epoch-statements.js';
import { HashingProcessError, type HashingJob, type HashingResults } from '../../../src/proving/hashing/hashing-messages.js';
import { HashingProcesses } from '../../../src/proving/hashing/hashing-processes.js';
import { addPiece, hashPiece, weighPiece } from '../../../src/proving/hashing/hashing-work.js';
import { stateEpoch, stateEpochWith, type HashingWorkers } from '../../../src/proving/hashing/state-epoch.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import type { Snapshot } from '../../../src/venue/account.js';
import { nativeDouble } from '../../harness/native-double.js';
import { NATIVE } from '../../harness/native-program.js';
import { MIXED_CIRCUITS, PARTED_CIRCUITS, shapeOf, TEST_CIRCUITS, testVenue, tieredVenue, VENUE } from '../support.js';

describe('stating an epoch in several processes', () => {
  let poseidon: Poseidon;
  let many: PoseidonMany;
  before(async () => {
    poseidon = await bulkPoseidon();
    many = oneByOne(poseidon);
  });

  const planned = async ({ snapshot, market }: { readonly snapshot: Snapshot; readonly market: MarketTable }, circuits: string): Promise<EpochPlan> =>
    planEpoch(poseidon, snapshot, market, await shapeOf(circuits, market), VENUE, 3);

  /** Works on the spot and gives results back in another order; all passes through the encoding that processes use. */
  function workersFor({ market, shape }: EpochPlan, jobs: HashingJob['kind'][] = []): HashingWorkers {
    const frame = { market, shape };
    const work = async (job: HashingJob): Promise<HashingResults[HashingJob['kind']]> => {
      if (job.kind === 'hash') return hashPiece(many, frame, job.batches);
      return job.kind === 'weigh' ? weighPiece(frame, job.batches, job.power, job.challenges) : addPiece(frame, job.batches, job.power, job.challenges);
    };
    return {
      run: async <Job extends HashingJob>(job: Job) => {
        const delay = jobs.push(job.kind) % 3;
        await new Promise((resolve) => setTimeout(resolve, 5 * (3 - delay)));
        return deserialize(serialize(await work(deserialize(serialize(job)) as HashingJob))) as HashingResults[Job['kind']];
      },
    };
  }

  function assertSame(found: EpochStatements, expected: EpochStatements, { batches }: EpochPlan): void {
    for (const name of ['genesisAccumulator', 'batchSignals', 'closeSignals', 'words'] as const) assert.deepEqual(found[name], expected[name], name);
    batches.forEach((_, place) => assert.deepEqual(found.batchInput(place), expected.batchInput(place), `batch ${place}`));
    assert.deepEqual(found.closeInput(), expected.closeInput());
    assert.deepEqual([found.parts?.signals, found.parts?.endSignals], [expected.parts?.signals, expected.parts?.endSignals]);
    expected.parts?.signals.forEach((_, place) => assert.deepEqual(found.parts?.input(place), expected.parts?.input(place), `part ${place}`));
    assert.equal(found.tree.root, expected.tree.root);
    const places = batches.reduce((sum, batch) => sum + batch.places.length, 0);
    for (const position of [0, 1, places - 1, places]) assert.deepEqual(found.tree.path(position), expected.tree.path(position), `path ${position}`);
  }

  const venues = [
    ['one circuit without tiers', TEST_CIRCUITS, testVenue],
    ['two circuits, one with tiers', MIXED_CIRCUITS, tieredVenue],
    ['two circuits and a close in parts', PARTED_CIRCUITS, tieredVenue],
  ] as const;
  for (const [title, circuits, venue] of venues) {
    it(`gives what one process gives, to the bit: ${title}`, async () => {
      for (const [accounts, placesAPiece] of [[12, 1], [60, 16], [90, 33], [130, 1000]] as const) {
        const plan = await planned(venue(accounts, `${title} ${accounts}`), circuits);
        assertSame(await stateEpochWith({ pool: workersFor(plan), poseidon, many }, plan, placesAPiece), epochStatements(poseidon, plan), plan);
      }
    });
  }

  it('hands out pieces of whole batches, each once in each pass', async () => {
    const plan = await planned(testVenue(90), TEST_CIRCUITS);
    const jobs: HashingJob['kind'][] = [];
    await stateEpochWith({ pool: workersFor(plan, jobs), poseidon, many }, plan, 32);
    const pieces = Math.ceil(plan.batches.length / 2);
    for (const kind of ['hash', 'weigh', 'add']) assert.equal(jobs.filter((job) => job === kind).length, pieces, kind);
  });

  it('gives the same from real processes', async () => {
    const plan = await planned(tieredVenue(90), PARTED_CIRCUITS);
    assertSame(await stateEpoch(poseidon, plan, { processes: 2, native: 'none' }), epochStatements(poseidon, plan), plan);
  });

  if (NATIVE.state === 'answers') {
    it('gives the same by the native program, beside each process and for the tree [P-271]', async () => {
      for (const [venue, circuits] of [[testVenue, TEST_CIRCUITS], [tieredVenue, PARTED_CIRCUITS]] as const) {
        const plan = await planned(venue(90), circuits);
        assertSame(await stateEpoch(poseidon, plan, { processes: 2, native: NATIVE.path }), epochStatements(poseidon, plan), plan);
      }
    });
  }

  it('breaks off when the native program dies or is another one, and leaves none behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clearproof-hashing-'));
    const plan = await planned(testVenue(90), TEST_CIRCUITS);
    const dying = await nativeDouble(folder, 'dying', `handlers.hash = async () => process.exit(9);`);
    await assert.rejects(stateEpoch(poseidon, plan, { processes: 1, native: dying }), { code: 'HASHING_PROCESS', message: /dying\.cjs ended with exit code 9/ });
    await assert.rejects(stateEpoch(poseidon, plan, { processes: 1, native: join(folder, 'none') }), { message: /cannot be started/ });
    await rm(folder, { recursive: true });
  });

  it('refuses an account that no slot takes, without a word about what it holds', async () => {
    const plan = await planned(testVenue(30), TEST_CIRCUITS);
    const quantity = 987_654_321n;
    const wide = { ...plan, batches: plan.batches.map((batch): PlannedBatch => ({
      ...batch, places: batch.places.map((place) => (place.kind === 'padding' ? place : { ...place, holdings: [0, 1, 2, 3].map((index) => ({ index, quantity })) })),
    })) };
    await assert.rejects(stateEpoch(poseidon, wide, { processes: 1 }), (thrown) => {
      assert.ok(thrown instanceof HashingProcessError);
      assert.match(thrown.message, /could not be hashed: 4 holdings do not fit in 3 slots/);
      assert.doesNotMatch(JSON.stringify(thrown), /987654321|user-/);
      return true;
    });
  });

  it('breaks off when a process is killed, and leaves none behind', async () => {
    const plan = await planned(testVenue(90), TEST_CIRCUITS);
    const pool = new HashingProcesses(2, { market: plan.market, shape: plan.shape });
    const [first, second] = pool.processIds;
    const killing: HashingWorkers = { run: (job) => {
      if (job.kind === 'weigh') process.kill(first as number, 'SIGKILL');
      return pool.run(job);
    } };
    const stated = stateEpochWith({ pool: killing, poseidon, many }, plan, 16);
    await assert.rejects(stated, { code: 'HASHING_PROCESS', message: /broke off: a process ended with signal SIGKILL/ });
    await pool.close();
    assert.throws(() => process.kill(second as number, 0), { code: 'ESRCH' });
    await assert.rejects(pool.run({ kind: 'hash', batches: [] }), { code: 'HASHING_PROCESS' });
  });
});
