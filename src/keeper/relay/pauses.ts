const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 600_000;

/** Doubles with every fault, to ten minutes. Milliseconds. */
export function pauseAfter(faults: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(faults - 1, 16));
}

/** Until the next look. */
export function waitAfter(faults: number, pollMs: number): number {
  return faults === 0 ? pollMs : pauseAfter(faults);
}

/** What failed waits before it is tried again, each by itself. */
export class Pauses {
  private readonly waiting = new Map<string, { readonly faults: number; readonly until: number }>();

  /** @param now milliseconds of Unix time */
  rests(key: string, now: number): boolean {
    return (this.waiting.get(key)?.until ?? 0) > now;
  }

  failed(key: string, now: number): void {
    const faults = (this.waiting.get(key)?.faults ?? 0) + 1;
    this.waiting.set(key, { faults, until: now + pauseAfter(faults) });
  }

  done(key: string): void {
    this.waiting.delete(key);
  }
}
