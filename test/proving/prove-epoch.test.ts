import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attestation } from '../../src/attestation/attestation.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { WitnessRefusedError } from '../../src/groth16/witness-calculator.js';
import { planEpoch, type EpochPlan } from '../../src/proving/epoch-plan.js';
import type { EpochShape } from '../../src/proving/epoch-shape.js';
import { epochStatements } from '../../src/proving/epoch-statements.js';
import type { Progress } from '../../src/proving/progress.js';
import { proveEpoch, type ProvingTools } from '../../src/proving/prove-epoch.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { StandInProver, testShape, testVenue, VENUE, withFolder } from './support.js';

const { batchCircuit: BATCH, closeCircuit: CLOSE } = TEST_SHAPE;
const BATCHES = 5;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('proving an epoch', () => {
  let poseidon: Poseidon;
  let shape: EpochShape;
  let plan: EpochPlan;
  before(async () => {
    [poseidon, shape] = await Promise.all([bulkPoseidon(), testShape()]);
    const { snapshot, market } = testVenue(BATCHES * 16 - 5);
    plan = planEpoch(poseidon, snapshot, market, shape, VENUE, 3);
  });

  interface Run {
    readonly attestation: Attestation;
    readonly progress: readonly Progress[];
    readonly discarded: readonly string[];
  }
  async function run(folder: string, prover: StandInProver, change: Partial<ProvingTools> = {}, of = plan): Promise<Run> {
    const progress: Progress[] = [];
    const discarded: string[] = [];
    const attestation = await proveEpoch({
      poseidon, prover, concurrency: 1,
      verify: () => Promise.resolve(true),
      verificationKey: (circuit) => Promise.resolve({ key: circuit }),
      onProgress: (each) => progress.push(each),
      onDiscard: (reason) => discarded.push(reason),
      ...change,
    }, of, folder);
    return { attestation, progress, discarded };
  }
  const fileOf = (folder: string, name: string): string => join(folder, 'proofs', `${name}.json`);

  it('makes every batch and then the close, each once, and states them in order', () => withFolder(async (folder) => {
    const prover = new StandInProver();
    const { attestation, progress } = await run(folder, prover);
    assert.deepEqual(prover.circuits, [...Array<string>(BATCHES).fill(BATCH), CLOSE]);
    const { batchSignals, closeSignals, genesisAccumulator } = epochStatements(poseidon, plan);
    assert.equal(attestation.genesisAccumulator, genesisAccumulator);
    assert.deepEqual(attestation.batches.map(({ accumulatorAfter }) => accumulatorAfter), batchSignals.map(({ accumulatorAfter }) => accumulatorAfter));
    assert.equal(attestation.close.accountsRoot, closeSignals.accountsRoot);
    assert.deepEqual(attestation.verificationKeys, { [BATCH]: { key: BATCH }, [CLOSE]: { key: CLOSE } });
    assert.deepEqual(progress.map(({ done, total, resumed }) => [done, total, resumed]), [1, 2, 3, 4, 5, 6].map((done) => [done, 6, 0]));
  }));

  for (const limit of [1, 2, 3, 50]) {
    it(`never has more than ${limit} proofs under way`, () => withFolder(async (folder) => {
      const prover = new StandInProver((call) => pause(50 + ((call * 7) % 5) * 10));
      const { attestation } = await run(folder, prover, { concurrency: limit });
      assert.equal(prover.mostRunning, Math.min(limit, BATCHES));
      // Proofs end out of order and still stand in order.
      const found = await Promise.all(attestation.batches.map(async ({ accumulatorAfter }, place) =>
        (await readFile(fileOf(folder, `batch-${String(place).padStart(6, '0')}`), 'utf8')).includes(`"${accumulatorAfter}"`)));
      assert.ok(found.every(Boolean));
    }));
  }

  it('stops at the first proof that fails, keeps what was finished, and goes on from there', () => withFolder(async (folder) => {
    const failing = new StandInProver((call, circuit) => {
      if (call === 2) throw new WitnessRefusedError(`circuit ${circuit} has no witness for these inputs`, { circuit });
    });
    await assert.rejects(run(folder, failing), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'WITNESS_REFUSED');
      assert.ok(error.message.includes(BATCH));
      return true;
    });
    assert.equal(failing.circuits.length, 3);
    assert.deepEqual((await readdir(join(folder, 'proofs'))).sort(), ['batch-000000.json', 'batch-000001.json']);
    const second = new StandInProver();
    const { progress } = await run(folder, second);
    assert.equal(second.circuits.length, BATCHES - 2 + 1);
    assert.deepEqual(progress.slice(0, 2).map(({ resumed, remainingSeconds }) => [resumed, remainingSeconds]), [[1, undefined], [2, undefined]]);
  }));

  it('stores the proofs that were under way beside the one that failed before it reports', () => withFolder(async (folder) => {
    const prover = new StandInProver(async (call) => {
      if (call === 0) throw new Error('out of luck');
      await pause(30);
    });
    await assert.rejects(run(folder, prover, { concurrency: 3 }), /out of luck/);
    assert.equal(prover.running, 0);
    assert.equal(prover.circuits.length, 3, 'no new proof is begun');
    assert.equal((await readdir(join(folder, 'proofs'))).length, 2);
  }));

  it('makes nothing again when everything is there', () => withFolder(async (folder) => {
    const first = await run(folder, new StandInProver());
    const prover = new StandInProver();
    const second = await run(folder, prover);
    assert.equal(prover.circuits.length, 0);
    assert.deepEqual(second.attestation, first.attestation);
  }));

  const damages: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    ['torn', (text) => text.slice(0, 100), /batch-000003\.json cannot be used/],
    ['of another statement', (text) => text.replace(/"publicSignals": \[\s*"\d+"/, '"publicSignals": ["12345"'), /batch-000003\.json proves another statement/],
    ['of another circuit', (text) => text.replace(BATCH, 'other'), /batch-000003\.json proves another statement/],
  ];
  for (const [title, damage, reason] of damages) {
    it(`makes a stored proof again that is ${title}, that one only, and says so`, () => withFolder(async (folder) => {
      await run(folder, new StandInProver());
      const file = fileOf(folder, 'batch-000003');
      const whole = await readFile(file, 'utf8');
      await writeFile(file, damage(whole));
      const prover = new StandInProver();
      const { discarded } = await run(folder, prover);
      assert.deepEqual(prover.circuits, [BATCH]);
      assert.equal(discarded.length, 1);
      assert.match(discarded[0] as string, reason);
      assert.deepEqual((JSON.parse(await readFile(file, 'utf8')) as { publicSignals: unknown }).publicSignals, (JSON.parse(whole) as { publicSignals: unknown }).publicSignals);
    }));
  }

  it('makes a stored proof again that does not verify', () => withFolder(async (folder) => {
    await run(folder, new StandInProver());
    const { batchSignals } = epochStatements(poseidon, plan);
    const prover = new StandInProver();
    const verify: ProvingTools['verify'] = (_circuit, signals) => Promise.resolve(!signals.includes(batchSignals[4]?.accumulatorAfter as bigint) || signals.length > 4);
    const { discarded } = await run(folder, prover, { verify });
    assert.deepEqual(prover.circuits, [BATCH]);
    assert.deepEqual(discarded, ['the stored proof batch-000004 does not verify']);
  }));

  it('takes no proof of another plan that lies in the folder', () => withFolder(async (folder) => {
    await run(folder, new StandInProver());
    const { snapshot, market } = testVenue(BATCHES * 16 - 5);
    const other = planEpoch(poseidon, snapshot, market, shape, VENUE, 3);
    const prover = new StandInProver();
    const { discarded } = await run(folder, prover, {}, other);
    assert.equal(prover.circuits.length, BATCHES + 1);
    assert.equal(discarded.length, BATCHES + 1);
  }));
});
