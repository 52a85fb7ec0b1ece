import { divide, DecimalError, formatDecimal, parseDecimal } from '../fixed-point/decimal.js';
import { JsonNode, type JsonObject } from '../venue/json-node.js';
import { quoted } from '../venue/place.js';
import type { UniformMove } from './haircut-import.js';
import { PerpetualListError } from './market-errors.js';
import { tieredFirst, type StaticInstrument, type StaticMarketFile, type StaticValue } from './static-market.js';
import { MAX_QUANTITY_DECIMALS, MAX_ROWS } from './table-rules.js';
import { chargesOfTiers, tiersOfBrackets, type ValueBracket } from './value-brackets.js';

export interface PerpetualMarketOptions {
  readonly snapshotTime: number;
  readonly parameterSet: string;
  /** Names in the list, "BTC"; their rows are called "BTC-PERP". */
  readonly perpetuals: readonly string[];
  /** S scenarios in which every perpetual moves by one fraction of its mark; none by default. */
  readonly scenarios?: readonly UniformMove[];
  /** What a borrowed unit of collateral is charged; "0" by default. */
  readonly debtCharge?: string;
}

/** A bracket of notional: from `lowerBound` (10^-36 of the collateral's unit) on, at most this leverage. */
interface MarginBracket {
  readonly lowerBound: bigint;
  readonly maxLeverage: number;
}

const SCALE = 36;
/** What positions are settled and valued in. */
const COLLATERAL = 'USDC';
const COLLATERAL_DECIMALS = '6';
/** A table number below this is no table: one bracket with that leverage. */
const FIRST_TABLE = 50;
const MOST_LEVERAGE = 1_000;

/**
 * A market parameter file from Hyperliquid's `metaAndAssetCtxs` answer: perpetuals at their marks, charged the maintenance
 * margin of their margin table; then a cash and an entry row in USDC.
 *
 * The rule (hyperliquid.gitbook.io/hyperliquid-docs/trading/margin-tiers, the same on most venues with leverage brackets):
 * `maintenance = notional * rate_n - deduction_n` in bracket n, with `rate_n = 1 / (2 * maxLeverage_n)`, `deduction_0 = 0`,
 * `deduction_n = deduction_(n-1) + lowerBound_n * (rate_n - rate_(n-1))`. By the deductions it is continuous, and its slope in
 * bracket n is rate_n, which rises: so it equals the sum over brackets of `rate_n` times the notional inside bracket n, and
 * rate_n is the charge of tier n. Bounds become quantities at the mark of the list, rounded down; rates are rounded up.
 *
 * @throws JsonSyntaxError, JsonShapeError, PerpetualListError
 */
export function marketFromPerpetuals(text: string, file: string, options: PerpetualMarketOptions): StaticMarketFile {
  const [meta, contexts] = JsonNode.parse(text, { file }).list({ atLeast: 2, atMost: 2 }) as [JsonNode, JsonNode];
  const object = meta.foreignObject();
  const universe = object.field('universe').list({ atMost: MAX_ROWS }).map((one) => one.foreignObject());
  const prices = contexts.list({ atLeast: universe.length, atMost: universe.length }).map((one) => one.foreignObject());
  const names = universe.map((one) => one.field('name').text());
  const tables = readTables(object.field('marginTables'));
  const moves = options.scenarios ?? [];
  const perpetuals = options.perpetuals.map((name) => {
    const place = names.indexOf(name);
    const [listed, context] = [universe[place], prices[place]];
    if (listed === undefined || context === undefined) {
      throw new PerpetualListError(object.field('universe').place, `${quoted(name)} is not in the list: correct the name`);
    }
    return perpetualOf(name, listed, context, tables, moves);
  });
  return {
    formatVersion: '1',
    currency: COLLATERAL,
    level: 'maintenance',
    snapshotTime: options.snapshotTime.toString(),
    parameterSet: options.parameterSet,
    scenarios: moves.map((move) => move.name),
    instruments: [...tieredFirst(perpetuals), ...collateralRows(options.debtCharge ?? '0', moves.length)],
  };
}

