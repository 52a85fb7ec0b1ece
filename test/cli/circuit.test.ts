import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployContract } from '../../src/chain/deploy-contract.js';
import { CIRCUIT_DELAY } from '../../src/chain/deploy.js';
import { readDeployment, writeDeployment } from '../../src/chain/deployment-file.js';
import { ProofBatchClient } from '../../src/chain/proof-batch-client.js';
import { verifierContractName } from '../../src/chain/verifier-name.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { TRANSITION_SHAPE } from '../builders/transition.js';
import { ARTIFACTS, passTime, startVenue, type VenueOnChain } from '../flows/support/venue-on-chain.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

/** Accounts 0 and 1 of anvil's public mnemonic. */
const KEYS = {
  owner: 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  anybody: '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
} as const;
const { batchCircuit: OLD, closeCircuit: CLOSE } = TEST_SHAPE;
/** Another batch circuit with key and verifier of its own. */
const NEW = 'solvency-batch-n16-k5-s2-t2';

describe('circuits of a registry, through the command line', function () {
  this.timeout(600_000);
  let venue: VenueOnChain;
  let folder: string;
  let remove: () => Promise<void>;
  const at = (name: string): string => join(folder, name);
  const chain = (): string[] => ['--deployment', at('deployment.json'), '--rpc', venue.anvilUrl, '--json'];
  const as = (who: keyof typeof KEYS, ...args: readonly string[]): Promise<Ended> => clearproof('circuit', ...args, ...chain(), '--key-file', at(`${who}.key`));
  const done = (ended: Ended): Record<string, unknown> => {
    assert.equal(ended.code, 0, `${ended.stdout}${ended.stderr}`);
    return oneJson(ended);
  };
  const refused = (ended: Ended): readonly unknown[] => {
    const { code, message } = errorOf(ended);
    return [ended.code, code, .../ was refused by the contract: (\w+)/.exec(message)?.slice(1) ?? []];
  };
  /** Name, state and what is said of the code, circuit by circuit. */
  const listed = async (...args: readonly string[]): Promise<unknown[]> => {
    const { circuits } = done(await clearproof('circuit', 'list', ...chain(), ...args)) as { readonly circuits: readonly Record<string, unknown>[] };
    return circuits.map(({ name, state, code }) => [name, state, code]);
  };
  const namesInFile = async (): Promise<string[]> => (await readDeployment(at('deployment.json'))).circuits.map(({ name }) => name);

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    venue = await startVenue(onChainVenue().table);
    await writeDeployment(at('deployment.json'), venue.deployment);
    for (const [name, key] of Object.entries(KEYS)) await writeFile(at(`${name}.key`), key, { mode: 0o600 });
  });
  after(async () => {
    await (venue as VenueOnChain | undefined)?.stop();
    await remove();
  });

  it('are proposed by the owner only, under a name that is free, with the verifier compiled here', async () => {
    assert.deepEqual(refused(await as('owner', 'propose', OLD)), [1, 'CIRCUIT_STATE']);
    assert.deepEqual(refused(await as('owner', 'propose', NEW, '--verifier', venue.deployment.circuits[0]?.verifier ?? '')), [1, 'VERIFIER_CODE']);
    assert.deepEqual(refused(await as('anybody', 'propose', NEW)), [1, 'CONTRACT_REVERTED', 'OwnableUnauthorizedAccount']);
  });

  it('wait for the delay, can be dropped meanwhile, and are then added by anybody, into the deployment file too', async () => {
    const proposal = done(await as('owner', 'propose', NEW, '--replaces', OLD));
    assert.deepEqual([proposal['insecure'], proposal['replaces']], [true, circuitIdOf(OLD).toString()]);
    assert.deepEqual(await listed(), [[OLD, 'in force', 'as compiled here'], [CLOSE, 'in force', 'as compiled here'], [NEW, 'waiting', 'as compiled here']]);
    assert.deepEqual(refused(await as('anybody', 'add', NEW)), [1, 'CONTRACT_REVERTED', 'CircuitNotReady']);
    assert.equal(done(await as('owner', 'cancel', NEW))['state'], 'cancelled');
    await passTime(venue, CIRCUIT_DELAY);
    assert.deepEqual(refused(await as('anybody', 'add', NEW)), [1, 'CONTRACT_REVERTED', 'CircuitNotProposed']);

    done(await as('owner', 'propose', NEW, '--replaces', OLD));
    await passTime(venue, CIRCUIT_DELAY);
    assert.deepEqual((await listed()).at(-1), [NEW, 'ready', 'as compiled here']);
    assert.deepEqual(await namesInFile(), [OLD, CLOSE]);
    const added = done(await as('anybody', 'add', NEW));
    assert.deepEqual([added['addedBefore'], added['kind']], [false, 'batch']);
    assert.deepEqual(await namesInFile(), [OLD, CLOSE, NEW]);
    const again = done(await as('anybody', 'add', NEW));
    assert.deepEqual({ ...again, addedBefore: false }, added);
    assert.deepEqual(await namesInFile(), [OLD, CLOSE, NEW]);
  });

  it('are retired by the owner, once, and listed as retired; a verifier with other code is called out', async () => {
    assert.equal(done(await as('owner', 'retire', OLD))['state'], 'retired');
    assert.deepEqual(refused(await as('owner', 'retire', OLD)), [1, 'CONTRACT_REVERTED', 'CircuitIsRetired']);
    await mkdir(at('contracts'));
    const file = `${verifierContractName(NEW)}.json`;
    const artifact = JSON.parse(await readFile(join(ARTIFACTS, file), 'utf8')) as { readonly deployedBytecode: string };
    await writeFile(at(join('contracts', file)), JSON.stringify({ ...artifact, deployedBytecode: `${artifact.deployedBytecode}00` }));
    const said = await clearproof('circuit', 'list', ...chain().filter((word) => word !== '--json'), '--contracts', at('contracts'));
    assert.match(said.stdout, new RegExp(`${OLD} +batch +retired .* unknown`));
    assert.match(said.stdout, new RegExp(`${NEW} +batch +in force .* INSECURE +OTHER`));
    assert.match(said.stdout, /OTHER: a verifier has not the code compiled here/);
  });

  it('of cleared accounts bring their key into the batch verifier of the deployment when they are proposed', async () => {
    const { address: proofBatch } = await deployContract(venue.operator, ARTIFACTS, 'ProofBatch', []);
    const clearing = { house: proofBatch, terms: proofBatch, proofBatch, tradeBonds: proofBatch };
    await writeDeployment(at('deployment.json'), { ...await readDeployment(at('deployment.json')), clearing });
    const { verificationKeyHash } = done(await as('owner', 'propose', TRANSITION_SHAPE.circuit));
    assert.equal(await new ProofBatchClient(proofBatch, venue.operator).hasKey(verificationKeyHash as string), true);
    assert.deepEqual((await readDeployment(at('deployment.json'))).clearing, clearing);
  });
});
