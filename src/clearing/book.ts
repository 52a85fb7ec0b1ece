import { clearedCommitment, type ClearedOpening } from '../commitment/cleared-account.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { instrumentsOf } from '../risk/tiers.js';
import { isMatchedKind } from '../venue/instrument.js';
import { heldOf } from './postings.js';

/** An account on the chain, and what the operator knows of it. */
export interface BookEntry {
  readonly handle: bigint;
  /** As it stands on the chain. */
  readonly commitment: bigint;
  /** Undefined where the operator holds none. */
  readonly opening: ClearedOpening | undefined;
}

/** One instrument over all accounts, quanta. */
export interface ClearedLine {
  readonly row: MarketRow;
  /** Sum over all accounts: 0 of derivatives and entry, but between the first and the last expiry of a row. */
  readonly net: bigint;
  /** Sum of what is held long: the open interest of a derivative, the deposits of an asset. */
  readonly long: bigint;
  readonly short: bigint;
  readonly holders: number;
}

export interface ClearedBook {
  readonly accounts: number;
  readonly lines: readonly ClearedLine[];
  /** Handles whose opening is missing, or is of another commitment: the sums lack them. */
  readonly unopened: readonly bigint[];
  /** Instruments whose longs do not equal their shorts. Means nothing while accounts are unopened. */
  readonly unmatched: readonly ClearedLine[];
}

/** What all accounts of a venue hold, from the openings that the operator signed for, held against the chain. */
export function clearedBook(poseidon: Poseidon, table: MarketTable, entries: readonly BookEntry[]): ClearedBook {
  const opened = entries.flatMap(({ commitment, opening }) => (opening !== undefined && clearedCommitment(poseidon, opening) === commitment ? [opening] : []));
  const unopened = entries.filter(({ commitment, opening }) => opening === undefined || clearedCommitment(poseidon, opening) !== commitment);
  const lines = instrumentsOf(table).map((row) => lineOf(table, row, opened)).filter(({ holders }) => holders > 0);
  return {
    accounts: entries.length, lines, unopened: unopened.map(({ handle }) => handle), unmatched: lines.filter(({ row, net }) => isMatchedKind(row.kind) && net !== 0n),
  };
}

function lineOf(table: MarketTable, row: MarketRow, opened: readonly ClearedOpening[]): ClearedLine {
  const held = opened.map(({ slots }) => heldOf(table, slots, row.index)).filter((quantity) => quantity !== 0n);
  const sum = (of: readonly bigint[]): bigint => of.reduce((total, one) => total + one, 0n);
  const [long, short] = [sum(held.filter((one) => one > 0n)), -sum(held.filter((one) => one < 0n))];
  return { row, net: long - short, long, short, holders: held.length };
}
