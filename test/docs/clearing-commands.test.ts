import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addBidderCommands } from '../../src/cli/bidder/bidder-command.js';
import { addClearingCommands } from '../../src/cli/clearing/clearing-command.js';
import { addDeployCommand } from '../../src/cli/deploy.js';
import { addFundCommands } from '../../src/cli/fund/fund-command.js';
import { addKeeperCommands } from '../../src/cli/keeper/keeper-command.js';
import { addLiquidationCommands } from '../../src/cli/liquidation/liquidation-command.js';
import { runner } from '../../src/cli/runner.js';
import { addSimulateCommand } from '../../src/cli/simulate.js';
import { addTradeCommands } from '../../src/cli/trade/trade-command.js';
import { addVaultCommands } from '../../src/cli/vault/vault-command.js';
import { CIRCUIT_LIST, readCircuitList } from '../../src/groth16/circuit-list.js';

const ON_CHAIN = '--deployment deployment.json --rpc $RPC --key-file venue.key';
const operations = readFileSync('docs/operations.md', 'utf8');
const SECTIONS = [
  { heading: 'Clearing house', least: 25, groups: ['clearing', 'trade'], unshown: ['clearing controller', 'trade cancel'] },
  { heading: 'Liquidation', least: 25, groups: ['liquidation', 'fund', 'bidder', 'keeper'], unshown: [] },
];

/** Commands of a section, word by word. */
function linesOf(heading: string): readonly (readonly string[])[] {
  const section = new RegExp(`^## ${heading}\\n(.*?)^## `, 'ms').exec(operations)?.[1] ?? '';
  return [...section.replaceAll('\\\n', ' ').replaceAll('$ON_CHAIN', ON_CHAIN).matchAll(/^clearproof (.*)$/gm)].map(([, words = '']) => words.split(/ +/));
}

function program(): Command {
  const root = new Command('clearproof');
  const all = [
    addBidderCommands, addClearingCommands, addDeployCommand, addFundCommands, addKeeperCommands, addLiquidationCommands, addSimulateCommand, addTradeCommands, addVaultCommands,
  ];
  for (const add of all) add(root, runner(() => false, () => Promise.resolve()));
  return root;
}

/** The command that words begin with, and what is left of them. */
function commandOf(words: readonly string[], from: Command = program()): { readonly command: Command; readonly rest: readonly string[] } {
  const next = from.commands.find((one) => one.name() === words[0]);
  return next === undefined ? { command: from, rest: words } : commandOf(words.slice(1), next);
}

for (const { heading, least, groups, unshown } of SECTIONS) {
  const lines = linesOf(heading);

  describe(`docs/operations.md, ${heading}`, () => {
    it('shows commands that exist, with options that they take and all that they need', () => {
      assert.ok(lines.length > least, String(lines.length));
      for (const words of lines) {
        const { command, rest } = commandOf(words);
        const given = rest.filter((word) => word.startsWith('--'));
        assert.equal(command.commands.length, 0, words.join(' '));
        for (const flag of given) assert.ok(command.options.some(({ long }) => long === flag), `${words.join(' ')}: ${flag}`);
        for (const { long, mandatory } of command.options) assert.ok(!mandatory || given.includes(long ?? ''), `${words.join(' ')} lacks ${long}`);
      }
    });

    it(`shows every command of its groups${unshown.length === 0 ? '' : ' but what names another controller or takes a signature back'}`, () => {
      const shown = new Set(lines.map(([group, name]) => `${group} ${name}`));
      const all = program().commands.filter((group) => groups.includes(group.name())).flatMap((group) => group.commands.map((one) => `${group.name()} ${one.name()}`));
      assert.deepEqual(all.filter((name) => !shown.has(name)).sort(), unshown);
    });
  });
}

describe('docs/operations.md, the deployment of a clearing house', () => {
  it('has circuits that exist', async () => {
    const known = (await readCircuitList(CIRCUIT_LIST)).map(({ name }) => name);
    const deploy = linesOf('Clearing house').find(([name]) => name === 'deploy') ?? [];
    const circuits = deploy[deploy.indexOf('--circuits') + 1]?.split(',') ?? [];
    assert.ok(circuits.length > 5);
    for (const name of circuits) assert.ok(known.includes(name), name);
  });
});
