import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseParameterSet } from '../../../src/risk/parameter-set/parameter-set-json.js';
import { parsePrices, writePrices } from '../../../src/risk/prices/price-file.js';
import { parseSurface } from '../../../src/risk/option/surface-json.js';
import { edited, exampleSet, riskFile } from '../../builders/risk-files.js';
import { refusal } from '../../venue/fixtures.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const schemaOf = (name: string): ValidateFunction => ajv.compile(JSON.parse(readFileSync(`src/risk/schema/${name}.schema.json`, 'utf8')) as object);
const schemas = { 'parameter-set': schemaOf('parameter-set'), prices: schemaOf('prices'), surface: schemaOf('volatility-surface') };
const parsers = { 'parameter-set': parseParameterSet, prices: parsePrices, surface: parseSurface };

type Refused = readonly [title: string, path: string, value: unknown, code: string, place?: string, schemaSees?: boolean];

/** Files that differ from the example in one value. The last column: whether the schema can see it, too. */
const REFUSED: Readonly<Record<keyof typeof parsers, readonly Refused[]>> = {
  'parameter-set': [
    ['another format version', 'formatVersion', '2', 'JSON_SHAPE', 'formatVersion', true],
    ['an unknown field', 'note', '', 'JSON_SHAPE', 'note', true],
    ['an unknown field of a market', 'markets[1].note', '', 'JSON_SHAPE', 'markets[1].note', true],
    ['a rate as a number', 'assets[0].haircut', 0, 'JSON_SHAPE', 'assets[0].haircut', true],
    ['a rate with an exponent', 'assets[0].haircut', '1e-2', 'PARAMETER_NUMBER', 'assets[0].haircut', true],
    ['a negative rate', 'assets[0].haircut', '-0.01', 'PARAMETER_NUMBER', 'assets[0].haircut', true],
    ['a haircut above one', 'assets[2].tiers[2].haircut', '1.000001', 'PARAMETER_NUMBER', 'assets[2].tiers[2].haircut'],
    ['a margin beyond 24 bits', 'markets[0].tiers[1].margin', '16.777216', 'PARAMETER_NUMBER', 'markets[0].tiers[1].margin'],
    ['less at initial than at maintenance', 'markets[1].margin.initial', '0.009', 'PARAMETER_CROSSED', 'markets[1].margin.initial'],
    ['a scan range that is less at initial', 'assets[2].scan.initial', '0.1', 'PARAMETER_CROSSED', 'assets[2].scan.initial'],
    ['only one level', 'markets[1].margin', { maintenance: '0.01' }, 'JSON_SHAPE', 'markets[1].margin.initial', true],
    ['tiers whose sizes cross', 'assets[2].tiers[1].upTo', '100', 'PARAMETER_CROSSED', 'assets[2].tiers[1].upTo'],
    ['a tier charged less than the one below', 'assets[2].tiers[1].borrow', '0.04', 'PARAMETER_CROSSED', 'assets[2].tiers[1].borrow'],
    ['a middle tier without an end', 'assets[2].tiers[1].upTo', undefined, 'PARAMETER_CROSSED', 'assets[2].tiers[1].upTo'],
    ['a size finer than a quantum', 'assets[2].tiers[0].upTo', '1.000000001', 'PARAMETER_NUMBER', 'assets[2].tiers[0].upTo'],
    ['a size beyond 2^64 quanta', 'assets[2].tiers[1].upTo', '200000000000', 'PARAMETER_NUMBER', 'assets[2].tiers[1].upTo'],
    ['tiers and charges both', 'assets[2].haircut', '0', 'JSON_SHAPE', 'assets[2].haircut', true],
    ['an unknown feed', 'markets[0].feed', 'XRP-USD', 'PARAMETER_UNKNOWN', 'markets[0].feed'],
    ['a currency without an entry row', 'markets[0].currency', 'EUR', 'PARAMETER_UNKNOWN', 'markets[0].currency'],
    ['an entry row of an unknown currency', 'entries[0].currency', 'EUR', 'PARAMETER_UNKNOWN', 'entries[0].currency'],
    ['an entry row whose mark would round', 'entries[0].currency', 'USDC', 'PARAMETER_NUMBER', 'entries[0].quantityDecimals'],
    ['an id twice', 'assets[3].id', 'BTC', 'PARAMETER_DUPLICATE', ''],
    ['a feed twice', 'feeds[3].id', 'BTC-USD', 'PARAMETER_DUPLICATE', 'feeds'],
    ['an unknown kind', 'assets[0].kind', 'perpetual', 'JSON_SHAPE', 'assets[0].kind', true],
    ['a future without expiry', 'markets[1].expiry', undefined, 'JSON_SHAPE', 'markets[1].expiry', true],
    ['a perpetual with expiry', 'markets[0].expiry', '1774598400', 'JSON_SHAPE', 'markets[0].expiry', true],
    ['strikes out of order', 'markets[2].strikes', ['100000', '80000'], 'PARAMETER_CROSSED', 'markets[2].strikes[1]'],
    ['a strike finer than a price', 'markets[2].strikes', ['80000.000000001'], 'PARAMETER_NUMBER', 'markets[2].strikes[0]'],
    ['a strike beyond 47 bits', 'markets[2].strikes', ['15000000000'], 'PARAMETER_NUMBER', 'markets[2].strikes[0]'],
    ['a quantum beyond the multiplier', 'markets[2].quantityDecimals', '2', 'PARAMETER_NUMBER', 'markets[2].quantityDecimals'],
    ['puts before calls', 'markets[2].types', ['put', 'call'], 'JSON_SHAPE', 'markets[2].types[0]', true],
    ['a volatility range of the whole', 'markets[2].volatilityScan', '1', 'PARAMETER_NUMBER', 'markets[2].volatilityScan'],
    ['a least volatility of 0', 'markets[2].volatilityBounds.least', '0', 'PARAMETER_CROSSED', 'markets[2].volatilityBounds'],
    ['a long haircut above one', 'markets[2].longHaircut', '2', 'PARAMETER_NUMBER', 'markets[2].longHaircut'],
    ['a contract too small for its quantum', 'markets[1].contractSize', '0.000000000000001', 'PARAMETER_NUMBER', 'markets[1].quantityDecimals'],
    ['a contract too large', 'markets[1].contractSize', '1000000', 'PARAMETER_NUMBER', 'markets[1].quantityDecimals'],
    ['a contract of nothing', 'markets[1].contractSize', '0', 'PARAMETER_NUMBER', 'markets[1].contractSize'],
    ['scenarios out of order', 'scenarios', [{ name: 'up', priceMove: '1' }, { name: 'down', priceMove: '-1' }], 'PARAMETER_SCENARIOS', 'scenarios[1]'],
    ['a scenario twice', 'scenarios', [{ name: 'up', priceMove: '1' }, { name: 'again', priceMove: '1' }], 'PARAMETER_SCENARIOS', 'scenarios[1]'],
    ['a scenario name twice', 'scenarios', [{ name: 'up', priceMove: '1' }, { name: 'up', priceMove: '2' }], 'MARKET_DUPLICATE', 'scenarios[1]'],
    ['a move that is no whole number of sixtieths', 'scenarios', [{ name: 'up', priceMove: '1/7' }], 'PARAMETER_SCENARIOS', 'scenarios[0].priceMove'],
    ['a basis move that is none after cover', 'scenarios', [{ name: 'up', basisMove: '1', cover: '0.37' }], 'PARAMETER_SCENARIOS', 'scenarios[0].basisMove'],
    ['a move beyond 255 sixtieths', 'scenarios', [{ name: 'up', priceMove: '4.5' }], 'PARAMETER_SCENARIOS', 'scenarios[0].priceMove'],
    ['a cover above one', 'scenarios', [{ name: 'up', priceMove: '1', cover: '1.05' }], 'PARAMETER_NUMBER', 'scenarios[0].cover'],
    ['a fraction not in lowest terms', 'scenarios', [{ name: 'up', priceMove: '2/6' }], 'PARAMETER_NUMBER', 'scenarios[0].priceMove'],
    ['a name with a space', 'name', 'my set', 'JSON_SHAPE', 'name', true],
    ['a constant price of 0', 'feeds[0].price', '0', 'PARAMETER_NUMBER', 'feeds[0].price'],
    ['a constant feed with a heartbeat', 'feeds[0].heartbeat', '60', 'JSON_SHAPE', 'feeds[0].heartbeat', true],
  ],
  prices: [
    ['a price of 0', 'prices.BTC-USD', '0', 'PRICE', 'prices.BTC-USD'],
    ['a negative price', 'prices.BTC-USD', '-1', 'PRICE', 'prices.BTC-USD', true],
    ['a price as a number', 'prices.BTC-USD', 100000, 'JSON_SHAPE', 'prices.BTC-USD', true],
    ['a price with nine decimals', 'prices.BTC-USD', '1.000000001', 'PRICE', 'prices.BTC-USD', true],
    ['a price of 130 bits', 'prices.BTC-USD', '9'.repeat(39), 'PRICE', 'prices.BTC-USD'],
    ['a price from the future', 'prices.USDC-USD.time', '1767225601', 'JSON_SHAPE', 'prices.USDC-USD.time'],
    ['no time', 'time', undefined, 'JSON_SHAPE', 'time', true],
    ['a feed with a space in its name', 'prices.BTC USD', '1', 'JSON_SHAPE', 'prices.BTC USD', true],
  ],
  surface: [
    ['a volatility of 0', 'surfaces.BTC-USD[0].points[0].volatility', '0', 'SURFACE', 'surfaces.BTC-USD[0].points[0].volatility'],
    ['a volatility with seven decimals', 'surfaces.BTC-USD[0].points[0].volatility', '0.5000001', 'SURFACE', 'surfaces.BTC-USD[0].points[0].volatility'],
    ['a volatility beyond 32 bits', 'surfaces.BTC-USD[0].points[0].volatility', '4295', 'SURFACE', 'surfaces.BTC-USD[0].points[0].volatility'],
    ['strikes out of order', 'surfaces.BTC-USD[0].points[1].strike', '70000', 'SURFACE', 'surfaces.BTC-USD[0].points[1]'],
    ['expiries out of order', 'surfaces.BTC-USD[1].expiry', '1769760000', 'SURFACE', 'surfaces.BTC-USD[1]'],
    ['an expiry without points', 'surfaces.BTC-USD[1].points', [], 'JSON_SHAPE', 'surfaces.BTC-USD[1].points', true],
    ['a discount typed as a percentage', 'surfaces.BTC-USD[1].discount', '99.3', 'SURFACE', 'surfaces.BTC-USD[1].discount'],
    ['a forward in place of a factor', 'surfaces.BTC-USD[1].forwardFactor', '100400', 'SURFACE', 'surfaces.BTC-USD[1].forwardFactor'],
    ['an unknown field', 'surfaces.BTC-USD[1].delta', '0.25', 'JSON_SHAPE', 'surfaces.BTC-USD[1].delta', true],
  ],
};

