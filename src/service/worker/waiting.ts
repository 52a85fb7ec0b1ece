/** Growing pauses between tries, so that a database that comes back is not met by everybody at once. */
export class Backoff {
  private tries = 0;

  constructor(private readonly firstMilliseconds: number, private readonly mostMilliseconds: number) {}

  /** The next pause: about twice the last one, with chance in it. */
  next(): number {
    const pause = Math.min(this.mostMilliseconds, this.firstMilliseconds * 2 ** this.tries);
    this.tries += 1;
    return pause * (0.75 + Math.random() / 2);
  }

  reset(): void {
    this.tries = 0;
  }
}

/** Ends after a time, or as soon as one of the signals is aborted. */
export function pause(milliseconds: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    for (const signal of signals) {
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }
  });
}

/** Wakes those who wait for work when some may have come. */
export class Bell {
  private round = new AbortController();

  /** Aborted by the next ring. */
  get signal(): AbortSignal {
    return this.round.signal;
  }

  ring(): void {
    this.round.abort();
    this.round = new AbortController();
  }
}
