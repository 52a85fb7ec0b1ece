import { circuitIdOf } from '../../src/commitment/digest.js';
import { derivedNonce, type ClearedOpening } from '../../src/commitment/cleared-account.js';
import { baseOf } from '../../src/commitment/identity.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { slotsOf } from '../../src/commitment/account-leaf.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { TradeTerms } from '../../src/commitment/trade-commitment.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { splitIntoTiers, tiersOf } from '../../src/risk/tiers.js';
import { transitionDelta } from '../../src/statement/transition-delta.js';
import type { CollateralAct, ExpiryAct, FundingAct, TradeAct, TransitionAct, TransitionFlags } from '../../src/statement/transition.js';
import type { Holding } from '../../src/venue/account.js';
import { accountTransitionInput, accountTransitionSignals, type TransitionStatement } from '../../src/witness/account-transition-input.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { transitionPostings } from '../../src/witness/transition-postings.js';
import { OWNER, keyOfOwner } from './account.js';
import { TEST_VENUE } from './epoch.js';

/** The smallest shapes of account-transition in circuits.json: two of different numbers of slots, which trade with each other. */
export const TRANSITION_SHAPE = { K: 4, S: 2, circuit: 'account-transition-k4-s2', widerK: 5, widerCircuit: 'account-transition-k5-s2' } as const;

/** Funding period of the venue now. */
export const PERIOD = 6;
/** Ppm: 5 %. */
export const BAND = 50_000;
export const BUYER = 11n;
export const SELLER = 12n;

export const OWNED: TransitionFlags = Object.freeze({ owned: true, reducing: false, unmargined: false, period: PERIOD });
export const REDUCING: TransitionFlags = Object.freeze({ ...OWNED, reducing: true });
export const UNMARGINED: TransitionFlags = Object.freeze({ ...OWNED, unmargined: true });
export const UNOWNED: TransitionFlags = Object.freeze({ ...OWNED, owned: false });
export const LIQUIDATION: TransitionFlags = Object.freeze({ ...UNOWNED, reducing: true });

export function deposit(row: number, amount: bigint, opens = false): CollateralAct {
  return { kind: 'collateral', opens, in: { row, amount }, context: (5n << 64n) + 7n };
}

export function withdraw(row: number, amount: bigint): CollateralAct {
  return { kind: 'collateral', opens: false, out: { row, amount }, context: 9n };
}

/** Terms of a trade between the test handles. */
export function terms(row: number, payRow: number, quantity: bigint, payment: bigint): TradeTerms {
  return { buyer: BUYER, seller: SELLER, expiry: 1_800_000_000, row, payRow, quantity, payment, nonce: 4242n };
}

export function buys(row: number, payRow: number, quantity: bigint, payment: bigint, band = BAND): TradeAct {
  return { kind: 'trade', seller: false, trade: terms(row, payRow, quantity, payment), band };
}

export function sells(row: number, payRow: number, quantity: bigint, payment: bigint, band = BAND): TradeAct {
  return { ...buys(row, payRow, quantity, payment, band), seller: true };
}

/** An expiry in cash. */
export function expires(row: number, payRow: number, value: bigint, change: Partial<ExpiryAct> = {}): ExpiryAct {
  return { kind: 'expiry', row, payRow, deliverRow: 0, value, unit: 1_000_000n, deliver: 0n, ...change };
}

/** Funding of the perpetuals of these groups, from the period before. */
export function funds(payRow: number, rates: FundingAct['rates'], fromPeriod = PERIOD - 1): FundingAct {
  return { kind: 'funding', payRow, fromPeriod, rates };
}

/** The test owner's account with these row-level holdings. */
export function clearedOpening(poseidon: Poseidon, holdings: readonly Holding[], change: Partial<ClearedOpening> & { readonly K?: number } = {}): ClearedOpening {
  const { K = TRANSITION_SHAPE.K, ...other } = change;
  return { key: keyOfOwner(poseidon), nonce: 777n, period: PERIOD, slots: slotsOf(holdings, K, 0), ...other };
}

/** What an honest prover shows of an account with these row-level holdings; any part may be another. */
export function transition(
  poseidon: Poseidon, table: MarketTable, holdings: readonly Holding[], act: TransitionAct, flags: TransitionFlags = OWNED, change: Partial<TransitionStatement> & { readonly K?: number } = {},
): TransitionStatement {
  const { K = TRANSITION_SHAPE.K, ...other } = change;
  const circuitId = circuitIdOf(K === TRANSITION_SHAPE.K ? TRANSITION_SHAPE.circuit : TRANSITION_SHAPE.widerCircuit);
  const base = other.base ?? baseOf(poseidon, TEST_VENUE);
  const before = other.before ?? clearedOpening(poseidon, holdings, { K, period: act.kind === 'funding' ? act.fromPeriod : flags.period });
  const nonce = flags.owned ? 888n : derivedNonce(poseidon, before.nonce, transitionDelta(poseidon, base, marketCommitment(poseidon, other.table ?? table), act));
  const after = other.after ?? { ...before, nonce, period: flags.period, slots: slotsAfter(table, before.slots, act) };
  return { base, circuitId, table, owner: flags.owned ? OWNER : undefined, before, after, act, flags, ...other };
}

export function transitionInput(poseidon: Poseidon, statement: TransitionStatement): CircuitInput {
  return accountTransitionInput(poseidon, accountTransitionSignals(poseidon, statement), statement);
}

/** The slots after: every instrument split anew where its whole changed, emptied and named rows kept, the others behind them. */
export function slotsAfter(table: MarketTable, before: readonly Holding[], act: TransitionAct): readonly Holding[] {
  const { postings } = transitionPostings(table, before, act);
  const named = postings.filter((posting) => posting !== undefined);
  const whole = new Map<number, bigint>();
  for (const { index, quantity } of before.filter((one) => one.quantity !== 0n)) {
    const first = tiersOf(table, index)[0]?.index ?? index;
    whole.set(first, (whole.get(first) ?? 0n) + quantity);
  }
  for (const { row, total } of named) whole.set(row, (whole.get(row) ?? 0n) + total);
  const rows = new Map<number, bigint>();
  for (const { index, quantity } of before) if (quantity !== 0n) rows.set(index, 0n);
  for (const { row } of named) rows.set(row, 0n);
  for (const [index, quantity] of whole) if (quantity !== 0n) for (const tier of splitIntoTiers(table, [{ index, quantity }])) rows.set(tier.index, tier.quantity);
  return slotsOf([...rows].map(([index, quantity]) => ({ index, quantity })).sort((one, other) => one.index - other.index), before.length, 0);
}
