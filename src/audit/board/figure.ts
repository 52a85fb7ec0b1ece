import { divide, formatDecimal } from '../../fixed-point/decimal.js';
import { rational, type Rational } from '../../fixed-point/rational.js';

/**
 * What stands behind a figure, strongest first. `proven`: public signal of a proof that was verified here; `chain`: read from
 * contract state or an event at the board's block; `stated`: somebody says so and nothing checks it.
 */
export const STANDINGS = ['proven', 'chain', 'stated'] as const;

export type Standing = (typeof STANDINGS)[number];

/** Where a figure comes from. */
export interface Source {
  /** "<contract>.<event or function>" with a name of the board's contracts, or "<document>.<field>". */
  readonly from: string;
  readonly epoch?: number;
  readonly block?: number;
}

/** The value of a figure is an integer of 10^-scale of what is named. */
export interface Unit {
  readonly name: string;
  readonly scale: number;
}

export interface Figure {
  readonly value: bigint;
  readonly unit: Unit;
  readonly standing: Standing;
  readonly source: readonly Source[];
}

/** The same for what is no number. */
export interface Fact {
  readonly text: string;
  readonly standing: Standing;
  readonly source: readonly Source[];
}

/** An exact fraction, and what stands behind it. */
export interface Ratio extends Rational {
  readonly standing: Standing;
  readonly source: readonly Source[];
}

export type Backed = Pick<Figure, 'standing' | 'source'>;

/** What something follows from: at least one figure. */
export type Grounds = readonly [Backed, ...(readonly Backed[])];

export const SECONDS: Unit = { name: 'seconds', scale: 0 };
export const UNIX_TIME: Unit = { name: 'Unix seconds', scale: 0 };
export const WEI: Unit = { name: 'wei', scale: 0 };
export const QUANTA: Unit = { name: 'quanta', scale: 0 };

export function countOf(name: string): Unit {
  return { name, scale: 0 };
}

/** A figure that follows from others: it stands on the weakest of them. */
export function derived(value: bigint, unit: Unit, from: Grounds): Figure {
  return { value, unit, ...backing(from) };
}

export function derivedFact(text: string, from: Grounds): Fact {
  return { text, ...backing(from) };
}

/** `numerator / denominator` of two figures of one unit; undefined where the denominator is 0. Requires `denominator >= 0`. */
export function ratioOf(numerator: Figure, denominator: Figure): Ratio | undefined {
  if (denominator.value === 0n) return undefined;
  return { ...rational(numerator.value, denominator.value), ...backing([numerator, denominator]) };
}

/** Decimals of a percentage. Rounded down, so that what falls short by however little is never shown as 100. */
const PERCENT_SCALE = 2;

/** "104.10 %": the fraction in percent, rounded down to two decimals. */
export function percentText({ numerator, denominator }: Rational): string {
  const [whole = '0', fraction = ''] = formatDecimal(divide(numerator * 100n * 10n ** BigInt(PERCENT_SCALE), denominator, 'floor'), PERCENT_SCALE).split('.');
  return `${whole}.${fraction.padEnd(PERCENT_SCALE, '0')} %`;
}

/** The figure's number as a plain decimal of its unit, exact. */
export function decimalText({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  return formatDecimal(value, unit.scale);
}

export function weakest(one: Standing, other: Standing): Standing {
  return STANDINGS.indexOf(one) > STANDINGS.indexOf(other) ? one : other;
}

function backing(from: Grounds): Backed {
  const named = new Map(from.flatMap(({ source }) => source).map((one) => [`${one.from} ${one.epoch ?? ''} ${one.block ?? ''}`, one]));
  return { standing: from.map(({ standing }) => standing).reduce(weakest), source: [...named.values()] };
}
