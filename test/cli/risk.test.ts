import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSnapshotFolder } from '../../src/cli/snapshot-folder.js';
import { reportSnapshot } from '../../src/margin/snapshot-report.js';
import { parseMarketTable } from '../../src/risk/market-table-json.js';
import type { Account } from '../../src/venue/account.js';
import { edited, exampleTable, riskFile, RISK_VECTORS } from '../builders/risk-files.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from './program.js';

const [PARAMETERS, PRICES, SURFACE] = ['parameter-set', 'prices', 'surface'].map((name) => `${RISK_VECTORS}/${name}.json`) as [string, string, string];
const MADE = ['--parameters', PARAMETERS, '--prices', PRICES];

describe('clearproof risk', () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
  });
  after(() => remove());

  it('builds the table of the engine, and the words for the chain', async () => {
    const [out, words] = [join(folder, 'table.json'), join(folder, 'words.json')];
    const ended = await clearproof('risk', 'build', ...MADE, '--surface', SURFACE, '--level', 'initial', '--out', out, '--words', words, '--json');
    assert.equal(ended.code, 0, ended.stdout);
    assert.deepEqual(oneJson(ended), { out, rows: 18, scenarios: 16, warnings: [], arbitrage: [] });
    assert.deepEqual(parseMarketTable(await readFile(out, 'utf8')), exampleTable('initial').table);
    const { rows, moves, label } = JSON.parse(await readFile(words, 'utf8')) as { rows: string[]; moves: unknown[]; label: string };
    assert.deepEqual([rows.length, moves.length, label], [18, 16, 'example 1']);
  });

  it('writes nothing when a price is missing, a level is misspelt, or the surface has arbitrage that nobody accepted', async () => {
    const [prices, surface, out] = [join(folder, 'few.json'), join(folder, 'bent.json'), join(folder, 'never', 'table.json')];
    await writeFile(prices, edited(riskFile('prices'), 'prices.BTC-USD', undefined));
    await writeFile(surface, edited(riskFile('surface'), 'surfaces.BTC-USD[1].points[1].volatility', '0.3'));
    const missing = await clearproof('risk', 'build', '--parameters', PARAMETERS, '--prices', prices, '--surface', SURFACE, '--level', 'initial', '--out', out, '--json');
    assert.deepEqual([missing.code, errorOf(missing).code, errorOf(missing).details['field']], [1, 'PRICE', 'prices.BTC-USD']);
    const level = await clearproof('risk', 'build', ...MADE, '--level', 'mean', '--out', out);
    assert.equal(level.code, 2);
    const arbitrage = await clearproof('risk', 'build', ...MADE, '--surface', surface, '--level', 'initial', '--out', out, '--json');
    assert.deepEqual([arbitrage.code, errorOf(arbitrage).code], [1, 'ARBITRAGE']);
    assert.match(errorOf(arbitrage).message, /strike 100000: total variance is less/);
    assert.deepEqual((await readdir(folder)).includes('never'), false);
    const accepted = await clearproof('risk', 'build', ...MADE, '--surface', surface, '--level', 'initial', '--out', join(folder, 'accepted.json'), '--accept-arbitrage');
    assert.equal(accepted.code, 0, accepted.stderr);
    assert.match(accepted.stdout, /^arbitrage: BTC-USD/m);
  });

  it('tells what changes between two sets and whom it hurts in a snapshot, without a name unless asked', async () => {
    const { table } = exampleTable();
    const holdings = [['BTC-PERP', 10n ** 8n], ['USD', 14_000n * 10n ** 6n], ['USD-ENTRY', -(10n ** 11n)]] as const;
    const accounts: Account[] = [{
      userId: 'alice', subAccount: 3, owner: undefined,
      holdings: holdings.map(([id, quantity]) => ({ index: table.rows.findIndex((row) => row.id === id), quantity })),
    }];
    const snapshot = join(folder, 'snapshot');
    await writeSnapshotFolder(snapshot, { snapshot: { accounts }, market: table }, await reportSnapshot(accounts, table, { slots: 8, excessBits: 84 }));
    const tighter = join(folder, 'tighter.json');
    await writeFile(tighter, edited(riskFile('parameter-set'), 'markets[0].scan', '0.15'));
    const args = ['risk', 'diff', PARAMETERS, tighter, '--snapshot', snapshot, '--prices', PRICES, '--surface', SURFACE];
    const told = await clearproof(...args);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^BTC-PERP: scan range at maintenance 12 % -> 15 % \(tighter\)$/m);
    assert.match(told.stdout, /^1 accounts: the requirement rises for 1 and falls for 0/m);
    assert.match(told.stdout, /^newly unhealthy 1, newly healthy 0/m);
    assert.doesNotMatch(told.stdout, /alice/);
    const asked = await clearproof(...args, '--show-users', '--json');
    const { effect } = oneJson(asked) as { effect: { largest: { userId: string }[] } };
    assert.deepEqual(effect.largest.map(({ userId }) => userId), ['alice']);
    const hidden = await clearproof(...args, '--json');
    assert.doesNotMatch(hidden.stdout, /alice/);
  });

  it('compares tables, says so when nothing changes, and asks for prices where it needs them', async () => {
    const table = join(folder, 'table.json');
    const same = await clearproof('risk', 'diff', table, table);
    assert.deepEqual([same.code, same.stdout], [0, 'nothing changes\n']);
    const lacking = await clearproof('risk', 'diff', PARAMETERS, PARAMETERS, '--snapshot', join(folder, 'snapshot'));
    assert.equal(lacking.code, 2);
  });
});
