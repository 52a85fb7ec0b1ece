import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { serializeKeyManifest } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord } from '../../src/groth16/key-manifest.js';
import { forgeryReport, forgeryTable } from '../../src/toolchain/forgery-report.js';

const [GOOD, OTHER] = ['row-mark-s2', 'row-mark-s8'] as const;

describe('the forgery report', function () {
  this.timeout(60_000);
  let node: AnvilNode;
  let chain: ChainConnection;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-forgery-report-'));
    const manifest = await readKeyManifest('build/keys');
    const records = [GOOD, OTHER].map((name) => [name, requireRecord(manifest, 'build/keys', name)] as const);
    await writeFile(keyPaths.manifest(folder), serializeKeyManifest({ ...manifest, keys: Object.fromEntries(records) }));
    for (const name of [GOOD, OTHER]) await symlink(resolve(keyPaths.vkey('build/keys', name)), keyPaths.vkey(folder, name));
    node = await startAnvil();
    chain = await connectChain(node.url);
  });
  after(async () => {
    chain.close();
    await node.stop();
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  it('has every key with what was refused, beside controls, and what public secrets forge, on snarkjs and on the contract [S2] [S12]', async () => {
    const report = await forgeryReport({ keys: folder, contracts: 'build/contracts', chain });
    assert.deepEqual(report.faults, []);
    assert.deepEqual(report.keys.map(({ circuit, insecure }) => [circuit, insecure]), [[GOOD, true], [OTHER, true]]);
    for (const { snarkjs, contract } of report.keys) {
      assert.deepEqual([snarkjs.refused, snarkjs.controls, snarkjs.publicSecretsForge], [8, 8, true]);
      assert.deepEqual([contract?.refused, contract?.controls, contract?.publicSecretsForge], [2, 2, true]);
    }
    assert.match(forgeryTable(report)[1] ?? '', /^row-mark-s2 +INSECURE +8 +8 +forges +2 +2 +forges$/);
  });

  it('names a verifier that is of another key, and goes on with the others [S6]', async () => {
    const contracts = await mkdtemp(join(folder, 'contracts-'));
    await copyFile('build/contracts/RowMarkS8Verifier.json', join(contracts, 'RowMarkS2Verifier.json'));
    await copyFile('build/contracts/RowMarkS8Verifier.json', join(contracts, 'RowMarkS8Verifier.json'));
    const report = await forgeryReport({ keys: folder, contracts, chain });
    assert.deepEqual(report.faults.map(({ circuit, code }) => [circuit, code]), [[GOOD, 'VERIFIER_CODE']]);
    assert.deepEqual(report.keys.map(({ circuit }) => circuit), [OTHER]);
    assert.match(forgeryTable(report).at(-1) ?? '', /^FAULT row-mark-s2: the verifier of row-mark-s2 at 0x\w+ does not hold the key.*\[VERIFIER_CODE\]$/);
  });
});
