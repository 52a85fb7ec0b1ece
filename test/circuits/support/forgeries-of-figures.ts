import { betaOf, bookHash, type WeightedRow } from '../../../src/commitment/epoch-chain.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { absorb } from '../../../src/commitment/hash-list.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../../../src/field/scalar-field.js';
import { lastOf, weightedBookOf, type CommittedAccount } from '../../../src/witness/epoch-transcript.js';
import { TEST_SHAPE, batchesOf, buildEpoch, type EpochInputs } from '../../builders/epoch.js';
import { withSlots } from './accounts.js';
import { bentBook, changedStates, closeRefuses, raised, replaced, type Forgery, type World } from './forgery.js';

const { U } = TEST_SHAPE;
/** A poor account in the first batch, and one in the second. */
const [POOR, OTHER, IN_SECOND_BATCH] = [2, 4, 17] as const;
const AMOUNT = 10n ** 9n;
const wrongExcess = (world: World): EpochInputs => buildEpoch(world.poseidon, world.table, raised(world.accounts, POOR, AMOUNT));

/** Lies about excesses, book and the challenges that hold them. */
export const FORGERIES_OF_FIGURES: readonly Forgery[] = [
  { name: 'an account claims an excess that is not its own', make: wrongExcess, ...closeRefuses('accumulated[4] === sums[4]'), checks: ['XD'] },
  {
    name: 'an account claims one scenario better than it is',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, replaced(accounts, POOR, (account) => ({ ...account, excess: replaced(account.excess, 1, (excess) => excess + 1n) }))),
    ...closeRefuses('accumulated[4] === sums[4]'), checks: ['XD'],
  },
  {
    name: 'a wrong excess with G bent so that XD holds',
    make: (world) => {
      const { accounts, weightedBook } = bentBook(world, POOR, AMOUNT, 'net', 1);
      return buildEpoch(world.poseidon, world.table, accounts, { weightedBook });
    },
    ...closeRefuses('accumulated[0] === sums[0]'), checks: ['XG'],
  },
  {
    name: "a wrong excess with G' bent so that XD holds",
    make: (world) => {
      const { accounts, weightedBook } = bentBook(world, POOR, AMOUNT, 'gross', 1);
      return buildEpoch(world.poseidon, world.table, accounts, { weightedBook });
    },
    ...closeRefuses('accumulated[1] === sums[1]'), checks: ["XG'"],
  },
  {
    name: 'a wrong excess with G bent and the last running sum bent with it',
    make: (world) => {
      const { accounts, weightedBook } = bentBook(world, POOR, AMOUNT, 'net', 1);
      return buildEpoch(world.poseidon, world.table, accounts, { weightedBook, states: (states) => {
        const honest = weightedRows(accounts, states.challenges.alpha);
        const bend = subtractInField(weightedBook(honest)[1]?.net ?? 0n, honest[1]?.net ?? 0n);
        const shift = multiplyInField(bend, invertInField(subtractInField(states.challenges.beta, 1n)));
        return changedStates(states, 2, (state) => ({ ...state, sums: { ...state.sums, weightedNet: addInField(state.sums.weightedNet, shift) } }));
      } });
    },
    refusedBy: 1, at: { template: 'SolvencyBatch', statement: 'after.hash === accumulatorAfter' }, checks: ['after'],
  },
  {
    name: 'excess moves between two accounts of a batch',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, raised(raised(accounts, POOR, AMOUNT), OTHER, -AMOUNT)),
    ...closeRefuses('accumulated[4] === sums[4]'), checks: ['XD'],
  },
  {
    name: 'excess moves between two batches',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, raised(raised(accounts, POOR, AMOUNT), IN_SECOND_BATCH, -AMOUNT)),
    ...closeRefuses('accumulated[4] === sums[4]'), checks: ['XD'],
  },
  {
    name: 'the book shows less net deposits than the accounts hold',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, accounts, { book: (book) => replaced(book, 0, (row) => ({ ...row, net: row.net - 200n })) }),
    ...closeRefuses('accumulated[2] === sums[2]'), checks: ['XB'],
  },
  {
    name: 'the book hides a loan: deposits and loans both one lower',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, accounts, { book: (book) => replaced(book, 0, (row) => ({ ...row, gross: row.gross - 2n })) }),
    ...closeRefuses('accumulated[3] === sums[3]'), checks: ['XO'],
  },
  {
    name: 'a dummy account borrows coins against its own token and the book hides the loan',
    make: (world) => {
      const dummy = withSlots(world.poseidon, world.accounts[20] as World['accounts'][number], [{ index: 1, quantity: -1n }, { index: 5, quantity: 10n ** 12n }, { index: 6, quantity: 0n }], [0n, 0n, 0n]);
      const excess = excessOf(world, dummy.slots);
      return buildEpoch(world.poseidon, world.table, replaced(world.accounts, 20, () => ({ ...dummy, excess })), { book: (book) => replaced(book, 1, (row) => ({ net: row.net + 1n, gross: row.gross - 1n })) });
    },
    ...closeRefuses('accumulated[2] === sums[2]'), checks: ['XB', 'XO'],
  },
  {
    name: 'an account holds a row outside the table',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, replaced(accounts, 20, (account) => withSlots(poseidon, account, [{ index: 0, quantity: 0n }, { index: 1, quantity: 0n }, { index: 19, quantity: 5n }]))),
    ...closeRefuses('accumulated[0] === sums[0]'), checks: ['XG', "XG'", 'XB', 'XO'],
  },
  { name: 'the venue chooses alpha = 0, so that only the first account is weighed', make: chosenAlpha, ...closeRefuses('genesis.hash === genesisAccumulator'), checks: ['genesis', 'final'] },
  {
    name: 'the venue chooses r = 0, so that only the first excess is weighed',
    make: (world) => buildEpoch(world.poseidon, world.table, world.accounts, { challenges: (honest) => ({ ...honest, r: 0n }) }),
    ...closeRefuses('genesis.hash === genesisAccumulator'),
  },
  { name: 'the venue chooses beta and bends two rows of G to it', make: chosenBeta, ...closeRefuses('genesis.hash === genesisAccumulator') },
  {
    name: 'beta comes from a weighted book without its last row',
    make: (world) => {
      const { poseidon, table, accounts } = world;
      const { h0, alpha } = drawn(world);
      const rows = weightedRows(accounts, alpha).slice(0, -1).flatMap(({ net, gross }) => [net, gross]);
      const beta = betaOf(poseidon, h0, absorb(poseidon, tagOf('weightedRows', U), rows), []);
      return buildEpoch(poseidon, table, accounts, { challenges: (honest) => ({ ...honest, beta }) });
    },
    ...closeRefuses('genesis.hash === genesisAccumulator'),
  },
  {
    name: 'alpha and r come from a book hash without the book',
    make: ({ poseidon, table, accounts }) => {
      const { closeSignals, chained } = buildEpoch(poseidon, table, accounts);
      const h0 = bookHash(poseidon, closeSignals.marketCommitment, chained[1]?.chainAfter ?? 0n, tagOf('bookRows', U));
      return buildEpoch(poseidon, table, accounts, { challenges: (honest) => ({ ...honest, alpha: h0, r: h0 }) });
    },
    ...closeRefuses('genesis.hash === genesisAccumulator'),
  },
];

