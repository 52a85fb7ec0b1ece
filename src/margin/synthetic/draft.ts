import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { splitIntoTiers, tieredRows } from '../../risk/tiers.js';
import type { Account, Holding } from '../../venue/account.js';
import { evaluate, type Margin } from '../margin.js';

/** A market table with the look-ups the generator needs. Rows named here are first rows of their instruments. */
export interface TradableMarket {
  readonly table: MarketTable;
  /** The row every account settles in. */
  readonly cash: MarketRow;
  readonly settlement: readonly MarketRow[];
  readonly derivatives: readonly MarketRow[];
  /** The entry row of a derivative's currency. */
  readonly entryOf: (derivative: MarketRow) => MarketRow;
}

/** A derivative position and what it cost, in quanta of the entry row (negative: paid). */
export interface Trade {
  readonly derivative: MarketRow;
  readonly entry: MarketRow;
  readonly quantity: bigint;
  readonly cost: bigint;
}

/** Quanta of a row that are worth `units` whole units of the settlement currency at its mark; 0 for a row without a price. */
export function quantaWorth(units: bigint, row: MarketRow, table: MarketTable): bigint {
  return row.mark === 0n ? 0n : (units * 10n ** BigInt(table.valueScale)) / row.mark;
}

/** An account while the generator fills it. */
export class VenueDraft {
  private readonly quantities = new Map<number, bigint>();
  readonly trades: Trade[] = [];

  constructor(private readonly market: TradableMarket) {}

  add(row: MarketRow, quantity: bigint): void {
    this.quantities.set(row.index, (this.quantities.get(row.index) ?? 0n) + quantity);
  }

  quantityOf(row: MarketRow): bigint {
    return this.quantities.get(row.index) ?? 0n;
  }

  /** Opens a derivative position at `priceBasis` basis points of the mark; the cost goes to the entry row. */
  trade(derivative: MarketRow, quantity: bigint, priceBasis: bigint): void {
    const entry = this.market.entryOf(derivative);
    const cost = -(quantity * derivative.mark * priceBasis) / (10_000n * entry.mark);
    this.book({ derivative, entry, quantity, cost });
  }

  book(trade: Trade): void {
    this.trades.push(trade);
    this.add(trade.derivative, trade.quantity);
    this.add(trade.entry, trade.cost);
  }

  /** Takes all derivative positions and their cost out again. */
  dropTrades(): void {
    for (const { derivative, entry, quantity, cost } of this.trades.splice(0)) {
      this.add(derivative, -quantity);
      this.add(entry, -cost);
    }
  }

  margin(): Margin {
    return evaluate(this.market.table, this.rows());
  }

  /** Whether the account fits in so many slots, of which so many may be of the tiered region. */
  fits(slots: number, tieredSlots: number): boolean {
    const rows = this.rows();
    const region = tieredRows(this.market.table);
    return rows.length <= slots && rows.filter(({ index }) => index < region).length <= tieredSlots;
  }

  /** Deposits cash until equity is at least the requirement plus `bufferPercent` of it. */
  deposit(bufferPercent: bigint): void {
    const { equity, requirement } = this.margin();
    const missing = requirement + (requirement * bufferPercent) / 100n + 1n - equity;
    if (missing > 0n) this.add(this.market.cash, missing / this.market.cash.mark + 1n);
  }

  /** Deposits or borrows cash until equity is about `target` value units. */
  settleAt(target: bigint): void {
    this.add(this.market.cash, (target - this.margin().equity) / this.market.cash.mark);
  }

  finish(userId: string, subAccount: number): Account {
    return Object.freeze({ userId, subAccount, owner: undefined, holdings: Object.freeze(this.holdings()) });
  }

  private rows(): readonly Holding[] {
    return splitIntoTiers(this.market.table, this.holdings());
  }

  private holdings(): Holding[] {
    return [...this.quantities]
      .filter(([, quantity]) => quantity !== 0n)
      .map(([index, quantity]) => Object.freeze({ index, quantity }))
      .sort((a, b) => a.index - b.index);
  }
}
