import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dateOf } from '../../src/risk/backtest/calendar.js';
import { clearproof, errorOf, oneJson } from './program.js';

const SMALL = ['--sets', 'fixed', 'adaptive', '--seeds', '1', '--accounts', '30', '--step', '300'];

describe('clearproof simulate', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulate-'));
    const days = Array.from({ length: 40 }, (_, i) => `${dateOf(18_000 + i)},100,${i === 35 ? 101 : 104},${i === 35 ? 55 : 97},${i === 35 ? 62 : 100}`);
    await writeFile(join(folder, 'BTC-USD.csv'), ['Date,Open,High,Low,Close', ...days].join('\n'));
  });
  after(() => rm(folder, { recursive: true }));

  it('replays the worst day of a folder, writes page, JSON and pictures, and the same bytes in another process', async () => {
    const out = (name: string): string[] => ['simulate', '--data', folder, '--worst', '1', ...SMALL, '--out', join(folder, name), '--json'];
    const [first, second] = await Promise.all([clearproof(...out('a')), clearproof(...out('b'))]);
    assert.deepEqual([first.code, second.code], [0, 0], first.stderr);
    assert.deepEqual(oneJson(first)['crashes'], [dateOf(18_035)]);
    assert.deepEqual((await readdir(join(folder, 'a'))).sort(), ['simulation', 'simulation.html', 'simulation.json']);
    for (const name of ['simulation.html', 'simulation.json', `simulation/crash-${dateOf(18_035)}.svg`]) {
      assert.equal(await readFile(join(folder, 'b', name), 'utf8'), await readFile(join(folder, 'a', name), 'utf8'), name);
    }
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'a', 'simulation.json'), 'utf8')), oneJson(first));
  });

  it('says that prices are invented where none are given', async () => {
    const { code, stdout } = await clearproof('simulate', ...SMALL, '--out', join(folder, 'invented'));
    assert.equal(code, 0);
    assert.match(stdout, /^the prices are invented: the figures say nothing of any market\ncrash +parameters/);
  });

  it('refuses a day that is none or has no prices, a set that is none, and days without data, and writes nothing', async () => {
    const refused: readonly (readonly [readonly string[], string, RegExp])[] = [
      [['--data', folder, '--day', '2020-02-30'], 'SIMULATED_DAY', /"2020-02-30" is not a day/],
      [['--data', folder, '--worst', '0', '--day', '2024-01-01'], 'SIMULATED_DAY', /no asset has 2024-01-01/],
      [['--data', folder, '--worst', '0'], 'SIMULATED_DAY', /no day is to be run/],
      [['--day', '2020-03-12'], 'SIMULATED_DAY', /give a folder of daily prices/],
      [['--sets', 'fixd'], 'SIMULATION_SHAPE', /"fixd" is no parameter set/],
      [['--accounts', '3'], 'SIMULATION_SHAPE', /3 accounts: ask for 20 to/],
    ];
    for (const [given, code, words] of refused) {
      const error = errorOf(await clearproof('simulate', ...given, '--out', join(folder, 'none'), '--json'));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, words);
    }
    assert.ok(!(await readdir(folder)).includes('none'));
  });
});
