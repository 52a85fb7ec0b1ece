import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { marketTableFromJson, marketTableToJson, parseMarketTable, serializeMarketTable } from '../../src/risk/market-table-json.js';
import { parseStaticMarket } from '../../src/risk/static-market.js';
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
    ['a group', rowWith(2, { group: '1' }), 'TIERS_UNSUPPORTED', at('rows[2].group')],
    ['a predecessor', rowWith(2, { predecessor: '1' }), 'TIERS_UNSUPPORTED', at('rows[2].predecessor')],
    ['a cap', rowWith(2, { cap: '1' }), 'TIERS_UNSUPPORTED', at('rows[2].cap')],
    ['an instrument twice', rowWith(3, { id: 'BTC' }), 'MARKET_DUPLICATE', at('rows[3].id')],
    ['an unknown kind', rowWith(3, { kind: 'none' }), 'JSON_SHAPE', at('rows[3].kind')],
    ['no rows', with_({ rows: [] }), 'JSON_SHAPE', at('rows')],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`is refused with ${title}`, () => {
      assert.throws(() => parseMarketTable(text, file), refusal(code, place));
    });
  }

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
