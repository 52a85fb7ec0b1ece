import { execFileSync } from 'node:child_process';
import { withFolder } from './databases.js';

/* Small and read-only file systems. They need root, as CI has; without it these tests fail, for skipping them would say that all is well. */

/** A file system in memory of so many bytes, gone afterwards. */
export async function withSmallDisk<Result>(bytes: number, work: (folder: string) => Promise<Result>): Promise<Result> {
  return withFolder(async (folder) => {
    mount(['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
    try {
      return await work(folder);
    } finally {
      // Lazily: whoever still has a file open there is about to end.
      execFileSync('umount', ['--lazy', folder]);
    }
  });
}

/** The same folder, read-only (root ignores permission bits, not mounts). */
export async function withReadOnly<Result>(folder: string, work: (readOnly: string) => Promise<Result>): Promise<Result> {
  return withFolder(async (view) => {
    mount(['--bind', folder, view]);
    try {
      mount(['-o', 'remount,bind,ro', view]);
      return await work(view);
    } finally {
      execFileSync('umount', ['--lazy', view]);
    }
  });
}

function mount(options: readonly string[]): void {
  try {
    execFileSync('mount', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    throw new Error(`this test mounts a file system and may not (mount ${options.join(' ')}); run it as root with CAP_SYS_ADMIN`, { cause });
  }
}
