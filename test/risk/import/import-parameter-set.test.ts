import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { importParameterSet, type ImportedParameters, type ImportOptions } from '../../../src/risk/import/import-parameter-set.js';
import { parseImportMapping } from '../../../src/risk/import/mapping-json.js';
import { buildMarketTable } from '../../../src/risk/build/build-market-table.js';
import type { LinearInstrument } from '../../../src/risk/parameter-set/parameter-set.js';
import { parsePrices } from '../../../src/risk/prices/price-file.js';
import { fileSource } from '../../../src/venue/byte-source.js';
import { bytesSource, refusal } from '../../venue/fixtures.js';

const TIME = 1_770_000_000;
type Shipped = 'hyperliquid-perpetuals' | 'binance-haircuts' | 'aave-v3-reserves';
type Json = Record<string, unknown>;

function mappingText(name: Shipped, change: (mapping: Json) => void = () => undefined): string {
  const mapping = JSON.parse(readFileSync(`src/risk/import/mappings/${name}.json`, 'utf8')) as Json;
  change(mapping);
  return JSON.stringify(mapping);
}

interface Case extends Partial<ImportOptions> {
  readonly mapping?: (mapping: Json) => void;
}

function importText(name: Shipped, text: string, { mapping, ...options }: Case = {}): Promise<ImportedParameters> {
  return importParameterSet(bytesSource(text, 64, 'list'), parseImportMapping(mappingText(name, mapping), 'mapping.json'), { time: TIME, ...options });
}

function instruments({ set }: ImportedParameters): readonly LinearInstrument[] {
  return [...set.assets, ...set.entries, ...set.markets].filter((one): one is LinearInstrument => one.kind !== 'option-series');
}

/** Tier caps, then charge rates at both levels, of the long side. */
function tiersOf(made: ImportedParameters, id: string): unknown {
  const found = instruments(made).find((one) => one.id === id) ?? assert.fail(id);
  return found.tiers.map(({ cap, long }) => [cap, long.maintenance, long.initial]);
}

interface Perpetuals {
  universe: Json[];
  marginTables: [number, { marginTiers: Json[] }][];
}

/** Four perpetuals: flat, two brackets, three brackets, and one no longer listed. */
function perpetuals(change: (meta: Perpetuals, contexts: Json[]) => void = () => undefined): string {
  const meta: Perpetuals = {
    universe: [
      { szDecimals: 2, name: 'AAA', maxLeverage: 5, marginTableId: 5 },
      { szDecimals: 5, name: 'BBB', maxLeverage: 40, marginTableId: 61 },
      { szDecimals: 0, name: 'CCC', maxLeverage: 10, marginTableId: 62 },
      { szDecimals: 1, name: 'OLD', maxLeverage: 3, marginTableId: 3, isDelisted: true },
    ],
    marginTables: [
      [61, { marginTiers: [{ lowerBound: '0.0', maxLeverage: 40 }, { lowerBound: '1000000.0', maxLeverage: 20 }] }],
      [62, { marginTiers: [{ lowerBound: '0.0', maxLeverage: 10 }, { lowerBound: '100.0', maxLeverage: 5 }, { lowerBound: '500.0', maxLeverage: 3 }] }],
    ],
  };
  const contexts: Json[] = [{ oraclePx: '2', midPx: null }, { oraclePx: '64000.0' }, { oraclePx: '0.25' }, { oraclePx: '1' }];
  change(meta, contexts);
  return JSON.stringify([meta, contexts]);
}

const HEADER = 'token,asset_usdt_price,collateral_vip_loan_ratio_tiers,collateral_margin_ratio_tiers,collateral_portfolio_margin_ratio_tiers\n';

function haircuts(...rows: readonly (readonly [token: string, price: string, tiers: string])[]): string {
  return HEADER + rows.map(([token, price, tiers]) => `${token},${price},"","${tiers}",""\n`).join('');
}

