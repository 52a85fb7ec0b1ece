import type { Output } from '../output.js';

/** Without a terminal each line stays: one in so many milliseconds is enough. */
const PAUSE_MILLISECONDS = 1000;

/** Tells of a long step: how far it is, and how long the rest takes at the pace so far. */
export class StepEstimate {
  private step: string | undefined;
  private started = 0;
  private told = 0;

  constructor(private readonly output: Output, private readonly now: () => number = () => performance.now()) {}

  /** @param step its name in the line; another name starts another step */
  report(step: string, done: number, total: number): void {
    const now = this.now();
    if (this.step !== step) [this.step, this.started, this.told] = [step, now, now];
    if (now - this.told < PAUSE_MILLISECONDS) return;
    this.told = now;
    const left = done === 0 ? '' : `, about ${Math.ceil(((now - this.started) / 1000 / done) * (total - done))} s left`;
    this.output.progress(`${step}: ${((100 * done) / total).toFixed(1)} %, ${((now - this.started) / 1000).toFixed(0)} s${left}`);
  }

  /** Ends the line. */
  done(): void {
    if (this.told !== this.started) this.output.progressDone();
  }
}
