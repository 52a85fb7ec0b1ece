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

/** Counts pieces and estimates the time of the rest from those made since the start, each weighed by what it is said to cost. */
export class ProgressMeter {
  private done = 0;
  private resumed = 0;
  /** Costs of the pieces that are still to come, and of those made in this run. */
  private left: number;
  private made = 0;
  /** When this run began to make pieces: finding the earlier ones takes time that says nothing about the rest. */
  private making: number;

  /** @param costs what each piece takes, in any unit */
  constructor(
    private readonly costs: readonly number[],
    private readonly report: (progress: Progress) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly started = now(),
  ) {
    this.making = started;
    this.left = costs.reduce((sum, cost) => sum + cost, 0);
  }

  /** Notes that a piece is finished; `resumed` when it was found rather than made. */
  advance(piece: number, resumed: boolean): void {
    const cost = this.costs[piece] ?? 0;
    this.done += 1;
    this.left -= cost;
    if (resumed) this.resumed += 1;
    else this.made += cost;
    const now = this.now();
    if (this.made === 0) this.making = now;
    const remainingSeconds = this.made === 0 ? undefined : ((now - this.making) / 1000 / this.made) * this.left;
    this.report({ done: this.done, total: this.costs.length, resumed: this.resumed, elapsedSeconds: (now - this.started) / 1000, remainingSeconds });
  }
}
