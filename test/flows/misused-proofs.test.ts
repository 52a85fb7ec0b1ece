import assert from 'node:assert/strict';
import { Contract } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { sendTransaction } from '../../src/chain/contract-call.js';
import { toSolidityProof, type BatchSubmission, type EpochSubmission } from '../../src/chain/epoch-submission.js';
import { SolvencyRegistryClient } from '../../src/chain/registry-client.js';
import { StatedMarketsClient } from '../../src/chain/stated-markets-client.js';
import { verifierContractName } from '../../src/chain/verifier-name.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { orderSignals } from '../../src/statement/named-signals.js';
import { SOLVENCY_BATCH_SIGNALS, type SolvencyBatchSignals } from '../../src/statement/solvency-batch.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../../src/statement/solvency-close.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { onChainEpoch, onChainVenue, type OnChainEpoch } from '../builders/on-chain-epoch.js';
import { rerandomised } from './support/rerandomise.js';
import { ARTIFACTS, assertReverts, statedMarket, restoreAfterEach, startVenue, type VenueOnChain } from './support/venue-on-chain.js';

describe('a real proof where it does not belong', function () {
  this.timeout(180_000);
  let venue: VenueOnChain;
  let epoch: OnChainEpoch;
  let honest: EpochSubmission;

  before(async () => {
    venue = await startVenue(onChainVenue().table);
    epoch = await onChainEpoch(venue.location);
    honest = epoch.submission;
    await venue.markets.state(statedMarket(epoch.venue.table));
    await venue.client.openSnapshot();
  });
  after(async () => {
    await (venue as VenueOnChain | undefined)?.stop();
    await releaseCurves();
  });
  restoreAfterEach(() => venue);

  const submit = (change: Partial<EpochSubmission> = {}): Promise<unknown> => venue.client.submitEpoch({ ...honest, ...change });
  const withBatch = (place: number, change: Partial<BatchSubmission>): BatchSubmission[] =>
    honest.batches.map((batch, index) => (index === place ? { ...batch, ...change } : batch));
  const batchAt = (place: number): BatchSubmission => honest.batches[place] as BatchSubmission;

  it('[K3] is refused on a chain with another id, at the same addresses', async () => {
    const other = await startVenue(epoch.venue.table, 1337);
    try {
      assert.deepEqual([other.deployment.registry, other.deployment.chainId], [venue.deployment.registry, 1337n]);
      await other.markets.state(statedMarket(epoch.venue.table));
      await other.client.openSnapshot();
      await assertReverts(other.client.submitEpoch(honest), 'BatchProofRejected', { index: '0' });
    } finally {
      await other.stop();
    }
  });

  it('[K3] is refused for another venue of the same registry', async () => {
    const { interface: abi } = await readArtifact(ARTIFACTS, 'SolvencyRegistry');
    const registry = new Contract(venue.deployment.registry, abi, venue.operator);
    const config = (await registry.getFunction('venue').staticCall(7n)) as readonly unknown[];
    await sendTransaction(registry, 'registering venue 8', 'registerVenue', [8n, [...config]]);
    const neighbour = new SolvencyRegistryClient(venue.deployment.registry, 8n, venue.operator);
    await neighbour.registerAssets(await venue.client.settlementAssets());
    await new StatedMarketsClient(venue.deployment.markets, 8n, venue.operator).state(statedMarket(epoch.venue.table));
    await neighbour.openSnapshot();
    await assertReverts(neighbour.submitEpoch(honest), 'BatchProofRejected', { index: '0' });
  });

  it('is refused when two batches swap their proofs, at the first of them', async () => {
    const swapped = [{ ...batchAt(0), proof: batchAt(1).proof }, { ...batchAt(1), proof: batchAt(0).proof }, batchAt(2)];
    await assertReverts(submit({ batches: swapped }), 'BatchProofRejected', { index: '0' });
    await assertReverts(submit({ batches: withBatch(2, { proof: batchAt(1).proof }) }), 'BatchProofRejected', { index: '2' });
  });

  it('is refused as a close when it proves a batch, and the other way round', async () => {
    const { close } = honest;
    const [batchCircuit, closeCircuit] = [batchAt(0).circuitId, close.circuitId];
    await assertReverts(submit({ close: { ...close, proof: batchAt(0).proof } }), 'CloseProofRejected');
    await assertReverts(submit({ batches: withBatch(1, { proof: close.proof }) }), 'BatchProofRejected', { index: '1' });
    await assertReverts(submit({ close: { ...close, circuitId: batchCircuit } }), 'WrongCircuit', { circuitId: String(batchCircuit), got: '1', expected: '2' });
    await assertReverts(submit({ batches: withBatch(1, { circuitId: closeCircuit, proof: close.proof }) }), 'WrongCircuit', {
      circuitId: String(closeCircuit), got: '2', expected: '1',
    });
  });

  it('[K4] is accepted once in another guise, and then neither guise opens the epoch again', async () => {
    const guise: EpochSubmission = {
      ...honest,
      batches: honest.batches.map((batch) => ({ ...batch, proof: rerandomised(batch.proof) })),
      close: { ...honest.close, proof: rerandomised(honest.close.proof, 5n) },
    };
    assert.notDeepEqual(guise.close.proof.a, honest.close.proof.a);
    await venue.client.submitEpoch(guise);
    for (const again of [guise, honest]) {
      await assertReverts(venue.client.submitEpoch(again), 'WrongEpoch', { got: '1', expected: '2' });
    }
    await venue.client.openSnapshot();
    for (const again of [guise, honest]) {
      await assertReverts(venue.client.submitEpoch({ ...again, epoch: 2 }), 'BatchProofRejected', { index: '0' });
    }
    assert.equal(await venue.client.latestEpoch(), 1);
  });

  describe('before its generated verifier', () => {
    for (const kind of ['batch', 'close'] as const) {
      const statement = (): { circuit: string; signals: bigint[]; proof: Groth16Proof } => (kind === 'batch'
        ? { circuit: TEST_SHAPE.batchCircuit, signals: orderSignals(SOLVENCY_BATCH_SIGNALS, epoch.statements.batchSignals[1] as SolvencyBatchSignals), proof: batchAt(1).proof }
        : { circuit: TEST_SHAPE.closeCircuit, signals: orderSignals(SOLVENCY_CLOSE_SIGNALS, epoch.statements.closeSignals), proof: honest.close.proof });

      it(`holds as it is for the ${kind}`, async () => {
        const { circuit, signals, proof } = statement();
        assert.equal(await verifies(circuit, wordsOf(proof), signals), true);
      });

      it(`[K1] fails with any of the ${kind}'s eight words changed in its lowest or in a middle bit`, async () => {
        const { circuit, signals, proof } = statement();
        const words = wordsOf(proof);
        assert.equal(words.length, 8);
        for (const place of words.keys()) {
          for (const bit of [1n, 1n << 130n]) {
            const flipped = words.map((word, index) => (index === place ? word ^ bit : word));
            assert.equal(await verifies(circuit, flipped, signals), false, `word ${place}, bit ${bit}`);
          }
        }
      });

      it(`[K1] [K2] fails with any of the ${kind}'s public signals changed, or given with p added`, async () => {
        const { circuit, signals, proof } = statement();
        for (const place of signals.keys()) {
          for (const value of [((signals[place] as bigint) + 1n) % FIELD_MODULUS, (signals[place] as bigint) + FIELD_MODULUS]) {
            const changed = signals.map((signal, index) => (index === place ? value : signal));
            assert.equal(await verifies(circuit, wordsOf(proof), changed), false, `signal ${place}`);
          }
        }
      });
    }
  });

  async function verifies(circuit: string, words: readonly bigint[], signals: readonly bigint[]): Promise<unknown> {
    const { interface: abi } = await readArtifact(ARTIFACTS, verifierContractName(circuit));
    const deployed = venue.deployment.circuits.find(({ name }) => name === circuit);
    const contract = new Contract(deployed?.verifier as string, abi, venue.connection.provider);
    const [a0, a1, b0, b1, b2, b3, c0, c1] = words;
    return contract.getFunction('verifyProof').staticCall([a0, a1], [[b0, b1], [b2, b3]], [c0, c1], signals);
  }
});

/** In the order of calldata. */
function wordsOf(proof: Groth16Proof): bigint[] {
  const { a, b, c } = toSolidityProof(proof);
  return [...a, ...b.flat(), ...c];
}
