import { compareRationals, formatRational, multiply, rational, type Rational } from '../../fixed-point/rational.js';
import type { JsonNode } from '../../venue/json-node.js';
import { MarketDuplicateError } from '../market-errors.js';
import { MAX_MOVE, MOVE_PARTS, type ScenarioMove } from '../row-terms.js';
import { LABEL, LABEL_RULE, MAX_SCENARIOS } from '../table-rules.js';
import { ScenarioError } from './parameter-errors.js';
import { rationalIn } from './parameter-fields.js';

/** What moves at once, in parts of each instrument's ranges. */
export interface Scenario {
  readonly name: string;
  /** Parts of the scan range: "-1/3" is a third of it down. */
  readonly priceMove: Rational;
  /** Parts of an option series' volatility range. */
  readonly volatilityMove: Rational;
  /** Parts of the basis rate. */
  readonly basisMove: Rational;
  /** The part of gain and loss that counts: 1, or less for a move too extreme to be covered in full. 0 < cover <= 1. */
  readonly cover: Rational;
  /** priceMove * cover and basisMove * cover, in sixtieths. */
  readonly move: ScenarioMove;
}

/** More than any venue moves prices in a scenario. */
const MOST_MOVE = rational(10n);
const FIELDS = ['name', 'priceMove', 'volatilityMove', 'basisMove', 'cover'];
const ONE = rational(1n);

/** The scenarios of a list, or the default ones without a list. @throws JsonShapeError, ScenarioError, ParameterNumberError */
export function readScenarios(list: JsonNode | undefined): readonly Scenario[] {
  if (list === undefined) return defaultScenarios();
  const scenarios: Scenario[] = [];
  for (const node of list.list({ atMost: MAX_SCENARIOS })) {
    const scenario = readScenario(node);
    const before = scenarios.at(-1);
    if (before !== undefined && !isSorted(before, scenario)) {
      throw new ScenarioError(
        node.place,
        `stands behind "${before.name}": sort scenarios by price move, then volatility move, then basis move, each once, so that equal sets have equal digests`,
      );
    }
    if (scenarios.some(({ name }) => name === scenario.name)) {
      throw new MarketDuplicateError(node.place, `the scenario "${scenario.name}" stands twice: give each its own name`);
    }
    scenarios.push(scenario);
  }
  return Object.freeze(scenarios);
}

/**
 * SPAN's sixteen: seven prices (0, a third, two thirds and the whole of the scan range, both ways) with volatility down and up,
 * and two extremes of twice the range of which 35 % count. Volatility up comes with the basis up and down with down, so that
 * the spread between spot, perpetuals and futures is stressed both ways at every price.
 */
export function defaultScenarios(): readonly Scenario[] {
  const moves: Scenario[] = [-3n, -2n, -1n, 0n, 1n, 2n, 3n].flatMap((thirds) => [-1n, 1n].map((other) =>
    named(rational(thirds, 3n), rational(other), rational(other), ONE)));
  const extreme = (sign: bigint): Scenario => named(rational(2n * sign), rational(0n), rational(sign), rational(35n, 100n));
  return Object.freeze([extreme(-1n), ...moves, extreme(1n)]);
}

function named(priceMove: Rational, volatilityMove: Rational, basisMove: Rational, cover: Rational): Scenario {
  const covered = compareRationals(cover, ONE) === 0 ? '' : `, cover ${formatRational(cover)}`;
  const name = `price ${formatRational(priceMove)}, vol ${formatRational(volatilityMove)}, basis ${formatRational(basisMove)}${covered}`;
  const move = { price: Number(sixtieths(priceMove, cover)), basis: Number(sixtieths(basisMove, cover)) };
  return Object.freeze({ name, priceMove, volatilityMove, basisMove, cover, move });
}

function readScenario(node: JsonNode): Scenario {
  const object = node.object(FIELDS);
  const move = (field: string): Rational => {
    const found = object.optional(field);
    return found === undefined ? rational(0n) : rationalIn(found, rational(-MOST_MOVE.numerator), MOST_MOVE);
  };
  const coverNode = object.optional('cover');
  const cover = coverNode === undefined ? ONE : rationalIn(coverNode, rational(0n), ONE);
  const scenario = {
    name: object.field('name').textLike(LABEL, LABEL_RULE),
    priceMove: move('priceMove'), volatilityMove: move('volatilityMove'), basisMove: move('basisMove'), cover,
  };
  return Object.freeze({
    ...scenario,
    move: Object.freeze({
      price: inSixtieths(scenario.priceMove, cover, node, 'priceMove'), basis: inSixtieths(scenario.basisMove, cover, node, 'basisMove'),
    }),
  });
}

function inSixtieths(part: Rational, cover: Rational, node: JsonNode, field: string): number {
  const value = sixtieths(part, cover);
  if (value === undefined || value < -MAX_MOVE || value > MAX_MOVE) {
    throw new ScenarioError(
      { ...node.place, field: `${node.place.field ?? ''}.${field}` },
      `${formatRational(multiply(part, cover))} of the range after cover is not a whole number of sixtieths within ${MAX_MOVE}: choose a move and a cover whose product is`,
    );
  }
  return Number(value);
}

function sixtieths(part: Rational, cover: Rational): bigint | undefined {
  const { numerator, denominator } = multiply(multiply(part, cover), rational(MOVE_PARTS));
  return denominator === 1n ? numerator : undefined;
}

function isSorted(a: Scenario, b: Scenario): boolean {
  for (const field of ['priceMove', 'volatilityMove', 'basisMove'] as const) {
    const order = compareRationals(a[field], b[field]);
    if (order !== 0) return order < 0;
  }
  return false;
}
