import assert from 'node:assert/strict';
import { addFundCommands } from '../../src/cli/fund/fund-command.js';
import { amountIn, unitsIn } from '../../src/cli/fund/fund-asset.js';
import { parseFundConfig } from '../../src/cli/fund/rules-config.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import type { MarketRow } from '../../src/risk/market-table.js';
import { assertExamples, assertFailures, type Usage } from './usage-of.js';

const CHAIN = ['--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1'];
const SIGNED = [...CHAIN, '--key-file', 'missing'];
const ASSET = ['--instrument', 'USD', '--table', 'missing.json'];

const COMMANDS: Usage = [
  ['fund contribute', [...ASSET, '--tranche', 'insurance', '--amount', '1', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['fund cover', [...ASSET, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['fund reward', [...ASSET, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['fund withdraw', [...ASSET, '--tranche', 'first-loss', '--amount', '1', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['fund show', [...ASSET, ...CHAIN], 'DEPLOYMENT_FILE'],
  ['fund terms', ['--config', 'missing.json', ...SIGNED], 'FILE_READ'],
];

describe('the commands of the default fund', () => {
  it('each have an example in their help, that names the command', () => assertExamples(addFundCommands, COMMANDS));

  it('each say what is missing, by its code', () => assertFailures(addFundCommands, COMMANDS));
});

describe('rules of a default fund in a file', () => {
  const RULES = { formatVersion: '1', timelock: '86400', firstLossBound: '1000000', insuranceBound: '500000', sharedBound: '10000' };
  const parse = (content: object): ReturnType<typeof parseFundConfig> => parseFundConfig(JSON.stringify(content), 'fund.json');

  it('are ppm of what one period may take of each step', () => {
    assert.deepEqual(parse(RULES), { timelock: 86_400, firstLossBound: 1_000_000, insuranceBound: 500_000, sharedBound: 10_000 });
  });

  it('are refused with file and field where users would pay before the venue, or no contract takes them [P-255]', () => {
    const cases: readonly (readonly [change: object, message: RegExp])[] = [
      [{ timelock: '0' }, /fund\.json.*timelock/],
      [{ firstLossBound: '0', insuranceBound: '0', sharedBound: '0' }, /fund\.json.*firstLossBound/],
      [{ firstLossBound: '1000001' }, /fund\.json.*firstLossBound/],
      [{ firstLossBound: '499999' }, /fund\.json.*insuranceBound/],
      [{ sharedBound: '500001' }, /fund\.json.*sharedBound/],
      [{ more: '1' }, /"more"/],
    ];
    for (const [change, message] of cases) assert.throws(() => parse({ ...RULES, ...change }), { code: 'JSON_SHAPE', message }, JSON.stringify(change));
  });
});

describe('an amount of the default fund', () => {
  it('is what people write, in token base units, and back', () => {
    const asset = { asset: 0, row: onChainVenue().table.rows[0] as MarketRow, token: `0x${'1'.repeat(40)}`, unitsPerQuantum: 100n };
    const units = unitsIn(asset, '12.5');
    assert.equal(units, 12_500_000n * 100n);
    assert.equal(amountIn(asset, units + 99n), '12.5 USD', 'what is less than a quantum is cut off');
    assert.throws(() => unitsIn(asset, '0'), { code: 'INSTRUMENT_INPUT' });
  });
});
