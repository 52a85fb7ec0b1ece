import assert from 'node:assert/strict';
import { reportText, sizingOf, SMALL_ACCOUNTS, type ServiceReport, type SizingBasis, type StageFigures } from '../../src/toolchain/bench-service-report.js';

const stage = (coreSeconds: number | undefined, peakMegabytes: number, details: Record<string, number> = {}): StageFigures =>
  ({ measured: true, at: '2026-01-01T00:00:00.000Z', seconds: 7, coreSeconds, peakMegabytes, details });

/** 98,000 accounts more take 98 core seconds more in each stage, 980 MB more in planning and 98 MB more of database. */
const BASIS: SizingBasis = {
  accounts: SMALL_ACCOUNTS + 98_000, batchSize: 64, proofCoreSeconds: 0.25,
  small: { import: stage(2, 100), plan: stage(3, 200), derive: stage(4, 150), prepare: stage(1, 90, { databaseMegabytes: 12 }) },
  stages: { import: stage(100, 100), plan: stage(101, 1180), derive: stage(102, 1000), prepare: stage(99, 90, { databaseMegabytes: 110 }) },
};

describe('sizing of a service', () => {
  it('gives a measured size its own figures', () => {
    const { measured, coreSecondsBeforeProofs, planningMegabytes, databaseMegabytes } = sizingOf(BASIS.accounts, BASIS);
    assert.deepEqual({ measured, coreSecondsBeforeProofs, planningMegabytes, databaseMegabytes }, { measured: false, coreSecondsBeforeProofs: 402, planningMegabytes: 1180, databaseMegabytes: 110 });
  });

  it('lies on the line through small and large, not through nothing', () => {
    const size = sizingOf(SMALL_ACCOUNTS + 980_000, BASIS);
    assert.equal(size.coreSecondsBeforeProofs, 2 + 3 + 4 + 1 + 4 * 980);
    assert.equal(size.planningMegabytes, 200 + 9800);
    assert.equal(size.databaseMegabytes, 12 + 980);
  });

  it('counts whole batches, all proofs and the nodes of the tree', () => {
    const size = sizingOf(1_000_000, BASIS);
    assert.deepEqual([size.batches, size.coreSecondsOfProofs, size.treeMegabytes], [15_625, 250_000, 34]);
    assert.equal(sizingOf(1_000_001, BASIS).batches, 15_626);
  });

  it('takes seconds where the system tells no processor time', () => {
    const untold = { ...BASIS, small: {}, stages: {} };
    assert.equal(sizingOf(1_000_000, untold).coreSecondsBeforeProofs, 0);
    const unknown = { ...BASIS, small: { import: stage(undefined, 1) }, stages: { import: stage(undefined, 1) } };
    assert.equal(sizingOf(1_000_000, unknown).coreSecondsBeforeProofs, 7);
  });

  it('is told apart from what was measured', () => {
    const report: ServiceReport = {
      formatVersion: 1, machine: { cpu: 'a processor', cores: 2, memoryMegabytes: 1, node: 'v20' }, accounts: 100_000, database: 'embedded', circuits: [], loadAverage: 9,
      stages: BASIS.stages, small: BASIS.small, pools: [{ measured: true, processes: 2, circuit: 'some', proofs: 4, secondsEach: 3, accountsPerSecond: 10 }], sizing: [sizingOf(1_000_000, BASIS)],
    };
    const lines = reportText(report).split('\n');
    assert.equal(lines.length, 1 + 4 + 1 + 1);
    assert.match(lines[0] ?? '', /^100000 accounts, embedded database, 2 cores, load 9\.0/);
    assert.match(lines.at(-1) ?? '', /^1000000 accounts \(computed\): 15625 batches/);
    assert.ok(lines.slice(0, -1).every((line) => !line.includes('computed')));
  });
});
