import { openingAfter } from '../clearing/apply-transition.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { instrumentsOf, rowAt } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind, type InstrumentKind } from '../venue/instrument.js';
import type { Lot } from './auction.js';
import { sliceUpTo, type Slice, type SliceTerms } from './largest-slice.js';
import { leastExcess, marginOf, positionsOf, requireUnderWater } from './liquidated-account.js';
import { LotError, NoSliceError } from './liquidation-errors.js';

/** What a liquidation is planned by. */
export interface LiquidationTerms extends SliceTerms {
  /** Latest table of maintenance level. */
  readonly maintenance: MarketTable;
  /** Ppm at which slices are reckoned to be sold, or less where no slice is at it. */
  readonly discount: number;
}

/** Quanta that an account owes of a cash or spot row, for others to pay. */
export interface Debt {
  readonly row: number;
  readonly quanta: bigint;
}

/** How a liquidation would go. */
export interface LiquidationPlan {
  /** Slices in the order in which they would be sold. */
  readonly slices: readonly Slice[];
  /** The account meets maintenance level; or only debts in cash and spot are left; or something is left that no slice reduces. */
  readonly end: 'healthy' | 'debts' | 'stuck';
  /** For the waterfall, where only debts are left. */
  readonly debts: readonly Debt[];
  /** What the account then holds, by instrument. */
  readonly left: readonly Holding[];
  /** Of the account then, under the maintenance table. Value units. */
  readonly excess: bigint;
}

/** Slices that a plan has at most: a portfolio has fewer rows, and each slice sells one row out but for dust. */
const MOST_SLICES = 64;

/**
 * Which slices bring an account back to maintenance level, or what is left where none do: first what makes it healthy with the least value
 * sold, else what takes most of the requirement away for its value. Later bids see other tables: it is a forecast, each slice is judged anew.
 *
 * @throws NotUnderWaterError, FundingUnsettledError, UnknownInstrumentError
 */
export function planLiquidation(terms: LiquidationTerms, opening: ClearedOpening, handle: bigint): LiquidationPlan {
  requireUnderWater(terms.maintenance, opening);
  const slices: Slice[] = [];
  let account = opening;
  while (slices.length < MOST_SLICES && !marginOf(terms.maintenance, account).healthy) {
    const next = nextSlice(terms, account, handle);
    if (next === undefined) break;
    slices.push(next);
    account = openingAfter(next.plan, account.nonce);
  }
  return { slices, ...endOf(terms, account) };
}

/** The slice to sell next; undefined where none can be. @throws FundingUnsettledError, UnknownInstrumentError */
export function nextSlice(terms: LiquidationTerms, account: ClearedOpening, handle: bigint): Slice | undefined {
  const slices: Slice[] = [];
  for (const lot of lotsOf(terms.initial, account, handle)) {
    // The first pay row that has a slice is the one that most bidders have.
    const slice = slices.at(-1)?.lot.row === lot.row ? undefined : sliceIfAny(terms, account, lot);
    if (slice !== undefined) slices.push(slice);
  }
  const enough = slices.filter(({ plan }) => marginOf(terms.maintenance, plan).healthy);
  if (enough.length > 0) return enough.reduce((best, one) => (one.value < best.value ? one : best));
  return slices.reduce<Slice | undefined>((best, one) => (best === undefined || relievesMore(one, best) ? one : best), undefined);
}

/**
 * Lots that an account has for sale, in row order: what it is long of, for what it owes; what it is short of, for what it has; perpetuals and
 * futures for entries before cash, so that nobody needs the cash of their whole value. Cash is sold only for other cash that is owed, and what
 * is owed in cash is bought back by selling something.
 */
export function lotsOf(table: MarketTable, account: Pick<ClearedOpening, 'slots'>, handle: bigint): readonly Lot[] {
  const positions = positionsOf(table, account);
  return positions.flatMap(({ index, quantity }) => payRowsOf(table, positions, rowAt(table, index), quantity > 0n)
    .map((payRow) => ({ handle, row: index, payRow: payRow.index, accountSells: quantity > 0n })));
}

function payRowsOf(table: MarketTable, positions: readonly Holding[], sold: MarketRow, accountSells: boolean): readonly MarketRow[] {
  const held = (row: MarketRow): bigint => positions.find(({ index }) => index === row.index)?.quantity ?? 0n;
  const best = (kind: InstrumentKind): readonly MarketRow[] => {
    const rows = instrumentsOf(table).filter((row) => row.kind === kind && row.mark > 0n && row.group !== sold.group);
    // Most owed where the account is paid, most held where it pays; of equals the first.
    const worth = (row: MarketRow): bigint => held(row) * row.mark * (accountSells ? -1n : 1n);
    return rows.length === 0 ? [] : [rows.reduce((found, row) => (worth(row) > worth(found) ? row : found))];
  };
  if (sold.kind === 'cash') return accountSells ? best('cash').filter((row) => held(row) < 0n) : [];
  return sold.kind === 'perpetual' || sold.kind === 'future' ? [...best('entry'), ...best('cash')] : best('cash');
}

function sliceIfAny(terms: LiquidationTerms, account: ClearedOpening, lot: Lot): Slice | undefined {
  try {
    return sliceUpTo(terms, account, lot, terms.discount);
  } catch (error) {
    if (error instanceof NoSliceError || error instanceof LotError) return undefined;
    throw error;
  }
}

/** Whether a slice takes away more of the requirement for its value; compared crosswise, for values may be 0. */
function relievesMore(one: Slice, other: Slice): boolean {
  const relief = ({ before, after }: Slice): bigint => before.requirement - after.requirement;
  return relief(one) * other.value > relief(other) * one.value;
}

function endOf({ maintenance }: LiquidationTerms, account: ClearedOpening): Omit<LiquidationPlan, 'slices'> {
  const margin = marginOf(maintenance, account);
  const left = positionsOf(maintenance, account);
  const excess = leastExcess(margin);
  if (margin.healthy) return { end: 'healthy', debts: [], left, excess };
  const isDebt = left.every(({ index, quantity }) => quantity < 0n && isSettlementKind(rowAt(maintenance, index).kind));
  return isDebt ? { end: 'debts', debts: debtsOf(maintenance, account), left, excess } : { end: 'stuck', debts: [], left, excess };
}

/** What others may pay of an account: of one that has nothing above 0, each cash or spot row that it owes. Empty of any other. */
export function debtsOf(table: MarketTable, account: Pick<ClearedOpening, 'slots'>): readonly Debt[] {
  const left = positionsOf(table, account);
  if (left.some(({ quantity }) => quantity > 0n)) return [];
  return left.flatMap(({ index, quantity }) => (isSettlementKind(rowAt(table, index).kind) ? [{ row: index, quanta: -quantity }] : []));
}
