import assert from 'node:assert/strict';
import { serializeAttestation } from '../../src/attestation/attestation-format.js';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import { SolvencyRegistryClient } from '../../src/chain/registry-client.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { verifyAttestation } from '../../src/verification/verify-attestation.js';
import { onChainEpoch, onChainVenue, type OnChainEpoch } from '../builders/on-chain-epoch.js';
import { NATIVE } from '../harness/native-program.js';
import { WINDOWS, assertReverts, exactCover, fund, passTime, statedMarket, restoreAfterEach, startVenue, type Holdings, type VenueOnChain } from './support/venue-on-chain.js';

describe('an epoch with real proofs on a real chain', function () {
  this.timeout(180_000);
  let venue: VenueOnChain;
  let epoch: OnChainEpoch;
  before(async () => {
    venue = await startVenue(onChainVenue().table);
    epoch = await onChainEpoch(venue.location);
    assert.ok(epoch.submission.batches.length >= 3 && epoch.submission.close.shortfall > 0n, 'there is something to tamper with');
  });
  after(async () => {
    // Undefined when it could not be started.
    await (venue as VenueOnChain | undefined)?.stop();
    await releaseCurves();
  });
  restoreAfterEach(() => venue);

  /** Everything in place: cover (exactly what the epoch needs, unless told), the table accepted, the snapshot open. */
  const prepare = async (change: (needed: Holdings) => Partial<Holdings> = () => ({})): Promise<void> => {
    const needed = exactCover(epoch.submission.words, epoch.submission.close.shortfall);
    await fund(venue, { ...needed, ...change(needed) });
    await venue.markets.state(statedMarket(epoch.venue.table));
    await venue.client.openSnapshot();
  };
  const submit = (): Promise<unknown> => venue.client.submitEpoch(epoch.submission);
  const read = (): ReturnType<typeof readOnChainRecord> => readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, 1);

  it('is accepted, covered by exactly what it needs, and opens the gate', async () => {
    await prepare();
    assert.equal(await venue.client.gateMode(), 'HALT');
    await submit();
    assert.deepEqual([await venue.client.latestEpoch(), await venue.client.isCovered(1), await venue.client.gateMode()], [1, true, 'OPEN']);
  });

  it('is accepted with the proofs of the native prover, wherever that is built [P-273]', async () => {
    await prepare();
    await submit();
    assert.deepEqual([epoch.backend, await venue.client.latestEpoch()], [NATIVE.state === 'answers' ? 'native' : 'snarkjs', 1]);
  });

  it('is read back as it was attested, and an outsider verifies the two against each other', async () => {
    await prepare();
    await submit();
    const record = await read();
    const { attestation, submission } = epoch;
    const { accountsRoot, accountsBound, unhealthyBound, shortfall } = attestation.close;
    const { words, genesisAccumulator, marketCommitment } = submission;
    const finalAccumulator = submission.batches.at(-1)?.accumulatorAfter;
    assert.deepEqual(
      Object.fromEntries(Object.entries(record).filter(([name]) => !['snapshotTime', 'acceptedAt', 'batchCircuits', 'partCircuits', 'closeCircuit', 'base'].includes(name))),
      {
        ...attestation.venue, epoch: 1, marketCommitment, genesisAccumulator, finalAccumulator,
        accountsRoot, accountsBound, unhealthyBound, shortfall, words, covered: true, marketTime: attestation.market.snapshotTime, valueScale: attestation.market.valueScale,
      },
    );
    const text = serializeAttestation(attestation);
    const report = await verifyAttestation({ poseidon: portablePoseidon, attestation: { file: 'attestation.json', text }, record: { source: 'chain', record } });
    assert.deepEqual([report.verdict, report.steps.filter((step) => step.outcome === 'failed')], ['verified', []]);
  });

  it('is recorded as not covered when one unit of an asset is missing, and only exits pass the gate', async () => {
    await prepare(({ reserves }) => {
      const place = reserves.findIndex((amount) => amount > 0n);
      return { reserves: reserves.map((amount, other) => (other === place ? amount - 1n : amount)) };
    });
    await submit();
    assert.deepEqual([await venue.client.isCovered(1), await venue.client.gateMode()], [false, 'WITHDRAW_ONLY']);
  });

  it('is recorded as not covered when the shortfall is above the fund by one unit, and only exits pass the gate', async () => {
    await prepare((needed) => ({ fund: needed.fund - 1n }));
    await submit();
    assert.deepEqual([await venue.client.isCovered(1), await venue.client.gateMode()], [false, 'WITHDRAW_ONLY']);
  });

  it('closes the gate by age: first to new risk, then altogether', async () => {
    await prepare();
    await submit();
    await passTime(venue, WINDOWS.staleAfter + 1);
    assert.equal(await venue.client.gateMode(), 'REDUCE_ONLY');
    await passTime(venue, WINDOWS.haltAfter - WINDOWS.staleAfter);
    assert.equal(await venue.client.gateMode(), 'HALT');
  });

  it('[K5] is refused a second time under its own number', async () => {
    await prepare();
    await submit();
    await assertReverts(submit(), 'WrongEpoch', { got: '1', expected: '2' });
    await venue.client.openSnapshot();
    await assertReverts(submit(), 'WrongEpoch', { got: '1', expected: '2' });
  });

  it('[K5] is refused a second time as the next epoch, at its first proof', async () => {
    await prepare();
    await submit();
    await venue.client.openSnapshot();
    await assertReverts(venue.client.submitEpoch({ ...epoch.submission, epoch: 2 }), 'BatchProofRejected', { index: '0' });
    assert.equal(await venue.client.latestEpoch(), 1);
  });

  it('is refused before its number is due', async () => {
    await prepare();
    await assertReverts(venue.client.submitEpoch({ ...epoch.submission, epoch: 2 }), 'WrongEpoch', { got: '2', expected: '1' });
  });

  it('is refused when no snapshot was opened', async () => {
    await venue.markets.state(statedMarket(epoch.venue.table));
    await assertReverts(submit(), 'SnapshotNotOpened', { venueId: '7', epoch: '1' });
  });

  it('is refused when its snapshot is too old, and a newer one does not fit its table any more', async () => {
    await prepare();
    await passTime(venue, WINDOWS.maxSubmissionAge + 60);
    await assertReverts(submit(), 'SnapshotTooOld', { maxAge: String(WINDOWS.maxSubmissionAge) });
    await venue.client.openSnapshot();
    await assertReverts(submit(), 'MarketOutsideTolerance', { marketTime: String(epoch.venue.table.snapshotTime), tolerance: String(WINDOWS.marketTolerance) });
  });

  it('is refused from anyone but the operator', async () => {
    await prepare();
    const others = new SolvencyRegistryClient(venue.deployment.registry, 7n, venue.stranger);
    await assertReverts(others.submitEpoch(epoch.submission), 'NotOperator', { venueId: '7', caller: venue.stranger.address });
  });

  it('is refused when its table was never accepted', async () => {
    await venue.client.openSnapshot();
    await assertReverts(submit(), 'UnknownMarket', { commitment: String(epoch.submission.marketCommitment) });
  });

  it('is refused when its table was accepted at initial level', async () => {
    await venue.markets.state({ ...statedMarket(epoch.venue.table), level: 'initial' });
    await venue.client.openSnapshot();
    await assertReverts(submit(), 'MarketNotAtMaintenanceLevel', { commitment: String(epoch.submission.marketCommitment), level: '2' });
  });
});
