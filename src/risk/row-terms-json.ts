import type { JsonNode } from '../venue/json-node.js';
import { MAX_MOVE, MULTIPLIER_LIMIT, RATE_LIMIT, type LevelRates, type RowTerms, type ScenarioMove } from './row-terms.js';
import { VALUE_LIMIT } from './table-rules.js';

/** Rates of one level in the canonical JSON form, ppm: long, short, scan. */
export type LevelRatesJson = readonly [longRate: string, shortRate: string, scanRate: string];

/** A row's terms in the canonical JSON form. */
export interface RowTermsJson {
  readonly basisRate: string;
  readonly exact: '0' | '1';
  readonly initial: LevelRatesJson;
  readonly maintenance: LevelRatesJson;
  readonly multiplier: string;
  readonly put: '0' | '1';
  readonly strike: string;
}

/** A scenario's moves in the canonical JSON form, sixtieths. */
export type ScenarioMoveJson = readonly [price: string, basis: string];

const FIELDS = ['basisRate', 'exact', 'initial', 'maintenance', 'multiplier', 'put', 'strike'];
const FLAGS = ['0', '1'] as const;

export function termsToJson({ basisRate, exact, initial, maintenance, multiplier, put, strike }: RowTerms): RowTermsJson {
  const rates = ({ longRate, shortRate, scanRate }: LevelRates): LevelRatesJson => [longRate.toString(), shortRate.toString(), scanRate.toString()];
  return {
    basisRate: basisRate.toString(), exact: exact ? '1' : '0', initial: rates(initial), maintenance: rates(maintenance),
    multiplier: multiplier.toString(), put: put ? '1' : '0', strike: strike.toString(),
  };
}

/** @throws JsonShapeError */
export function termsFromJson(node: JsonNode): RowTerms {
  const object = node.object(FIELDS);
  return Object.freeze({
    multiplier: object.field('multiplier').bigInteger(0n, MULTIPLIER_LIMIT - 1n),
    maintenance: ratesFromJson(object.field('maintenance')),
    initial: ratesFromJson(object.field('initial')),
    basisRate: rateFromJson(object.field('basisRate')),
    exact: object.field('exact').choice(FLAGS) === '1',
    put: object.field('put').choice(FLAGS) === '1',
    strike: object.field('strike').bigInteger(0n, VALUE_LIMIT - 1n),
  });
}

export function movesToJson(moves: readonly ScenarioMove[]): ScenarioMoveJson[] {
  return moves.map(({ price, basis }) => [price.toString(), basis.toString()]);
}

/** @throws JsonShapeError */
export function movesFromJson(node: JsonNode, scenarios: number): readonly ScenarioMove[] {
  return Object.freeze(node.list({ atLeast: scenarios, atMost: scenarios }).map((pair) => {
    const [price, basis] = pair.list({ atLeast: 2, atMost: 2 }).map((one) => one.integer(-MAX_MOVE, MAX_MOVE)) as [number, number];
    return Object.freeze({ price, basis });
  }));
}

function ratesFromJson(node: JsonNode): LevelRates {
  const [longRate, shortRate, scanRate] = node.list({ atLeast: 3, atMost: 3 }).map(rateFromJson) as [bigint, bigint, bigint];
  return Object.freeze({ longRate, shortRate, scanRate });
}

function rateFromJson(node: JsonNode): bigint {
  return node.bigInteger(0n, RATE_LIMIT - 1n);
}
