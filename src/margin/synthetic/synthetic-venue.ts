import { ClearproofError } from '../../error/clearproof-error.js';
import { instrumentLimit } from '../../risk/listing-limit.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { parseStaticMarket, writeStaticMarket, type StaticMarketFile } from '../../risk/static-market.js';
import { instrumentsOf, tieredRows, tiersOf } from '../../risk/tiers.js';
import type { Account } from '../../venue/account.js';
import { isSettlementKind } from '../../venue/instrument.js';
import { CATALOGUE } from './catalogue.js';
import { VenueDraft, type Trade, type TradableMarket } from './draft.js';
import { Random } from './random.js';
import { borrower, distressed, hedger, optionTrader, saver, trader, type Strategy, type StrategyContext } from './strategies.js';
import { SCENARIO_COUNTS, syntheticMarket, type ScenarioCount } from './synthetic-market.js';

/** A synthetic venue cannot have the asked shape. */
export class SyntheticVenueError extends ClearproofError {
  readonly code = 'SYNTHETIC_VENUE';
}

/** What accounts a venue is to have. */
export interface SyntheticAccountsOptions {
  /** Same seed, table and shape, same bytes. */
  readonly seed: string;
  /** All accounts, the venue's own included. */
  readonly accounts: number;
  /** K, at least 3: a position, its entry and cash. */
  readonly slots: number;
  /** T: no account holds more than T rows of the tiered region; 2 to slots, with at least 4 slots. Without it the table must have no tiers. */
  readonly tieredSlots?: number;
  /** W of the circuits; 84 by default. */
  readonly excessBits?: number;
}

export interface SyntheticVenueOptions extends SyntheticAccountsOptions {
  /** Instruments of the market, 4 to 32. With `tieredSlots`, BTC and ETH, spot and USD perpetual, have two size tiers. */
  readonly instruments: number;
  readonly scenarios: ScenarioCount;
  /** Unix seconds; 2026-01-01 by default. */
  readonly snapshotTime?: number;
}

export interface SyntheticVenue {
  readonly market: StaticMarketFile;
  /** `market` as the integer table. */
  readonly table: MarketTable;
  /** Users first, then the venue's own sub-accounts. */
  readonly accounts: readonly Account[];
}

interface Slots {
  readonly slots: number;
  readonly tieredSlots: number;
}

/** User id of the accounts that take the other side of every trade. */
export const HOUSE = 'house';
const DEFAULT_SNAPSHOT_TIME = 1_767_225_600;
const DEFAULT_EXCESS_BITS = 84;
/** Draws after which an account that keeps missing its slots is given up; each draw halves its size. */
const MOST_DRAWS = 100;
const SMALLEST_ACCOUNT = 100n;
const LARGEST_ACCOUNT = 50_000_000n;
/** One account in this many is under water, at least one in all. */
const DISTRESS_INTERVAL = 50;
const STRATEGIES: readonly Strategy[] = [
  saver, saver, saver, saver, saver, saver, borrower, borrower, borrower, hedger, hedger, hedger,
  trader, trader, trader, trader, trader, optionTrader, optionTrader, optionTrader,
];

/**
 * A seeded venue: skewed account sizes, deposits, loans, hedges, leverage and options, a few accounts under water, and
 * venue accounts that take the other side, so every derivative and entry row nets to zero.
 * @throws SyntheticVenueError
 */
export function syntheticVenue(options: SyntheticVenueOptions): SyntheticVenue {
  checkMarket(options);
  checkShape(options);
  const random = Random.fromSeed(options.seed);
  const snapshotTime = options.snapshotTime ?? DEFAULT_SNAPSHOT_TIME;
  const market = syntheticMarket(
    { instruments: options.instruments, scenarios: options.scenarios, tiers: options.tieredSlots !== undefined, snapshotTime }, random,
  );
  const table = parseStaticMarket(writeStaticMarket(market), 'synthetic market');
  return Object.freeze({ market, table, accounts: accountsOn(table, options, random) });
}

