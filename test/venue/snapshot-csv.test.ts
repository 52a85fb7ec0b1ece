import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { importText, refusal } from './fixtures.js';

const csv = { kind: 'csv' } as const;
const HEADER = 'user_id,sub_account,instrument,quantity\n';
const file = 'accounts.test';
const OWNER_COLUMN = 'user_id,sub_account,instrument,quantity,owner\n';
const P = '21888242871839275222246405745257275088548364400416034343698204186575808495617';

describe('the long CSV format', () => {
  it('reads accounts with holdings in the order of the instrument list', async () => {
    const accounts = await importText(`${HEADER}alice,0,BTC,0.5\nalice,0,USD,2500.75\nbob,4294967295,BTC-PERP,-1.25\n`, csv);
    assert.deepEqual(accounts, [
      { userId: 'alice', subAccount: 0, owner: undefined, holdings: [{ index: 0, quantity: 2_500_750_000n }, { index: 2, quantity: 50_000_000n }] },
      { userId: 'bob', subAccount: 4_294_967_295, owner: undefined, holdings: [{ index: 3, quantity: -125_000_000n }] },
    ]);
    assert.ok(Object.isFrozen(accounts) && Object.isFrozen(accounts[0]) && Object.isFrozen(accounts[0]?.holdings));
  });

  it('reads the documented example with quotes, owners and an account without holdings', async () => {
    const accounts = await importText(readFileSync('test/vectors/venue/accounts.csv'), csv);
    assert.deepEqual(accounts.map((one) => [one.userId, one.subAccount, one.holdings.length, one.owner !== undefined]), [
      ['alice', 0, 2, true], ['alice', 1, 3, false], ['Bob, the "whale"', 0, 2, false], ['house', 0, 3, false], ['idle', 0, 0, false],
    ]);
  });

  it('accepts a byte order mark, CRLF, empty lines, any column order and a missing last line end [V10]', async () => {
    const accounts = await importText('\ufeffquantity,instrument,sub_account,user_id\r\n1,USD,0,a\r\n\r\n2,USD,0,b', csv);
    assert.deepEqual(accounts.map((one) => one.holdings[0]?.quantity), [1_000_000n, 2_000_000n]);
  });

  it('drops rows with quantity 0 and keeps the account', async () => {
    const [account] = await importText(`${HEADER}a,0,USD,0\na,0,BTC,1\na,0,BTC-PERP,0.0\n`, csv);
    assert.deepEqual(account?.holdings, [{ index: 2, quantity: 100_000_000n }]);
  });

  it('accepts the largest quantities of 64 bits and a sign', async () => {
    const [a, b] = await importText(`${HEADER}a,0,WEI,18446744073709551615\nb,0,WEI,-18446744073709551616\n`, csv);
    assert.deepEqual([a?.holdings[0]?.quantity, b?.holdings[0]?.quantity], [2n ** 64n - 1n, -(2n ** 64n)]);
  });

  it('reads an owner in decimal and in hex', async () => {
    const accounts = await importText(`${OWNER_COLUMN}a,0,USD,1,12\nb,0,USD,1,0x0C\nc,0,USD,1,\n`, csv);
    assert.deepEqual(accounts.map((one) => one.owner), [12n, 12n, undefined]);
  });

  it('keeps names of object prototypes apart from objects [V7]', async () => {
    const accounts = await importText(`${HEADER}__proto__,0,USD,1\nconstructor,0,USD,1\n`, csv);
    assert.deepEqual(accounts.map((one) => one.userId), ['__proto__', 'constructor']);
    assert.equal(({} as Record<string, unknown>)['0'], undefined);
  });

  const refusals: [title: string, text: string, code: string, place: Record<string, string | number>][] = [
    ['an empty file', '', 'CSV_HEADER', { file }],
    ['a header without rows', HEADER, 'EMPTY_SNAPSHOT', { file }],
    ['a missing column', 'user_id,sub_account,instrument\na,0,USD\n', 'CSV_HEADER', { file, row: 1, field: 'quantity' }],
    ['a repeated column', 'user_id,sub_account,instrument,quantity,quantity\n', 'CSV_HEADER', { file, row: 1, field: 'quantity' }],
    ['an unknown column', 'user_id,sub_account,instrument,quantity,note\n', 'CSV_HEADER', { file, row: 1, field: 'note' }],
    ['a column called __proto__', 'user_id,sub_account,instrument,quantity,__proto__\n', 'CSV_HEADER', { file, row: 1, field: '__proto__' }],
    ['a row with too few cells', `${HEADER}a,0,USD\n`, 'CSV_ROW', { file, row: 2 }],
    ['a row with too many cells', `${HEADER}a,0,USD,1\nb,0,USD,1,000\n`, 'CSV_ROW', { file, row: 3 }],
    ['a stray quote', `${HEADER}a,0,USD,1"2\n`, 'CSV_ROW', { file, row: 2 }],
    ['a quote that is never closed', `${HEADER}"a,0,USD,1\n`, 'CSV_ROW', { file, row: 2 }],
    ['a row that is too long', `${HEADER}${'a'.repeat(70_000)},0,USD,1\n`, 'ROW_LENGTH', { file, row: 2 }],
    ['an account that comes twice in neighbouring blocks', `${HEADER}a,0,USD,1\nb,0,USD,1\na,0,BTC,1\n`, 'DUPLICATE_ACCOUNT', { file, row: 4 }],
    ['a sub-account that comes again', `${HEADER}a,0,USD,1\na,1,USD,1\na,0,BTC,1\n`, 'DUPLICATE_ACCOUNT', { file, row: 4 }],
    ['an instrument twice in an account', `${HEADER}a,0,USD,1\na,0,USD,1\n`, 'DUPLICATE_HOLDING', { file, row: 3, field: 'instrument' }],
    ['an instrument twice with a zero', `${HEADER}a,0,USD,0\na,0,USD,1\n`, 'DUPLICATE_HOLDING', { file, row: 3, field: 'instrument' }],
    ['an unknown instrument', `${HEADER}a,0,DOGE,1\n`, 'UNKNOWN_INSTRUMENT', { file, row: 2, field: 'instrument' }],
    ['an instrument in another case', `${HEADER}a,0,usd,1\n`, 'UNKNOWN_INSTRUMENT', { file, row: 2, field: 'instrument' }],
    ['an instrument called __proto__', `${HEADER}a,0,__proto__,1\n`, 'UNKNOWN_INSTRUMENT', { file, row: 2, field: 'instrument' }],
    ['a quantity of 2^64', `${HEADER}a,0,WEI,18446744073709551616\n`, 'QUANTITY_RANGE', { file, row: 2, field: 'quantity' }],
    ['a quantity below -2^64', `${HEADER}a,0,WEI,-18446744073709551617\n`, 'QUANTITY_RANGE', { file, row: 2, field: 'quantity' }],
    ['more decimals than the instrument has', `${HEADER}a,0,USD,1.0000001\n`, 'QUANTITY_PRECISION', { file, row: 2, field: 'quantity' }],
    ['an empty user id', `${HEADER},0,USD,1\n`, 'USER_ID', { file, row: 2, field: 'user_id' }],
    ['a user id of 129 characters', `${HEADER}${'u'.repeat(129)},0,USD,1\n`, 'USER_ID', { file, row: 2, field: 'user_id' }],
    ['a user id with a zero byte', `${HEADER}a\0b,0,USD,1\n`, 'USER_ID', { file, row: 2, field: 'user_id' }],
    ['a user id with an invisible character', `${HEADER}a\u200bb,0,USD,1\n`, 'USER_ID', { file, row: 2, field: 'user_id' }],
    ['a user id with a space at its end', `${HEADER}a ,0,USD,1\n`, 'USER_ID', { file, row: 2, field: 'user_id' }],
    ['a user id that is a formula', `${HEADER}"=HYPERLINK(""x"")",0,USD,1\n`, 'USER_ID', { file, row: 2, field: 'user_id' }],
    ['a negative sub-account', `${HEADER}a,-1,USD,1\n`, 'SUB_ACCOUNT', { file, row: 2, field: 'sub_account' }],
    ['a sub-account of 2^32', `${HEADER}a,4294967296,USD,1\n`, 'SUB_ACCOUNT', { file, row: 2, field: 'sub_account' }],
    ['a sub-account in words', `${HEADER}a,main,USD,1\n`, 'SUB_ACCOUNT', { file, row: 2, field: 'sub_account' }],
    ['an empty sub-account', `${HEADER}a,,USD,1\n`, 'SUB_ACCOUNT', { file, row: 2, field: 'sub_account' }],
    ['an owner of p', `${OWNER_COLUMN}a,0,USD,1,${P}\n`, 'OWNER', { file, row: 2, field: 'owner' }],
    ['an owner of 0', `${OWNER_COLUMN}a,0,USD,1,0\n`, 'OWNER', { file, row: 2, field: 'owner' }],
    ['an owner beyond p in hex', `${OWNER_COLUMN}a,0,USD,1,0x${'f'.repeat(64)}\n`, 'OWNER', { file, row: 2, field: 'owner' }],
    ['an owner that is no number', `${OWNER_COLUMN}a,0,USD,1,0xzz\n`, 'OWNER', { file, row: 2, field: 'owner' }],
    ['two owners in one account', `${OWNER_COLUMN}a,0,USD,1,5\na,0,BTC,1,6\n`, 'OWNER', { file, row: 3, field: 'owner' }],
    ['an owner that stops after the first row', `${OWNER_COLUMN}a,0,USD,1,5\na,0,BTC,1,\n`, 'OWNER', { file, row: 3, field: 'owner' }],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(importText(text, csv), refusal(code, place));
    });
  }

  for (const form of ['1e3', '0x10', '+1', ' 1', '1 ', '.5', '5.', '01', '-0', '', 'NaN', '=1+1', '-1+1', '@SUM(A1)', '１', '1_0', '1e400', '0.1e-3']) {
    it(`refuses the quantity ${JSON.stringify(form)} [I15]`, async () => {
      await assert.rejects(importText(`${HEADER}a,0,USD,${form}\n`, csv), refusal('QUANTITY_FORM', { file, row: 2, field: 'quantity' }));
    });
  }

  it('counts the slots after zero rows are dropped', async () => {
    const rows = `${HEADER}a,0,USD,1\na,0,BTC,1\na,0,WEI,0\n`;
    assert.equal((await importText(rows, csv, 2)).length, 1);
    await assert.rejects(importText(rows, csv, 1), refusal('TOO_MANY_HOLDINGS', { file, row: 4 }));
  });

  it('refuses bytes that are not UTF-8, also cut off at the end', async () => {
    const head = [...new TextEncoder().encode(HEADER)];
    await assert.rejects(importText(Uint8Array.from([...head, 0xff, 0x2c]), csv), refusal('ENCODING', { file }));
    await assert.rejects(importText(Uint8Array.from([...head, 0x61, 0xc3]), csv), refusal('ENCODING', { file }));
    await assert.rejects(importText(Uint8Array.from([0xff, 0xfe, 0x61, 0x00]), csv), refusal('ENCODING', { file }));
  });

  it('keeps the decimal error as the cause and says what to write', async () => {
    await assert.rejects(importText(`${HEADER}a,0,USD,1e3\n`, csv), (error: unknown) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      assert.match(error.message, /^accounts\.test, row 2, field quantity: "1e3" .* write digits/);
      return true;
    });
  });
});
