import { integerRoot } from '../fixed-point/real.js';
import { Random } from '../margin/synthetic/random.js';
import type { Crash, CrashAsset, KnownVolatility } from './crash-days.js';
import type { DayPrices } from './day-prices.js';
import { SimulationShapeError } from './simulation-errors.js';

/** What trades elsewhere cost at every step of a run: one list of prices an asset, all of one length, 10^-8. */
export interface PricePath {
  readonly name: string;
  readonly stepSeconds: number;
  readonly assets: readonly string[];
  readonly volatility: readonly KnownVolatility[];
  readonly prices: readonly (readonly bigint[])[];
}

/** A step at which a price is what the day says. */
interface Anchor {
  readonly step: number;
  readonly price: bigint;
}

/** Places of a day's extremes and of its steepest part, alike in all assets but for a little. Parts of 1000 of the day. */
interface DayShape {
  readonly fallsFirst: boolean;
  readonly first: number;
  readonly second: number;
  readonly steep: number;
  readonly steepLength: number;
}

const DAY_SECONDS = 86_400;
const PARTS = 1_000;
const NOISE = 65_536;
/** Standard deviation of a uniform integer in [-NOISE, NOISE]. */
const NOISE_DEVIATION = 37_837n;
/** Of five parts of noise four are common to all assets. */
const COMMON = 4n;

/**
 * Seeded paths that meet open, high, low and close of every day. High and low lie at seeded times, in the order that ends at
 * the close (three of four times), and half of what lies between them is gone within 15 to 90 minutes: crashes are not
 * even. Between these points a random walk, most of it common to all assets, bent to meet them and mirrored at the extremes.
 * Integers only: the same seed gives the same path on every machine.
 *
 * @throws SimulationShapeError for a step that does not divide the day
 */
export function pathOf(crash: Crash, seed: string, stepSeconds: number): PricePath {
  if (!Number.isInteger(stepSeconds) || stepSeconds < 1 || DAY_SECONDS % stepSeconds !== 0 || stepSeconds > 600) {
    throw new SimulationShapeError(`steps of ${stepSeconds} seconds: take a whole number up to 600 that divides a day`, { stepSeconds });
  }
  const steps = DAY_SECONDS / stepSeconds;
  const random = Random.fromSeed(`${seed} path ${crash.name}`);
  const span = crash.assets[0]?.days.length ?? 0;
  const prices = crash.assets.map((): bigint[] => []);
  for (let number = 0; number < span; number += 1) {
    const [shape, common] = [shapeOf(crash.assets, number, random), walk(steps, random)];
    crash.assets.forEach((asset, i) => {
      const day = asset.days[number];
      if (day !== undefined) prices[i]?.push(...dayPath(day, steps, common, shape, random));
    });
  }
  return { name: crash.name, stepSeconds, assets: crash.assets.map(({ asset }) => asset), volatility: crash.assets.map(({ volatility }) => volatility), prices };
}

function shapeOf(assets: readonly CrashAsset[], number: number, random: Random): DayShape {
  const day = assets[0]?.days[number];
  const expected = random.chance(75);
  const fallen = day !== undefined && day.close < day.open;
  const first = 50 + random.below(400);
  const second = first + 150 + random.below(900 - first - 150);
  const steepLength = 10 + random.below(53);
  return { fallsFirst: fallen === expected, first, second, steepLength, steep: first + random.below(second - first - steepLength) };
}

function dayPath(day: DayPrices, steps: number, common: readonly bigint[], shape: DayShape, random: Random): bigint[] {
  const own = walk(steps, random);
  const noise = common.map((one, i) => (COMMON * one + (own[i] ?? 0n)) / (COMMON + 1n));
  const range = day.high - day.low;
  // Over the whole day the walk strays by about half of the range.
  const divisor = 2n * NOISE_DEVIATION * integerRoot(BigInt(steps));
  const path: bigint[] = [];
  const anchors = anchorsOf(day, steps, shape, random.below(PARTS / 200));
  anchors.slice(1).forEach((to, i) => {
    const from = anchors[i] as Anchor;
    for (let step = from.step; step < to.step; step += 1) path.push(mirrored(bridged(from, to, step, noise, { range, divisor }), day));
  });
  path.push(day.close);
  return path;
}

/** Strictly rising steps from 0 to the last. */
function anchorsOf(day: DayPrices, steps: number, shape: DayShape, shift: number): Anchor[] {
  const stepAt = (part: number): number => Math.floor(((part + shift) * (steps - 1)) / PARTS);
  const [from, to] = shape.fallsFirst ? [day.high, day.low] : [day.low, day.high];
  const between = (quarters: bigint): bigint => from + ((to - from) * quarters) / 4n;
  const wanted: Anchor[] = [
    { step: 0, price: day.open }, { step: stepAt(shape.first), price: from },
    { step: stepAt(shape.steep), price: between(1n) }, { step: stepAt(shape.steep + shape.steepLength), price: between(3n) },
    { step: stepAt(shape.second), price: to }, { step: steps - 1, price: day.close },
  ];
  let last = -1;
  return wanted.map(({ step, price }) => ({ step: (last = Math.max(step, last + 1)), price }));
}

function bridged(from: Anchor, to: Anchor, step: number, noise: readonly bigint[], { range, divisor }: { range: bigint; divisor: bigint }): bigint {
  const [done, length] = [BigInt(step - from.step), BigInt(to.step - from.step)];
  const at = (one: number): bigint => noise[one] ?? 0n;
  const strayed = at(step) - at(from.step) - ((at(to.step) - at(from.step)) * done) / length;
  return from.price + ((to.price - from.price) * done) / length + (strayed * range) / divisor;
}

/** Brought back between low and high: a price beyond one is as far within it. */
function mirrored(price: bigint, { low, high }: DayPrices): bigint {
  if (low === high) return low;
  const width = 2n * (high - low);
  const within = (((price - low) % width) + width) % width;
  return low + (within > high - low ? width - within : within);
}

function walk(steps: number, random: Random): bigint[] {
  let at = 0n;
  return Array.from({ length: steps }, (_, step) => (step === 0 ? 0n : (at += random.between(-NOISE, NOISE))));
}
