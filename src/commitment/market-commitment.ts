import { toField } from '../field/scalar-field.js';
import { instrumentListText, instrumentText } from '../risk/instrument-list.js';
import type { MarginLevel, MarketRow, MarketTable } from '../risk/market-table.js';
import { packRates } from '../risk/row-terms.js';
import { tieredRows } from '../risk/tiers.js';
import { kindCode } from '../venue/instrument.js';
import { digestOf } from './digest.js';
import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';
import { MerkleTree16 } from './merkle-tree-16.js';
import { rowsDigest } from './table-digests.js';

/** Depth of the 16-ary tree over the rows of a market table: 4,096 places. */
export const ROWS_DEPTH = 3;

export const LEVEL_CODE: Readonly<Record<MarginLevel, bigint>> = { maintenance: 1n, initial: 2n };

/** Header of a market table, as committed. */
export interface MarketHeader {
  readonly level: bigint;
  readonly snapshotTime: bigint;
  readonly valueScale: bigint;
  readonly scenarios: bigint;
  readonly listedRows: bigint;
  readonly tieredRows: bigint;
  readonly instrumentList: bigint;
  readonly parameterSet: bigint;
}

export function marketHeader(table: MarketTable): MarketHeader {
  return {
    level: LEVEL_CODE[table.level],
    snapshotTime: BigInt(table.snapshotTime),
    valueScale: BigInt(table.valueScale),
    scenarios: BigInt(table.scenarios.length),
    listedRows: BigInt(table.rows.length),
    tieredRows: BigInt(tieredRows(table)),
    instrumentList: digestOf(instrumentListText(table.rows)),
    parameterSet: digestOf(parameterSetText(table)),
  };
}

/** The text behind the header's parameter-set digest: version, currency and scenario names, a line each. What a reader is shown is bound too. */
export function parameterSetText({ parameterSet, currency, scenarios }: MarketTable): string {
  return [parameterSet, currency, ...scenarios].map((line) => `${line}\n`).join('');
}

/** What a row is and what its values follow from: fields that proofs of an account's worth need not open. */
export interface RowDetail {
  readonly group: bigint;
  readonly predecessor: bigint;
  readonly instrument: bigint;
  readonly cap: bigint;
  readonly activationEpoch: bigint;
  readonly price: bigint;
  readonly volatility: bigint;
  readonly multiplier: bigint;
  readonly rates: bigint;
  readonly strike: bigint;
}

export function detailOf(row: MarketRow): RowDetail {
  const { terms, volatility = 0n } = row;
  const { multiplier, rates, strike } = terms === undefined
    ? { multiplier: 0n, rates: 0n, strike: 0n }
    : { multiplier: terms.multiplier, rates: packRates(terms), strike: terms.strike };
  return {
    group: BigInt(row.group), predecessor: BigInt(row.predecessor), instrument: instrumentDigest(row), cap: row.cap,
    activationEpoch: BigInt(row.activationEpoch), price: row.oraclePrice, volatility, multiplier, rates, strike,
  };
}

/** Hash of a row's detail. */
export function rowDetail(poseidon: Poseidon, row: MarketRow): bigint {
  const { group, predecessor, instrument, cap, activationEpoch, price, volatility, multiplier, rates, strike } = detailOf(row);
  return hashList(poseidon, tagOf('rowDetail'), [group, predecessor, instrument, cap, activationEpoch, price, volatility, multiplier, rates, strike]);
}

/** What a row is and stays: an element of the board's append-only list. */
export function instrumentDigest(row: MarketRow): bigint {
  return digestOf(instrumentText(row));
}

/** Hash of the scenarios' moves; 0 without scenarios. A table that no parameter set made moves by 0. */
export function scenarioDigest(poseidon: Poseidon, { scenarios, moves }: MarketTable): bigint {
  if (scenarios.length === 0) return 0n;
  const elements = scenarios.flatMap((_, scenario) => [moves?.[scenario]?.price ?? 0, moves?.[scenario]?.basis ?? 0]);
  return hashList(poseidon, tagOf('scenarios', scenarios.length), elements.map((each) => toField(BigInt(each))));
}

export function rowHash(poseidon: Poseidon, row: MarketRow): bigint {
  return hashList(poseidon, tagOf('row', row.pnl.length), [
    rowDetail(poseidon, row), BigInt(kindCode(row.kind)), toField(row.mark), row.longCharge, row.shortCharge, ...row.pnl.map(toField),
  ]);
}

export function rowsTree(poseidon: Poseidon, rows: readonly MarketRow[]): MerkleTree16 {
  return MerkleTree16.ofLeaves(poseidon, ROWS_DEPTH, rows.map((row) => rowHash(poseidon, row)));
}

/**
 * H(tag, header, digest of rows, root over rows): the public name of a market table.
 *
 * The close opens the digest, proofs about one account the tree; whoever reads the table computes both from it.
 */
export function marketCommitment(poseidon: Poseidon, table: MarketTable): bigint {
  const header = marketHeader(table);
  return hashList(poseidon, tagOf('market'), [
    header.level, header.snapshotTime, header.valueScale, header.scenarios, header.listedRows, header.tieredRows,
    header.instrumentList, header.parameterSet, scenarioDigest(poseidon, table), rowsDigest(poseidon, table), rowsTree(poseidon, table.rows).root,
  ]);
}
