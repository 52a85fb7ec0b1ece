import { divide } from '../../fixed-point/decimal.js';
import { multiply, rational, type Rational } from '../../fixed-point/rational.js';
import { ONE } from '../../fixed-point/real.js';
import type { Scenario } from '../parameter-set/scenario.js';
import { RATE_SCALE } from '../row-terms.js';
import type { OptionMark } from '../row-values.js';
import { blackPrice, type BlackTerms } from './black-76.js';

/** How far an option's underlying and volatility are moved, ppm of each. */
export interface OptionRanges {
  readonly scan: bigint;
  readonly volatilityScan: bigint;
}

/**
 * Mark and scenario P&L of one quantum. The forward moves by price move times scan range, the volatility by volatility move
 * times its range, and of what the option gains or loses the covered part counts:
 *
 *     mark = floor(V)        pnl_s = floor(V + cover_s * (V_s - V)) - mark
 *
 * So mark and mark + pnl_s are both floors of what they stand for: a long never counts more, and a short is at most one value
 * unit a quantum better off in any scenario, which is what optionValues charges it.
 *
 * @param terms prices as reals of the settlement currency a unit
 * @param unit value units of one quantum for a value of 1, as a fraction
 */
export function revalue(terms: BlackTerms, ranges: OptionRanges, scenarios: readonly Scenario[], unit: Rational): OptionMark {
  const now = blackPrice(terms);
  const mark = floorOf(now, unit);
  const pnl = scenarios.map(({ priceMove, volatilityMove, cover }) => {
    const then = blackPrice({
      ...terms, forward: moved(terms.forward, priceMove, ranges.scan), volatility: moved(terms.volatility, volatilityMove, ranges.volatilityScan),
    });
    const covered = now * (cover.denominator - cover.numerator) + then * cover.numerator;
    return floorOf(covered, multiply(unit, rational(1n, cover.denominator))) - mark;
  });
  return { mark, pnl };
}

/** Whether a move leaves something above zero. */
export function staysPositive(move: Rational, range: bigint): boolean {
  return move.denominator * RATE_SCALE + move.numerator * range > 0n;
}

function moved(value: bigint, move: Rational, range: bigint): bigint {
  const whole = move.denominator * RATE_SCALE;
  return (value * (whole + move.numerator * range)) / whole;
}

function floorOf(real: bigint, unit: Rational): bigint {
  return divide(real * unit.numerator, ONE * unit.denominator, 'floor');
}
