import type { DemoRisk } from '../../src/cli/demo/demo-board.js';
import { parseSurface } from '../../src/risk/option/surface-json.js';
import { parseParameterSet } from '../../src/risk/parameter-set/parameter-set-json.js';
import { parsePrices } from '../../src/risk/prices/price-file.js';

/** Unix seconds of prices and volatilities. */
export const BOARD_TIME = 1_795_622_400;

/** Rows of every kind, few enough for the smallest circuits. */
export const BOARD_PARAMETERS = {
  formatVersion: '1', name: 'flow', version: '1', currency: 'USD',
  feeds: [{ id: 'USD', kind: 'constant', price: '1' }, { id: 'BTC-USD', kind: 'chainlink', decimals: '8', heartbeat: '3600' }],
  scenarios: [{ name: 'down', priceMove: '-1', volatilityMove: '1', basisMove: '1' }, { name: 'up', priceMove: '1', volatilityMove: '1', basisMove: '-1' }],
  assets: [
    { id: 'USD', kind: 'cash', feed: 'USD', quantityDecimals: '6', haircut: '0', borrow: '0.01' },
    { id: 'BTC', kind: 'spot', feed: 'BTC-USD', quantityDecimals: '8', haircut: '0.05', borrow: '0.05', scan: '0.15' },
  ],
  entries: [{ id: 'USD-ENTRY', currency: 'USD', quantityDecimals: '4' }],
  markets: [
    { id: 'BTC-PERP', kind: 'perpetual', feed: 'BTC-USD', currency: 'USD', quantityDecimals: '8', margin: '0.01', scan: '0.15', basis: '0.005' },
    {
      id: 'BTC-29JAN27', kind: 'option-series', feed: 'BTC-USD', currency: 'USD', quantityDecimals: '8', expiry: '1801209600', strikes: ['100000'], types: ['call', 'put'],
      longHaircut: '0', contingency: '0.01', scan: '0.15', volatilityScan: '0.25', basis: '0.05',
    },
  ],
};
export const BOARD_SURFACE = {
  formatVersion: '1', time: String(BOARD_TIME), surfaces: { 'BTC-USD': [{ expiry: '1801209600', points: [{ strike: '100000', volatility: '0.55' }] }] },
};
const PRICES = { formatVersion: '1', time: String(BOARD_TIME), prices: { 'BTC-USD': '97012.34567891' } };

/** What another set has instead: haircut of the spot row, volatility of the options, and how far initial margin scans where that is further. */
export interface BoardChange {
  readonly haircut?: string;
  readonly volatility?: string;
  readonly initialScan?: string;
}

/** What follows from them. */
export function boardRisk({ haircut = '0.05', volatility = '0.55', initialScan = '0.15' }: BoardChange = {}): DemoRisk {
  const parameters = JSON.stringify(BOARD_PARAMETERS).replaceAll('"haircut":"0.05"', `"haircut":"${haircut}"`)
    .replaceAll('"scan":"0.15"', `"scan":{"maintenance":"0.15","initial":"${initialScan}"}`);
  return {
    set: parseParameterSet(parameters, 'parameters'),
    surface: parseSurface(JSON.stringify(BOARD_SURFACE).replaceAll('"volatility":"0.55"', `"volatility":"${volatility}"`), 'surface'),
    prices: parsePrices(JSON.stringify(PRICES), 'prices'),
  };
}
