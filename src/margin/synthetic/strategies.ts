import type { MarketRow } from '../../risk/market-table.js';
import { quantaWorth, VenueDraft, type TradableMarket } from './draft.js';
import type { Random } from './random.js';

/** What a strategy may use. Size in whole units of the settlement currency. */
export interface StrategyContext {
  readonly market: TradableMarket;
  readonly random: Random;
  readonly slots: number;
  readonly size: bigint;
}

/** Fills an account that is healthy when done. */
export type Strategy = (context: StrategyContext) => VenueDraft;

/** Deposits of one to a few coins; now and then one in every slot. */
export const saver: Strategy = ({ market, random, slots, size }) => {
  const draft = new VenueDraft(market);
  const count = random.chance(5) ? slots : Math.min(slots, 1 + random.below(4));
  for (const row of random.sample(market.settlement, count)) {
    draft.add(row, quantaWorth(size, row, market.table) / BigInt(count) + 1n);
  }
  return draft;
};

/** A coin as collateral for a loan of another, as large as it stays healthy. */
export const borrower: Strategy = ({ market, random, size }) => {
  const draft = new VenueDraft(market);
  const [collateral, debt] = random.sample(market.settlement, 2);
  if (collateral === undefined || debt === undefined) return draft;
  draft.add(collateral, quantaWorth(size, collateral, market.table) + 1n);
  let loan = quantaWorth((size * random.between(20, 60)) / 100n, debt, market.table);
  draft.add(debt, -loan);
  while (loan > 0n && !draft.margin().healthy) {
    const repaid = (loan + 1n) / 2n;
    draft.add(debt, repaid);
    loan -= repaid;
  }
  return draft;
};

/** A coin held and sold forward in the same amount. */
export const hedger: Strategy = (context) => {
  const { market, random, size } = context;
  const pairs = market.settlement.flatMap((spot) =>
    market.derivatives
      .filter((row) => row.kind !== 'option' && row.id.startsWith(`${spot.id}-`) && row.quantityDecimals === spot.quantityDecimals)
      .map((derivative) => ({ spot, derivative })));
  if (pairs.length === 0) return saver(context);
  const { spot, derivative } = random.pick(pairs);
  const draft = new VenueDraft(market);
  const quantity = quantaWorth(size, spot, market.table) + 1n;
  draft.add(spot, quantity);
  draft.trade(derivative, -quantity, random.between(9_900, 10_100));
  if (context.slots > 3) draft.deposit(random.between(5, 50));
  if (!draft.margin().healthy) draft.dropTrades();
  return draft;
};

/** Leveraged positions of either side with cash behind them. */
export const trader: Strategy = (context) => {
  const { market, random, slots, size } = context;
  const draft = new VenueDraft(market);
  const first = random.pick(market.derivatives.filter((row) => row.kind !== 'option'));
  const sameCurrency = market.derivatives.filter((row) => row.kind !== 'option' && row.asset === first.asset);
  for (const row of random.sample(sameCurrency, 1 + random.below(Math.min(3, slots - 2)))) {
    openPosition(draft, row, random.chance(55), size * random.between(1, 5), context);
  }
  draft.deposit(random.between(10, 300));
  return draft;
};

/** Options: bought alone, spreads between two strikes, or a call and a put sold. */
export const optionTrader: Strategy = (context) => {
  const { market, random, slots, size } = context;
  const options = market.derivatives.filter((row) => row.kind === 'option');
  if (options.length === 0) return trader(context);
  const draft = new VenueDraft(market);
  const first = random.pick(options);
  const others = options.filter((row) => row !== first && row.id.split('-')[0] === first.id.split('-')[0]);
  const soldBoth = random.chance(30);
  openPosition(draft, first, !soldBoth, size, context);
  const [second] = random.sample(others, 1);
  if (second !== undefined && slots >= 4 && random.chance(70)) {
    draft.trade(second, -absolute(draft.quantityOf(first)), random.between(9_800, 10_200));
  }
  draft.deposit(random.between(10, 200));
  return draft;
};

/** A trader after a bad day: unhealthy; without cover at charged prices; or in debt, by `depth` 0, 1, 2. */
export function distressed(context: StrategyContext, depth: number): VenueDraft {
  const draft = trader({ ...context, size: context.size + 100n });
  const { charges, requirement } = draft.margin();
  const targets = [(charges + requirement) / 2n - 1n, charges / 2n, -charges / 4n];
  draft.settleAt(targets[depth % targets.length] ?? 0n);
  return draft;
}

function openPosition(draft: VenueDraft, row: MarketRow, long: boolean, notional: bigint, { market, random }: StrategyContext): void {
  const quantity = quantaWorth(notional, row, market.table) + 1n;
  draft.trade(row, long ? quantity : -quantity, random.between(9_600, 10_400));
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
