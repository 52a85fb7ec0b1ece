import { formatDecimal, parseDecimal } from '../../fixed-point/decimal.js';
import { tieredFirst, type StaticCharges, type StaticInstrument, type StaticMarketFile, type StaticTier } from '../../risk/static-market.js';
import { CATALOGUE, COINS, CURRENCIES, TIER_BOUNDS, type CatalogueEntry, type Coin } from './catalogue.js';
import { optionPrice, type OptionTerms } from './option-price.js';
import type { Random } from './random.js';

/** Prices here are integers of 10^-4 USD. */
const PRICE_SCALE = 4;
const BASIS = 10_000n;
const PERCENT = 100n;
/** Square root of a quarter of a year, in basis points of a year's. */
const ROOT_OF_TIME = 5_000n;
const EXPIRY = '25DEC26';

interface Move {
  /** Basis points of BTC's price, and of every volatility. */
  readonly price: bigint;
  readonly volatility: bigint;
}

/** Numbers of scenarios the generator knows: none, or price moves times volatility moves. */
export const SCENARIO_COUNTS = [0, 2, 4, 8, 16] as const;

export type ScenarioCount = (typeof SCENARIO_COUNTS)[number];

const PRICE_MOVES: Record<ScenarioCount, readonly bigint[]> = {
  0: [],
  2: [-1_500n, 1_500n],
  4: [-1_500n, 1_500n],
  8: [-1_500n, -750n, 750n, 1_500n],
  16: [-1_600n, -1_200n, -800n, -400n, 400n, 800n, 1_200n, 1_600n],
};

export interface SyntheticMarketShape {
  /** Instruments, 4 to 32; each is one row but those with tiers. */
  readonly instruments: number;
  /** Whether BTC and ETH, spot and USD perpetual, have two size tiers; they are then listed first. */
  readonly tiers: boolean;
  readonly scenarios: ScenarioCount;
  /** Unix seconds. */
  readonly snapshotTime: number;
}

/** A market parameter file with prices near the catalogue's, drawn from `random`. */
export function syntheticMarket(shape: SyntheticMarketShape, random: Random): StaticMarketFile {
  const moves = movesOf(shape.scenarios);
  const entries = CATALOGUE.slice(0, shape.instruments);
  const prices = new Map<Coin, bigint>();
  for (const coin of Object.keys(COINS) as Coin[]) prices.set(coin, (COINS[coin].price * random.between(9_500, 10_500)) / BASIS);
  return {
    formatVersion: '1',
    currency: 'USD',
    valueScale: '12',
    level: 'maintenance',
    snapshotTime: shape.snapshotTime.toString(),
    parameterSet: `synthetic-${shape.instruments}-${shape.scenarios}${shape.tiers ? '-tiers' : ''}`,
    scenarios: moves.map((move) => `price ${percent(move.price)} vol ${percent(move.volatility)}`),
    instruments: tieredFirst(entries.map((entry) => instrumentOf(entry, prices, moves, shape.tiers))),
  };
}

function movesOf(count: ScenarioCount): Move[] {
  const volatilities = count === 2 ? [2_500n] : [-2_500n, 2_500n];
  return PRICE_MOVES[count].flatMap((price) => volatilities.map((volatility) => ({ price, volatility })));
}

function instrumentOf(entry: CatalogueEntry, prices: ReadonlyMap<Coin, bigint>, moves: readonly Move[], tiers: boolean): StaticInstrument {
  switch (entry.kind) {
    case 'cash':
    case 'entry': {
      const { price, beta } = CURRENCIES[entry.currency];
      const charge = entry.kind === 'entry' ? '0' : '0.01';
      const id = entry.kind === 'entry' ? `${entry.currency}-ENTRY` : entry.currency;
      return linear({ id, kind: entry.kind, asset: entry.currency, decimals: 6, price, longCharge: '0', shortCharge: charge, beta }, moves);
    }
    case 'spot': {
      const { haircut, decimals, beta } = COINS[entry.coin];
      const price = priceOf(entry.coin, prices);
      const tierBound = tiers ? TIER_BOUNDS[entry.coin] : undefined;
      return linear({ id: entry.coin, kind: 'spot', asset: entry.coin, decimals, price, longCharge: haircut, shortCharge: haircut, beta, tierBound }, moves);
    }
    case 'perpetual':
    case 'future': {
      const { decimals, beta } = COINS[entry.coin];
      const isFuture = entry.kind === 'future';
      const suffix = entry.currency === 'USD' ? '' : `-${entry.currency}`;
      const price = (priceOf(entry.coin, prices) * (isFuture ? 10_200n : 10_004n)) / BASIS;
      // Without scenarios the fraction alone must carry a day's move.
      const charge = moves.length === 0 ? '0.05' : '0.01';
      const id = `${entry.coin}-${isFuture ? EXPIRY : 'PERP'}${suffix}`;
      const tierBound = tiers && id === `${entry.coin}-PERP` ? TIER_BOUNDS[entry.coin] : undefined;
      return linear({ id, kind: entry.kind, asset: entry.currency, decimals, price, longCharge: charge, shortCharge: charge, beta, tierBound }, moves);
    }
    case 'option':
      return optionOf(entry, priceOf(entry.coin, prices), moves);
  }
}

