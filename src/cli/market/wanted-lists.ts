import type { WantedLists } from '../../chain/board-changes.js';
import type { ParameterSetWords } from '../../chain/market-board-client.js';
import { parameterWords, type ParameterWords } from '../../risk/build/parameter-words.js';
import { ParameterUnknownError } from '../../risk/parameter-set/parameter-errors.js';
import { parseParameterSet } from '../../risk/parameter-set/parameter-set-json.js';
import type { ParameterSet } from '../../risk/parameter-set/parameter-set.js';
import { readText } from '../files.js';
import type { BoardConfig } from './board-config.js';

export async function readParameterSet(file: string): Promise<ParameterSet> {
  return parseParameterSet(await readText(file), file);
}

/** What boards hold for a configuration and a parameter set. @throws ParameterUnknownError for a feed of the set that boards cannot read so */
export function wantedLists(config: BoardConfig, set: ParameterSet): Omit<WantedLists, 'current'> {
  requireFeeds(config, set);
  const words = parameterWords(set);
  const numbers = new Map(config.feeds.map(({ id }, number) => [id, number]));
  return {
    feeds: config.feeds.map((feed) => feed.config),
    listings: words.instruments.map(({ line, feed, strike }) => ({ line, feed: numbers.get(feed) as number, strike })),
    parameters: setWords(words),
  };
}

/** Moves and words as the market board takes them. */
export function setWords({ moves, rows }: ParameterWords): ParameterSetWords {
  return { moves: moves.flatMap(({ price, basis }) => [price, basis]), words: rows };
}

/** Each feed of the set is one of the configuration, of the same kind and, of a constant, with the same price. */
function requireFeeds(config: BoardConfig, set: ParameterSet): void {
  const known = new Map(config.feeds.map((feed) => [feed.id, feed.config]));
  for (const [place, feed] of set.feeds.entries()) {
    const found = known.get(feed.id);
    if (found !== undefined && found.kind === feed.kind && (feed.kind !== 'constant' || feed.price === found.minPrice)) continue;
    throw new ParameterUnknownError(
      { file: set.file, field: `feeds[${place}]` },
      `the feed ${feed.id} is ${found === undefined ? 'missing' : `another one (${found.kind})`} in ${config.file}: add it there, or correct kind and price`,
    );
  }
}
