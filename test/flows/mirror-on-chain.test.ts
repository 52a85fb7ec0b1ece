import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contract, concat, getAddress, toBeArray, toBeHex } from 'ethers';
import { toSolidityClaim, type MarginClaim } from '../../src/chain/account-claims.js';
import { SolvencyBeaconClient, type BeaconMessage } from '../../src/chain/beacon-client.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { readContract, sendTransaction, type ChainReceipt } from '../../src/chain/contract-call.js';
import { deployContract } from '../../src/chain/deploy-contract.js';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { SolvencyGateClient } from '../../src/chain/gate-client.js';
import { MIRROR_INTERFACE } from '../../src/chain/mirror-abi.js';
import { SolvencyMirrorClient, type CoverageFacts } from '../../src/chain/mirror-client.js';
import { circuitsToPin, deployBeacon, deployMirror, type MirrorSetup } from '../../src/chain/mirror-deploy.js';
import { mirrorContextOf, mirrorScopeOf, type MirrorPlace } from '../../src/chain/mirror-scope.js';
import { ProofBatchClient } from '../../src/chain/proof-batch-client.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { circuitIdOf, digestOf } from '../../src/commitment/digest.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import type { AccountTerms } from '../../src/statement/account-terms.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { ACCOUNT_SHAPE } from '../builders/account.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { KEYS, onChainVenue } from '../builders/on-chain-epoch.js';
import { sealSubmission } from '../chain/mock-prover.js';
import { assertGas } from './support/gas-snapshot.js';
import { RULES, depositHoldings, epochProver, startVault, treeOf, type AccountsTree, type TestAccount, type VaultOnChain } from './support/vault-on-chain.js';
import { ARTIFACTS, VENUE_ID, assertReverts, passTime, statedMarket } from './support/venue-on-chain.js';

const GATEWAY = 'test/contracts/mocks/MockGateway.sol';
const GAS_TEST = 'test/flows/mirror-on-chain.test.ts';
const ACTION = `0x${'a'.repeat(64)}`;
const WORDS = [500_000_000n, 0n, 0n, 0n, 5_000_000n, 0n];
const QUESTION = { level: 'initial', maxTableAge: 3_600, action: ACTION } as const;
const [USD, ETH] = [0, 4];
/** Gas that the mock gateway itself uses for a delivery is in the figures: it does nothing but pass on. */
const BATCHES = [1, 4] as const;

