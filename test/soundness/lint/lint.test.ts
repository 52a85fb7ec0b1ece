import assert from 'node:assert/strict';
import { writeStubLibrary } from '../mutation/stub-hash.js';
import { inspectCircuits, parseWarnings } from './inspection.js';
import { idleExplanations, unexplained } from './explained.js';
import { lintSources, lintTexts, type Finding } from './source-rules.js';

function rulesOf(file: string, body: string): string[] {
  return lintTexts(new Map([[file, `template X() {\n${body}\n}\n`]])).map(({ rule, what }) => `${rule}: ${what}`);
}

describe('the linter of circuits', () => {
  it('takes a hint that the next line holds and a comment explains', () => {
    assert.deepEqual(rulesOf('lookup/x.circom', 'signal input a;\nsignal b;\n// A hint, because division is no constraint.\nb <-- 1 / a;\nb * a === 1;'), []);
  });

  it('finds a hint without its constraint, without its reason, and in the wrong folder', () => {
    assert.deepEqual(rulesOf('lookup/x.circom', 'signal input a;\nsignal b;\n// A hint, because division is no constraint.\nb <-- 1 / a;\na === 1;'), ['hint: no constraint in the next line: b <-- 1 / a;']);
    assert.deepEqual(rulesOf('arithmetic/x.circom', 'signal input a;\nsignal b;\nb <-- 1 / a;\nb * a === 1;'), ['hint: no comment with "because" before it: b <-- 1 / a;']);
    assert.deepEqual(rulesOf('solvency/x.circom', 'signal input a;\nsignal b;\n// So, because division is no constraint.\nb <-- 1 / a;\nb * a === 1;'), ['hint: outside arithmetic/ and lookup/: b <-- 1 / a;']);
    assert.deepEqual(rulesOf('lookup/x.circom', 'signal input a;\nsignal b <== a;\na --> b;'), ['hint: write "signal <-- value": a --> b;']);
  });

  it('finds bits and comparators outside arithmetic/, and numbers of as many bits as p has', () => {
    assert.deepEqual(rulesOf('solvency/x.circom', 'component bits = Num2Bits(8);'), ['bits outside arithmetic/: component bits = Num2Bits(8);']);
    assert.deepEqual(rulesOf('arithmetic/x.circom', 'component bits = Num2Bits(254);'), ['bits with two encodings: component bits = Num2Bits(254);']);
    assert.deepEqual(rulesOf('market/x.circom', 'component less = LessThan(64);'), ['comparator outside arithmetic/: component less = LessThan(64);']);
    assert.deepEqual(rulesOf('arithmetic/x.circom', 'component less = LessThan(64);\ncomponent bits = Num2Bits(253);'), []);
  });

  it('finds an input that nothing uses, a signal that nothing gives a value, and an output that its user leaves lying', () => {
    assert.deepEqual(rulesOf('market/x.circom', 'signal input a;\nsignal input b;\nsignal output c;\nc <== a;'), ['input without a use: X.b']);
    assert.deepEqual(rulesOf('market/x.circom', 'signal input a;\nsignal b;\nsignal output c;\nc <== a;'), ['signal without a value: X.b']);
    const inner = 'template Inner() {\nsignal input a;\nsignal output left;\nsignal output right;\nleft <== a;\nright <== 2 * a;\n}\n';
    const outer = 'template Outer() {\nsignal input a;\ncomponent inner = Inner();\ninner.a <== a;\ninner.left === 5;\n}\n';
    assert.deepEqual(lintTexts(new Map([['market/x.circom', inner + outer]])).map(({ rule, what }) => `${rule}: ${what}`), ['output without a use: inner.right in Outer']);
  });

  it('does not look into comments', () => {
    assert.deepEqual(rulesOf('market/x.circom', '// b <-- LessThan(5)\n/* Num2Bits(254) */'), []);
  });

  it('reads the warnings of the compiler whatever their counts and places', () => {
    const text = '\u001b[33mwarning[CA02]\u001b[0m: In template "RangeCheck(6)": Array of subcomponent input/output signals bits.out contains a total of 6 signals that do not appear in any constraint of the father component\n = For example: bits.out[0].';
    const finding: Finding = { rule: 'CA02', where: 'RangeCheck', what: 'Array of subcomponent input/output signals bits.out contains signals that do not appear in any constraint of the father component' };
    assert.deepEqual(parseWarnings(text), [finding]);
    assert.deepEqual(unexplained([finding, { ...finding, where: 'Unheard' }]), [{ ...finding, where: 'Unheard' }]);
  });

  it('finds nothing in circuits/ that is not explained, and explains nothing that is not there', async function () {
    this.timeout(1_200_000);
    // The hash is circomlib's own and makes most of each circuit; `make soundness` inspects with it.
    writeStubLibrary('build/soundness/lint-library');
    const findings = [...lintSources(), ...(await inspectCircuits(['test'], ['build/soundness/lint-library', 'circuits']))];
    assert.deepEqual(unexplained(findings), []);
    assert.deepEqual(idleExplanations(findings), []);
  });
});
