import assert from 'node:assert/strict';
import { Contract } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { receiptOf } from '../../src/chain/contract-call.js';
import { deployContract } from '../../src/chain/deploy-contract.js';
import { toSolidityProof } from '../../src/chain/epoch-submission.js';
import { ContractRevertedError } from '../../src/chain/errors.js';
import { minedReceipt } from '../../src/chain/mined-receipt.js';
import { PROOF_BATCH_INTERFACE } from '../../src/chain/proof-batch-abi.js';
import { ProofBatchClient, type ProofToBatch } from '../../src/chain/proof-batch-client.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { baseOf } from '../../src/commitment/identity.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verificationKeyHash, type VerificationKey } from '../../src/groth16/verification-key.js';
import { ACCOUNT_SIGNER_SIGNALS } from '../../src/statement/account-signer.js';
import { orderSignals } from '../../src/statement/named-signals.js';
import { accountSignerInput, accountSignerSignals } from '../../src/witness/account-signer-input.js';
import { ACCOUNT_SHAPE, OWNER } from '../builders/account.js';
import { TEST_VENUE } from '../builders/epoch.js';
import { KEYS, proveInputs } from '../builders/on-chain-epoch.js';
import { assertGas } from './support/gas-snapshot.js';
import { rerandomised } from './support/rerandomise.js';
import { proofSimulator } from './support/simulated-proof.js';
import { ARTIFACTS } from './support/venue-on-chain.js';

const { signerCircuit } = ACCOUNT_SHAPE;
/** An estimate is no good here: with too little gas the answer is no, not a revert. */
const PLENTY = 5_000_000n;
const GAS_TEST = 'test/flows/proof-batch-on-chain.test.ts';

/** Proofs of a circuit with five public signals, as many as account-transition has, under its generated key. */
describe('proofs verified at once', function () {
  this.timeout(120_000);
  let anvil: AnvilNode;
  let connection: ChainConnection;
  let signer: ConnectedSigner;
  let key: VerificationKey;
  let keyHash: string;
  let batch: ProofBatchClient;
  let contract: Contract;
  const gas: Record<string, number> = {};

  before(async () => {
    anvil = await startAnvil({ timestamp: 1_900_000_000 });
    connection = await connectChain(anvil.url, { pollingMs: 25 });
    signer = anvilWallet(0, connection.provider) as ConnectedSigner;
    key = await loadVerificationKey(KEYS, signerCircuit);
    keyHash = verificationKeyHash(key);
    const deployed = await deployContract(signer, ARTIFACTS, 'ProofBatch', []);
    gas['deploy ProofBatch'] = Number(deployed.receipt.gasUsed);
    batch = new ProofBatchClient(deployed.address, signer);
    contract = new Contract(deployed.address, PROOF_BATCH_INTERFACE, signer);
  });
  after(async () => {
    (connection as ChainConnection | undefined)?.close();
    await (anvil as AnvilNode | undefined)?.stop();
    await releaseCurves();
  });

  it('[P-221] hold under a key once it was added, by its hash, and no sooner', async () => {
    const proofs = await simulated();
    assert.equal(await batch.hasKey(keyHash), false);
    await assertReverts(batch.verify(keyHash, proofs), 'UnknownKey');
    gas['addKey'] = Number((await batch.addKey(key)).gasUsed);
    assert.equal(await batch.hasKey(keyHash), true);
    assert.equal(await batch.verify(keyHash, proofs), true);
    await batch.addKey(key);
    assert.equal(await batch.verify(keyHash, proofs), true);
  });

  it('[P-221] are real ones of the circuit, and refused when one changed', async () => {
    const honest = await real();
    assert.equal(await batch.verify(keyHash, honest), true);
    const [first, second] = honest as readonly [ProofToBatch, ProofToBatch];
    assert.equal(await batch.verify(keyHash, [first, { ...second, proof: rerandomised(second.proof) }, first]), true, 're-randomised and repeated');
    const wrong: readonly (readonly ProofToBatch[])[] = [
      [first, { proof: first.proof, signals: second.signals }], [{ ...first, proof: second.proof }, { ...second, proof: first.proof }],
      ...first.signals.flatMap((signal, place) => [(signal + 1n) % FIELD_MODULUS, signal + FIELD_MODULUS].map((changed) => [{ ...first, signals: first.signals.with(place, changed) }, second])),
    ];
    for (const proofs of wrong) assert.equal(await batch.verify(keyHash, proofs), false);
    await assertReverts(batch.verify(keyHash, []), 'NoProofs');
    await assertReverts(batch.verify(keyHash, [{ ...first, signals: first.signals.slice(1) }]), 'SignalCount');
  });

  it('cost a transaction what the snapshot says, half a percent either way', async () => {
    const pair = await simulated();
    for (const count of [1, 2, 16, 32]) {
      const proofs = Array.from({ length: count }, (_, place) => pair[place % pair.length] as ProofToBatch);
      const args = [keyHash, proofs.map(({ proof }) => toSolidityProof(proof)), proofs.map(({ signals }) => signals)];
      gas[`verify, ${count} ${count === 1 ? 'proof' : 'proofs'}`] = Number(receiptOf(await minedReceipt(await contract.getFunction('verify').send(...args, { gasLimit: PLENTY }))).gasUsed);
    }
    gas['verify, each further proof'] = Math.round(((gas['verify, 32 proofs'] as number) - (gas['verify, 16 proofs'] as number)) / 16);
    await assertGas(gas, GAS_TEST, 'proofs');
  });

  /** Two statements, always the same. */
  async function simulated(): Promise<readonly ProofToBatch[]> {
    const prove = await proofSimulator(signerCircuit);
    return [1n, 2n].map((seed) => {
      const signals = ACCOUNT_SIGNER_SIGNALS.map((_, place) => (seed * 0x9e3779b97f4a7c15n ** BigInt(place + 1)) % FIELD_MODULUS);
      return { proof: prove(signals), signals };
    });
  }

  async function real(): Promise<readonly ProofToBatch[]> {
    const statements = [7n, 8n].map((epoch) => ({
      base: baseOf(portablePoseidon, TEST_VENUE), circuitId: circuitIdOf(signerCircuit), epoch, laterEpoch: epoch + 1n, owner: OWNER,
    }));
    const signals = statements.map((statement) => accountSignerSignals(portablePoseidon, statement));
    const proofs = await proveInputs(signerCircuit, statements.map((statement, place) => accountSignerInput(signals[place] as (typeof signals)[number], statement)));
    return proofs.map((proof, place) => ({ proof, signals: orderSignals(ACCOUNT_SIGNER_SIGNALS, signals[place] as (typeof signals)[number]) }));
  }

  async function assertReverts(call: Promise<unknown>, errorName: string): Promise<void> {
    await assert.rejects(call, (error: unknown) => {
      assert.ok(error instanceof ContractRevertedError, String(error));
      assert.equal(error.errorName, errorName);
      return true;
    });
  }
});
