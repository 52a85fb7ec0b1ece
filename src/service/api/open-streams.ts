import { TooManyStreamsError } from './request-errors.js';
import type { ServiceMetrics } from './service-metrics.js';

/** Counts progress streams, each of which asks the store again and again. */
export class OpenStreams {
  private open = 0;

  constructor(
    private readonly most: number,
    private readonly metrics: ServiceMetrics,
  ) {}

  /** One more until the signal fires. @throws TooManyStreamsError */
  take(until: AbortSignal): void {
    if (until.aborted) return;
    if (this.open >= this.most) throw new TooManyStreamsError('as many progress streams are open as the service keeps: ask for the progress as JSON', 30);
    this.open += 1;
    this.metrics.streamOpened();
    until.addEventListener('abort', () => {
      this.open -= 1;
      this.metrics.streamClosed();
    }, { once: true });
  }
}
