import { syntheticAccounts, syntheticVenue } from '../margin/synthetic/synthetic-venue.js';
import type { MarketTable } from '../risk/market-table.js';
import type { Account } from '../venue/account.js';

/** Accounts made together: each group is a small venue of its own, whose books match, so that any number of them does. */
const GROUP = 10_000;
const SEED = 'bench-service';
const SLOTS = 8;

/** A table of 32 instruments. */
export function benchTable(scenarios: 8 | 16): MarketTable {
  return syntheticVenue({ seed: SEED, accounts: 100, slots: SLOTS, instruments: 32, scenarios }).table;
}

/** So many accounts, a group in memory at a time. */
export function* benchAccounts(table: MarketTable, count: number): Generator<Account> {
  for (let made = 0, group = 0; made < count; group += 1) {
    // The last group takes the rest: one of a few accounts could not hold a venue.
    const accounts = count - made < 2 * GROUP ? count - made : GROUP;
    made += accounts;
    const prefix = `group-${group.toString().padStart(5, '0')}`;
    for (const account of syntheticAccounts(table, { seed: `${SEED} ${group}`, accounts, slots: SLOTS })) yield { ...account, userId: `${prefix}-${account.userId}` };
  }
}
