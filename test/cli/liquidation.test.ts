import assert from 'node:assert/strict';
import { addLiquidationCommands } from '../../src/cli/liquidation/liquidation-command.js';
import { parseRulesConfig } from '../../src/cli/liquidation/rules-config.js';
import { requireLevel } from '../../src/cli/liquidation/table-level.js';
import { requireInBand } from '../../src/cli/liquidation/terms.js';
import { lotOf } from '../../src/cli/liquidation/lot-options.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { liquidationRules, saleTable } from '../builders/liquidation.js';
import { inProcess } from './commands-in-process.js';
import { assertExamples, assertFailures, type Usage } from './usage-of.js';

const CHAIN = ['--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1'];
const SIGNED = [...CHAIN, '--key-file', 'missing'];
const LOT = ['--instrument', 'BTC-PERP', '--pay', 'USD', '--side', 'sell'];
const TABLE = ['--table', 'missing.json'];

const COMMANDS: Usage = [
  ['liquidation challenge', ['--handle', '7', ...TABLE, ...SIGNED], 'FILE_READ'],
  ['liquidation freeze', ['--handle', '7', ...TABLE, ...SIGNED], 'FILE_READ'],
  ['liquidation release', ['--handle', '7', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['liquidation withdraw-bonds', SIGNED, 'DEPLOYMENT_FILE'],
  ['liquidation answer', ['--account', 'missing.json', ...TABLE, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['liquidation start', ['--account', 'missing.json', ...TABLE, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['liquidation mark', ['--account', 'missing.json', ...LOT, ...TABLE, '--maintenance', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['liquidation seal', ['--account', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['liquidation open', ['--handle', '7', '--bidder', `0x${'a'.repeat(40)}`, '--encryption-key', 'missing.json', '--out', 'missing/opened.json', ...CHAIN], 'FILE_READ'],
  ['liquidation bid', ['--account', 'missing.json', '--owner', 'missing.json', '--opened', 'missing.json', ...LOT, ...TABLE, '--maintenance', 'missing.json', '--out', 'missing/bid.json', ...CHAIN], 'DEPLOYMENT_FILE'],
  ['liquidation take', ['--bid', 'missing.json', ...TABLE, ...SIGNED], 'FILE_READ'],
  ['liquidation pay-debt', ['--account', 'missing.json', ...TABLE, '--instrument', 'USD', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['liquidation show', ['--handle', '7', ...CHAIN], 'DEPLOYMENT_FILE'],
  ['liquidation terms', ['--config', 'missing.json', ...TABLE, ...SIGNED], 'FILE_READ'],
];

describe('the commands of liquidations', () => {
  it('each have an example in their help, that names the command', () => assertExamples(addLiquidationCommands, COMMANDS));

  it('each say what is missing, by its code', () => assertFailures(addLiquidationCommands, COMMANDS));

  it('take no side but selling and buying back', async () => {
    const args = ['--account', 'a', ...LOT.slice(0, -1), 'short', ...TABLE, '--maintenance', 'm', ...SIGNED];
    await assert.rejects(() => inProcess(addLiquidationCommands)('liquidation', 'mark', ...args), { code: 'commander.invalidArgument', message: /'short' is invalid\. Allowed choices are sell, buy/ });
  });
});

const RULES = {
  formatVersion: '1', timelock: '3600', bond: '100000000000000000', quiet: '600', windows: ['3600', '1800', '900', '60'], fall: '1800', maxDiscount: '20000', maxSubsidy: '8000',
  penalty: '10000', keeperShare: '200000', fundShare: '500000', strikeShare: '20000', feeInstrument: 'USD', minLot: '100000000000000',
};

describe('rules of liquidations in a file', () => {
  const { table } = onChainVenue();
  const parse = (content: object): ReturnType<typeof parseRulesConfig> => parseRulesConfig(JSON.stringify(content), 'liquidation.json', table);

  it('name the instrument of penalties by its id, and become what the contract takes', () => {
    assert.deepEqual(parse(RULES), {
      timelock: 3_600, bond: 10n ** 17n, quiet: 600, windows: [3_600, 1_800, 900, 60], fall: 1_800, maxDiscount: 20_000, maxSubsidy: 8_000, penalty: 10_000, keeperShare: 200_000,
      fundShare: 500_000, strikeShare: 20_000, feeRow: 0, minLot: 10n ** 14n,
    });
  });

  it('are refused with file and field where no contract takes them [P-255]', () => {
    const cases: readonly (readonly [change: object, message: RegExp])[] = [
      [{ bond: '0' }, /liquidation\.json.*bond/],
      [{ bond: (2n ** 96n / 8n).toString() }, /liquidation\.json.*bond/],
      [{ windows: ['60', '60', '60'] }, /windows.*has 3 entries/],
      [{ windows: ['3600', '59', '59', '59'] }, /windows\[1\]/],
      [{ windows: ['60', '60', '61', '60'] }, /windows.*of a worse mode is longer than the one before it: 61 after 60/],
      [{ fall: '0' }, /fall/],
      [{ maxDiscount: '990000', penalty: '10000' }, /penalty/],
      [{ maxSubsidy: '8001' }, /maxSubsidy/],
      [{ keeperShare: '500001', maxSubsidy: '0' }, /fundShare/],
      [{ feeInstrument: 'BTC' }, /feeInstrument.*"BTC" is spot, and penalties are paid in cash/],
      [{ feeInstrument: 'XRP' }, /feeInstrument.*"XRP" is no instrument of the table/],
      [{ timelock: 3600 }, /timelock.*JSON number/],
      [{ more: '1' }, /"more"/],
    ];
    for (const [change, message] of cases) assert.throws(() => parse({ ...RULES, ...change }), { code: 'JSON_SHAPE', message }, JSON.stringify(change));
  });

  it('stay within the band that every trade lies in, or a slice at the end of the clock would have no proof', () => {
    const rules = parse(RULES);
    assert.doesNotThrow(() => requireInBand(rules, 30_001, 'liquidation.json'));
    assert.throws(() => requireInBand(rules, 30_000, 'liquidation.json'), { code: 'RULES_OUTSIDE_BAND', message: /liquidation\.json: maxDiscount and penalty are 30000 ppm together, and the clearing rules' band is 30000/ });
  });
});

describe('what a liquidation command is told', () => {
  it('is a lot by the ids of the table, which rows that make no sale are not', () => {
    const [table, rules] = [saleTable(), liquidationRules()];
    const [perpetual, entry, cash, spot] = [3, 8, 7, 0].map((row) => table.rows[row]?.id) as [string, string, string, string];
    assert.deepEqual(lotOf({ instrument: perpetual, pay: entry, side: 'sell' }, table, 5n, rules), { handle: 5n, row: 3, payRow: 8, accountSells: true });
    assert.deepEqual(lotOf({ instrument: perpetual, pay: cash, side: 'buy' }, table, 5n, rules), { handle: 5n, row: 3, payRow: 7, accountSells: false });
    assert.throws(() => lotOf({ instrument: perpetual, pay: spot, side: 'sell' }, table, 5n, rules), { code: 'LOT' });
    assert.throws(() => lotOf({ instrument: 'XRP', pay: cash, side: 'sell' }, table, 5n, rules), { code: 'INSTRUMENT_INPUT' });
  });

  it('is a table of the level that the contract will ask for', () => {
    assert.doesNotThrow(() => requireLevel(saleTable(), 'initial', 'initial.json'));
    assert.throws(() => requireLevel(saleTable(), 'maintenance', 'initial.json'), { code: 'TABLE_LEVEL', message: /initial\.json is a table of initial level, and this takes one of maintenance level/ });
  });
});
