import type { Account } from './account.js';
import { AccountDraft, instrumentOf, type ImportRules } from './account-draft.js';
import { linesOf } from './byte-source.js';
import { readOwner, readQuantity, readSubAccount, readUserId } from './cells.js';
import { JsonNode } from './json-node.js';
import type { Place } from './place.js';
import { SeenAccounts } from './seen-accounts.js';

const FIELDS = ['user', 'subAccount', 'owner', 'holdings'];

/** Accounts of the NDJSON format, one JSON object a line. Throws the errors of import-errors.ts. */
export async function* readSnapshotNdjson(text: AsyncIterable<string>, rules: ImportRules): AsyncGenerator<Account> {
  const seen = new SeenAccounts();
  for await (const line of linesOf(text, rules.file)) {
    const place: Place = { file: rules.file, row: line.row };
    const account = accountOf(JsonNode.parse(line.text, place), rules);
    seen.add(account.userId, account.subAccount, place);
    yield account;
  }
}

function accountOf(line: JsonNode, rules: ImportRules): Account {
  const object = line.object(FIELDS);
  const user = object.field('user');
  const subAccount = object.optional('subAccount');
  const owner = object.optional('owner');
  const draft = new AccountDraft(
    readUserId(user.text(), user.place),
    subAccount === undefined ? 0 : readSubAccount(subAccount.text(), subAccount.place),
    owner === undefined ? undefined : readOwner(owner.text(), owner.place),
    rules.slots,
  );
  for (const [symbol, quantity] of object.field('holdings').members()) {
    const instrument = instrumentOf(symbol, rules, quantity.place);
    draft.add(instrument, readQuantity(quantity.text(), instrument, quantity.place), quantity.place);
  }
  return draft.finish(line.place);
}
