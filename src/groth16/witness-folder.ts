import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET_FOLDER } from '../file/atomic-file.js';
import { processStart } from './process-memory.js';

/** Named by the process that made it and when that started, so that the folder of a dead one is told from that of a live one. */
const NAME = /^clearproof-witness-(\d+)-([0-9]+|unknown)-[A-Za-z0-9]{6}$/;

/** Runs `work` with a folder that only this user may look into; it is gone afterwards, also when this process leaves in the middle. */
export async function withWitnessFolder<Result>(work: (folder: string) => Promise<Result>, parent = tmpdir()): Promise<Result> {
  const start = (await processStart(process.pid)) ?? 'unknown';
  const folder = await mkdtemp(join(parent, `clearproof-witness-${process.pid}-${start}-`));
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  try {
    // mkdtemp makes it 0700 already; said again because the witness is the venue's whole book.
    await chmod(folder, SECRET_FOLDER);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.off('exit', removeNow);
  }
}

/** Removes the witness folders that killed processes left in `parent`. @returns how many there were */
export async function removeDeadWitnessFolders(parent = tmpdir()): Promise<number> {
  let removed = 0;
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, start] = NAME.exec(name) ?? [];
    if (pid === undefined || (await isAlive(Number(pid), start))) continue;
    // Another user's cannot be removed, and is not ours.
    await rm(join(parent, name), { recursive: true, force: true }).then(() => (removed += 1), () => undefined);
  }
  return removed;
}

async function isAlive(pid: number, start: string | undefined): Promise<boolean> {
  const found = await processStart(pid);
  if (found !== undefined) return start === 'unknown' || found === start;
  if (start !== 'unknown') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
