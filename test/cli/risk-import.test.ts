import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMarketTable } from '../../src/risk/market-table-json.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from './program.js';

const RESERVES = {
  reserves: {
    '0xa': { symbol: 'AAA', isActive: true, oracleDecimals: 8, oracleLatestAnswer: '250000000000', ltv: 7000, liquidationThreshold: 7550 },
    '0xb': { symbol: 'BBB', isActive: true, oracleDecimals: 8, oracleLatestAnswer: '99993000', ltv: 7500, liquidationThreshold: 7800 },
    '0xc': { symbol: 'CCC', isActive: false, oracleDecimals: 8, oracleLatestAnswer: '1', ltv: 0, liquidationThreshold: 0 },
  },
};

describe('clearproof risk import', () => {
  let folder: string;
  let remove: () => Promise<void>;
  const at = (name: string): string => join(folder, name);
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    await writeFile(at('reserves.json'), JSON.stringify(RESERVES));
  });
  after(() => remove());

  it('writes a set and prices that risk build makes a table of', async () => {
    const made = await clearproof(
      'risk', 'import', '--mapping', 'aave-v3-reserves', '--source', at('reserves.json'), '--set-version', '2026-02', '--time', '1770000000',
      '--prices', at('prices.json'), '--out', at('set.json'), '--json',
    );
    assert.equal(made.code, 0, made.stdout + made.stderr);
    assert.deepEqual(oneJson(made), {
      set: 'aave-v3-reserves 2026-02', instruments: 2, rows: 2, prices: 2, leftOut: [{ symbol: 'CCC', reason: 'isActive is false' }], out: at('set.json'), pricesFile: at('prices.json'),
    });
    const built = await clearproof('risk', 'build', '--parameters', at('set.json'), '--prices', at('prices.json'), '--level', 'initial', '--out', at('table.json'));
    assert.equal(built.code, 0, built.stderr);
    const { rows, parameterSet, snapshotTime } = parseMarketTable(await readFile(at('table.json'), 'utf8'));
    assert.deepEqual([parameterSet, snapshotTime, rows.map(({ id, oraclePrice }) => [id, oraclePrice])], [
      'aave-v3-reserves 2026-02', 1_770_000_000, [['AAA', 250_000_000_000n], ['BBB', 99_993_000n]],
    ]);
  });

  it('writes nothing when a value is wrong, and names file and field', async () => {
    await writeFile(at('wrong.json'), JSON.stringify(RESERVES).replace('7550', '75500'));
    const ended = await clearproof('risk', 'import', '--mapping', 'aave-v3-reserves', '--source', at('wrong.json'), '--out', at('none.json'), '--json');
    assert.deepEqual([errorOf(ended).code, errorOf(ended).details], ['RISK_IMPORT', { file: at('wrong.json'), field: 'reserves.0xa.liquidationThreshold' }]);
    await assert.rejects(access(at('none.json')));
  });
});
