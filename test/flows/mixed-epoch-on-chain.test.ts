import assert from 'node:assert/strict';
import { attestationSha256, serializeAttestation } from '../../src/attestation/attestation-format.js';
import type { JsonObjectValue, JsonValue } from '../../src/attestation/canonical-json.js';
import { parseReceipt, serializeReceipt } from '../../src/attestation/receipt-format.js';
import type { PartSubmission } from '../../src/chain/epoch-submission.js';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { receiptsOf } from '../../src/proving/receipts.js';
import { tieredRows } from '../../src/risk/tiers.js';
import { verifyAttestation } from '../../src/verification/verify-attestation.js';
import { verifyReceipt } from '../../src/verification/verify-receipt.js';
import { TEST_SHAPE, TIERED_SHAPE } from '../builders/epoch.js';
import { allPlaces, valueAt, without, withValue } from '../builders/json-edits.js';
import { START, proveVenue, type OnChainEpoch } from '../builders/on-chain-epoch.js';
import { assertReverts, exactCover, fund, statedMarket, restoreAfterEach, startVenue, type VenueOnChain } from './support/venue-on-chain.js';

const { parts: { partCircuit, endCircuit } } = TIERED_SHAPE;
const CIRCUITS = [TEST_SHAPE.batchCircuit, TIERED_SHAPE.batchCircuit, partCircuit, endCircuit];

