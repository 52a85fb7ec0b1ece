import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { SECRET_FILE, SECRET_FOLDER, writeFileAtomically } from '../file/atomic-file.js';
import type { SnapshotReport } from '../margin/snapshot-report.js';
import { parseMarketTable, serializeMarketTable } from '../risk/market-table-json.js';
import type { MarketTable } from '../risk/market-table.js';
import { instrumentsOf } from '../risk/tiers.js';
import type { Snapshot } from '../venue/account.js';
import { fileSource } from '../venue/byte-source.js';
import { collectSnapshot, readSnapshot } from '../venue/snapshot-reader.js';
import { writeSnapshotNdjson } from '../venue/snapshot-writer.js';
import { bigintAsText } from './output.js';

/** A snapshot folder is missing or incomplete. */
export class SnapshotFolderError extends ClearproofError {
  readonly code = 'SNAPSHOT_FOLDER';
}

/** An imported snapshot with the table it was checked against. */
export interface StoredSnapshot {
  readonly snapshot: Snapshot;
  readonly market: MarketTable;
}

const MARKET_FILE = 'market-table.json';
const ACCOUNTS_FILE = 'accounts.ndjson';
const REPORT_FILE = 'report.json';

/** Writes accounts, table and report; the report goes first and comes last, so a folder with one is whole. Readable by its owner only. */
export async function writeSnapshotFolder(folder: string, stored: StoredSnapshot, report: SnapshotReport): Promise<void> {
  await mkdir(folder, { recursive: true, mode: SECRET_FOLDER });
  await rm(join(folder, REPORT_FILE), { force: true });
  await writeFileAtomically(join(folder, ACCOUNTS_FILE), writeSnapshotNdjson(stored.snapshot.accounts, instrumentsOf(stored.market)), SECRET_FILE);
  await writeFileAtomically(join(folder, MARKET_FILE), serializeMarketTable(stored.market), SECRET_FILE);
  await writeFileAtomically(join(folder, REPORT_FILE), `${JSON.stringify(report, bigintAsText, 2)}\n`, SECRET_FILE);
}

/** @throws SnapshotFolderError, or the importers' errors when a file was changed by hand */
export async function readSnapshotFolder(folder: string): Promise<StoredSnapshot> {
  const file = join(folder, MARKET_FILE);
  let text: string;
  try {
    await readFile(join(folder, REPORT_FILE));
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new SnapshotFolderError(
      `${folder} holds no whole snapshot (${messageOf(cause)}): make one with "clearproof snapshot import"`, { folder }, { cause },
    );
  }
  const market = parseMarketTable(text, file);
  const accounts = readSnapshot(fileSource(join(folder, ACCOUNTS_FILE)), { kind: 'ndjson' }, instrumentsOf(market), market.rows.length);
  return { snapshot: await collectSnapshot(accounts), market };
}
