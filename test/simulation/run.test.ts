import assert from 'node:assert/strict';
import { INVENTED_CRASH } from '../../src/simulation/invented-crash.js';
import { POLICIES, policiesNamed, coveringRange, followed } from '../../src/simulation/policies.js';
import { pathOf } from '../../src/simulation/price-path.js';
import { studyFiles } from '../../src/simulation/report.js';
import { comparisons } from '../../src/simulation/summary.js';
import { runStudy, type Study } from '../../src/simulation/study.js';
import { SURROUNDINGS } from '../../src/simulation/surroundings.js';
import { runSimulation } from '../../src/simulation/run.js';

const SOURCES = { prices: 'two invented days', invented: true };
const study = (seed: string): Study =>
  runStudy({ pathOf: (_, one) => pathOf(INVENTED_CRASH, one, 120), crashes: ['invented'], seeds: [seed], policies: POLICIES, accounts: 50 });

describe('a simulation', () => {
  let first: Study;
  before(() => {
    first = study('run');
  });

  it('gives the same bytes for the same seed: figures, page and pictures', () => {
    const again = studyFiles(study('run'), SOURCES);
    const files = studyFiles(first, SOURCES);
    assert.deepEqual([...again], [...files]);
    assert.ok([...files.keys()].includes('simulation/crash-invented.svg'));
    assert.match(files.get('simulation.html') ?? '', /These prices are invented/);
    assert.doesNotMatch(files.get('simulation.html') ?? '', /<script|https?:\/\/(?!www\.w3\.org)/);
    assert.notEqual(studyFiles(study('other'), SOURCES).get('simulation.json'), files.get('simulation.json'));
  });

  it('liquidates, absorbs as much as accounts were paid, and keeps every tranche and every book whole under every set', () => {
    for (const { policy, figures } of first.runs) {
      assert.ok(figures.liquidations > 0 && figures.slices > 0 && figures.challenges > 0, policy);
      assert.equal(figures.firstLoss + figures.insurance + figures.shared, figures.debts + figures.subsidies, policy);
      assert.equal(figures.badDebt, figures.debts + figures.unpaid, policy);
      assert.equal(figures.modes.reduce((sum, seconds) => sum + seconds, 0), 2 * 86_400, policy);
      assert.ok(figures.discount <= 50_000n && figures.penalties * 1_000_000n >= figures.sold * 10_000n, policy);
    }
    assert.ok(first.runs.some(({ figures }) => figures.debts > 0n), 'a crash of a third leaves debts');
  });

  it('turns the gate while the venue is silent and back once epochs are accepted again', () => {
    const samples = first.runs[0]?.figures.samples ?? [];
    const worst = samples.findIndex(({ mode }) => mode > 0);
    assert.ok(worst > 0 && samples[0]?.mode === 0 && samples.at(-1)?.mode === 0);
  });

  it('sells nothing while gas is dearer than any bidder pays, and later than it would have', () => {
    const path = pathOf(INVENTED_CRASH, 'run', 120);
    const options = { path, policy: POLICIES[0] as (typeof POLICIES)[number], accounts: 50, seed: 'run' };
    const dear = runSimulation({ ...options, rules: { ...SURROUNDINGS, calmGwei: 5_000n } });
    assert.deepEqual([dear.slices, dear.sold], [0, 0n]);
    assert.ok(dear.leftUnderWater > 0 && dear.badDebt > 0n);
  });

  it('says crash by crash where a set did worse than the first one, in words', () => {
    const [base] = first.pooled;
    assert.ok(base !== undefined);
    const made: Study = { ...first, crashes: ['a', 'b', 'c'], policies: POLICIES.slice(0, 2), pooled: [
      { ...base, crash: 'a', badDebt: 10n }, { ...base, crash: 'b', badDebt: 10n }, { ...base, crash: 'c', badDebt: 10n },
      { ...base, crash: 'a', policy: 'adaptive', badDebt: 4n }, { ...base, crash: 'b', policy: 'adaptive', badDebt: 10n }, { ...base, crash: 'c', policy: 'adaptive', badDebt: 40n },
    ] };
    assert.deepEqual(comparisons(made), [{ title: 'Adaptive', better: ['a'], same: ['b'], worse: ['c'], badDebt: 18n, reference: 10n }]);
    assert.match(studyFiles(made, SOURCES).get('simulation.html') ?? '', /more on 1: c/);
  });
});

describe('a parameter set', () => {
  it('covers what was known on the evening before, never less than three quarters of the long run', () => {
    assert.equal(coveringRange({ recent: 50_000n, longRun: 40_000n }), 116_500n);
    assert.equal(coveringRange({ recent: 20_000n, longRun: 40_000n }), 69_900n);
    assert.deepEqual([coveringRange({ recent: 0n, longRun: 0n }), coveringRange({ recent: 900_000n, longRun: 0n })], [40_000n, 300_000n]);
  });

  it('that follows the day rises by a twentieth a table at most, to twice the evening\'s range, and falls by a hundredth', () => {
    assert.equal(followed(100_000n, 100_000n, 90_000n), 105_000n);
    assert.equal(followed(199_000n, 100_000n, 900_000n), 200_000n);
    assert.equal(followed(150_000n, 100_000n, 0n), 148_500n);
  });

  it('is named once and known', () => {
    assert.deepEqual(policiesNamed(['reactive', 'fixed']).map(({ name }) => name), ['reactive', 'fixed']);
    const refused = (words: RegExp) => (error: Error & { code?: string }) => error.code === 'SIMULATION_SHAPE' && words.test(error.message);
    assert.throws(() => policiesNamed(['fixd']), refused(/"fixd" is no parameter set: name some of fixed, adaptive, reactive, adaptive-entry/));
    assert.throws(() => policiesNamed(['fixed', 'fixed']), refused(/stands twice/));
  });
});