function reserves(change: (all: Record<string, Json>) => void = () => undefined): string {
  const reserve = (symbol: string, rest: Json): Json => ({ symbol, isActive: true, oracleDecimals: 8, decimals: 18, ...rest });
  const all: Record<string, Json> = {
    '0xa': reserve('AAA', { ltv: 7000, liquidationThreshold: 7550, oracleLatestAnswer: '250000000000' }),
    '0xb': reserve('USDC', { ltv: 0, liquidationThreshold: 0, oracleLatestAnswer: '99993000' }),
    '0xc': reserve('GONE', { ltv: 0, liquidationThreshold: 0, oracleLatestAnswer: '1', isActive: false }),
  };
  change(all);
  return JSON.stringify({ chainId: 1, reserves: all });
}

describe('a parameter set from a published list', () => {
  it('turns leverage brackets into marginal maintenance and initial rates, bounds into quantities at the list\'s price', async () => {
    const made = await importText('hyperliquid-perpetuals', perpetuals());
    assert.deepEqual(tiersOf(made, 'AAA-PERP'), [[0n, 100_000n, 200_000n]]);
    // 10^6 / 64,000 = 15.625; a third and a sixth are rounded up.
    assert.deepEqual(tiersOf(made, 'BBB-PERP'), [[1_562_500n, 12_500n, 25_000n], [0n, 25_000n, 50_000n]]);
    assert.deepEqual(tiersOf(made, 'CCC-PERP'), [[400_000n, 50_000n, 100_000n], [1_600_000n, 100_000n, 200_000n], [0n, 166_667n, 333_334n]]);
    assert.deepEqual(instruments(made).map(({ id, quantityDecimals }) => [id, quantityDecimals]), [
      ['USDC', 6], ['USDC-ENTRY', 4], ['AAA-PERP', 3], ['BBB-PERP', 5], ['CCC-PERP', 3],
    ]);
    assert.deepEqual(made.left, [{ symbol: 'OLD', reason: 'isDelisted is true' }]);
    assert.deepEqual([...made.prices.byFeed].map(([feed, { price }]) => [feed, price]), [
      ['AAA-USDC', 200_000_000n], ['BBB-USDC', 6_400_000_000_000n], ['CCC-USDC', 25_000_000n],
    ]);
  });

  it('turns ratios of value tiers into haircuts, with nothing counted beyond the last bound or without ratios', async () => {
    const made = await importText('binance-haircuts', haircuts(
      ['aaa', '200.0000', '[0-1000:95, 1000-30001:80,30001-40000:12]'], ['usdt', '1.00', '[0-18446744073709551615:100]'],
      ['bare', '0.50', ''], ['dust', '0.000000009', '[0-18446744073709551615:10]'],
    ), { version: '2026-05' });
    // 30001 / 200 = 150.005 keeps five decimals: nothing to round. A quantum is worth 0.0001 or more.
    assert.deepEqual(tiersOf(made, 'AAA'), [[5_000_000n, 50_000n, 50_000n], [145_005_000n, 200_000n, 200_000n], [49_995_000n, 880_000n, 880_000n], [0n, 1_000_000n, 1_000_000n]]);
    assert.deepEqual(tiersOf(made, 'BARE'), [[0n, 1_000_000n, 1_000_000n]]);
    assert.deepEqual(instruments(made).map(({ id, kind, quantityDecimals }) => [id, kind, quantityDecimals]), [['AAA', 'spot', 6], ['USDT', 'cash', 4], ['BARE', 'spot', 3]]);
    assert.deepEqual(made.left, [{ symbol: 'DUST', reason: 'no price above 10^-8' }]);
    const [aaa] = instruments(made);
    assert.deepEqual(aaa?.tiers.map(({ short }) => short), aaa?.tiers.map(({ long }) => long), 'debt is charged like collateral');
    assert.equal(made.set.version, '2026-05');
  });

  it('rounds bounds down to a quantum, so that nobody is charged less than published', async () => {
    const made = await importText('binance-haircuts', haircuts(['aaa', '3', '[0-10:90,10-11:80]']));
    assert.deepEqual(tiersOf(made, 'AAA'), [[33_333n, 100_000n, 100_000n], [3_333n, 200_000n, 200_000n], [0n, 1_000_000n, 1_000_000n]]);
  });

  it('takes a liquidation threshold for maintenance and a loan-to-value for initial', async () => {
    const made = await importText('aave-v3-reserves', reserves());
    assert.deepEqual(tiersOf(made, 'AAA'), [[0n, 245_000n, 300_000n]]);
    assert.deepEqual(tiersOf(made, 'USDC'), [[0n, 1_000_000n, 1_000_000n]]);
    assert.equal(made.prices.byFeed.get('AAA-USD')?.price, 250_000_000_000n);
    assert.deepEqual(instruments(made)[0]?.tiers[0]?.short, { maintenance: 0n, initial: 0n });
    assert.deepEqual(made.left, [{ symbol: 'GONE', reason: 'isActive is false' }]);
  });

  it('takes only the symbols asked for', async () => {
    const made = await importText('hyperliquid-perpetuals', perpetuals(), { symbols: ['CCC', 'AAA'] });
    assert.deepEqual(instruments(made).map(({ id }) => id), ['USDC', 'USDC-ENTRY', 'AAA-PERP', 'CCC-PERP']);
    await assert.rejects(importText('hyperliquid-perpetuals', perpetuals(), { symbols: ['DDD'] }), refusal('RISK_IMPORT', { file: 'list' }));
  });

  it('writes prices that read back and build a table at both levels', async () => {
    for (const made of [await importText('hyperliquid-perpetuals', perpetuals()), await importText('aave-v3-reserves', reserves())]) {
      const prices = parsePrices(made.pricesText, 'prices.json');
      for (const level of ['maintenance', 'initial'] as const) {
        const { table } = buildMarketTable(made.set, prices, { level });
        assert.equal(table.rows.length, instruments(made).reduce((sum, { tiers }) => sum + tiers.length, 0));
      }
    }
  });
});

