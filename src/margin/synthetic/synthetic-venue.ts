import { ClearproofError } from '../../error/clearproof-error.js';
import { listingLimit } from '../../risk/listing-limit.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { parseStaticMarket, writeStaticMarket, type StaticMarketFile } from '../../risk/static-market.js';
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

export interface SyntheticVenueOptions {
  /** Same seed and shape, same bytes. */
  readonly seed: string;
  /** All accounts, the venue's own included. */
  readonly accounts: number;
  /** K, at least 3: a position, its entry and cash. */
  readonly slots: number;
  /** Rows of the market, 4 to 32. */
  readonly instruments: number;
  readonly scenarios: ScenarioCount;
  /** Unix seconds; 2026-01-01 by default. */
  readonly snapshotTime?: number;
  /** W of the circuits; 84 by default. */
  readonly excessBits?: number;
}

export interface SyntheticVenue {
  readonly market: StaticMarketFile;
  /** `market` as the integer table. */
  readonly table: MarketTable;
  /** Users first, then the venue's own sub-accounts. */
  readonly accounts: readonly Account[];
}

/** User id of the accounts that take the other side of every trade. */
export const HOUSE = 'house';
const DEFAULT_SNAPSHOT_TIME = 1_767_225_600;
const DEFAULT_EXCESS_BITS = 84;
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
  checkShape(options);
  const random = Random.fromSeed(options.seed);
  const snapshotTime = options.snapshotTime ?? DEFAULT_SNAPSHOT_TIME;
  const market = syntheticMarket({ instruments: options.instruments, scenarios: options.scenarios, snapshotTime }, random);
  const table = parseStaticMarket(writeStaticMarket(market), 'synthetic market');
  const tradable = tradableOf(table);
  const houses = houseGroups(tradable, options.slots);
  const users = options.accounts - houses.length;
  if (users < 1) {
    throw new SyntheticVenueError(
      `${options.accounts} accounts leave none for users: the venue needs ${houses.length} of its own, ask for more accounts, more slots or fewer instruments`,
      { accounts: options.accounts, houses: houses.length },
    );
  }
  const trades: Trade[] = [];
  const accounts = [...userAccounts(users, tradable, random, options.slots, trades)];
  houses.forEach((derivatives, number) => accounts.push(houseAccount(derivatives, trades, tradable, number)));
  refuseOverLimit(accounts, table, options.slots, options.excessBits ?? DEFAULT_EXCESS_BITS);
  return Object.freeze({ market, table, accounts: Object.freeze(accounts) });
}

function checkShape({ accounts, slots, instruments, scenarios }: SyntheticVenueOptions): void {
  if (!Number.isInteger(accounts)) throw new SyntheticVenueError(`${accounts} accounts: ask for a whole number`, { accounts });
  if (!Number.isInteger(slots) || slots < 3) throw new SyntheticVenueError(`${slots} slots: ask for at least 3`, { slots });
  if (!Number.isInteger(instruments) || instruments < 4 || instruments > CATALOGUE.length) {
    throw new SyntheticVenueError(`${instruments} instruments are not in [4, ${CATALOGUE.length}]: ask for a number in it`, { instruments });
  }
  if (!SCENARIO_COUNTS.includes(scenarios)) {
    throw new SyntheticVenueError(`${String(scenarios)} scenarios: ask for one of ${SCENARIO_COUNTS.join(', ')}`, { scenarios });
  }
}

function tradableOf(table: MarketTable): TradableMarket {
  const [cash] = table.rows;
  const entries = new Map(table.rows.filter((row) => row.kind === 'entry').map((row) => [row.asset, row]));
  if (cash === undefined) throw new SyntheticVenueError('the market has no cash row: list it first');
  return {
    table,
    cash,
    settlement: table.rows.filter((row) => isSettlementKind(row.kind)),
    derivatives: table.rows.filter((row) => !isSettlementKind(row.kind) && row.kind !== 'entry'),
    entryOf: (derivative) => {
      const entry = entries.get(derivative.asset);
      if (entry === undefined) throw new SyntheticVenueError(`${derivative.id} has no entry row for ${derivative.asset}: list one`);
      return entry;
    },
  };
}

function* userAccounts(count: number, market: TradableMarket, random: Random, slots: number, trades: Trade[]): Generator<Account> {
  const distressedAt = random.below(Math.min(count, DISTRESS_INTERVAL));
  let user = -1;
  let subAccount = 0;
  for (let number = 0; number < count; number += 1) {
    if (user >= 0 && random.chance(10)) subAccount += 1;
    else {
      user += 1;
      subAccount = 0;
    }
    const context: StrategyContext = { market, random, slots, size: skewedSize(random) };
    const isDistressed = number % DISTRESS_INTERVAL === distressedAt;
    const draft = isDistressed ? distressed(context, Math.floor(number / DISTRESS_INTERVAL) + 1) : random.pick(STRATEGIES)(context);
    for (const trade of draft.trades) trades.push(trade);
    yield draft.finish(`user-${user.toString().padStart(6, '0')}`, subAccount);
  }
}

/** A Pareto draw with exponent 1: half the accounts are below 200, one in a thousand above 100,000. */
function skewedSize(random: Random): bigint {
  const size = (SMALLEST_ACCOUNT << 32n) / (BigInt(random.next()) + 1n);
  return size < LARGEST_ACCOUNT ? size : LARGEST_ACCOUNT;
}

/** Which derivatives each venue account takes: one currency, and a slot each left for entry and cash. */
function houseGroups(market: TradableMarket, slots: number): MarketRow[][] {
  const byCurrency = new Map<string, MarketRow[]>();
  for (const row of market.derivatives) byCurrency.set(row.asset, [...(byCurrency.get(row.asset) ?? []), row]);
  const groups: MarketRow[][] = [];
  for (const rows of byCurrency.values()) {
    for (let first = 0; first < rows.length; first += slots - 2) groups.push(rows.slice(first, first + slots - 2));
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
  const limits = table.rows.map((row) => listingLimit(row, slots, excessBits));
  for (const { userId, holdings } of accounts) {
    const over = holdings.find(({ index, quantity }) => (quantity < 0n ? -quantity : quantity) > (limits[index] ?? 0n));
    if (over !== undefined) {
      throw new SyntheticVenueError(
        `${userId} would hold more of row ${over.index} than the listing rule allows: ask for fewer accounts or more excess bits`,
        { index: over.index },
      );
    }
  }
}
