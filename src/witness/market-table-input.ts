import { circuitIdOf } from '../commitment/digest.js';
import { domainOf } from '../commitment/identity.js';
import { LEVEL_CODE, instrumentDigest, marketCommitment, marketHeader } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { committedRows } from '../commitment/table-digests.js';
import { ClearproofError } from '../error/clearproof-error.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { packRates, type RowTerms } from '../risk/row-terms.js';
import { baseValue, moveUnit, ratesAt } from '../risk/row-values.js';
import { settlementRows, tieredRows } from '../risk/tiers.js';
import type { MarketTableSignals } from '../statement/market-table.js';
import { valueAt } from '../statement/public-vector.js';
import { tablePoint, tableVector } from '../statement/table-vector.js';
import type { CircuitInput } from './circuit-input.js';

/** A table that a circuit of this shape cannot take. */
export class TableShapeError extends ClearproofError {
  readonly code = 'TABLE_SHAPE';
}

/** The parameters of `market-table`. */
export interface MarketTableShape {
  readonly ROWS: number;
  /** 1 for tables with a tiered region. */
  readonly TIERS: number;
  /** 1 where rows may be options. */
  readonly OPTIONS: number;
  readonly S: number;
}

/** Public signals of the proof that a table follows from what the board holds. @param base names the venue */
export function marketTableSignals(poseidon: Poseidon, base: bigint, circuit: string, table: MarketTable): MarketTableSignals {
  const commitment = marketCommitment(poseidon, table);
  const { snapshotTime, valueScale } = marketHeader(table);
  const vector = tableVector(table);
  const z = tablePoint({ base, marketCommitment: commitment, snapshotTime }, vector);
  return {
    domain: domainOf(poseidon, base, circuitIdOf(circuit)), marketCommitment: commitment, level: LEVEL_CODE[table.level], snapshotTime, valueScale,
    settlementAssets: BigInt(settlementRows(table).length),
    z, tableValue: valueAt(z, vector),
  };
}

/** Input of `market-table`. @throws TableShapeError */
export function marketTableInput(signals: MarketTableSignals, table: MarketTable, shape: MarketTableShape): CircuitInput {
  checkShape(table, shape);
  const { ROWS, TIERS, OPTIONS } = shape;
  const { instrumentList, parameterSet } = marketHeader(table);
  const committed = committedRows(table, ROWS);
  const ofRows = (value: (row: MarketRow, terms: RowTerms) => bigint): bigint[] =>
    committed.map((_, index) => {
      const row = table.rows[index];
      return row?.terms === undefined ? 0n : value(row, row.terms);
    });
  const rate = (terms: RowTerms) => ratesAt(terms, table.level);
  return {
    ...signals, instrumentList, parameterSet,
    scanMove: (table.moves ?? []).map(({ price }) => BigInt(price)),
    basisMove: (table.moves ?? []).map(({ basis }) => BigInt(basis)),
    class: committed.map((row) => row.class),
    instrument: ofRows((row) => instrumentDigest(row)),
    activationEpoch: ofRows((row) => BigInt(row.activationEpoch)),
    capped: TIERS === 1 ? ofRows((row) => (row.cap > 0n ? 1n : 0n)) : [],
    cap: TIERS === 1 ? ofRows((row) => row.cap) : [],
    price: ofRows((row) => row.oraclePrice),
    multiplier: ofRows((_, terms) => terms.multiplier),
    rates: ofRows((_, terms) => packRates(terms)),
    volatility: OPTIONS === 1 ? ofRows((row) => row.volatility ?? 0n) : [],
    strike: OPTIONS === 1 ? ofRows((_, terms) => terms.strike) : [],
    base: OPTIONS === 1 ? ofRows((row, terms) => baseValue(row.oraclePrice, terms)) : [],
    // An option's P&L is no multiple of a scan range; its basis bounds its mark.
    scanUnit: ofRows((row, terms) => (row.kind === 'option' ? 0n : moveUnit(baseValue(row.oraclePrice, terms), rate(terms).scanRate))),
    basisUnit: ofRows((row, terms) => moveUnit(baseValue(row.oraclePrice, terms), terms.basisRate)),
    mark: committed.map((row) => row.mark),
    longCharge: committed.map((row) => row.longCharge),
    shortCharge: committed.map((row) => row.shortCharge),
    pnl: committed.map((row) => row.pnl),
  };
}

function checkShape(table: MarketTable, { ROWS, TIERS, OPTIONS, S }: MarketTableShape): void {
  const fail = (problem: string): TableShapeError => new TableShapeError(`${problem}: take a circuit of another shape`);
  if (table.rows.length > ROWS) throw fail(`the table lists ${table.rows.length} rows, the circuit takes ${ROWS}`);
  if (table.scenarios.length !== S) throw fail(`the table has ${table.scenarios.length} scenarios, the circuit ${S}`);
  if ((tieredRows(table) > 0 ? 1 : 0) !== TIERS) throw fail(TIERS === 1 ? 'the table has no tiered region' : 'the table has a tiered region');
  const option = table.rows.find(({ kind }) => kind === 'option');
  if (OPTIONS === 0 && option !== undefined) throw fail(`${option.id} is an option`);
}
