import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { marketTableFromJson, marketTableToJson, parseMarketTable, serializeMarketTable } from '../../src/risk/market-table-json.js';
import { parseStaticMarket } from '../../src/risk/static-market.js';
import { tieredMarket } from '../builders/market.js';
import { refusal } from '../venue/fixtures.js';

const table = parseStaticMarket(readFileSync('test/vectors/venue/market.json', 'utf8'), 'market.json');
const file = 'receipt.json';
type Json = Record<string, unknown>;

function with_(change: Json): string {
  return JSON.stringify({ ...marketTableToJson(table), ...change });
}

function rowWith(row: number, change: Json): string {
  return with_({ rows: marketTableToJson(table).rows.map((one, place) => (place === row ? { ...one, ...change } : one)) });
}

describe('the canonical JSON of a market table', () => {
  it('is read back to the same table and written to the same bytes', () => {
    const { table: large } = syntheticVenue({ seed: 'json', accounts: 64, slots: 8, instruments: 32, scenarios: 8 });
    for (const one of [table, large]) {
      const text = serializeMarketTable(one);
      assert.deepEqual(parseMarketTable(text), one);
      assert.equal(serializeMarketTable(parseMarketTable(text)), text);
    }
  });

  it('has its keys in alphabetical order, no white space and no number outside a string', () => {
    const text = serializeMarketTable(table);
    const value = JSON.parse(text) as { rows: Json[] };
    for (const object of [value, ...value.rows]) assert.deepEqual(Object.keys(object), Object.keys(object).sort());
    assert.equal(text, JSON.stringify(value));
    assert.doesNotMatch(text, /[:[,]-?[0-9]/);
  });

  it('is read from a parsed document and keeps the place', () => {
    const json: unknown = JSON.parse(serializeMarketTable(table));
    assert.deepEqual(marketTableFromJson(json, { file }), table);
    assert.throws(() => marketTableFromJson({ ...(json as Json), level: 'x' }, { file, field: 'market' }), refusal('JSON_SHAPE', { file, field: 'market.level' }));
    assert.throws(() => marketTableFromJson(null, { file, field: 'market' }), refusal('JSON_SHAPE', { file, field: 'market' }));
  });

  const at = (field: string): Record<string, string> => ({ file, field });
  const refusals: [title: string, text: string, code: string, place: Record<string, string>][] = [
    ['no JSON', 'market', 'JSON_SYNTAX', { file }],
    ['a key twice', serializeMarketTable(table).replace('"level"', '"level":"initial","level"'), 'JSON_SYNTAX', { file }],
    ['an unknown field', with_({ note: '' }), 'JSON_SHAPE', at('note')],
    ['an unknown field of a row', rowWith(0, { note: '' }), 'JSON_SHAPE', at('rows[0].note')],
    ['a missing field', with_({ valueScale: undefined }), 'JSON_SHAPE', at('valueScale')],
    ['a mark as a number', rowWith(0, { mark: 1_000_000 }), 'JSON_SHAPE', at('rows[0].mark')],
    ['a mark with a point', rowWith(0, { mark: '1000000.0' }), 'JSON_SHAPE', at('rows[0].mark')],
    ['a mark with a leading zero', rowWith(0, { mark: '01' }), 'JSON_SHAPE', at('rows[0].mark')],
    ['a mark of 2^47', rowWith(3, { mark: (2n ** 47n).toString() }), 'MARKET_RANGE', at('rows[3].mark')],
    ['a mark of 2^200', rowWith(3, { mark: (2n ** 200n).toString() }), 'JSON_SHAPE', at('rows[3].mark')],
    ['a negative charge', rowWith(3, { longCharge: '-1' }), 'MARKET_RANGE', at('rows[3].longCharge')],
    ['a charge of 2^47', rowWith(3, { shortCharge: (2n ** 47n).toString() }), 'MARKET_RANGE', at('rows[3].shortCharge')],
    ['a scenario value of -2^47', rowWith(3, { pnl: [(-(2n ** 47n)).toString(), '0'] }), 'MARKET_RANGE', at('rows[3].pnl[0]')],
    ['one scenario value too few', rowWith(3, { pnl: ['0'] }), 'JSON_SHAPE', at('rows[3].pnl')],
    ['an entry row with a charge', rowWith(1, { longCharge: '1' }), 'MARKET_CROSSED', at('rows[1].longCharge')],
    ['a haircut above the price', rowWith(2, { longCharge: '970005001' }), 'MARKET_CROSSED', at('rows[2].longCharge')],
    ['rows out of order', rowWith(2, { index: '3' }), 'JSON_SHAPE', at('rows[2].index')],
    ['a group out of order', rowWith(2, { group: '1' }), 'MARKET_TIERS', at('rows[2].group')],
    ['a group left out', rowWith(2, { group: '3' }), 'MARKET_TIERS', at('rows[2].group')],
    ['a first row with a predecessor', rowWith(0, { predecessor: '1' }), 'MARKET_TIERS', at('rows[0].predecessor')],
    ['a predecessor that is not the row before', rowWith(2, { predecessor: '1' }), 'MARKET_TIERS', at('rows[2].predecessor')],
    ['a tier on a row without a cap', rowWith(2, { predecessor: '2' }), 'MARKET_TIERS', at('rows[2].predecessor')],
    ['a cap of 2^64', rowWith(2, { cap: (2n ** 64n).toString() }), 'JSON_SHAPE', at('rows[2].cap')],
    ['a negative cap', rowWith(2, { cap: '-1' }), 'JSON_SHAPE', at('rows[2].cap')],
    ['an instrument twice', rowWith(3, { id: 'BTC' }), 'MARKET_DUPLICATE', at('rows[3].id')],
    ['an unknown kind', rowWith(3, { kind: 'none' }), 'JSON_SHAPE', at('rows[3].kind')],
    ['no rows', with_({ rows: [] }), 'JSON_SHAPE', at('rows')],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`is refused with ${title}`, () => {
      assert.throws(() => parseMarketTable(text, file), refusal(code, place));
    });
  }

  describe('with tiers', () => {
    const tiers = tieredMarket();
    const tierWith = (row: number, change: Json): string =>
      JSON.stringify({ ...marketTableToJson(tiers), rows: marketTableToJson(tiers).rows.map((one, place) => (place === row ? { ...one, ...change } : one)) });

    it('is read back to the same table', () => {
      assert.deepEqual(parseMarketTable(serializeMarketTable(tiers)), tiers);
    });

    it('may charge a tier as much as the one below', () => {
      assert.equal(parseMarketTable(tierWith(1, { longCharge: '3000000001', shortCharge: '6000000000' })).rows[1]?.longCharge, 3_000_000_001n);
    });

    const bent: [title: string, row: number, change: Json, field: string][] = [
      ['a middle tier without a cap', 1, { cap: '0' }, 'rows[2].predecessor'],
      ['a tier of another group', 1, { group: '1' }, 'rows[1].group'],
      ['a tier that names another row as the one below', 2, { predecessor: '1' }, 'rows[2].predecessor'],
      ['a tier of another name', 1, { id: 'BTC-2' }, 'rows[1].id'],
      ['a tier of another kind', 4, { kind: 'future' }, 'rows[4].kind'],
      ['a tier of another asset', 1, { asset: 'ETH' }, 'rows[1].asset'],
      ['a tier of other decimals', 1, { quantityDecimals: '8' }, 'rows[1].quantityDecimals'],
      ['a tier of another activation epoch', 1, { activationEpoch: '2' }, 'rows[1].activationEpoch'],
      ['a tier of another oracle price', 1, { oraclePrice: '2' }, 'rows[1].oraclePrice'],
      ['a tier of another mark', 1, { mark: '60000000001' }, 'rows[1].mark'],
      ['a tier of another scenario value', 1, { pnl: ['-9000000000', '9000000001'] }, 'rows[1].pnl[1]'],
      ['a long charge that falls', 1, { longCharge: '3000000000' }, 'rows[1].longCharge'],
      ['a short charge that falls', 1, { shortCharge: '5999999999' }, 'rows[1].shortCharge'],
    ];
    for (const [title, row, change, field] of bent) {
      it(`is refused with ${title}`, () => {
        assert.throws(() => parseMarketTable(tierWith(row, change), file), refusal('MARKET_TIERS', at(field)));
      });
    }
  });

  it('is read by modules that a browser can load', () => {
    const reached = new Set<string>();
    const visit = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(/from '([^']+)'/g)) {
        assert.ok(target.startsWith('.'), `${path} imports ${target}`);
        visit(new URL(target.replace(/\.js$/, '.ts'), `file:///${path}`).pathname.slice(1));
      }
    };
    for (const root of ['src/risk/market-table-json.ts', 'src/risk/static-market.ts', 'src/margin/explain.ts', 'src/risk/listing-limit.ts']) visit(root);
    assert.ok(reached.has('src/fixed-point/decimal.ts'));
  });
});
