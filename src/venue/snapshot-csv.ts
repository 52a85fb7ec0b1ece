import type { Account } from './account.js';
import { AccountDraft, instrumentOf, type ImportRules } from './account-draft.js';
import { readOwner, readQuantity, readSubAccount, readUserId } from './cells.js';
import { csvRows, type CsvRow } from './csv-rows.js';
import { OwnerError } from './import-errors.js';
import { fieldOf, type Place } from './place.js';
import { SeenAccounts } from './seen-accounts.js';

/** Columns of the long format, one holding a row. */
export const SNAPSHOT_COLUMNS = {
  required: ['user_id', 'sub_account', 'instrument', 'quantity'],
  optional: ['owner'],
} as const;

/** Accounts of the long CSV format; the rows of one account are neighbours. Throws the errors of import-errors.ts. */
export async function* readSnapshotCsv(text: AsyncIterable<string>, rules: ImportRules): AsyncGenerator<Account> {
  const seen = new SeenAccounts();
  let draft: AccountDraft | undefined;
  let lastPlace: Place = { file: rules.file };
  for await (const row of csvRows(text, rules.file, SNAPSHOT_COLUMNS)) {
    const place: Place = { file: rules.file, row: row.row };
    const next = draftOf(row, place, rules);
    if (draft?.userId !== next.userId || draft.subAccount !== next.subAccount) {
      if (draft !== undefined) yield draft.finish(lastPlace);
      seen.add(next.userId, next.subAccount, place);
      draft = next;
    } else if (draft.owner !== next.owner) {
      throw new OwnerError(fieldOf(place, 'owner'), 'the owner differs from the one in the account\'s first row: repeat the same in each');
    }
    addHolding(draft, row, place, rules);
    lastPlace = place;
  }
  if (draft !== undefined) yield draft.finish(lastPlace);
}

function draftOf(row: CsvRow, place: Place, rules: ImportRules): AccountDraft {
  const owner = row.cell('owner');
  return new AccountDraft(
    readUserId(row.cell('user_id'), fieldOf(place, 'user_id')),
    readSubAccount(row.cell('sub_account'), fieldOf(place, 'sub_account')),
    owner === '' ? undefined : readOwner(owner, fieldOf(place, 'owner')),
    rules.slots,
  );
}

function addHolding(draft: AccountDraft, row: CsvRow, place: Place, rules: ImportRules): void {
  const instrument = instrumentOf(row.cell('instrument'), rules, fieldOf(place, 'instrument'));
  draft.add(instrument, readQuantity(row.cell('quantity'), instrument, fieldOf(place, 'quantity')), fieldOf(place, 'instrument'));
}
