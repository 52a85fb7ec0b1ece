/** Coins of the synthetic market: a price in 10^-4 USD, volatility in percent a year, move against BTC's in percent. */
export const COINS = {
  BTC: { price: 970_000_000n, volatility: 55n, beta: 100n, haircut: '0.05', decimals: 8 },
  ETH: { price: 34_000_000n, volatility: 70n, beta: 120n, haircut: '0.07', decimals: 8 },
  SOL: { price: 1_900_000n, volatility: 90n, beta: 140n, haircut: '0.12', decimals: 8 },
  BNB: { price: 6_900_000n, volatility: 65n, beta: 110n, haircut: '0.1', decimals: 8 },
  XRP: { price: 23_000n, volatility: 95n, beta: 140n, haircut: '0.2', decimals: 6 },
  ADA: { price: 9_500n, volatility: 100n, beta: 150n, haircut: '0.25', decimals: 6 },
  AVAX: { price: 380_000n, volatility: 100n, beta: 150n, haircut: '0.2', decimals: 8 },
  DOGE: { price: 3_400n, volatility: 110n, beta: 150n, haircut: '0.3', decimals: 6 },
} as const;

export type Coin = keyof typeof COINS;

/** Coins whose spot and perpetual rows get a second tier where a market has tiers, and the size from which it charges double: near 2,000 USD. */
export const TIER_BOUNDS: Partial<Record<Coin, string>> = { BTC: '0.02', ETH: '0.5' };

/** Currencies: a price in 10^-4 USD and the move against BTC's in percent. */
export const CURRENCIES = {
  USD: { price: 10_000n, beta: 0n },
  USDC: { price: 10_000n, beta: 0n },
  EUR: { price: 10_800n, beta: 10n },
} as const;

export type Currency = keyof typeof CURRENCIES;

/** What stands in one row of the synthetic market. */
export type CatalogueEntry =
  | { readonly kind: 'cash' | 'entry'; readonly currency: Currency }
  | { readonly kind: 'spot'; readonly coin: Coin }
  | { readonly kind: 'perpetual' | 'future'; readonly coin: Coin; readonly currency: Currency }
  | { readonly kind: 'option'; readonly coin: Coin; readonly currency: Currency; readonly side: 'call' | 'put'; readonly strikePercent: bigint };

const perpetual = (coin: Coin, currency: Currency = 'USD'): CatalogueEntry => ({ kind: 'perpetual', coin, currency });
const spot = (coin: Coin): CatalogueEntry => ({ kind: 'spot', coin });
const future = (coin: Coin): CatalogueEntry => ({ kind: 'future', coin, currency: 'USD' });
const option = (coin: Coin, side: 'call' | 'put', strikePercent: bigint): CatalogueEntry =>
  ({ kind: 'option', coin, currency: 'USD', side, strikePercent });

/** Rows in listing order: any prefix of at least four is a market with collateral, money owed and something to trade. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  { kind: 'cash', currency: 'USD' }, { kind: 'entry', currency: 'USD' }, spot('BTC'), perpetual('BTC'),
  spot('ETH'), perpetual('ETH'), future('BTC'), option('BTC', 'call', 100n),
  { kind: 'cash', currency: 'USDC' }, { kind: 'cash', currency: 'EUR' }, { kind: 'entry', currency: 'EUR' }, perpetual('BTC', 'EUR'),
  option('BTC', 'put', 100n), option('BTC', 'call', 120n), option('BTC', 'put', 80n), spot('SOL'),
  perpetual('SOL'), future('ETH'), option('ETH', 'call', 100n), option('ETH', 'put', 100n),
  option('ETH', 'call', 120n), option('ETH', 'put', 80n), spot('BNB'), perpetual('BNB'),
  spot('XRP'), perpetual('XRP'), spot('ADA'), perpetual('ADA'),
  spot('AVAX'), perpetual('AVAX'), spot('DOGE'), perpetual('DOGE'),
];
