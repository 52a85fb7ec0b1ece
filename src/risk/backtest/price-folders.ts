import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../error/clearproof-error.js';
import { fileSource } from '../../venue/byte-source.js';
import { quoted } from '../../venue/place.js';
import { dailyMoves, type GapPolicy, type MoveSeries } from './daily-moves.js';
import { readPriceFile } from './price-file.js';
import { PriceFolderError, UnknownAssetError } from './series-errors.js';

/** "BTC-USD.csv.gz", "AAVE_USD.tsv": the asset stands before the currency. Other files of a folder are let be. */
const PRICE_FILE = /^(.+)[-_]USD\.(?:csv|tsv)(?:\.gz)?$/;

export interface PriceFolders {
  /** Read in this order: where two have a day, the first counts. */
  readonly folders: readonly string[];
  /** All assets found unless given. */
  readonly assets?: readonly string[];
  readonly gaps: GapPolicy;
}

/**
 * Daily moves of the assets in some folders, in the order asked for or by name.
 * @throws PriceFolderError, UnknownAssetError, and what readPriceFile and dailyMoves throw
 */
export async function readPriceFolders({ folders, assets, gaps }: PriceFolders): Promise<MoveSeries[]> {
  const paths = await priceFiles(folders);
  const wanted = assets ?? [...paths.keys()].sort();
  const unknown = wanted.find((asset) => !paths.has(asset));
  if (unknown !== undefined) {
    throw new UnknownAssetError(`${quoted(unknown)} has no price file in ${folders.join(', ')}: take of ${[...paths.keys()].sort().join(', ')}`, { asset: unknown });
  }
  const series: MoveSeries[] = [];
  for (const asset of wanted) {
    const files = await Promise.all((paths.get(asset) ?? []).map((path) => readPriceFile(fileSource(path))));
    series.push(dailyMoves(asset, files, gaps));
  }
  return series;
}

/** Paths of the price files in some folders by asset, in the order of the folders. @throws PriceFolderError */
export async function priceFiles(folders: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const paths = new Map<string, string[]>();
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      const asset = PRICE_FILE.exec(name)?.[1];
      if (asset !== undefined) paths.set(asset, [...(paths.get(asset) ?? []), join(folder, name)]);
    }
  }
  if (paths.size === 0) throw new PriceFolderError(`${folders.join(', ')} holds no price files: they are named like BTC-USD.csv or AAVE_USD.tsv`, { folders: folders.join(', ') });
  return paths;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    throw new PriceFolderError(`${folder} cannot be listed (${messageOf(cause)}): name a folder of price files`, { folder }, { cause });
  }
}
