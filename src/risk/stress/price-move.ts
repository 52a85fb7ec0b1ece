import { isSettlementKind } from '../../venue/instrument.js';
import type { MarketRow, MarketTable } from '../market-table.js';
import { tiersOf } from '../tiers.js';
import type { StressScenario, StressSet } from './stress-set.js';

/**
 * The relative move of a row's price in a scenario, 10^-6; undefined when the scenario says nothing about it.
 *
 * Asked in this order: the instrument's id; its underlying; the underlying's class; "*". The underlying of a coin or entry row
 * is its asset, of a derivative what stands in its id before the first "-"; the set's `underlyings` says otherwise where needed.
 * What is worth one unit of the settlement currency by definition never moves.
 */
export function priceMove(set: StressSet, scenario: StressScenario, table: MarketTable, row: MarketRow): bigint | undefined {
  const [first = row] = tiersOf(table, row.index);
  const underlying = underlyingOf(set, first);
  if (underlying === table.currency) return 0n;
  const named = scenario.prices.get(first.id) ?? scenario.prices.get(underlying);
  if (named !== undefined) return named;
  for (const [name, members] of set.classes) {
    const move = members.has(underlying) ? scenario.prices.get(`@${name}`) : undefined;
    if (move !== undefined) return move;
  }
  return scenario.prices.get('*');
}

/** Whether a scenario names the instrument itself. */
export function isNamed(scenario: StressScenario, table: MarketTable, row: MarketRow): boolean {
  return scenario.prices.has(tiersOf(table, row.index)[0]?.id ?? row.id);
}

function underlyingOf({ underlyings }: StressSet, { id, kind, asset }: MarketRow): string {
  const symbol = isSettlementKind(kind) || kind === 'entry' ? asset : (id.split('-')[0] ?? id);
  return underlyings.get(id) ?? underlyings.get(symbol) ?? symbol;
}
