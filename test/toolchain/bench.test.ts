import assert from 'node:assert/strict';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { pairsOf, project } from '../../src/toolchain/bench.js';

describe('the benchmark', () => {
  it('measures every batch circuit that is not for tests, with the close made for it', async () => {
    const pairs = pairsOf(await readCircuitList());
    assert.deepEqual(pairs.slice(0, 1).map((pair) => pair.map(({ name }) => name)), [['solvency-batch-n32-k8-s8', 'solvency-close-u32-s8']]);
    assert.ok(pairs.every((pair) => pair.every(({ use }) => use !== 'test')));
  });

  it('takes circuits for production as soon as the list has them, and no close of another use or scenario count', async () => {
    const demo = (await readCircuitList()).filter(({ use }) => use === 'demo');
    const production = demo.map((circuit) => ({ ...circuit, use: 'production' as const, name: `${circuit.name}-production` }));
    assert.equal(pairsOf([...demo, ...production]).length, 2);
    const batch = demo.filter(({ template }) => template === 'SolvencyBatch');
    const close = production.filter(({ template }) => template === 'SolvencyClose');
    assert.deepEqual(pairsOf([...batch, ...close]), []);
    const otherScenarios = demo.map((circuit) => (circuit.template === 'SolvencyClose'
      ? { ...circuit, parameters: circuit.parameters.map((parameter) => (parameter.name === 'S' ? { ...parameter, value: 4 } : parameter)) }
      : circuit));
    assert.deepEqual(pairsOf(otherScenarios), []);
  });

  it('marks what it projects, counts whole batches, and says when the tree is too small', () => {
    const epoch = { accountsPerBatch: 32, treeCapacity: 4096, hashSecondsPerAccount: 0.5 };
    assert.deepEqual(project(33, epoch, 10, 7), { projected: true, accounts: 33, batches: 2, seconds: 20 + 16.5 + 7, fitsTheTree: true });
    assert.equal(project(4096, epoch, 10, 7).fitsTheTree, true);
    assert.equal(project(4097, epoch, 10, 7).fitsTheTree, false);
  });
});