describe('a published list that is not as its mapping says', () => {
  const bracket = (table: number, tier: number, change: Json) => (meta: Perpetuals): void => {
    Object.assign(meta.marginTables[table]?.[1].marginTiers[tier] ?? assert.fail(), change);
  };
  const listing = (place: number, change: Json) => (meta: Perpetuals): void => void Object.assign(meta.universe[place] ?? assert.fail(), change);
  const cases: readonly (readonly [string, (meta: Perpetuals, contexts: Json[]) => void, string, string])[] = [
    ['names a table that is not there', listing(0, { marginTableId: 77 }), 'RISK_IMPORT', '[0].universe[0].marginTableId'],
    ['has brackets that do not begin at 0', bracket(1, 0, { lowerBound: '5' }), 'RISK_IMPORT', '[0].marginTables[1][1].marginTiers[0].maxLeverage'],
    ['has bounds that fall', bracket(1, 2, { lowerBound: '90' }), 'RISK_IMPORT', '[0].marginTables[1][1].marginTiers[1].maxLeverage'],
    ['has leverage that rises with size', bracket(0, 1, { maxLeverage: 50 }), 'RISK_IMPORT', '[0].marginTables[0][1].marginTiers[1].maxLeverage'],
    ['has a leverage of 0', bracket(0, 1, { maxLeverage: 0 }), 'RISK_IMPORT', '[0].marginTables[0][1].marginTiers[1].maxLeverage'],
    ['has a fraction as a JSON number', bracket(0, 1, { maxLeverage: 2.5 }), 'JSON_SHAPE', '[0].marginTables[0][1].marginTiers[1].maxLeverage'],
    ['has a symbol twice', listing(1, { name: 'AAA' }), 'RISK_IMPORT', '[0].universe[1].name'],
    ['has a symbol that is none', listing(1, { name: 'B B' }), 'RISK_IMPORT', '[0].universe[1].name'],
    ['has no decimals', listing(2, { szDecimals: null }), 'RISK_IMPORT', '[0].universe[2].szDecimals'],
    ['has a negative price', (_, contexts) => void Object.assign(contexts[1] ?? assert.fail(), { oraclePx: '-1' }), 'RISK_IMPORT', '[1][1].oraclePx'],
    ['has a price in scientific notation', (_, contexts) => void Object.assign(contexts[1] ?? assert.fail(), { oraclePx: '1e5' }), 'RISK_IMPORT', '[1][1].oraclePx'],
    ['has fewer contexts than symbols', (_, contexts) => void contexts.pop(), 'JSON_SHAPE', '[1]'],
  ];
  for (const [title, change, code, field] of cases) {
    it(`is refused when it ${title}`, () => assert.rejects(importText('hyperliquid-perpetuals', perpetuals(change)), refusal(code, { file: 'list', field })));
  }

  const column = 'collateral_margin_ratio_tiers';
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['a tier of another form', '1', '[0-10:90,10..20:80]', column],
    ['a list without brackets', '1', '0-10:90', column],
    ['a gap between tiers', '1', '[0-10:90,11-20:80]', column],
    ['a ratio that rises with size', '1', '[0-10:80,10-20:90]', column],
    ['a ratio above 100 %', '1', '[0-10:101]', column],
    ['a tier that ends where it begins', '1', '[0-10:90,10-10:80]', column],
    ['a tier after the one without end', '1', '[0-18446744073709551615:90,18446744073709551615-18446744073709551616:80]', column],
    ['a price that is none', '1,5', '[0-10:90]', 'asset_usdt_price'],
  ];
  for (const [title, price, tiers, field] of rows) {
    it(`is refused with ${title}, by row and field`, () => assert.rejects(
      importText('binance-haircuts', haircuts(['ok', '1', ''], ['bad', `"${price}"`, tiers])), refusal('RISK_IMPORT', { file: 'list', row: 3, field }),
    ));
  }

  it('is refused when a column is unknown or a cell too many', async () => {
    await assert.rejects(importText('binance-haircuts', haircuts().replace('token,', 'token,extra,')), refusal('CSV_HEADER', { file: 'list', row: 1, field: 'extra' }));
    await assert.rejects(importText('binance-haircuts', `${HEADER}aaa,1,,,,\n`), refusal('CSV_ROW', { file: 'list', row: 2 }));
  });

  it('is refused when opening needs less than keeping', () => assert.rejects(
    importText('aave-v3-reserves', reserves((all) => Object.assign(all['0xa'] ?? assert.fail(), { ltv: 7600 }))),
    refusal('RISK_IMPORT', { file: 'list', field: 'reserves.0xa.ltv' }),
  ));
});

