import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { placesOf, planEpoch, type EpochPlan } from '../../src/proving/epoch-plan.js';
import { readPlan, writePlan } from '../../src/proving/plan-file.js';
import { PARTED_CIRCUITS, shapeOf, tieredVenue, VENUE, withFolder } from './support.js';

const HEADER = 'plan.json';
const PLACES = 'plan-places.ndjson';

describe('the plan file', () => {
  let plan: EpochPlan;
  before(async () => {
    const { snapshot, market } = tieredVenue(75);
    plan = planEpoch(await bulkPoseidon(), snapshot, market, await shapeOf(PARTED_CIRCUITS, market), VENUE, 5);
    assert.equal(new Set(plan.batches.map(({ circuit }) => circuit)).size, 2, 'batches of both circuits');
    assert.equal(plan.partBlindings.length, 3);
  });

  /** Every secret a plan holds, as its files spell it. */
  const secrets = (): string[] => [
    ...[...plan.blindings, ...plan.partBlindings].map(String),
    ...placesOf(plan).flatMap((place) => (place.kind === 'padding'
      ? [String(place.key), String(place.salt)]
      : [String(place.owner), String(place.salt), place.userId, ...place.holdings.map(({ quantity }) => String(quantity)).filter((text) => text.length > 5)])),
  ];

  async function refusal(folder: string): Promise<Error & { code?: string }> {
    try {
      await readPlan(folder);
    } catch (error) {
      return error as Error;
    }
    return assert.fail('the damaged plan was read');
  }

  function assertNoSecret(error: Error): void {
    // As a logger would show it, causes included.
    const shown = inspect(error, { depth: 10 }) + JSON.stringify(error);
    // The folder has a random name; a user id such as "house" may not be in it by chance.
    for (const secret of secrets()) assert.ok(!shown.includes(secret), 'a secret is in the error');
  }

  it('comes back as it was', () => withFolder(async (folder) => {
    await writePlan(folder, plan);
    assert.deepEqual(await readPlan(folder), plan);
  }));

  it('is undefined where no plan was finished', () => withFolder(async (folder) => {
    assert.equal(await readPlan(folder), undefined);
    await writePlan(folder, plan);
    await rm(join(folder, HEADER));
    assert.equal(await readPlan(folder), undefined, 'places without a header: the run died before the plan existed');
  }));

  it('can be read by its owner only, folder and files', () => withFolder(async (parent) => {
    const folder = join(parent, 'epoch');
    await writePlan(folder, plan);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.deepEqual((await readdir(folder)).sort(), [PLACES, HEADER].sort());
    for (const file of [HEADER, PLACES]) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file);
  }));

  it('is refused after any flipped bit, naming the file and showing no secret', () => withFolder(async (folder) => {
    await writePlan(folder, plan);
    const whole = { [HEADER]: await readFile(join(folder, HEADER)), [PLACES]: await readFile(join(folder, PLACES)) };
    await fc.assert(fc.asyncProperty(fc.constantFrom(HEADER, PLACES), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(7), async (name, at, bit) => {
      const bytes = Buffer.from(whole[name] as Buffer);
      // The line's end is not part of the header.
      const place = Math.floor(at * (bytes.length - 1));
      bytes[place] = (bytes[place] as number) ^ (1 << bit);
      await writeFile(join(folder, name), bytes);
      const error = await refusal(folder);
      await writeFile(join(folder, name), whole[name] as Buffer);
      assert.equal(error.code, 'PLAN_FILE');
      assert.ok(error.message.includes(join(folder, name)), error.message);
      assertNoSecret(error);
    }), { numRuns: 200 });
  }));

  it('is refused when truncated anywhere', () => withFolder(async (folder) => {
    await writePlan(folder, plan);
    for (const name of [HEADER, PLACES]) {
      const whole = await readFile(join(folder, name));
      for (const part of [0, 0.3, 0.9]) {
        await writeFile(join(folder, name), whole.subarray(0, Math.floor(whole.length * part)));
        const error = await refusal(folder);
        assert.equal(error.code, 'PLAN_FILE');
        assert.match(error.message, name === HEADER ? /plan\.json is damaged/ : /plan-places\.ndjson does not match its header/);
        assertNoSecret(error);
      }
      await writeFile(join(folder, name), whole);
    }
  }));

  it('is refused when the places are missing, by their name', () => withFolder(async (folder) => {
    await writePlan(folder, plan);
    await rm(join(folder, PLACES));
    await assert.rejects(readPlan(folder), { code: 'PLAN_FILE', message: /plan-places\.ndjson cannot be read \(ENOENT/ });
  }));

  it('is refused with the places of another plan', () => withFolder(async (folder) => {
    await writePlan(folder, { ...plan, batches: plan.batches.map((batch) => ({ ...batch, places: batch.places.map((place) => ({ ...place, salt: place.salt ^ 1n })) })) });
    const foreign = await readFile(join(folder, PLACES));
    await writePlan(folder, plan);
    await writeFile(join(folder, PLACES), foreign);
    await assert.rejects(readPlan(folder), { code: 'PLAN_FILE', message: /plan-places\.ndjson does not match its header/ });
  }));

  it('is refused in another version, by number', () => withFolder(async (folder) => {
    await writePlan(folder, plan);
    const header = JSON.parse(await readFile(join(folder, HEADER), 'utf8')) as Record<string, unknown>;
    await writeFile(join(folder, HEADER), JSON.stringify({ ...header, version: 1 }));
    await assert.rejects(readPlan(folder), { code: 'PLAN_FILE', message: /has version 1, this program reads 2/ });
    for (const text of ['null', '[]', '{}', '"plan"', JSON.stringify({ ...header, version: '2' })]) {
      await writeFile(join(folder, HEADER), text);
      await assert.rejects(readPlan(folder), { code: 'PLAN_FILE', message: /plan\.json is damaged/ });
    }
  }));

  it('leaves the plan that was there when a new one cannot be written', () => withFolder(async (folder) => {
    await writePlan(folder, plan);
    const broken = { ...plan, batches: [...plan.batches, { circuit: 'none', places: [null as never] }] };
    await assert.rejects(writePlan(folder, broken), TypeError);
    assert.deepEqual(await readPlan(folder), plan);
    assert.deepEqual((await readdir(folder)).sort(), [PLACES, HEADER].sort());
  }));

  it('is refused, not taken for absent, when it cannot be read', () => withFolder(async (folder) => {
    await writePlan(folder, plan);
    await rm(join(folder, HEADER));
    await mkdir(join(folder, HEADER));
    await assert.rejects(readPlan(folder), { code: 'PLAN_FILE', message: /plan\.json cannot be read: EISDIR/ });
  }));
});
