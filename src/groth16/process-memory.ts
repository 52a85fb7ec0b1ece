import { readFile } from 'node:fs/promises';

/**
 * Resident bytes of a process and of all that it started, or undefined where the system does not tell (no /proc).
 * VmRSS and not statm: its unit does not depend on the machine's page size.
 */
export async function residentBytes(pid: number): Promise<number | undefined> {
  const own = await read(`/proc/${pid}/status`);
  const kilobytes = own === undefined ? undefined : /^VmRSS:\s+(\d+) kB$/m.exec(own)?.[1];
  if (kilobytes === undefined) return undefined;
  const children = ((await read(`/proc/${pid}/task/${pid}/children`)) ?? '').split(' ').map(Number).filter((child) => child > 0);
  const below = await Promise.all(children.map((child) => residentBytes(child)));
  return below.reduce<number>((sum, bytes) => sum + (bytes ?? 0), Number(kilobytes) * 1024);
}

/**
 * A mark that two processes which had one id after another do not share: when it started, in the machine's own ticks.
 * Undefined for a process that is not there, or where the system does not tell.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  const text = await read(`/proc/${pid}/stat`);
  // The name stands in brackets and may hold spaces and brackets itself; the start is field 22, the 20th after it.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  // Z: it ended, and only waits for its parent to notice.
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
