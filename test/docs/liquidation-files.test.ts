import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseFundConfig } from '../../src/cli/fund/rules-config.js';
import { parseRulesConfig } from '../../src/cli/liquidation/rules-config.js';
import { parseKeeperConfig } from '../../src/keeper/keeper-config-format.js';
import { KeeperMetrics } from '../../src/keeper/keeper-metrics.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';

const formats = readFileSync('docs/formats.md', 'utf8');
const operations = readFileSync('docs/operations.md', 'utf8');

/** JSON blocks of a section. */
function examplesOf(heading: string): readonly string[] {
  const section = new RegExp(`^## ${heading}\\n(.*?)^## `, 'ms').exec(formats)?.[1] ?? '';
  return [...section.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);
}

describe('docs/formats.md, liquidations', () => {
  it('shows rules of liquidations and of a default fund that the program takes', () => {
    const [rules = '', fund = '', ...others] = examplesOf('Rules of liquidations');
    assert.equal(parseRulesConfig(rules, 'docs/formats.md', onChainVenue().table).windows.length, 4);
    assert.equal(parseFundConfig(fund, 'docs/formats.md').sharedBound, 10_000);
    assert.deepEqual(others, []);
  });

  it('shows a configuration of all roles of a keeper that the program takes', () => {
    const [config = '', ...others] = examplesOf('Configuration of a keeper');
    const { challenger, guard, bidder } = parseKeeperConfig(config, '/etc/clearproof/keeper.json');
    assert.ok(challenger !== undefined && guard !== undefined && bidder !== undefined);
    assert.deepEqual(others, []);
  });
});

describe('docs/operations.md, keepers', () => {
  it('alerts on metrics that a keeper exports', async () => {
    const exported = await new KeeperMetrics().text();
    const named = [...operations.matchAll(/`(?:rate of )?(clearproof_keeper_[a-z_]+)/g)].map((match) => match[1] ?? '');
    assert.ok(named.length > 3, named.join());
    for (const name of named) assert.match(exported, new RegExp(`^# TYPE ${name} `, 'm'), name);
  });
});
