import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contract, ContractFactory } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { toSolidityProof } from '../../src/chain/epoch-submission.js';
import { verifierContractName } from '../../src/chain/verifier-name.js';
import { addCeremonyCommands } from '../../src/cli/ceremony/ceremony-command.js';
import { ceremonyPaths, readCeremony } from '../../src/ceremony/ceremony-folder.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { snarkjsProver } from '../../src/groth16/snarkjs-prover.js';
import { isInsecure, verificationKeyHash } from '../../src/groth16/verification-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { rehearsalPaths, rehearseCeremony, type Rehearsal } from '../../src/toolchain/ceremony-rehearsal.js';
import { RehearsalProgram } from '../../src/toolchain/rehearsal-process.js';
import { writeVerifiers } from '../../src/toolchain/verifiers.js';
import { inProcess } from '../cli/commands-in-process.js';
import type { Ended } from '../cli/program.js';
import { PRODUCT_INPUT, PRODUCT_SIGNALS, keyFolder, productCircuit, rangeCircuit } from '../groth16/tiny-circuits.js';
import { TEST_CIRCUITS, type CompiledTestCircuit } from '../harness/circuit.js';
import { compiledProgram } from '../harness/compiled-program.js';

describe('a whole ceremony, everybody in a process of their own', function () {
  this.timeout(180_000);
  let folder: string;
  let circuits: readonly [CompiledTestCircuit, CompiledTestCircuit];
  let rehearsal: Rehearsal;
  let taken: Awaited<ReturnType<typeof rehearseCeremony>>['taken'];
  const said: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-rehearsal-'));
    circuits = [await productCircuit(), await rangeCircuit()];
    rehearsal = {
      folder, circuits: circuits.map(({ name }) => name), circuitsFolder: TEST_CIRCUITS, program: new RehearsalProgram(compiledProgram(), false),
      say: (line) => said.push(line),
    };
    ({ taken } = await rehearseCeremony(rehearsal));
  });
  after(async () => {
    await releaseCurves();
    await rm(folder, { recursive: true, force: true });
  });

  it('ends in keys that are labelled INSECURE, whoever contributed, for the secrets of the test phase 1 are public [P-204]', async () => {
    for (const { name } of circuits) {
      const key = await loadVerificationKey(rehearsalPaths(folder).keys, name);
      assert.ok(isInsecure(key), key.security);
      assert.match(key.security, /^INSECURE rehearsal key/);
    }
  });

  it('has three contributions and a beacon over every circuit, and the one that was killed in the middle is one contribution [P-205]', async () => {
    const { records } = await readCeremony(rehearsalPaths(folder).ceremony);
    assert.deepEqual(records.map(({ value }) => [value.kind, value.contributor]), [
      ['contribution', 'Contributor 1'], ['contribution', 'Contributor 2'], ['contribution', 'Contributor 3'], ['beacon', 'beacon'],
    ]);
    for (const { value } of records) assert.deepEqual(value.circuits.map(({ name }) => name), rehearsal.circuits);
    assert.equal(taken.find(({ step }) => step === 'contribution 2')?.note, 'killed after its first key, and gone on with');
  });

  it('goes on where it was stopped: what is done is not done again, and not for other circuits [P-205]', async () => {
    const plan = await readFile(ceremonyPaths.plan(rehearsalPaths(folder).ceremony), 'utf8');
    const again = await rehearseCeremony(rehearsal);
    assert.deepEqual(again.taken, taken);
    assert.equal(await readFile(ceremonyPaths.plan(rehearsalPaths(folder).ceremony), 'utf8'), plan);
    await assert.rejects(rehearseCeremony({ ...rehearsal, circuits: rehearsal.circuits.slice(1) }), { code: 'REHEARSAL_FOLDER', message: /is a rehearsal over .*: delete it/ });
  });

  it('makes verifiers that take a true proof on chain and in the program, and no other key\'s [P-204]', async () => {
    const [{ name }] = circuits;
    const { keys } = rehearsalPaths(folder);
    const development = await keyFolder(circuits[0]);
    const onChain = await VerifierOnChain.start(keys, name);
    try {
      const proof = await proofOf(keys, name);
      const foreign = await proofOf(development.keys, name);
      const key = await loadVerificationKey(keys, name);
      assert.equal(await onChain.keyHash(), verificationKeyHash(key));
      assert.deepEqual([await onChain.takes(proof, PRODUCT_SIGNALS), await verifyProof(key, PRODUCT_SIGNALS, proof)], [true, true]);
      const bent = [PRODUCT_SIGNALS[0] as bigint, 13n];
      assert.deepEqual([await onChain.takes(proof, bent), await verifyProof(key, bent, proof)], [false, false]);
      assert.deepEqual([await onChain.takes(foreign, PRODUCT_SIGNALS), await verifyProof(key, PRODUCT_SIGNALS, foreign)], [false, false]);
    } finally {
      await onChain.stop();
      await development.remove();
    }
  });

  it('is verified by a stranger from a copy without the middle keys, and is not with a contribution left out [P-204]', async () => {
    const { ceremony, phaseOne } = rehearsalPaths(folder);
    const copy = join(folder, 'copy');
    await cp(ceremony, copy, { recursive: true });
    for (const index of [1, 2, 3]) for (const { name } of circuits) await rm(ceremonyPaths.zkey(copy, index, name));
    const verify = (): Promise<Ended> => inProcess(addCeremonyCommands)('ceremony', 'verify', '--ceremony', copy, '--phase1', phaseOne, '--circuits-folder', TEST_CIRCUITS, '--json');
    const told = await verify();
    // Without a node the beacon's block cannot be told: all the rest holds.
    assert.equal(told.code, 2, told.stdout + told.stderr);
    await rm(ceremonyPaths.folder(copy, 2), { recursive: true });
    const [third, beacon] = [ceremonyPaths.folder(copy, 3), ceremonyPaths.folder(copy, 4)];
    await rename(third, ceremonyPaths.folder(copy, 2));
    await rename(beacon, third);
    const shorter = await verify();
    assert.equal(shorter.code, 1, shorter.stdout + shorter.stderr);
  });

  it('tells each step and how long it took', () => {
    assert.deepEqual(taken.map(({ step }) => step), [
      'phase 1, a test file', 'start', 'contribution 1', 'contribution 2', 'contribution 3', 'announcement', 'beacon', 'verification', 'keys',
    ]);
    assert.ok(taken.every(({ seconds, runs }) => seconds >= 0 && runs === 1));
    assert.ok(said.some((line) => /^start: \d+(\.\d)? s$/.test(line)), said.join('\n'));
  });
});

