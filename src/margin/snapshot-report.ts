import { instrumentLimit } from '../risk/listing-limit.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { instrumentsOf, splitIntoTiers, TierCapacityError, tieredRows, tiersOf } from '../risk/tiers.js';
import type { Account, Holding } from '../venue/account.js';
import { isMatchedKind, type InstrumentKind } from '../venue/instrument.js';
import { evaluate } from './margin.js';

/** What all accounts hold of one instrument, over its tiers, in quanta. */
export interface BookLine {
  /** Its first row. */
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
  | { readonly kind: 'too-many-holdings' | 'too-many-tiers' | 'beyond-tiers'; readonly userId: string; readonly subAccount: number; readonly message: string };

/** Figures of a snapshot against a table. Money in value units, exact; accounts with a `beyond-tiers` finding are counted but have no margin. */
export interface SnapshotReport {
  readonly accounts: number;
  /** Over all accounts, and the most of one: a tier in use counts as a holding, as it takes a slot. */
  readonly holdings: number;
  readonly mostHoldings: number;
  /** Most holdings of one account in rows of the tiered region. */
  readonly mostTiered: number;
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
  /** T, 0 to K; without it tiered rows are not held against slots of their own. */
  readonly tieredSlots?: number;
  /** W */
  readonly excessBits: number;
}

interface RunningLine {
  net: bigint;
  gross: bigint;
  holders: number;
  largest: BookLine['largest'];
}

class Totals {
  accounts = 0;
  holdings = 0;
  mostHoldings = 0;
  mostTiered = 0;
  unhealthy = 0;
  shortfall = 0n;
  badDebt = 0n;
  equity = 0n;

  constructor(private readonly table: MarketTable) {}

  add(rows: readonly Holding[], tiered: number): void {
    const margin = evaluate(this.table, rows);
    this.holdings += rows.length;
    this.mostHoldings = Math.max(this.mostHoldings, rows.length);
    this.mostTiered = Math.max(this.mostTiered, tiered);
    this.unhealthy += margin.healthy ? 0 : 1;
    this.shortfall += margin.shortfall;
    this.badDebt += margin.badDebt;
    this.equity += margin.equity;
  }

  figures(): Omit<SnapshotReport, 'book' | 'findings'> {
    const { accounts, holdings, mostHoldings, mostTiered, unhealthy, shortfall, badDebt, equity } = this;
    return { accounts, holdings, mostHoldings, mostTiered, unhealthy, shortfall, badDebt, equity };
  }
}

/**
 * Goes over the accounts once, an iterable of them as they come or a collected snapshot. Holdings are instrument-level.
 * @throws UnknownInstrumentError for a holding beyond the table, or of a tier instead of an instrument
 */
export async function reportSnapshot(
  accounts: Iterable<Account> | AsyncIterable<Account>,
  table: MarketTable,
  shape: ReportShape,
): Promise<SnapshotReport> {
  const lines = table.rows.map((): RunningLine => ({ net: 0n, gross: 0n, holders: 0, largest: undefined }));
  const findings: Finding[] = [];
  const totals = new Totals(table);
  const region = tieredRows(table);
  for await (const account of accounts) {
    totals.accounts += 1;
    const rows = rowsHeld(account, table, findings);
    if (rows !== undefined) {
      const tiered = rows.filter(({ index }) => index < region).length;
      totals.add(rows, tiered);
      findings.push(...slotFindings(account, rows.length, tiered, shape));
    }
    addToBook(account, lines);
  }
  const book = instrumentsOf(table).map((row) => bookLine(tiersOf(table, row.index), row, lines[row.index], shape));
  return { ...totals.figures(), book, findings: [...findings, ...book.flatMap(findingsOf)] };
}

/** Row-level holdings, or undefined and a finding when the tiers do not take them. */
function rowsHeld(account: Account, table: MarketTable, findings: Finding[]): readonly Holding[] | undefined {
  try {
    return splitIntoTiers(table, account.holdings);
  } catch (thrown) {
    if (!(thrown instanceof TierCapacityError)) throw thrown;
    findings.push({ kind: 'beyond-tiers', ...ownerOf(account), message: `${nameOf(account)}: ${thrown.message}` });
    return undefined;
  }
}

function slotFindings(account: Account, held: number, tiered: number, { slots, tieredSlots }: ReportShape): Finding[] {
  const found: Finding[] = [];
  if (held > slots) {
    found.push({
      kind: 'too-many-holdings', ...ownerOf(account),
      message: `${nameOf(account)} holds ${held} instruments, each tier in use counted, the circuit has ${slots} slots: use a wider shape or split the account`,
    });
  }
  if (tieredSlots !== undefined && tiered > tieredSlots) {
    found.push({
      kind: 'too-many-tiers', ...ownerOf(account),
      message: `${nameOf(account)} holds ${tiered} rows of the tiered region, the circuit has ${tieredSlots} slots for them: use a wider shape or split the account`,
    });
  }
  return found;
}

function ownerOf({ userId, subAccount }: Account): { readonly userId: string; readonly subAccount: number } {
  return { userId, subAccount };
}

function nameOf({ userId, subAccount }: Account): string {
  return `user ${JSON.stringify(userId)}, sub-account ${subAccount}`;
}

/** Requires holdings that splitIntoTiers has seen: each names an instrument of the table. */
function addToBook(account: Account, lines: readonly RunningLine[]): void {
  for (const { index, quantity } of account.holdings) {
    const line = lines[index];
    if (line === undefined) continue;
    const magnitude = quantity < 0n ? -quantity : quantity;
    line.net += quantity;
    line.gross += magnitude;
    line.holders += 1;
    if (line.largest === undefined || magnitude > line.largest.quantity) line.largest = { quantity: magnitude, ...ownerOf(account) };
  }
}

function bookLine(tiers: readonly MarketRow[], row: MarketRow, line: RunningLine | undefined, shape: ReportShape): BookLine {
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
    limit: instrumentLimit(tiers, shape.slots, shape.excessBits),
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
