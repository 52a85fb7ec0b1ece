import assert from 'node:assert/strict';
import { accumulatorOf } from '../../src/commitment/epoch-chain.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import type { CommittedAccount } from '../../src/witness/epoch-transcript.js';
import type { Holding } from '../../src/venue/account.js';
import { TEST_SHAPE, TIERED_SHAPE, batchesOf, buildEpoch, buildMixedEpoch, committedAccount, type EpochInputs } from '../builders/epoch.js';
import { trueExcess, withSlots } from '../circuits/support/accounts.js';
import { listedCircuit, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { FORGERIES_OF_FIGURES } from '../circuits/support/forgeries-of-figures.js';
import { FORGERIES_OF_STATEMENTS } from '../circuits/support/forgeries-of-statements.js';
import { FORGERIES_OF_TIERS } from '../circuits/support/forgeries-of-tiers.js';
import { epochOf, replaced, tieredWorldOf, worldOf, type Forgery, type World } from '../circuits/support/forgery.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../circuits/support/refusal.js';

describe('a forged epoch', () => {
  let world: World;
  let batch: TestCircuit;
  let close: TestCircuit;
  before(async function () {
    this.timeout(240_000);
    world = worldOf(await bulkPoseidon());
    batch = await listedCircuit(TEST_SHAPE.batchCircuit);
    close = await listedCircuit(TEST_SHAPE.closeCircuit);
  });

  const acceptBatches = async (epoch: EpochInputs): Promise<void> => { for (const input of epoch.batches) await assertAccepted(batch, input); };
  const inClose = (statement: string): ExpectedRefusal => ({ template: 'EpochSeal', statement });

  it('is accepted by nobody unless it is honest: the epoch all forgeries start from', async () => {
    const epoch = buildEpoch(world.poseidon, world.table, world.accounts);
    await acceptBatches(epoch);
    await assertAccepted(close, epoch.close);
    assert.ok(epoch.closeSignals.unhealthyBound > 0n && epoch.closeSignals.shortfall > 0n, 'there is something to understate');
  });

  for (const { name, make, refusedBy, at } of [...FORGERIES_OF_FIGURES, ...FORGERIES_OF_STATEMENTS]) {
    it(`is refused by ${refusedBy === 'close' ? 'the close' : `batch ${refusedBy}`} at "${at.statement}" when ${name}`, async () => {
      await assertRefusedEpoch({ batch, close }, make(world), { refusedBy, at });
    });
  }

  describe('with size tiers', () => {
    let tiered: World;
    let circuits: { readonly batch: TestCircuit; readonly close: TestCircuit };
    before(async function () {
      this.timeout(240_000);
      tiered = tieredWorldOf(world.poseidon);
      circuits = { batch: await listedCircuit(TIERED_SHAPE.batchCircuit), close: await listedCircuit(TIERED_SHAPE.closeCircuit) };
    });

    it('is accepted when it is honest: the epoch the forgeries of tiers start from', async () => {
      const epoch = epochOf(tiered, tiered.accounts);
      for (const input of epoch.batches) await assertAccepted(circuits.batch, input);
      await assertAccepted(circuits.close, epoch.close);
      assert.ok(epoch.closeSignals.unhealthyBound > 0n && epoch.closeSignals.shortfall > 0n, 'there is something to understate');
    });

    for (const { name, make, refusedBy, at } of FORGERIES_OF_TIERS) {
      it(`is refused by ${refusedBy === 'close' ? 'the close' : `batch ${refusedBy}`} at "${at.statement}" when ${name}`, async () => {
        await assertRefusedEpoch(circuits, make(tiered), { refusedBy, at });
      });
    }

    it('is refused by a batch without tiered slots that holds a row of the tiered region', async () => {
      const slots = [{ index: 4, quantity: 5n }, { index: 7, quantity: 0n }, { index: 8, quantity: 0n }];
      const accounts = Array.from({ length: 16 }, (_, place) => committedAccount(world.poseidon, BigInt(place), tiered.table, [], [0n, 0n, 0n]));
      const forged = replaced(accounts, 3, (account) => withSlots(world.poseidon, account, slots, trueExcess(tiered.table, slots)));
      const batches = [...batchesOf(tiered.accounts, TIERED_SHAPE.batch), ...batchesOf(forged, TEST_SHAPE.batch)];
      const epoch = buildMixedEpoch(world.poseidon, tiered.table, batches, TIERED_SHAPE, [TIERED_SHAPE.batchCircuit, TIERED_SHAPE.batchCircuit, TEST_SHAPE.batchCircuit]);
      await assertRefused(batch, epoch.batches[2] as CircuitInput, {
        template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'StrictlyIncreasing', statement: 'first.in <== index[0] - least' },
      });
    });
  });

  describe('with slots that are not well formed', () => {
    const slots = (...indices: number[]): Holding[] => indices.map((index) => ({ index, quantity: 0n }));
    const gap: ExpectedRefusal = { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'StrictlyIncreasing', statement: 'gaps[i].in <==' } };
    const cases: readonly (readonly [string, readonly Holding[], ExpectedRefusal])[] = [
      ['one row twice, once long and once short', [{ index: 1, quantity: 5n }, { index: 1, quantity: -5n }, { index: 2, quantity: 0n }], gap],
      ['rows in descending order', slots(2, 1, 3), gap],
      ['a gap beyond the index field', slots(0, 1, 2 ** 16 + 5), gap],
      ['a last index beyond its bound', slots(62, 63, 64), { ...gap, below: { template: 'StrictlyIncreasing', statement: 'last.in <== index[K - 1]' } }],
      ['a quantity of 2^64', [{ index: 0, quantity: 2n ** 64n }, ...slots(1, 2)], { ...gap, below: { template: 'SignedQuantity', statement: 'bits.in <== offset' } }],
      ['a quantity of -2^64 - 1', [{ index: 0, quantity: -(2n ** 64n) - 1n }, ...slots(1, 2)], { ...gap, below: { template: 'SignedQuantity', statement: 'bits.in <== offset' } }],
    ];
    for (const [name, forged, at] of cases) {
      it(`is refused by its batch: ${name}`, async () => {
        const accounts = replaced(world.accounts, 20, (account) => withSlots(world.poseidon, account, forged));
        const { batches } = buildEpoch(world.poseidon, world.table, accounts);
        await assertAccepted(batch, batches[0] as CircuitInput);
        await assertRefused(batch, batches[1] as CircuitInput, at);
      });
    }

    it('is accepted when an index outside the table has quantity 0, as unused slots may', async () => {
      const accounts = replaced(world.accounts, 20, (account) => withSlots(world.poseidon, account, slots(0, 19, 63)));
      const epoch = buildEpoch(world.poseidon, world.table, accounts);
      await acceptBatches(epoch);
      await assertAccepted(close, epoch.close);
    });
  });

  describe('of three batches, whose order is tampered with', () => {
    let full: EpochInputs;
    before(() => {
      world = worldOf(world.poseidon, world.table, 48);
      full = buildEpoch(world.poseidon, world.table, world.accounts);
    });
    const others = (kept: readonly number[]): CommittedAccount[] => kept.flatMap((place) => world.accounts.slice(16 * place, 16 * place + 16));
    /** The venue proves other batches than those it hashed: under the challenges, book and weights of the full epoch. */
    const reprove = (kept: readonly number[]): EpochInputs => buildEpoch(world.poseidon, world.table, others(kept), {
      book: () => bookColumns(full, 'net', 'gross'), weightedBook: () => bookColumns(full, 'weightedNet', 'weightedGross').map((row) => ({ ...row, tiers: 0n })), challenges: () => full.states.challenges,
    });

    it('leaves a gap that the contract sees when a batch is omitted: after of the first is not before of the third', () => {
      assert.notEqual(full.batchSignals[0]?.accumulatorAfter, full.batchSignals[2]?.accumulatorBefore);
    });
    it('does not start at genesis when the first batch is omitted, and the close takes no other genesis', async () => {
      const start = full.batchSignals[1]?.accumulatorBefore as bigint;
      assert.notEqual(start, full.closeSignals.genesisAccumulator);
      await assertRefused(close, { ...full.close, genesisAccumulator: start }, inClose('genesis.hash === genesisAccumulator'));
    });
    it('leaves a gap that the contract sees when a batch is repeated or two change places', () => {
      const [first, second, third] = full.batchSignals as [EpochInputs['batchSignals'][number], EpochInputs['batchSignals'][number], EpochInputs['batchSignals'][number]];
      assert.notEqual(second.accumulatorAfter, second.accumulatorBefore);
      assert.notEqual(first.accumulatorAfter, third.accumulatorBefore);
      assert.notEqual(third.accumulatorAfter, second.accumulatorBefore);
    });

    for (const [name, kept] of [['a batch is omitted', [0, 2]], ['the first batch is omitted', [1, 2]], ['a batch is proven twice', [0, 1, 1, 2]], ['two batches change places', [1, 0, 2]]] as const) {
      it(`has batches that link when ${name} and the rest is proven anew, but the close refuses its chain, or the other one's`, async () => {
        const forged = reprove(kept);
        await acceptBatches(forged);
        await assertRefused(close, forged.close, inClose('genesis.hash === genesisAccumulator'));
        await assertRefused(close, { ...forged.close, finalChain: full.close.finalChain as bigint }, inClose('final.hash === finalAccumulator'));
      });
    }

    it('finds no place for a batch a second time at its own position', async () => {
      const [first] = full.chained as [EpochInputs['chained'][number]];
      const again = { ...(full.batches[0] as CircuitInput), rootBefore: first.insertion.rootAfter, children: (full.batches[1] as CircuitInput).children as bigint[][] };
      const state = full.states.states[0] as EpochInputs['states']['states'][number];
      const changed = { ...state, root: first.insertion.rootAfter };
      const accumulatorBefore = accumulatorOf(world.poseidon, full.blindings[0] as bigint, full.states.challengesHash, changed);
      await assertRefused(batch, { ...again, accumulatorBefore }, { template: 'SubtreeInsertion', statement: '(children[0][child] - emptyNode(BASE_LEVEL)) === 0' });
    });
  });

  it('is not refused by a batch that names another epoch or domain: the contract compares both with its own', async () => {
    const { batches } = buildEpoch(world.poseidon, world.table, world.accounts);
    for (const name of ['epoch', 'domain']) {
      const input = { ...(batches[0] as CircuitInput), [name]: 99n };
      const witness = await assertAccepted(batch, input);
      // The proof is of exactly the signals it names: wires 1 to 4.
      assert.equal(witness[name === 'domain' ? 1 : 2], 99n);
    }
  });
});

/** Every batch but the refused one is accepted, and so is the close unless it is what refuses. */
async function assertRefusedEpoch(
  { batch, close }: { readonly batch: TestCircuit; readonly close: TestCircuit }, epoch: EpochInputs, { refusedBy, at }: Pick<Forgery, 'refusedBy' | 'at'>,
): Promise<void> {
  for (const [place, input] of epoch.batches.entries()) {
    await (place === refusedBy ? assertRefused(batch, input, at) : assertAccepted(batch, input));
  }
  if (refusedBy === 'close') await assertRefused(close, epoch.close, at);
}

function bookColumns(epoch: EpochInputs, net: string, gross: string): { net: bigint; gross: bigint }[] {
  const grosses = epoch.close[gross] as bigint[];
  return (epoch.close[net] as bigint[]).map((value, row) => ({ net: value, gross: grosses[row] as bigint }));
}