/** A mirror that believes and one that verifies, behind two gateways, with generated keys in a real ProofBatch. Proofs are simulated: they cost the same. */
describe('a venue mirrored on a real chain', function () {
  this.timeout(300_000);
  const market = onChainVenue().table;
  const initial: MarketTable = { ...market, level: 'initial' };
  const gas: Record<string, number> = {};
  let venue: VaultOnChain;
  let folder: string;
  let consumer: ConnectedSigner;
  let tree: AccountsTree;
  let beacon: SolvencyBeaconClient;
  let gateways: readonly Contract[];
  let believing: SolvencyMirrorClient;
  let verifying: SolvencyMirrorClient;
  let place: MirrorPlace;
  let submission: EpochSubmission;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-mirror-'));
    venue = await startVault(market, { proofs: 'simulated' });
    consumer = venue.user(1);
    const { operator, deployment } = venue;
    for (const artifact of compileSources('.', { [GATEWAY]: await readFile(GATEWAY, 'utf8') })) await writeFile(join(folder, `${artifact.name}.json`), JSON.stringify(artifact));
    gateways = [(await deployContract(operator, folder, 'MockGateway', [])).contract, (await deployContract(operator, folder, 'MockGateway', [])).contract];
    const made = await deployBeacon(operator, ARTIFACTS, deployment, note('deploy SolvencyBeacon'));
    beacon = new SolvencyBeaconClient(made.address, VENUE_ID, operator);
    const proofs = await deployContract(operator, ARTIFACTS, 'ProofBatch', []);
    for (const circuit of [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit, ACCOUNT_SHAPE.marginCircuit]) {
      await new ProofBatchClient(proofs.address, operator).addKey(await loadVerificationKey(KEYS, circuit));
    }
    const setup: MirrorSetup = {
      admin: operator.address, homeChainId: deployment.chainId, homeRegistry: deployment.registry, beacon: made.address,
      poseidon3: (await deployContract(operator, ARTIFACTS, 'Poseidon3', [])).address, poseidon5: (await deployContract(operator, ARTIFACTS, 'Poseidon5', [])).address,
      proofs: proofs.address, circuits: await circuitsToPin(deployment.registry, operator),
      rules: { standingStaleAfter: 1_200, standingHaltAfter: 7_200, minOpening: 0 },
      gateways: { gateways: await Promise.all(gateways.map((gateway) => gateway.getAddress())), threshold: 2 }, gatewayDelay: 60,
    };
    const [first, second] = [
      await deployMirror(operator, ARTIFACTS, 'SolvencyMirror', setup, note('deploy SolvencyMirror')),
      await deployMirror(operator, ARTIFACTS, 'ProvenSolvencyMirror', setup, note('deploy ProvenSolvencyMirror')),
    ];
    believing = new SolvencyMirrorClient(first.address, VENUE_ID, operator);
    verifying = new SolvencyMirrorClient(second.address, VENUE_ID, operator);
    place = { chainId: deployment.chainId, mirror: first.address };
    for (const table of [market, initial]) await venue.markets.state(statedMarket(table));
    const accounts: readonly TestAccount[] = [
      { name: 'alice', secret: 1_001n, signer: consumer.address, holdings: [{ index: USD, quantity: 300_000_000n }, { index: ETH, quantity: 5_000_000n }] },
      { name: 'bob', secret: 1_002n, signer: consumer.address, holdings: [{ index: USD, quantity: 200_000_000n }] },
    ];
    for (const { holdings } of accounts) await depositHoldings(venue, consumer, market, holdings);
    tree = treeOf(venue, 1, market, accounts);
    await venue.client.openSnapshot();
    submission = await sealed(1, BATCHES[1]);
    await venue.client.submitEpoch(submission);
  });
  after(async () => {
    await (venue as VaultOnChain | undefined)?.stop();
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  it('[P-281] opens once two gateways delivered what home accepted', async () => {
    const message = await beacon.makeEpoch();
    gas['makeEpoch'] = Number(message.receipt.gasUsed);
    assert.equal(await believing.mode(), 'HALT');
    gas['EPOCH, first gateway'] = Number((await deliver(0, believing, message)).gasUsed);
    assert.equal(await believing.mode(), 'HALT', 'one gateway');
    gas['EPOCH, completing gateway, first of a venue'] = Number((await deliver(1, believing, message)).gasUsed);
    assert.deepEqual([await believing.mode(), await believing.latestEpoch()], ['OPEN', 1]);
    await deliver(0, verifying, message);
    gas['EPOCH, completing gateway, mirror that verifies'] = Number((await deliver(1, verifying, message)).gasUsed);
    assert.deepEqual([await verifying.mode(), await verifying.provenEpoch(), (await verifying.venue()).epoch], ['HALT', 0, 1]);
    const table = await beacon.makeTable(statedMarket(initial).commitment);
    gas['makeTable'] = Number(table.receipt.gasUsed);
    for (const gateway of [0, 1]) gas['TABLE, completing gateway'] = Number((await deliver(gateway, believing, table)).gasUsed);
    await assertReverts(deliver(0, believing, { ...table, payload: `${table.payload}00` }).then(() => deliver(1, believing, { ...table, payload: `${table.payload}00` })), 'NotCanonical');
  });

  it('[P-291] verifies the epoch by its proofs, those of one circuit at once', async () => {
    const facts = await factsOf(1);
    const tampered = { ...submission, close: { ...submission.close, proof: submission.batches[0]?.proof ?? submission.close.proof } };
    await assertReverts(verifying.proveEpoch(tampered, facts), 'EpochProofsRejected');
    await assertReverts(verifying.proveEpoch(submission, { ...facts, fund: facts.fund + 1n }), 'NotTheMirroredEpoch');
    const four = await verifying.proveEpoch(submission, facts);
    gas[`proveEpoch, ${BATCHES[1]} batches, first of a venue`] = Number(four.gasUsed);
    assert.deepEqual([await verifying.mode(), await verifying.provenEpoch()], ['OPEN', 1]);
  });

  it('[P-289] takes a margin claim made for a consumer behind it, and for nobody else', async () => {
    const claim = await claimFor(place, 1);
    const asked = new SolvencyMirrorClient(believing.mirror, VENUE_ID, consumer);
    gas['recordFrame'] = Number((await believing.recordFrame(claim.circuitId, 1, claim.marketCommitment)).gasUsed);
    assert.equal(await asked.requireMargin(claim, QUESTION), claim.nullifier);
    const contract = new Contract(believing.mirror, MIRROR_INTERFACE, consumer);
    const { gasUsed } = await sendTransaction(contract, 'asking for margin', 'requireMargin', [VENUE_ID, toSolidityClaim(claim), 2, 3_600, ACTION]);
    gas['requireMargin'] = Number(gasUsed);
    await assertReverts(believing.requireMargin(claim, QUESTION), 'MarginProofRejected');
    await assertReverts(new SolvencyGateClient(venue.deployment.gate, VENUE_ID, consumer).requireMargin(claim, QUESTION), 'MarginProofRejected');
    const elsewhere = await claimFor({ ...place, chainId: place.chainId + 1n }, 1);
    await assertReverts(asked.requireMargin(elsewhere, QUESTION), 'MarginProofRejected');
    const { mirror } = believing;
    const reader = new Contract(mirror, MIRROR_INTERFACE, consumer);
    assert.equal(await readContract(reader, 'scope', 'scopeOf', [consumer.address]), mirrorScopeOf(place, consumer.address));
    assert.equal(await readContract(reader, 'context', 'contextOf', [consumer.address, ACTION]), mirrorContextOf(place, consumer.address, ACTION));
  });

  it('follows the venue: the next epoch, a standing, and what home does not say any more', async () => {
    // Until epoch 1 stands the vault takes no other snapshot.
    await passTime(venue, RULES.demandWindow + RULES.answerWindow);
    assert.equal(await believing.mode(), 'HALT', 'silence');
    const standing = await beacon.makeStanding();
    gas['makeStanding'] = Number(standing.receipt.gasUsed);
    gas['STANDING, first gateway'] = Number((await deliver(0, believing, standing)).gasUsed);
    gas['STANDING, completing gateway'] = Number((await deliver(1, believing, standing)).gasUsed);
    assert.equal(await believing.mode(), 'REDUCE_ONLY', 'heard again, and stale');
    const later = { ...market, snapshotTime: await latestTimestamp(venue.connection.provider) };
    await venue.markets.state(statedMarket(later));
    await venue.client.openSnapshot();
    submission = await sealed(2, BATCHES[0], later);
    await venue.client.submitEpoch(submission);
    const message = await beacon.makeEpoch();
    for (const mirror of [believing, verifying]) {
      await deliver(0, mirror, message);
      const { gasUsed } = await deliver(1, mirror, message);
      if (mirror === believing) gas['EPOCH, completing gateway'] = Number(gasUsed);
    }
    assert.deepEqual([await believing.mode(), await believing.latestEpoch(), await verifying.mode()], ['OPEN', 2, 'REDUCE_ONLY']);
    gas[`proveEpoch, ${BATCHES[0]} batch`] = Number((await verifying.proveEpoch(submission, await factsOf(2))).gasUsed);
    assert.equal(await verifying.mode(), 'OPEN');
    await passTime(venue, 1_201);
    assert.equal(await believing.mode(), 'REDUCE_ONLY');
    await passTime(venue, 6_000);
    assert.deepEqual([await believing.mode(), await verifying.mode()], ['HALT', 'HALT']);
  });

  it('costs what the snapshot says', () => assertGas(gas, GAS_TEST, 'mirror'));

  function note(entry: string): (step: string, receipt: ChainReceipt) => void {
    return (_, { gasUsed }) => {
      gas[entry] = Number(gasUsed);
    };
  }

  function deliver(gateway: number, { mirror }: SolvencyMirrorClient, { payload }: Pick<BeaconMessage, 'payload'>): Promise<ChainReceipt> {
    const reference = toBeArray(place.chainId);
    const sender = concat(['0x00010000', toBeHex(reference.length, 1), reference, '0x14', getAddress(beacon.beacon)]);
    const contract = gateways[gateway] as Contract;
    // The gateway's errors are the mirror's, which it passes on.
    const through = new Contract(contract.target, [...contract.interface.fragments, ...MIRROR_INTERFACE.fragments.filter(({ type }) => type === 'error')], venue.operator);
    return sendTransaction(through, 'delivering a message', 'deliverAs', [mirror, sender, payload]);
  }

  async function factsOf(epoch: number): Promise<CoverageFacts> {
    const { provider } = venue.connection;
    const facts = await verifying.coverageFacts(provider, epoch, 0, await provider.getBlockNumber());
    assert.ok(facts !== undefined, `facts of epoch ${epoch}`);
    return facts;
  }

  function claimFor(of: MirrorPlace, epoch: number): Promise<MarginClaim> {
    const terms: AccountTerms = { verdict: 'healthy', unmargined: false, scope: mirrorScopeOf(of, consumer.address), context: mirrorContextOf(of, consumer.address, ACTION) };
    assert.equal(tree.owned('alice').receipt.epoch, epoch);
    return venue.prover.margin(tree.owned('alice'), initial, terms);
  }

  /** An epoch of the tree whose batches are as many as told. */
  async function sealed(epoch: number, batches: number, table = market): Promise<EpochSubmission> {
    const proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] } as const;
    const draft: EpochSubmission = {
      epoch, marketCommitment: statedMarket(table).commitment, genesisAccumulator: digestOf('genesis'), words: WORDS,
      batches: Array.from({ length: batches }, (_, at) => ({ circuitId: circuitIdOf(TEST_SHAPE.batchCircuit), proof, accumulatorAfter: digestOf(`${epoch} ${at}`) })),
      close: {
        circuitId: circuitIdOf(TEST_SHAPE.closeCircuit), proof, accountsRoot: tree.root, accountsBound: BigInt(16 * batches), unhealthyBound: 0n, shortfall: 0n, tableStart: 0n,
        parts: [],
      },
    };
    return sealSubmission(draft, venue.deployment, await epochProver());
  }
});
