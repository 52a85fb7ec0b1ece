import type { Account, Snapshot } from './account.js';
import type { ImportRules } from './account-draft.js';
import { decodeUtf8, type ByteSource } from './byte-source.js';
import { readMappedCsv, type ColumnMapping } from './column-mapping.js';
import { EmptySnapshotError } from './import-errors.js';
import type { Instrument } from './instrument.js';
import { readSnapshotCsv } from './snapshot-csv.js';
import { readSnapshotNdjson } from './snapshot-ndjson.js';

/** What the bytes of a snapshot are; each format is described in docs/formats.md. */
export type SnapshotFormat =
  | { readonly kind: 'csv' }
  | { readonly kind: 'ndjson' }
  | { readonly kind: 'mapped-csv'; readonly mapping: ColumnMapping };

/**
 * The accounts of a snapshot in file order, one at a time while the file is read: nothing is held but the account at
 * hand and the ids that came before.
 *
 * @param slots most holdings of an account: K of the circuit
 * @throws the errors of import-errors.ts and UnknownInstrumentError, each with file, row and field
 */
export async function* readSnapshot(
  source: ByteSource,
  format: SnapshotFormat,
  instruments: readonly Instrument[],
  slots: number,
): AsyncGenerator<Account> {
  const rules: ImportRules = { file: source.name, bySymbol: new Map(instruments.map((one) => [one.id, one])), slots };
  let any = false;
  for await (const account of accountsOf(decodeUtf8(source), format, rules)) {
    any = true;
    yield account;
  }
  if (!any) throw new EmptySnapshotError({ file: source.name }, 'the snapshot has no account: export at least one');
}

/** All accounts of an import, each held once. */
export async function collectSnapshot(accounts: AsyncIterable<Account>): Promise<Snapshot> {
  const held: Account[] = [];
  for await (const account of accounts) held.push(account);
  return Object.freeze({ accounts: Object.freeze(held) });
}

function accountsOf(text: AsyncIterable<string>, format: SnapshotFormat, rules: ImportRules): AsyncIterable<Account> {
  switch (format.kind) {
    case 'csv':
      return readSnapshotCsv(text, rules);
    case 'ndjson':
      return readSnapshotNdjson(text, rules);
    case 'mapped-csv':
      return readMappedCsv(text, format.mapping, rules);
  }
}
