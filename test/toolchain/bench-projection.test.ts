import assert from 'node:assert/strict';
import { project, projectionsOf, type ProjectionBasis } from '../../src/toolchain/bench-projection.js';
import { batchFigures, benchReport, closeFigures, realFigures } from '../builders/bench.js';

const BASIS: ProjectionBasis = {
  epoch: 'published accounts', from: '10 proven batches', backEnd: 'pool', accounts: 25_816, planSecondsPerAccount: 0.001, closeSeconds: 7, treeCapacity: 16 ** 5,
  batches: [{ circuit: 'many', size: 64, count: 402, secondsEach: 10, coreSecondsEach: 18 }, { circuit: 'few', size: 32, count: 3, secondsEach: 6, coreSecondsEach: 11 }],
};

describe('projections of the benchmark', () => {
  it('take the number of batches that was planned, and add planning and the close', () => {
    const { measured, from, batches, planSeconds, batchSeconds, seconds, coreSeconds, fitsTheTree } = project(25_816, BASIS);
    assert.deepEqual({ measured, from, batches, fitsTheTree }, { measured: false, from: '10 proven batches', batches: { many: 402, few: 3 }, fitsTheTree: true });
    assert.equal(batchSeconds, 4038);
    assert.ok(Math.abs(planSeconds - 25.816) < 1e-9);
    assert.equal(seconds, planSeconds + 4038 + 7);
    assert.equal(coreSeconds, 402 * 18 + 3 * 11);
  });

  it('scale to whole batches of each circuit, and say when the tree is too small for them', () => {
    const more = project(1_000_000, BASIS);
    assert.deepEqual(more.batches, { many: Math.ceil((402 * 1_000_000) / 25_816), few: 117 });
    assert.equal(more.fitsTheTree, true);
    assert.equal(project(1_000_000, { ...BASIS, treeCapacity: 16 ** 4 }).fitsTheTree, false);
  });

  it('tell no processor time that was not measured', () => {
    assert.equal(project(100, { ...BASIS, batches: BASIS.batches.map((batch) => ({ ...batch, coreSecondsEach: undefined })) }).coreSeconds, undefined);
  });

  it('are made for published accounts and for each batch shape, and leave a close out that was not measured', () => {
    const circuits = [batchFigures('many', 10), batchFigures('few', 6), closeFigures('close', 5)];
    const report = benchReport({ circuits, real: realFigures('many', 'few', 'close') });
    const found = projectionsOf(report, ['pool', 'absent'], (batch) => (batch === 'many' ? 'close' : 'other-close'));
    assert.deepEqual(found.map(({ epoch, accounts }) => [epoch, accounts]).filter(([, accounts]) => accounts === 100_000).map(([epoch]) => epoch), ['published accounts', 'many', 'few']);
    // One proof keeps one of two processes busy: twice the time of one in two.
    assert.deepEqual(found.filter(({ accounts }) => accounts === 25_816).map(({ closeSeconds }) => closeSeconds), [10, 10, undefined]);
    assert.ok(found.every(({ measured }) => !measured));
  });

  it('do without published accounts', () => {
    const found = projectionsOf(benchReport({ circuits: [batchFigures('many', 10)] }), ['pool'], () => undefined);
    assert.deepEqual(found.map(({ accounts, batches }) => [accounts, batches['many']]), [[25_816, 404], [100_000, 1563], [1_000_000, 15_625]]);
  });
});
