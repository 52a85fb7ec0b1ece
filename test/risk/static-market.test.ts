import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { formatDecimal, parseDecimal } from '../../src/fixed-point/decimal.js';
import { parseMarketTable, serializeMarketTable } from '../../src/risk/market-table-json.js';
import { instrumentListText } from '../../src/risk/instrument-list.js';
import { parseStaticMarket, tieredFirst, writeStaticMarket, type StaticMarketFile } from '../../src/risk/static-market.js';
import { splitIntoTiers } from '../../src/risk/tiers.js';
import { refusal } from '../venue/fixtures.js';

const EXAMPLE = readFileSync('test/vectors/venue/market.json', 'utf8');
const file = 'market.json';
type Json = Record<string, unknown>;

/** The example with fields of the file changed; undefined removes one. */
function fileWith(change: Json): string {
  return JSON.stringify({ ...(JSON.parse(EXAMPLE) as Json), ...change });
}

/** The example with fields of its row `row` changed. */
function rowWith(row: number, change: Json): string {
  const { instruments } = JSON.parse(EXAMPLE) as { instruments: Json[] };
  return fileWith({ instruments: instruments.map((one, place) => (place === row ? { ...one, ...change } : one)) });
}

/** 100 BTC at 5 %, 150 more at 10 %, the rest at 50 %. */
const TIERS = [
  { upTo: '100', longCharge: { ofMark: '0.05' }, shortCharge: { ofMark: '0.05' } },
  { upTo: '250', longCharge: { ofMark: '0.1' }, shortCharge: { ofMark: '0.1' } },
  { longCharge: { ofMark: '0.5' }, shortCharge: { ofMark: '0.5' } },
] as const;

/** The example with its BTC, row 2, in tiers. */
function tiered(tiers: readonly object[], change: Json = {}, next: Json = {}): string {
  const { instruments } = JSON.parse(EXAMPLE) as { instruments: Json[] };
  return fileWith({
    instruments: instruments.map((one, place) => {
      if (place === 3) return { ...one, ...next };
      return place === 2 ? { ...one, longCharge: undefined, shortCharge: undefined, tiers, ...change } : one;
    }),
  });
}

