import assert from 'node:assert/strict';
import { marketTableToJson, parseMarketTable, serializeMarketTable } from '../../src/risk/market-table-json.js';
import type { MarketRow } from '../../src/risk/market-table.js';
import type { RowTerms } from '../../src/risk/row-terms.js';
import { smallMarket } from '../builders/market.js';
import { termedMarket, termedTieredMarket } from '../builders/termed-market.js';
import { refusal } from '../venue/fixtures.js';

const file = 'table.json';
const [USDC, BTC, ENTRY, PERP, CALL] = [0, 1, 2, 3, 4];

describe('a market table with terms', () => {
  for (const table of [termedMarket(), termedMarket('initial'), termedTieredMarket(), termedTieredMarket('initial')]) {
    it(`is read back to the same table and bytes: ${table.rows.length} rows, ${table.level}`, () => {
      const text = serializeMarketTable(table);
      assert.deepEqual(parseMarketTable(text), table);
      assert.equal(serializeMarketTable(parseMarketTable(text)), text);
    });
  }

  for (const [name, row, change, field] of [
    ['a mark other than the price gives', BTC, (one: MarketRow) => ({ mark: one.mark + 1n }), 'mark'],
    ['a charge below the rate', BTC, (one: MarketRow) => ({ longCharge: one.longCharge - 1n }), 'longCharge'],
    ['a short charge above the rate', PERP, (one: MarketRow) => ({ shortCharge: one.shortCharge + 1n }), 'shortCharge'],
    ['scenario P&L other than the moves give', PERP, (one: MarketRow) => ({ pnl: [one.pnl[0] as bigint, (one.pnl[1] as bigint) + 1n] }), 'pnl[1]'],
    ['an option above its underlying', CALL, () => ({ mark: 70_000_000_000n, longCharge: 700_000_000n }), 'mark'],
    ['a volatility of a coin', BTC, () => ({ volatility: 1n }), 'volatility'],
    ['no price', USDC, () => ({ oraclePrice: 0n }), 'oraclePrice'],
    ['a strike of a coin', BTC, (one: MarketRow) => ({ terms: { ...(one.terms as RowTerms), strike: 5n } }), 'terms'],
    ['an entry price that does not come out even', ENTRY, () => ({ oraclePrice: 100_000_001n, terms: { ...(termedMarket().rows[ENTRY]?.terms as RowTerms), multiplier: 10n ** 13n } }), 'terms.exact'],
  ] as const) {
    it(`is refused with ${name}`, () => {
      const table = termedMarket();
      const rows = table.rows.map((one, place): MarketRow => (place === row ? { ...one, ...change(one) } : one));
      assert.throws(() => parseMarketTable(serializeMarketTable({ ...table, rows }), file), refusal('MARKET_TERMS', { file, field: `rows[${row}].${field}` }));
    });
  }

  it('is refused when one row has none, or when they stand in a table without moves', () => {
    const json = marketTableToJson(termedMarket());
    const [first, ...others] = json.rows;
    const { terms, ...bare } = first as (typeof json.rows)[number];
    assert.throws(() => parseMarketTable(JSON.stringify({ ...json, rows: [bare, ...others] }), file), refusal('MARKET_TERMS', { file, field: 'rows[0].terms' }));
    const plain = marketTableToJson(smallMarket());
    assert.throws(() => parseMarketTable(JSON.stringify({ ...plain, rows: plain.rows.map((one) => ({ ...one, terms })) }), file), refusal('MARKET_TERMS', { file, field: 'rows[0].terms' }));
  });

  for (const [name, change, field] of [
    ['a rate of 25 bits', { maintenance: ['16777216', '0', '0'] }, '.maintenance[0]'], ['a flag that is 2', { exact: '2' }, '.exact'],
    ['a multiplier of 65 bits', { multiplier: (2n ** 64n).toString() }, '.multiplier'], ['a strike of 48 bits', { strike: (2n ** 47n).toString() }, '.strike'],
    ['two rates', { initial: ['1', '2'] }, '.initial'], ['an unknown field', { other: '1' }, '.other'],
  ] as const) {
    it(`is refused with ${name}`, () => {
      const json = marketTableToJson(termedMarket());
      const rows = json.rows.map((one, place) => (place === BTC ? { ...one, terms: { ...one.terms, ...change } } : one));
      assert.throws(() => parseMarketTable(JSON.stringify({ ...json, rows }), file), refusal('JSON_SHAPE', { file, field: `rows[${BTC}].terms${field}` }));
    });
  }

  it('is refused with a move beyond 255 sixtieths', () => {
    const json = marketTableToJson(termedMarket());
    assert.throws(() => parseMarketTable(JSON.stringify({ ...json, moves: [['256', '0'], ['0', '0']] }), file), refusal('JSON_SHAPE', { file, field: 'moves[0][0]' }));
  });
});
