import assert from 'node:assert/strict';
import { releaseCurves } from '../../src/groth16/curves.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { exitCodeOf } from '../../src/verification/report.js';
import { verifyAttestation } from '../../src/verification/verify-attestation.js';
import { ALICE } from '../builders/attestation.js';
import { allPlaces, valueAt } from '../builders/json-edits.js';
import { provenEpoch, type ProvenEpoch } from '../builders/proven-epoch.js';
import { askAttestation, documentsOf, edit, failedSteps, stepOf, type Documents } from '../builders/questions.js';

describe('verifyAttestation', () => {
  let proven: ProvenEpoch;
  let honest: Documents;
  before(async () => {
    proven = await provenEpoch();
    honest = documentsOf(proven.bundles, ALICE);
  });
  after(releaseCurves);
  const ask = (documents: Documents, extras: Parameters<typeof askAttestation>[2] = {}): ReturnType<typeof askAttestation> =>
    askAttestation(proven.poseidon, documents, extras);

  describe('an honest attestation', () => {
    it('is verified, and every step passes', async () => {
      const report = await ask(honest, { circuits: await readCircuitList(), trustedKeyHashes: proven.proofs.keyHashes });
      assert.deepEqual(report.steps.map(({ id, outcome }) => [id, outcome]), [
        'record-format', 'attestation-format', 'place', 'circuit', 'market-range', 'market', 'keys', 'figures', 'settlement', 'batch-proofs', 'close-proof',
      ].map((id) => [id, 'passed']));
      assert.deepEqual([report.verdict, report.keySecurity, report.margin], ['verified', 'insecure', undefined]);
      assert.match(report.summary, /^verified: .*INSECURE/);
    });

    it('without a record cannot be told, though every proof verifies', async () => {
      const report = await ask({ ...honest, record: undefined });
      assert.deepEqual([report.verdict, exitCodeOf(report.verdict), failedSteps(report)], ['cannot-tell', 2, []]);
      assert.equal(stepOf(report, 'close-proof').outcome, 'passed');
      assert.equal(stepOf(report, 'market').outcome, 'skipped');
    });

    it('is held against a record from a file that can be read only', async () => {
      const report = await verifyAttestation({
        poseidon: proven.poseidon, attestation: { file: 'a.json', text: JSON.stringify(honest.attestation) }, record: { source: 'file', bundle: { file: 'record.json', text: '{}' } },
      });
      assert.deepEqual([report.verdict, failedSteps(report)], ['not-verified', ['record-format']]);
      assert.equal(stepOf(report, 'record-format').code, 'WRONG_FORMAT');
    });

    it('keeps the registry\'s warning when it cannot be read itself', async () => {
      const report = await ask(edit(honest, 'attestation', ['epoch'], 'one'));
      assert.deepEqual([report.verdict, failedSteps(report), report.keySecurity], ['not-verified', ['attestation-format'], 'insecure']);
      assert.match(stepOf(report, 'attestation-format').detail, /^attestation\.json, field epoch: /);
    });

    it('is not verified for a reader who means another registry', async () => {
      const venue = { ...proven.bundles.attestation.venue, chainId: 1n };
      assert.deepEqual(failedSteps(await ask(honest, { venue })), ['place']);
    });
  });

  describe('every value of an attestation', () => {
    /** Words for people that nothing commits to, and the depth, which only the list of circuits fixes. */
    const FREE = [/^depth$/, /\.security$/];

    it('is bound: whatever is changed, a reader with the record notices', async function () {
      this.timeout(240_000);
      for (const { path, text, value } of allPlaces(honest.attestation ?? '')) {
        if (typeof value !== 'string' || FREE.some((free) => free.test(text))) continue;
        const changed = /^-?[0-9]+$/.test(value) ? (BigInt(value) + 1n).toString() : `${value}x`;
        const report = await ask(edit(honest, 'attestation', path, changed));
        assert.equal(report.verdict, 'not-verified', text);
      }
    });

    it('is bound to the depth by the list of circuits', async () => {
      const report = await ask(edit(honest, 'attestation', ['depth'], '3'), { circuits: await readCircuitList() });
      assert.deepEqual(failedSteps(report), ['circuit']);
      assert.match(stepOf(report, 'circuit').detail, /proves a tree of depth 2, the depth given is 3/);
    });
  });

  describe('every value of a record', () => {
    /** What the registry alone knows; nothing in an attestation could contradict it. */
    const FREE = [/^snapshotTime$/, /^acceptedAt$/];

    it('is compared: whatever is changed, the attestation no longer fits', async function () {
      this.timeout(60_000);
      for (const { path, text } of allPlaces(honest.record ?? '')) {
        const value = valueAt(honest.record ?? '', path);
        if (typeof value !== 'string' || FREE.some((free) => free.test(text)) || text === 'format' || text === 'venue.registry') continue;
        const changed = value.startsWith('0x') ? `0x${'ab'.repeat(32)}` : (BigInt(value) + 1n).toString();
        assert.equal((await ask(edit(honest, 'record', path, changed))).verdict, 'not-verified', text);
      }
    });
  });
});
