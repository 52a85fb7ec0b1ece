import { messageOf } from '../../error/clearproof-error.js';
import { parseDecimal } from '../../fixed-point/decimal.js';
import { JsonNode } from '../../venue/json-node.js';
import { RATE_SCALE } from '../row-terms.js';
import { LABEL, LABEL_RULE, MAX_ROWS, SYMBOL, SYMBOL_RULE } from '../table-rules.js';
import { StressError } from './stress-errors.js';

/** What happens at once. Fractions are integers of 10^-6. */
export interface StressScenario {
  readonly name: string;
  readonly title: string;
  /** Relative move of prices: by instrument, by underlying, by class ("@stable"), or of all others ("*"). Above -10^6. */
  readonly prices: ReadonlyMap<string, bigint>;
  /** Factor on implied volatilities. */
  readonly volatility: bigint;
  /** Factor on the ranges that margin scenarios move prices by. */
  readonly ranges: bigint;
  /** Where each number is from. */
  readonly sources: readonly string[];
}

/** A public, versioned set of stress scenarios. */
export interface StressSet {
  readonly name: string;
  readonly version: string;
  readonly classes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whose price an instrument follows, where its id does not say so. */
  readonly underlyings: ReadonlyMap<string, string>;
  readonly scenarios: readonly StressScenario[];
  readonly file: string;
}

const FIELDS = ['formatVersion', 'name', 'version', 'classes', 'underlyings', 'scenarios'];
const MAX_SCENARIOS = 64;
const MAX_SOURCES = 64;
/** "stress:<set>.<version>/<scenario>" is the table's label of at most 64 characters. */
const SET_NAME = /^[a-z0-9-]{1,24}$/;
const VERSION = /^[1-9][0-9]{0,3}$/;
const SCENARIO_NAME = /^[a-z0-9-]{1,24}$/;
const NAME_RULE = '1 to 24 characters of a-z 0-9 -';
const KEY = /^(\*|@?[A-Za-z0-9._-]{1,32})$/;
const TEXT = /^[ -~]{1,200}$/;
const FRACTION_DECIMALS = 6;
const MOST_MOVE = 100n * RATE_SCALE;
const MOST_FACTOR = 10n * RATE_SCALE;

/** Reads a stress set: docs/formats.md. Browser-safe. @throws JsonSyntaxError, JsonShapeError, StressError */
export function parseStressSet(text: string, file: string): StressSet {
  const object = JsonNode.parse(text, { file }).object(FIELDS);
  object.field('formatVersion').choice(['1']);
  const classes = new Map((object.optional('classes')?.members() ?? []).map(([name, node]) => {
    if (!SYMBOL.test(name)) throw node.refuse(`the name of a class is ${SYMBOL_RULE}`);
    return [name, new Set(node.list({ atMost: MAX_ROWS }).map((one) => one.textLike(SYMBOL, SYMBOL_RULE)))] as const;
  }));
  const scenarios = object.field('scenarios').list({ atLeast: 1, atMost: MAX_SCENARIOS }).map((node) => readScenario(node, classes));
  const repeated = scenarios.find(({ name }, place) => scenarios.findIndex((one) => one.name === name) !== place);
  if (repeated !== undefined) throw new StressError(object.field('scenarios').place, `the scenario "${repeated.name}" stands twice: give each its own name`);
  return Object.freeze({
    name: object.field('name').textLike(SET_NAME, NAME_RULE),
    version: object.field('version').textLike(VERSION, 'a whole number from 1 to 9999'),
    classes,
    underlyings: new Map((object.optional('underlyings')?.members() ?? []).map(([id, node]) => [id, node.textLike(SYMBOL, SYMBOL_RULE)] as const)),
    scenarios: Object.freeze(scenarios),
    file,
  });
}

/** The label of a stressed table: no parameter set can have it, because a set's label has a space and no colon-led name like it. */
export function stressLabel({ name, version }: Pick<StressSet, 'name' | 'version'>, scenario: Pick<StressScenario, 'name'>): string {
  return `${STRESS_PREFIX}${name}.${version}/${scenario.name}`;
}

/** Labels that begin so are of stressed tables, and of no others that this program makes or takes. */
export const STRESS_PREFIX = 'stress:';

function readScenario(node: JsonNode, classes: StressSet['classes']): StressScenario {
  const object = node.object(['name', 'title', 'prices', 'volatility', 'ranges', 'sources']);
  const prices = new Map(object.field('prices').members().map(([key, one]) => {
    if (!KEY.test(key)) throw one.refuse('prices are named by instrument, underlying, @class or *');
    if (key.startsWith('@') && !classes.has(key.slice(1))) throw new StressError(one.place, `there is no class ${key.slice(1)}: list it under classes`);
    const move = fraction(one);
    if (move <= -RATE_SCALE || move > MOST_MOVE) throw new StressError(one.place, `${one.text()} is out of bounds: a price falls by less than 1 and rises by at most 100`);
    return [key, move] as const;
  }));
  const factor = (field: 'volatility' | 'ranges'): bigint => {
    const found = object.optional(field);
    const value = found === undefined ? RATE_SCALE : fraction(found);
    if (value <= 0n || value > MOST_FACTOR) throw new StressError(object.field(field).place, 'must be above 0 and at most 10');
    return value;
  };
  return Object.freeze({
    name: object.field('name').textLike(SCENARIO_NAME, NAME_RULE), title: object.field('title').textLike(LABEL, LABEL_RULE), prices,
    volatility: factor('volatility'), ranges: factor('ranges'),
    sources: Object.freeze(object.field('sources').list({ atLeast: 1, atMost: MAX_SOURCES }).map((one) => one.textLike(TEXT, '1 to 200 printable ASCII characters'))),
  });
}

function fraction(node: JsonNode): bigint {
  try {
    return parseDecimal(node.text(), FRACTION_DECIMALS);
  } catch (cause) {
    throw new StressError(node.place, messageOf(cause), { cause });
  }
}
