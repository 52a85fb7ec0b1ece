import assert from 'node:assert/strict';
import type { BatchSubmission, CloseSubmission, EpochSubmission } from '../../src/chain/epoch-submission.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { onChainEpoch, onChainVenue, type OnChainEpoch } from '../builders/on-chain-epoch.js';
import { ownStarts, type OwnStarts } from './support/own-start.js';
import { assertReverts, statedMarket, startVenue, type VenueOnChain } from './support/venue-on-chain.js';

describe('a tampered epoch with real proofs on a real chain', function () {
  this.timeout(180_000);
  let venue: VenueOnChain;
  let epoch: OnChainEpoch;
  let honest: EpochSubmission;
  let starts: OwnStarts;
  /** Another accepted table. */
  let otherMarket: bigint;

  before(async () => {
    venue = await startVenue(onChainVenue().table);
    epoch = await onChainEpoch(venue.location);
    honest = epoch.submission;
    starts = await ownStarts(epoch);
    await venue.markets.state(statedMarket(epoch.venue.table));
    const other = statedMarket({ ...epoch.venue.table, parameterSet: 'softer haircuts' });
    await venue.markets.state(other);
    otherMarket = other.commitment;
    await venue.client.openSnapshot();
  });
  after(async () => {
    await (venue as VenueOnChain | undefined)?.stop();
    await releaseCurves();
  });
  afterEach(async () => {
    assert.equal(await venue.client.latestEpoch(), 0, 'nothing was recorded');
  });

  const refuses = (change: Partial<EpochSubmission>, errorName: string, args: Readonly<Record<string, string>> = {}): Promise<void> =>
    assertReverts(venue.client.submitEpoch({ ...honest, ...change }), errorName, args);
  const chosen = (...places: number[]): BatchSubmission[] => places.map((place) => honest.batches[place] as BatchSubmission);

  describe('whose chain of batches is not the whole one', () => {
    const cases: readonly (readonly [string, readonly number[], number | 'close'])[] = [
      ['a batch in the middle is dropped', [0, 2], 1],
      ['the first batch is dropped', [1, 2], 0],
      ['the last batch is dropped', [0, 1], 'close'],
      ['a batch in the middle is repeated', [0, 1, 1, 2], 2],
      ['the last batch is repeated', [0, 1, 2, 2], 3],
      ['the first two batches change places', [1, 0, 2], 0],
      ['the last two batches change places', [0, 2, 1], 1],
    ];
    for (const [what, places, refusedAt] of cases) {
      it(`is refused at ${refusedAt === 'close' ? 'the close' : `batch ${refusedAt}`} when ${what}`, async () => {
        if (refusedAt === 'close') await refuses({ batches: chosen(...places) }, 'CloseProofRejected');
        else await refuses({ batches: chosen(...places) }, 'BatchProofRejected', { index: String(refusedAt) });
      });
    }

    it('is refused without any batch', () => refuses({ batches: [] }, 'NoBatches'));
  });

  describe('that starts from an accumulator of its own', () => {
    it('is refused at the first batch when another accumulator of the chain stands for genesis', () =>
      refuses({ genesisAccumulator: honest.batches[0]?.accumulatorAfter as bigint }, 'BatchProofRejected', { index: '0' }));

    it('is refused at the close when the batches do start there: the first one is left out', () =>
      refuses({ genesisAccumulator: honest.batches[0]?.accumulatorAfter as bigint, batches: chosen(1, 2) }, 'CloseProofRejected'));

    it('is refused at the close when real batches start from a negative shortfall', () =>
      assertReverts(venue.client.submitEpoch(starts.negativeShortfall), 'CloseProofRejected'));

    it('is refused at the close when a real first batch leads from elsewhere to the honest accumulators', () =>
      assertReverts(venue.client.submitEpoch(starts.otherBlinding), 'CloseProofRejected'));
  });

  describe('with one public figure changed', () => {
    const figures: readonly (readonly [string, (close: CloseSubmission) => Partial<CloseSubmission>])[] = [
      ['another accounts root', ({ accountsRoot }) => ({ accountsRoot: (accountsRoot + 1n) % FIELD_MODULUS })],
      ['one account less', ({ accountsBound }) => ({ accountsBound: accountsBound - 1n })],
      ['one account more', ({ accountsBound }) => ({ accountsBound: accountsBound + 1n })],
      ['one unhealthy account less', ({ unhealthyBound }) => ({ unhealthyBound: unhealthyBound - 1n })],
      ['a shortfall one value unit smaller', ({ shortfall }) => ({ shortfall: shortfall - 1n })],
      ['no shortfall', () => ({ shortfall: 0n })],
    ];
    for (const [what, change] of figures) {
      it(`is refused at the close with ${what}`, () => refuses({ close: { ...honest.close, ...change(honest.close) } }, 'CloseProofRejected'));
    }

    it('is refused at the close with any deposit or loan one quantum larger or smaller', async () => {
      let tried = 0;
      for (const [place, word] of honest.words.entries()) {
        for (const other of [word + 1n, word - 1n]) {
          if (other < 0n) continue;
          await refuses({ words: honest.words.map((same, index) => (index === place ? other : same)) }, 'CloseProofRejected');
          tried += 1;
        }
      }
      assert.ok(tried > honest.words.length, `${tried} words tried`);
    });

    it('is refused at the close with the commitment of another table that is also accepted', () =>
      refuses({ marketCommitment: otherMarket }, 'CloseProofRejected'));

    it('is refused at the first batch with another genesis', () =>
      refuses({ genesisAccumulator: (honest.genesisAccumulator + 1n) % FIELD_MODULUS }, 'BatchProofRejected', { index: '0' }));

    it('is refused at its own link with another accumulator after any batch', async () => {
      for (const place of honest.batches.keys()) {
        const batches = honest.batches.map((batch, index) => (index === place ? { ...batch, accumulatorAfter: (batch.accumulatorAfter + 1n) % FIELD_MODULUS } : batch));
        await refuses({ batches }, 'BatchProofRejected', { index: String(place) });
      }
    });

    it('[K2] is refused by name with p added to any figure: another number for the same field element', async () => {
      const { close, batches, genesisAccumulator, words, marketCommitment } = honest;
      for (const name of ['accountsRoot', 'accountsBound', 'unhealthyBound', 'shortfall'] as const) {
        await refuses({ close: { ...close, [name]: close[name] + FIELD_MODULUS } }, 'NotAFieldElement', { name });
      }
      await refuses({ genesisAccumulator: genesisAccumulator + FIELD_MODULUS }, 'NotAFieldElement', { name: 'genesisAccumulator' });
      for (const place of batches.keys()) {
        const shifted = batches.map((batch, index) => (index === place ? { ...batch, accumulatorAfter: batch.accumulatorAfter + FIELD_MODULUS } : batch));
        await refuses({ batches: shifted }, 'NotAFieldElement', { name: 'accumulatorAfter' });
      }
      await refuses({ words: words.map((word, place) => (place === 0 ? word + FIELD_MODULUS : word)) }, 'WordOutOfRange', { index: '0' });
      await refuses({ marketCommitment: marketCommitment + FIELD_MODULUS }, 'NotAFieldElement', { name: 'marketCommitment' });
    });
  });
});
