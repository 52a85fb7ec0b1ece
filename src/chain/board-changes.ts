import { digestOf } from '../commitment/digest.js';
import { feedsDigest, listingsDigest, parametersDigest, priceRulesDigest, tableRulesDigest, type BoardDigest } from './board-digests.js';
import type { ChainReceipt } from './contract-call.js';
import { BoardChangeError } from './errors.js';
import { NO_PARAMETERS, type InstrumentListing, type MarketBoardClient, type ParameterSetWords, type TableRules } from './market-board-client.js';
import type { PendingChange } from './pending-change.js';
import type { FeedConfig, PriceBoardClient, PriceRules } from './price-board-client.js';

/** Both boards of one venue. */
export interface Boards {
  readonly prices: PriceBoardClient;
  readonly markets: MarketBoardClient;
}

/** Something a venue wants that its boards do not have yet. */
export interface BoardChange {
  /** As in "feeds 0 to 6". */
  readonly what: string;
  /** Hash of it, which the board keeps while it waits. */
  readonly digest: BoardDigest;
  readonly pending: () => Promise<PendingChange | undefined>;
  readonly propose: () => Promise<ChainReceipt>;
  readonly activate: () => Promise<ChainReceipt>;
}

export interface WantedRules {
  readonly prices: PriceRules;
  readonly tables: TableRules;
}

export interface WantedLists {
  /** In the order of their numbers. */
  readonly feeds: readonly FeedConfig[];
  /** All of them, in row order. */
  readonly listings: readonly InstrumentListing[];
  readonly parameters: ParameterSetWords;
  /** The active set, which proposing another needs; NO_PARAMETERS before the first. */
  readonly current?: ParameterSetWords;
}

/** Rules that differ from those on chain. Each can be activated by itself. */
export async function rulesToChange({ prices, markets }: Boards, wanted: WantedRules): Promise<BoardChange[]> {
  const [priceRules, tableRules] = await Promise.all([prices.rules(), markets.rules()]);
  const changes: (BoardChange & { readonly active: BoardDigest | undefined })[] = [{
    what: 'price rules', digest: priceRulesDigest(wanted.prices), active: priceRules === undefined ? undefined : priceRulesDigest(priceRules),
    pending: () => prices.pending('rules'), propose: () => prices.proposeRules(wanted.prices), activate: () => prices.activateRules(wanted.prices),
  }, {
    what: 'table rules', digest: tableRulesDigest(wanted.tables), active: tableRules === undefined ? undefined : tableRulesDigest(tableRules),
    pending: () => markets.pending('rules'), propose: () => markets.proposeRules(wanted.tables), activate: () => markets.activateRules(wanted.tables),
  }];
  return changes.filter(({ digest, active }) => digest !== active);
}

/**
 * Feeds, instruments and parameters that differ from those on chain, in the order in which they must be activated: instruments name feeds, and
 * between instruments and their parameters no table is accepted.
 *
 * @throws BoardChangeError when a feed would be removed or a listed row changed, which the boards never do, and when `current` is not the active set
 */
export async function listsToChange(boards: Boards, wanted: WantedLists): Promise<BoardChange[]> {
  return [...await feedsToChange(boards, wanted.feeds), ...await instrumentsToChange(boards, wanted.listings), ...await parametersToChange(boards, wanted)];
}

async function feedsToChange({ prices }: Boards, wanted: readonly FeedConfig[]): Promise<BoardChange[]> {
  const active = await prices.feeds();
  if (active.length > wanted.length) {
    throw new BoardChangeError(`the price board has ${active.length} feeds, the configuration ${wanted.length}: a feed is never removed, only its source replaced`, {
      active: active.length, wanted: wanted.length,
    });
  }
  const differs = wanted.flatMap((feed, index) => {
    const known = active[index];
    return known !== undefined && feedsDigest(index, [known]) === feedsDigest(index, [feed]) ? [] : [index];
  });
  const [first, last] = [differs[0], differs.at(-1)];
  if (first === undefined || last === undefined) return [];
  const feeds = wanted.slice(first, last + 1);
  return [{
    what: feeds.length === 1 ? `feed ${first}` : `feeds ${first} to ${last}`, digest: feedsDigest(first, feeds),
    pending: () => prices.pending('feeds'), propose: () => prices.proposeFeeds(first, feeds), activate: () => prices.activateFeeds(first, feeds),
  }];
}

async function instrumentsToChange({ markets }: Boards, wanted: readonly InstrumentListing[]): Promise<BoardChange[]> {
  const listed = await markets.listed();
  for (const [index, row] of listed.entries()) {
    const listing = wanted[index];
    if (listing === undefined || digestOf(listing.line) !== row.digest || listing.feed !== row.feed || listing.strike !== row.strike) {
      throw new BoardChangeError(
        `row ${index} is listed on chain as something else than ${listing === undefined ? 'nothing' : `"${listing.line}" with feed ${listing.feed}`}: ` +
        'a listed row never changes; keep its place with "order" in the parameter set', { row: index },
      );
    }
  }
  const listings = wanted.slice(listed.length);
  if (listings.length === 0) return [];
  return [{
    what: `instruments ${listed.length} to ${wanted.length - 1}`, digest: listingsDigest(listings),
    pending: () => markets.pending('instruments'), propose: () => markets.proposeInstruments(listings), activate: () => markets.activateInstruments(listings),
  }];
}

async function parametersToChange({ markets }: Boards, { parameters, current }: WantedLists): Promise<BoardChange[]> {
  const active = await markets.activeParameters();
  const digest = parametersDigest(parameters);
  if (digest === active) return [];
  if (current !== undefined && parametersDigest(current) !== active) {
    throw new BoardChangeError(
      `the parameters that are active on the board have the hash ${active}, those named as active ${parametersDigest(current)}: name the set that was activated last`,
      { active },
    );
  }
  return [{
    what: 'parameters', digest, pending: () => markets.pending('parameters'),
    propose: () => markets.proposeParameters(parameters, current ?? NO_PARAMETERS), activate: () => markets.activateParameters(),
  }];
}
