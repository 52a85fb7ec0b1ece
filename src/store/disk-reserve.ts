import { statfs } from 'node:fs/promises';
import { StorageError } from './database.js';

/** Space that stays free, bytes: more than any one statement of this program writes, log and tables together. */
export const USUAL_RESERVE = 256 * 1024 * 1024;

/**
 * Stops writing before the disk is full. The embedded database does not survive a full disk as a server does: where its log needs the next
 * file and gets none, it spins for ever, and with it the whole process.
 */
export class DiskReserve {
  constructor(private readonly folder: string, private readonly bytes: number) {}

  async isThere(): Promise<boolean> {
    return (await this.#free()) >= this.bytes;
  }

  /** StorageError with reason ENOSPC when less is free. */
  async assertThere(): Promise<void> {
    const free = await this.#free();
    if (free < this.bytes) {
      throw new StorageError(`${this.folder}: ${free} bytes free, ${this.bytes} needed; nothing was written, free space and try again`, { reason: 'ENOSPC', free, needed: this.bytes });
    }
  }

  async #free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }
}
