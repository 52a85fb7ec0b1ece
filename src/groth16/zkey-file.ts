import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { BinaryFileError, sectionRanges, type FileRange } from './binary-file.js';
import { keyUnreadable } from './key-manifest.js';
import { READ_OF_SECTION, zkeyOf, type Zkey } from './zkey.js';

const CHUNK_BYTES = 2 ** 20;

/** A proving key's file that is read piece by piece: some hundred megabytes of which only the beginning is kept. */
export class ZkeyFile {
  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws KeyMissingError */
  static async open(file: string): Promise<ZkeyFile> {
    try {
      return new ZkeyFile(file, await open(file));
    } catch (cause) {
      throw keyUnreadable(file, cause);
    }
  }

  /** SHA-256 of all its bytes, lower-case hex. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (let position = 0; ;) {
      const { bytesRead } = await this.handle.read(buffer, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
  }

  /** What parseZkey gives for the file's bytes. @throws BinaryFileError */
  async header(): Promise<Zkey> {
    const walk = sectionRanges((await this.handle.stat()).size, 'zkey', this.file);
    let step = walk.next();
    while (step.done !== true) step = walk.next(await this.read(step.value));
    const sections = new Map<number, Uint8Array>();
    for (const [id, { position, length }] of step.value) {
      sections.set(id, await this.read({ position, length: Math.min(length, READ_OF_SECTION.get(id) ?? 0) }));
    }
    return zkeyOf(sections, new Map([...step.value].map(([id, { length }]) => [id, length])), this.file);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async read({ position, length }: FileRange): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.handle.read(bytes, 0, length, position);
    if (bytesRead < length) throw new BinaryFileError(`${this.file} became shorter while it was read: build it again`, { file: this.file });
    return bytes;
  }
}
