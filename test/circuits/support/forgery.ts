import type { Poseidon } from '../../../src/commitment/poseidon.js';
import type { AccumulatorState, WeightedRow } from '../../../src/commitment/epoch-chain.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../../../src/field/scalar-field.js';
import type { MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import type { CommittedAccount, EpochStates } from '../../../src/witness/epoch-transcript.js';
import { TEST_SHAPE, TIERED_SHAPE, buildEpoch, type EpochInputs, type Forgery as Lie, type TestShape } from '../../builders/epoch.js';
import { smallMarket } from '../../builders/market.js';
import { tieredMarket } from '../../builders/tiered-market.js';
import { EXAMPLE_HOLDINGS, TIERED_HOLDINGS, accountsOf } from './accounts.js';
import type { ExpectedRefusal } from './refusal.js';

/** The honest epoch that a forger starts from: two batches. */
export interface World {
  readonly poseidon: Poseidon;
  readonly table: MarketTable;
  readonly accounts: readonly CommittedAccount[];
  readonly shape: TestShape;
}

/** Checks that broken-checks.test.ts can switch off one at a time in a copy of the circuits. */
export type Check =
  | 'XG' | "XG'" | 'XB' | 'XO' | 'XD' | 'XN' | 'XC' | 'matched' | 'matchedLast' | 'unlisted' | 'unlistedCap' | 'listedFirst' | 'market' | 'genesis'
  | 'final' | 'settlement' | 'level' | 'before' | 'after' | 'outside' | 'headroom' | 'region' | 'capOutside';

/** One lie, made as consistent as the venue can, and the only place that refuses it. */
export interface Forgery {
  readonly name: string;
  readonly make: (world: World) => EpochInputs;
  /** Number of the refused batch, or the close after every batch was accepted. */
  readonly refusedBy: 'close' | number;
  readonly at: ExpectedRefusal;
  /** With these checks switched off the lie is accepted, so they are what refuses it. */
  readonly checks?: readonly Check[];
}

/** The seal of the close refuses: market, accumulators, identities, settlement vector. */
export function closeRefuses(statement: string): Pick<Forgery, 'refusedBy' | 'at'> {
  return { refusedBy: 'close', at: { template: 'EpochSeal', statement, below: { template: 'SolvencyClose', statement: 'seal.' } } };
}

/** A rule of the book refuses. */
export function rulesRefuse(statement: string): Pick<Forgery, 'refusedBy' | 'at'> {
  return { refusedBy: 'close', at: { template: 'TableRules', statement, below: { template: 'SolvencyClose', statement: 'rules.' } } };
}

export function worldOf(poseidon: Poseidon, table: MarketTable = smallMarket(), count = 32): World {
  return Object.freeze({ poseidon, table, accounts: Object.freeze(accountsOf(poseidon, table, EXAMPLE_HOLDINGS, count)), shape: TEST_SHAPE });
}

/** The same with size tiers. */
export function tieredWorldOf(poseidon: Poseidon, table: MarketTable = tieredMarket(), count = 32): World {
  const accounts = Object.freeze(accountsOf(poseidon, table, TIERED_HOLDINGS, count, TIERED_SHAPE.batch));
  return Object.freeze({ poseidon, table, accounts, shape: TIERED_SHAPE });
}

/** An epoch of this world with other accounts, or a lie. */
export function epochOf({ poseidon, table, shape }: World, accounts: readonly CommittedAccount[], lie: Lie = {}): EpochInputs {
  return buildEpoch(poseidon, table, accounts, lie, 1n, shape);
}

export function replaced<Value>(values: readonly Value[], place: number, change: (value: Value) => Value): Value[] {
  return values.map((value, at) => (at === place ? change(value) : value));
}

/** All excesses of one account raised by `amount`. */
export function raised(accounts: readonly CommittedAccount[], place: number, amount: bigint): CommittedAccount[] {
  return replaced(accounts, place, (account) => ({ ...account, excess: account.excess.map((excess) => excess + amount) }));
}

/** Accumulator states from number `first` on, changed alike. */
export function changedStates(states: EpochStates, first: number, change: (state: AccumulatorState) => AccumulatorState): EpochStates {
  return { ...states, states: states.states.map((state, at) => (at >= first ? change(state) : state)) };
}

/** The lie "account `place` has `amount` more excess", with G or G' of a row bent so that XD holds all the same. */
export function bentBook(world: World, place: number, amount: bigint, column: 'net' | 'gross', row: number): { accounts: CommittedAccount[]; weightedBook: (book: WeightedRow[]) => WeightedRow[] } {
  const accounts = raised(world.accounts, place, amount);
  // alpha and r do not depend on the weighted book, so the venue knows them before it bends it.
  const { alpha, r } = epochOf(world, accounts).states.challenges;
  const powers = powersSum(r, world.table.scenarios.length);
  const missing = multiplyInField(multiplyInField(powerOf(alpha, place), powers), toField(amount));
  const { value, halfCharges } = rowWeights(world.table.rows[row] as MarketRow, r);
  const bend = column === 'net' ? multiplyInField(missing, invertInField(value)) : subtractInField(0n, multiplyInField(missing, invertInField(halfCharges)));
  return { accounts, weightedBook: (book) => replaced(book, row, (entry) => ({ ...entry, [column]: addInField(entry[column], bend) })) };
}

/** u_k and w_k of docs/statement.md: what a unit of G_k and of G'_k adds to XD. */
function rowWeights(row: MarketRow, r: bigint): { readonly value: bigint; readonly halfCharges: bigint } {
  const half = invertInField(2n);
  const sum = powersSum(r, row.pnl.length);
  const withoutMove = subtractInField(toField(row.mark), multiplyInField(toField(row.longCharge - row.shortCharge), half));
  const moves = row.pnl.reduce((total, pnl, scenario) => addInField(total, multiplyInField(powerOf(r, scenario + 1), toField(pnl))), 0n);
  return {
    value: addInField(multiplyInField(sum, withoutMove), moves),
    halfCharges: multiplyInField(sum, multiplyInField(row.longCharge + row.shortCharge, half)),
  };
}

export function powerOf(base: bigint, exponent: number): bigint {
  let power = 1n;
  for (let count = 0; count < exponent; count += 1) power = multiplyInField(power, base);
  return power;
}

function powersSum(r: bigint, scenarios: number): bigint {
  return Array.from({ length: scenarios + 1 }, (_, exponent) => powerOf(r, exponent)).reduce(addInField, 0n);
}
