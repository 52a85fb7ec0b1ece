import { InvalidArgumentError } from 'commander';
import { buildMarketTable, type BuiltTable } from '../../risk/build/build-market-table.js';
import type { MarginLevel } from '../../risk/market-table.js';
import { parseSurface } from '../../risk/option/surface-json.js';
import type { VolatilitySurface } from '../../risk/option/volatility-surface.js';
import type { ParameterSet } from '../../risk/parameter-set/parameter-set.js';
import { parsePrices, type Prices } from '../../risk/prices/price-file.js';
import { readText } from '../files.js';
import { pricesOfRound, readRound } from '../market/round-file.js';

/** A price file, or a round that a price board opened. */
export type PriceSource = { readonly file: string } | { readonly round: string };

/** Files that a table is built from, beside the parameters. */
export interface MarketFiles {
  readonly prices: PriceSource;
  readonly surface?: string;
  readonly level: MarginLevel;
  readonly snapshotTime?: number;
}

/** A table and what it was built from. */
export interface BuiltFromFiles extends BuiltTable {
  readonly prices: Prices;
  readonly surface: VolatilitySurface | undefined;
}

/** Parser of an option that is a margin level. */
export function marginLevel(text: string): MarginLevel {
  if (text !== 'maintenance' && text !== 'initial') throw new InvalidArgumentError('It must be maintenance or initial.');
  return text;
}

export async function buildFromFiles(set: ParameterSet, { prices: source, surface: surfaceFile, level, snapshotTime }: MarketFiles): Promise<BuiltFromFiles> {
  const prices = 'round' in source ? pricesOfRound(await readRound(source.round), set) : parsePrices(await readText(source.file), source.file);
  const surface = surfaceFile === undefined ? undefined : parseSurface(await readText(surfaceFile), surfaceFile);
  const built = buildMarketTable(set, prices, {
    level, ...(snapshotTime === undefined ? {} : { snapshotTime }), ...(surface === undefined ? {} : { surface }),
  });
  return { ...built, prices, surface };
}
