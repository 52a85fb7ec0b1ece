import { readFile } from 'node:fs/promises';

/** Programs that a worker starts live for seconds: often enough to see each near its end. */
const INTERVAL_MILLISECONDS = 100;
/** Of Linux's process table on every architecture in use. */
const TICKS_PER_SECOND = 100;

/** Watches memory and processor time of worker processes and of the programs they start, in Linux's process table. */
export class ProcessWatch {
  private readonly workers = new Map<number, number>();
  private largestProgram = 0;
  private readonly timer: NodeJS.Timeout;
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly processIds: () => readonly number[]) {
    this.timer = setInterval(() => {
      this.reading = this.reading.then(() => this.read());
    }, INTERVAL_MILLISECONDS);
  }

  /** Processor seconds that the workers and their programs have used; undefined where the system does not tell. */
  async coreSeconds(): Promise<number | undefined> {
    const workers = this.processIds();
    const times = await Promise.all(workers.map((id) => coreSecondsNow(id)));
    if (times.length === 0 || times.includes(undefined)) return undefined;
    const programs = await Promise.all((await Promise.all(workers.map(childrenOf))).flat().map((id) => coreSecondsNow(id)));
    return [...times, ...programs].reduce<number>((sum, time) => sum + (time ?? 0), 0);
  }

  /** Highest memory of one worker with a program it started, MB; undefined where the system does not tell. Ask before the workers end. */
  async stop(): Promise<number | undefined> {
    clearInterval(this.timer);
    await this.reading;
    await this.read();
    const largest = Math.max(0, ...this.workers.values());
    return largest === 0 ? undefined : Math.round((largest + this.largestProgram) / 1024);
  }

  private async read(): Promise<void> {
    for (const worker of this.processIds()) {
      const kilobytes = await peakOf(worker);
      if (kilobytes !== undefined) this.workers.set(worker, kilobytes);
      for (const program of await childrenOf(worker)) this.largestProgram = Math.max(this.largestProgram, (await peakOf(program)) ?? 0);
    }
  }
}

/** User and system time of a process that runs, its threads, and the children it has waited for. */
export async function coreSecondsNow(processId: number): Promise<number | undefined> {
  return coreSecondsOf(await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => ''));
}

/** The same from the text of /proc/<id>/stat. */
export function coreSecondsOf(stat: string): number | undefined {
  return ticksOf(stat, 11, 15);
}

/** Of the children alone that it has waited for. */
export function childSecondsOf(stat: string): number | undefined {
  return ticksOf(stat, 13, 15);
}

function ticksOf(stat: string, from: number, to: number): number | undefined {
  // The program's name, in brackets, may hold anything. Fields 14 to 17 of the table; field 3 comes after the bracket.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(from, to).map(Number);
  return ticks.length < to - from || ticks.some(Number.isNaN) ? undefined : ticks.reduce((sum, time) => sum + time, 0) / TICKS_PER_SECOND;
}

async function childrenOf(processId: number): Promise<number[]> {
  const programs = await readFile(`/proc/${processId}/task/${processId}/children`, 'utf8').catch(() => '');
  return programs.split(' ').filter((id) => id !== '').map(Number);
}

/** Highest resident memory of a running process, kB. */
export async function peakOf(processId: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}
