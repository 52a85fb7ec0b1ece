import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { evaluate } from '../../src/margin/margin.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { marketFromPerpetuals, type PerpetualMarketOptions } from '../../src/risk/perpetual-import.js';
import { parseStaticMarket, writeStaticMarket } from '../../src/risk/static-market.js';
import { splitIntoTiers, tieredRows, tiersOf } from '../../src/risk/tiers.js';
import { refusal } from '../venue/fixtures.js';

const file = 'perpetuals.json';
const options: PerpetualMarketOptions = { snapshotTime: 1_770_000_000, parameterSet: 'sample', perpetuals: ['ATOM', 'BTC', 'DOGE'] };

interface Sample {
  universe: Record<string, unknown>[];
  marginTables: [number, { description: string; marginTiers: { lowerBound: string; maxLeverage: number }[] }][];
}

/** Three perpetuals in the form of the public answer: one flat, one in two brackets, one in three. */
function sample(change: (meta: Sample, contexts: Record<string, unknown>[]) => void = () => undefined): string {
  const meta: Sample = {
    universe: [
      { szDecimals: 2, name: 'ATOM', maxLeverage: 5, marginTableId: 5 },
      { szDecimals: 5, name: 'BTC', maxLeverage: 40, marginTableId: 56 },
      { szDecimals: 0, name: 'DOGE', maxLeverage: 10, marginTableId: 57, onlyIsolated: true },
    ],
    marginTables: [
      [56, { description: 'tiered 40x', marginTiers: [{ lowerBound: '0.0', maxLeverage: 40 }, { lowerBound: '150000000.0', maxLeverage: 20 }] }],
      [57, { description: '', marginTiers: [{ lowerBound: '0.0', maxLeverage: 10 }, { lowerBound: '20000.0', maxLeverage: 5 }, { lowerBound: '100000.0', maxLeverage: 3 }] }],
    ],
  };
  const contexts: Record<string, unknown>[] = [{ markPx: '1.96', funding: '0' }, { markPx: '66344.0' }, { markPx: '0.0917' }];
  change(meta, contexts);
  return JSON.stringify([meta, contexts]);
}

function tableFrom(text: string, perpetuals: readonly string[]): MarketTable {
  return parseStaticMarket(writeStaticMarket(marketFromPerpetuals(text, file, { ...options, perpetuals })), 'made');
}

/** Published rule over a denominator of 2*lcm of leverages, in value units * `scale`: notional * rate_n - deduction_n. */
function bracketFormula(brackets: readonly { lowerBound: bigint; maxLeverage: number }[], notional: bigint, scale: bigint): bigint {
  const rate = (place: number): bigint => scale / (2n * BigInt(brackets[place]?.maxLeverage ?? 1));
  let deduction = 0n;
  let tier = 0;
  brackets.forEach(({ lowerBound }, place) => {
    if (place === 0 || notional <= lowerBound) return;
    deduction += lowerBound * (rate(place) - rate(place - 1));
    tier = place;
  });
  return notional * rate(tier) - deduction;
}

/** Charges of a table against the published formula, long and short, at random sizes and around each bound. */
function compareWithBrackets(table: MarketTable, id: string, published: readonly { lowerBound: string; maxLeverage: number }[]): void {
  const row = table.rows.find((one) => one.id === id) ?? assert.fail(id);
  const tiers = tiersOf(table, row.index);
  const scale = published.reduce((product, { maxLeverage }) => product * BigInt(maxLeverage), 2n);
  const brackets = published.map(({ lowerBound, maxLeverage }) => ({ lowerBound: BigInt(lowerBound.replace(/\.0$/, '')) * 10n ** 12n, maxLeverage }));
  const bounds = tiers.map((_, place) => tiers.slice(0, place + 1).reduce((sum, one) => sum + one.cap, 0n)).slice(0, -1);
  const sizes = fc.oneof(
    fc.constantFrom(1n, ...bounds.flatMap((one) => [one - 1n, one, one + 1n])),
    fc.bigInt({ min: 1n, max: 2n * (bounds.at(-1) ?? 10n ** 9n) }),
  );
  fc.assert(fc.property(sizes, fc.boolean(), (quantity, isLong) => {
    const holdings = [{ index: row.index, quantity: isLong ? quantity : -quantity }];
    const charged = evaluate(table, splitIntoTiers(table, holdings)).charges * scale;
    const exact = bracketFormula(brackets, quantity * row.mark, scale);
    // Against the account by rounding alone: under two value units a quantum, and one quantum at each bound.
    assert.ok(charged >= exact, `${id} ${quantity}: ${charged} is below ${exact}`);
    assert.ok(charged - exact <= scale * (2n * quantity + row.mark * BigInt(bounds.length)), `${id} ${quantity}: ${charged} is far above ${exact}`);
  }));
}

