import assert from 'node:assert/strict';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { sealSubmission, type Prove } from '../chain/mock-prover.js';
import { assertGas } from './support/gas-snapshot.js';
import { proofSimulator } from './support/simulated-proof.js';
import { exactCover, fund, statedMarket, startVenue, type VenueOnChain } from './support/venue-on-chain.js';

const PER_BATCH = 'submitEpoch, each further batch';

/**
 * Gas of the calls a venue pays for, with the generated verifiers of the test circuits and two settlement assets (calldata
 * included). Verification does not depend on a circuit's size, only on its number of public signals.
 */
describe('gas', function () {
  this.timeout(180_000);
  const market = onChainVenue().table;
  let venue: VenueOnChain;
  let measured: Readonly<Record<string, number>>;

  before(async () => {
    venue = await startVenue(market);
    measured = await measure();
  });
  after(async () => {
    await (venue as VenueOnChain | undefined)?.stop();
    await releaseCurves();
  });

  it('of every call is within half a percent of the snapshot', () => assertGas(measured, 'test/flows/gas-snapshot.test.ts'));

  it('of an epoch grows by the same amount with each batch', () => {
    const perBatch = measured[PER_BATCH] as number;
    const second = (measured['submitEpoch, 2 batches'] as number) - (measured['submitEpoch, 1 batch'] as number);
    assert.ok(Math.abs(second - perBatch) * 100 <= perBatch, `the second batch costs ${second}, a further one ${perBatch}`);
  });

  async function measure(): Promise<Record<string, number>> {
    const gas: Record<string, number> = {};
    for (const [step, receipt] of venue.steps) {
      if (step === 'deploy SolvencyRegistry' || step === 'registerVenue') gas[step] = Number(receipt.gasUsed);
    }
    const prove = await provers();
    const words = market.rows.filter(({ kind }) => kind === 'cash' || kind === 'spot').flatMap(() => [3_000_000n, 1_000_000n]);
    await fund(venue, exactCover(words, 5_000_000n));
    gas['stateMarket'] = Number((await venue.markets.state(statedMarket(market))).gasUsed);
    gas['openSnapshot'] = Number((await venue.client.openSnapshot()).receipt.gasUsed);
    for (const batches of [1, 2, 4]) {
      const { provider } = venue.connection;
      const checkpoint: unknown = await provider.send('evm_snapshot', []);
      const receipt = await venue.client.submitEpoch(sealSubmission(draft(batches, words), venue.deployment, prove));
      gas[`submitEpoch, ${batches} ${batches === 1 ? 'batch' : 'batches'}`] = Number(receipt.gasUsed);
      assert.equal(await provider.send('evm_revert', [checkpoint]), true);
    }
    gas[PER_BATCH] = Math.round(((gas['submitEpoch, 4 batches'] as number) - (gas['submitEpoch, 1 batch'] as number)) / 3);
    return gas;
  }

  /** The batch's statement has four public signals, the close's eleven. */
  async function provers(): Promise<Prove> {
    const [batch, close] = await Promise.all([proofSimulator(TEST_SHAPE.batchCircuit), proofSimulator(TEST_SHAPE.closeCircuit)]);
    return (signals) => (signals.length === 4 ? batch : close)(signals);
  }

  /** Figures of ordinary size; accumulators and roots are as wide as hashes are. */
  function draft(batches: number, words: readonly bigint[]): EpochSubmission {
    const proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] } as const;
    const hash = (place: number): bigint => circuitIdOf(`gas ${place}`);
    return {
      epoch: 1, marketCommitment: statedMarket(market).commitment, genesisAccumulator: hash(0), words,
      batches: Array.from({ length: batches }, (_, place) => ({ circuitId: circuitIdOf(TEST_SHAPE.batchCircuit), proof, accumulatorAfter: hash(place + 1) })),
      close: {
        circuitId: circuitIdOf(TEST_SHAPE.closeCircuit), proof, accountsRoot: hash(99), accountsBound: BigInt(16 * batches), unhealthyBound: 1n, shortfall: 5_000_000n,
        tableStart: 0n, parts: [],
      },
    };
  }
});
