import { type BookRow, type Challenges, type WeightedRow, sumsInOrder, ZERO_SUMS } from '../commitment/epoch-chain.js';
import { hashList } from '../commitment/hash-list.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { committedRows, PAGE_ROWS, type CommittedRow, type TableDigests } from '../commitment/table-digests.js';
import { tagOf } from '../commitment/tags.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../field/scalar-field.js';
import type { MarketTable } from '../risk/market-table.js';
import { INSTRUMENT_KINDS, isMatchedKind, isSettlementKind } from '../venue/instrument.js';
import type { EpochBooks } from './epoch-transcript.js';

/** What one part of a close hands to the next, but for the challenges and z. */
export interface TableState {
  readonly nextRow: number;
  readonly digests: TableDigests;
  /** Listed rows, tiered rows, last row's listed, tiered and kind, open group's net quantity, what of it is unmatched. */
  readonly rules: readonly bigint[];
  /** Right sides of the seven identities over the rows so far, in the order of RunningSums. */
  readonly sums: readonly bigint[];
  /** z^(2j), j settlement groups being in. */
  readonly zPower: bigint;
  readonly vectorValue: bigint;
}

/** No kind: the first row continues nothing. */
const BEFORE_ANY_KIND = 7n;

/** The states before the first row and after every `rowsPerPart` rows. The circuits compute the same. */
export function tableStates(table: MarketTable, books: EpochBooks, challenges: Challenges, z: bigint, rowsPerPart: number): TableState[] {
  const rows = committedRows(table, books.book.length);
  const powers = table.scenarios.reduce((all) => [...all, multiplyInField(all[all.length - 1] as bigint, challenges.r)], [1n]);
  let state: TableState = {
    nextRow: 0, digests: books.digests[0] as TableDigests, rules: [0n, 0n, 1n, 1n, BEFORE_ANY_KIND, 0n, 0n],
    sums: sumsInOrder(ZERO_SUMS), zPower: 1n, vectorValue: 0n,
  };
  const states = [state];
  rows.forEach((row, index) => {
    state = advance(state, row, books.book[index] as BookRow, books.weighted.rows[index] as WeightedRow, { ...challenges, z, powers });
    if (state.nextRow % PAGE_ROWS === 0) state = { ...state, digests: books.digests[state.nextRow / PAGE_ROWS] as TableDigests };
    if (state.nextRow % rowsPerPart === 0) states.push(state);
  });
  return states;
}

/** The public commitment to a state. `S` scenarios and `T` tiered slots as the parts have. */
export function tableStateHash(
  poseidon: Poseidon, shape: { readonly S: number; readonly T: number }, blinding: bigint, challenges: Challenges, z: bigint, state: TableState,
): bigint {
  return hashList(poseidon, tagOf('tableState', shape.S, shape.T), [
    blinding, challenges.r, challenges.beta, z, BigInt(state.nextRow), ...digestsInOrder(state.digests), ...state.rules.map(toField), ...state.sums,
    state.zPower, state.vectorValue,
  ]);
}

export function digestsInOrder({ rows, book, weighted }: TableDigests): bigint[] {
  return [rows, book, weighted];
}

interface Points extends Challenges {
  readonly z: bigint;
  /** r^0..r^S */
  readonly powers: readonly bigint[];
}

function advance(before: TableState, row: CommittedRow, book: BookRow, weighted: WeightedRow, points: Points): TableState {
  const kind = INSTRUMENT_KINDS[Number(row.class & 7n)] ?? 'none';
  const settlement = kind !== 'none' && isSettlementKind(kind);
  const continues = (row.class >> 3n & 1n) === 1n;
  const zPower = settlement && !continues ? multiplyInField(before.zPower, multiplyInField(points.z, points.z)) : before.zPower;
  const vector = addInField(toField((book.gross + book.net) / 2n), multiplyInField(points.z, toField((book.gross - book.net) / 2n)));
  return {
    nextRow: before.nextRow + 1,
    digests: before.digests,
    rules: rulesAfter(before.rules, row, book),
    sums: sumsAfter(before, row, book, weighted, points),
    zPower,
    vectorValue: settlement ? addInField(before.vectorValue, multiplyInField(zPower, vector)) : before.vectorValue,
  };
}

function rulesAfter(before: readonly bigint[], row: CommittedRow, book: BookRow): bigint[] {
  const [listedRows = 0n, regionRows = 0n, , , , openNet = 0n] = before;
  const [kind, continues, tiered] = [row.class & 7n, row.class >> 3n & 1n, row.class >> 4n & 1n];
  const listed = kind === 0n ? 0n : 1n;
  const groupNet = continues * openNet + book.net;
  const name = INSTRUMENT_KINDS[Number(kind)] ?? 'none';
  return [listedRows + listed, regionRows + tiered, listed, tiered, kind, groupNet, name !== 'none' && isMatchedKind(name) ? groupNet : 0n];
}

function sumsAfter({ sums, nextRow }: TableState, row: CommittedRow, book: BookRow, weighted: WeightedRow, { beta, powers }: Points): bigint[] {
  const inverse = invertInField(subtractInField(beta, BigInt(nextRow)));
  const powerSum = powers.reduce(addInField, 0n);
  const half = (value: bigint): bigint => multiplyInField(toField(value), HALF);
  const scenarios = row.pnl.reduce((sum, pnl, s) => addInField(sum, multiplyInField(powers[s + 1] as bigint, toField(pnl))), 0n);
  const value = addInField(multiplyInField(powerSum, subtractInField(toField(row.mark), half(row.longCharge - row.shortCharge))), scenarios);
  const charges = multiplyInField(powerSum, half(row.longCharge + row.shortCharge));
  const added = [
    multiplyInField(inverse, weighted.net), multiplyInField(inverse, weighted.gross),
    multiplyInField(inverse, toField(book.net)), multiplyInField(inverse, toField(book.gross)),
    subtractInField(multiplyInField(value, weighted.net), multiplyInField(charges, weighted.gross)),
    multiplyInField(inverse, weighted.tiers), multiplyInField(row.cap, weighted.tiers),
  ];
  return sums.map((sum, place) => addInField(sum, added[place] as bigint));
}

const HALF = invertInField(2n);
