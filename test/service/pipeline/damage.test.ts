import assert from 'node:assert/strict';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import type { Row } from '../../../src/store/database.js';
import { testVenue } from '../../proving/support.js';
import { SignalProver } from '../../harness/signal-prover.js';
import { insertEpochRows } from '../epoch-rows.js';
import { TestPipeline } from './pipeline.js';

const PROOFS = ['batch-000000', 'batch-000001', 'close'];

describe('damage to what an epoch has stored', () => {
  const venue = testVenue(20);
  let pipeline: TestPipeline;
  let number = 0n;

  before(async () => {
    pipeline = await TestPipeline.open(new SignalProver(await readCircuitList()));
    pipeline.verify = () => Promise.resolve(true);
    pipeline.inline = true;
  });
  after(() => pipeline.close());
  beforeEach(() => {
    pipeline.log.length = 0;
    pipeline.proven.length = 0;
    pipeline.submissions.length = 0;
  });

  const query = async (text: string): Promise<readonly Row[]> => (await pipeline.database.query(text)).rows;
  const events = (): string[] => pipeline.log.map(({ event }) => event);
  async function epochUntil(last: 'nothing' | 'plan' | 'proofs' | 'attestation'): Promise<bigint> {
    number += 1n;
    const { epoch } = await insertEpochRows(pipeline.database, pipeline.steps, venue, { number });
    if (last !== 'nothing') await pipeline.run('plan', epoch);
    if (last === 'proofs' || last === 'attestation') for (const name of PROOFS) await pipeline.run('prove', epoch, `prove:${name}`);
    if (last === 'attestation') await pipeline.run('attest', epoch);
    pipeline.log.length = 0;
    pipeline.proven.length = 0;
    return epoch;
  }
  const flip = (table: string, column: string, where: string): Promise<unknown> => pipeline.database.query(`
    update ${table} set ${column} = overlay(${column} placing case when substr(${column}, 40, 1) = '1' then '2' else '1' end from 40) where ${where}`);
  /** All that follows from the plan, as rows. */
  const derived = async (epoch: bigint): Promise<unknown> => [
    await query(`select position, user_id, sub_account, owner, key, salt, holdings, leaf from place where epoch = ${epoch} order by position`),
    await query(`select name, circuit, signals, witness, witness_sha256 from task where epoch = ${epoch} order by name`),
    await query(`select body, sha256, places_sha256 from figures where epoch = ${epoch}`),
  ];

  const witnesses: readonly (readonly [string, string])[] = [
    ['a flipped bit in a witness', `update task set witness = set_byte(witness, 100, get_byte(witness, 100) # 1)`],
    ['a flipped bit in a public signal', `update task set signals[3] = (signals[3]::numeric + 1)::text`],
    ['a witness that is gone', `update task set witness = null`],
    ['a circuit of another task', `update task set circuit = 'solvency-close-u16-s2'`],
  ];
  for (const [title, damage] of witnesses) {
    it(`${title} is noticed, and what follows from the plan is made again, the same [V23]`, async () => {
      const epoch = await epochUntil('plan');
      const whole = await derived(epoch);
      await pipeline.database.query(`${damage} where epoch = ${epoch} and name = 'batch-000001'`);
      await pipeline.run('prove', epoch, 'prove:batch-000001');
      assert.ok(events().includes('derived-again'));
      assert.deepEqual(await derived(epoch), whole);
      assert.equal(await pipeline.count(`proof where epoch = ${epoch}`), 1);
    });
  }

  const proofs: readonly (readonly [string, (epoch: bigint) => Promise<unknown>, RegExp])[] = [
    ['a flipped bit in a proof', (epoch) => flip('proof', 'body', `epoch = ${epoch} and name = 'batch-000001'`), /its SHA-256 differs/],
    ['a proof of another statement', (epoch) => pipeline.database.query(`
      update proof set (body, sha256) = (select body, sha256 from proof where epoch = ${epoch} and name = 'batch-000000') where epoch = ${epoch} and name = 'batch-000001'`), /proves another statement/],
  ];
  for (const [title, damage, reason] of proofs) {
    it(`${title} is noticed before anything is attested, and that proof is made again [V23]`, async () => {
      const epoch = await epochUntil('proofs');
      await damage(epoch);
      await pipeline.run('attest', epoch);
      assert.equal(pipeline.proven.length, 1);
      assert.match(String(pipeline.log.find(({ event }) => event === 'proof-made-again')?.fields['reason']), reason);
      assert.equal(pipeline.submissions.length, 1);
    });
  }

  it('a stored proof that does not verify is made again, and a new one that does not either is not stored', async () => {
    const epoch = await epochUntil('proofs');
    const { rows: [row] } = await pipeline.database.query(`select body from proof where epoch = ${epoch} and name = 'close'`);
    const bad = (JSON.parse(String(row?.['body'])) as { proof: { b: string[][] } }).proof.b[0]?.[0];
    pipeline.verify = (_circuit, _signals, proof) => Promise.resolve(proof.b[0][0].toString() !== bad);
    await pipeline.run('attest', epoch);
    assert.deepEqual(pipeline.proven, ['solvency-close-u16-s2']);
    pipeline.verify = () => Promise.resolve(false);
    const other = await epochUntil('plan');
    await assert.rejects(pipeline.run('prove', other, 'prove:close'), { code: 'PROOF_NOT_VERIFIED' });
    assert.equal(await pipeline.count(`proof where epoch = ${other}`), 0);
    pipeline.verify = () => Promise.resolve(true);
  });

  it('a flipped bit in the figures is noticed when they are attested, and they are made again [V23]', async () => {
    const epoch = await epochUntil('proofs');
    const whole = await derived(epoch);
    await flip('figures', 'body', `epoch = ${epoch}`);
    await pipeline.run('attest', epoch);
    assert.deepEqual(events(), ['derived-again']);
    assert.deepEqual(await derived(epoch), whole);
    assert.equal(pipeline.proven.length, 0, 'the proofs were whole');
  });

  const places: readonly (readonly [string, string])[] = [
    ['salt', 'salt = salt + 1'], ['leaf', 'leaf = set_byte(leaf, 3, get_byte(leaf, 3) # 1)'], ['holdings', `holdings = '[[0,"1"'`], ['user', `user_id = coalesce(user_id, 'nobody') || 'x'`],
  ];
  for (const [title, change] of places) {
    it(`a changed ${title} in a place is noticed before receipts are made of it, and put right; tokens stay [V23]`, async () => {
      const epoch = await epochUntil('attestation');
      const whole = await derived(epoch);
      await pipeline.database.query(`update place set token_sha256 = sha256(('${epoch} ' || position)::bytea) where epoch = ${epoch}`);
      // Padding has no holdings to change.
      await pipeline.database.query(`update place set ${change} where epoch = ${epoch} and position = (select min(position) from place where epoch = ${epoch} and user_id is not null)`);
      await pipeline.run('receipts', epoch);
      assert.deepEqual(events(), ['derived-again']);
      assert.deepEqual(await derived(epoch), whole);
      assert.equal(await pipeline.count(`place where epoch = ${epoch} and token_sha256 is not null`), 32);
    });
  }

  const plans: readonly (readonly [string, (epoch: bigint) => Promise<unknown>, RegExp])[] = [
    ['a flipped bit in the header', (epoch) => flip('plan', 'header', `epoch = ${epoch}`), /the plan of epoch row \d+ is not what was stored: its SHA-256 differs/],
    ['a header that was changed with its hash', (epoch) => pipeline.database.query(`
      update plan set header = replace(header, '"blindings":["', '"blindings":["1'), sha256 = encode(sha256(convert_to(replace(header, '"blindings":["', '"blindings":["1'), 'UTF8')), 'hex') where epoch = ${epoch}`), /the sealed plan is damaged/],
    ['a flipped bit in the places', (epoch) => pipeline.database.query(`update plan_part set body = set_byte(body, 100, get_byte(body, 100) # 1) where epoch = ${epoch}`), /part 0 of the plan of epoch row \d+ is not what was stored/],
    ['a missing part', (epoch) => pipeline.database.query(`delete from plan_part where epoch = ${epoch}`), /part 0 of the plan of epoch row \d+ is not there/],
    ['a plan that is gone', (epoch) => pipeline.database.query(`delete from plan where epoch = ${epoch}`), /its row is not there/],
  ];
  for (const [title, damage, reason] of plans) {
    it(`${title} stops the epoch, which is never planned again by itself [V23]`, async () => {
      const epoch = await epochUntil('plan');
      await damage(epoch);
      await assert.rejects(pipeline.run('plan', epoch), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'PLAN_DAMAGED');
        assert.match(error.message, reason);
        assert.match(error.message, /nothing of it was attested: restore the database from a backup, or give this epoch up/);
        return true;
      });
      assert.ok(!events().includes('plan-stored'));
    });
  }

  it('a damaged plan of an attested epoch says that its attestation may be published', async () => {
    const epoch = await epochUntil('attestation');
    await flip('plan', 'header', `epoch = ${epoch}`);
    await pipeline.database.query(`update place set salt = salt + 1 where epoch = ${epoch} and position = 0`);
    await assert.rejects(pipeline.run('receipts', epoch), { code: 'PLAN_DAMAGED', message: /its attestation stands and may be published, so it is never planned again/ });
  });

  it('of two who plan at once one plan stands, and both go on with it', async () => {
    const epoch = await epochUntil('nothing');
    await Promise.all([pipeline.run('plan', epoch), pipeline.run('plan', epoch)]);
    const [one, other] = pipeline.log.filter(({ event }) => event === 'planned').map(({ fields }) => fields['accountsRoot']);
    assert.deepEqual([one, pipeline.log.filter(({ event }) => event === 'plan-stored').length], [other, 1]);
    assert.equal(await pipeline.count(`plan where epoch = ${epoch}`), 1);
  });
});
