import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployDemoVenue, startDemoChain, type DemoChain } from '../../src/cli/demo/demo-chain.js';
import { demoFolders } from '../../src/cli/demo/demo-folders.js';
import { buildPath } from '../../src/cli/project.js';
import { parseVerificationKey, verificationKeyHash } from '../../src/groth16/verification-key.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { finishVerifierSource } from '../../src/toolchain/verifier-source.js';
import { KnownTrapdoor, renderVerifier } from '../contracts/known-trapdoor.js';

const CONTRACT = 'SolvencyBatchN16K3S2Verifier';
const SIGNALS = 4;

describe('a demo on keys and contracts of another folder', function () {
  this.timeout(60_000);
  let build: string;
  let chain: DemoChain | undefined;

  before(async () => {
    build = await mkdtemp(join(tmpdir(), 'clearproof-build-'));
    const { contracts } = demoFolders('demo', build);
    await cp(buildPath('contracts'), contracts, { recursive: true, filter: (file) => !file.endsWith('.sol') });
    const source = finishVerifierSource(renderVerifier(new KnownTrapdoor(SIGNALS).verificationKey()), { contractName: CONTRACT, developmentKey: true });
    const [artifact] = compileSources('.', { [`${CONTRACT}.sol`]: source });
    await rm(join(contracts, `${CONTRACT}.json`));
    await writeFile(join(contracts, `${CONTRACT}.json`), JSON.stringify(artifact));
  });
  after(async () => {
    chain?.connection.close();
    await chain?.node.stop();
    await rm(build, { recursive: true, force: true });
  });

  it('lies where build/ would have it', () => {
    assert.deepEqual(demoFolders('demo', build), { keys: join(build, 'keys'), contracts: join(build, 'contracts'), work: join(build, 'demo'), report: join(build, 'report') });
    assert.deepEqual(demoFolders('demo-real'), { keys: buildPath('keys'), contracts: buildPath('contracts'), work: buildPath('demo-real'), report: buildPath('report') });
  });

  it('deploys the verifiers of that folder, and takes keys from it [P-206]', async () => {
    const { node, connection, now } = await startDemoChain();
    const { table } = syntheticVenue({ seed: 'demo folders', accounts: 24, slots: 3, instruments: 8, scenarios: 2, snapshotTime: now });
    const folders = demoFolders('demo', build);
    const file = join(build, 'deployment.json');
    chain = await deployDemoVenue(node, connection, { circuits: ['solvency-batch-n16-k3-s2', 'solvency-close-u16-s2'], table, markets: 'stated', file, folders });
    assert.equal(chain.deployment.circuits[0]?.verificationKeyHash, verificationKeyHash(parseVerificationKey(new KnownTrapdoor(SIGNALS).verificationKey(), 'test')));
    assert.deepEqual(chain.folders, folders);
    assert.match(await readFile(file, 'utf8'), /"registry"/);
  });
});
