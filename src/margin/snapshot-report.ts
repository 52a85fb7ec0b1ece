import { listingLimit } from '../risk/listing-limit.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import type { Account } from '../venue/account.js';
import { isMatchedKind, type InstrumentKind } from '../venue/instrument.js';
import { evaluate, rowAt } from './margin.js';

/** What all accounts hold of one instrument, in quanta. */
export interface BookLine {
  readonly index: number;
  readonly instrument: string;
  readonly kind: InstrumentKind;
  readonly quantityDecimals: number;
  /** B: sum of quantities. 0 in a matched row. */
  readonly net: bigint;
  /** O >= |B|: sum of magnitudes. */
  readonly gross: bigint;
  /** A = (O + B) / 2: all long quantities. */
  readonly deposits: bigint;
  /** L = (O - B) / 2: all short quantities, as a magnitude. */
  readonly loans: bigint;
  readonly holders: number;
  /** Largest |quantity| of one account, and who holds it. */
  readonly largest: { readonly quantity: bigint; readonly userId: string; readonly subAccount: number } | undefined;
  /** Largest |quantity| the listing rule allows. */
  readonly limit: bigint;
}

/** Something that keeps the snapshot from being proven. */
export type Finding =
  | { readonly kind: 'unmatched'; readonly instrument: string; readonly net: bigint; readonly message: string }
  | { readonly kind: 'listing-limit'; readonly instrument: string; readonly quantity: bigint; readonly limit: bigint; readonly message: string }
  | { readonly kind: 'too-many-holdings'; readonly userId: string; readonly subAccount: number; readonly message: string };

/** Figures of a snapshot against a table. Money in value units, exact. */
export interface SnapshotReport {
  readonly accounts: number;
  readonly holdings: number;
  readonly mostHoldings: number;
  readonly unhealthy: number;
  /** Sum of the accounts' shortfalls. */
  readonly shortfall: bigint;
  /** Sum of the accounts' bad debts. */
  readonly badDebt: bigint;
  /** Sum of equities: what the venue owes its accounts, net. */
  readonly equity: bigint;
  readonly book: readonly BookLine[];
  readonly findings: readonly Finding[];
}

/** The shape of circuit the snapshot is meant for. */
export interface ReportShape {
  /** K */
  readonly slots: number;
  /** W */
  readonly excessBits: number;
}

interface RunningLine {
  net: bigint;
  gross: bigint;
  holders: number;
  largest: BookLine['largest'];
}

/**
 * Goes over the accounts once, an iterable of them as they come or a collected snapshot.
 * @throws UnknownInstrumentError for a holding beyond the table
 */
export async function reportSnapshot(
  accounts: Iterable<Account> | AsyncIterable<Account>,
  table: MarketTable,
  shape: ReportShape,
): Promise<SnapshotReport> {
  const lines = table.rows.map((): RunningLine => ({ net: 0n, gross: 0n, holders: 0, largest: undefined }));
  const findings: Finding[] = [];
  const totals = { accounts: 0, holdings: 0, mostHoldings: 0, unhealthy: 0, shortfall: 0n, badDebt: 0n, equity: 0n };
  for await (const account of accounts) {
    const margin = evaluate(table, account.holdings);
    totals.accounts += 1;
    totals.holdings += account.holdings.length;
    totals.mostHoldings = Math.max(totals.mostHoldings, account.holdings.length);
    totals.unhealthy += margin.healthy ? 0 : 1;
    totals.shortfall += margin.shortfall;
    totals.badDebt += margin.badDebt;
    totals.equity += margin.equity;
    if (account.holdings.length > shape.slots) findings.push(tooManyHoldings(account, shape.slots));
    addToBook(account, lines, table);
  }
  const book = table.rows.map((row, index) => bookLine(row, lines[index], shape));
  return { ...totals, book, findings: [...findings, ...book.flatMap(findingsOf)] };
}

function addToBook(account: Account, lines: readonly RunningLine[], table: MarketTable): void {
  for (const { index, quantity } of account.holdings) {
    const line = lines[rowAt(table, index).index];
    if (line === undefined) continue;
    const magnitude = quantity < 0n ? -quantity : quantity;
    line.net += quantity;
    line.gross += magnitude;
    line.holders += 1;
    if (line.largest === undefined || magnitude > line.largest.quantity) {
      line.largest = { quantity: magnitude, userId: account.userId, subAccount: account.subAccount };
    }
  }
}

function bookLine(row: MarketRow, line: RunningLine | undefined, shape: ReportShape): BookLine {
  const { net, gross, holders, largest } = line ?? { net: 0n, gross: 0n, holders: 0, largest: undefined };
  return {
    index: row.index,
    instrument: row.id,
    kind: row.kind,
    quantityDecimals: row.quantityDecimals,
    net,
    gross,
    deposits: (gross + net) / 2n,
    loans: (gross - net) / 2n,
    holders,
    largest,
    limit: listingLimit(row, shape.slots, shape.excessBits),
  };
}

function findingsOf(line: BookLine): Finding[] {
  const { instrument, net, largest, limit } = line;
  const found: Finding[] = [];
  if (isMatchedKind(line.kind) && net !== 0n) {
    found.push({
      kind: 'unmatched', instrument, net,
      message: `${instrument} nets to ${net} quanta over all accounts, not to 0: book the other side in the venue's own account`,
    });
  }
  if (largest !== undefined && largest.quantity > limit) {
    found.push({
      kind: 'listing-limit', instrument, quantity: largest.quantity, limit,
      message: `user ${JSON.stringify(largest.userId)}, sub-account ${largest.subAccount} holds ${largest.quantity} quanta of ${instrument}, `
        + `the listing rule allows ${limit}: split the account or list the instrument with fewer decimals`,
    });
  }
  return found;
}

function tooManyHoldings(account: Account, slots: number): Finding {
  const { userId, subAccount, holdings } = account;
  return {
    kind: 'too-many-holdings', userId, subAccount,
    message: `user ${JSON.stringify(userId)}, sub-account ${subAccount} holds ${holdings.length} instruments, the circuit has ${slots} slots: `
      + 'use a wider shape or split the account',
  };
}
