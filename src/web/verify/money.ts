import { formatDecimal } from '../../fixed-point/decimal.js';

/** A scaled integer for readers: digits in groups of three, a true minus sign. Exact: nothing is rounded. */
export function figure(units: bigint, scale: number): string {
  const [whole = '', fraction] = formatDecimal(units < 0n ? -units : units, scale).split('.');
  const grouped = whole.replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
  return `${units < 0n ? '\u2212' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
