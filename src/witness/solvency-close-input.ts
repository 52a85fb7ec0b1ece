import { sumsInOrder, type AccumulatorState, type Challenges } from '../commitment/epoch-chain.js';
import { marketHeader, rowsTree, scenarioDigest } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { committedRows, type CommittedRow } from '../commitment/table-digests.js';
import type { MarketTable } from '../risk/market-table.js';
import { tieredRows } from '../risk/tiers.js';
import type { SolvencyCloseSignals } from '../statement/solvency-close.js';
import type { SolvencyCloseEndSignals } from '../statement/solvency-close-end.js';
import type { SolvencyClosePartSignals } from '../statement/solvency-close-part.js';
import type { CircuitInput } from './circuit-input.js';
import type { EpochBooks } from './epoch-transcript.js';
import { digestsInOrder, type TableState } from './table-states.js';

/** What every way to close an epoch opens. The books are secret, the table public. */
export interface ClosingState {
  readonly blindings: { readonly genesis: bigint; readonly final: bigint };
  readonly final: AccumulatorState;
  readonly table: MarketTable;
  readonly books: EpochBooks;
}

/** Input of `solvency-close`. */
export function solvencyCloseInput(poseidon: Poseidon, signals: SolvencyCloseSignals, closing: ClosingState): CircuitInput {
  return {
    ...signals,
    ...sealInput(poseidon, closing),
    ...rowsInput(closing, 0, closing.books.book.length),
  };
}

/** Input of `solvency-close-part` for `count` rows from `before.nextRow`. */
export function solvencyClosePartInput(
  signals: SolvencyClosePartSignals,
  blindings: { readonly before: bigint; readonly after: bigint },
  before: TableState,
  count: number,
  challenges: Challenges,
  z: bigint,
  closing: Pick<ClosingState, 'table' | 'books'>,
): CircuitInput {
  return {
    ...signals,
    blindingBefore: blindings.before,
    blindingAfter: blindings.after,
    r: challenges.r,
    beta: challenges.beta,
    z,
    firstRow: BigInt(before.nextRow),
    digestsBefore: digestsInOrder(before.digests),
    rulesBefore: before.rules,
    sumsBefore: before.sums,
    zPowerBefore: before.zPower,
    vectorBefore: before.vectorValue,
    ...rowsInput(closing, before.nextRow, count),
  };
}

/** Input of `solvency-close-end` after parts that ended in `last`. */
export function solvencyCloseEndInput(
  poseidon: Poseidon, signals: SolvencyCloseEndSignals, tableBlindings: { readonly start: bigint; readonly end: bigint }, last: TableState, closing: ClosingState,
): CircuitInput {
  return {
    ...signals,
    ...sealInput(poseidon, closing),
    startBlinding: tableBlindings.start,
    endBlinding: tableBlindings.end,
    rows: BigInt(last.nextRow),
    digests: digestsInOrder(last.digests),
    rules: last.rules,
    sums: last.sums,
    zPower: last.zPower,
    vectorValue: last.vectorValue,
  };
}

function sealInput(poseidon: Poseidon, { blindings, final, table, books }: ClosingState): CircuitInput {
  const header = marketHeader(table);
  return {
    genesisBlinding: blindings.genesis,
    finalBlinding: blindings.final,
    finalChain: final.chain,
    finalPower: final.power,
    accumulated: sumsInOrder(final.sums),
    snapshotTime: header.snapshotTime,
    valueScale: header.valueScale,
    instrumentList: header.instrumentList,
    parameterSet: header.parameterSet,
    scenarioDigest: scenarioDigest(poseidon, table),
    rowsRoot: rowsTree(poseidon, table.rows).root,
    beyond: books.weighted.beyond,
  };
}

function rowsInput({ table, books }: Pick<ClosingState, 'table' | 'books'>, first: number, count: number): CircuitInput {
  const rows = committedRows(table, books.book.length).slice(first, first + count);
  const book = books.book.slice(first, first + count);
  const weighted = books.weighted.rows.slice(first, first + count);
  const tiers = tieredRows(table) > 0;
  const each = <Value>(value: (row: CommittedRow) => Value): Value[] => rows.map(value);
  return {
    class: each((row) => row.class),
    mark: each((row) => row.mark),
    longCharge: each((row) => row.longCharge),
    shortCharge: each((row) => row.shortCharge),
    cap: tiers ? each((row) => row.cap) : [],
    pnl: each((row) => row.pnl),
    net: book.map((row) => row.net),
    gross: book.map((row) => row.gross),
    weightedNet: weighted.map((row) => row.net),
    weightedGross: weighted.map((row) => row.gross),
    weightedTiers: tiers ? weighted.map((row) => row.tiers) : [],
  };
}
