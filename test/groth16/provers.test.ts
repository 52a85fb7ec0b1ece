import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { releaseCurves } from '../../src/groth16/curves.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { ExternalProverError } from '../../src/groth16/external-prover.js';
import { serializeKeyManifest } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord, sha256 } from '../../src/groth16/key-manifest.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { createProver, type ProverConfig } from '../../src/groth16/prover-config.js';
import { ProverPool } from '../../src/groth16/prover-pool.js';
import type { Prover } from '../../src/groth16/prover.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { solidityVerifierSource } from '../../src/groth16/solidity-verifier.js';
import { verificationKeyHash, verificationKeyToJson } from '../../src/groth16/verification-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import type { CompiledTestCircuit } from '../harness/circuit.js';
import { PRODUCT_INPUT, PRODUCT_SIGNALS, keyFolder, productCircuit, rangeCircuit } from './tiny-circuits.js';

const SNARKJS = pathToFileURL(resolve('node_modules/snarkjs/main.js')).href;

/** A program with rapidsnark's command line around snarkjs; `body` may use the four paths and must end the process. */
function program(body: string): string {
  return `#!${process.execPath}
const { appendFileSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const [zkey, witness, proofFile, publicFile] = process.argv.slice(2);
${body}
`;
}

const HONEST = `
import('${SNARKJS}').then(async ({ groth16 }) => {
  const { proof, publicSignals } = await groth16.prove(zkey, witness);
  writeFileSync(proofFile, JSON.stringify(proof));
  writeFileSync(publicFile, JSON.stringify(publicSignals));
  process.exit(0);
});`;

