/** What systemd and terminals send. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** As a shell tells of a process that an interrupt ended. */
const INTERRUPTED = 130;

/** Runs until the work ends or somebody ends it. */
export async function untilStopped(work: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const ending = new AbortController();
  const stop = (): void => {
    // A second signal: somebody will not wait. What was sent or signed is on the disk, or can be lost.
    if (ending.signal.aborted) process.exit(INTERRUPTED);
    ending.abort();
  };
  STOP_SIGNALS.forEach((signal) => process.on(signal, stop));
  try {
    await work(ending.signal);
  } finally {
    STOP_SIGNALS.forEach((signal) => process.off(signal, stop));
  }
}
