import assert from 'node:assert/strict';
import { concentrationOf, coverageOf, stressSnapshot } from '../../src/margin/stress.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { reportSnapshot } from '../../src/margin/snapshot-report.js';
import { stressReportToHtml } from '../../src/risk/stress/report-html.js';
import { stressReportToJson } from '../../src/risk/stress/report-json.js';
import { parseStressSet, type StressSet } from '../../src/risk/stress/stress-set.js';
import { stressedTable } from '../../src/risk/stress/stressed-table.js';
import { exampleTable } from '../builders/risk-files.js';

const VENUE = syntheticVenue({ seed: 'stress', accounts: 300, slots: 8, instruments: 32, scenarios: 8 });
const SHAPE = { slots: 64, excessBits: 128 };

function set(scenarios: Readonly<Record<string, Readonly<Record<string, string>>>>): StressSet {
  return parseStressSet(JSON.stringify({
    formatVersion: '1', name: 'test', version: '1',
    scenarios: Object.entries(scenarios).map(([name, prices]) => ({ name, title: name, prices, sources: ['<b>assumption</b>'] })),
  }), 'set.json');
}

describe('a snapshot under stress', () => {
  const chosen = set({ down: { '*': '-0.4' }, still: {}, up: { '*': '0.4' } });
  const report = stressSnapshot(VENUE.accounts, VENUE.table, [chosen], { fund: 10n ** 12n });

  it('has the figures of the margin engine under the stressed table', async () => {
    for (const [place, scenario] of chosen.scenarios.entries()) {
      const { table } = stressedTable(VENUE.table, chosen, scenario);
      const { accounts, unhealthy, shortfall, badDebt } = await reportSnapshot(VENUE.accounts, table, SHAPE);
      const { figures } = report.outcomes[place] ?? assert.fail();
      assert.deepEqual([figures.accounts, figures.unhealthy, figures.shortfall, figures.badDebt], [accounts, unhealthy, shortfall, badDebt]);
      assert.equal(figures.distribution.reduce((sum, one) => sum + one, 0), accounts);
      assert.equal(figures.distribution[0], figures.underWater);
      assert.equal((figures.distribution[0] ?? 0) + (figures.distribution[1] ?? 0) + (figures.distribution[2] ?? 0), figures.unhealthy);
    }
    assert.deepEqual(report.outcomes[1]?.figures, report.now, 'no move, no change');
    assert.ok((report.outcomes[0]?.figures.badDebt ?? 0n) > report.now.badDebt);
  });

  it('shares open interest: a lone long holds all of it', () => {
    for (const one of report.positions) assert.ok(one.largest <= 1_000_000n && one.herfindahl <= 1_000_000n && one.holders > 0, one.instrument);
    const perpetual = VENUE.table.rows.find(({ kind }) => kind === 'perpetual') ?? assert.fail();
    const holders = [{ userId: 'a', quantity: 6n }, { userId: 'b', quantity: -4n }, { userId: 'c', quantity: -2n }];
    const few = stressSnapshot(holders.map(({ userId, quantity }) => ({ userId, subAccount: 0, owner: undefined, holdings: [{ index: perpetual.index, quantity }] })), VENUE.table, []);
    assert.deepEqual(few.positions.map(({ instrument, openInterest, largest, herfindahl }) => [instrument, openInterest, largest, herfindahl]), [
      [perpetual.id, 6n, 1_000_000n, (56n * 1_000_000n) / 144n],
    ]);
  });

  it('says of a scenario that a table cannot take why, and goes on', () => {
    const skipped = stressSnapshot([], exampleTable().table, [chosen]);
    assert.deepEqual([skipped.outcomes.length, skipped.skipped.map(({ scenario }) => scenario)], [0, ['down', 'still', 'up']]);
    assert.match(skipped.skipped[0]?.reason ?? '', /volatility surface/);
  });

  it('is a page that loads nothing, runs nothing, escapes what is foreign and names no user', () => {
    const page = stressReportToHtml(report);
    assert.doesNotMatch(page, /<script|href=|src=|url\(|<b>assumption/);
    assert.equal((page.match(/<svg/g) ?? []).length, 2);
    for (const { userId } of VENUE.accounts.slice(0, 20)) assert.ok(!page.includes(userId), userId);
    const json = JSON.stringify(stressReportToJson(report));
    for (const { userId } of VENUE.accounts.slice(0, 20)) assert.ok(!json.includes(`"${userId}"`), userId);
  });
});

describe('concentration and coverage', () => {
  it('are shares of the whole', () => {
    assert.equal(concentrationOf([]), undefined);
    assert.equal(concentrationOf([0n, 0n]), undefined);
    assert.deepEqual(concentrationOf([7n]), { topTen: 1_000_000n, herfindahl: 1_000_000n });
    assert.deepEqual(concentrationOf(Array.from({ length: 20 }, () => 3n)), { topTen: 500_000n, herfindahl: 50_000n });
  });

  it('pay bad debt as far as the fund goes', () => {
    assert.deepEqual(coverageOf(5n, 20n), { fund: 5n, paid: 5n, uncovered: 15n, coverage: 250_000n });
    assert.deepEqual(coverageOf(30n, 20n), { fund: 30n, paid: 20n, uncovered: 0n, coverage: 1_500_000n });
    assert.deepEqual(coverageOf(30n, 0n), { fund: 30n, paid: 0n, uncovered: 0n, coverage: undefined });
  });
});
