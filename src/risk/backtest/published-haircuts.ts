import type { ByteSource } from '../../venue/byte-source.js';
import { JsonNode } from '../../venue/json-node.js';
import { FULL_RATIO, readHaircutTable, type RatioSchedule } from '../haircut-table.js';
import { PPM } from '../model/parts-per-million.js';

/** Haircuts that someone publishes, ppm of the price, by asset. */
export type PublishedHaircuts = ReadonlyMap<string, bigint>;

/**
 * Binance's: 100 % less the collateral ratio of the first tier, the one small accounts get.
 * @throws what readHaircutTable throws
 */
export async function binanceHaircuts(source: ByteSource, assets: readonly string[], schedule: RatioSchedule): Promise<PublishedHaircuts> {
  const entries = await readHaircutTable(source, schedule, new Set(assets.map((asset) => asset.toLowerCase())));
  return new Map(assets.flatMap((asset) => {
    const first = entries.get(asset.toLowerCase())?.tiers[0];
    return first === undefined ? [] : [[asset, ((FULL_RATIO - first.ratio) * PPM) / FULL_RATIO] as const];
  }));
}

/** What an asset is called among Aave's reserves, where coins are wrapped. */
const RESERVE_OF: Readonly<Record<string, string>> = { BTC: 'WBTC', ETH: 'WETH', stETH: 'wstETH' };
/** Aave counts in hundredths of a percent. */
const FULL_THRESHOLD = 10_000;
const MOST_RESERVES = 10_000;

/**
 * Aave v3's: 100 % less the liquidation threshold, the share of collateral up to which a loan is left alone. A reserve with
 * threshold 0 is no collateral and left out.
 * @throws JsonSyntaxError, JsonShapeError
 */
export function aaveHaircuts(text: string, file: string, assets: readonly string[]): PublishedHaircuts {
  const reserves = JsonNode.parse(text, { file }).foreignObject().field('reserves').members().slice(0, MOST_RESERVES);
  const thresholds = new Map(reserves.map(([, node]) => {
    const reserve = node.foreignObject();
    return [reserve.field('symbol').text(), reserve.field('liquidationThreshold').numberedCount(0, FULL_THRESHOLD)] as const;
  }));
  return new Map(assets.flatMap((asset) => {
    const threshold = thresholds.get(RESERVE_OF[asset] ?? asset) ?? 0;
    return threshold === 0 ? [] : [[asset, (BigInt(FULL_THRESHOLD - threshold) * PPM) / BigInt(FULL_THRESHOLD)] as const];
  }));
}
