import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Contract, ContractFactory } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { developmentProvingKey } from '../../src/groth16/development-setup/development-setup.js';
import { serializeKeyManifest } from '../../src/groth16/key-manifest-format.js';
import { KeyHashError, KeyMissingError, sha256 } from '../../src/groth16/key-manifest.js';
import { toolVersions } from '../../src/groth16/tool-versions.js';
import { DEVELOPMENT_SECURITY, parseVerificationKey, verificationKeyHash, verificationKeyToJson } from '../../src/groth16/verification-key.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import { compile } from '../../src/toolchain/circom.js';
import { CircuitListError } from '../../src/groth16/circuit-list.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { VerifierKeyError, generateVerifiers } from '../../src/toolchain/verifiers.js';

const CIRCUIT = 'solvency-batch-tiny';
const SOURCE = `pragma circom 2.2.3;
template Tiny() { signal input a; signal input b; signal output c; c <== a * b + 7; }
component main {public [a]} = Tiny();
`;

/** A root with one circuit of two public signals and its development key, as "make keys" leaves it. */
async function makeRoot(): Promise<string> {
  await mkdir('build/test', { recursive: true });
  const root = await mkdtemp('build/test/verifiers-');
  await writeFile(join(root, `${CIRCUIT}.circom`), SOURCE);
  const { r1cs } = await compile(join(root, `${CIRCUIT}.circom`), join(root, 'compiled'), { libraries: ['node_modules'], optimisation: 2 });
  const zkey = await developmentProvingKey(await readFile(r1cs), r1cs);
  const key = { ...parseZkey(zkey, 'tiny').verificationKey, security: DEVELOPMENT_SECURITY };
  const keys = join(root, 'build', 'keys');
  await mkdir(keys, { recursive: true });
  await writeFile(join(keys, `${CIRCUIT}.zkey`), zkey);
  await writeKey(root, JSON.stringify(verificationKeyToJson(key)));
  await mkdir(join(root, 'circuits'));
  const entry = { name: CIRCUIT, template: 'Tiny', source: 'tiny/tiny.circom', parameters: {}, public: ['c', 'a'], use: 'test' };
  const other = { ...entry, name: 'product-tiny' };
  await writeFile(join(root, 'circuits', 'circuits.json'), JSON.stringify({ circuits: [entry, other] }));
  return root;
}

/** Writes a verification key and a manifest that vouches for it. */
async function writeKey(root: string, json: string): Promise<void> {
  const keys = join(root, 'build', 'keys');
  await writeFile(join(keys, `${CIRCUIT}.vkey.json`), json);
  const zkeySha256 = sha256(await readFile(join(keys, `${CIRCUIT}.zkey`)));
  const hash = verificationKeyHash(parseVerificationKey(JSON.parse(json), CIRCUIT));
  const record = { zkeySha256, vkeySha256: sha256(json), r1csSha256: sha256(''), wasmSha256: sha256(''), verificationKeyHash: hash, security: DEVELOPMENT_SECURITY };
  await writeFile(join(keys, 'manifest.json'), serializeKeyManifest({ version: 2, tools: toolVersions(), keys: { [CIRCUIT]: record } }));
}

describe('generating verifiers', function () {
  this.timeout(120_000);
  let made: string;
  let root: string;
  let anvil: AnvilNode;
  let chain: ChainConnection;

  before(async () => {
    made = await makeRoot();
    anvil = await startAnvil();
    chain = await connectChain(anvil.url);
  });

  beforeEach(async () => {
    root = await mkdtemp('build/test/verifiers-');
    await cp(made, root, { recursive: true });
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  after(async () => {
    (chain as ChainConnection | undefined)?.close();
    await (anvil as AnvilNode | undefined)?.stop();
    await releaseCurves();
    await rm(made, { recursive: true, force: true });
  });

  it('makes one for every circuit a registry takes, which knows its key and says it is insecure [S6]', async () => {
    assert.deepEqual(await generateVerifiers({ root }), ['SolvencyBatchTinyVerifier']);
    const directory = join(root, 'build', 'contracts', 'verifiers');
    assert.deepEqual(await readdir(directory), ['SolvencyBatchTinyVerifier.sol']);
    const source = await readFile(join(directory, 'SolvencyBatchTinyVerifier.sol'), 'utf8');
    assert.match(source, /INSECURE development key/);
    const [artifact] = compileSources('.', { 'SolvencyBatchTinyVerifier.sol': source });
    assert.ok(artifact !== undefined);
    const abi = artifact.abi as ConstructorParameters<typeof ContractFactory>[0];
    const deployed = await new ContractFactory(abi, artifact.bytecode, anvilWallet(0, chain.provider)).deploy();
    const verifier = new Contract(await deployed.getAddress(), abi, chain.provider);
    const { verificationKey } = parseZkey(await readFile(join(root, 'build', 'keys', `${CIRCUIT}.zkey`)), 'tiny');
    assert.equal(await verifier.getFunction('verificationKeyHash').staticCall(), verificationKeyHash({ ...verificationKey, security: 'any' }));
    assert.equal(await verifier.getFunction('isDevelopmentKey').staticCall(), true);
  });

  it('refuses a proving key that is not the one in the manifest', async () => {
    await writeFile(join(root, 'build', 'keys', `${CIRCUIT}.zkey`), 'other');
    await assert.rejects(generateVerifiers({ root, circuits: [CIRCUIT] }), KeyHashError);
  });

  it('refuses a verification key of another proving key, though the manifest vouches for both', async () => {
    const file = join(root, 'build', 'keys', `${CIRCUIT}.vkey.json`);
    const key = JSON.parse(await readFile(file, 'utf8')) as { IC: unknown[] };
    await writeKey(root, JSON.stringify({ ...key, IC: key.IC.toReversed() }));
    await assert.rejects(generateVerifiers({ root }), (error: unknown) => {
      assert.ok(error instanceof VerifierKeyError, String(error));
      assert.equal(error.details['circuit'], CIRCUIT);
      return true;
    });
  });

  it('names a circuit that is not in the list, and one without a key', async () => {
    await assert.rejects(generateVerifiers({ root, circuits: ['solvency-batch-none'] }), CircuitListError);
    await rm(join(root, 'build', 'keys'), { recursive: true });
    await assert.rejects(generateVerifiers({ root }), KeyMissingError);
  });
});
