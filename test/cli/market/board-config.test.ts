import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseBoardConfig } from '../../../src/cli/market/board-config.js';
import { parseRound, pricesOfRound, writeRound } from '../../../src/cli/market/round-file.js';
import { wantedLists } from '../../../src/cli/market/wanted-lists.js';
import { ParameterUnknownError } from '../../../src/risk/parameter-set/parameter-errors.js';
import { parseParameterSet } from '../../../src/risk/parameter-set/parameter-set-json.js';
import { JsonShapeError } from '../../../src/venue/import-errors.js';
import { edited } from '../../builders/risk-files.js';

const EXAMPLE = readFileSync('docs/examples/boards.json', 'utf8');
const PARAMETERS = readFileSync('docs/examples/parameters.json', 'utf8');

describe('a board configuration', () => {
  it('gives what the boards take: ppm, 10^-8, feeds in their order, signers ascending', () => {
    const { tableRules, priceRules, feeds } = parseBoardConfig(EXAMPLE, 'boards.json');
    assert.deepEqual([tableRules.rateStep, tableRules.rateShare, tableRules.volatilityBound, tableRules.threshold], [20_000, 200_000, 100_000, 2]);
    assert.deepEqual(tableRules.signers.map((one) => one.slice(0, 4)), ['0x14', '0x23', '0xa0']);
    assert.deepEqual([priceRules.newRiskMaxAge, priceRules.sequencerGrace, priceRules.signers], [1_800, 0, []]);
    assert.deepEqual([feeds[0]?.config.kind, feeds[0]?.config.minPrice, feeds[0]?.config.maxDeviation], ['constant', 10n ** 8n, 0]);
    assert.deepEqual([feeds[3]?.id, feeds[3]?.config.maxDeviation, feeds[3]?.config.minPrice], ['BTC-USD', 100_000, 1_000n * 10n ** 8n]);
  });

  const wrong: readonly (readonly [path: string, value: string | undefined, reason: RegExp])[] = [
    ['priceRules.timelock', undefined, /field priceRules\.timelock: is missing/],
    ['priceRules.liquidationMaxAge', '1800', /field priceRules\.liquidationMaxAge: 1800 is out of range/],
    ['tableRules.threshold', '4', /field tableRules\.threshold: 4 is out of range/],
    ['tableRules.threshold', '0', /field tableRules\.threshold: 0 is out of range/],
    ['tableRules.volatilityBound', '1', /field tableRules\.volatilityBound: 1 is out of range/],
    ['tableRules.rateStep', '0.0000001', /field tableRules\.rateStep: .*more than 6 decimals/],
    ['tableRules.signers[1]', '0x14dc79964da2c08b23698b3d3cc7ca32193d9955', /field tableRules\.signers: names a signer twice/],
    ['feeds[1].source', '0x12', /field feeds\[1\]\.source: .* is not an address/],
    ['feeds[1].priceId', `0x${'1'.repeat(64)}`, /field feeds\[1\]\.priceId: unknown field/],
    ['feeds[1].maxPrice', '0.4', /field feeds\[1\]\.maxPrice: 0\.4 is out of range/],
    ['feeds[1].id', 'USD', /field feeds\[1\]\.id: the feed USD stands twice/],
    ['feeds[0].price', '0', /field feeds\[0\]\.price: 0 is out of range/],
    ['feeds[2].kind', 'none', /field feeds\[2\]\.kind: "none" is not one of/],
  ];
  for (const [path, value, reason] of wrong) {
    it(`is refused with ${path} ${value ?? 'missing'}, and the field is named`, () => {
      assert.throws(() => parseBoardConfig(edited(EXAMPLE, path, value), 'boards.json'), (error: unknown) => {
        assert.ok(error instanceof JsonShapeError, String(error));
        assert.match(error.message, reason);
        return true;
      });
    });
  }

  it('lists the instruments of a parameter set with the numbers of its own feeds', () => {
    const config = parseBoardConfig(EXAMPLE, 'boards.json');
    const set = parseParameterSet(PARAMETERS, 'parameters.json');
    const { listings, feeds, parameters } = wantedLists({ ...config, feeds: [...config.feeds].reverse() }, set);
    assert.deepEqual([feeds.length, listings.length, parameters.words.length, parameters.moves.length], [7, 26, 26, 16]);
    assert.deepEqual([listings[0]?.line.split(',')[1], listings[0]?.feed, listings[1]?.line.split(',')[1], listings[1]?.feed], ['USD', 6, 'USDC', 5]);
  });

  it('is refused for a parameter set with a feed it has not, or has as another kind or at another price', () => {
    const set = parseParameterSet(PARAMETERS, 'parameters.json');
    const { feeds, ...rules } = parseBoardConfig(EXAMPLE, 'boards.json');
    const [constant, ...others] = feeds;
    assert.ok(constant !== undefined);
    const dear = { ...constant, config: { ...constant.config, minPrice: 2n } };
    const signed = { ...constant, config: { ...constant.config, kind: 'signed' as const } };
    for (const changed of [others, [dear, ...others], [signed, ...others]]) assert.throws(() => wantedLists({ ...rules, feeds: changed }, set), ParameterUnknownError);
  });
});

describe('a price round', () => {
  const ROUND = { id: 3, time: 1_795_622_400, prices: [10n ** 8n, 250_000_001n], feeds: ['USD', 'ALT-USD'] };

  it('is read back as it was written', () => {
    assert.deepEqual(parseRound(writeRound(ROUND), 'round.json'), { ...ROUND, file: 'round.json' });
  });

  it('gives a table only the prices of feeds that its set has', () => {
    const set = parseParameterSet(PARAMETERS, 'parameters.json');
    const { byFeed, time } = pricesOfRound({ ...ROUND, file: 'round.json' }, set);
    assert.deepEqual([time, [...byFeed.keys()]], [ROUND.time, ['USD']]);
  });

  it('is refused with a feed twice or a price of nothing', () => {
    assert.throws(() => parseRound(writeRound({ ...ROUND, feeds: ['USD', 'USD'] }), 'round.json'), JsonShapeError);
    assert.throws(() => parseRound(writeRound({ ...ROUND, prices: [1n, 0n] }), 'round.json'), JsonShapeError);
  });
});