describe('an epoch of two account shapes with size tiers, closed in parts, with real proofs on a real chain', function () {
  this.timeout(240_000);
  const synthetic = syntheticVenue({ seed: 'mixed', accounts: 60, slots: 5, tieredSlots: 2, instruments: 15, scenarios: 2, snapshotTime: START });
  let venue: VenueOnChain;
  let epoch: OnChainEpoch;
  before(async () => {
    venue = await startVenue(synthetic.table, 31337, CIRCUITS);
    epoch = await proveVenue(venue.location, synthetic, CIRCUITS);
    assert.ok(tieredRows(synthetic.table) > 0 && synthetic.table.rows.length > 16, 'there are tiers, and more rows than one part takes');
    assert.equal(new Set(epoch.plan.batches.map(({ circuit }) => circuit)).size, 2, 'both shapes are used');
    await fund(venue, exactCover(epoch.submission.words, epoch.submission.close.shortfall));
    await venue.markets.state(statedMarket(synthetic.table));
    await venue.client.openSnapshot();
  });
  after(async () => {
    await (venue as VenueOnChain | undefined)?.stop();
    await releaseCurves();
  });
  restoreAfterEach(() => venue);

  const withParts = (change: (parts: readonly PartSubmission[]) => readonly PartSubmission[]): Promise<unknown> =>
    venue.client.submitEpoch({ ...epoch.submission, close: { ...epoch.submission.close, parts: change(epoch.submission.close.parts) } });

  it('is accepted and covered, and an outsider verifies attestation and record against each other', async () => {
    await venue.client.submitEpoch(epoch.submission);
    assert.deepEqual([await venue.client.isCovered(1), await venue.client.gateMode()], [true, 'OPEN']);
    const record = await readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, 1);
    assert.equal(record.partCircuits.length, 2);
    const text = serializeAttestation(epoch.attestation);
    const report = await verifyAttestation({
      poseidon: portablePoseidon, attestation: { file: 'attestation.json', text }, record: { source: 'chain', record }, circuits: await readCircuitList(),
    });
    assert.deepEqual([report.verdict, report.steps.filter((step) => step.outcome === 'failed')], ['verified', []]);
  });

  it('gives every user a receipt that verifies, in their own shape, with holdings split over tiers from the lowest up', async () => {
    await venue.client.submitEpoch(epoch.submission);
    const record = await readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, 1);
    const receipts = [...receiptsOf(epoch.plan, epoch.statements.tree, { sha256: attestationSha256(epoch.attestation), location: 'attestation.json' })];
    assert.deepEqual(new Set(receipts.map(({ circuit }) => circuit)), new Set([TEST_SHAPE.batchCircuit, TIERED_SHAPE.batchCircuit]));
    const region = tieredRows(synthetic.table);
    const tiered = receipts.find(({ holdings }) => holdings.some(({ index }) => index < region && (synthetic.table.rows[index]?.predecessor ?? 0) > 0));
    assert.ok(tiered !== undefined, 'somebody holds a second tier');
    for (const receipt of [tiered, receipts.find(({ circuit }) => circuit === TEST_SHAPE.batchCircuit) ?? tiered]) {
      const document = { file: 'receipt.json', text: serializeReceipt(parseReceipt(serializeReceipt(receipt), 'receipt.json')) };
      const report = await verifyReceipt({
        poseidon: portablePoseidon, receipt: document, attestation: { file: 'attestation.json', text: serializeAttestation(epoch.attestation) },
        record: { source: 'chain', record }, circuits: await readCircuitList(), expected: { userId: receipt.userId },
      });
      assert.deepEqual([report.verdict, report.steps.filter((step) => step.outcome === 'failed')], ['verified', []]);
    }
  });

  it('does not verify with any value of its close changed, or a part left out, repeated, swapped or moved to another list', async function () {
    this.timeout(240_000);
    await venue.client.submitEpoch(epoch.submission);
    const record = await readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, 1);
    const honest = JSON.parse(serializeAttestation(epoch.attestation)) as JsonObjectValue;
    const verdictOf = async (document: JsonValue): Promise<string> => (await verifyAttestation({
      poseidon: portablePoseidon, attestation: { file: 'attestation.json', text: JSON.stringify(document) }, record: { source: 'chain', record },
    })).verdict;
    assert.equal(await verdictOf(honest), 'verified');
    const places = allPlaces(honest).filter(({ text, value }) => text.startsWith('close.') && typeof value === 'string');
    assert.ok(places.length > 30 && places.some(({ text }) => text === 'close.parts.proofs[1].tableAfter'));
    for (const { path, text, value } of places) {
      const changed = /^-?[0-9]+$/.test(value as string) ? (BigInt(value as string) + 1n).toString() : `${value as string}x`;
      assert.equal(await verdictOf(withValue(honest, path, changed)), 'not-verified', text);
    }
    const proofs = valueAt(honest, ['close', 'parts', 'proofs']) as readonly JsonValue[];
    const [first = '', second = ''] = proofs;
    for (const other of [[first], [second], [second, first], [first, first, second], [first, second, second]]) {
      assert.equal(await verdictOf(withValue(honest, ['close', 'parts', 'proofs'], other)), 'not-verified', `${other.length} parts`);
    }
    assert.equal(await verdictOf(without(honest, ['close', 'parts'])), 'not-verified', 'an end without its parts');
  });

  it('is refused when a part is left out, repeated or put elsewhere', async () => {
    await assertReverts(withParts(([first]) => [first as PartSubmission]), 'CloseProofRejected');
    await assertReverts(withParts(([, second]) => [second as PartSubmission]), 'ClosePartRejected', { index: '0' });
    await assertReverts(withParts(([first]) => [first as PartSubmission, first as PartSubmission]), 'ClosePartRejected', { index: '1' });
    await assertReverts(withParts(([first, second]) => [second as PartSubmission, first as PartSubmission]), 'ClosePartRejected', { index: '0' });
  });

  it('is refused when a part ends in another state, or the table starts in one', async () => {
    await assertReverts(withParts((parts) => parts.map((part, place) => (place === 1 ? { ...part, tableAfter: part.tableAfter + 1n } : part))), 'ClosePartRejected', { index: '1' });
    const close = { ...epoch.submission.close, tableStart: epoch.submission.close.tableStart + 1n };
    await assertReverts(venue.client.submitEpoch({ ...epoch.submission, close }), 'ClosePartRejected', { index: '0' });
  });

  it('is refused when batches of the two shapes change circuits', async () => {
    const ids = epoch.submission.batches.map(({ circuitId }) => circuitId);
    const other = ids.find((id) => id !== ids[0]) as bigint;
    const batches = epoch.submission.batches.map((batch, place) => (place === 0 ? { ...batch, circuitId: other } : batch));
    await assertReverts(venue.client.submitEpoch({ ...epoch.submission, batches }), 'BatchProofRejected', { index: '0' });
  });
});
