import { ratioOf } from '../model/parts-per-million.js';
import type { ModelName } from './asset-test.js';

/** How reports call the models. */
export const TITLES: Readonly<Record<ModelName, string>> = {
  adaptive: 'Adaptive',
  forecast: 'Forecast alone',
  fixed: 'Fixed',
  binance: 'Binance, published',
  aave: 'Aave v3, published',
};

export const COLOURS: Readonly<Record<ModelName, string>> = {
  adaptive: '#1a5fb4',
  forecast: '#8fb8e8',
  fixed: '#5e6a75',
  binance: '#c88a04',
  aave: '#7a4fb5',
};

/** 123456 ppm as "12.35 %". */
export function percent(ppm: bigint, digits = 2): string {
  return percentOf(ratioOf(ppm), digits);
}

export function percentOf(ratio: number, digits = 2): string {
  return `${(ratio * 100).toFixed(digits)} %`;
}

/** A p-value, never as a bare 0. */
export function pValueText(value: number): string {
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}