function perpetualOf(
  name: string, listed: JsonObject, context: JsonObject, tables: ReadonlyMap<number, readonly MarginBracket[]>, moves: readonly UniformMove[],
): StaticInstrument {
  const quantityDecimals = listed.field('szDecimals').numberedCount(0, MAX_QUANTITY_DECIMALS);
  const markNode = context.field('markPx');
  const price = decimalOf(markNode);
  if (price <= 0n) throw new PerpetualListError(markNode.place, `the mark of ${name} is not above 0: leave it out`);
  const tiers = tiersOfBrackets(marginalCharges(bracketsOf(listed.field('marginTableId'), tables)), { price, quantityDecimals });
  return {
    id: `${name}-PERP`,
    kind: 'perpetual',
    asset: COLLATERAL,
    quantityDecimals: quantityDecimals.toString(),
    mark: formatDecimal(price, SCALE),
    ...chargesOfTiers(tiers),
    pnl: { ofMark: moves.map((move) => move.ofMark) },
  };
}

function bracketsOf(node: JsonNode, tables: ReadonlyMap<number, readonly MarginBracket[]>): readonly MarginBracket[] {
  const table = node.numberedCount(1, Number.MAX_SAFE_INTEGER);
  if (table < FIRST_TABLE) return [{ lowerBound: 0n, maxLeverage: table }];
  const found = tables.get(table);
  if (found === undefined) throw new PerpetualListError(node.place, `margin table ${table} is not in the list: add it to marginTables`);
  return found;
}

/** Each bracket's marginal rate, up to where the next begins. */
function marginalCharges(brackets: readonly MarginBracket[]): ValueBracket[] {
  return brackets.map(({ maxLeverage }, place) => {
    const rate: StaticValue = { ofMark: formatDecimal(divide(10n ** BigInt(SCALE), 2n * BigInt(maxLeverage), 'ceil'), SCALE) };
    return { upToValue: brackets[place + 1]?.lowerBound, longCharge: rate, shortCharge: rate };
  });
}

function readTables(node: JsonNode): ReadonlyMap<number, readonly MarginBracket[]> {
  return new Map(node.list({ atMost: MAX_ROWS }).map((pair) => {
    const [id, table] = pair.list({ atLeast: 2, atMost: 2 }) as [JsonNode, JsonNode];
    return [id.numberedCount(0, Number.MAX_SAFE_INTEGER), readBrackets(table.foreignObject().field('marginTiers'))] as const;
  }));
}

function readBrackets(list: JsonNode): MarginBracket[] {
  const brackets: MarginBracket[] = [];
  for (const node of list.list({ atLeast: 1, atMost: MAX_ROWS })) {
    const object = node.foreignObject();
    const bracket = { lowerBound: decimalOf(object.field('lowerBound')), maxLeverage: object.field('maxLeverage').numberedCount(1, MOST_LEVERAGE) };
    const below = brackets.at(-1);
    if (below === undefined ? bracket.lowerBound !== 0n : bracket.lowerBound <= below.lowerBound) {
      throw new PerpetualListError(object.field('lowerBound').place, 'brackets begin at 0 and rise: correct their order');
    }
    if (below !== undefined && bracket.maxLeverage > below.maxLeverage) {
      throw new PerpetualListError(object.field('maxLeverage').place, 'leverage must not rise with size: correct the table');
    }
    brackets.push(bracket);
  }
  return brackets;
}

function collateralRows(debtCharge: string, scenarios: number): StaticInstrument[] {
  const row = { asset: COLLATERAL, quantityDecimals: COLLATERAL_DECIMALS, mark: '1', pnl: Array.from({ length: scenarios }, () => '0') };
  return [
    { id: COLLATERAL, kind: 'cash', ...row, longCharge: '0', shortCharge: debtCharge },
    { id: `${COLLATERAL}-ENTRY`, kind: 'entry', ...row, longCharge: '0', shortCharge: '0' },
  ];
}

function decimalOf(node: JsonNode): bigint {
  const text = node.text();
  try {
    return parseDecimal(text, SCALE);
  } catch (cause) {
    if (!(cause instanceof DecimalError)) throw cause;
    throw new PerpetualListError(node.place, cause.message, { cause });
  }
}
