import { readFileSync } from 'node:fs';
import type { MarginLevel } from '../../src/risk/market-table.js';
import { buildMarketTable, type BuiltTable } from '../../src/risk/build/build-market-table.js';
import { parseSurface } from '../../src/risk/option/surface-json.js';
import type { VolatilitySurface } from '../../src/risk/option/volatility-surface.js';
import { parseParameterSet } from '../../src/risk/parameter-set/parameter-set-json.js';
import type { ParameterSet } from '../../src/risk/parameter-set/parameter-set.js';
import { parsePrices, type Prices } from '../../src/risk/prices/price-file.js';

export const RISK_VECTORS = 'test/vectors/risk';

/** Text of an example file: "parameter-set", "prices" or "surface". */
export function riskFile(name: 'parameter-set' | 'prices' | 'surface'): string {
  return readFileSync(`${RISK_VECTORS}/${name}.json`, 'utf8');
}

export function exampleSet(text = riskFile('parameter-set')): ParameterSet {
  return parseParameterSet(text, 'parameters.json');
}

export function examplePrices(text = riskFile('prices')): Prices {
  return parsePrices(text, 'prices.json');
}

export function exampleSurface(text = riskFile('surface')): VolatilitySurface {
  return parseSurface(text, 'surface.json');
}

/** The table that the example files make. */
export function exampleTable(level: MarginLevel = 'maintenance', set = exampleSet()): BuiltTable {
  return buildMarketTable(set, examplePrices(), { level, surface: exampleSurface() });
}

/** A JSON text with one value changed, or taken out when `value` is undefined. @param path as "markets[0].tiers[1].margin" */
export function edited(text: string, path: string, value: unknown): string {
  const root: unknown = JSON.parse(text);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  let holder = root as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  const last = keys.at(-1) ?? '';
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return JSON.stringify(root);
}
