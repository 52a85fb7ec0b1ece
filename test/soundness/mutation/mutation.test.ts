import assert from 'node:assert/strict';
import { FIELD_MODULUS } from '../../../src/field/scalar-field.js';
import { systemOf } from '../sparse-system.js';
import { kernelDimension } from './kernel.js';
import { allMutants, mutantsOf, type Mutant } from './operators.js';
import { STUB_HASH } from './stub-hash.js';
import { allTargets } from './targets.js';
import { Laboratory, type Verdict } from './verdict.js';

describe('mutants of a circuit', () => {
  const SOURCE = 'template X(N) {\n    signal input a;\n    signal input b;\n    // a === b\n    for (var i = 0; i < N; i++) {\n        a + i === b;\n    }\n    component bits = RangeCheck(N);\n    bits.in <== a;\n}\n';
  const changes = mutantsOf('x.circom', SOURCE).map(({ operator, line, after }) => `${line} ${operator}: ${after}`);

  it('delete, weaken, shift and exchange what a line says, and leave comments and declarations alone', () => {
    for (const expected of [
      '6 constraint deleted: ', '6 equal to one more: a + i === (b) + 1;', '6 sign flipped: a - i === b;', '6 signals swapped: a + i === a;', '5 bound moved: for (var i = 0; i < N - 1; i++) {',
      '5 constant +1: for (var i = 1; i < N; i++) {', '8 bits +1: component bits = RangeCheck((N) + 1);', '8 bits -1: component bits = RangeCheck((N) - 1);',
      '9 assigned without a constraint: bits.in <-- a;', '9 equal to 0: bits.in <== 0;', '9 signals swapped: bits.in <== b;',
    ]) assert.ok(changes.includes(expected), `${expected} is missing from:\n${changes.join('\n')}`);
    assert.deepEqual(changes.filter((change) => /^[1234] /.test(change)), []);
  });

  it('have names that stay when lines move, and no two the same', () => {
    const moved = mutantsOf('x.circom', `\n\n${SOURCE}`);
    assert.deepEqual(moved.map(({ id }) => id), mutantsOf('x.circom', SOURCE).map(({ id }) => id));
    const all = allMutants();
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  });
});

describe('the hash that stands for Poseidon', () => {
  it('tells inputs, their order and their number apart', () => {
    const hashes = [[0n], [1n], [0n, 0n], [1n, 2n], [2n, 1n], [FIELD_MODULUS - 1n, 2n]].map((inputs) => STUB_HASH.hash(inputs));
    assert.equal(new Set(hashes).size, hashes.length);
  });
});

describe('the directions in which a witness can move', () => {
  const product = { a: [[1, 1n]], b: [[2, 1n]], c: [[3, 1n]] } as const;
  const sum = { a: [], b: [], c: [[1, 1n], [2, 1n], [3, FIELD_MODULUS - 1n]] } as const;
  const directions = (constraints: Parameters<typeof systemOf>[2], witness: readonly bigint[]): number => kernelDimension(systemOf(witness.length, new Set([1]), constraints, ['one', 'x', 'y', 'z']), witness);

  it('are one fewer for each constraint that says something new', () => {
    assert.equal(directions([product], [1n, 2n, 2n, 4n]), 2);
    assert.equal(directions([product, sum], [1n, 2n, 2n, 4n]), 1);
    assert.equal(directions([product, sum, sum], [1n, 2n, 2n, 4n]), 1);
  });
});

describe('the judge of mutants', function () {
  this.timeout(1_200_000);
  let laboratory: Laboratory;
  const all = allMutants();
  before(async () => {
    const wanted = /^(RangeCheck|StrictlyIncreasing|OneHot|TableRules|Inverse)\b|^solvency-close-end/;
    laboratory = await Laboratory.open('build/soundness/judge', (await allTargets()).filter(({ name }) => wanted.test(name)));
  });

  const judge = (file: string, before: string, after: string): Promise<Verdict> => {
    const mutant = all.find((one: Mutant) => one.file === file && one.before === before && one.after === after);
    assert.ok(mutant !== undefined, `no mutant of ${before}`);
    return laboratory.judge(mutant);
  };

  const SEAL = 'solvency/epoch-seal.circom';
  for (const [what, file, before, after, by] of [
    ['an identity that is gone', SEAL, 'accumulated[4] === sums[4];', '', 'solvency-close-end-s2-d2-t2: lets a witness move in one more direction'],
    ['a public hash that nothing is compared with', SEAL, 'final.hash === finalAccumulator;', '', 'solvency-close-end-s2-d2-t2: leaves main.finalAccumulator free: +1'],
    ['a range check of a number that nothing ties to the index', 'arithmetic/strictly-increasing.circom', 'last.in <== index[K - 1];', 'last.in <-- index[K - 1];', 'StrictlyIncreasing(3, 4): leaves main.last.in undetermined'],
    ['a range of one bit more', 'arithmetic/strictly-increasing.circom', 'component last = RangeCheck(BITS);', 'component last = RangeCheck((BITS) + 1);', 'StrictlyIncreasing(3, 4): accepts that vector 7'],
    ['a hash of other elements', SEAL, 'start.elements[1] <== epoch;', 'start.elements[1] <== (epoch) + 1;', 'solvency-close-end-s2-d2-t2: refuses an honest input'],
    ['a rule of the book that is gone', 'market/table-rules.circom', 'listed[k] * (1 - lastListed) === 0;', '', undefined],
  ] as const) {
    it(`kills ${what}`, async () => {
      const verdict = await judge(file, before, after);
      assert.equal(verdict.kind, 'killed');
      if (by !== undefined) assert.deepEqual(verdict, { kind: 'killed', by });
    });
  }

  it('lets a mutant live that says the same', async () => {
    assert.deepEqual(await judge('arithmetic/one-hot.circom', 'stage[i + 1][j] <== 0;', 'stage[i + 1][j] <== (0) + 1;'), { kind: 'survived' });
  });

  it('does not count what circom refuses, nor what changes no circuit', async () => {
    assert.deepEqual(await judge('arithmetic/one-hot.circom', 'stage[0][j] <== 0;', 'stage[0][j] <-- 0;'), { kind: 'unchanged' });
    assert.deepEqual(await judge(SEAL, 'accumulated[6] === sums[6];', 'accumulated[7] === sums[6];'), { kind: 'invalid' });
  });
});
