import type { EventPlace } from './event-place.js';

/** Omission challenges of a venue. */
export interface DisputeHistory {
  readonly address: string;
  /** Seconds after acceptance in which an epoch can be challenged, and in which the venue must answer. */
  readonly challengeWindow: number;
  readonly answerWindow: number;
  /** Wei. */
  readonly bond: bigint;
  /** Unix seconds since when a lost challenge has not been cured; undefined where there is none. */
  readonly disputedSince: number | undefined;
  readonly signers: readonly ReceiptSignerState[];
  readonly challenges: readonly HistoryChallenge[];
}

export interface ReceiptSignerState {
  readonly signer: string;
  readonly named: EventPlace;
  /** Undefined while named. */
  readonly retiredAt: number | undefined;
}

export type ChallengeStatusName = 'open' | 'answered' | 'lost' | 'cured';

/** Nothing in it says who, what or how much. */
export interface HistoryChallenge {
  readonly challengeId: bigint;
  readonly epoch: number;
  readonly status: ChallengeStatusName;
  readonly challenger: string;
  readonly issuedAt: number;
  readonly validUntil: number;
  /** Last second for an answer. */
  readonly answerBy: number;
  readonly opened: EventPlace;
  /** How it was answered or cured; undefined where it was not. */
  readonly how: string | undefined;
  /** Where it was answered, lost or cured, whichever came last. */
  readonly ended: EventPlace | undefined;
}