/**
 * Seeded accounts of a venue with this table, as syntheticVenue makes them: savers, borrowers, hedgers, traders, some of
 * them under water, and the venue's own on the other side.
 *
 * @param table with a cash row, and an entry row for the currency of every derivative
 * @throws SyntheticVenueError
 */
export function syntheticAccounts(table: MarketTable, options: SyntheticAccountsOptions): readonly Account[] {
  checkShape(options);
  return accountsOn(table, options, Random.fromSeed(options.seed));
}

function accountsOn(table: MarketTable, options: SyntheticAccountsOptions, random: Random): readonly Account[] {
  const tradable = tradableOf(table);
  const slots: Slots = { slots: options.slots, tieredSlots: options.tieredSlots ?? 0 };
  const houses = houseGroups(tradable, slots);
  const users = options.accounts - houses.length;
  if (users < 1) {
    throw new SyntheticVenueError(
      `${options.accounts} accounts leave none for users: the venue needs ${houses.length} of its own, ask for more accounts, more slots or fewer instruments`,
      { accounts: options.accounts, houses: houses.length },
    );
  }
  const trades: Trade[] = [];
  const accounts = [...userAccounts(users, tradable, random, slots, trades)];
  houses.forEach((derivatives, number) => accounts.push(houseAccount(derivatives, trades, tradable, number)));
  refuseOverLimit(accounts, table, options.slots, options.excessBits ?? DEFAULT_EXCESS_BITS);
  return Object.freeze(accounts);
}

function checkShape({ accounts, slots, tieredSlots }: SyntheticAccountsOptions): void {
  if (!Number.isInteger(accounts)) throw new SyntheticVenueError(`${accounts} accounts: ask for a whole number`, { accounts });
  if (!Number.isInteger(slots) || slots < 3) throw new SyntheticVenueError(`${slots} slots: ask for at least 3`, { slots });
  if (tieredSlots !== undefined && (!Number.isInteger(tieredSlots) || tieredSlots < 2 || tieredSlots > slots || slots < 4)) {
    throw new SyntheticVenueError(`${tieredSlots} of ${slots} slots for tiers: ask for 2 to ${slots}, and for at least 4 slots`, { slots, tieredSlots });
  }
}

function checkMarket({ instruments, scenarios }: SyntheticVenueOptions): void {
  if (!Number.isInteger(instruments) || instruments < 4 || instruments > CATALOGUE.length) {
    throw new SyntheticVenueError(`${instruments} instruments are not in [4, ${CATALOGUE.length}]: ask for a number in it`, { instruments });
  }
  if (!SCENARIO_COUNTS.includes(scenarios)) {
    throw new SyntheticVenueError(`${String(scenarios)} scenarios: ask for one of ${SCENARIO_COUNTS.join(', ')}`, { scenarios });
  }
}

function tradableOf(table: MarketTable): TradableMarket {
  const instruments = instrumentsOf(table);
  const cash = instruments.find((row) => row.kind === 'cash');
  const entries = new Map(instruments.filter((row) => row.kind === 'entry').map((row) => [row.asset, row]));
  if (cash === undefined) throw new SyntheticVenueError('the market has no cash row: list one');
  return {
    table,
    cash,
    settlement: instruments.filter((row) => isSettlementKind(row.kind)),
    derivatives: instruments.filter((row) => !isSettlementKind(row.kind) && row.kind !== 'entry'),
    entryOf: (derivative) => {
      const entry = entries.get(derivative.asset);
      if (entry === undefined) throw new SyntheticVenueError(`${derivative.id} has no entry row for ${derivative.asset}: list one`);
      return entry;
    },
  };
}

