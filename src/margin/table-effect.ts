import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { instrumentsOf, rowAt, splitIntoTiers } from '../risk/tiers.js';
import type { Account, Holding } from '../venue/account.js';
import { UnknownInstrumentError } from '../venue/unknown-instrument-error.js';
import { evaluate, type Margin } from './margin.js';

/** One account before and after. */
export interface AccountEffect {
  readonly userId: string;
  readonly subAccount: number;
  readonly before: Pick<Margin, 'requirement' | 'healthy' | 'equity'>;
  readonly after: Pick<Margin, 'requirement' | 'healthy' | 'equity'>;
}

/** What another table does to a snapshot's accounts. Money in value units. */
export interface TableEffect {
  readonly accounts: number;
  readonly rises: number;
  readonly falls: number;
  readonly newlyUnhealthy: number;
  readonly newlyHealthy: number;
  /** Sums over all accounts. */
  readonly requirementBefore: bigint;
  readonly requirementAfter: bigint;
  readonly shortfallBefore: bigint;
  readonly shortfallAfter: bigint;
  /** Accounts whose requirement rises most, largest first. */
  readonly largest: readonly AccountEffect[];
}

/**
 * Judges the same accounts by two tables. Instruments are matched by id, so the tables may list rows in another order.
 *
 * @param listed the table that the accounts' indices belong to
 * @param most how many accounts to name
 * @throws UnknownInstrumentError, TierCapacityError
 */
export function effectOf(accounts: Iterable<Account>, listed: MarketTable, before: MarketTable, after: MarketTable, most = 10): TableEffect {
  const toBefore = translator(listed, before);
  const toAfter = translator(listed, after);
  const totals = { accounts: 0, rises: 0, falls: 0, newlyUnhealthy: 0, newlyHealthy: 0, requirementBefore: 0n, requirementAfter: 0n, shortfallBefore: 0n, shortfallAfter: 0n };
  let largest: AccountEffect[] = [];
  for (const { userId, subAccount, holdings } of accounts) {
    const [old, now] = [evaluate(before, toBefore(holdings)), evaluate(after, toAfter(holdings))];
    totals.accounts += 1;
    totals.rises += now.requirement > old.requirement ? 1 : 0;
    totals.falls += now.requirement < old.requirement ? 1 : 0;
    totals.newlyUnhealthy += old.healthy && !now.healthy ? 1 : 0;
    totals.newlyHealthy += !old.healthy && now.healthy ? 1 : 0;
    totals.requirementBefore += old.requirement;
    totals.requirementAfter += now.requirement;
    totals.shortfallBefore += old.shortfall;
    totals.shortfallAfter += now.shortfall;
    if (now.requirement > old.requirement) largest = insert(largest, { userId, subAccount, before: figures(old), after: figures(now) }, most);
  }
  return { ...totals, largest };
}

/** Instrument-level holdings of one table as row-level holdings of another. */
function translator(listed: MarketTable, other: MarketTable): (holdings: readonly Holding[]) => readonly Holding[] {
  const byId = new Map(instrumentsOf(other).map((row) => [row.id, row]));
  return (holdings) => {
    const moved = holdings.map(({ index, quantity }) => ({ index: counterpart(rowAt(listed, index), byId).index, quantity }));
    return splitIntoTiers(other, moved.sort((a, b) => a.index - b.index));
  };
}

function counterpart(row: MarketRow, byId: ReadonlyMap<string, MarketRow>): MarketRow {
  const found = byId.get(row.id);
  if (found === undefined) throw new UnknownInstrumentError(`an account holds ${row.id}, which a table to compare does not list: keep it listed`, { instrument: row.id });
  if (found.quantityDecimals !== row.quantityDecimals) {
    throw new UnknownInstrumentError(
      `${row.id} has ${found.quantityDecimals} quantityDecimals in a table to compare and ${row.quantityDecimals} in the snapshot: they must agree`,
      { instrument: row.id },
    );
  }
  return found;
}

function insert(largest: readonly AccountEffect[], one: AccountEffect, most: number): AccountEffect[] {
  const rise = ({ before, after }: AccountEffect): bigint => after.requirement - before.requirement;
  const place = largest.findIndex((other) => rise(other) < rise(one));
  return [...largest.slice(0, place < 0 ? largest.length : place), one, ...(place < 0 ? [] : largest.slice(place))].slice(0, most);
}

function figures({ requirement, healthy, equity }: Margin): AccountEffect['before'] {
  return { requirement, healthy, equity };
}