describe('a market from a list of perpetuals with margin tables', () => {
  it('charges each bracket its marginal maintenance rate, half the initial rate at its largest leverage', () => {
    const { rows } = tableFrom(sample(), options.perpetuals);
    assert.deepEqual(rows.map((row) => [row.id, row.kind, row.group, row.cap]), [
      ['BTC-PERP', 'perpetual', 0, 226_094_296n], ['BTC-PERP.2', 'perpetual', 0, 0n],
      ['DOGE-PERP', 'perpetual', 1, 218_102n], ['DOGE-PERP.2', 'perpetual', 1, 872_410n], ['DOGE-PERP.3', 'perpetual', 1, 0n],
      ['ATOM-PERP', 'perpetual', 2, 0n], ['USDC', 'cash', 3, 0n], ['USDC-ENTRY', 'entry', 4, 0n],
    ]);
    const [btc, btc2, , , doge3, atom] = rows;
    assert.equal((btc?.longCharge ?? 0n) * 80n, btc?.mark);
    assert.equal((btc2?.shortCharge ?? 0n) * 40n, btc2?.mark);
    assert.equal((atom?.longCharge ?? 0n) * 10n, atom?.mark);
    assert.equal(doge3?.longCharge, (91_700_000_000n + 5n) / 6n, 'a sixth, rounded up');
    assert.equal(tieredRows(tableFrom(sample(), options.perpetuals)), 5);
    const [, doge] = marketFromPerpetuals(sample(), file, options).instruments;
    assert.deepEqual(doge !== undefined && 'tiers' in doge ? doge.tiers[2]?.longCharge : undefined, { ofMark: `0.1${'6'.repeat(34)}7` });
  });

  it('agrees with the bracket formula at every size, long and short', () => {
    const table = tableFrom(sample(), options.perpetuals);
    compareWithBrackets(table, 'BTC-PERP', [{ lowerBound: '0.0', maxLeverage: 40 }, { lowerBound: '150000000.0', maxLeverage: 20 }]);
    compareWithBrackets(table, 'DOGE-PERP', [{ lowerBound: '0.0', maxLeverage: 10 }, { lowerBound: '20000.0', maxLeverage: 5 }, { lowerBound: '100000.0', maxLeverage: 3 }]);
    compareWithBrackets(table, 'ATOM-PERP', [{ lowerBound: '0.0', maxLeverage: 5 }]);
  });

  it('equals the bracket formula to the last value unit where bounds and rates are exact', () => {
    const table = tableFrom(sample((meta, contexts) => {
      meta.marginTables[0] = [56, { description: '', marginTiers: [{ lowerBound: '0.0', maxLeverage: 40 }, { lowerBound: '160000.0', maxLeverage: 20 }] }];
      (contexts[1] as Record<string, unknown>)['markPx'] = '64000';
    }), ['BTC']);
    const brackets = [{ lowerBound: 160_000n * 10n ** 12n, maxLeverage: 40 }, { lowerBound: 160_000n * 10n ** 12n, maxLeverage: 20 }];
    const [first] = brackets;
    assert.ok(first !== undefined && table.rows[0]?.cap === 250_000n);
    brackets[0] = { ...first, lowerBound: 0n };
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.constantFrom(1n, -1n), (quantity, sign) => {
      const { charges } = evaluate(table, splitIntoTiers(table, [{ index: 0, quantity: sign * quantity }]));
      assert.equal(charges * 1600n, bracketFormula(brackets, quantity * 640_000_000_000n, 1600n));
    }));
  });

  it('takes scenarios and a charge for borrowed collateral', () => {
    const market = marketFromPerpetuals(sample(), file, { ...options, scenarios: [{ name: 'down', ofMark: '-0.2' }], debtCharge: '0.01' });
    const { rows, scenarios } = parseStaticMarket(writeStaticMarket(market), 'made');
    assert.deepEqual(scenarios, ['down']);
    assert.deepEqual([rows[0]?.pnl, rows[6]?.pnl, rows[6]?.shortCharge], [[-132_688_000_000n], [0n], 10_000n]);
  });

  const at = (field: string): Record<string, string> => ({ file, field });
  const refusals: [title: string, text: string, code: string, place: Record<string, string>][] = [
    ['no list', '{}', 'JSON_SHAPE', { file }],
    ['marks of another number', sample((_, contexts) => { contexts.pop(); }), 'JSON_SHAPE', at('[1]')],
    ['a mark that is no number', sample((_, contexts) => { contexts[1] = { markPx: '1e5' }; }), 'PERPETUAL_LIST', at('[1][1].markPx')],
    ['a mark of 0', sample((_, contexts) => { contexts[1] = { markPx: '0.0' }; }), 'PERPETUAL_LIST', at('[1][1].markPx')],
    ['no mark', sample((_, contexts) => { contexts[1] = { markPx: null }; }), 'JSON_SHAPE', at('[1][1].markPx')],
    ['decimals as a text', sample((meta) => { (meta.universe[1] as Record<string, unknown>)['szDecimals'] = '5'; }), 'JSON_SHAPE', at('[0].universe[1].szDecimals')],
    ['half a decimal', sample((meta) => { (meta.universe[1] as Record<string, unknown>)['szDecimals'] = 5.5; }), 'JSON_SHAPE', at('[0].universe[1].szDecimals')],
    ['a leverage of 0', sample((meta) => { (meta.universe[0] as Record<string, unknown>)['marginTableId'] = 0; }), 'JSON_SHAPE', at('[0].universe[0].marginTableId')],
    ['a margin table that is not there', sample((meta) => { meta.marginTables.shift(); }), 'PERPETUAL_LIST', at('[0].universe[1].marginTableId')],
    ['table 50, the first that is a table, when it is not there', sample((meta) => { (meta.universe[0] as Record<string, unknown>)['marginTableId'] = 50; }), 'PERPETUAL_LIST', at('[0].universe[0].marginTableId')],
    ['brackets that do not begin at 0', sample((meta) => { meta.marginTables[0]?.[1].marginTiers.shift(); }), 'PERPETUAL_LIST', at('[0].marginTables[0][1].marginTiers[0].lowerBound')],
    ['brackets out of order', sample((meta) => { meta.marginTables[1]?.[1].marginTiers.splice(1, 0, { lowerBound: '20001', maxLeverage: 5 }); }), 'PERPETUAL_LIST', at('[0].marginTables[1][1].marginTiers[2].lowerBound')],
    ['a leverage that rises', sample((meta) => { meta.marginTables[0]?.[1].marginTiers.push({ lowerBound: '150000001', maxLeverage: 21 }); }), 'PERPETUAL_LIST', at('[0].marginTables[0][1].marginTiers[2].maxLeverage')],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`is refused with ${title}`, () => {
      assert.throws(() => marketFromPerpetuals(text, file, options), refusal(code, place));
    });
  }

  it('is refused for a perpetual that is not in the list', () => {
    assert.throws(() => marketFromPerpetuals(sample(), file, { ...options, perpetuals: ['BTC', 'LUNA'] }), refusal('PERPETUAL_LIST', at('[0].universe')));
  });

  for (const name of ['metaAndAssetCtxs-2025-08-22.json', 'metaAndAssetCtxs-2026-02-06.json']) {
    const path = `../shared/data/risk-hyperliquid/${name}`;
    if (!existsSync(path)) continue;
    it(`takes every perpetual of the published ${name} and agrees with its margin tables`, () => {
      const text = readFileSync(path, 'utf8');
      const [meta] = JSON.parse(text) as [{ universe: { name: string; marginTableId: number }[]; marginTables: Sample['marginTables'] }];
      const table = tableFrom(text, meta.universe.map((one) => one.name));
      for (const [id, { marginTiers }] of meta.marginTables) {
        const user = meta.universe.find((one) => one.marginTableId === id);
        if (user !== undefined) compareWithBrackets(table, `${user.name}-PERP`, marginTiers);
      }
      assert.equal(tieredRows(table), 2 * meta.universe.filter((one) => one.marginTableId > 50).length);
    });
  }
});
