import assert from 'node:assert/strict';
import { cp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { clearproof, errorOf, oneJson, temporaryFolder, twoAtATime } from './program.js';

const SEED = 'cli-test';
const TIME = 1_790_000_000;
const ACCOUNTS = 40;

describe('clearproof generate and snapshot', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let [market, csv, ndjson] = ['', '', ''];
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    const made = await clearproof('generate', '--seed', SEED, '--accounts', String(ACCOUNTS), '--snapshot-time', String(TIME), '--out', join(folder, 'venue'), '--json');
    assert.equal(made.code, 0, made.stderr);
    [market, csv] = [join(folder, 'venue', 'market.json'), join(folder, 'venue', 'accounts.csv')];
    assert.deepEqual(oneJson(made), { accounts: ACCOUNTS, instruments: 32, market, snapshot: csv });
    const venue = syntheticVenue({ seed: SEED, accounts: ACCOUNTS, slots: 8, instruments: 32, scenarios: 8, snapshotTime: TIME });
    ndjson = join(folder, 'accounts.ndjson');
    await writeFile(ndjson, [...writeSnapshotNdjson(venue.accounts, venue.table.rows)].join(''));
  });
  after(() => remove());

  const filesOf = async (snapshot: string): Promise<Record<string, string>> =>
    Object.fromEntries(await Promise.all((await readdir(snapshot)).sort().map(async (name) => [name, await readFile(join(snapshot, name), 'utf8')] as const)));

  it('writes the same bytes for the same seed and time', async () => {
    const other = join(folder, 'again');
    await clearproof('generate', '--seed', SEED, '--accounts', String(ACCOUNTS), '--snapshot-time', String(TIME), '--out', other);
    assert.deepEqual(await filesOf(other), await filesOf(join(folder, 'venue')));
  });

  it('imports CSV and NDJSON to the same snapshot, readable by its owner only, and reports it again', async () => {
    const [fromCsv, fromNdjson] = [join(folder, 'from-csv'), join(folder, 'from-ndjson')];
    const outcomes = await Promise.all([
      clearproof('snapshot', 'import', '--input', csv, '--market', market, '--out', fromCsv, '--json'),
      clearproof('snapshot', 'import', '--input', ndjson, '--market', market, '--out', fromNdjson),
    ]);
    assert.deepEqual(outcomes.map(({ code }) => code), [0, 0], outcomes[1].stderr);
    assert.deepEqual(await filesOf(fromCsv), await filesOf(fromNdjson));
    for (const name of await readdir(fromCsv)) assert.equal((await stat(join(fromCsv, name))).mode & 0o777, 0o600, name);
    assert.equal((await stat(fromCsv)).mode & 0o777, 0o700);
    assert.match(outcomes[1].stdout, new RegExp(`^${ACCOUNTS} accounts, \\d+ holdings`));
    const report = oneJson(outcomes[0]);
    assert.equal(report['accounts'], ACCOUNTS);
    const again = await clearproof('snapshot', 'report', '--snapshot', fromCsv, '--json');
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(oneJson(again), report);
  });

  it('takes the first accounts only under --limit, and ends with 1 for a book that does not match', async () => {
    const checked = await clearproof('snapshot', 'check', '--input', csv, '--market', market, '--limit', '30', '--json');
    const report = oneJson(checked) as { accounts: number; findings: { code?: string; message: string }[] };
    assert.equal(report.accounts, 30);
    assert.ok(report.findings.length > 0);
    assert.equal(checked.code, 1);
  });

  it('stores nothing when a row is wrong, names file, row and field, and leaves an earlier snapshot whole', async () => {
    const lines = (await readFile(csv, 'utf8')).trimEnd().split('\n');
    const good = await readFile(ndjson, 'utf8');
    const row = lines.length;
    const columns = (lines[row - 1] as string).split(',');
    const bent = (column: number, value: string): string => [...lines.slice(0, -1), columns.map((cell, place) => (place === column ? value : cell)).join(',')].join('\n');
    const earlier = join(folder, 'earlier');
    const stored = await clearproof('snapshot', 'import', '--input', csv, '--market', market, '--out', earlier);
    assert.equal(stored.code, 0, stored.stderr);
    const whole = await filesOf(earlier);
    const cases: readonly (readonly [file: string, text: string, message: RegExp])[] = [
      ['letters.csv', `${bent(3, '12a4')}\n`, new RegExp(`letters\\.csv.*\\b${row}\\b.*quantity`)],
      ['digits.csv', `${bent(3, '1.0000000000000000001')}\n`, new RegExp(`digits\\.csv.*\\b${row}\\b.*quantity`)],
      ['instrument.csv', `${bent(2, 'NOSUCH-PERP')}\n`, new RegExp(`instrument\\.csv.*\\b${row}\\b.*instrument`)],
      ['twice.csv', `${lines.join('\n')}\n${lines[row - 1]}\n`, new RegExp(`twice\\.csv.*\\b${row + 1}\\b`)],
      ['broken.ndjson', `${good}{"user":"x","holdings":{"USD":12}}\n`, new RegExp(`broken\\.ndjson.*\\b${ACCOUNTS + 1}\\b.*holdings`)],
      ['torn.ndjson', good.slice(0, -20), new RegExp(`torn\\.ndjson.*\\b${ACCOUNTS}\\b`)],
    ];
    await twoAtATime(cases, async ([name, text, message]) => {
      const input = join(folder, name);
      await writeFile(input, text);
      const out = join(folder, `out-${name}`);
      if (name === 'letters.csv') await cp(earlier, out, { recursive: true });
      const ended = await clearproof('snapshot', 'import', '--input', input, '--market', market, '--out', out);
      assert.equal(ended.code, 1, name);
      assert.equal(ended.stdout, '');
      assert.match(ended.stderr, message);
      assert.match(ended.stderr, /^error: .* \[[A-Z_]+\]\n$/, 'one sentence, no stack');
      if (name === 'letters.csv') assert.deepEqual(await filesOf(out), whole);
      else await assert.rejects(stat(out), { code: 'ENOENT' });
    });
  });

  it('refuses a stored snapshot without its report, and one changed by hand', async () => {
    const torn = join(folder, 'torn');
    await clearproof('snapshot', 'import', '--input', csv, '--market', market, '--out', torn);
    const accounts = join(torn, 'accounts.ndjson');
    const text = await readFile(accounts, 'utf8');
    await writeFile(accounts, text.slice(0, -30));
    const changed = await clearproof('snapshot', 'report', '--snapshot', torn, '--json');
    assert.equal(changed.code, 1);
    assert.match(errorOf(changed).message, /accounts\.ndjson/);
  });
});
