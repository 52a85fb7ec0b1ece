import { formatDecimal } from '../../fixed-point/decimal.js';
import { isSettlementKind } from '../../venue/instrument.js';
import type { MarginLevel } from '../market-table.js';
import { RowBoundsError } from '../parameter-set/parameter-errors.js';
import { RATE_DECIMALS } from '../parameter-set/parameter-fields.js';
import { MOVE_PARTS, RATE_SCALE, type ScenarioMove } from '../row-terms.js';
import { baseValue, moveUnit } from '../row-values.js';
import { VALUE_LIMIT } from '../table-rules.js';
import type { PlannedRow } from './row-plan.js';

/** Something a builder should know, though the table is valid. */
export interface BuildWarning {
  readonly row: string;
  readonly message: string;
}

const UNIT_LIMIT = 1n << 38n;
/** A whole range: sixtieths times ppm. */
const WHOLE = MOVE_PARTS * RATE_SCALE;
const PERCENT = 100n;

/**
 * Refuses a coin that a scenario would take below zero, and warns of one whose haircut and worst loss take more than its price:
 * then whoever holds more of it has less to spare. Needs no price.
 *
 * @throws RowBoundsError
 */
export function checkMoves(row: PlannedRow, level: MarginLevel, moves: readonly ScenarioMove[]): BuildWarning[] {
  if (!isSettlementKind(row.kind) && row.kind !== 'entry') return [];
  const { scanRate, longRate } = row.terms[level];
  let counted = WHOLE - MOVE_PARTS * longRate;
  for (const { price, basis } of moves) {
    const fall = -(scanRate * BigInt(price) + row.terms.basisRate * BigInt(basis));
    if (WHOLE - MOVE_PARTS * longRate - fall < counted) counted = WHOLE - MOVE_PARTS * longRate - fall;
    if (fall > WHOLE) {
      throw new RowBoundsError(
        row.place,
        `${row.id} would lose ${formatDecimal((fall * PERCENT) / MOVE_PARTS, RATE_DECIMALS)} % of its price in a scenario: a coin loses at most 100 %, lower its scan range`,
      );
    }
  }
  if (counted >= 0n) return [];
  return [{
    row: row.id,
    message: `the haircut of ${row.id} and its loss in the worst scenario are more than its price: holding more of it leaves less to spare, lower one of them`,
  }];
}

/** Refuses a range unit that the circuits do not hold, and warns of one that rounding makes over 1 % larger. @throws RowBoundsError */
export function checkUnits(row: PlannedRow, level: MarginLevel, oraclePrice: bigint): BuildWarning[] {
  const base = baseValue(oraclePrice, row.terms);
  if (base === 0n) throw new RowBoundsError(row.place, `a quantum of ${row.id} is worth less than one value unit: give it fewer quantityDecimals`);
  if (row.kind === 'option' && base >= VALUE_LIMIT) {
    throw new RowBoundsError(row.place, `a quantum of ${row.id} has an underlying worth ${base} value units, over 47 bits: give it more quantityDecimals`);
  }
  const rates = { scan: row.terms[level].scanRate, basis: row.terms.basisRate };
  return (['scan', 'basis'] as const).flatMap((name) => {
    const unit = moveUnit(base, rates[name]);
    if (unit >= UNIT_LIMIT) {
      throw new RowBoundsError(
        row.place,
        `a sixtieth of the ${name} range of ${row.id} is ${unit} value units per quantum, over 38 bits: give it more quantityDecimals or a lower range`,
      );
    }
    const rounded = unit * WHOLE - base * rates[name];
    if (row.kind === 'option' || rounded * PERCENT <= base * rates[name]) return [];
    return [{
      row: row.id,
      message: `a quantum of ${row.id} is worth ${base} value units: rounding makes its ${name} range over 1 % larger, give it fewer quantityDecimals`,
    }];
  });
}