describe('a mapping file', () => {
  const set = (path: readonly string[], value: unknown) => (mapping: Json): void => {
    const parent = path.slice(0, -1).reduce<Json>((node, step) => node[step] as Json, mapping);
    if (value === undefined) delete parent[path.at(-1) ?? ''];
    else parent[path.at(-1) ?? ''] = value;
  };
  const cases: readonly (readonly [string, readonly string[], unknown, string])[] = [
    ['an unknown field', ['extra'], '1', 'extra'],
    ['another format', ['source', 'format'], 'xml', 'source.format'],
    ['haircuts for markets', ['instrument', 'into'], 'markets', 'instrument.kind'],
    ['an id without the symbol', ['instrument', 'id'], 'X', 'instrument.id'],
    ['a feed without the symbol', ['feed', 'id'], 'X', 'feed.id'],
    ['no unit', ['rates', 'unit'], undefined, 'rates.unit'],
    ['two sources of rates', ['rates', 'maintenance'], 'x', 'rates'],
    ['a tier template without a rate', ['rates', 'text', 'tier'], '{from}-{upTo}', 'rates.text.tier'],
    ['a tier template with a bound twice', ['rates', 'text', 'tier'], '{from}-{from}:{upTo}:{rate}', 'rates.text.tier'],
    ['both ways to choose decimals', ['instrument', 'quantityDecimals', 'path'], 'x', 'instrument.quantityDecimals'],
    ['a path that is none', ['price', 'path'], 'a..b', 'price.path'],
    ['an empty separator', ['rates', 'text', 'separator'], '', 'rates.text.separator'],
  ];
  for (const [title, path, value, field] of cases) {
    it(`is refused with ${title}`, () => assert.throws(
      () => parseImportMapping(mappingText('binance-haircuts', set(path, value)), 'mapping.json'), refusal('JSON_SHAPE', { file: 'mapping.json', field }),
    ));
  }

  it('is read as docs/formats.md shows it', async () => {
    const shown = /### Import mapping\n.*?```json\n(.*?)^```$/ms.exec(readFileSync('docs/formats.md', 'utf8'))?.[1] ?? '';
    const mapping = parseImportMapping(shown, 'docs');
    assert.equal(mapping.source.format, 'json');
    // Its set has no entry row for the currency: the finished set is read like any other.
    await assert.rejects(importParameterSet(bytesSource(perpetuals(), 64, 'list'), mapping, { time: TIME }), refusal('JSON_SHAPE', { file: 'docs', field: 'assets' }));
  });

  it('cannot make a set that is not valid: the set is read like any other', async () => {
    await assert.rejects(importText('binance-haircuts', haircuts(['aaa', '1', '']), { mapping: set(['set', 'name'], 'two words') }), refusal('JSON_SHAPE', { file: 'mapping.json', field: 'name' }));
    await assert.rejects(importText('binance-haircuts', haircuts(['aaa', '1', '']), { mapping: set(['instrument', 'scan'], '20') }), /out of bounds/);
  });

  it('gives imported instruments its ranges', async () => {
    const made = await importText('binance-haircuts', haircuts(['aaa', '1', '']), { mapping: set(['instrument', 'scan'], { maintenance: '0.1', initial: '0.2' }) });
    assert.deepEqual(instruments(made)[0]?.scan, { maintenance: 100_000n, initial: 200_000n });
  });
});