function* userAccounts(count: number, market: TradableMarket, random: Random, slots: Slots, trades: Trade[]): Generator<Account> {
  const distressedAt = random.below(Math.min(count, DISTRESS_INTERVAL));
  let user = -1;
  let subAccount = 0;
  for (let number = 0; number < count; number += 1) {
    if (user >= 0 && random.chance(10)) subAccount += 1;
    else {
      user += 1;
      subAccount = 0;
    }
    const depth = number % DISTRESS_INTERVAL === distressedAt ? Math.floor(number / DISTRESS_INTERVAL) + 1 : undefined;
    const draft = fittingDraft({ market, random, slots: slots.slots, size: skewedSize(random) }, depth, slots);
    for (const trade of draft.trades) trades.push(trade);
    yield draft.finish(`user-${user.toString().padStart(6, '0')}`, subAccount);
  }
}

/** Tiers take slots that a strategy does not count on: draws again, smaller, until the account fits. */
function fittingDraft(context: StrategyContext, depth: number | undefined, { slots, tieredSlots }: Slots): VenueDraft {
  let { size } = context;
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const draft = depth === undefined ? context.random.pick(STRATEGIES)({ ...context, size }) : distressed({ ...context, size }, depth);
    if (draft.fits(slots, tieredSlots)) return draft;
    if (size > 1n) size /= 2n;
  }
  throw new SyntheticVenueError(`no account fits ${slots} slots with ${tieredSlots} of them for tiers: ask for more of either`, { slots, tieredSlots });
}

/** A Pareto draw with exponent 1: half the accounts are below 200, one in a thousand above 100,000. */
function skewedSize(random: Random): bigint {
  const size = (SMALLEST_ACCOUNT << 32n) / (BigInt(random.next()) + 1n);
  return size < LARGEST_ACCOUNT ? size : LARGEST_ACCOUNT;
}

/** Which derivatives each venue account takes: one currency, a slot for every tier, and a slot each left for entry and cash. */
function houseGroups(market: TradableMarket, { slots, tieredSlots }: Slots): MarketRow[][] {
  const region = tieredRows(market.table);
  const byCurrency = new Map<string, MarketRow[]>();
  for (const row of market.derivatives) byCurrency.set(row.asset, [...(byCurrency.get(row.asset) ?? []), row]);
  const groups: MarketRow[][] = [];
  for (const rows of byCurrency.values()) {
    let open: MarketRow[] = [];
    for (const row of rows) {
      const held = [...open, row].flatMap((one) => tiersOf(market.table, one.index));
      const fits = held.length <= slots - 2 && held.filter(({ index }) => index < region).length <= tieredSlots;
      if (!fits || open.length === 0) groups.push((open = []));
      open.push(row);
    }
  }
  return groups;
}

function houseAccount(derivatives: readonly MarketRow[], trades: readonly Trade[], market: TradableMarket, number: number): Account {
  const draft = new VenueDraft(market);
  for (const derivative of derivatives) {
    const mine = trades.filter((trade) => trade.derivative === derivative);
    const quantity = -mine.reduce((sum, trade) => sum + trade.quantity, 0n);
    const cost = -mine.reduce((sum, trade) => sum + trade.cost, 0n);
    draft.book({ derivative, entry: market.entryOf(derivative), quantity, cost });
  }
  draft.deposit(50n);
  return draft.finish(HOUSE, number);
}

function refuseOverLimit(accounts: readonly Account[], table: MarketTable, slots: number, excessBits: number): void {
  const limits = new Map(instrumentsOf(table).map((row) => [row.index, instrumentLimit(tiersOf(table, row.index), slots, excessBits)]));
  for (const { userId, holdings } of accounts) {
    const over = holdings.find(({ index, quantity }) => (quantity < 0n ? -quantity : quantity) > (limits.get(index) ?? 0n));
    if (over !== undefined) {
      throw new SyntheticVenueError(
        `${userId} would hold more of row ${over.index} than the listing rule allows: ask for fewer accounts or more excess bits`,
        { index: over.index },
      );
    }
  }
}
