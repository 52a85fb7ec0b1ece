import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lockFile } from '../../file/file-lock.js';
import { KeeperMetricsListener } from '../../keeper/metrics-listener.js';
import type { RelayMetrics } from '../../keeper/relay/relay-metrics.js';
import { untilStopped } from '../until-stopped.js';

/** What a process of a relay is made of. */
export interface RelayService {
  /** What it alone may write. */
  readonly lock: string;
  readonly metrics: RelayMetrics;
  readonly metricsPort: number | undefined;
  readonly work: (stop: AbortSignal) => Promise<void>;
}

/** Runs until it ends or is told to end, with its metrics shown. @throws FileLockedError where another process has its file */
export async function serveRelay({ lock, metrics, metricsPort, work }: RelayService): Promise<void> {
  await mkdir(dirname(lock), { recursive: true });
  const unlock = await lockFile(join(dirname(lock), `.${basename(lock)}.lock`));
  try {
    const listener = metricsPort === undefined ? undefined : await KeeperMetricsListener.start(metrics, metricsPort);
    try {
      await untilStopped(work);
    } finally {
      await listener?.close();
    }
  } finally {
    await unlock();
  }
}
