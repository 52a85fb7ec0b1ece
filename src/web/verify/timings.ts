/** How long one verification took, in milliseconds; null where it did not come so far. */
export interface Timings {
  /** From the request until inclusion and margin were known, reading files and chain included. */
  readonly millisecondsToInclusion: number | null;
  readonly millisecondsToVerdict: number | null;
  /** Average over the proofs of the attestation. */
  readonly millisecondsPerProof: number | null;
}

/** Takes the times of one verification. */
export class Stopwatch {
  private readonly start: number;
  private inclusion: number | null = null;
  private verdict: number | null = null;
  private proofs = 0;
  private proving = 0;

  /** @param now the clock, milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.start = now();
  }

  /** After a step: the margin is the last of those about the account. */
  step(id: string): void {
    if (id === 'margin') this.inclusion ??= this.now() - this.start;
  }

  /** @param milliseconds as the worker measured: the page hears of proofs when it comes to it */
  proof(milliseconds: number): void {
    this.proofs += 1;
    this.proving += milliseconds;
  }

  done(): void {
    this.verdict ??= this.now() - this.start;
  }

  get timings(): Timings {
    const each = this.proofs === 0 ? null : this.proving / this.proofs;
    return { millisecondsToInclusion: rounded(this.inclusion), millisecondsToVerdict: rounded(this.verdict), millisecondsPerProof: rounded(each) };
  }
}

/** To a tenth: more is noise, and less would show a fast step as 0. */
function rounded(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.ceil(milliseconds * 10) / 10;
}
