/** How far a long run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Of `done`, how many an earlier run had left. */
  readonly resumed: number;
  readonly elapsedSeconds: number;
  /** Estimated from the pieces this run has made; undefined before the first. */
  readonly remainingSeconds: number | undefined;
}

/** Counts pieces of equal size and estimates the rest from those made since the start. */
export class ProgressMeter {
  private done = 0;
  private resumed = 0;
  /** When this run began to make pieces: finding the earlier ones takes time that says nothing about the rest. */
  private making: number;

  constructor(
    private readonly total: number,
    private readonly report: (progress: Progress) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly started = now(),
  ) {
    this.making = started;
  }

  /** Notes one finished piece; `resumed` when it was found rather than made. */
  advance(resumed: boolean): void {
    this.done += 1;
    if (resumed) this.resumed += 1;
    const now = this.now();
    const made = this.done - this.resumed;
    if (made === 0) this.making = now;
    const remainingSeconds = made === 0 ? undefined : ((now - this.making) / 1000 / made) * (this.total - this.done);
    this.report({ done: this.done, total: this.total, resumed: this.resumed, elapsedSeconds: (now - this.started) / 1000, remainingSeconds });
  }
}
