import { reportSnapshot, type Finding, type ReportShape } from '../margin/snapshot-report.js';
import type { MarketTable } from '../risk/market-table.js';
import { instrumentsOf } from '../risk/tiers.js';
import type { Database } from '../store/database.js';
import { SnapshotUpload } from '../store/snapshots.js';
import type { Account } from '../venue/account.js';
import type { ByteSource } from '../venue/byte-source.js';
import type { Instrument } from '../venue/instrument.js';
import { readSnapshot } from '../venue/snapshot-reader.js';
import { writeSnapshotNdjson } from '../venue/snapshot-writer.js';

export interface SnapshotToImport {
  readonly source: ByteSource;
  readonly format: 'csv' | 'ndjson';
  /** Row of the venue. */
  readonly venue: number;
  readonly market: bigint;
  readonly table: MarketTable;
  /** Of the widest circuits in use. */
  readonly shape: ReportShape;
}

export interface ImportedSnapshot {
  readonly id: string;
  readonly sha256: string;
  readonly accounts: number;
  readonly findings: readonly string[];
  readonly created: boolean;
}

/** Bytes of a part before compression, about. A part more may be held while one is stored. */
const PART_BYTES = 4 * 1024 * 1024;
/** Accounts written at once. */
const BATCH = 256;
/** Findings kept; a table that fits nobody would have one for each account. */
const MOST_FINDINGS = 1_000;

/**
 * Reads, checks and stores a snapshot while it comes in: what is held is a part, and the ids that came before. Nothing is kept
 * when a row is wrong. @throws the errors of import-errors.ts, UnknownInstrumentError, and whatever the source throws
 */
export async function importSnapshot(database: Database, { source, format, venue, market, table, shape }: SnapshotToImport): Promise<ImportedSnapshot> {
  const instruments = instrumentsOf(table);
  const upload = await SnapshotUpload.begin(database, { venue, market });
  try {
    const parts = new PartWriter(upload, instruments);
    const { accounts, findings } = await reportSnapshot(parts.pass(readSnapshot(source, { kind: format }, instruments, shape.slots)), table, shape);
    const sentences = sentencesOf(findings);
    return { accounts, findings: sentences, ...await upload.finish({ accounts, findings: sentences }) };
  } catch (cause) {
    // Whatever stays behind is swept; the cause is what matters.
    await upload.abandon().catch(() => undefined);
    throw cause;
  }
}

/** Stores accounts as canonical NDJSON while they pass by. */
class PartWriter {
  private batch: Account[] = [];
  private pieces: string[] = [];
  private length = 0;

  constructor(
    private readonly upload: SnapshotUpload,
    private readonly instruments: readonly Instrument[],
  ) {}

  async* pass(accounts: AsyncIterable<Account>): AsyncGenerator<Account> {
    for await (const account of accounts) {
      this.batch.push(account);
      if (this.batch.length === BATCH) this.write();
      if (this.length >= PART_BYTES) await this.store();
      yield account;
    }
    this.write();
    if (this.length > 0) await this.store();
  }

  private write(): void {
    for (const line of writeSnapshotNdjson(this.batch, this.instruments)) {
      this.pieces.push(line);
      this.length += line.length;
    }
    this.batch = [];
  }

  private async store(): Promise<void> {
    const part = Buffer.from(this.pieces.join(''));
    this.pieces = [];
    this.length = 0;
    await this.upload.add(part);
  }
}

function sentencesOf(findings: readonly Finding[]): readonly string[] {
  const kept = findings.slice(0, MOST_FINDINGS).map(({ message }) => message);
  const more = findings.length - kept.length;
  return more === 0 ? kept : [...kept, `and ${more} more of the kind`];
}
