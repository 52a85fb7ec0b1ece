import { PPM } from '../risk/model/parts-per-million.js';

const QUANTA = 1_000_000n;
const PALETTE = ['#5e6a75', '#1a5fb4', '#c88a04', '#7a4fb5'];

/** Colour of the n-th parameter set. */
export function colourOf(number: number): string {
  return PALETTE[number % PALETTE.length] ?? '#24292f';
}

/** Quanta of cash as whole dollars with separators. */
export function dollars(quanta: bigint): string {
  return (quanta / QUANTA).toLocaleString('en-US');
}

/** Seconds as "1 h 05 min" or "12 min". */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** ppm as "4.2 times". */
export function times(ppm: bigint): string {
  return (Number((ppm * 100n) / PPM) / 100).toFixed(2);
}
