import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalText, type JsonObjectValue } from '../../attestation/canonical-json.js';
import { JournalError, SourceReorganisedError } from './relay-errors.js';

/** Whose journal it is. */
export interface JournalIdentity {
  /** Hyperlane's number of the source chain. */
  readonly origin: number;
  /** Address of the tree. */
  readonly hook: string;
  /** Address of the key. */
  readonly validator: string;
}

/** What was signed of an index. */
export interface JournalEntry {
  readonly index: number;
  readonly messageId: string;
  readonly root: string;
}

const FORMAT = 'clearproof-relay-journal';

/**
 * What a validator has signed, a line each. A line is on the disk before its signature leaves, so whoever is killed and started again cannot
 * sign a second message of an index. It is worth as much as the key: a key whose journal is lost must not be used again.
 */
export class SignatureJournal {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    private readonly entries: Map<number, JournalEntry>,
  ) {}

  /** @throws JournalError */
  static async open(path: string, identity: JournalIdentity): Promise<SignatureJournal> {
    await mkdir(dirname(path), { recursive: true });
    const head = `${canonicalText({ format: FORMAT, version: 1, origin: identity.origin, hook: identity.hook, validator: identity.validator })}\n`;
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw new JournalError(`${path} cannot be read: check the path and its mode`, { file: path }, { cause });
    });
    // The last line of a process that was killed while it wrote: its signature did not leave.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [first, ...lines] = whole.split('\n').slice(0, -1);
    if (first !== undefined && `${first}\n` !== head) {
      throw new JournalError(`${path} is the journal of another validator, tree or chain: name another file, or take the right key`, { file: path });
    }
    const entries = entriesOf(lines, path);
    const file = await open(path, 'a', 0o600);
    try {
      await file.truncate(Buffer.byteLength(whole));
      if (first === undefined) await file.appendFile(head);
      await file.sync();
      await syncFolder(dirname(path));
    } catch (cause) {
      await file.close();
      throw new JournalError(`${path} cannot be written: check the disk`, { file: path }, { cause });
    }
    return new SignatureJournal(file, path, entries);
  }

  /**
   * On the disk when it resolves. What is there already is not written again.
   *
   * @throws SourceReorganisedError where the index was signed with something else
   */
  async record({ index, messageId, root }: JournalEntry): Promise<void> {
    const before = this.entries.get(index);
    if (before !== undefined) {
      if (before.messageId === messageId && before.root === root) return;
      throw new SourceReorganisedError(
        `index ${index} was signed for message ${before.messageId}, and the source chain has ${messageId} there now: it was reorganised below what counted as final, or the node lies. Nothing more is signed with this key; tell those who rely on it`,
        { index, signed: before.messageId, found: messageId },
      );
    }
    try {
      await this.file.appendFile(`${canonicalText({ index, messageId, root })}\n`);
      await this.file.sync();
    } catch (cause) {
      throw new JournalError(`${this.path} cannot be written: check the disk`, { file: this.path }, { cause });
    }
    this.entries.set(index, { index, messageId, root });
  }

  get size(): number {
    return this.entries.size;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** @throws JournalError */
function entriesOf(lines: readonly string[], file: string): Map<number, JournalEntry> {
  const entries = new Map<number, JournalEntry>();
  lines.forEach((line, place) => {
    const entry = entryOf(line);
    if (entry === undefined || entries.has(entry.index)) {
      throw new JournalError(`${file}: line ${place + 2} is damaged: a journal is never edited. Take a new key, and have the old one taken out of the security modules`, { file, row: place + 2 });
    }
    entries.set(entry.index, entry);
  });
  return entries;
}

function entryOf(line: string): JournalEntry | undefined {
  try {
    const { index, messageId, root } = JSON.parse(line) as JsonObjectValue;
    const sound = Number.isSafeInteger(index) && [messageId, root].every((word) => typeof word === 'string' && /^0x[0-9a-f]{64}$/.test(word));
    const entry = { index, messageId, root } as JournalEntry;
    return sound && canonicalText({ ...entry }) === line ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** A file that is new is not in its folder before that is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
