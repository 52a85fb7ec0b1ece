import { formatDecimal } from '../../fixed-point/decimal.js';
import type { Figure } from '../../audit/board/figure.js';

const DAY = 86_400n;
const HOUR = 3_600n;
const MINUTE = 60n;

/** "1,234,567.89": exact, with the integer part in groups of three. */
export function grouped(value: bigint, scale: number): string {
  const [whole = '0', fraction] = formatDecimal(value, scale).split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** A figure's number as people read it. */
export function numberText({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  return grouped(value, unit.scale);
}

/** "2030-03-17 17:46:40 UTC": the same wherever it is read. */
export function timeText(unixSeconds: bigint): string {
  return `${new Date(Number(unixSeconds) * 1_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Without seconds and zone, for tables that say UTC in their heads. */
export function shortTime(unixSeconds: bigint): string {
  return timeText(unixSeconds).slice(0, 16);
}

/** "1 h 20 min": the two largest units, rounded down. */
export function durationText(seconds: bigint): string {
  if (seconds < 0n) return `−${durationText(-seconds)}`;
  if (seconds >= DAY) return joined(seconds / DAY, 'd', (seconds % DAY) / HOUR, 'h');
  if (seconds >= HOUR) return joined(seconds / HOUR, 'h', (seconds % HOUR) / MINUTE, 'min');
  if (seconds >= MINUTE) return joined(seconds / MINUTE, 'min', seconds % MINUTE, 's');
  return `${seconds} s`;
}

function joined(large: bigint, unit: string, small: bigint, smaller: string): string {
  return small === 0n ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}

/** "0x8a3f…91c0": enough to recognise, and the whole of it is in the element's title and the export. */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** "minTimelock" as "min timelock". */
export function fieldWords(field: string): string {
  return field.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('-', ' ');
}
