import { clearedCommitment, derivedNonce, type ClearedOpening } from '../commitment/cleared-account.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { TradeTerms } from '../commitment/trade-commitment.js';
import type { MarketTable } from '../risk/market-table.js';
import type { CollateralAct, ExpiryAct, FundingAct, TransitionAct } from '../statement/transition.js';
import { unpackTransitionDelta } from '../statement/transition-delta.js';
import { unpackTransitionTerms } from '../statement/transition-terms.js';
import { openingAfter, planTransition } from './apply-transition.js';
import { OpeningUnknownError } from './clearing-errors.js';

/** A change of an account as the chain tells it: event AccountChanged. */
export interface AccountChange {
  readonly oldCommitment: bigint;
  readonly newCommitment: bigint;
  readonly marketCommitment: bigint;
  readonly terms: bigint;
  readonly delta: bigint;
}

/**
 * What somebody settled or paid of what an account owed, without its owner; undefined for what only the owner, or who knows the terms of a
 * trade, can open.
 */
export function settledWithoutOwner({ terms, delta }: Pick<AccountChange, 'terms' | 'delta'>): CollateralAct | ExpiryAct | FundingAct | undefined {
  const { kind, owned, first, second } = unpackTransitionTerms(terms);
  if (owned || kind === 'trade') return undefined;
  const said = unpackTransitionDelta(kind, delta);
  switch (said.kind) {
    case 'collateral':
      return { ...said, opens: false, context: first + (second << 64n) };
    case 'expiry':
      return said;
    case 'funding':
      return { ...said, payRow: Number(first), fromPeriod: Number(second) };
  }
}

/** One side of a trade that was made without the account's owner: a slice of it was sold, and its terms were published. */
function soldWithoutOwner({ terms }: Pick<AccountChange, 'terms'>, trade: TradeTerms): TransitionAct | undefined {
  const { kind, owned, seller, band } = unpackTransitionTerms(terms);
  return owned || kind !== 'trade' ? undefined : { kind, seller, trade, band };
}

/**
 * The account after a change that was made without its owner: everything that it follows from is public or was known before.
 *
 * @param table of the change's market commitment
 * @param sold  terms of the trade where a slice of the account was sold
 * @throws OpeningUnknownError for a change that does not follow from the opening; the errors of planTransition
 */
export function followChange(poseidon: Poseidon, table: MarketTable, before: ClearedOpening, change: AccountChange, sold?: TradeTerms): ClearedOpening {
  const act = sold === undefined ? settledWithoutOwner(change) : soldWithoutOwner(change, sold);
  const { period } = unpackTransitionTerms(change.terms);
  const after = act === undefined || clearedCommitment(poseidon, before) !== change.oldCommitment
    ? undefined
    : openingAfter(planTransition(table, before, { act, owned: false, period }), derivedNonce(poseidon, before.nonce, change.delta));
  if (after !== undefined && clearedCommitment(poseidon, after) === change.newCommitment) return after;
  throw new OpeningUnknownError('the account was changed in a way that does not follow from its opening: take the account file that the change was written to', {});
}
