import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attestationSha256, parseAttestation } from '../../src/attestation/attestation-format.js';
import { fetchBucketReceipt } from '../../src/attestation/receipt-bucket-fetch.js';
import { accessKeyFromText } from '../../src/attestation/receipt-bucket-secrets.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { RecordEvidence } from '../../src/verification/evidence.js';
import type { VerificationReport } from '../../src/verification/report.js';
import { verifyAttestation } from '../../src/verification/verify-attestation.js';
import { verifyReceipt } from '../../src/verification/verify-receipt.js';
import { EXPECTED_FILE, filesBelow, RELEASES, SUMS_FILE, sumsOf, type ExpectedEpoch, type ExpectedReceipt } from '../vectors/releases/release-vectors.js';

/** Every step has to be taken: a skipped one would hide that a later version no longer can. */
function allPassed(report: VerificationReport): void {
  assert.equal(report.verdict, 'verified', report.summary);
  assert.deepEqual(report.steps.filter(({ outcome }) => outcome !== 'passed').map(({ id, detail }) => `${id}: ${detail}`), []);
  assert.equal(report.keySecurity, 'insecure');
}

async function checkSums(folder: string): Promise<void> {
  assert.equal(await readFile(join(folder, SUMS_FILE), 'utf8'), await sumsOf(folder));
}

/** Everything of one epoch, with today's verifier and nothing else. */
async function checkEpoch(folder: string): Promise<void> {
  const text = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const expected = JSON.parse(await text(EXPECTED_FILE)) as ExpectedEpoch;
  const venue = { chainId: BigInt(expected.venue.chainId), registry: expected.venue.registry, venueId: BigInt(expected.venue.venueId) };
  const record: RecordEvidence = { source: 'file', bundle: { file: 'record.json', text: await text('record.json') } };
  const attestation = { file: 'attestation.json', text: await text('attestation.json') };
  assert.equal(attestationSha256(parseAttestation(attestation.text)), expected.attestationSha256);
  const common = { poseidon: await bulkPoseidon(), attestation, record, venue, trustedKeyHashes: expected.keyHashes };
  allPassed(await verifyAttestation(common));
  assert.ok(expected.receipts.length >= 3);
  for (const receipt of expected.receipts) {
    const own = await text(receipt.file);
    const { userId, subAccount, owner } = receipt;
    const report = await verifyReceipt({ ...common, receipt: { file: receipt.file, text: own }, expected: { userId, subAccount: Number(subAccount), owner: BigInt(owner) } });
    allPassed(report);
    checkMargin(report, receipt);
    const fetched = await fetchBucketReceipt((name) => readFile(join(folder, 'buckets', name)), { accessKey: accessKeyFromText(receipt.accessKey), minimumK: 1 });
    assert.equal(fetched.text, own, 'the bucket gives the same receipt');
  }
}

function checkMargin({ margin }: VerificationReport, expected: ExpectedReceipt): void {
  assert.ok(margin !== undefined);
  const { margin: { equity, charges, requirement, healthy }, distance } = margin;
  assert.deepEqual([equity, charges, requirement, distance, healthy], [BigInt(expected.equity), BigInt(expected.charges), BigInt(expected.requirement), BigInt(expected.distance), expected.healthy]);
}

async function foldersIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

describe('what a released version wrote', function () {
  this.timeout(120_000);
  after(() => releaseCurves());

  it('is there for the version of this program', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    assert.ok((await foldersIn(RELEASES)).includes(version), `no vectors of ${version}: docs/releasing.md says how to make them`);
  });

  it('verifies today, every proof of it, and out of its buckets too', async () => {
    for (const version of await foldersIn(RELEASES)) {
      await checkSums(join(RELEASES, version));
      const epochs = await foldersIn(join(RELEASES, version));
      assert.ok(epochs.length > 0, version);
      for (const epoch of epochs) await checkEpoch(join(RELEASES, version, epoch));
    }
  });

  it('is noticed to be changed by one byte in any file', async () => {
    const [version = ''] = await foldersIn(RELEASES);
    const copy = await mkdtemp(join(tmpdir(), 'clearproof-releases-'));
    try {
      await cp(join(RELEASES, version), copy, { recursive: true });
      for (const file of await filesBelow(copy)) {
        const bytes = await readFile(join(copy, file));
        const bent = Buffer.from(bytes);
        bent[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        await writeFile(join(copy, file), bent);
        await assert.rejects(checkSums(copy), { code: 'ERR_ASSERTION' }, file);
        await writeFile(join(copy, file), bytes);
      }
      await checkSums(copy);
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it('would not verify with another receipt, attestation, record or bucket, whatever its checksums say', async () => {
    const [version = ''] = await foldersIn(RELEASES);
    const copy = await mkdtemp(join(tmpdir(), 'clearproof-releases-'));
    try {
      await cp(join(RELEASES, version, 'whole-close'), copy, { recursive: true });
      for (const [file, from, to] of [
        ['receipts/0.json', /"salt":"./, '"salt":"9'], ['attestation.json', /"shortfall":"/, '"shortfall":"9'], ['record.json', /"unhealthyBound":"/, '"unhealthyBound":"9'],
        ['expected.json', /"equity": "-?/, '"equity": "9'], ['expected.json', /"0x./, '"0xz'], ['buckets/1/common.json', /"depth":"2"/, '"depth":"3"'], ['buckets/latest.json', /"epoch":"1"/, '"epoch":"2"'],
      ] as const) {
        const text = await readFile(join(copy, file), 'utf8');
        assert.match(text, from, file);
        await writeFile(join(copy, file), text.replace(from, to));
        await assert.rejects(checkEpoch(copy), file);
        await writeFile(join(copy, file), text);
      }
      await checkEpoch(copy);
    } finally {
      await rm(copy, { recursive: true });
    }
  });
});
