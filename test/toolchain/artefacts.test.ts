import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { circuitKindOf } from '../../src/chain/deployment.js';
import { verifierContractName } from '../../src/chain/verifier-name.js';
import { fileSha256 } from '../../src/file/file-sha256.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { keyPaths } from '../../src/groth16/key-manifest.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verificationKeyHash } from '../../src/groth16/verification-key.js';
import { holdsKey, verifierCodeOf, type CompiledVerifier } from '../../src/groth16/verifier-code.js';
import { circuitPaths, compileCircuit } from '../../src/toolchain/circuits.js';
import { compileContracts } from '../../src/toolchain/contracts.js';
import { makeDevelopmentKey } from '../../src/toolchain/keys.js';
import { recordVerifierCode } from '../../src/toolchain/verifier-code.js';
import { generateVerifiers } from '../../src/toolchain/verifiers.js';

const TINY = { name: 'row-mark-tiny', template: 'Product', source: 'circuits/product.circom', parameters: {}, public: ['label', 'product'], use: 'test' } as const;
const SNAPSHOT = 'test/snapshots/artefacts.json';

describe('what is built', function () {
  this.timeout(240_000);
  after(releaseCurves);

  it('has the hashes that are written down, circuit by circuit: circuits, keys and verifiers [S6, S7]', async () => {
    const circuits = (await readCircuitList()).filter(({ use }) => use !== 'production');
    const found: Record<string, unknown> = {};
    for (const { name } of circuits) found[name] = await hashesOf(name);
    const text = `${JSON.stringify(found, undefined, 1)}\n`;
    if (process.env['UPDATE_SNAPSHOTS'] === '1') await writeFile(SNAPSHOT, text);
    assert.deepEqual(found, JSON.parse(await readFile(SNAPSHOT, 'utf8')), 'after a change on purpose: UPDATE_SNAPSHOTS=1 and read the difference');
  });

  it('is the same to the byte when it is built twice, in two folders [S7]', async () => {
    await mkdir('build/test', { recursive: true });
    const roots = [await mkdtemp('build/test/built-once-'), await mkdtemp('build/test/built-a-second-time-')];
    try {
      for (const root of roots) await build(root);
      const [first, second] = await Promise.all(roots.map(filesBelow));
      assert.ok(first !== undefined && second !== undefined);
      assert.deepEqual([...second.keys()], [...first.keys()]);
      const kinds = ['.r1cs', '.wasm', '.zkey', '.vkey.json', 'manifest.json', 'Verifier.sol', 'Verifier.json'];
      assert.deepEqual(kinds.filter((kind) => ![...first.keys()].some((name) => name.endsWith(kind))), [], 'all there');
      for (const [name, bytes] of first) assert.ok(bytes.equals(second.get(name) as Buffer), `${name} differs`);
    } finally {
      for (const root of roots) await rm(root, { recursive: true });
    }
  });
});

async function hashesOf(name: string): Promise<Readonly<Record<string, string>>> {
  const compiled = circuitPaths(name);
  const key = await loadVerificationKey('build/keys', name);
  const files = {
    r1csSha256: await fileSha256(compiled.r1cs), wasmSha256: await fileSha256(compiled.wasm),
    zkeySha256: await fileSha256(keyPaths.zkey('build/keys', name)), vkeySha256: await fileSha256(keyPaths.vkey('build/keys', name)),
    verificationKeyHash: verificationKeyHash(key),
  };
  if (circuitKindOf(name) === undefined) return files;
  const compiledVerifier = JSON.parse(await readFile(join('build/contracts', `${verifierContractName(name)}.json`), 'utf8')) as CompiledVerifier;
  assert.ok(holdsKey(compiledVerifier.deployedBytecode, key), `${name}: the verifier's code has every coordinate of the key`);
  const { creationCodeHash, runtimeCodeHash } = verifierCodeOf(compiledVerifier);
  return { ...files, creationCodeHash, runtimeCodeHash };
}

/** Circuit, key, verifier and manifest of a small circuit with a name that a registry takes. */
async function build(root: string): Promise<void> {
  const [circuits, keys, contracts] = ['circuits', 'keys', 'contracts'].map((folder) => join(root, 'build', folder)) as [string, string, string];
  const { name, template, source, use } = TINY;
  await compileCircuit({ name, template, source, use, parameters: [], publicSignals: TINY.public }, circuits, 'test/groth16');
  await makeDevelopmentKey(name, { circuits, keys });
  await mkdir(join(root, 'circuits'));
  await writeFile(join(root, 'circuits', 'circuits.json'), JSON.stringify({ circuits: [TINY] }));
  await generateVerifiers({ root, circuits: [name] });
  await compileContracts({ root, directories: ['build/contracts/verifiers'] });
  assert.equal(await recordVerifierCode({ keys, contracts }), 1);
}

async function filesBelow(root: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(root, name))] as const)));
}
