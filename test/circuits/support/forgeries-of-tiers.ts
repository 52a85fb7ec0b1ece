import { chainNext, packExcesses, type WeightedRow } from '../../../src/commitment/epoch-chain.js';
import { absorb, hashList } from '../../../src/commitment/hash-list.js';
import { marketHeader, rowsTree, scenarioDigest } from '../../../src/commitment/market-commitment.js';
import { NO_CAP, committedRows, type CommittedRow } from '../../../src/commitment/table-digests.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../../../src/field/scalar-field.js';
import type { Holding } from '../../../src/venue/account.js';
import { subtreeCells } from '../../../src/tree/batch-insertion.js';
import type { ChainedBatch, CommittedAccount } from '../../../src/witness/epoch-transcript.js';
import { TIERED_SHAPE, type EpochInputs } from '../../builders/epoch.js';
import { TIERED_ROWS } from '../../builders/tiered-market.js';
import { accountsOf, trueExcess, withSlots } from './accounts.js';
import { closeRefuses, epochOf, powerOf, replaced, rulesRefuse, type Forgery, type World } from './forgery.js';

const { BTC, BTC2, PERP, ETH } = TIERED_ROWS;
const { batch } = TIERED_SHAPE;
/** A place in the second batch whose account is empty in the honest epoch. */
const LIAR = 20;
/** First of the rows on a page without a listed row. */
const UNLISTED_PAGE = 16;

function empty(index: number): Holding {
  return { index, quantity: 0n };
}

/** The liar's slots and what it says of headrooms and excesses; true excesses unless given. */
function liar(world: World, slots: readonly Holding[], headrooms: readonly bigint[], excess = trueExcess(world.table, slots)): CommittedAccount[] {
  return replaced(world.accounts, LIAR, (account) => ({ ...withSlots(world.poseidon, account, slots, excess), headrooms }));
}

/** 150 in a tier of 100, at the tier's low haircut; the claimed headroom is 0. */
function overfilled(world: World): CommittedAccount[] {
  return liar(world, [{ index: BTC, quantity: 150n }, empty(BTC2), empty(7), empty(8), empty(9)], [0n, 50n]);
}

/** What the seven identities lack for the liar's first slot: alpha^20 r^0 times 50 quanta too many. */
function missingInCaps(epoch: EpochInputs): bigint {
  return multiplyInField(powerOf(epoch.states.challenges.alpha, LIAR), 50n);
}

/** N of row BTC bent so that the caps add up for the overfilled tier. */
function bentTiers(world: World): EpochInputs {
  const accounts = overfilled(world);
  // alpha and r do not depend on N, so the venue knows them before it bends it.
  const bend = multiplyInField(missingInCaps(epochOf(world, accounts)), invertInField(world.table.rows[BTC]?.cap ?? 1n));
  return epochOf(world, accounts, { weightedBook: (rows) => replaced(rows, BTC, (row) => bent(row, bend)) });
}

function bent(row: WeightedRow, by: bigint): WeightedRow {
  return { ...row, tiers: addInField(row.tiers, by) };
}

/** N of row BTC bent as before, and N beyond the last row bent against it, as if both had one denominator. */
function bentBeyond(world: World): EpochInputs {
  const accounts = overfilled(world);
  const bend = multiplyInField(missingInCaps(epochOf(world, accounts)), invertInField(world.table.rows[BTC]?.cap ?? 1n));
  return epochOf(world, accounts, {
    weightedBook: (rows) => replaced(rows, BTC, (row) => bent(row, bend)),
    beyond: (beyond) => replaced(beyond, 0, (weight) => subtractInField(weight, bend)),
  });
}

/** A headroom of -50 in the second batch, packed as if it were a number below 2^65. */
function negativeHeadroom(world: World): EpochInputs {
  const accounts = liar(world, [{ index: BTC, quantity: 150n }, empty(BTC2), empty(7), empty(8), empty(9)], [0n, 50n]);
  return epochOf(world, accounts, { batches: (batches) => replaced(batches, 1, (second) => relinked(world, second)) });
}

function relinked(world: World, second: ChainedBatch): ChainedBatch {
  const accounts = replaced(second.accounts, LIAR - batch.N, (account) => ({ ...account, headrooms: [-50n, 50n] }));
  const { N, K, T, S, W } = batch;
  const headrooms = accounts.flatMap((account) => account.headrooms);
  const words = Array.from({ length: Math.ceil(headrooms.length / 3) }, (_, word) =>
    toField(headrooms.slice(3 * word, 3 * word + 3).reduce((sum, headroom, place) => sum + headroom * 2n ** BigInt(65 * place), 0n)));
  const claims = hashList(world.poseidon, tagOf('claims', K, N, S, W, T), [...packExcesses(accounts.flatMap((account) => account.excess), W), ...words]);
  const cells = subtreeCells(world.poseidon, accounts.map((account) => account.leaf));
  return { ...second, accounts, chainAfter: chainNext(world.poseidon, batch, second.chainBefore, BigInt(second.firstPosition), cells, claims) };
}