describe('provers', () => {
  let product: CompiledTestCircuit;
  let range: CompiledTestCircuit;
  let folder: string;
  let keys: string;
  let remove: () => Promise<void>;

  before(async () => {
    [product, range] = await Promise.all([productCircuit(), rangeCircuit()]);
    ({ keys, remove } = await keyFolder(product, range));
    folder = await mkdtemp(join(tmpdir(), 'clearproof-provers-'));
  });
  after(async () => {
    await remove();
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  async function external(name: string, body: string, timeoutMilliseconds = 60_000): Promise<ProverConfig> {
    const path = join(folder, name);
    await writeFile(path, program(body));
    await chmod(path, 0o700);
    return { backend: 'external', keysDirectory: keys, path, timeoutMilliseconds };
  }

  const kinds: readonly (readonly [string, () => Promise<Prover>])[] = [
    ['snarkjs in process', () => Promise.resolve(createProver({ backend: 'snarkjs', keysDirectory: keys }))],
    ['an external program', async () => createProver(await external('honest.cjs', HONEST))],
    ['a pool of snarkjs processes', () => Promise.resolve(new ProverPool({ backend: 'snarkjs', keysDirectory: keys }, { workers: 2 }))],
    ['a pool around an external program', async () => new ProverPool(await external('pooled.cjs', HONEST), { workers: 1 })],
  ];
  for (const [title, proverOf] of kinds) {
    describe(title, () => {
      let prover: Prover;
      before(async () => {
        prover = await proverOf();
      });
      after(() => prover.close());

      it('proves, and the proof verifies for its public signals only', async () => {
        const { proof, publicSignals } = await prover.prove(product.name, PRODUCT_INPUT);
        assert.deepEqual(publicSignals, PRODUCT_SIGNALS);
        const key = await loadVerificationKey(keys, product.name);
        assert.equal(await verifyProof(key, publicSignals, proof), true);
        assert.equal(await verifyProof(key, [5n, 13n], proof), false);
        assert.equal(await verifyProof(key, [6n, 12n], proof), false, 'the signal that is in no constraint');
      });

      it('refuses inputs without a witness by the constraint that fails, and shows no value', async () => {
        await assert.rejects(prover.prove(range.name, { value: 987654n }), (error: Error & { code?: string }) => {
          assert.equal(error.name, 'WitnessRefusedError');
          assert.equal(error.code, 'WITNESS_REFUSED');
          assert.match(error.message, /Num2Bits line \d+, below Range line 9/);
          assert.doesNotMatch(JSON.stringify(error) + error.message, /987654/);
          return true;
        });
      });

      it('refuses a circuit without a key, then goes on', async () => {
        await assert.rejects(prover.prove('unknown', {}), { name: 'KeyMissingError', code: 'KEY_MISSING' });
        assert.deepEqual((await prover.prove(range.name, { value: 3n })).publicSignals, [6n]);
      });

      it('takes no work once closed', async () => {
        await prover.close();
        await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code: 'PROVER_CLOSED' });
      });
    });
  }

  describe('an external program', () => {
    const failing: readonly (readonly [string, string, RegExp])[] = [
      ['that fails', `process.stderr.write('first\\nout of luck\\n'); process.exit(3);`, /failed with exit code 3: out of luck$/],
      ['that writes no proof', 'process.exit(0);', /left no readable proof/],
      ['that writes no JSON', `writeFileSync(proofFile, '{'); process.exit(0);`, /left no readable proof/],
      ['that is killed', `process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 9999);`, /was ended by SIGTERM$/],
    ];
    for (const [index, [title, body, reason]] of failing.entries()) {
      it(`${title} is reported with what it said`, async () => {
        const prover = createProver(await external(`failing-${index}.cjs`, body));
        await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code: 'EXTERNAL_PROVER', message: reason });
      });
    }

    it('that takes too long is stopped', async () => {
      const prover = createProver(await external('slow.cjs', 'setTimeout(() => process.exit(0), 60000);', 300));
      await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code: 'EXTERNAL_PROVER', message: /took longer than 300 ms/ });
    });

    it('that does not exist is reported', async () => {
      const config: ProverConfig = { backend: 'external', keysDirectory: keys, path: join(folder, 'none'), timeoutMilliseconds: 1000 };
      await assert.rejects(createProver(config).prove(product.name, PRODUCT_INPUT), (error: unknown) => {
        assert.ok(error instanceof ExternalProverError && error.cause instanceof Error);
        assert.match(error.message, /cannot be started.*check the prover's path/);
        return true;
      });
    });

    it('that proves something else is not believed', async () => {
      const other = createProver({ backend: 'snarkjs', keysDirectory: keys });
      const { proof } = await other.prove(product.name, { ...PRODUCT_INPUT, label: 6n });
      const file = join(folder, 'other.json');
      const { proofToSnarkjs } = await import('../../src/groth16/proof-json.js');
      await writeFile(file, JSON.stringify(proofToSnarkjs(proof)));
      const prover = createProver(await external('liar.cjs', `writeFileSync(proofFile, readFileSync('${file}')); process.exit(0);`));
      await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code: 'PROOF_NOT_VERIFIED' });
    });

    for (const [title, end] of [['success', HONEST], ['failure', 'process.exit(1);']] as const) {
      it(`sees the witness in a private file, which is gone after ${title}`, async () => {
        const log = join(folder, `log-${title}`);
        const note = `appendFileSync('${log}', [witness, statSync(witness).mode.toString(8), statSync(require('node:path').dirname(witness)).mode.toString(8)].join('\\n'));`;
        const prover = createProver(await external(`noting-${title}.cjs`, note + end));
        await prover.prove(product.name, PRODUCT_INPUT).catch(() => undefined);
        const [witness = '', fileMode, folderMode] = (await readFile(log, 'utf8')).split('\n');
        assert.deepEqual([fileMode, folderMode], ['100600', '40700']);
        await assert.rejects(readdir(join(witness, '..')), { code: 'ENOENT' });
      });
    }
  });

  describe('a pool', () => {
    it('works on more jobs than it has workers, and answers each with its own proof', async () => {
      const pool = new ProverPool({ backend: 'snarkjs', keysDirectory: keys }, { workers: 2 });
      const values = [1n, 2n, 3n, 4n, 5n];
      const statements = await Promise.all(values.map((value) => pool.prove(range.name, { value })));
      assert.deepEqual(statements.map(({ publicSignals }) => publicSignals), values.map((value) => [2n * value]));
      assert.equal(pool.processIds.length, 2);
      await pool.close();
      assert.equal(pool.processIds.length, 0);
    });

    it('finishes accepted jobs when it is closed', async () => {
      const pool = new ProverPool({ backend: 'snarkjs', keysDirectory: keys }, { workers: 1 });
      const jobs = [pool.prove(range.name, { value: 1n }), pool.prove(range.name, { value: 2n })];
      await pool.close();
      assert.equal((await Promise.all(jobs)).length, 2);
    });

    /** A program that ends its parent, the worker, for as long as the counter file is short. */
    const killer = (counter: string, times: number): string =>
      `appendFileSync('${counter}', 'x'); if (readFileSync('${counter}').length <= ${times}) { process.kill(process.ppid, 'SIGKILL'); process.exit(1); }\n${HONEST}`;

    it('starts another worker for one that died and tries its job again', async () => {
      const pool = new ProverPool(await external('kill-once.cjs', killer(join(folder, 'once'), 1)), { workers: 1 });
      assert.deepEqual((await pool.prove(range.name, { value: 9n })).publicSignals, [18n]);
      await pool.close();
    });

    it('gives up a job whose worker died twice, and goes on with others', async () => {
      const pool = new ProverPool(await external('kill-twice.cjs', killer(join(folder, 'twice'), 2)), { workers: 1 });
      await assert.rejects(pool.prove(range.name, { value: 9n }), { code: 'PROVER_PROCESS_DIED', message: /twice at a proof.*SIGKILL/ });
      assert.deepEqual((await pool.prove(range.name, { value: 9n })).publicSignals, [18n]);
      await pool.close();
    });

    it('refuses everything once its restarts are used up', async () => {
      const pool = new ProverPool(await external('kill-always.cjs', killer(join(folder, 'always'), 99)), { workers: 1, restarts: 0 });
      const jobs = [pool.prove(range.name, { value: 1n }), pool.prove(range.name, { value: 2n })];
      for (const job of jobs) await assert.rejects(job, { code: 'PROVER_PROCESS_DIED', message: /no restart is left/ });
      await assert.rejects(pool.prove(range.name, { value: 3n }), { code: 'PROVER_PROCESS_DIED' });
      await pool.close();
    });
  });

  describe('a proof that was made', () => {
    let proof: Groth16Proof;
    before(async () => {
      ({ proof } = await createProver({ backend: 'snarkjs', keysDirectory: keys }).prove(product.name, PRODUCT_INPUT));
    });

    it('does not verify for signals plus p, a signal more or a signal less', async () => {
      const key = await loadVerificationKey(keys, product.name);
      assert.equal(await verifyProof(key, PRODUCT_SIGNALS, proof), true);
      for (const signals of [[5n + FIELD_MODULUS, 12n], [5n], [5n, 12n, 0n], [-5n, 12n], []]) assert.equal(await verifyProof(key, signals, proof), false);
    });

    it('does not verify with points that are off their curves or swapped', async () => {
      const key = await loadVerificationKey(keys, product.name);
      const { a, b, c } = proof;
      const bent: readonly Groth16Proof[] = [
        { a: [0n, 0n], b, c },
        { a: [a[0], a[1] + 1n], b, c },
        { a: c, b, c: a },
        { a, b: [[b[0][1], b[0][0]], [b[1][1], b[1][0]]], c },
        { a, b: [[0n, 0n], [0n, 0n]], c },
      ];
      for (const bad of bent) assert.equal(await verifyProof(key, PRODUCT_SIGNALS, bad), false);
    });

    it('does not count when the manifest vouches for the verification key of other inputs', async () => {
      const honest = await loadVerificationKey(keys, product.name);
      const [first, second, third] = honest.ic;
      const other = { ...honest, ic: [first, third, second] as never };
      const swapped = JSON.stringify(verificationKeyToJson(other));
      const copy = await keyFolder(product);
      const manifest = await readKeyManifest(copy.keys);
      const record = { ...requireRecord(manifest, copy.keys, product.name), vkeySha256: sha256(swapped), verificationKeyHash: verificationKeyHash(other) };
      await writeFile(keyPaths.vkey(copy.keys, product.name), swapped);
      await writeFile(keyPaths.manifest(copy.keys), serializeKeyManifest({ ...manifest, keys: { [product.name]: record } }));
      const prover = createProver({ backend: 'snarkjs', keysDirectory: copy.keys });
      await assert.rejects(prover.prove(product.name, PRODUCT_INPUT), { code: 'KEY_MALFORMED', message: /different set-ups/ });
      await copy.remove();
    });
  });

  it("the Solidity verifier carries the key's points", async () => {
    const source = await solidityVerifierSource(keyPaths.zkey(keys, product.name));
    const { alpha, delta, ic } = await loadVerificationKey(keys, product.name);
    for (const value of [...alpha, ...delta.flat(), ...ic.flat()]) assert.ok(source.includes(String(value)));
    assert.match(source, /uint\[2\] calldata _pubSignals/);
  });
});
