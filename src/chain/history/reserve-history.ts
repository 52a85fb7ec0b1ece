import type { VaultLimit, VaultRules } from '../vault-venue-client.js';
import type { EventPlace } from './event-place.js';

/** Quanta of the asset's row. */
export interface AssetCoverage {
  readonly maxDeposits: bigint;
  readonly maxLoans: bigint;
}

/** What holds the venue's reserves. `other`: a contract this version does not know. */
export interface ReserveHistory {
  readonly kind: 'vault' | 'escrow' | 'other';
  readonly address: string;
  readonly state: 'open' | 'paused' | 'closed';
  /** Of the settlement assets, at the block. */
  readonly limits: readonly AssetCoverage[];
  /** Of the settlement assets, at the block; empty for `other`. */
  readonly ledgers: readonly AssetLedger[];
  readonly fund: FundLedger;
  readonly fundMovements: readonly FundMovement[];
  readonly vault: VaultHistory | undefined;
  /** Empty unless an escrow holds the reserves. */
  readonly escrowMovements: readonly EscrowMovement[];
}

/** Token base units. Of an escrow all is `tree`. */
export interface AssetLedger {
  readonly asset: number;
  readonly tree: bigint;
  readonly cleared: bigint;
  readonly pending: bigint;
  readonly exits: bigint;
  /** What the token says the contract has, for all its venues; undefined where it does not answer. */
  readonly tokenBalance: bigint | undefined;
}

export interface FundLedger {
  /** Fund token base units; undefined for a reserve source this version does not know. */
  readonly amount: bigint | undefined;
  readonly tokenBalance: bigint | undefined;
}

export interface FundMovement {
  readonly direction: 'in' | 'out';
  readonly account: string;
  readonly amount: bigint;
  readonly at: EventPlace;
}

export interface EscrowMovement extends FundMovement {
  readonly token: string;
}

export interface VaultHistory {
  /** Active at the block; undefined before the first. */
  readonly rules: VaultRules | undefined;
  readonly minTimelock: number;
  readonly vaultLimits: readonly VaultLimit[];
  readonly ruleChanges: readonly { readonly rules: VaultRules; readonly at: EventPlace }[];
  readonly limitChanges: readonly { readonly limits: readonly VaultLimit[]; readonly at: EventPlace }[];
  readonly pauses: readonly { readonly paused: boolean; readonly at: EventPlace }[];
  readonly clearingHouse: string | undefined;
  readonly clearingHouseChanges: readonly { readonly clearingHouse: string; readonly at: EventPlace }[];
  readonly newestStanding: number;
  readonly deposits: readonly VaultDepositEvent[];
  readonly payouts: readonly VaultPayoutEvent[];
  readonly requests: readonly VaultRequestEvent[];
  readonly demands: readonly VaultDemandEvent[];
  /** Undefined while the venue lives. */
  readonly hatch: HatchState | undefined;
}

/** Token base units. */
export interface VaultDepositEvent {
  readonly depositId: bigint;
  readonly asset: number;
  readonly amount: bigint;
  readonly at: EventPlace;
}

export interface VaultPayoutEvent {
  /** `payout` at once, `cleared` from the clearing house's ledger, `moved` to it, `exit` from a closed venue. */
  readonly how: 'payout' | 'cleared' | 'moved' | 'exit';
  readonly asset: number;
  readonly amount: bigint;
  readonly at: EventPlace;
}

export interface VaultRequestEvent {
  readonly requestId: bigint;
  readonly asset: number;
  readonly amount: bigint;
  readonly answerBy: number;
  readonly dueAt: number;
  readonly status: 'pending' | 'deferred' | 'paid' | 'cancelled';
  readonly at: EventPlace;
}

export interface VaultDemandEvent {
  readonly demandId: bigint;
  readonly epoch: number;
  readonly demandedAt: number;
  /** Undefined until answered. */
  readonly answeredAt: number | undefined;
  /** Unix seconds from which an answer is too late, by the terms of the epoch. */
  readonly answerBy: number;
  readonly bond: bigint;
  readonly at: EventPlace;
}

export interface HatchState {
  readonly openedAt: number;
  /** 0 where no epoch ever stood. */
  readonly baseEpoch: number;
  readonly round: number;
  readonly roundClosesAt: number;
  readonly at: EventPlace | undefined;
}
