import type { EventPlace } from '../../chain/history/event-place.js';
import type { VenueHistory } from '../../chain/history/venue-history.js';
import type { ParameterSetWords, TableRules } from '../../chain/market-board-client.js';
import type { FeedConfig, PriceRules } from '../../chain/price-board-client.js';
import type { VaultLimit, VaultRules } from '../../chain/vault-venue-client.js';
import { printable } from './printable.js';

/** What the venue's contracts had in force at one place of the chain. */
export interface InForce {
  readonly vaultRules: VaultRules | undefined;
  readonly tableRules: TableRules | undefined;
  readonly priceRules: PriceRules | undefined;
  /** By asset. */
  readonly limits: ReadonlyMap<number, VaultLimit>;
  /** By number. */
  readonly feeds: ReadonlyMap<number, FeedConfig>;
  /** How many rows were listed. */
  readonly instruments: number;
  readonly parameters: ParameterSetWords | undefined;
  readonly clearingHouse: string | undefined;
}

/** As of just before an event; without one, as of the board's block. */
export function inForceBefore({ reserves, markets, prices }: VenueHistory, place: EventPlace | undefined): InForce {
  const before = <One extends { readonly at: EventPlace }>(list: readonly One[] | undefined): readonly One[] =>
    (list ?? []).filter(({ at }) => place === undefined || precedes(at, place));
  const { vault } = reserves;
  const { board } = markets;
  return {
    vaultRules: before(vault?.ruleChanges).at(-1)?.rules,
    tableRules: before(board?.ruleChanges).at(-1)?.rules,
    priceRules: before(prices?.ruleChanges).at(-1)?.rules,
    limits: new Map(before(vault?.limitChanges).flatMap(({ limits }) => limits).map((limit) => [limit.asset, limit])),
    feeds: new Map(before(prices?.feedChanges).map(({ feed, config }) => [feed, config])),
    instruments: before(board?.instruments).length,
    parameters: before(board?.parameterSets).at(-1)?.parameters,
    clearingHouse: before(vault?.clearingHouseChanges).at(-1)?.clearingHouse,
  };
}

/** Ids of the listed rows, in order: the second field of a row's line. */
export function rowNames({ markets }: VenueHistory): string[] {
  return (markets.board?.instruments ?? []).map(({ index, line }) => printable(line.split(',')[1] ?? '', `row ${index}`));
}

/**
 * Whether one event comes before another. Events of one transaction are one act: an activation and the event it emits
 * with the same hash must not count as "before" each other.
 */
function precedes(one: EventPlace, other: EventPlace): boolean {
  if (one.transaction === other.transaction) return false;
  return one.block === other.block ? one.logIndex < other.logIndex : one.block < other.block;
}