/** Unused slots in the two tiered places; a perpetual of 1,000 at the first bracket's charge in the third, where no cap is looked at. */
function pushedOut(world: World): CommittedAccount[] {
  const hidden = liar(world, [empty(BTC), empty(BTC2), { index: PERP, quantity: 1000n }, empty(8), empty(9)], [100n, 50n]);
  const short = [{ index: PERP, quantity: -40n }, { index: TIERED_ROWS.PERP2, quantity: -960n }, empty(7), empty(8), empty(9)];
  return replaced(hidden, LIAR + 1, (account) => ({ ...withSlots(world.poseidon, account, short, trueExcess(world.table, short)), headrooms: [0n, 2n ** 64n - 960n] }));
}

/** A cap for a row that nobody listed, chosen so that the caps add up for the overfilled tier. */
function inventedCap(world: World): EpochInputs {
  const accounts = liar(world, [{ index: BTC, quantity: 150n }, empty(UNLISTED_PAGE), empty(17), empty(18), empty(19)], [0n, 0n]);
  const epoch = epochOf(world, accounts);
  const { alpha, r } = epoch.states.challenges;
  const weight = multiplyInField(powerOf(alpha, LIAR), r);
  const cap = multiplyInField(missingInCaps(epoch), invertInField(weight));
  return { ...epoch, close: { ...epoch.close, cap: replaced(epoch.close.cap as bigint[], UNLISTED_PAGE, () => cap) } };
}

/** Row 16 is on a page without a listed row, which no digest binds: the venue values 5 of it at a billion each. */
function inventedMark(world: World, hidden: boolean): EpochInputs {
  const value = 5n * 10n ** 9n;
  const slots = [empty(7), empty(8), { index: UNLISTED_PAGE, quantity: 5n }, empty(17), empty(18)];
  const accounts = liar(world, slots, [2n ** 64n, 2n ** 64n], [value, value, value]);
  const epoch = epochOf(world, accounts, hidden ? { book: (rows) => replaced(rows, UNLISTED_PAGE, () => ({ net: 0n, gross: 0n })) } : {});
  return { ...epoch, close: { ...epoch.close, mark: replaced(epoch.close.mark as bigint[], UNLISTED_PAGE, () => 10n ** 9n) } };
}

/**
 * A registrant's market commitment whose rows say of themselves, from row `first` on, that they lie outside the tiered region;
 * rows tree and header else are the table's. A perpetual of 1,000 then stands at the first bracket's charge in a slot no cap is looked at.
 */
function outsideRegion(world: World, first: number, lie: (rows: readonly CommittedRow[]) => CommittedRow[]): EpochInputs {
  const { poseidon, table } = world;
  const header = marketHeader(table);
  const rows = lie(committedRows(table, UNLISTED_PAGE));
  const elements = rows.flatMap((row) => [row.class, toField(row.mark), row.longCharge, row.shortCharge, row.cap, ...row.pnl.map(toField)]);
  const commitment = hashList(poseidon, tagOf('market'), [
    header.level, header.snapshotTime, header.valueScale, header.scenarios, header.listedRows, BigInt(first), header.instrumentList,
    header.parameterSet, scenarioDigest(poseidon, table), absorb(poseidon, tagOf('rows', table.scenarios.length, 1), elements), rowsTree(poseidon, table.rows).root,
  ]);
  const held = [1000n, -1000n].reduce((accounts, quantity, place) => {
    const slots = [empty(BTC), empty(BTC2), { index: PERP, quantity }, empty(8), empty(9)];
    return replaced(accounts, LIAR + place, (account) => ({ ...withSlots(poseidon, account, slots, trueExcess(table, slots)), headrooms: [100n, 50n] }));
  }, accountsOf(poseidon, table, [], world.accounts.length, batch));
  const epoch = epochOf(world, held, { marketCommitment: () => commitment, challenges: (honest) => ({ ...honest, tieredRows: BigInt(first) }) });
  const column = (name: 'class' | 'cap'): bigint[] => (epoch.close[name] as bigint[]).map((value, place) => rows[place]?.[name] ?? value);
  return { ...epoch, close: { ...epoch.close, class: column('class'), cap: column('cap') } };
}

function withoutTieredBit(row: CommittedRow): CommittedRow {
  return { ...row, class: row.class % TIERED_BIT };
}

const TIERED_BIT = 16n;
const CONTINUES_BIT = 8n;

