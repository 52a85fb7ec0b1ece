import type { MarkClaim } from '../chain/account-claims.js';
import type { ProvenTransition } from '../clearing/proven-transition.js';
import type { Lot } from '../liquidation/auction.js';
import type { Bid, ProvenVerdict } from '../liquidation/bid.js';

/** What an auction is marked with, and the verdict that its account is under water now. */
export interface AuctionMarks {
  readonly mark: MarkClaim;
  readonly payMark: MarkClaim;
  readonly feeMark: MarkClaim;
  readonly underWater: ProvenVerdict;
}

/** One transaction that a keeper may send. */
export type KeeperAction =
  | { readonly kind: 'challenge'; readonly handle: bigint; readonly marketCommitment: bigint; readonly bond: bigint }
  | { readonly kind: 'freeze'; readonly handle: bigint; readonly marketCommitment: bigint }
  | { readonly kind: 'answer'; readonly handle: bigint; readonly claim: ProvenVerdict }
  | { readonly kind: 'start'; readonly handle: bigint; readonly claim: ProvenVerdict }
  | { readonly kind: 'seal'; readonly handle: bigint; readonly commitment: bigint; readonly ciphertexts: readonly Uint8Array[] }
  | { readonly kind: 'mark'; readonly lot: Lot; readonly marketCommitment: bigint; readonly marks: AuctionMarks }
  | { readonly kind: 'pay-debt'; readonly handle: bigint; readonly row: number; readonly quanta: bigint; readonly transition: ProvenTransition }
  | { readonly kind: 'take'; readonly bid: Bid; readonly receipt: string }
  | { readonly kind: 'settle-funding'; readonly handle: bigint; readonly fromPeriod: number; readonly transition: ProvenTransition }
  /** Lets the liquidation contract pull penalties. */
  | { readonly kind: 'approve'; readonly row: number; readonly amount: bigint }
  | { readonly kind: 'withdraw-bonds' };

export type ActionKind = KeeperAction['kind'];

export const ACTION_KINDS: readonly ActionKind[] = ['challenge', 'freeze', 'answer', 'start', 'seal', 'mark', 'pay-debt', 'take', 'settle-funding', 'approve', 'withdraw-bonds'];

/** Who of a keeper's roles wants something. */
export type KeeperRole = (typeof KEEPER_ROLES)[number];

export const KEEPER_ROLES = ['challenger', 'guard', 'bidder'] as const;

/**
 * Something worth doing, before any work is put into it. Two intents with one key are the same: while a transaction of one is under way,
 * nobody begins the other.
 */
export interface Intent {
  readonly role: KeeperRole;
  readonly kind: ActionKind;
  readonly key: string;
  readonly handle: bigint;
  /** Makes the proofs. Undefined where it turns out not to be worth it. */
  readonly build: () => Promise<KeeperAction | undefined>;
  /** Told once the transaction is to be sent, before it is: what must be kept whatever happens after. */
  readonly before?: () => Promise<void>;
  /** Least value units that the sender gains, after gas at this much. Undefined: done whatever it costs. */
  readonly worthGas?: (gas: bigint) => boolean;
}
