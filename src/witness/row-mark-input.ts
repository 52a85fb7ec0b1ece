import { domainOf } from '../commitment/identity.js';
import { marketCommitment, rowDetail, rowsTree } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import type { RowMarkSignals } from '../statement/row-mark.js';
import { openRow } from '../tree/row-opening.js';
import { kindCode } from '../venue/instrument.js';
import { headerInput } from './account-parts.js';
import type { CircuitInput } from './circuit-input.js';

/** Public signals of the proof of `row-mark`. @throws UnknownInstrumentError for a row the table does not list */
export function rowMarkSignals(poseidon: Poseidon, base: bigint, circuitId: bigint, table: MarketTable, row: number): RowMarkSignals {
  return { domain: domainOf(poseidon, base, circuitId), marketCommitment: marketCommitment(poseidon, table), row: BigInt(row), mark: rowAt(table, row).mark };
}

/** Input of `row-mark`. */
export function rowMarkInput(poseidon: Poseidon, signals: RowMarkSignals, table: MarketTable): CircuitInput {
  const row = rowAt(table, Number(signals.row));
  const { kind, longCharge, shortCharge, pnl } = row;
  return {
    ...signals, ...headerInput(poseidon, table), rowChildren: openRow(rowsTree(poseidon, table.rows), row.index).children,
    detail: rowDetail(poseidon, row), kind: BigInt(kindCode(kind)), longCharge, shortCharge, pnl,
  };
}
