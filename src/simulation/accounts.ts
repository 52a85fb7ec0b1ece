import { evaluate, type Margin } from '../margin/margin.js';
import type { MarketTable } from '../risk/market-table.js';
import type { Holding } from '../venue/account.js';
import { CASH, ENTRY, isPerpetual } from './market.js';

/** Where an account stands: docs/decisions/0010. */
export type Standing = 'sound' | 'challenged' | 'frozen' | 'liquidating';

/** What an account holds, by row, in quanta. */
export type Quantities = readonly bigint[];

/** One account of the simulated venue, and how those behave who look after it. */
export interface SimulatedAccount {
  readonly name: string;
  readonly role: 'trader' | 'maker';
  /** Somebody beside the venue holds the opening: a silent venue does not hide the account. */
  readonly watched: boolean;
  /** Its owner answers challenges, and adds `reserve` once margin gets short. */
  readonly awake: boolean;
  reserve: bigint;
  quantities: bigint[];
  standing: Standing;
  /** Step at which somebody who knows the opening has proven how it stands; the owner has answered, has added his reserve. */
  provenAt: number | undefined;
  answeredAt: number | undefined;
  depositedAt: number | undefined;
  /** Last step of an answer to a challenge. */
  deadline: number | undefined;
  /** Prices when the public last saw it act or answer: challengers know no more of it. */
  seenPrices: readonly bigint[];
  /** Slices of less than MIN_LOT sold in this liquidation. */
  dust: number;
  auction: { readonly row: number; readonly accountSells: boolean; readonly since: number } | undefined;
  /** Step from which somebody has a proof over what it holds now. */
  readyAt: number;
  /** Steps since when the venue's tables say it does not meet maintenance, and that it owes more than it has. */
  underWaterSince: number | undefined;
  inDebtSince: number | undefined;
}

/** Holdings as the margin engine takes them. */
export function holdingsOf(quantities: Quantities): Holding[] {
  return quantities.flatMap((quantity, index) => (quantity === 0n ? [] : [{ index, quantity }]));
}

export function marginOf(table: MarketTable, quantities: Quantities): Margin {
  return evaluate(table, holdingsOf(quantities));
}

/** Quantities after some rows changed. */
export function after(quantities: Quantities, changes: readonly (readonly [row: number, change: bigint])[]): bigint[] {
  const changed = [...quantities];
  for (const [row, change] of changes) changed[row] = (changed[row] ?? 0n) + change;
  return changed;
}

/** Cash and what positions cost, quanta: both are worth a dollar a unit, and without positions only their sum matters. */
export function moneyOf(quantities: Quantities): bigint {
  return (quantities[CASH] ?? 0n) + (quantities[ENTRY] ?? 0n);
}

/** What others have to pay: money below nothing and nothing left to sell, in quanta; else 0. */
export function debtOf(quantities: Quantities): bigint {
  const money = moneyOf(quantities);
  return money < 0n && quantities.every((quantity, row) => row === CASH || row === ENTRY || quantity === 0n) ? -money : 0n;
}

/** The circuit's test of a trade that only reduces risk: R' <= R, and what is given away is at most half of what R goes down by. */
export function onlyReduces(before: Margin, afterwards: Margin): boolean {
  return afterwards.requirement <= before.requirement
    && 2n * (afterwards.equity - before.equity) + (before.requirement - afterwards.requirement) >= 0n;
}

/** Value of all perpetuals held, either way, value units. */
export function grossOf(table: MarketTable, quantities: Quantities): bigint {
  return quantities.reduce((sum, quantity, row) => (isPerpetual(row) ? sum + (quantity < 0n ? -quantity : quantity) * (table.rows[row]?.mark ?? 0n) : sum), 0n);
}
