import { checksumAddress } from '../../src/attestation/checksum-address.js';
import { planTransition } from '../../src/clearing/apply-transition.js';
import type { Order } from '../../src/clearing/order.js';
import type { TransitionPlan, TransitionWish } from '../../src/clearing/transition-plan.js';
import { slotsOf } from '../../src/commitment/account-leaf.js';
import type { ClearedOpening } from '../../src/commitment/cleared-account.js';
import type { TradeTerms } from '../../src/commitment/trade-commitment.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import type { TradeAct } from '../../src/statement/transition.js';
import { TIERED_ROWS, tieredMarket } from './tiered-market.js';

/** Slots of the test shape. */
export const CLEARED_SLOTS = 4;
export const PERIOD = 7;
/** Ppm. */
export const BAND = 50_000;
export const HOUSE = {
  venue: { chainId: 31_337n, registry: checksumAddress(`0x${'5a'.repeat(20)}`), venueId: 1n }, house: checksumAddress(`0x${'c1'.repeat(20)}`),
} as const;

const { PERP, USDC, CALL } = TIERED_ROWS;

/** The table that risk is taken under. */
export function initialTable(): MarketTable {
  return { ...tieredMarket(), level: 'initial' };
}

/** An account with these row-level holdings by row. */
export function clearedAccount(holdings: Readonly<Record<number, bigint>>, slots = CLEARED_SLOTS): ClearedOpening {
  const held = Object.entries(holdings).map(([index, quantity]) => ({ index: Number(index), quantity }));
  return { key: 77n, nonce: 4_242n, period: PERIOD, slots: slotsOf(held, slots, 0) };
}

/** What an opening or plan holds, by row. */
export function heldBy({ slots }: Pick<ClearedOpening, 'slots'>): Record<number, bigint> {
  return Object.fromEntries(slots.filter(({ quantity }) => quantity !== 0n).map(({ index, quantity }) => [index, quantity]));
}

/** Ten perpetuals at the mark; changes as wanted. */
export function tradeTerms(change: Partial<TradeTerms> = {}): TradeTerms {
  return { buyer: 1n, seller: 2n, expiry: 1_790_000_600, row: PERP, payRow: TIERED_ROWS.ENTRY, quantity: 10n, payment: 600_000n, nonce: 99n, ...change };
}

/** Premium of one call at its mark, paid in cash. */
export function callTrade(change: Partial<TradeTerms> = {}): TradeTerms {
  return tradeTerms({ row: CALL, payRow: USDC, quantity: 1n, payment: 4_000n, ...change });
}

export function tradeAct(trade: TradeTerms, seller = false): TradeAct {
  return { kind: 'trade', seller, trade, band: BAND };
}

/** A plan by the owner in the test period. */
export function planned(before: ClearedOpening, act: TransitionWish['act'], wish: Partial<TransitionWish> = {}, table: MarketTable = initialTable()): TransitionPlan {
  return planTransition(table, before, { act, owned: true, period: PERIOD, ...wish });
}

/** A buy of ten perpetuals at 60,000 each. */
export function order(change: Partial<Order> = {}): Order {
  return { handle: 1n, seller: false, row: PERP, payRow: TIERED_ROWS.ENTRY, quantity: 10n, payment: 600_000n, partial: true, expiry: 1_790_000_600, nonce: 5n, ...change };
}