/** Lies about size tiers, in an epoch of `TIERED_SHAPE`. */
export const FORGERIES_OF_TIERS: readonly Forgery[] = [
  { name: 'a tier holds more than its cap, and the headroom is claimed to be 0', make: (world) => epochOf(world, overfilled(world)), ...closeRefuses('accumulated[6] === sums[6]'), checks: ['XC'] },
  {
    name: 'a headroom is claimed one too large',
    make: (world) => epochOf(world, replaced(world.accounts, 0, (account) => ({ ...account, headrooms: [1n, ...account.headrooms.slice(1)] }))),
    ...closeRefuses('accumulated[6] === sums[6]'), checks: ['XC'],
  },
  {
    name: 'an overfilled tier borrows the headroom of another account',
    make: (world) => epochOf(world, replaced(overfilled(world), LIAR + 1, (account) => ({ ...account, headrooms: [account.headrooms[0] as bigint - 50n, account.headrooms[1] as bigint] }))),
    ...closeRefuses('accumulated[6] === sums[6]'), checks: ['XC'],
  },
  {
    name: 'an overfilled tier borrows the headroom of the account\'s other slot',
    make: (world) => epochOf(world, liar(world, [{ index: BTC, quantity: 150n }, empty(BTC2), empty(7), empty(8), empty(9)], [0n, 0n])),
    ...closeRefuses('accumulated[6] === sums[6]'), checks: ['XC'],
  },
  { name: 'an overfilled tier with N bent so that XC holds', make: bentTiers, ...closeRefuses('accumulated[5] === sums[5] + after.sum'), checks: ['XN'] },
  { name: 'an overfilled tier with N bent in the table and back beyond it', make: bentBeyond, ...closeRefuses('accumulated[5] === sums[5] + after.sum'), checks: ['XN'] },
  {
    name: 'an overfilled tier has a negative headroom',
    make: negativeHeadroom, refusedBy: 1, checks: ['headroom'],
    at: { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'TieredSlots', statement: 'range[j].in <== headroom[j]' } },
  },
  {
    name: 'unused slots push a capped row out of the checked slots',
    make: (world) => epochOf(world, pushedOut(world)), refusedBy: 1, checks: ['outside'],
    at: { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'AccountClaim', statement: 'outside.in <== index[T] - tieredRows' } },
  },
  {
    name: 'unused slots push a capped row out of the checked slots, and the tiered region is said to be empty',
    make: (world) => epochOf(world, pushedOut(world), { challenges: (honest) => ({ ...honest, tieredRows: 0n }) }),
    ...closeRefuses('genesis.hash === genesisAccumulator'), checks: ['genesis', 'final'],
  },
  { name: 'a row that is not listed lends its cap to an overfilled tier', make: inventedCap, ...closeRefuses('accumulated[6] === sums[6]'), checks: ['unlistedCap'] },
  { name: 'a row of a page without listed rows is held at an invented mark', make: (world) => inventedMark(world, false), ...rulesRefuse('(1 - listed[k]) * gross[k] === 0'), checks: ['unlisted'] },
  { name: 'a row of a page without listed rows is held and left out of the book', make: (world) => inventedMark(world, true), ...closeRefuses('accumulated[2] === sums[2]'), checks: ['XB', 'XO'] },
  {
    name: 'a tier of a perpetual is matched by another perpetual',
    make: (world) => {
      const long = liar(world, [{ index: PERP, quantity: 5n }, empty(7), empty(8), empty(9), empty(10)], [35n, 2n ** 64n]);
      const short = [{ index: ETH, quantity: -5n }, empty(7), empty(8), empty(9), empty(10)];
      return epochOf(world, replaced(long, LIAR + 1, (account) => ({ ...withSlots(world.poseidon, account, short, trueExcess(world.table, short)), headrooms: [5n, 2n ** 64n] })));
    },
    ...rulesRefuse('(1 - row[k].continues) * unmatched[k] === 0'), checks: ['matched'],
  },
  {
    name: 'a row is called a tier of the row before it after the challenge, so that the two need no match each',
    make: (world) => {
      const epoch = epochOf(world, world.accounts);
      return { ...epoch, close: { ...epoch.close, class: replaced(epoch.close.class as bigint[], ETH, (one) => one + 8n) } };
    },
    ...closeRefuses('market.commitment === marketCommitment'), checks: ['market'],
  },
  {
    name: 'registered rows leave a further tier out of the tiered region',
    make: (world) => outsideRegion(world, PERP, (rows) => rows.map((row, place) => (place < PERP ? row : { ...withoutTieredBit(row), cap: NO_CAP }))),
    ...rulesRefuse('row[k].continues * (listed[k] - row[k].tiered) === 0'), checks: ['region'],
  },
  {
    name: 'registered rows leave a capped row out of the tiered region',
    make: (world) => outsideRegion(world, PERP, (rows) => rows.map((row, place) => (place < PERP ? row : { ...row, class: row.class % CONTINUES_BIT }))),
    ...rulesRefuse('(listed[k] - row[k].tiered) * (cap[k] - (1 << 64)) === 0'), checks: ['capOutside'],
  },
];
