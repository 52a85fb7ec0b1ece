import assert from 'node:assert/strict';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { EndedCircuit } from '../../src/verification/evidence.js';
import { exitCodeOf } from '../../src/verification/report.js';
import { reportToJson } from '../../src/verification/report-json.js';
import { verifyReceipt } from '../../src/verification/verify-receipt.js';
import { ALICE, BOB, CAROL } from '../builders/attestation.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { allPlaces, withValue, without } from '../builders/json-edits.js';
import { provenEpoch, type ProvenEpoch } from '../builders/proven-epoch.js';
import { askReceipt, documentsOf, edit, failedSteps, stepOf, type Documents } from '../builders/questions.js';

const { batchCircuit, closeCircuit } = TEST_SHAPE;

describe('verifyReceipt', () => {
  let proven: ProvenEpoch;
  let alice: Documents;
  before(async () => {
    proven = await provenEpoch();
    alice = documentsOf(proven.bundles, ALICE);
  });
  after(releaseCurves);
  const ask = (documents: Documents, extras: Parameters<typeof askReceipt>[2] = {}): ReturnType<typeof askReceipt> => askReceipt(proven.poseidon, documents, extras);

  describe('an honest receipt', () => {
    for (const [name, place, healthy] of [['of a healthy account', ALICE, true], ['of an account on the other side', BOB, true], ['of an unhealthy account in the second batch', CAROL, false]] as const) {
      it(`${name} is verified, and every step passes`, async () => {
        const { userId, owner, subAccount } = proven.bundles.receipts[place] as (typeof proven.bundles.receipts)[number];
        const report = await ask(documentsOf(proven.bundles, place), {
          expected: { userId, owner, subAccount }, circuits: await readCircuitList(), trustedKeyHashes: proven.proofs.keyHashes, venue: proven.bundles.attestation.venue,
        });
        assert.deepEqual(report.steps.filter((step) => step.outcome !== 'passed'), []);
        assert.equal(report.steps.length, 18);
        assert.equal(report.verdict, 'verified');
        assert.equal(exitCodeOf(report.verdict), 0);
        assert.equal(report.margin?.margin.healthy, healthy);
      });
    }

    it('is verified with the portable Poseidon, as a browser has it', async () => {
      assert.equal((await askReceipt(portablePoseidon, alice)).verdict, 'verified');
    });

    it('explains the margin line by line', async () => {
      const { margin } = await ask(alice);
      assert.deepEqual(margin?.lines.map(({ instrument, value, charge }) => [instrument, value, charge]), [
        ['USDC', 30_000_000_000n * 1_000_000n, 0n],
        ['USD-ENTRY', -120_000_000_000n * 1_000_000n, 0n],
        ['BTC-PERP', 2_000_000n * 60_000_000_000n, 2_000_000n * 1_200_000_000n],
      ]);
      assert.equal(margin.worstScenario.name, 'down');
    });

    it('of an epoch that somebody contests, that is not the latest, or whose circuit was retired, is verified with a warning of it', async () => {
      const { record } = proven.bundles;
      const warningsWhen = async (said: { readonly latestEpoch?: number; readonly contested?: boolean; readonly retired?: readonly EndedCircuit[] }): Promise<readonly string[]> => {
        const report = await verifyReceipt({ poseidon: proven.poseidon, receipt: { file: 'receipt.json', text: JSON.stringify(alice.receipt) }, record: { source: 'chain', record, ...said } });
        assert.equal(report.verdict, 'verified');
        return report.warnings;
      };
      const plain = await warningsWhen({ latestEpoch: record.epoch, contested: false });
      const contested = (await warningsWhen({ latestEpoch: record.epoch, contested: true })).filter((warning) => !plain.includes(warning));
      assert.match(contested.join(), /^Epoch [0-9]+ is contested on chain: somebody says that the venue left their account out/);
      const { circuitId } = record.closeCircuit;
      const retired = (await warningsWhen({ retired: [{ circuitId, proved: 'epoch', retiredAt: 1_900_000_000 }, { circuitId: 171n, proved: 'table', retiredAt: 1_900_000_001 }] })).filter((warning) => !plain.includes(warning));
      assert.match(retired[0] ?? '', /^Epoch [0-9]+ was proven in circuit 0x[0-9a-f]+, which the registry's owner retired at 2030-03-17T17:46:40\.000Z\. The registry does not say why/);
      assert.match(retired[1] ?? '', /^The market table of epoch [0-9]+ was proven in circuit 0xab, /);
      assert.match((await warningsWhen({ latestEpoch: record.epoch + 1 })).filter((warning) => !plain.includes(warning)).join(), /the venue has since published up to epoch/);
    });

    it('without a record cannot be told, and says so', async () => {
      const report = await ask({ ...alice, record: undefined });
      assert.deepEqual([report.verdict, exitCodeOf(report.verdict), failedSteps(report)], ['cannot-tell', 2, []]);
      assert.match(stepOf(report, 'record-format').detail, /no chain was asked; without it nothing ties/);
      assert.equal(stepOf(report, 'batch-proofs').outcome, 'passed');
      assert.equal(stepOf(report, 'root').outcome, 'passed');
      assert.equal(stepOf(report, 'keys').outcome, 'skipped');
    });

    it('alone cannot be told', async () => {
      const report = await ask({ ...alice, record: undefined, attestation: undefined });
      assert.equal(report.verdict, 'cannot-tell');
      assert.equal(stepOf(report, 'root').outcome, 'skipped');
      assert.equal(report.keySecurity, 'unknown');
    });

    it('without the attestation is verified against the chain, which verified the proofs', async () => {
      const report = await ask({ ...alice, attestation: undefined });
      assert.equal(report.verdict, 'verified');
      for (const id of ['batch-proofs', 'close-proof']) {
        assert.equal(stepOf(report, id).outcome, 'skipped');
        assert.match(stepOf(report, id).detail, /the registry verified every proof/);
      }
      assert.equal(report.keySecurity, 'insecure');
    });

    it('against a saved record is verified, and the report says that it was a file', async () => {
      const report = await verifyReceipt({
        poseidon: proven.poseidon, receipt: { file: 'r', text: JSON.stringify(alice.receipt) }, record: { source: 'file', bundle: { file: 'record.json', text: JSON.stringify(alice.record) } },
      });
      assert.equal(report.verdict, 'verified');
      assert.ok(report.warnings.some((warning) => warning.includes('taken from the file record.json')));
      assert.match(stepOf(report, 'record-format').detail, /file record\.json/);
    });

    it('has a report that other programs can read: integers as strings', async () => {
      const json = JSON.parse(JSON.stringify(reportToJson(await ask(alice)))) as { verdict: string; margin: { margin: { equity: string }; lines: { quantity: string }[] } };
      assert.equal(json.verdict, 'verified');
      assert.equal(json.margin.lines[0]?.quantity, '30000000000');
      assert.equal(typeof json.margin.margin.equity, 'string');
    });

    it('asks to look at the name when the reader did not say who they are', async () => {
      assert.match(stepOf(await ask(alice), 'recipient').detail, /look whether this is you: user "user-0"/);
    });

    it('tells whose word the registry\'s address is, unless the reader brought one', async () => {
      const { venue } = proven.bundles.attestation;
      const named = (warning: string): boolean => warning.includes(`${venue.registry} on chain 31337 is the one the bundle itself names`);
      assert.ok((await ask(alice)).warnings.some(named));
      assert.ok(!(await ask(alice, { venue })).warnings.some(named));
    });

    it('tells of an epoch that was not covered', async () => {
      const report = await ask(edit(alice, 'record', ['covered'], false));
      assert.equal(report.verdict, 'verified');
      assert.ok(report.warnings.some((warning) => warning.includes('not covered')));
    });
  });

  describe('insecure keys', () => {
    const warned = async (documents: Documents): Promise<void> => {
      const report = await ask(documents);
      assert.equal(report.keySecurity, 'insecure');
      assert.match(report.warnings[0] ?? '', /INSECURE.*anyone can forge/);
      assert.match(report.summary, /INSECURE.*anyone can forge/);
    };
    it('are flagged whatever the verdict is', async () => {
      await warned(alice);
      await warned({ ...alice, record: undefined });
      await warned(edit(alice, 'receipt', ['salt'], '1'));
      await warned(edit(alice, 'receipt', ['salt'], 'x'));
    });

    it('are flagged by the registry though the label was cut off, and by the label though the registry says nothing', async () => {
      const cut = [batchCircuit, closeCircuit].reduce((documents, circuit) => edit(documents, 'attestation', ['verificationKeys', circuit, 'security'], 'ceremony'), alice);
      await warned(cut);
      await warned(edit(edit(edit(alice, 'record', ['closeCircuit', 'insecure'], false), 'record', ['batchCircuits', 0, 'insecure'], false), 'record', ['batchCircuits', 1, 'insecure'], false));
    });
  });

  describe('a receipt for another user', () => {
    for (const [name, expected] of [['user id', { userId: 'user-1' }], ['owner', { owner: 5n }], ['sub-account', { userId: 'user-0', subAccount: 7 }]] as const) {
      it(`is not verified for a reader with another ${name}`, async () => {
        const report = await ask(alice, { expected });
        assert.deepEqual([report.verdict, failedSteps(report)], ['not-verified', ['recipient']]);
        assert.match(stepOf(report, 'recipient').detail, /this receipt is for another (user|account)/);
      });
    }
  });

  describe('a receipt in a form of its own', () => {
    const quantity = ['holdings', 0, 'quantity'] as const;
    const text = (replacement: string): string => JSON.stringify(withValue(alice.receipt, quantity, 'HERE')).replace('"HERE"', replacement);
    const cases: readonly (readonly [string, () => string, string, RegExp])[] = [
      ...['1e3', '0x10', '-0', '09', ' 9', '9.0', '٩', '９', '9\\n'].map((spelling) => [`an amount spelt ${spelling}`, () => text(`"${spelling}"`), 'JSON_SHAPE', /holdings\[0\]\.quantity/] as const),
      ['a JSON number for an amount', () => text('30000000000'), 'JSON_SHAPE', /holdings\[0\]\.quantity: is a JSON number/],
      ['a JSON number above 2^53', () => text('9007199254740993'), 'JSON_SYNTAX', /holdings\[0\]\.quantity: is the JSON number "9007199254740993"/],
      ['a JSON number with an exponent', () => text('9e9'), 'JSON_SYNTAX', /holdings\[0\]\.quantity/],
      ['an unknown field', () => JSON.stringify(withValue(alice.receipt, ['note'], 'hello')), 'JSON_SHAPE', /field note: unknown field/],
      ['an unknown field deep inside', () => JSON.stringify(withValue(alice.receipt, ['path', 'sums'], [])), 'JSON_SHAPE', /path\.sums: unknown field/],
      ['a missing field', () => JSON.stringify(without(alice.receipt, ['salt'])), 'JSON_SHAPE', /field salt: is missing/],
      ['another version', () => JSON.stringify(withValue(alice.receipt, ['version'], 2)), 'FORMAT_VERSION', /field version/],
      ['a field twice', () => JSON.stringify(alice.receipt).replace('"epoch":"1"', '"epoch":"2","epoch":"1"'), 'JSON_SYNTAX', /"epoch" stands twice/],
      ['a prototype', () => JSON.stringify(alice.receipt).replace('"epoch":"1"', '"__proto__":{},"epoch":"1"'), 'JSON_SYNTAX', /__proto__/],
      ['no JSON at all', () => 'receipt', 'JSON_SYNTAX', /not JSON/],
    ];
    for (const [name, make, code, reason] of cases) {
      it(`is not verified with ${name}`, async () => {
        const report = await verifyReceipt({ poseidon: proven.poseidon, receipt: { file: 'receipt.json', text: make() }, record: { source: 'none', reason: 'not asked' } });
        assert.deepEqual([report.verdict, failedSteps(report)], ['not-verified', ['receipt-format']]);
        const step = stepOf(report, 'receipt-format');
        assert.equal(step.code, code);
        assert.match(step.detail, /^receipt\.json/);
        assert.match(step.detail, reason);
      });
    }
  });

  describe('every value of a receipt', () => {
    /** Words for people that nothing commits to; docs/attestation-format.md says so. */
    const FREE = [/^attestation\.location$/];

    it('is bound: whatever is changed, a reader with the record or the attestation notices', async function () {
      this.timeout(60_000);
      const documents = documentsOf(proven.bundles, ALICE);
      for (const { path, text, value } of allPlaces(documents.receipt)) {
        if (typeof value !== 'string' || FREE.some((free) => free.test(text))) continue;
        const changed = /^-?[0-9]+$/.test(value) ? (BigInt(value) + 1n).toString() : `${value}x`;
        const bent = edit({ ...documents, attestation: undefined }, 'receipt', path, changed);
        const report = await ask(text === 'attestation.sha256' ? { ...bent, attestation: documents.attestation } : bent);
        assert.equal(report.verdict, 'not-verified', text);
      }
    });
  });
});
