import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseTermsConfig } from '../../../src/cli/clearing/terms-config.js';
import { onChainVenue } from '../../builders/on-chain-epoch.js';

const RULES = { timelock: '3600', tableMaxAge: '900', band: '50000' };
const FULL = {
  formatVersion: '1', rules: RULES, liquidations: `0x${'a'.repeat(40)}`, fundingPay: 'USD',
  expiries: [
    { instrument: 'BTC-25DEC26-97000-C', pay: 'USD', expiry: '1798185600' }, { instrument: 'BTC-25DEC26', pay: 'USD', deliver: 'BTC', deliverQuanta: '1', expiry: '1798185600' },
  ],
  perpetuals: [{ instrument: 'BTC-PERP', indexFeed: '7', interval: '28800', maxRate: '7500' }],
};

describe('the terms of a clearing house', () => {
  const { table } = onChainVenue();
  const parse = (content: object): ReturnType<typeof parseTermsConfig> => parseTermsConfig(JSON.stringify(content), 'clearing.json', table);

  it('name instruments by their ids, and become rows of the table', () => {
    assert.deepEqual(parse(FULL), {
      rules: { timelock: 3_600, tableMaxAge: 900, band: 50_000 }, liquidations: '0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa', fundingRow: 0,
      expiries: [{ row: 7, payRow: 0, deliverRow: 0, deliver: 0, expiry: 1_798_185_600 }, { row: 6, payRow: 0, deliverRow: 2, deliver: 1, expiry: 1_798_185_600 }],
      perpetuals: [{ row: 3, indexFeed: 7, interval: 28_800, maxRate: 7_500 }],
    });
    assert.deepEqual(parse({ formatVersion: '1', rules: RULES }), {
      rules: { timelock: 3_600, tableMaxAge: 900, band: 50_000 }, liquidations: undefined, fundingRow: undefined, expiries: [], perpetuals: [],
    });
  });

  it('are read as docs/formats.md shows them', () => {
    const shown = /^## Terms of a clearing house\n.*?^```json\n(.*?)^```$/ms.exec(readFileSync('docs/formats.md', 'utf8'))?.[1] ?? '';
    assert.deepEqual(parseTermsConfig(shown, 'docs/formats.md', table), parse({ ...FULL, liquidations: undefined, rules: { ...RULES, timelock: '86400' } }));
  });

  it('are refused with file and field where no contract takes them', () => {
    const expiry = FULL.expiries[0];
    const cases: readonly (readonly [content: object, message: RegExp])[] = [
      [{ ...FULL, rules: { ...RULES, band: '1000000' } }, /clearing\.json.*rules\.band/],
      [{ ...FULL, rules: { ...RULES, tableMaxAge: '0' } }, /clearing\.json.*rules\.tableMaxAge/],
      [{ ...FULL, fundingPay: undefined }, /fundingPay/],
      [{ ...FULL, fundingPay: 'BTC' }, /fundingPay.*"BTC" is spot, and must be cash/],
      [{ ...FULL, expiries: [{ ...expiry, instrument: 'ETH-PERP' }] }, /expiries\[0\]\.instrument.*"ETH-PERP" is perpetual, and must be future or option/],
      [{ ...FULL, expiries: [{ ...expiry, instrument: 'XRP' }] }, /"XRP" is no instrument of the table/],
      [{ ...FULL, expiries: [{ ...expiry, deliver: 'BTC' }] }, /"deliver" and "deliverQuanta" go together/],
      [{ ...FULL, perpetuals: [{ ...FULL.perpetuals[0], indexFeed: '256' }] }, /perpetuals\[0\]\.indexFeed/],
      [{ ...FULL, perpetuals: Array.from({ length: 4 }, () => FULL.perpetuals[0]) }, /perpetuals/],
      [{ ...FULL, more: '1' }, /"more"/],
    ];
    for (const [content, message] of cases) assert.throws(() => parse(content), { code: 'JSON_SHAPE', message });
  });
});
