import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { TransitionAct, TransitionFlags } from '../statement/transition.js';

/** What shall happen to an account. */
export interface TransitionWish {
  readonly act: TransitionAct;
  /** By its owner; without, only what is owed and liquidation. */
  readonly owned: boolean;
  /** Funding period of the venue now. */
  readonly period: number;
  /** Of a trade: true where it must reduce risk, false where it must meet initial margin. Undefined: reducing only if it must be. */
  readonly reducing?: boolean;
  /** Whether the proof says that all held afterwards is cash and spot, none borrowed. Undefined: of collateral if it is so, else no. */
  readonly unmargined?: boolean;
}

/** A transition that will be proven: all but the new nonce. */
export interface TransitionPlan extends Omit<ClearedOpening, 'nonce'> {
  readonly act: TransitionAct;
  readonly flags: TransitionFlags;
}