interface LinearRow {
  readonly id: string;
  readonly kind: 'cash' | 'entry' | 'spot' | 'perpetual' | 'future';
  readonly asset: string;
  readonly decimals: number;
  readonly price: bigint;
  readonly longCharge: string;
  readonly shortCharge: string;
  readonly beta: bigint;
  /** Units above which charges double; none: alike at every size. */
  readonly tierBound?: string | undefined;
}

function linear(row: LinearRow, moves: readonly Move[]): StaticInstrument {
  return {
    id: row.id,
    kind: row.kind,
    asset: row.asset,
    quantityDecimals: row.decimals.toString(),
    mark: formatDecimal(row.price, PRICE_SCALE),
    ...chargesOf(row),
    pnl: { ofMark: moves.map((move) => formatDecimal(move.price * row.beta, 6)) },
  };
}

function chargesOf({ longCharge, shortCharge, tierBound }: LinearRow): StaticCharges | { readonly tiers: readonly StaticTier[] } {
  const times = (factor: bigint): StaticCharges => ({
    longCharge: { ofMark: formatDecimal(parseDecimal(longCharge, PRICE_SCALE) * factor, PRICE_SCALE) },
    shortCharge: { ofMark: formatDecimal(parseDecimal(shortCharge, PRICE_SCALE) * factor, PRICE_SCALE) },
  });
  return tierBound === undefined ? times(1n) : { tiers: [{ upTo: tierBound, ...times(1n) }, times(2n)] };
}

function optionOf(entry: CatalogueEntry & { kind: 'option' }, spot: bigint, moves: readonly Move[]): StaticInstrument {
  const coin = COINS[entry.coin];
  // Strikes on a grid of three digits, as venues list them.
  const raw = (coin.price * entry.strikePercent) / PERCENT;
  const grid = 10n ** BigInt(raw.toString().length - 2);
  const strike = ((raw + grid / 2n) / grid) * grid;
  const terms = (volatility: bigint): OptionTerms => ({
    side: entry.side,
    strike,
    deviation: (coin.volatility * ROOT_OF_TIME * (BASIS + volatility)) / (PERCENT * BASIS),
  });
  const mark = optionPrice(terms(0n), spot);
  const pnl = moves.map((move) => optionPrice(terms(move.volatility), spot + (spot * move.price * coin.beta) / (PERCENT * BASIS)) - mark);
  const contingency = (spot * (moves.length === 0 ? 15n : 1n)) / PERCENT;
  return {
    id: `${entry.coin}-${EXPIRY}-${formatDecimal(strike, PRICE_SCALE)}-${entry.side === 'call' ? 'C' : 'P'}`,
    kind: 'option',
    asset: entry.currency,
    quantityDecimals: coin.decimals.toString(),
    mark: formatDecimal(mark, PRICE_SCALE),
    longCharge: { ofMark: moves.length === 0 ? '1' : '0' },
    shortCharge: formatDecimal(contingency, PRICE_SCALE),
    pnl: pnl.map((one) => formatDecimal(one, PRICE_SCALE)),
  };
}

function priceOf(coin: Coin, prices: ReadonlyMap<Coin, bigint>): bigint {
  return prices.get(coin) ?? COINS[coin].price;
}

function percent(basisPoints: bigint): string {
  return `${basisPoints > 0n ? '+' : ''}${formatDecimal(basisPoints, 2)}%`;
}
