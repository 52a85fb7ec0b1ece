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
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { verificationKeyHash, type VerificationKey } from '../../src/groth16/verification-key.js';
import { ACCOUNT_TRANSITION_SIGNALS } from '../../src/statement/account-transition.js';
import { orderSignals } from '../../src/statement/named-signals.js';
import { accountTransitionSignals } from '../../src/witness/account-transition-input.js';
import { smallMarket } from '../builders/market.js';
import { KEYS, proveInputs } from '../builders/on-chain-epoch.js';
import { TRANSITION_SHAPE, buys, sells, transition, transitionInput } from '../builders/transition.js';
import { assertGas } from './support/gas-snapshot.js';
import { rerandomised } from './support/rerandomise.js';
import { proofSimulator } from './support/simulated-proof.js';
import { ARTIFACTS } from './support/venue-on-chain.js';

const { circuit } = TRANSITION_SHAPE;
/** Rows of the small market. */
const [CASH, CALL] = [0, 4] as const;
/** An estimate is no good here: with too little gas the answer is no, not a revert. */
const PLENTY = 5_000_000n;
const GAS_TEST = 'test/flows/proof-batch-on-chain.test.ts';

/** Proofs of account-transition under its generated key. */
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
    key = await loadVerificationKey(KEYS, circuit);
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

  it('[P-221] are of both sides of a trade, and refused when one changed', async () => {
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
    const prove = await proofSimulator(circuit);
    return [1n, 2n].map((seed) => {
      const signals = ACCOUNT_TRANSITION_SIGNALS.map((_, place) => (seed * 0x9e3779b97f4a7c15n ** BigInt(place + 1)) % FIELD_MODULUS);
      return { proof: prove(signals), signals };
    });
  }

  /** Buyer's and seller's. */
  async function real(): Promise<readonly ProofToBatch[]> {
    const held = [{ index: CASH, quantity: 50_000n }];
    const statements = [buys, sells].map((side) => transition(portablePoseidon, smallMarket(), held, side(CALL, CASH, 2n, 8_100n)));
    const proofs = await proveInputs(circuit, statements.map((statement) => transitionInput(portablePoseidon, statement)));
    return statements.map((statement, place) => ({
      proof: proofs[place] as Groth16Proof, signals: orderSignals(ACCOUNT_TRANSITION_SIGNALS, accountTransitionSignals(portablePoseidon, statement)),
    }));
  }

  async function assertReverts(call: Promise<unknown>, errorName: string): Promise<void> {
    await assert.rejects(call, (error: unknown) => {
      assert.ok(error instanceof ContractRevertedError, String(error));
      assert.equal(error.errorName, errorName);
      return true;
    });
  }
});