/** G and G' of these accounts; without tiers r weighs nothing. */
function weightedRows(accounts: readonly CommittedAccount[], alpha: bigint): WeightedRow[] {
  return [...weightedBookOf(batchesOf(accounts, TEST_SHAPE.batch), U, 0, alpha, 0n).rows];
}

function excessOf({ table }: World, slots: World['accounts'][number]['slots']): bigint[] {
  const charged = slots.reduce((sum, { index, quantity }) => {
    const row = table.rows[index];
    if (row === undefined) return sum;
    return sum + quantity * row.mark - (quantity < 0n ? -quantity * row.shortCharge : quantity * row.longCharge);
  }, 0n);
  return [charged, ...table.scenarios.map((_, scenario) => charged + slots.reduce((sum, { index, quantity }) => sum + quantity * (table.rows[index]?.pnl[scenario] ?? 0n), 0n))];
}

function drawn({ poseidon, table, accounts }: World): { h0: bigint; alpha: bigint; r: bigint } {
  const { closeSignals, chained, states, closing } = buildEpoch(poseidon, table, accounts);
  const h0 = bookHash(poseidon, closeSignals.marketCommitment, chained[chained.length - 1]?.chainAfter ?? 0n, lastOf(closing.books.digests).book);
  return { h0, alpha: states.challenges.alpha, r: states.challenges.r };
}

function chosenAlpha(world: World): EpochInputs {
  const accounts = raised(world.accounts, POOR, AMOUNT);
  const weighted = weightedRows(accounts, 0n);
  return buildEpoch(world.poseidon, world.table, accounts, {
    weightedBook: () => weighted, challenges: (honest) => ({ ...honest, alpha: 0n }),
  });
}

/** Under a beta known beforehand, G_0 and G_1 can be bent together so that XG and XD both hold for a wrong excess. */
function chosenBeta(world: World): EpochInputs {
  const [inRow0, inRow1] = [bentBook(world, POOR, AMOUNT, 'net', 0), bentBook(world, POOR, AMOUNT, 'net', 1)];
  const beta = 424242n;
  const honest = weightedRows(inRow0.accounts, drawn({ ...world, accounts: inRow0.accounts }).alpha);
  // bend_k alone would close the gap in XD; x*bend_0 + (1-x)*bend_1 does, and XG is untouched for the right x.
  const [bend0, bend1] = [subtractInField(inRow0.weightedBook(honest)[0]?.net ?? 0n, honest[0]?.net ?? 0n), subtractInField(inRow1.weightedBook(honest)[1]?.net ?? 0n, honest[1]?.net ?? 0n)];
  const [in0, in1] = [multiplyInField(bend0, invertInField(beta)), multiplyInField(bend1, invertInField(beta - 1n))];
  const share = multiplyInField(in1, invertInField(subtractInField(in1, in0)));
  return buildEpoch(world.poseidon, world.table, inRow0.accounts, {
    challenges: (own) => ({ ...own, beta }),
    weightedBook: (book) => book.map((row, place) => {
      const bend = place === 0 ? multiplyInField(share, bend0) : place === 1 ? multiplyInField(subtractInField(1n, share), bend1) : 0n;
      return { ...row, net: toField(row.net + bend) };
    }),
  });
}
