import assert from 'node:assert/strict';
import { parseForgeTotals } from '../../src/toolchain/forge.js';

const LINE = 'Ran 9 test suites in 14.74s (26.45s CPU time): 102 tests passed, 0 failed, 0 skipped (102 total tests)';

describe('totals of a forge run', () => {
  it('are read from the summary line', () => {
    assert.deepEqual(parseForgeTotals(`Suite result: ok. 10 passed; 0 failed; 0 skipped\n\n${LINE}\n`), { passed: 102, failed: 0, skipped: 0 });
  });

  it('count failures and skipped tests', () => {
    const output = 'Ran 2 test suites in 1.00s (1.00s CPU time): 5 tests passed, 2 failed, 1 skipped (8 total tests)\n\nFailing tests:\nEncountered 2 failing tests in test/a.sol:A';
    assert.deepEqual(parseForgeTotals(output), { passed: 5, failed: 2, skipped: 1 });
  });

  it('are read from one suite with one test', () => {
    assert.deepEqual(parseForgeTotals('Ran 1 test suite in 5.60ms (1.00ms CPU time): 1 tests passed, 0 failed, 0 skipped (1 total tests)'), { passed: 1, failed: 0, skipped: 0 });
  });

  it('are read through colours and carriage returns', () => {
    const coloured = LINE.replace('102 tests', '\u001b[32m102\u001b[0m tests').replace('0 failed', '\u001b[31m0\u001b[0m failed');
    assert.deepEqual(parseForgeTotals(`\u001b[1m${coloured}\u001b[0m\r\n`), { passed: 102, failed: 0, skipped: 0 });
  });

  it('are those of the last summary', () => {
    const earlier = LINE.replaceAll('102', '7');
    assert.deepEqual(parseForgeTotals(`${earlier}\n${LINE}`), { passed: 102, failed: 0, skipped: 0 });
  });

  it('are unknown without a summary, and when the numbers do not add up', () => {
    const outputs = [
      '', 'No tests found in project!', 'Error: Compiler run failed:', 'Suite result: ok. 10 passed; 0 failed; 0 skipped',
      LINE.replace('(102 total', '(103 total'), `log: ${LINE}`, `${LINE} or so`,
    ];
    for (const output of outputs) assert.equal(parseForgeTotals(output), undefined, output);
  });
});
