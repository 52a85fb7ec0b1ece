/**
 * Real functions on integers of 10^-40: every machine computes the same digits, and no float comes near money.
 * Each result is within 10^-38 of the exact one for arguments in the stated range, relative errors as stated.
 */
export const REAL_SCALE = 40;
/** 1 as a real. */
export const ONE = 10n ** BigInt(REAL_SCALE);
const HALF = ONE / 2n;
const LN_2 = 6931471805599453094172321214581765680755n;
const ONE_OVER_ROOT_2_PI = 3989422804014326779399460599343818684759n;
/** Above this the tail of the normal distribution is below 10^-43. */
const LARGEST_DEVIATION = 14n * ONE;
/** Where the series of the normal distribution gives way to the continued fraction of its tail. */
const TAIL_BEGINS = 4n * ONE;
const TAIL_STEPS = 160n;

/** a * b, rounded down in magnitude. */
export function times(a: bigint, b: bigint): bigint {
  return (a * b) / ONE;
}

/** a / b, rounded down in magnitude. Requires b != 0. */
export function over(a: bigint, b: bigint): bigint {
  return (a * ONE) / b;
}

/** Floor of the square root of an integer >= 0. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Square root of a real >= 0, rounded down. */
export function squareRoot(x: bigint): bigint {
  return integerRoot(x * ONE);
}

/** Natural logarithm of a real > 0. */
export function naturalLog(x: bigint): bigint {
  // x = 2^k m with m in [2/3, 4/3), so that the series of artanh((m - 1) / (m + 1)) falls by 25 each term.
  let doublings = 0n;
  let mantissa = x;
  while (3n * mantissa >= 4n * ONE) {
    mantissa /= 2n;
    doublings += 1n;
  }
  while (3n * mantissa < 2n * ONE) {
    mantissa *= 2n;
    doublings -= 1n;
  }
  // Halving dropped bits: start again from x at the scale the number of doublings asks for.
  const [numerator, denominator] = doublings >= 0n ? [x, ONE << doublings] : [x << -doublings, ONE];
  const ratio = ((numerator - denominator) * ONE) / (numerator + denominator);
  const square = times(ratio, ratio);
  let power = ratio;
  let sum = 0n;
  for (let odd = 1n; power !== 0n; odd += 2n) {
    sum += power / odd;
    power = times(power, square);
  }
  return 2n * sum + doublings * LN_2;
}

/** e^x for x <= 100; relative error below 10^-36 for 0 <= x. Results below 10^-40 are 0. */
export function exponential(x: bigint): bigint {
  const doublings = (x + (x < 0n ? -LN_2 : LN_2) / 2n) / LN_2;
  const rest = x - doublings * LN_2;
  let term = ONE;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n += 1n) {
    sum += term;
    term = times(term, rest) / n;
  }
  return doublings >= 0n ? sum << doublings : sum >> -doublings;
}

/** Density of the standard normal distribution. */
export function normalDensity(x: bigint): bigint {
  return times(ONE_OVER_ROOT_2_PI, exponential(-times(x, x) / 2n));
}

/**
 * Probability that a standard normal variable is at most x. Relative error below 10^-15 for x >= -10 (10^-30 for x >= -6),
 * absolute error below 10^-36 everywhere.
 */
export function normalProbability(x: bigint): bigint {
  if (x > 0n) return ONE - normalProbability(-x);
  const magnitude = -x;
  if (magnitude > LARGEST_DEVIATION) return 0n;
  return magnitude < TAIL_BEGINS ? HALF - centralProbability(magnitude) : tailProbability(magnitude);
}

/** Probability of [0, x]: density * (x + x^3/3 + x^5/(3*5) + …), all terms positive. */
function centralProbability(x: bigint): bigint {
  const square = times(x, x);
  let term = x;
  let sum = 0n;
  for (let odd = 3n; term !== 0n; odd += 2n) {
    sum += term;
    term = times(term, square) / odd;
  }
  return times(normalDensity(x), sum);
}

/** Probability beyond x >= 4: density / (x + 1/(x + 2/(x + …))), Laplace's continued fraction. */
function tailProbability(x: bigint): bigint {
  let fraction = x;
  for (let step = TAIL_STEPS; step > 0n; step -= 1n) fraction = x + over(step * ONE, fraction);
  return over(normalDensity(x), fraction);
}
