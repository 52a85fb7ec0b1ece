import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addClearingCommands } from '../../../src/cli/clearing/clearing-command.js';
import { runner } from '../../../src/cli/runner.js';
import { addTradeCommands } from '../../../src/cli/trade/trade-command.js';
import { inProcess } from '../commands-in-process.js';
import { errorOf } from '../program.js';

const CHAIN = ['--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1'];
const SIGNED = [...CHAIN, '--key-file', 'missing'];
const TABLE = ['--table', 'missing.json'];
const ACCOUNT = ['--account', 'missing.json', ...TABLE];
const OWNED = [...ACCOUNT, '--owner', 'missing.json'];
const MOVED = [...OWNED, '--instrument', 'USD', '--amount', '1', ...SIGNED];

/** Every command, with what makes it fail before it does anything. */
const COMMANDS: readonly (readonly [command: string, args: readonly string[], code: string])[] = [
  ['clearing open', ['--owner', 'missing.json', '--user', 'alice', ...TABLE, '--out', 'missing/account.json', ...SIGNED], 'FILE_READ'],
  ['clearing deposit', MOVED, 'DEPLOYMENT_FILE'],
  ['clearing withdraw', MOVED, 'DEPLOYMENT_FILE'],
  ['clearing transfer', ['--from', 'missing.json', '--to', 'missing.json', '--owner', 'missing.json', ...TABLE, '--instrument', 'USD', '--amount', '1', '--out-from', 'a', '--out-to', 'b', ...CHAIN], 'DEPLOYMENT_FILE'],
  ['clearing approve-move', ['--receipt', 'missing.json', '--instrument', 'USD', '--amount', '1', '--handle', '1', '--out', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['clearing move', ['--receipt', 'missing.json', '--owner', 'missing.json', '--approval', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['clearing expire', [...ACCOUNT, '--instrument', 'BTC', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['clearing fund', [...ACCOUNT, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['clearing submit', ['--transitions', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['clearing follow', ['--account', 'missing.json', '--tables', 'missing.json', ...CHAIN], 'FILE_READ'],
  ['clearing controller', ['--handle', '1', '--controller', `0x${'a'.repeat(40)}`, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['clearing receipt', ['--transitions', 'missing.json', '--accounts', 'missing.json', '--out', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['clearing book', ['--accounts', 'missing.json', ...TABLE, ...CHAIN], 'FILE_READ'],
  ['clearing terms', ['--config', 'missing.json', ...TABLE, ...SIGNED], 'FILE_READ'],
  ['clearing record-expiry', ['--instrument', 'BTC', ...TABLE, '--round', 'missing.json', '--parameters', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['clearing accrue', ['--round', 'missing.json', '--parameters', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['trade order', [...ACCOUNT, '--buy', '1', '--instrument', 'BTC', '--pay', 'USD', '--payment', '1', '--out', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['trade accept', ['--order', 'missing.json', ...ACCOUNT, '--out-order', 'a', '--out', 'b', ...SIGNED], 'FILE_READ'],
  ['trade match', ['--orders', 'missing.json', ...TABLE, '--out', 'missing', ...CHAIN], 'FILE_READ'],
  ['trade net', ['--trades', 'missing.json', ...TABLE, '--out', 'missing', ...CHAIN], 'FILE_READ'],
  ['trade prove', ['--trade', 'missing.json', ...OWNED, '--out', 'missing.json', ...CHAIN], 'FILE_READ'],
  ['trade settle', ['--sides', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['trade settle-batch', ['--sides', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['trade bond', ['--add', '1', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['trade agree', ['--side', 'missing.json', '--bond', '1', '--out', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['trade register', ['--agreements', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['trade present', ['--agreement', 'missing.json', '--side', 'missing.json', ...SIGNED], 'FILE_READ'],
  ['trade cancel', ['--agreement', 'missing.json', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['trade close', ['--agreement', 'missing.json', ...SIGNED], 'DEPLOYMENT_FILE'],
  ['trade show', ['--handle', '1', ...CHAIN], 'DEPLOYMENT_FILE'],
];

describe('the commands of the clearing house', () => {
  const add = (program: Command, run: Parameters<typeof addTradeCommands>[1]): void => [addClearingCommands, addTradeCommands].forEach((one) => one(program, run));

  it('each have an example in their help, that names the command', () => {
    let said = '';
    const program = new Command('clearproof').configureOutput({ writeOut: (text) => (said += text) });
    add(program, runner(() => true, () => Promise.resolve()));
    const named = program.commands.flatMap((group) => group.commands.map((command) => [`${group.name()} ${command.name()}`, command] as const));
    assert.deepEqual(named.map(([name]) => name).sort(), COMMANDS.map(([name]) => name).sort());
    for (const [name, command] of named) {
      said = '';
      command.outputHelp();
      assert.match(said, new RegExp(`Examples?:\\n  clearproof ${name} `), name);
    }
  });

  it('each say what is missing, by its code', async () => {
    const run = inProcess(add);
    for (const [command, args, code] of COMMANDS) assert.equal(errorOf(await run(...command.split(' '), ...args, '--json')).code, code, command);
  });
});
