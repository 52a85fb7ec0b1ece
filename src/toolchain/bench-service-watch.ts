import { readFile } from 'node:fs/promises';

const INTERVAL_MILLISECONDS = 200;

/** Highest resident memory of a process and all below it, together, from Linux's process table. */
export class MemoryWatch {
  private peakKilobytes = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly processId: number) {
    this.timer = setInterval(() => void this.sample(), INTERVAL_MILLISECONDS);
  }

  /** MB; undefined where the system does not tell. */
  stop(): number | undefined {
    clearInterval(this.timer);
    return this.peakKilobytes === 0 ? undefined : Math.round(this.peakKilobytes / 1024);
  }

  private async sample(): Promise<void> {
    this.peakKilobytes = Math.max(this.peakKilobytes, await residentOf(this.processId));
  }
}

async function residentOf(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  const children = await readFile(`/proc/${processId}/task/${processId}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(children.split(' ').filter((id) => id !== '').map((id) => residentOf(Number(id))));
  return below.reduce((sum, one) => sum + one, Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0));
}
