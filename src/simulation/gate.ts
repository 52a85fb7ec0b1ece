import type { SurroundingRules } from './surroundings.js';

/** Modes of a venue's gate in the order of their codes: docs/gate.md. */
export const MODES = ['OPEN', 'REDUCE_ONLY', 'WITHDRAW_ONLY', 'HALT'] as const;

interface Epoch {
  readonly snapshotAt: number;
  readonly acceptedAt: number;
  readonly covered: boolean;
}

/** The venue's epochs, and the mode that follows from the latest. Steps. */
export class Gate {
  /** Steps in each mode so far. */
  readonly spent: [number, number, number, number] = [0, 0, 0, 0];
  private latest: Epoch = { snapshotAt: 0, acceptedAt: 0, covered: true };
  private pending: Epoch | undefined;
  private lastSnapshot = 0;

  constructor(private readonly rules: SurroundingRules, private readonly stepsOf: (seconds: number) => number) {}

  /**
   * Goes on to a step; true when an epoch was accepted.
   * @param isCovered asked at a snapshot: whether the fund is at least the shortfall of all accounts
   */
  advance(step: number, venue: { readonly silent: boolean; readonly congested: boolean }, isCovered: () => boolean): boolean {
    this.spent[this.modeAt(step)] += 1;
    if (venue.silent) return false;
    if (this.pending === undefined && step - this.lastSnapshot >= this.stepsOf(this.rules.epochInterval)) {
      this.lastSnapshot = step;
      this.pending = { snapshotAt: step, acceptedAt: step + this.stepsOf(this.rules.epochDelay) * (venue.congested ? 2 : 1), covered: isCovered() };
    }
    if (this.pending === undefined || step < this.pending.acceptedAt) return false;
    this.latest = this.pending;
    this.pending = undefined;
    return true;
  }

  /** 0 OPEN to 3 HALT. */
  modeAt(step: number): 0 | 1 | 2 | 3 {
    const age = step - this.latest.snapshotAt;
    if (age > this.stepsOf(this.rules.haltAfter)) return 3;
    if (!this.latest.covered) return 2;
    return age > this.stepsOf(this.rules.staleAfter) ? 1 : 0;
  }
}