describe('the published lists whole', () => {
  const lists: readonly (readonly [Shipped, string, Readonly<Record<'instruments' | 'rows' | 'left', number>>])[] = [
    ['hyperliquid-perpetuals', 'risk-hyperliquid/metaAndAssetCtxs-2026-02-06.json', { instruments: 192, rows: 232, left: 38 }],
    ['hyperliquid-perpetuals', 'risk-hyperliquid/metaAndAssetCtxs-2025-08-22.json', { instruments: 173, rows: 212, left: 32 }],
    ['binance-haircuts', 'risk-binance-haircuts/cex_assets_info.csv', { instruments: 483, rows: 993, left: 0 }],
    ['aave-v3-reserves', 'risk-aave-v3/default_after.json', { instruments: 48, rows: 48, left: 0 }],
  ];
  for (const [name, file, counts] of lists) {
    const path = `../shared/data/${file}`;
    // A skipped test counts as failed; these lists need not be there.
    if (!existsSync(path)) continue;
    it(`of ${file} import and build a table at both levels`, async () => {
      const made = await importParameterSet(fileSource(path), parseImportMapping(mappingText(name), 'mapping.json'), { time: TIME });
      const all = instruments(made);
      const rows = all.reduce((sum, { tiers }) => sum + tiers.length, 0);
      assert.deepEqual({ instruments: all.length, rows, left: made.left.length }, counts);
      for (const level of ['maintenance', 'initial'] as const) assert.equal(buildMarketTable(made.set, made.prices, { level }).table.rows.length, rows);
    });
  }
});
