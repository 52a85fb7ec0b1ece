import type { AccumulatorState, BookRow } from '../commitment/epoch-chain.js';
import { marketHeader, rowDetail } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { MarketTable } from '../risk/market-table.js';
import type { SolvencyCloseSignals } from '../statement/solvency-close.js';
import { kindCode } from '../venue/instrument.js';
import type { CircuitInput } from './circuit-input.js';
import { sumsInOrder } from './solvency-batch-input.js';

/** Input of `solvency-close` for a table of at most U rows. The book is secret, the table public. */
export function solvencyCloseInput(
  poseidon: Poseidon,
  signals: SolvencyCloseSignals,
  blindings: { readonly genesis: bigint; readonly final: bigint },
  final: AccumulatorState,
  table: MarketTable,
  book: readonly BookRow[],
  weightedBook: readonly BookRow[],
): CircuitInput {
  const header = marketHeader(table);
  const U = book.length;
  const perRow = <Value>(value: (row: MarketTable['rows'][number]) => Value, none: Value): Value[] =>
    Array.from({ length: U }, (_, index) => {
      const row = table.rows[index];
      return row === undefined ? none : value(row);
    });
  return {
    ...signals,
    genesisBlinding: blindings.genesis,
    finalBlinding: blindings.final,
    finalChain: final.chain,
    finalPower: final.power,
    sums: sumsInOrder(final.sums),
    snapshotTime: header.snapshotTime,
    valueScale: header.valueScale,
    instrumentList: header.instrumentList,
    parameterSet: header.parameterSet,
    detail: perRow((row) => rowDetail(poseidon, row), 0n),
    kind: perRow((row) => BigInt(kindCode(row.kind)), 0n),
    mark: perRow((row) => row.mark, 0n),
    longCharge: perRow((row) => row.longCharge, 0n),
    shortCharge: perRow((row) => row.shortCharge, 0n),
    pnl: perRow((row) => [...row.pnl], table.scenarios.map(() => 0n)),
    net: book.map((row) => row.net),
    gross: book.map((row) => row.gross),
    weightedNet: weightedBook.map((row) => row.net),
    weightedGross: weightedBook.map((row) => row.gross),
  };
}
