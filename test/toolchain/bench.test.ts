import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { chosenCircuits } from '../../src/toolchain/bench.js';
import { backEnds } from '../../src/toolchain/bench-back-ends.js';
import { proofFigures } from '../../src/toolchain/bench-measure.js';
import { contenderFigures, contenders, measurePaired } from '../../src/toolchain/bench-paired.js';
import { childSecondsOf, coreSecondsOf } from '../../src/toolchain/bench-processes.js';
import { runProgram, type ProgramRun } from '../../src/toolchain/bench-programs.js';
import { chooseBatches } from '../../src/toolchain/bench-real.js';
import { keepFigures, withCircuit } from '../../src/toolchain/bench-report.js';
import { batchFigures, benchReport } from '../builders/bench.js';
import { PRODUCT_INPUT, keyFolder, productCircuit } from '../groth16/tiny-circuits.js';

const named = (circuits: readonly CircuitDefinition[]): string[] => circuits.map(({ name }) => name);

describe('the benchmark', () => {
  it('measures all shapes of an epoch for production unless told otherwise', async () => {
    const list = await readCircuitList();
    assert.deepEqual(named(chosenCircuits(list, [])), named(list.filter(({ name, use, template }) => use === 'production' && (template.startsWith('Solvency') || name === 'market-table-u112-s16'))));
  });

  it('measures the circuits whose names end in a word, in the order of the list', async () => {
    const list = await readCircuitList();
    assert.deepEqual(named(chosenCircuits(list, ['close-u112-s16', 'n64-k8-s16'])), ['solvency-batch-n64-k8-s16', 'solvency-close-u112-s16']);
    assert.deepEqual(named(chosenCircuits(list, ['-t4'])), ['solvency-batch-n64-k8-s16-t4', 'solvency-batch-n32-k16-s16-t4']);
    assert.deepEqual(named(chosenCircuits(list, ['solvency-close-u32-s8'])), ['solvency-close-u32-s8']);
  });

  it('names a word that is no circuit', async () => {
    const list = await readCircuitList();
    assert.throws(() => chosenCircuits(list, ['n64-k8-s16', 'n64-k9']), { code: 'NOTHING_TO_MEASURE', message: /ends in n64-k9/ });
    assert.throws(() => chosenCircuits(list, ['64-k8-s16']), { code: 'NOTHING_TO_MEASURE' });
  });

  it('has the native and the external prover as back-ends when there are such', () => {
    const of = (native: string | undefined, external: string | undefined): readonly (readonly [string, string])[] =>
      backEnds('keys', { native, external }).map(({ name, config }) => [name, 'path' in config ? config.path : '']);
    assert.deepEqual(of(undefined, undefined), [['snarkjs', ''], ['snarkjs-2', '']]);
    assert.deepEqual(of('/opt/native', undefined).slice(2), [['native', '/opt/native'], ['native-2', '/opt/native']]);
    assert.deepEqual(of(undefined, '/opt/prover').slice(2), [['external', '/opt/prover']]);
  });

  it('proves batches of each circuit of a plan, without idle processes, evenly over the plan', () => {
    const circuits = [...Array<string>(402).fill('wide'), ...Array<string>(3).fill('narrow')];
    assert.deepEqual([...chooseBatches(circuits, 10, 2)], [['narrow', [402, 403]], ['wide', [0, 50, 100, 150, 201, 251, 301, 351]]]);
    assert.deepEqual([...chooseBatches(['a', 'a', 'a'], 10, 2)], [['a', [0, 1, 2]]]);
  });

  it('lets slower arithmetics and snarkjs run in the first rounds only, and every other program in all', () => {
    const of = (native: string | undefined, arithmetic: string | undefined): readonly (readonly [string, number])[] =>
      contenders({ native, external: '/opt/prover' }, arithmetic).map(({ name, rounds }) => [name, rounds]);
    assert.deepEqual(of('/opt/native', 'ifma'), [['native', 5], ['native, one thread', 2], ['native, portable', 2], ['native, adx', 2], ['external', 5], ['snarkjs', 2]]);
    assert.deepEqual(of('/opt/native', 'portable').map(([name]) => name), ['native', 'native, one thread', 'external', 'snarkjs']);
    assert.deepEqual(of(undefined, undefined).map(([name]) => name), ['external', 'snarkjs']);
  });

  it('takes medians of what programs took, the highest memory, and the phases that the native prover tells', () => {
    const run = (seconds: number, megabytes: number): ProgramRun => ({ seconds, megabytes, coreSeconds: 2 * seconds, stderr: `{"sums":${seconds / 2},"total":${seconds},"peakBytes":9}\n` });
    assert.deepEqual(contenderFigures('native', [run(3, 80), run(1, 90), run(2, 70)], 1000), {
      name: 'native', runs: 3, seconds: 2, constraintsPerSecond: 500, coreSeconds: 4, megabytes: 90, phases: { sums: 1 },
    });
    const silent: ProgramRun = { seconds: 2, megabytes: undefined, coreSeconds: undefined, stderr: 'a word' };
    assert.deepEqual(contenderFigures('other', [silent], 1000), { name: 'other', runs: 1, seconds: 2, constraintsPerSecond: 500, coreSeconds: undefined, megabytes: undefined, phases: {} });
  });

  it('counts time and memory of a program that it runs, and reports one that fails', async () => {
    const busy = 'while (process.cpuUsage().user < 300_000); process.stderr.write("said");';
    const { seconds, coreSeconds, megabytes, stderr } = await runProgram(process.execPath, ['-e', busy]);
    assert.ok(seconds > 0.3 && (coreSeconds === undefined || coreSeconds >= 0.2) && (megabytes === undefined || megabytes > 10), `${seconds} ${coreSeconds} ${megabytes}`);
    assert.equal(stderr, 'said');
    await assert.rejects(runProgram(process.execPath, ['-e', 'process.exit(3)']), { code: 'BENCH_PROGRAM', message: /exit code 3/ });
    await assert.rejects(runProgram('/nowhere/prover', []), { code: 'BENCH_PROGRAM', message: /ENOENT/ });
  });

  it('takes a proof that does not verify for a failure, not for a figure', async () => {
    const product = await productCircuit();
    const { keys, remove } = await keyFolder(product);
    const folder = await mkdtemp(join(tmpdir(), 'clearproof-bench-'));
    try {
      const program = join(folder, 'liar.cjs');
      const point = ['1', '2', '1'];
      const lie = { pi_a: point, pi_b: [['0', '0'], ['0', '0'], ['1', '0']], pi_c: point, protocol: 'groth16', curve: 'bn128' };
      await writeFile(program, `const { writeFileSync } = require('node:fs'); const [proof, signals] = process.argv.slice(4);
writeFileSync(proof, ${JSON.stringify(JSON.stringify(lie))}); writeFileSync(signals, '["5","12"]');`);
      const task = { circuit: product.name, constraints: 1, input: PRODUCT_INPUT, keysDirectory: keys };
      const liar = { name: 'liar', path: process.execPath, args: [program], rounds: 1 };
      await assert.rejects(measurePaired(task, [liar], () => undefined), { code: 'BENCH_PROGRAM', message: /does not verify/ });
      const honest = { name: 'snarkjs', path: process.execPath, args: ['node_modules/.bin/snarkjs', 'groth16', 'prove'], rounds: 1 };
      const { contenders: [figures], wires } = await measurePaired(task, [honest], () => undefined);
      assert.deepEqual([figures?.name, figures?.runs, wires], ['snarkjs', 1, 5]);
    } finally {
      await remove();
      await rm(folder, { recursive: true, force: true });
      await releaseCurves();
    }
  });

  it('counts a rate over all processes, and a proof by the time its own process takes', () => {
    const time = { proofs: 2, seconds: 20, coreSeconds: 36, processMegabytes: 500 };
    const figures = proofFigures({ name: 'pool', processes: 2 }, time, { constraints: 1000, accounts: 64, witnessSeconds: 1, verifySeconds: 0.5 });
    assert.deepEqual(figures, {
      measured: true, backEnd: 'pool', processes: 2, proofs: 2, seconds: 20, secondsEach: 10, coreSecondsEach: 18, proofSeconds: 18.5,
      constraintsPerSecond: 100, accountsPerSecond: 6.4, processMegabytes: 500,
    });
  });

  it('reads processor time whatever a program is called', () => {
    assert.equal(coreSecondsOf('42 (a ) S 1 (b) R 1 42 42 0 -1 4194304 9 9 0 0 150 50 25 75 20 0 11 0'), 3);
    assert.equal(childSecondsOf('42 (a ) S 1 (b) R 1 42 42 0 -1 4194304 9 9 0 0 150 50 25 75 20 0 11 0'), 1);
    assert.equal(coreSecondsOf(''), undefined);
  });

  it('keeps earlier figures of the same machine and the same constraints, and replaces those measured again', () => {
    const earlier = benchReport({ circuits: [batchFigures('a', 10), batchFigures('b', 10), batchFigures('gone', 10)] });
    const fresh = benchReport({ circuits: [] });
    const kept = keepFigures(fresh, earlier, new Map([['a', batchFigures('a', 10).constraints], ['b', 1]]));
    assert.deepEqual(kept.circuits.map(({ circuit }) => circuit), ['a']);
    const again = withCircuit(withCircuit(kept, batchFigures('b', 7), ['a', 'b']), batchFigures('a', 5), ['a', 'b']);
    assert.deepEqual(again.circuits.map(({ circuit, proofs }) => [circuit, proofs[0]?.secondsEach]), [['a', 5], ['b', 7]]);
    const other = benchReport({ circuits: [], machine: { ...fresh.machine, cores: 64 } });
    assert.deepEqual(keepFigures(other, earlier, new Map([['a', batchFigures('a', 10).constraints]])).circuits, []);
  });
});
