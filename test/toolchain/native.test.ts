import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { isRecent, LEAST_CARGO } from '../../src/toolchain/cargo.js';
import { cargoTotals } from '../../src/toolchain/native-tests.js';

const PASSED = 'test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s';

describe('the build of native/', () => {
  it('takes a cargo by the numbers of its version, from the one that native/Cargo.toml names', () => {
    assert.match(readFileSync('native/Cargo.toml', 'utf8'), new RegExp(`^rust-version = "${LEAST_CARGO.replace('.', '\\.')}"$`, 'm'));
    for (const recent of ['1.89.0', '1.90.1', '1.100.0', '2.0.0']) assert.equal(isRecent(recent), true, recent);
    for (const old of ['1.88.9', '1.9.0', '0.99.0']) assert.equal(isRecent(old), false, old);
  });

  it('says in one sentence what is missing where there is no cargo, and is content', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/toolchain/native-lint.ts'], { env: { PATH: '/nowhere', HOME: '/nowhere' } });
    assert.deepEqual([stdout, stderr], ['native/ is not linted: there is no cargo here.\n', '']);
  });
});

describe('the totals of cargo test', () => {
  it('are those of all its test binaries, with the names of what failed', () => {
    const output = `running 13 tests\ntest a::b ... ok\n${PASSED}\nrunning 2 tests\ntest field::halves ... FAILED\ntest field::doubles ... ok\n
test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n`;
    assert.deepEqual(cargoTotals(output), { passed: 13, failed: 1, skipped: 1, titles: ['native: field::halves'] });
  });

  it('are a failure where nothing was run', () => {
    assert.deepEqual(cargoTotals('error: could not compile'), { passed: 0, failed: 1, skipped: 0, titles: ['native: the tests were not run'] });
  });
});
