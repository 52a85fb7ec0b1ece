import assert from 'node:assert/strict';
import { projectionsOf } from '../../src/toolchain/bench-projection.js';
import { duration, reportText, table } from '../../src/toolchain/bench-table.js';
import { batchFigures, benchReport, realFigures } from '../builders/bench.js';

describe('the text of a benchmark', () => {
  it('lines columns up as Markdown and as plain text', () => {
    assert.equal(table(['circuit', 's'], [['a', '12.5'], ['batch-b', '1']]), [
      '| circuit |    s |',
      '|---------|-----:|',
      '| a       | 12.5 |',
      '| batch-b |    1 |',
    ].join('\n'));
  });

  it('tells durations in a unit that a reader can picture', () => {
    assert.deepEqual([7.6, 150, 7300, 200_000].map(duration), ['8 s', '3 min', '2.0 h', '2.3 days']);
  });

  it('marks every section as measured or projected', () => {
    const measured = { circuits: [batchFigures('solvency-many', 10), batchFigures('solvency-few', 6)], real: realFigures('solvency-many', 'solvency-few', 'solvency-close') };
    const text = reportText(benchReport({ ...measured, projections: projectionsOf(measured, ['pool'], () => undefined) }));
    const heads = text.split('\n').filter((line) => line.startsWith('## '));
    assert.ok(heads.length === 3 && heads.every((head) => /\((PROJECTED, not )?measured/.test(head)), heads.join('; '));
    assert.match(text, /^\| many +\| +182,083 \|/m);
    assert.match(text, /402 batches of many and 3 batches of few/);
    assert.match(text, /^\| published accounts +\| +68 min\* \|/m);
  });

  it('says what is missing: real accounts, steps of an ended run, an idle machine', () => {
    const text = reportText(benchReport({ finishedAt: undefined, pending: ['solvency-few'], loadAtStart: 3.2 }));
    assert.match(text, /NOT complete, still to measure: solvency-few/);
    assert.match(text, /Not measured: no data folder/);
    assert.match(text, /3\.2 other processes wanted a core/);
    assert.doesNotMatch(reportText(benchReport({})), /NOT complete|other processes/);
  });

  it('shows programs in turns with their ratios and phases, Poseidon with its tree, and how long the whole file took', () => {
    const one = { runs: 5, coreSeconds: 1, megabytes: 80, phases: {} };
    const contenders = [
      { ...one, name: 'native', seconds: 0.5, constraintsPerSecond: 200_000, phases: { sums: 0.3, transforms: 0.1 } },
      { ...one, name: 'external', seconds: 1, constraintsPerSecond: 100_000 }, { ...one, name: 'snarkjs', seconds: 8, constraintsPerSecond: 12_500 },
    ];
    const real = realFigures('many', 'few', 'close');
    const text = reportText(benchReport({
      paired: [{ measured: true, at: '', circuit: 'solvency-batch-many', constraints: 100_000, wires: 100_001, contenders }],
      poseidon: { rates: [{ by: 'ifma', inputs: 2, hashesPerSecond: 300_000 }], tree: { accounts: 1_000_000, seconds: 9, coreSeconds: 12, root: '1' } },
      real: { ...real, backEnds: real.backEnds.map((backEnd) => ({ ...backEnd, wholeSeconds: 300 })) },
    }));
    assert.match(text, /^\| native +\| +5 \| +0\.50 \| +1\.00 \| +80 \| +200,000 \| +x 16\.00 \| +x 2\.00 \|$/m);
    assert.match(text, /sums 0\.300, transforms 0\.100/);
    assert.match(text, /^\| ifma +\| +2 \| +300,000 \|$/m);
    assert.match(text, /1,000,000 accounts .* 9\.0 s, 12\.0 core-s/);
    assert.match(text, /pool: the batches of the whole file in 5 min, every proof verified/);
  });

  it('compares each further back-end with the first', () => {
    const [pool] = batchFigures('many', 10).proofs;
    const figures = { ...batchFigures('many', 10), proofs: [...(pool === undefined ? [] : [{ ...pool, backEnd: 'one', constraintsPerSecond: 10_000 }, { ...pool, constraintsPerSecond: 13_000 }])] };
    const text = reportText(benchReport({ circuits: [figures], backEnds: [{ name: 'one', describes: 'one process' }, { name: 'pool', describes: 'two processes' }] }));
    assert.match(text, /\| of one \|/);
    assert.match(text, /\| x 1\.30 \|/);
  });
});