async function proofOf(keys: string, circuit: string): Promise<Groth16Proof> {
  return (await snarkjsProver(keys).prove(circuit, PRODUCT_INPUT)).proof;
}

/** The verifier that the toolchain makes of a key, deployed. */
class VerifierOnChain {
  private constructor(private readonly node: AnvilNode, private readonly connection: ChainConnection, private readonly contract: Contract) {}

  static async start(keys: string, circuit: string): Promise<VerifierOnChain> {
    const sources = await mkdtemp(join(tmpdir(), 'clearproof-verifier-'));
    try {
      await mkdir(sources, { recursive: true });
      await writeVerifiers(keys, [circuit], sources);
      const file = `${verifierContractName(circuit)}.sol`;
      const [artifact] = compileSources('.', { [file]: await readFile(join(sources, file), 'utf8') });
      assert.ok(artifact !== undefined);
      const node = await startAnvil();
      const connection = await connectChain(node.url);
      const deployed = await new ContractFactory(artifact.abi as never, artifact.bytecode, anvilWallet(0, connection.provider)).deploy();
      await deployed.waitForDeployment();
      return new VerifierOnChain(node, connection, new Contract(await deployed.getAddress(), artifact.abi as never, connection.provider));
    } finally {
      await rm(sources, { recursive: true, force: true });
    }
  }

  takes(proof: Groth16Proof, signals: readonly bigint[]): Promise<boolean> {
    const { a, b, c } = toSolidityProof(proof);
    return this.contract.getFunction('verifyProof')(a, b, c, signals) as Promise<boolean>;
  }

  keyHash(): Promise<string> {
    return this.contract.getFunction('verificationKeyHash')() as Promise<string>;
  }

  async stop(): Promise<void> {
    this.connection.close();
    await this.node.stop();
  }
}
