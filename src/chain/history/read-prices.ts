import { feedsDigest, priceRulesDigest } from '../board-digests.js';
import type { FeedConfig, FeedKind, PriceRules } from '../price-board-client.js';
import { NodeContradictionError } from './history-errors.js';
import { PRICE_BOARD_HISTORY } from './history-events.js';
import type { HistoryEvent } from './log-reader.js';
import type { HistoryRound, PriceHistory } from './market-history.js';
import { matchChanges, type ChangeDialect } from './match-changes.js';
import { plainStruct } from './plain-values.js';
import type { HistoryPlace } from './history-place.js';
import { venueTopic } from './read-registry.js';
import type { TimelockChange } from './timelock-changes.js';
import type { HistoryGap } from './venue-history.js';

const FEED_KINDS: readonly (FeedKind | 'none')[] = ['none', 'constant', 'chainlink', 'pyth', 'signed'];

export interface PricesPart {
  readonly prices: PriceHistory;
  readonly changes: readonly TimelockChange[];
  readonly gaps: readonly HistoryGap[];
}

/** Rules, feeds and rounds of a price board. @throws NodeContradictionError */
export async function readPrices(place: HistoryPlace, address: string): Promise<PricesPart> {
  const { state, venueId } = place;
  const events = await place.logs.read(address, PRICE_BOARD_HISTORY, [null, venueTopic(venueId)]);
  const rules = single<PriceRules>('rulesOf', await state.call(address, PRICE_BOARD_HISTORY, 'rulesOf', [venueId]));
  const count = Number(await state.value(address, PRICE_BOARD_HISTORY, 'feedCount', [venueId]));
  const feeds = await Promise.all(Array.from({ length: count }, async (_, index) => feedOf(single<SolidityFeed>('feed', await state.call(address, PRICE_BOARD_HISTORY, 'feed', [venueId, index])))));
  const [id, time] = (await state.call(address, PRICE_BOARD_HISTORY, 'lastRound', [venueId])).toArray() as [bigint, bigint];
  const lastRound = { id: Number(id), time: Number(time) };
  const rounds = roundsOf(events);
  const prices: PriceHistory = {
    address, feeds, lastRound, rounds,
    minTimelock: Number(await state.value(address, PRICE_BOARD_HISTORY, 'MIN_TIMELOCK', [])),
    rules: rules.timelock === 0 ? undefined : rules,
    ruleChanges: events.filter(({ name }) => name === 'RulesActivated').map((event) => ({ rules: eventStruct<{ rules: PriceRules }>(event).rules, at: event.at })),
    feedChanges: events.filter(({ name }) => name === 'FeedActivated').map(feedChange),
  };
  return { prices, changes: matchChanges(events, DIALECT, state.block), gaps: roundGaps(prices, place.fromBlock) };
}

type SolidityFeed = Omit<FeedConfig, 'kind'> & { readonly kind: number };

function single<Shape>(method: string, values: Parameters<typeof plainStruct>[1]): Shape {
  return Object.values(plainStruct<Record<string, Shape>>(PRICE_BOARD_HISTORY.getFunction(method)?.outputs ?? [], values))[0] as Shape;
}

function eventStruct<Shape>({ name, args }: HistoryEvent): Shape {
  return plainStruct<Shape>(PRICE_BOARD_HISTORY.getEvent(name)?.inputs ?? [], args);
}

function feedOf({ kind: code, ...rest }: SolidityFeed): FeedConfig {
  const kind = FEED_KINDS[code];
  if (kind === undefined || kind === 'none') throw new NodeContradictionError(`the price board names feed kind ${code}, which this version does not know: take a newer version`, { code });
  return Object.freeze({ ...rest, kind });
}

function feedChange(event: HistoryEvent): PriceHistory['feedChanges'][number] {
  const { feed, config } = eventStruct<{ feed: bigint; config: SolidityFeed }>(event);
  return { feed: Number(feed), config: feedOf(config), at: event.at };
}

function roundsOf(events: readonly HistoryEvent[]): HistoryRound[] {
  return events.filter(({ name }) => name === 'RoundOpened').map((event) => {
    const { id, time, prices, updatedAt } = eventStruct<Omit<HistoryRound, 'at'>>(event);
    if (time !== event.at.time) throw new NodeContradictionError(`round ${id} says it was opened at ${time}, its block ${event.at.block} is of ${event.at.time}: ask another node`, { round: id });
    return Object.freeze({ id, time, prices, updatedAt, at: event.at });
  });
}

function roundGaps({ rounds, lastRound }: PriceHistory, fromBlock: number): HistoryGap[] {
  const ids = rounds.map(({ id }) => id);
  const unordered = ids.find((id, place) => place > 0 && id <= (ids[place - 1] as number));
  if (unordered !== undefined || (ids.at(-1) ?? 0) > lastRound.id) throw new NodeContradictionError(`rounds of the price board are not in order, or beyond the last, ${lastRound.id}: ask another node`, { last: lastRound.id });
  const expected = lastRound.id - (fromBlock === 0 ? 0 : (ids[0] ?? lastRound.id + 1) - 1);
  if (ids.length === expected) return [];
  return [{ kind: 'round-log-missing', epoch: undefined, detail: `the price board opened ${expected} rounds, the node has events of ${ids.length}` }];
}

const DIALECT: ChangeDialect = {
  contract: 'price-board',
  activates: ({ name }) => (name === 'RulesActivated' ? 'rules' : name === 'FeedActivated' ? 'feeds' : undefined),
  proposal: (event) => {
    if (event.name === 'RulesProposed') {
      const { rules } = eventStruct<{ rules: PriceRules }>(event);
      return { content: { what: 'price-rules', rules }, digest: priceRulesDigest(rules) };
    }
    if (event.name !== 'FeedsProposed') return undefined;
    const proposed = eventStruct<{ first: bigint; feeds: readonly SolidityFeed[] }>(event);
    const [first, feeds] = [Number(proposed.first), proposed.feeds.map(feedOf)];
    return { content: { what: 'feeds', first, feeds }, digest: feedsDigest(first, feeds) };
  },
};
