import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { proofFromJson } from '../../../src/groth16/proof-json.js';
import { accountProof } from '../../../src/service/pipeline/account-proof.js';
import { addRetire } from '../../../src/service/pipeline/retire.js';
import { AccountProofs } from '../../../src/store/account-proofs.js';
import { readAttestation } from '../../../src/store/attestations.js';
import { setEpochState } from '../../../src/store/epochs.js';
import { readEvents } from '../../../src/store/events.js';
import { readPlaces } from '../../../src/store/places.js';
import { verifyAttestation } from '../../../src/verification/verify-attestation.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { testVenue, VENUE } from '../../proving/support.js';
import { insertEpochRows, type EpochRows } from '../epoch-rows.js';
import { TestPipeline } from './pipeline.js';

describe('an epoch in steps', () => {
  const venue = testVenue(12);
  let pipeline: TestPipeline;
  let rows: EpochRows;
  before(async () => {
    pipeline = await TestPipeline.open();
    rows = await insertEpochRows(pipeline.database, pipeline.steps, venue);
  });
  after(async () => {
    await pipeline.close();
    await releaseCurves();
  });

  it('is planned: every account stands in one place, and each proof is a step', async () => {
    await pipeline.step('plan');
    const places = [];
    for await (const place of readPlaces(pipeline.database, rows.epoch)) places.push(place);
    assert.deepEqual(places.map(({ position }) => position), Array.from({ length: 16 }, (_, position) => position));
    const planned = places.flatMap(({ place }) => (place.kind === 'account' ? [`${place.userId}/${place.subAccount}`] : []));
    assert.deepEqual(planned.sort(), venue.snapshot.accounts.map(({ userId, subAccount }) => `${userId}/${subAccount}`).sort());
    assert.deepEqual(await pipeline.stepStates(), { plan: 'done', 'prove:batch-000000': 'ready', 'prove:close': 'ready' });
    const { rows: [epoch] } = await pipeline.database.query('select state, accounts, accounts_root is not null as rooted from epoch');
    assert.deepEqual({ ...epoch }, { state: 'proving', accounts: 12, rooted: true });
  });

  it('is attested after its last proof, and not before', async () => {
    await pipeline.step('prove');
    assert.deepEqual([await pipeline.count('proof'), (await pipeline.stepStates()).attest], [1, undefined]);
    await pipeline.step('prove');
    assert.deepEqual(pipeline.proven.sort(), [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit]);
    await pipeline.step('attest');
    const states = await pipeline.stepStates();
    assert.deepEqual([states.publish, states.receipts, states.retire], ['ready', 'ready', undefined]);
    assert.equal(pipeline.submissions.length, 1);
    assert.deepEqual([pipeline.submissions[0]?.epoch, pipeline.submissions[0]?.attestation.venue], [rows.epoch, VENUE]);
  });

  it('has an attestation that verification accepts in all that a chain is not asked for', async () => {
    const stored = await readAttestation(pipeline.database, rows.epoch);
    const report = await verifyAttestation({
      poseidon: await bulkPoseidon(), attestation: { file: 'attestation.json', text: stored?.text ?? '' }, record: { source: 'none', reason: 'no chain was asked' }, venue: VENUE,
    });
    assert.deepEqual(report.steps.filter(({ outcome }) => outcome === 'failed'), []);
    for (const id of ['batch-proofs', 'close-proof', 'settlement', 'market-range']) assert.equal(report.steps.find((step) => step.id === id)?.outcome, 'passed', id);
  });

  it('is retired once it is final and its receipts are ready, whichever comes last', async () => {
    await pipeline.step('receipts');
    assert.equal(pipeline.exported, 1);
    assert.equal((await pipeline.stepStates()).retire, undefined, 'it is not final');
    await pipeline.database.transaction(async (sql) => {
      await addRetire(pipeline.steps, sql, rows.epoch, 'publish');
      await setEpochState(sql, rows.epoch, 'final');
      await addRetire(pipeline.steps, sql, rows.epoch, 'publish');
    });
    await pipeline.step('retire');
    assert.deepEqual([await pipeline.count('plan'), await pipeline.count('plan_part'), (await pipeline.stepStates()).retire], [0, 0, 'done']);
  });

  it('tells its stages as events', async () => {
    const events = await readEvents(pipeline.database, 0n, 100, rows.epoch);
    assert.deepEqual(events.map(({ kind, detail }) => [kind, detail['state']]), [['epoch', 'planning'], ['epoch', 'proving'], ['epoch', 'publishing'], ['epoch', 'final']]);
  });

  it('has a table whose marks are proven for anybody who asks', async () => {
    const proofs = new AccountProofs(pipeline.database);
    await proofs.request(rows.venue, { kind: 'row-mark', market: rows.market.toString(), row: 1 });
    const lease = await proofs.take(pipeline.worker, 60);
    assert.ok(lease !== undefined);
    const { signal } = new AbortController();
    await proofs.finish(lease, await accountProof(pipeline.tools)({ lease, signal }));
    const { circuit, signals, proof } = (await proofs.find(rows.venue, lease.id))?.result as { circuit: string; signals: Record<string, string>; proof: unknown };
    assert.deepEqual([circuit, signals['marketCommitment'], signals['row'], signals['mark']], ['row-mark-s2', rows.market.toString(), '1', venue.market.rows[1]?.mark.toString()]);
    const ordered = (await readCircuitList()).find(({ name }) => name === circuit)?.publicSignals.map((name) => BigInt(signals[name] ?? -1));
    assert.equal(await pipeline.tools.verify(circuit, ordered ?? [], proofFromJson(proof)), true);
    await assert.rejects(accountProof(pipeline.tools)({ lease: { ...lease, request: { ...lease.request, market: '5' } }, signal }), { code: 'ACCOUNT_PROOF_REFUSED', message: /no market table of this venue has commitment 5/ });
    await assert.rejects(accountProof(pipeline.tools)({ lease: { ...lease, request: { ...lease.request, row: 15 } }, signal }), { code: 'UNKNOWN_INSTRUMENT' });
  });
});