for (const name of ['parameter-set', 'prices', 'surface'] as const) {
  describe(`the ${name} format`, () => {
    it('has an example that schema and parser take', () => {
      assert.equal(schemas[name](JSON.parse(riskFile(name))), true, JSON.stringify(schemas[name].errors));
      parsers[name](riskFile(name), 'in.json');
    });

    for (const [title, path, value, code, place = path, schemaSees = false] of REFUSED[name]) {
      it(`is refused with ${title}`, () => {
        const text = edited(riskFile(name), path, value);
        assert.throws(() => parsers[name](text, 'in.json'), refusal(code, { file: 'in.json', ...(place === '' ? {} : { field: place }) }));
        assert.equal(schemas[name](JSON.parse(text)), !schemaSees);
      });
    }

    it('is refused when a key stands twice', () => {
      assert.throws(() => parsers[name](riskFile(name).replace('"formatVersion"', '"formatVersion": "1", "formatVersion"'), 'in.json'), { code: 'JSON_SYNTAX' });
    });
  });
}

describe('a parameter set', () => {
  it('has SPAN\'s sixteen scenarios by default: seven prices, both ways of volatility and basis, two extremes covered 35 %', () => {
    const { scenarios } = exampleSet();
    assert.deepEqual(scenarios.map(({ move }) => [move.price, move.basis]), [
      [-42, -21], ...[-60, -40, -20, 0, 20, 40, 60].flatMap((price) => [[price, -60], [price, 60]]), [42, 21],
    ]);
    assert.equal(new Set(scenarios.map((one) => one.name)).size, 16);
  });

  it('takes the default scenarios back when they are written out', () => {
    const { scenarios } = exampleSet();
    const written = scenarios.map(({ name, priceMove, volatilityMove, basisMove, cover }) => {
      const text = (part: { numerator: bigint; denominator: bigint }): string => (part.denominator === 1n ? `${part.numerator}` : `${part.numerator}/${part.denominator}`);
      return { name, priceMove: text(priceMove), volatilityMove: text(volatilityMove), basisMove: text(basisMove), cover: text(cover) };
    });
    const text = edited(riskFile('parameter-set'), 'scenarios', written);
    assert.deepEqual(exampleSet(text).scenarios, scenarios);
    assert.equal(schemas['parameter-set'](JSON.parse(text)), true);
  });

  it('rounds rates up to ppm, against the account, whether charge or range', () => {
    const text = edited(edited(riskFile('parameter-set'), 'markets[1].margin.maintenance', '0.0100000001'), 'markets[1].basis', '0.0000000001');
    const [, future] = exampleSet(text).markets;
    assert.deepEqual([future?.kind === 'future' && future.tiers[0]?.long.maintenance, future?.basis], [10_001n, 1n]);
  });

  it('has prices that are written and read back', () => {
    const prices = parsePrices(riskFile('prices'), 'in.json');
    assert.deepEqual(parsePrices(writePrices(prices), 'in.json'), prices);
  });
});
