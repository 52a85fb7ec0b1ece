import type { Account } from './account.js';
import { AccountDraft, type ImportRules } from './account-draft.js';
import { readNativeQuantity, readOwner, readQuantity, readSubAccount, readUserId } from './cells.js';
import { csvRows, type Columns, type CsvRow } from './csv-rows.js';
import { ColumnMappingError } from './import-errors.js';
import type { Instrument } from './instrument.js';
import { JsonNode } from './json-node.js';
import { at, detailsOf, fieldOf, quoted, type Place } from './place.js';
import { SeenAccounts } from './seen-accounts.js';
import { UnknownInstrumentError } from './unknown-instrument-error.js';

const MAX_COLUMNS = 4096;
const MAX_DECIMALS = 36;

/** A column of a foreign CSV that holds quantities of one instrument. */
export interface MappedColumn {
  readonly column: string;
  /** Symbol in the instrument list. */
  readonly instrument: string;
  /** undefined: decimals in units of the instrument. A number n: integers of 10^-n units. */
  readonly nativeDecimals: number | undefined;
  /** Where the mapping says so, for messages. */
  readonly place: Place;
}

/** How the columns of a foreign wide CSV, one account a row, are read. */
export interface ColumnMapping {
  readonly userId: string;
  /** Column of the sub-account number; without one every account is number 0. */
  readonly subAccount: string | undefined;
  readonly owner: string | undefined;
  readonly instruments: readonly MappedColumn[];
  /** Columns left unread. */
  readonly ignored: readonly string[];
}

/** Reads a mapping file; see docs/formats.md. @throws JsonSyntaxError, JsonShapeError, ColumnMappingError */
export function parseColumnMapping(text: string, file: string): ColumnMapping {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'userId', 'subAccount', 'owner', 'instruments', 'ignored']);
  object.field('formatVersion').choice(['1']);
  const mapping: ColumnMapping = {
    userId: object.field('userId').text(),
    subAccount: object.optional('subAccount')?.text(),
    owner: object.optional('owner')?.text(),
    instruments: object.field('instruments').list({ atLeast: 1, atMost: MAX_COLUMNS }).map(mappedColumnOf),
    ignored: object.optional('ignored')?.list({ atMost: MAX_COLUMNS }).map((node) => node.text()) ?? [],
  };
  refuseRepeats(columnsOf(mapping), 'the column', file);
  refuseRepeats(mapping.instruments.map((column) => column.instrument), 'the instrument', file);
  return mapping;
}

/** Accounts of a foreign CSV. Throws the errors of import-errors.ts. */
export async function* readMappedCsv(text: AsyncIterable<string>, mapping: ColumnMapping, rules: ImportRules): AsyncGenerator<Account> {
  const seen = new SeenAccounts();
  const sources = mapping.instruments.map((column) => ({ ...column, instrument: listed(column, rules) }));
  for await (const row of csvRows(text, rules.file, wantedColumns(mapping))) {
    const place: Place = { file: rules.file, row: row.row };
    const draft = draftOf(row, mapping, place, rules);
    seen.add(draft.userId, draft.subAccount, place);
    for (const { column, instrument, nativeDecimals } of sources) {
      const cell = fieldOf(place, column);
      const text = row.cell(column);
      const quantity = nativeDecimals === undefined
        ? readQuantity(text, instrument, cell)
        : readNativeQuantity(text, nativeDecimals, instrument, cell);
      draft.add(instrument, quantity, cell);
    }
    yield draft.finish(place);
  }
}

function mappedColumnOf(node: JsonNode): MappedColumn {
  const object = node.object(['column', 'instrument', 'unit', 'decimals']);
  const unit = object.field('unit').choice(['decimal', 'native']);
  const decimals = object.optional('decimals');
  if (unit === 'decimal' && decimals !== undefined) {
    throw new ColumnMappingError(decimals.place, 'decimals belong to the unit "native" only: remove them or change the unit');
  }
  return {
    column: object.field('column').text(),
    instrument: object.field('instrument').text(),
    nativeDecimals: unit === 'native' ? object.field('decimals').integer(0, MAX_DECIMALS) : undefined,
    place: node.place,
  };
}

function draftOf(row: CsvRow, mapping: ColumnMapping, place: Place, rules: ImportRules): AccountDraft {
  const { userId, subAccount, owner } = mapping;
  const ownerText = owner === undefined ? '' : row.cell(owner);
  return new AccountDraft(
    readUserId(row.cell(userId), fieldOf(place, userId)),
    subAccount === undefined ? 0 : readSubAccount(row.cell(subAccount), fieldOf(place, subAccount)),
    owner === undefined || ownerText === '' ? undefined : readOwner(ownerText, fieldOf(place, owner)),
    rules.slots,
  );
}

function listed(column: MappedColumn, rules: ImportRules): Instrument {
  const found = rules.bySymbol.get(column.instrument);
  if (found !== undefined) return found;
  throw new UnknownInstrumentError(
    at(column.place, `${quoted(column.instrument)} is not in the instrument list: list it in the market file or ignore the column`),
    detailsOf(column.place),
  );
}

function columnsOf(mapping: ColumnMapping): string[] {
  return [...wantedColumns(mapping).required, ...mapping.ignored];
}

function wantedColumns(mapping: ColumnMapping): Columns {
  const named = [mapping.userId, mapping.subAccount, mapping.owner].filter((name) => name !== undefined);
  return { required: [...named, ...mapping.instruments.map(({ column }) => column)], optional: mapping.ignored };
}

function refuseRepeats(names: readonly string[], what: string, file: string): void {
  const repeated = names.find((name, place) => names.indexOf(name) !== place);
  if (repeated !== undefined) {
    throw new ColumnMappingError({ file, field: repeated }, `${what} ${quoted(repeated)} stands twice: give each one meaning`);
  }
}
