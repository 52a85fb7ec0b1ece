import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseProver } from '../../src/groth16/prover-choice.js';
import { findNative, NATIVE_VARIABLE } from '../../src/native/find-program.js';
import { nativeDouble } from '../harness/native-double.js';
import { NATIVE } from '../harness/native-program.js';

const KEYS = 'keys';

describe('the choice of a prover', () => {
  let folder: string;
  let broken: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-choice-'));
    broken = join(folder, 'broken');
    await writeFile(broken, '#!/bin/sh\necho no prover >&2\nexit 3\n', { mode: 0o700 });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const choose = (asked?: string, named?: string, milliseconds = 1000): ReturnType<typeof chooseProver> =>
    chooseProver(KEYS, asked, milliseconds, () => findNative(named === undefined ? {} : { [NATIVE_VARIABLE]: named }));

  it('is the native prover where it is built and answers, and else snarkjs, which it says [P-272]', async () => {
    const chosen = await choose();
    if (NATIVE.state === 'answers') {
      assert.deepEqual(chosen.config, { backend: 'native', keysDirectory: KEYS, path: NATIVE.path, timeoutMilliseconds: 1000 });
      assert.match(chosen.says, /^proofs by the native prover \d+\.\d+\.\d+ \((portable|adx|ifma)\)$/);
    } else {
      assert.deepEqual(chosen.config, { backend: 'snarkjs', keysDirectory: KEYS });
      assert.match(chosen.says, /snarkjs, several times slower/);
    }
    assert.equal(chosen.warning, false);
  });

  it('is what it is asked for by name [P-272]', async () => {
    const path = await nativeDouble(folder, 'honest');
    assert.deepEqual((await choose('snarkjs', path)).config, { backend: 'snarkjs', keysDirectory: KEYS });
    assert.deepEqual((await choose('/opt/prover', path)).config, { backend: 'external', keysDirectory: KEYS, path: '/opt/prover', timeoutMilliseconds: 1000 });
    for (const asked of [undefined, 'native']) {
      assert.deepEqual(await choose(asked, path), {
        config: { backend: 'native', keysDirectory: KEYS, path, timeoutMilliseconds: 1000 }, says: 'proofs by the native prover 0.0.0 (double)', warning: false,
      });
    }
    assert.deepEqual(await choose(undefined, 'none'), { config: { backend: 'snarkjs', keysDirectory: KEYS }, says: 'proofs by snarkjs', warning: false });
  });

  const misfits: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
    ['is not there', () => Promise.resolve(join(folder, 'nothing')), /nothing cannot be started/],
    ['fails', () => Promise.resolve(broken), /broken ended with exit code 3: no prover$/],
    ['speaks no frames', () => nativeDouble(folder, 'chatty', `process.stdout.write('Usage: something else\\n');`), /does not answer as this project's prover does/],
    ['says nothing of itself', () => nativeDouble(folder, 'mute', `handlers.hello = async () => '{}';`), /does not say what it is/],
    ['refuses to say', () => nativeDouble(folder, 'rude', `handlers.hello = async () => refuse('FRAME', 'no');`), /refuses: no/],
  ];
  for (const [title, pathOf, message] of misfits) {
    it(`is no silent fallback when the program that was named ${title} [P-272]`, async () => {
      const path = await pathOf();
      for (const asked of [undefined, 'native']) await assert.rejects(choose(asked, path), { message });
      assert.equal((await choose('snarkjs', path)).config.backend, 'snarkjs');
    });
  }

  it('is snarkjs with a warning when what is built does not answer, and an error when it is asked for [P-272]', async () => {
    const look = (): ReturnType<typeof findNative> => findNative({}, broken);
    const chosen = await chooseProver(KEYS, undefined, 1000, look);
    assert.deepEqual(chosen.config, { backend: 'snarkjs', keysDirectory: KEYS });
    assert.equal(chosen.warning, true);
    assert.match(chosen.says, /^proofs by snarkjs, several times slower: .*broken ended with exit code 3: no prover$/);
    await assert.rejects(chooseProver(KEYS, 'native', 1000, look), { code: 'NATIVE_PROGRAM_DIED', message: /exit code 3/ });
  });

  it('is snarkjs when nothing is built, which it says, and an error when it is asked for [P-272]', async () => {
    const look = (): ReturnType<typeof findNative> => findNative({}, join(folder, 'not-built'));
    assert.deepEqual(await chooseProver(KEYS, undefined, 1000, look), {
      config: { backend: 'snarkjs', keysDirectory: KEYS }, says: 'proofs by snarkjs, several times slower than the native prover, which "make native" builds', warning: false,
    });
    await assert.rejects(chooseProver(KEYS, 'native', 1000, look), { code: 'NATIVE_PROGRAM', message: /no native prover at .*not-built: build it with "make native"/ });
  });

  it('by name of a prover that is not there, or is not wanted, says what to do', async () => {
    await assert.rejects(choose('native', 'none'), { code: 'NATIVE_PROGRAM', message: /CLEARPROOF_NATIVE says that there is none: unset it/ });
  });

  it('asks a program once', async () => {
    const log = join(folder, 'asked');
    const path = await nativeDouble(folder, 'counting', `appendFileSync('${log}', 'x');`);
    const environment = { [NATIVE_VARIABLE]: path };
    await Promise.all([findNative(environment), findNative(environment)]);
    await findNative(environment);
    assert.equal(await readFile(log, 'utf8'), 'x');
  });
});
