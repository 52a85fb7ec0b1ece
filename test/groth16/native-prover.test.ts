import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { readSections } from '../../src/groth16/binary-file.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { serializeKeyManifest } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord, sha256 } from '../../src/groth16/key-manifest.js';
import { processStart, residentBytes } from '../../src/groth16/process-memory.js';
import { createProver, type ProverConfig } from '../../src/groth16/prover-config.js';
import { ProverPool } from '../../src/groth16/prover-pool.js';
import type { Prover } from '../../src/groth16/prover.js';
import { loadCircuitKey, loadProvingKey, loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import type { CompiledTestCircuit } from '../harness/circuit.js';
import { nativeDouble } from '../harness/native-double.js';
import { NATIVE, reasonWithoutNative } from '../harness/native-program.js';
import { PRODUCT_INPUT, PRODUCT_SIGNALS, hashChainCircuit, keyFolder, productCircuit, rangeCircuit } from './tiny-circuits.js';

const MEBIBYTE = 2 ** 20;
const HANG = 'setInterval(() => {}, 1000);';

const LINKS = 4;
const CHAIN_INPUT = { start: 7n, end: Array.from({ length: LINKS }).reduce<bigint>((state, _, link) => portablePoseidon.hash([state, BigInt(link)]), 7n) };

describe('the native prover', () => {
  let product: CompiledTestCircuit;
  let range: CompiledTestCircuit;
  let chain: CompiledTestCircuit;
  let folder: string;
  let keys: string;
  let remove: () => Promise<void>;

  before(async () => {
    [product, range, chain] = await Promise.all([productCircuit(), rangeCircuit(), hashChainCircuit(LINKS)]);
    ({ keys, remove } = await keyFolder(product, range, chain));
    folder = await mkdtemp(join(tmpdir(), 'clearproof-native-'));
  });
  after(async () => {
    await remove();
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  const config = (path: string, timeoutMilliseconds = 60_000): ProverConfig => ({ backend: 'native', keysDirectory: keys, path, timeoutMilliseconds });
  const double = async (name: string, body = ''): Promise<ProverConfig> => config(await nativeDouble(folder, name, body));

  it('answers wherever cargo can build it', async () => {
    const without = await reasonWithoutNative();
    if (without === undefined) assert.equal(NATIVE.state, 'answers', `run "make native": ${JSON.stringify(NATIVE)}`);
    else assert.notEqual(without, '');
  });

  const programs: readonly (readonly [string, () => Promise<ProverConfig>])[] = [
    ['a double of the program', () => double('honest')],
    ...(NATIVE.state === 'answers' ? [['the program', () => Promise.resolve(config(NATIVE.path))] as const] : []),
  ];
  for (const [title, configOf] of programs) {
    for (const [where, proverOf] of [
      ['in this process', async () => createProver(await configOf())],
      ['in a pool', async () => new ProverPool(await configOf(), { workers: 2 })],
    ] as const) {
      describe(`${title}, ${where}`, () => {
        let prover: Prover;
        before(async () => {
          prover = await proverOf();
        });
        after(() => prover.close());

        it('proves one witness after another of several keys, and every proof verifies for its own signals only [P-265]', async () => {
          const key = await loadVerificationKey(keys, product.name);
          for (const label of [5n, 0n, 2n ** 253n]) {
            const { proof, publicSignals } = await prover.prove(product.name, { ...PRODUCT_INPUT, label });
            assert.deepEqual(publicSignals, [label, 12n]);
            assert.equal(await verifyProof(key, publicSignals, proof), true);
            assert.equal(await verifyProof(key, [label, 13n], proof), false);
            assert.equal(await verifyProof(key, [label + 1n, 12n], proof), false, 'the signal that is in no constraint');
          }
          const values = [1n, 2n, 3n, 4n];
          const statements = await Promise.all(values.map((value) => prover.prove(range.name, { value })));
          assert.deepEqual(statements.map(({ publicSignals }) => publicSignals), values.map((value) => [2n * value]));
        });

        it('makes another proof of the same witness each time', async () => {
          const [first, second] = [await prover.prove(product.name, PRODUCT_INPUT), await prover.prove(product.name, PRODUCT_INPUT)];
          assert.notDeepEqual(first.proof, second.proof);
        });

        it('refuses inputs without a witness, and a circuit without a key, then goes on', async () => {
          await assert.rejects(prover.prove(range.name, { value: 987654n }), { code: 'WITNESS_REFUSED' });
          await assert.rejects(prover.prove('unknown', {}), { code: 'KEY_MISSING' });
          assert.deepEqual((await prover.prove(range.name, { value: 3n })).publicSignals, [6n]);
        });

        it('takes no work once closed', async () => {
          await prover.close();
          await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code: 'PROVER_CLOSED' });
        });
      });
    }

    it(`${title} refuses a key that the manifest vouches for and that is none`, async () => {
      const copy = await keyFolder(product);
      const file = keyPaths.zkey(copy.keys, product.name);
      // A point of section 5 that is no pair of coordinates: nothing on this side reads it.
      const bytes = await readFile(file);
      readSections(bytes, 'zkey', file).get(5)?.fill(0xff, 0, 32);
      await writeFile(file, bytes);
      const manifest = await readKeyManifest(copy.keys);
      const record = { ...requireRecord(manifest, copy.keys, product.name), zkeySha256: sha256(bytes) };
      await writeFile(keyPaths.manifest(copy.keys), serializeKeyManifest({ ...manifest, keys: { [product.name]: record } }));
      const prover = createProver({ ...(await configOf()), keysDirectory: copy.keys });
      const codes = title === 'the program' ? ['KEY_MALFORMED'] : ['NATIVE_PROGRAM_DIED', 'PROOF_NOT_VERIFIED', 'KEY_MALFORMED'];
      await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), ({ code }: { code?: string }) => codes.includes(String(code)));
      await prover.close();
      await copy.remove();
    });
  }

  describe('keys', () => {
    it('are hashed and their headers read without the file in memory: the same as with it [P-266]', async () => {
      for (const { name } of [product, range, chain]) {
        const { zkey, ...whole } = await loadProvingKey(keys, name);
        const { witness, ...light } = await loadCircuitKey(keys, name);
        assert.deepEqual(light, { circuit: whole.circuit, zkeyFile: whole.zkeyFile, verificationKey: whole.verificationKey });
        assert.ok(zkey.length > 0 && typeof witness.calculate === 'function');
      }
    });

    it('that are changed, cut short or of another set-up never reach the program [P-266]', async () => {
      const log = join(folder, 'started.log');
      const noting = await double('noting', `appendFileSync('${log}', 'x');`);
      const refused = async (change: (file: string) => Promise<void>, code: string, message: RegExp): Promise<void> => {
        const copy = await keyFolder(product);
        await change(keyPaths.zkey(copy.keys, product.name));
        await assert.rejects(createProver({ ...noting, keysDirectory: copy.keys }).prove(product.name, PRODUCT_INPUT), { code, message });
        await copy.remove();
      };
      const vouched = (change: (bytes: Buffer) => Buffer) => async (file: string): Promise<void> => {
        const bytes = change(await readFile(file));
        await writeFile(file, bytes);
        const directory = join(file, '..');
        const manifest = await readKeyManifest(directory);
        const record = { ...requireRecord(manifest, directory, product.name), zkeySha256: sha256(bytes) };
        await writeFile(keyPaths.manifest(directory), serializeKeyManifest({ ...manifest, keys: { [product.name]: record } }));
      };
      await refused(async (file) => truncate(file, (await readFile(file)).length - 1), 'KEY_HASH', /is not the file in the manifest/);
      await refused((file) => rm(file), 'KEY_MISSING', /cannot be read/);
      await refused(vouched((bytes) => bytes.subarray(0, -1)), 'KEY_MALFORMED', /cut short/);
      await refused(vouched((bytes) => bytes.subarray(0, 7)), 'KEY_MALFORMED', /is not a \.zkey file/);
      await refused(vouched((bytes) => Buffer.concat([bytes, Buffer.from([0])])), 'KEY_MALFORMED', /bytes after its last section/);
      const other = await readFile(keyPaths.zkey(keys, range.name));
      await refused(vouched(() => other), 'KEY_MALFORMED', /different set-ups/);
      assert.equal(existsSync(log), false, 'the program was started');
    });
  });

  describe('a program that misbehaves', () => {
    /** Does `first` at its first proof, ever, and proves afterwards; tells its ids. */
    async function once(name: string, first: string, times = 1): Promise<{ readonly config: ProverConfig; readonly ids: () => Promise<number[]> }> {
      const log = join(folder, `${name}.log`);
      const path = await nativeDouble(folder, name, `
const honest = handlers.prove;
handlers.prove = async (body) => {
  appendFileSync('${log}', process.pid + '\\n');
  if (readFileSync('${log}', 'utf8').trim().split('\\n').length > ${times}) return honest(body);
  ${first}
};`);
      return { config: config(path), ids: async () => (await readFile(log, 'utf8')).trim().split('\n').map(Number) };
    }

    const wrong: readonly (readonly [string, string, string, RegExp])[] = [
      ['that proves something else is not believed', `const other = handlers.prove; handlers.prove = async (body) => {
        const answer = JSON.parse(await other(body)); answer.proof.pi_a = answer.proof.pi_c; return JSON.stringify(answer); };`, 'PROOF_NOT_VERIFIED', /does not verify/],
      ['that gives no proof is reported', `handlers.prove = async () => '{}';`, 'NATIVE_PROGRAM', /no readable proof: a proof must be an object/],
      ['that gives no JSON is reported', `handlers.prove = async () => 'proof';`, 'NATIVE_PROGRAM', /no readable proof/],
      ['that speaks no frames is stopped', `process.stdout.write('hello, what may I prove for you?\\n'); handlers.prove = async () => undefined;`, 'NATIVE_PROGRAM', /does not answer as this project's prover/],
      ['that answers with a status nobody knows is stopped', `handlers.prove = async () => { write(7, 'x'); };`, 'NATIVE_PROGRAM', /does not answer as this project's prover/],
      ['that announces gigabytes is stopped', `handlers.prove = async () => { writeSync(1, Buffer.from([255, 255, 255, 255, 0])); };`, 'NATIVE_PROGRAM', /does not answer as this project's prover/],
      ['that refuses a key is told from one that refuses else', `handlers.prove = async () => refuse('KEY', 'the key has no section 9');`, 'KEY_MALFORMED', /the key has no section 9/],
      ['that refuses is reported with its reason', `handlers.prove = async () => refuse('WITNESS', 'wire 0 is not 1');`, 'NATIVE_REFUSED', /refuses: wire 0 is not 1/],
      ['that dies is reported with what it said', `handlers.prove = async () => { process.stderr.write('first\\nout of luck\\n', () => process.exit(3)); };`, 'NATIVE_PROGRAM_DIED', /dies\d*\.cjs ended with exit code 3: out of luck$/],
    ];
    for (const [index, [title, body, code, message]] of wrong.entries()) {
      it(`${title}, in a pool and without [P-267]`, async () => {
        const asked = await double(`dies${index}`, body);
        for (const prover of [createProver(asked), new ProverPool(asked, { workers: 1 })]) {
          await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code, message });
          await prover.close();
        }
      });
    }

    it('that is not there, may not be run or is of another machine is reported', async () => {
      const foreign = join(folder, 'foreign');
      await writeFile(foreign, Buffer.from('7f454c4602010100000000000000000002002a0001000000', 'hex'), { mode: 0o700 });
      const locked = join(folder, 'locked');
      await writeFile(locked, '#!/bin/sh\n', { mode: 0o600 });
      await chmod(locked, 0o600);
      for (const path of [join(folder, 'none'), locked, foreign]) {
        const prover = createProver(config(path));
        await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), ({ code, message }: Error & { code?: string }) => /^NATIVE_PROGRAM/.test(String(code)) && message.includes(path));
        await prover.close();
      }
    });

    it('that takes too long is ended, and the next proof gets another one', async () => {
      const { config: asked, ids } = await once('slow', 'return new Promise(() => setInterval(() => {}, 1000));');
      const prover = createProver({ ...asked, timeoutMilliseconds: 1500 } as ProverConfig);
      await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code: 'NATIVE_PROGRAM', message: /took longer than 1500 ms and was stopped/ });
      await prover.close();
      const again = createProver(asked);
      assert.deepEqual((await again.prove(product.name, PRODUCT_INPUT)).publicSignals, PRODUCT_SIGNALS);
      await again.close();
      for (const id of await ids()) assert.equal(await processStart(id), undefined, 'the program runs on');
    });

    it('that died has its job tried again, once [P-267]', async () => {
      const killed = `process.kill(process.pid, 'SIGKILL'); ${HANG} return new Promise(() => {});`;
      const [first, second] = [await once('dies-once', killed), await once('dies-twice', killed, 2)];
      const pool = new ProverPool(first.config, { workers: 1, restarts: 0 });
      assert.deepEqual((await pool.prove(range.name, { value: 9n })).publicSignals, [18n]);
      await pool.close();
      assert.equal((await first.ids()).length, 2);
      const other = new ProverPool(second.config, { workers: 1, restarts: 0 });
      await assert.rejects(other.prove(range.name, { value: 9n }), { code: 'NATIVE_PROGRAM_DIED', message: /dies-twice\.cjs was ended by SIGKILL/ });
      assert.deepEqual((await other.prove(range.name, { value: 9n })).publicSignals, [18n], 'others go on');
      await other.close();
      assert.equal((await second.ids()).length, 3);
    });

    for (const [what, first, limits, limit] of [
      ['hangs', `return new Promise(() => { ${HANG} });`, { milliseconds: 6000 }, 'time'],
      ['takes too much memory', 'const held = []; return new Promise(() => setInterval(() => held.push(Buffer.alloc(100 * 1024 * 1024, 1)), 20));', { memoryBytes: 600 * MEBIBYTE }, 'memory'],
    ] as const) {
      it(`that ${what} is counted with its worker, and ended with it [P-268]`, async () => {
        const { config: asked, ids } = await once(`limit-${limit}`, first);
        const pool = new ProverPool(asked, { workers: 1, restarts: 0, limits });
        await assert.rejects(pool.prove(range.name, { value: 9n }), (error: Error & { code?: string; details?: Record<string, unknown> }) => {
          assert.deepEqual([error.code, error.details?.limit], ['PROVER_LIMIT', limit]);
          return true;
        });
        // Under a limit of time it would be another wager on how busy the machine is.
        if (limit === 'memory') assert.deepEqual((await pool.prove(range.name, { value: 9n })).publicSignals, [18n]);
        await pool.close();
        for (const id of await ids()) assert.equal(await processStart(id), undefined, 'the program runs on');
      });
    }

    it('whose proof nobody wants any more is ended [P-268]', async () => {
      const { config: asked, ids } = await once('unwanted', `return new Promise(() => { ${HANG} });`);
      const pool = new ProverPool(asked, { workers: 1, restarts: 0 });
      const stop = new AbortController();
      const unwanted = pool.prove(range.name, { value: 1n }, stop.signal);
      while ((await ids().catch(() => [])).length === 0) await new Promise((done) => setTimeout(done, 20));
      stop.abort();
      await assert.rejects(unwanted, { code: 'PROOF_CANCELLED' });
      assert.deepEqual((await pool.prove(range.name, { value: 3n })).publicSignals, [6n]);
      await pool.close();
      for (const id of await ids()) assert.equal(await processStart(id), undefined, 'the program runs on');
    });
  });

  for (const [title, configOf] of programs) {
    it(`${title} ends when its worker is killed, and counts in what the worker holds [P-268]`, async () => {
      const pool = new ProverPool(await configOf(), { workers: 1 });
      await pool.prove(range.name, { value: 1n });
      const [worker] = pool.processIds as [number];
      const program = Number((await readFile(`/proc/${worker}/task/${worker}/children`, 'utf8')).trim());
      const [both, alone] = [await residentBytes(worker), await residentBytes(program)];
      assert.ok(both !== undefined && alone !== undefined && alone > 0 && both > alone);
      // The worker alone, as the system does that has no memory left: not its group.
      process.kill(worker, 'SIGKILL');
      for (let waits = 0; waits < 100 && (await processStart(program)) !== undefined; waits += 1) await new Promise((done) => setTimeout(done, 50));
      assert.equal(await processStart(program), undefined, 'the program runs on without its worker');
      assert.deepEqual((await pool.prove(range.name, { value: 4n })).publicSignals, [8n], 'the pool starts both anew');
      await pool.close();
    });

    it(`${title} leaves a witness in no file [P-269]`, async () => {
      const own = await mkdtemp(join(folder, 'temporary-'));
      const asked = await configOf();
      const before = process.env.TMPDIR;
      process.env.TMPDIR = own;
      try {
        // Whatever is written and removed again changes the folder's time.
        const empty = (await stat(own)).mtimeMs;
        const prover = createProver(asked);
        await prover.prove(chain.name, CHAIN_INPUT);
        await prover.close();
        assert.deepEqual(await readdir(own), []);
        assert.equal((await stat(own)).mtimeMs, empty);
      } finally {
        if (before === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = before;
      }
    });
  }
});
