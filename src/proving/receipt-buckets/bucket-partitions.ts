import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_FILE, SECRET_FOLDER } from '../../file/atomic-file.js';

/** Files that entries wait in: as many buckets as share one are held in memory at once. */
const MOST_PARTITIONS = 256;
/** Bytes that wait in memory before they are written. */
const MOST_WAITING = 2 ** 25;
const NUMBER_BYTES = 4;

/**
 * Entries on their way to their buckets, sorted on disk, for a million of them does not fit in memory. Secret while it lasts: it has
 * no padding, so it tells how many accounts each bucket has.
 */
export class BucketPartitions {
  private readonly count: number;
  private readonly waiting = new Map<number, Uint8Array[]>();
  private bytes = 0;

  private constructor(private readonly folder: string, private readonly buckets: number, private readonly entryBytes: number) {
    this.count = Math.min(buckets, MOST_PARTITIONS);
  }

  static async open(folder: string, buckets: number, entryBytes: number): Promise<BucketPartitions> {
    await mkdir(folder, { mode: SECRET_FOLDER });
    return new BucketPartitions(folder, buckets, entryBytes);
  }

  async add(bucket: number, entry: Uint8Array): Promise<void> {
    const number = Buffer.alloc(NUMBER_BYTES);
    number.writeUInt32BE(bucket);
    const place = bucket % this.count;
    const list = this.waiting.get(place) ?? [];
    list.push(number, entry);
    this.waiting.set(place, list);
    this.bytes += NUMBER_BYTES + entry.length;
    if (this.bytes >= MOST_WAITING) await this.flush();
  }

  /** Entries of every bucket, each bucket once, in no order. */
  async* drain(): AsyncGenerator<readonly [bucket: number, entries: Uint8Array[]]> {
    await this.flush();
    for (let place = 0; place < this.count; place += 1) {
      const buckets = await this.read(place);
      for (let bucket = place; bucket < this.buckets; bucket += this.count) yield [bucket, buckets.get(bucket) ?? []];
    }
    await rm(this.folder, { recursive: true });
  }

  private async flush(): Promise<void> {
    for (const [place, list] of this.waiting) await appendFile(this.file(place), Buffer.concat(list), { mode: SECRET_FILE });
    this.waiting.clear();
    this.bytes = 0;
  }

  private async read(place: number): Promise<Map<number, Uint8Array[]>> {
    const bytes = await readFile(this.file(place)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return Buffer.alloc(0);
      throw cause;
    });
    const buckets = new Map<number, Uint8Array[]>();
    for (let at = 0; at < bytes.length; at += NUMBER_BYTES + this.entryBytes) {
      const bucket = bytes.readUInt32BE(at);
      const entries = buckets.get(bucket) ?? [];
      entries.push(bytes.subarray(at + NUMBER_BYTES, at + NUMBER_BYTES + this.entryBytes));
      buckets.set(bucket, entries);
    }
    return buckets;
  }

  private file(place: number): string {
    return join(this.folder, place.toString());
  }
}
