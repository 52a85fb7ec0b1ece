import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDecimal } from '../../src/fixed-point/decimal.js';
import { buildMarketTable } from '../../src/risk/build/build-market-table.js';
import type { MarginLevel, MarketTable } from '../../src/risk/market-table.js';
import { instrumentsOf, splitIntoTiers } from '../../src/risk/tiers.js';
import type { Holding } from '../../src/venue/account.js';
import { edited, examplePrices, exampleSet, exampleSurface, riskFile, RISK_VECTORS } from './risk-files.js';

interface CaseFile {
  readonly name: string;
  readonly why: string;
  readonly level: MarginLevel;
  /** Prices other than the example's, by feed. */
  readonly prices: Readonly<Record<string, string>>;
  readonly holdings: Readonly<Record<string, string>>;
  /** Of all sixteen scenarios; money in the settlement currency. */
  readonly expected: Readonly<Record<string, unknown>>;
}

/** A worked case: an account, the table it stands in, and what must come out. */
export interface GoldenCase extends CaseFile {
  readonly file: string;
  readonly table: MarketTable;
  /** As in a snapshot: by instrument, whole quantities. */
  readonly instrumentHoldings: readonly Holding[];
  /** As in leaf and margin: over tiers. */
  readonly rowHoldings: readonly Holding[];
}

/** The two scenarios that circuits of tests have room for: everything down, and everything up. */
export const TWO_SCENARIOS = [
  { name: 'down', priceMove: '-1', volatilityMove: '-1', basisMove: '-1' },
  { name: 'up', priceMove: '1', volatilityMove: '1', basisMove: '1' },
];

/**
 * The cases of test/vectors/risk/cases, by file name. Each has at most 5 rows, 2 of them of the tiered region, and 18 rows listed.
 *
 * @param scenarios sixteen, for which `expected` holds, or the two of TWO_SCENARIOS, for which it does not
 */
export function goldenCases(scenarios: 'sixteen' | 'two' = 'sixteen'): readonly GoldenCase[] {
  const folder = join(RISK_VECTORS, 'cases');
  return readdirSync(folder).sort().map((name) => readCase(join(folder, name), scenarios));
}

function readCase(file: string, scenarios: 'sixteen' | 'two'): GoldenCase {
  const one = JSON.parse(readFileSync(file, 'utf8')) as CaseFile;
  const prices = Object.entries(one.prices).reduce((text, [feed, price]) => edited(text, `prices.${feed}`, price), riskFile('prices'));
  const parameters = scenarios === 'two' ? edited(riskFile('parameter-set'), 'scenarios', TWO_SCENARIOS) : riskFile('parameter-set');
  const { table } = buildMarketTable(exampleSet(parameters), examplePrices(prices), { level: one.level, surface: exampleSurface() });
  const instruments = instrumentsOf(table);
  const instrumentHoldings = Object.entries(one.holdings).map(([id, text]) => {
    const row = instruments.find((listed) => listed.id === id);
    if (row === undefined) throw new RangeError(`${file} holds ${id}, which the example set does not list`);
    return { index: row.index, quantity: parseDecimal(text, row.quantityDecimals) };
  }).sort((a, b) => a.index - b.index);
  return { ...one, file, table, instrumentHoldings, rowHoldings: splitIntoTiers(table, instrumentHoldings) };
}
