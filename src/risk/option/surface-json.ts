import { messageOf } from '../../error/clearproof-error.js';
import { parseDecimal } from '../../fixed-point/decimal.js';
import { ONE, REAL_SCALE } from '../../fixed-point/real.js';
import { JsonNode } from '../../venue/json-node.js';
import { PRICE_SCALE } from '../parameter-set/instruments.js';
import { SurfaceError } from '../parameter-set/parameter-errors.js';
import { positiveDecimal, RATE_DECIMALS } from '../parameter-set/parameter-fields.js';
import { MAX_ROWS, MAX_UNIX_SECONDS, MAX_VOLATILITY } from '../table-rules.js';
import type { SurfacePoint, SurfaceSlice, VolatilitySurface } from './volatility-surface.js';

const MAX_SLICES = 256;
const FACTOR_SCALE = 36;

/** Reads a volatility surface: docs/formats.md. Browser-safe. @throws JsonSyntaxError, JsonShapeError, ParameterNumberError, SurfaceError */
export function parseSurface(text: string, file: string): VolatilitySurface {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'time', 'surfaces']);
  object.field('formatVersion').choice(['1']);
  const time = object.field('time').integer(0, MAX_UNIX_SECONDS);
  const byFeed = new Map(object.field('surfaces').members().map(([feed, list]) => {
    const slices = list.list({ atLeast: 1, atMost: MAX_SLICES }).map(readSlice);
    const unsorted = slices.find((slice, at) => at > 0 && slice.expiry <= (slices[at - 1]?.expiry ?? 0));
    if (unsorted !== undefined) throw new SurfaceError(unsorted.place, 'expiries must rise: sort them, each once');
    return [feed, Object.freeze(slices)] as const;
  }));
  return Object.freeze({ time, byFeed, file });
}

function readSlice(node: JsonNode): SurfaceSlice {
  const object = node.object(['expiry', 'forwardFactor', 'discount', 'points']);
  const nodes = object.field('points').list({ atLeast: 1, atMost: MAX_ROWS });
  const points = nodes.map(readPoint);
  const unsorted = points.findIndex((point, at) => at > 0 && point.strike <= (points[at - 1]?.strike ?? 0n));
  if (unsorted >= 0) throw new SurfaceError(nodes[unsorted]?.place ?? node.place, 'strikes must rise: sort them, each once');
  return Object.freeze({
    expiry: object.field('expiry').integer(0, MAX_UNIX_SECONDS), points: Object.freeze(points), place: node.place,
    forwardFactor: factorOf(object.optional('forwardFactor')), discount: factorOf(object.optional('discount')),
  });
}

function readPoint(node: JsonNode): SurfacePoint {
  const object = node.object(['strike', 'volatility']);
  const field = object.field('volatility');
  let volatility: bigint;
  try {
    volatility = parseDecimal(field.text(), RATE_DECIMALS);
  } catch (cause) {
    throw new SurfaceError(field.place, `${messageOf(cause)}; a volatility is a fraction a year, 0.5 for 50 %`, { cause });
  }
  if (volatility <= 0n || volatility > MAX_VOLATILITY) throw new SurfaceError(field.place, `the volatility ${field.text()} is out of bounds: it must lie above 0 and below 4294`);
  return Object.freeze({ strike: positiveDecimal(object.field('strike'), PRICE_SCALE), volatility });
}

/** Forward factors and discounts lie in [1/2, 2]: whatever strays further is a typing error. */
function factorOf(node: JsonNode | undefined): bigint {
  if (node === undefined) return ONE;
  const factor = positiveDecimal(node, FACTOR_SCALE) * 10n ** BigInt(REAL_SCALE - FACTOR_SCALE);
  if (2n * factor < ONE || factor > 2n * ONE) throw new SurfaceError(node.place, `${node.text()} is out of bounds: it must lie in [0.5, 2]`);
  return factor;
}
