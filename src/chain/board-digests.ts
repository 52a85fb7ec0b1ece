import { abiDigest } from './abi-digest.js';
import { FEED, LISTING, PRICE_RULES, TABLE_RULES } from './board-abi.js';
import type { InstrumentListing, ParameterSetWords, TableRules } from './market-board-client.js';
import { toSolidityFeed, type FeedConfig, type PriceRules } from './price-board-client.js';

/** What the boards store of a change that waits: a hash of what was proposed. Two configurations with one digest are the same. */
export type BoardDigest = string;

/** Of a parameter set before the first. */
export const NO_DIGEST: BoardDigest = `0x${'0'.repeat(64)}`;

export function priceRulesDigest(rules: PriceRules): BoardDigest {
  return abiDigest([PRICE_RULES], [rules]);
}

export function tableRulesDigest(rules: TableRules): BoardDigest {
  return abiDigest([TABLE_RULES], [rules]);
}

/** @param first index of the first of them */
export function feedsDigest(first: number, feeds: readonly FeedConfig[]): BoardDigest {
  return abiDigest(['uint256', `${FEED}[]`], [first, feeds.map(toSolidityFeed)]);
}

export function listingsDigest(listings: readonly InstrumentListing[]): BoardDigest {
  return abiDigest([`${LISTING}[]`], [listings]);
}

export function parametersDigest({ moves, words }: ParameterSetWords): BoardDigest {
  return moves.length === 0 && words.length === 0 ? NO_DIGEST : abiDigest(['int16[]', 'uint256[]'], [moves, words]);
}
