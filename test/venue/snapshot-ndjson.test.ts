import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { importText, refusal } from './fixtures.js';

const ndjson = { kind: 'ndjson' } as const;
const csv = { kind: 'csv' } as const;
const file = 'accounts.test';

describe('the NDJSON format', () => {
  it('reads the documented example to the same accounts as the CSV one', async () => {
    const [lines, rows] = [readFileSync('test/vectors/venue/accounts.ndjson'), readFileSync('test/vectors/venue/accounts.csv')];
    assert.deepEqual(await importText(lines, ndjson), await importText(rows, csv));
  });

  it('accepts a byte order mark, CRLF and empty lines', async () => {
    const accounts = await importText('\ufeff{"user":"a","holdings":{}}\r\n\r\n{"user":"b","holdings":{"USD":"1"}}', ndjson);
    assert.deepEqual(accounts.map((one) => one.userId), ['a', 'b']);
  });

  const line = (holdings: string): string => `{"user":"a","holdings":${holdings}}\n`;
  const refusals: [title: string, text: string, code: string, place: Record<string, string | number>][] = [
    ['an empty file', '', 'EMPTY_SNAPSHOT', { file }],
    ['blank lines only', '\n\r\n', 'EMPTY_SNAPSHOT', { file }],
    ['broken JSON', '{"user":"a","holdings":{}}\n{"user":\n', 'JSON_SYNTAX', { file, row: 2 }],
    ['a line that is a list', '[]\n', 'JSON_SHAPE', { file, row: 1 }],
    ['a missing user', '{"holdings":{}}\n', 'JSON_SHAPE', { file, row: 1, field: 'user' }],
    ['missing holdings', '{"user":"a"}\n', 'JSON_SHAPE', { file, row: 1, field: 'holdings' }],
    ['holdings as a list', line('[]'), 'JSON_SHAPE', { file, row: 1, field: 'holdings' }],
    ['an unknown field', '{"user":"a","holdings":{},"vip":true}\n', 'JSON_SHAPE', { file, row: 1, field: 'vip' }],
    ['the field __proto__', '{"user":"a","holdings":{},"__proto__":{"x":"1"}}\n', 'JSON_SHAPE', { file, row: 1, field: '__proto__' }],
    ['a quantity as a JSON number', line('{"USD":1.5}'), 'JSON_SHAPE', { file, row: 1, field: 'holdings.USD' }],
    ['a number beyond 2^53 [I16]', line('{"USD":9007199254740993}'), 'JSON_SHAPE', { file, row: 1, field: 'holdings.USD' }],
    ['a user as a number', '{"user":7,"holdings":{}}\n', 'JSON_SHAPE', { file, row: 1, field: 'user' }],
    ['a sub-account as a number', '{"user":"a","subAccount":0,"holdings":{}}\n', 'JSON_SHAPE', { file, row: 1, field: 'subAccount' }],
    ['a bad sub-account', '{"user":"a","subAccount":"1.0","holdings":{}}\n', 'SUB_ACCOUNT', { file, row: 1, field: 'subAccount' }],
    ['a bad owner', '{"user":"a","owner":"0","holdings":{}}\n', 'OWNER', { file, row: 1, field: 'owner' }],
    ['an exponent', line('{"USD":"1e3"}'), 'QUANTITY_FORM', { file, row: 1, field: 'holdings.USD' }],
    ['excess precision', line('{"USD":"0.0000001"}'), 'QUANTITY_PRECISION', { file, row: 1, field: 'holdings.USD' }],
    ['a quantity beyond 64 bits', line('{"WEI":"18446744073709551616"}'), 'QUANTITY_RANGE', { file, row: 1, field: 'holdings.WEI' }],
    ['an unknown instrument', line('{"DOGE":"1"}'), 'UNKNOWN_INSTRUMENT', { file, row: 1, field: 'holdings.DOGE' }],
    ['the instrument __proto__', line('{"__proto__":"1"}'), 'UNKNOWN_INSTRUMENT', { file, row: 1, field: 'holdings.__proto__' }],
    ['an instrument twice in one account', line('{"USD":"1","BTC":"1","USD":"2"}'), 'JSON_SYNTAX', { file, row: 1 }],
    ['an instrument twice in two spellings', line('{"USD":"1","\\u0055SD":"2"}'), 'JSON_SYNTAX', { file, row: 1 }],
    ['an account that comes again', '{"user":"a","holdings":{}}\n{"user":"b","holdings":{}}\n{"user":"a","subAccount":"0","holdings":{}}\n',
      'DUPLICATE_ACCOUNT', { file, row: 3 }],
    ['an unpaired surrogate, which would share its digest with others', '{"user":"a\\ud800","holdings":{}}\n', 'USER_ID', { file, row: 1, field: 'user' }],
    ['a line that is too long', `{"user":"${'a'.repeat(70_000)}","holdings":{}}\n`, 'ROW_LENGTH', { file, row: 1 }],
    ['an endless line without a line end', `{"user":"a","holdings":{}}\n${' '.repeat(200_000)}`, 'ROW_LENGTH', { file, row: 2 }],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(importText(text, ndjson), refusal(code, place));
    });
  }

  it('refuses more holdings than slots, naming the line', async () => {
    await assert.rejects(importText(line('{"USD":"1","BTC":"1"}'), ndjson, 1), refusal('TOO_MANY_HOLDINGS', { file, row: 1 }));
  });

  it('refuses very deep JSON without running out of stack', async () => {
    const deep = `{"user":"a","holdings":${'['.repeat(10_000)}${']'.repeat(10_000)}}\n`;
    await assert.rejects(importText(deep, ndjson), refusal('JSON_SHAPE', { file, row: 1, field: 'holdings' }));
  });
});
