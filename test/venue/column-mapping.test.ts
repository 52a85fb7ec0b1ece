import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Account } from '../../src/venue/account.js';
import { fileSource } from '../../src/venue/byte-source.js';
import { parseColumnMapping, type ColumnMapping } from '../../src/venue/column-mapping.js';
import type { Instrument } from '../../src/venue/instrument.js';
import { collectSnapshot, readSnapshot } from '../../src/venue/snapshot-reader.js';
import { importText, refusal } from './fixtures.js';

const mappingFile = 'mapping.json';
const file = 'accounts.test';
const WIDE = readFileSync('test/vectors/venue/wide-mapping.json', 'utf8');
const MANGO = readFileSync('test/vectors/venue/mango-mapping.json', 'utf8');
const wide = (): { kind: 'mapped-csv'; mapping: ColumnMapping } => ({ kind: 'mapped-csv', mapping: parseColumnMapping(WIDE, mappingFile) });

function mappingWith(change: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(WIDE) as Record<string, unknown>), ...change });
}

describe('a column mapping', () => {
  it('imports the documented example of a foreign CSV', async () => {
    assert.deepEqual(await importText(readFileSync('test/vectors/venue/wide.csv'), wide()), [
      { userId: 'alice', subAccount: 0, owner: undefined, holdings: [{ index: 0, quantity: 2_500_750_000n }, { index: 2, quantity: 50_000_000n }] },
      { userId: 'bob', subAccount: 7, owner: undefined, holdings: [{ index: 2, quantity: -1n }] },
    ]);
  });

  it('converts native units between decimals exactly', async () => {
    const coarse = parseColumnMapping(mappingWith({ instruments: [{ column: 'btc_sats', instrument: 'BTC', unit: 'native', decimals: '2' }], ignored: ['memo', 'usd'] }), mappingFile);
    const fine = parseColumnMapping(mappingWith({ instruments: [{ column: 'btc_sats', instrument: 'BTC', unit: 'native', decimals: '10' }], ignored: ['memo', 'usd'] }), mappingFile);
    const rows = (cell: string): string => `uid,group,btc_sats,usd,memo\na,0,${cell},x,y\n`;
    assert.equal((await importText(rows('-150'), { kind: 'mapped-csv', mapping: coarse }))[0]?.holdings[0]?.quantity, -150_000_000n);
    assert.equal((await importText(rows('1500'), { kind: 'mapped-csv', mapping: fine }))[0]?.holdings[0]?.quantity, 15n);
    await assert.rejects(importText(rows('1501'), { kind: 'mapped-csv', mapping: fine }), refusal('QUANTITY_PRECISION', { file, row: 2, field: 'btc_sats' }));
  });

  const HEAD = 'uid,group,btc_sats,usd,memo\n';
  const refusals: [title: string, text: string, code: string, place: Record<string, string | number>][] = [
    ['a column nobody mapped', 'uid,group,btc_sats,usd,memo,eth\n', 'CSV_HEADER', { file, row: 1, field: 'eth' }],
    ['a mapped column that is missing', 'uid,group,usd,memo\n', 'CSV_HEADER', { file, row: 1, field: 'btc_sats' }],
    ['a native quantity with a point', `${HEAD}a,0,1.5,0,\n`, 'QUANTITY_PRECISION', { file, row: 2, field: 'btc_sats' }],
    ['an empty quantity', `${HEAD}a,0,,0,\n`, 'QUANTITY_FORM', { file, row: 2, field: 'btc_sats' }],
    ['a float quantity', `${HEAD}a,0,1e9,0,\n`, 'QUANTITY_FORM', { file, row: 2, field: 'btc_sats' }],
    ['a native quantity beyond 64 bits', `${HEAD}a,0,18446744073709551616,0,\n`, 'QUANTITY_RANGE', { file, row: 2, field: 'btc_sats' }],
    ['an account that comes again', `${HEAD}a,0,1,0,\na,0,1,0,\n`, 'DUPLICATE_ACCOUNT', { file, row: 3 }],
    ['a bad sub-account', `${HEAD}a,x,1,0,\n`, 'SUB_ACCOUNT', { file, row: 2, field: 'group' }],
    ['a header without rows', HEAD, 'EMPTY_SNAPSHOT', { file }],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`refuses ${title} in the data`, async () => {
      await assert.rejects(importText(text, wide()), refusal(code, place));
    });
  }

  const badMappings: [title: string, text: string, code: string, place: Record<string, string | number>][] = [
    ['an unknown field', mappingWith({ sheet: '1' }), 'JSON_SHAPE', { file: mappingFile, field: 'sheet' }],
    ['another version', mappingWith({ formatVersion: '2' }), 'JSON_SHAPE', { file: mappingFile, field: 'formatVersion' }],
    ['no instruments', mappingWith({ instruments: [] }), 'JSON_SHAPE', { file: mappingFile, field: 'instruments' }],
    ['a column with two meanings', mappingWith({ ignored: ['uid'] }), 'COLUMN_MAPPING', { file: mappingFile, field: 'uid' }],
    ['two columns for one instrument', mappingWith({ instruments: [
      { column: 'x', instrument: 'BTC', unit: 'decimal' }, { column: 'y', instrument: 'BTC', unit: 'decimal' }] }),
    'COLUMN_MAPPING', { file: mappingFile, field: 'BTC' }],
    ['native units without decimals', mappingWith({ instruments: [{ column: 'x', instrument: 'BTC', unit: 'native' }] }),
      'JSON_SHAPE', { file: mappingFile, field: 'instruments[0].decimals' }],
    ['decimal units with decimals', mappingWith({ instruments: [{ column: 'x', instrument: 'BTC', unit: 'decimal', decimals: '8' }] }),
      'COLUMN_MAPPING', { file: mappingFile, field: 'instruments[0].decimals' }],
    ['an unknown unit', mappingWith({ instruments: [{ column: 'x', instrument: 'BTC', unit: 'wei' }] }), 'JSON_SHAPE', { file: mappingFile, field: 'instruments[0].unit' }],
  ];
  for (const [title, text, code, place] of badMappings) {
    it(`refuses a mapping with ${title}`, () => {
      assert.throws(() => parseColumnMapping(text, mappingFile), refusal(code, place));
    });
  }

  it('refuses a mapping to an unlisted instrument before it reads a row', async () => {
    const mapping = parseColumnMapping(mappingWith({ instruments: [{ column: 'x', instrument: 'DOGE', unit: 'decimal' }] }), mappingFile);
    await assert.rejects(importText('x\n', { kind: 'mapped-csv', mapping }), refusal('UNKNOWN_INSTRUMENT', { file: mappingFile, field: 'instruments[0]' }));
  });
});

