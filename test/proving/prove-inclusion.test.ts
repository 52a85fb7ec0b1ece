import assert from 'node:assert/strict';
import { baseOfVenue } from '../../src/attestation/venue-base.js';
import { balanceCommitment, heldInRows, type BalanceOpening } from '../../src/commitment/balance-commitment.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { domainOf } from '../../src/commitment/identity.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { createProver } from '../../src/groth16/prover-config.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { planEpoch, type EpochPlan } from '../../src/proving/epoch-plan.js';
import { epochStatements, type EpochStatements } from '../../src/proving/epoch-statements.js';
import { accountOfPlan, accountOfReceipt, inclusionCircuit, proveInclusion, type IncludedAccount } from '../../src/proving/prove-inclusion.js';
import { receiptsOf } from '../../src/proving/receipts.js';
import { ACCOUNT_INCLUSION_SIGNALS } from '../../src/statement/account-inclusion.js';
import { orderSignals } from '../../src/statement/named-signals.js';
import { INCLUSION_SHAPE } from '../builders/inclusion.js';
import { smallMarket } from '../builders/market.js';
import { StandInProver, VENUE, account, testShape } from './support.js';

const [CASH, COIN] = [0, 1] as const;
const ALICE = { userId: 'alice', subAccount: 2 };

describe('proofs that an account is included', () => {
  let poseidon: Poseidon;
  let catalogue: readonly CircuitDefinition[];
  let plan: EpochPlan;
  let statements: EpochStatements;
  let alice: IncludedAccount;
  before(async () => {
    poseidon = await bulkPoseidon();
    catalogue = await readCircuitList();
    const accounts = [account('bob', [{ index: CASH, quantity: 5_000_001n }]), account('alice', [{ index: CASH, quantity: -9n }, { index: COIN, quantity: 4_000_003n }], 2), account('alice', [{ index: CASH, quantity: 77n }])];
    plan = planEpoch(poseidon, { accounts }, smallMarket(), await testShape(), VENUE, 3, catalogue);
    statements = epochStatements(poseidon, plan);
    alice = accountOfPlan(poseidon, plan, statements.tree, ALICE);
  });

  const promised = (change: Partial<BalanceOpening> = {}): BalanceOpening => ({ key: alice.account.key, firstRow: COIN, lastRow: COIN, amount: 4_000_003n, blinding: 99n, ...change });

  it('take an account from the plan as its receipt has it', () => {
    const receipts = [...receiptsOf(plan, statements.tree, { sha256: '0'.repeat(64), location: '' })];
    const receipt = receipts.find(({ userId, subAccount }) => userId === ALICE.userId && subAccount === ALICE.subAccount);
    assert.ok(receipt !== undefined);
    assert.deepEqual(accountOfReceipt(poseidon, receipt), alice);
    assert.equal(heldInRows(alice.account.slots, COIN, COIN), 4_000_003n);
    assert.notDeepEqual(accountOfPlan(poseidon, plan, statements.tree, { userId: 'alice', subAccount: 0 }), alice);
  });

  it('are made in the circuit of the leaf\'s and the tree\'s shape, for the epoch\'s root, and verify', async function () {
    this.timeout(120_000);
    const prover = createProver({ backend: 'snarkjs', keysDirectory: 'build/keys' });
    try {
      for (const balance of [promised(), promised({ firstRow: CASH, lastRow: CASH, amount: 0n })]) {
        const { circuit, signals, proof } = await proveInclusion(prover, poseidon, catalogue, alice, balance);
        assert.equal(circuit, INCLUSION_SHAPE.circuit);
        assert.deepEqual(signals, {
          domain: domainOf(poseidon, baseOfVenue(poseidon, VENUE), circuitIdOf(circuit)), accountsRoot: statements.closeSignals.accountsRoot, balance: balanceCommitment(poseidon, balance),
        });
        const key = await loadVerificationKey('build/keys', circuit);
        const ordered = orderSignals(ACCOUNT_INCLUSION_SIGNALS, signals);
        assert.equal(await verifyProof(key, ordered, proof), true);
        // Each public signal is bound, the domain too, which no other constraint sees.
        for (const place of ordered.keys()) assert.equal(await verifyProof(key, ordered.map((value, at) => (at === place ? value + 1n : value)), proof), false, ACCOUNT_INCLUSION_SIGNALS[place] ?? '');
      }
    } finally {
      await prover.close();
    }
  });

  const refused = async (circuits: readonly CircuitDefinition[], included: IncludedAccount, balance: BalanceOpening, code: string, message: RegExp): Promise<void> => {
    const prover = new StandInProver();
    await assert.rejects(proveInclusion(prover, poseidon, circuits, included, balance), (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, code);
      assert.match(thrown.message, message);
      assert.doesNotMatch(`${thrown.message}${JSON.stringify(thrown)}`, /4000003|5000001|alice|bob/, 'no holding or user in an error');
      return true;
    });
    assert.deepEqual(prover.circuits, []);
  };

  it('are refused before anything is proven where less is held, where a debt makes it less, and of another account', async () => {
    await refused(catalogue, alice, promised({ amount: 4_000_004n }), 'BALANCE_SHORT', /holds less in this epoch than the receipt promises: answer with a later order/);
    await refused(catalogue, alice, promised({ firstRow: CASH }), 'BALANCE_SHORT', /holds less/);
    await refused(catalogue, alice, promised({ key: 1n }), 'BALANCE_KEY', /is of another account/);
    await refused(catalogue, alice, promised({ firstRow: COIN, lastRow: CASH, amount: 0n }), 'BALANCE_RANGE', /stands behind its last/);
  });

  it('are refused of an account that the epoch does not have, without naming it', () => {
    for (const of of [{ userId: 'alice', subAccount: 1 }, { userId: 'carol', subAccount: 0 }]) {
      assert.throws(() => accountOfPlan(poseidon, plan, statements.tree, of), (thrown: Error & { code?: string }) => {
        assert.equal(thrown.code, 'ACCOUNT_OMITTED');
        assert.match(thrown.message, /epoch 3 has no such account/);
        assert.doesNotMatch(`${thrown.message}${JSON.stringify(thrown)}`, /alice|carol/);
        return true;
      });
    }
  });

  it('are refused where no circuit has the shape, by that shape', async () => {
    await refused(catalogue.filter(({ name }) => name !== INCLUSION_SHAPE.circuit), alice, promised(), 'SHAPE_MISMATCH', /no circuit is AccountInclusion K = 3 DEPTH = 2: make a registry with one for each batch's K and depth/);
    assert.equal(inclusionCircuit(catalogue, 50, 5).name, 'account-inclusion-k50-d5');
    assert.throws(() => inclusionCircuit(catalogue, 3, 5), { code: 'SHAPE_MISMATCH', message: /K = 3 DEPTH = 5/ });
  });
});
