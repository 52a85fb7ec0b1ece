import { join } from 'node:path';
import { evaluate } from '../../margin/margin.js';
import { syntheticVenue } from '../../margin/synthetic/synthetic-venue.js';
import { marketFromHaircuts, type HaircutInstrument } from '../../risk/haircut-import.js';
import type { MarketTable } from '../../risk/market-table.js';
import { parseStaticMarket, writeStaticMarket } from '../../risk/static-market.js';
import { splitIntoTiers } from '../../risk/tiers.js';
import type { Account, Holding } from '../../venue/account.js';
import { fileSource } from '../../venue/byte-source.js';
import { parseColumnMapping } from '../../venue/column-mapping.js';
import { collectSnapshot, readSnapshot } from '../../venue/snapshot-reader.js';
import { readText } from '../files.js';
import { firstOf } from '../first-of.js';
import { projectRoot } from '../project.js';
import type { StoredSnapshot } from '../snapshot-folder.js';

export const DEMO_SLOTS = 8;

/** A seeded venue of the demo's shape: eight slots, eight scenarios. */
export function demoVenue(seed: string, accounts: number, snapshotTime: number): StoredSnapshot {
  const venue = syntheticVenue({ seed, accounts, slots: DEMO_SLOTS, instruments: 24, scenarios: 8, snapshotTime });
  return { snapshot: { accounts: venue.accounts }, market: venue.table };
}

/** The published Mango v3 accounts, below the data folder. */
export const PUBLISHED_ACCOUNTS = join('accounts-mango-v3-2022', 'reimbursement-20221018-v8.csv.gz');

const REAL_ACCOUNTS = 512;
const REAL_MAPPING = 'test/vectors/venue/mango-mapping.json';
/** Tokens of the file with their decimals there; source: its SOURCE.md. */
const REAL_TOKENS: readonly (readonly [symbol: string, decimals: number])[] = [
  ['MNGO', 6], ['BTC', 6], ['ETH', 6], ['SOL', 9], ['USDT', 6], ['SRM', 6], ['RAY', 6], ['COPE', 6],
  ['FTT', 6], ['ADA', 6], ['MSOL', 9], ['BNB', 8], ['AVAX', 8], ['LUNA', 6], ['GMT', 9], ['USDC', 6],
];
/** The venue's own deposit of each token as a part of what users have: one fiftieth. */
const HOUSE_SHARE = 50n;
/** The demo circuit's. */
const SCENARIOS = 8;

/** What to take of the published file. */
export interface PublishedShape {
  /** Scenarios of the circuits. They stay at zero: published haircuts are standard margin, a fully deposited account would be charged twice. */
  readonly scenarios: number;
  /** Most holdings of an account. */
  readonly slots: number;
  /** Accounts from the start of the file; all without it. */
  readonly accounts?: number;
}

/** The first 512 accounts of the published file, and the venue's own deposits on top. */
export async function realVenue(sharedData: string, snapshotTime: number): Promise<StoredSnapshot> {
  const { snapshot: { accounts }, market } = await publishedVenue(sharedData, snapshotTime, { scenarios: SCENARIOS, slots: DEMO_SLOTS, accounts: REAL_ACCOUNTS });
  return { snapshot: { accounts: [...accounts, ...houseAccounts(accounts, market)] }, market };
}

/**
 * Accounts of the published Mango v3 reimbursement file: 16 tokens as spot holdings, prices and haircuts from Binance's
 * published table where it has the symbol, price 0 otherwise.
 */
export async function publishedVenue(sharedData: string, snapshotTime: number, { scenarios, slots, accounts }: PublishedShape): Promise<StoredSnapshot> {
  const haircuts = join(sharedData, 'risk-binance-haircuts', 'cex_assets_info.csv');
  const instruments = REAL_TOKENS.map(([symbol, quantityDecimals]): HaircutInstrument => ({ id: symbol, symbol, quantityDecimals }));
  const market = parseStaticMarket(writeStaticMarket(await marketFromHaircuts(fileSource(haircuts), {
    currency: 'USD', level: 'maintenance', snapshotTime, parameterSet: 'binance-portfolio-margin-2026-05-22', instruments,
    scenarios: Array.from({ length: scenarios }, (_, place) => ({ name: `unused ${place + 1}`, ofMark: '0' })),
  })), 'market from published haircuts');
  const mappingFile = join(projectRoot(), REAL_MAPPING);
  const mapping = parseColumnMapping(await readText(mappingFile), mappingFile);
  const all = readSnapshot(fileSource(join(sharedData, PUBLISHED_ACCOUNTS)), { kind: 'mapped-csv', mapping }, market.rows, slots);
  return { snapshot: await collectSnapshot(accounts === undefined ? all : firstOf(all, accounts)), market };
}

/** The venue's own deposits, split over as many sub-accounts as the slots ask for. */
function houseAccounts(users: readonly Account[], market: MarketTable): Account[] {
  const total = market.rows.map(() => 0n);
  for (const { index, quantity } of users.flatMap((user) => user.holdings)) total[index] = (total[index] ?? 0n) + quantity;
  const holdings: Holding[] = total.map((quantity, index) => ({ index, quantity: quantity / HOUSE_SHARE })).filter(({ quantity }) => quantity !== 0n);
  return Array.from({ length: Math.ceil(market.rows.length / DEMO_SLOTS) }, (_, subAccount) => ({
    userId: 'house', subAccount, owner: undefined, holdings: holdings.slice(subAccount * DEMO_SLOTS, (subAccount + 1) * DEMO_SLOTS),
  }));
}

/** Sum of the shortfalls of all accounts, value units. */
export function shortfallOf({ snapshot, market }: StoredSnapshot): bigint {
  return snapshot.accounts.reduce((sum, account) => sum + evaluate(market, splitIntoTiers(market, account.holdings)).shortfall, 0n);
}