describe('the mapping of the Mango v3 file', () => {
  const mapping = parseColumnMapping(MANGO, 'mango-mapping.json');
  const instruments = mapping.instruments.map((column, index): Instrument => ({
    index, id: column.instrument, kind: 'spot', asset: column.instrument, quantityDecimals: column.nativeDecimals ?? 0,
  }));
  // A row in the form of the real file where that is not at hand; the values are made up.
  const STAND_IN = 'account,owner,MNGO,BTC,ETH,SOL,USDT,SRM,RAY,COPE,FTT,ADA,MSOL,BNB,AVAX,LUNA,GMT,USDC\n'
    + 'AccountKeyOfNobody1111111111111111111111111,OwnerKeyOfNobody111111111111111111111111111,2857,0,0,46343,0,0,0,0,0,0,0,0,0,0,0,5\n';
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mapping-'));
    writeFileSync(join(folder, 'stand-in.csv.gz'), gzipSync(STAND_IN));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function importAll(): Promise<readonly Account[]> {
    const real = '../shared/data/accounts-mango-v3-2022/reimbursement-20221018-v8.csv.gz';
    const path = existsSync(real) ? real : join(folder, 'stand-in.csv.gz');
    return (await collectSnapshot(readSnapshot(fileSource(path), { kind: 'mapped-csv', mapping }, instruments, 16))).accounts;
  }

  it('imports a gzipped file of real accounts without code', async () => {
    const accounts = await importAll();
    const usdc = accounts.flatMap((one) => one.holdings).filter((one) => one.index === 15).reduce((sum, one) => sum + one.quantity, 0n);
    const several = accounts.filter((one) => one.holdings.length >= 2).length;
    if (accounts.length === 1) assert.deepEqual([usdc, several], [5n, 1]);
    else {
      // The figures that the file's source states: 25,816 accounts, 10,572 with two assets or more, 66.87 M USDC.
      assert.deepEqual([accounts.length, several], [25_816, 10_572]);
      assert.equal((usdc + 5n * 10n ** 9n) / 10n ** 10n, 6_687n);
    }
    assert.ok(accounts.every((one) => one.subAccount === 0 && one.owner === undefined));
  });
});
