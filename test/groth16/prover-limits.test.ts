import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { releaseCurves } from '../../src/groth16/curves.js';
import { processStart, residentBytes } from '../../src/groth16/process-memory.js';
import type { ProverConfig } from '../../src/groth16/prover-config.js';
import { heapFlags, isHeapLimit } from '../../src/groth16/prover-limits.js';
import { ProverPool } from '../../src/groth16/prover-pool.js';
import { removeDeadWitnessFolders } from '../../src/groth16/witness-folder.js';
import type { CompiledTestCircuit } from '../harness/circuit.js';
import { keyFolder, rangeCircuit } from './tiny-circuits.js';

const SNARKJS = pathToFileURL(resolve('node_modules/snarkjs/main.js')).href;
const MEBIBYTE = 2 ** 20;
/** More than a prover process takes that does nothing much, less than what the greedy program takes. */
const MEMORY = 600 * MEBIBYTE;

describe('the limits of a prover pool', () => {
  let range: CompiledTestCircuit;
  let keys: string;
  let remove: () => Promise<void>;
  let folder: string;

  before(async () => {
    range = await rangeCircuit();
    ({ keys, remove } = await keyFolder(range));
    folder = await mkdtemp(join(tmpdir(), 'clearproof-limits-'));
  });
  after(async () => {
    await remove();
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  /** A program like rapidsnark that does `first` when it runs for the first time and proves afterwards; it notes its id and witness. */
  async function misbehaving(name: string, first: string): Promise<{ readonly config: ProverConfig; readonly notes: () => Promise<string[]> }> {
    const path = join(folder, `${name}.cjs`);
    const log = join(folder, `${name}.log`);
    await writeFile(path, `#!${process.execPath}
const { appendFileSync, existsSync, writeFileSync } = require('node:fs');
const [zkey, witness, proofFile, publicFile] = process.argv.slice(2);
const again = existsSync('${log}');
appendFileSync('${log}', process.pid + ' ' + witness + '\\n');
if (!again) { ${first} } else import('${SNARKJS}').then(async ({ groth16 }) => {
  const { proof, publicSignals } = await groth16.prove(zkey, witness);
  writeFileSync(proofFile, JSON.stringify(proof));
  writeFileSync(publicFile, JSON.stringify(publicSignals));
  process.exit(0);
});
`);
    await chmod(path, 0o700);
    const notes = async (): Promise<string[]> => (await readFile(log, 'utf8')).trim().split('\n');
    return { config: { backend: 'external', keysDirectory: keys, path, timeoutMilliseconds: 120_000 }, notes };
  }

  const HANG = 'setInterval(() => {}, 1000);';
  const ALLOCATE = 'const held = []; setInterval(() => held.push(Buffer.alloc(100 * 1024 * 1024, 1)), 20);';

  async function assertGone(note: string): Promise<void> {
    const [pid = '', witness = ''] = note.split(' ');
    assert.equal(await processStart(Number(pid)), undefined, 'the program runs on');
    await assert.rejects(readdir(dirname(witness)), { code: 'ENOENT' }, 'its witness is still there');
  }

  for (const [what, first, limits, message, limit] of [
    ['hangs', HANG, { milliseconds: 8000 }, /took longer than 8000 ms and was stopped: raise the time limit/, 'time'],
    ['takes too much memory', ALLOCATE, { memoryBytes: MEMORY }, /took more than the 600 MiB .* raise the memory limit/, 'memory'],
  ] as const) {
    it(`a proof that ${what} fails at once with the limit's name, its program and witness are gone, and the pool goes on without using a restart [V27]`, async () => {
      const { config, notes } = await misbehaving(limit, first);
      const pool = new ProverPool(config, { workers: 1, restarts: 0, limits });
      await assert.rejects(pool.prove(range.name, { value: 9n }), (error: Error & { code?: string; details?: Record<string, unknown> }) => {
        assert.equal(error.code, 'PROVER_LIMIT');
        assert.match(error.message, message);
        assert.equal(error.details?.limit, limit);
        return true;
      });
      assert.equal((await notes()).length, 1, 'it was not tried again');
      assert.deepEqual((await pool.prove(range.name, { value: 9n })).publicSignals, [18n]);
      await pool.close();
      for (const note of await notes()) await assertGone(note);
    });
  }

  it('a proof that nobody wants any more is ended, whether it runs or waits', async () => {
    const { config, notes } = await misbehaving('unwanted', HANG);
    const pool = new ProverPool(config, { workers: 1, restarts: 0 });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const jobs = [pool.prove(range.name, { value: 1n }, running.signal), pool.prove(range.name, { value: 2n }, waiting.signal), pool.prove(range.name, { value: 3n })] as const;
    while ((await notes().catch(() => [])).length === 0) await new Promise((done) => setTimeout(done, 20));
    waiting.abort();
    await assert.rejects(jobs[1], { code: 'PROOF_CANCELLED' });
    running.abort();
    await assert.rejects(jobs[0], { code: 'PROOF_CANCELLED' });
    assert.deepEqual((await jobs[2]).publicSignals, [6n]);
    await assert.rejects(pool.prove(range.name, { value: 4n }, running.signal), { code: 'PROOF_CANCELLED' });
    await pool.close();
    assert.equal((await notes()).length, 2, 'the waiting one never began');
    for (const note of await notes()) await assertGone(note);
  });

  it('hold the JavaScript heap to the same, and tell its end from another death', () => {
    assert.deepEqual(heapFlags({ memoryBytes: 600 * MEBIBYTE }), ['--max-old-space-size=600']);
    assert.deepEqual(heapFlags({ milliseconds: 1 }), []);
    assert.equal(isHeapLimit({ memoryBytes: 1 }, null, 'SIGABRT'), true);
    assert.equal(isHeapLimit({ memoryBytes: 1 }, 134, null), true);
    assert.equal(isHeapLimit({ memoryBytes: 1 }, null, 'SIGKILL'), false);
    assert.equal(isHeapLimit({}, null, 'SIGABRT'), false, 'without a limit it is a crash like any other');
  });

  it('count what a process holds in bytes', async () => {
    const bytes = await residentBytes(process.pid);
    assert.ok(bytes !== undefined && bytes > 20 * MEBIBYTE && bytes < 8192 * MEBIBYTE, String(bytes));
    assert.equal(await residentBytes(2 ** 30), undefined);
  });

  it('leave no witness folder of a dead process, and touch no other', async () => {
    const own = `clearproof-witness-${process.pid}-${await processStart(process.pid)}-abcdef`;
    const kept = [own, 'clearproof-witness', 'clearproof-witness-x-1-abcdef', `clearproof-witness-${process.pid}-unknown-abcdef`];
    // The first had this process's id before it; the second's id nobody has.
    const dead = [`clearproof-witness-${process.pid}-1-abcdef`, 'clearproof-witness-1073741824-55-abcdef', 'clearproof-witness-1073741824-unknown-abcdef'];
    const parent = join(folder, 'witnesses');
    await Promise.all([...kept, ...dead].map((name) => mkdir(join(parent, name), { recursive: true })));
    await writeFile(join(parent, dead[0] as string, 'witness.wtns'), 'secret', { mode: 0o600 });
    assert.equal(await removeDeadWitnessFolders(parent), dead.length);
    assert.deepEqual((await readdir(parent)).sort(), [...kept].sort());
    assert.equal(await removeDeadWitnessFolders(join(folder, 'none')), 0);
  });
});