describe('a market parameter file', () => {
  it('turns into value units per quantum', () => {
    const table = parseStaticMarket(EXAMPLE, file);
    assert.deepEqual([table.level, table.snapshotTime, table.valueScale, table.currency, table.parameterSet], ['maintenance', 1_767_225_600, 12, 'USD', 'example-1']);
    assert.deepEqual(table.scenarios, ['price -10%', 'price +10%']);
    assert.deepEqual(table.rows[2], {
      index: 2, id: 'BTC', kind: 'spot', asset: 'BTC', quantityDecimals: 8, group: 2, predecessor: 0, cap: 0n, activationEpoch: 0,
      oraclePrice: 9_700_050_000_000n, mark: 970_005_000n, longCharge: 48_500_250n, shortCharge: 48_500_250n, pnl: [-97_000_500n, 97_000_500n],
    });
    assert.deepEqual(table.rows.map((row) => [row.group, row.predecessor, row.cap]), [[0, 0, 0n], [1, 0, 0n], [2, 0, 0n], [3, 0, 0n]]);
    assert.ok(Object.isFrozen(table) && Object.isFrozen(table.rows) && Object.isFrozen(table.rows[0]) && Object.isFrozen(table.rows[0]?.pnl));
  });

  it('has a value scale of 12 unless it says otherwise', () => {
    assert.equal(parseStaticMarket(fileWith({ valueScale: undefined }), file).valueScale, 12);
    assert.equal(parseStaticMarket(fileWith({ valueScale: '8' }), file).rows[2]?.mark, 97_000n);
  });

  it('is read again from what is written', () => {
    const market = JSON.parse(EXAMPLE) as StaticMarketFile;
    assert.deepEqual(parseStaticMarket(writeStaticMarket(market), file), parseStaticMarket(EXAMPLE, file));
  });

  it('turns tiers into rows with caps that share price, scenarios and terms', () => {
    const { rows } = parseStaticMarket(tiered(TIERS), file);
    assert.deepEqual(rows.map((row) => [row.index, row.id, row.group, row.predecessor, row.cap]), [
      [0, 'USD', 0, 0, 0n], [1, 'USD-ENTRY', 1, 0, 0n], [2, 'BTC', 2, 0, 10_000_000_000n], [3, 'BTC.2', 2, 3, 15_000_000_000n],
      [4, 'BTC.3', 2, 4, 0n], [5, 'BTC-PERP', 3, 0, 0n],
    ]);
    assert.deepEqual(rows.slice(2, 5).map((row) => [row.longCharge, row.shortCharge]),
      [[48_500_250n, 48_500_250n], [97_000_500n, 97_000_500n], [485_002_500n, 485_002_500n]]);
    const shared = rows.slice(2, 5).map(({ kind, asset, quantityDecimals, mark, pnl, activationEpoch, oraclePrice }) => ({ kind, asset, quantityDecimals, mark, pnl, activationEpoch, oraclePrice }));
    assert.deepEqual([shared[1], shared[2]], [shared[0], shared[0]]);
    assert.equal(shared[0]?.oraclePrice, 9_700_050_000_000n);
  });

  it('has the rows of an instrument without tiers for an instrument with one tier without end', () => {
    assert.deepEqual(parseStaticMarket(tiered([TIERS[0]].map(({ longCharge, shortCharge }) => ({ longCharge, shortCharge }))), file), parseStaticMarket(EXAMPLE, file));
  });

  it('reads the tiers that docs/formats.md shows, and charges the example there as it says', () => {
    const [, shown] = /^```json\n(.*?)^```$/ms.exec(readFileSync('docs/formats.md', 'utf8')) ?? [];
    const { instruments } = JSON.parse(EXAMPLE) as { instruments: Json[] };
    const table = parseStaticMarket(fileWith({ instruments: [...instruments, JSON.parse(shown ?? '') as Json] }), file);
    assert.deepEqual(table.rows.slice(4).map((row) => [row.id, row.cap]), [['ETH', 10n ** 11n], ['ETH.2', 4n * 10n ** 11n], ['ETH.3', 0n]]);
    const charges = splitIntoTiers(table, [{ index: 4, quantity: 6_000n * 10n ** 8n }]).reduce((sum, { index, quantity }) => sum + quantity * (table.rows[index]?.longCharge ?? 0n), 0n);
    assert.equal(charges, (1000n * 170n + 4000n * 340n + 1000n * 1020n) * 10n ** 12n);
  });

  it('makes tiers that obey the rules of the table after rounding, whatever price and charges', () => {
    const decimals = (most: bigint): fc.Arbitrary<string> => fc.bigInt({ min: 0n, max: most }).map((value) => formatDecimal(value, 20));
    const rising = fc.array(decimals(10n ** 20n), { minLength: 3, maxLength: 3 }).map((list) => list.sort((a, b) => (parseDecimal(a, 20) < parseDecimal(b, 20) ? -1 : 1)));
    fc.assert(fc.property(decimals(10n ** 23n), rising, rising, fc.integer({ min: 8, max: 18 }), (mark, longs, shorts, quantityDecimals) => {
      const tiers = TIERS.map((tier, place) => ({ ...tier, upTo: place === 2 ? undefined : `${place + 1}`, longCharge: { ofMark: longs[place] }, shortCharge: { ofMark: shorts[place] } }));
      const table = parseStaticMarket(tiered(tiers, { mark, quantityDecimals: quantityDecimals.toString(), pnl: { ofMark: ['-0.333333333333333333', '0.1'] } }), file);
      assert.deepEqual(parseMarketTable(serializeMarketTable(table)), table);
    }));
  });

  it('may end its tiers with a cap, the largest holding there is', () => {
    const { rows } = parseStaticMarket(tiered([{ ...TIERS[0], upTo: '184467440737.09551615' }]), file);
    assert.deepEqual(rows[2]?.cap, 2n ** 64n - 1n);
  });

  it('lists tiered instruments first where asked, else in the given order', () => {
    const { instruments } = JSON.parse(tiered(TIERS)) as StaticMarketFile;
    assert.deepEqual(tieredFirst(instruments).map((one) => one.id), ['BTC', 'USD', 'USD-ENTRY', 'BTC-PERP']);
  });

  it('gives the text of the instrument list', () => {
    assert.equal(instrumentListText(parseStaticMarket(EXAMPLE, file).rows),
      '0,USD,cash,USD,6\n1,USD-ENTRY,entry,USD,6\n2,BTC,spot,BTC,8\n3,BTC-PERP,perpetual,USD,8\n');
  });

  it('accepts a coin with a full haircut whose price is not exact', () => {
    const [, , row] = parseStaticMarket(rowWith(2, { mark: '0.000012345678901', longCharge: { ofMark: '1' }, pnl: { ofMark: ['-1', '0'] } }), file).rows;
    assert.deepEqual([row?.mark, row?.longCharge, row?.pnl], [0n, 0n, [-1n, 0n]]);
  });

  const at = (field: string): Record<string, string> => ({ file, field });
  const refusals: [title: string, text: string, code: string, place: Record<string, string>][] = [
    ['broken JSON', '{"formatVersion":', 'JSON_SYNTAX', { file }],
    ['a key that stands twice', EXAMPLE.replace('"level"', '"currency": "EUR", "level"'), 'JSON_SYNTAX', { file }],
    ['another format version', fileWith({ formatVersion: '2' }), 'JSON_SHAPE', at('formatVersion')],
    ['an unknown field', fileWith({ comment: 'x' }), 'JSON_SHAPE', at('comment')],
    ['an unknown field of a row', rowWith(3, { leverage: '10' }), 'JSON_SHAPE', at('instruments[3].leverage')],
    ['the field __proto__', EXAMPLE.replace('"level"', '"__proto__": {"level": "initial"}, "level"'), 'JSON_SHAPE', at('__proto__')],
    ['a missing field', fileWith({ level: undefined }), 'JSON_SHAPE', at('level')],
    ['a missing mark', rowWith(2, { mark: undefined }), 'JSON_SHAPE', at('instruments[2].mark')],
    ['a mark as a JSON number', rowWith(2, { mark: 97000.5 }), 'JSON_SHAPE', at('instruments[2].mark')],
    ['a mark with an exponent', rowWith(2, { mark: '9.7e4' }), 'MARKET_NUMBER', at('instruments[2].mark')],
    ['a mark with 37 decimals', rowWith(2, { mark: `0.${'1'.repeat(37)}` }), 'MARKET_NUMBER', at('instruments[2].mark')],
    ['a fraction that is no number', rowWith(2, { longCharge: { ofMark: '5%' } }), 'MARKET_NUMBER', at('instruments[2].longCharge.ofMark')],
    ['an unknown way to give a charge', rowWith(2, { longCharge: { ofNotional: '0.1' } }), 'JSON_SHAPE', at('instruments[2].longCharge.ofNotional')],
    ['an unknown level', fileWith({ level: 'liquidation' }), 'JSON_SHAPE', at('level')],
    ['the kind none', rowWith(2, { kind: 'none' }), 'JSON_SHAPE', at('instruments[2].kind')],
    ['an unknown kind', rowWith(2, { kind: 'swap' }), 'JSON_SHAPE', at('instruments[2].kind')],
    ['an id with a comma', rowWith(2, { id: 'BTC,spot' }), 'JSON_SHAPE', at('instruments[2].id')],
    ['an id of 33 characters', rowWith(2, { id: 'B'.repeat(33) }), 'JSON_SHAPE', at('instruments[2].id')],
    ['an asset with a line end', rowWith(2, { asset: 'BTC\n' }), 'JSON_SHAPE', at('instruments[2].asset')],
    ['a snapshot time with a point', fileWith({ snapshotTime: '1767225600.0' }), 'JSON_SHAPE', at('snapshotTime')],
    ['a negative epoch', rowWith(2, { activationEpoch: '-1' }), 'JSON_SHAPE', at('instruments[2].activationEpoch')],
    ['an oracle price of 129 bits', rowWith(2, { oraclePrice: (2n ** 128n).toString() }), 'JSON_SHAPE', at('instruments[2].oraclePrice')],
    ['19 quantity decimals', rowWith(2, { quantityDecimals: '19' }), 'JSON_SHAPE', at('instruments[2].quantityDecimals')],
    ['no instruments', fileWith({ instruments: [] }), 'JSON_SHAPE', at('instruments')],
    ['too few scenario values', rowWith(3, { pnl: ['0'] }), 'JSON_SHAPE', at('instruments[3].pnl')],
    ['too many scenario fractions', rowWith(2, { pnl: { ofMark: ['0', '0', '0'] } }), 'JSON_SHAPE', at('instruments[2].pnl.ofMark')],
    ['a scenario value that is no number', rowWith(3, { pnl: ['0', 'up'] }), 'MARKET_NUMBER', at('instruments[3].pnl[1]')],
    ['a scenario without a name', fileWith({ scenarios: ['', 'b'] }), 'JSON_SHAPE', at('scenarios[0]')],
    ['a scenario that stands twice', fileWith({ scenarios: ['a', 'a'] }), 'MARKET_DUPLICATE', at('scenarios')],
    ['an instrument that stands twice', rowWith(3, { id: 'BTC' }), 'MARKET_DUPLICATE', at('instruments[3].id')],
    ['two settlement rows of one asset', rowWith(2, { asset: 'USD' }), 'MARKET_DUPLICATE', at('instruments[2].asset')],
    ['two entry rows of one currency', rowWith(0, { kind: 'entry', shortCharge: '0' }), 'MARKET_DUPLICATE', at('instruments[1].asset')],
    ['a mark of 2^47 value units', rowWith(3, { mark: '14073748835.5328' }), 'MARKET_RANGE', at('instruments[3].mark')],
    ['a mark of -2^47 value units', rowWith(3, { mark: '-14073748835.5328' }), 'MARKET_RANGE', at('instruments[3].mark')],
    ['a scenario value of 2^47 value units', rowWith(3, { pnl: ['0', '14073748835.5328'] }), 'MARKET_RANGE', at('instruments[3].pnl[1]')],
    ['a charge of 2^47 value units', rowWith(3, { shortCharge: '14073748835.5328' }), 'MARKET_RANGE', at('instruments[3].shortCharge')],
    ['a negative charge', rowWith(3, { longCharge: '-0.5' }), 'MARKET_RANGE', at('instruments[3].longCharge')],
    ['a negative charge too small to survive rounding', rowWith(3, { longCharge: '-0.000000000000000001' }), 'MARKET_RANGE', at('instruments[3].longCharge')],
    ['a negative fraction', rowWith(3, { shortCharge: { ofMark: '-0.1' } }), 'MARKET_RANGE', at('instruments[3].shortCharge')],
    ['a coin with a negative price', rowWith(2, { mark: '-1', longCharge: '0' }), 'MARKET_CROSSED', at('instruments[2].mark')],
    ['a haircut above the price', rowWith(2, { longCharge: { ofMark: '1.01' } }), 'MARKET_CROSSED', at('instruments[2].longCharge')],
    ['a coin that loses more than its price', rowWith(2, { pnl: { ofMark: ['-1.01', '0'] } }), 'MARKET_CROSSED', at('instruments[2].pnl[0]')],
    ['an option that loses more than its price', rowWith(3, { kind: 'option', mark: '5', longCharge: '0', pnl: ['-6', '0'] }), 'MARKET_CROSSED', at('instruments[3].pnl[0]')],
    ['an entry row with a charge', rowWith(1, { longCharge: '0.01' }), 'MARKET_CROSSED', at('instruments[1].longCharge')],
    ['an entry row whose price must be rounded', rowWith(1, { mark: '1.0000001' }), 'MARKET_CROSSED', at('instruments[1].shortCharge')],
    ['a cap outside tiers', rowWith(2, { cap: '100' }), 'JSON_SHAPE', at('instruments[2].cap')],
    ['tiers beside charges', rowWith(2, { tiers: TIERS }), 'JSON_SHAPE', at('instruments[2].longCharge')],
    ['no tier in the list', tiered([]), 'JSON_SHAPE', at('instruments[2].tiers')],
    ['an unknown field of a tier', tiered([{ ...TIERS[2], ratio: '1' }]), 'JSON_SHAPE', at('instruments[2].tiers[0].ratio')],
    ['a tier without a charge', tiered([{ longCharge: '1' }]), 'JSON_SHAPE', at('instruments[2].tiers[0].shortCharge')],
    ['a tier after one without end', tiered([TIERS[2], TIERS[2]]), 'MARKET_TIERS', at('instruments[2].tiers[0].upTo')],
    ['tiers whose sizes do not rise', tiered([TIERS[0], { ...TIERS[1], upTo: '100' }]), 'MARKET_TIERS', at('instruments[2].tiers[1].upTo')],
    ['a tier up to 0', tiered([{ ...TIERS[0], upTo: '0' }, TIERS[2]]), 'MARKET_TIERS', at('instruments[2].tiers[0].upTo')],
    ['a tier size finer than a quantum', tiered([{ ...TIERS[0], upTo: '0.000000001' }, TIERS[2]]), 'MARKET_NUMBER', at('instruments[2].tiers[0].upTo')],
    ['a tier size of 2^64 quanta', tiered([{ ...TIERS[0], upTo: '184467440737.09551616' }, TIERS[2]]), 'MARKET_RANGE', at('instruments[2].tiers[0].upTo')],
    ['a long charge that falls with size', tiered([TIERS[0], { ...TIERS[2], longCharge: { ofMark: '0.049' } }]), 'MARKET_TIERS', at('instruments[2].tiers[1].longCharge')],
    ['a short charge that falls too little to survive rounding', tiered([{ ...TIERS[0], shortCharge: '1.000000000000001' }, { ...TIERS[2], shortCharge: '1' }]), 'MARKET_TIERS', at('instruments[2].tiers[1].shortCharge')],
    ['a negative charge of a tier', tiered([{ ...TIERS[0], shortCharge: '-1' }, TIERS[2]]), 'MARKET_RANGE', at('instruments[2].tiers[0].shortCharge')],
    ['a haircut above the price in a tier', tiered([TIERS[0], { ...TIERS[2], longCharge: { ofMark: '1.01' } }]), 'MARKET_CROSSED', at('instruments[2].tiers[1].longCharge')],
    ['a tiered coin that loses more than its price', tiered(TIERS, { pnl: { ofMark: ['-1.01', '0'] } }), 'MARKET_CROSSED', at('instruments[2].pnl[0]')],
    ['an instrument that has the name of a tier', tiered(TIERS, {}, { id: 'BTC.2' }), 'MARKET_DUPLICATE', at('instruments[3].id')],
    ['a tiered instrument whose id leaves no room', tiered(TIERS, { id: 'B'.repeat(31) }), 'MARKET_TIERS', at('instruments[2].id')],
    ['two tiered instruments of one settlement asset', tiered(TIERS, { asset: 'USD' }), 'MARKET_DUPLICATE', at('instruments[2].asset')],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`is refused with ${title}`, () => {
      assert.throws(() => parseStaticMarket(text, file), refusal(code, place));
    });
  }

  it('accepts values one below the bound', () => {
    const below = '14073748835.5327';
    const row = parseStaticMarket(rowWith(3, { mark: below, longCharge: below, shortCharge: below, pnl: [`-${below}`, below] }), file).rows[3];
    assert.deepEqual([row?.mark, row?.longCharge, row?.shortCharge, row?.pnl], [2n ** 47n - 1n, 2n ** 47n - 1n, 2n ** 47n - 1n, [1n - 2n ** 47n, 2n ** 47n - 1n]]);
  });

  it('is refused with more rows than the circuit has, tiers counted', () => {
    assert.throws(() => parseStaticMarket(EXAMPLE, file, 3), refusal('JSON_SHAPE', at('instruments')));
    assert.equal(parseStaticMarket(EXAMPLE, file, 4).rows.length, 4);
    assert.throws(() => parseStaticMarket(tiered(TIERS), file, 5), refusal('JSON_SHAPE', at('instruments')));
    assert.equal(parseStaticMarket(tiered(TIERS), file, 6).rows.length, 6);
  });

  it('accepts a market without scenarios', () => {
    const { instruments } = JSON.parse(EXAMPLE) as { instruments: Json[] };
    const table = parseStaticMarket(fileWith({ scenarios: [], instruments: instruments.map((one) => ({ ...one, pnl: [] })) }), file);
    assert.deepEqual(table.rows.map((row) => row.pnl), [[], [], [], []]);
  });
});
