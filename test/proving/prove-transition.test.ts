import assert from 'node:assert/strict';
import { baseOfVenue } from '../../src/attestation/venue-base.js';
import { emptyAccount } from '../../src/clearing/apply-transition.js';
import { clearedCommitment, derivedNonce, type ClearedOpening } from '../../src/commitment/cleared-account.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { tradeCommitment } from '../../src/commitment/trade-commitment.js';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { createProver } from '../../src/groth16/prover-config.js';
import type { Prover } from '../../src/groth16/prover.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { proveTransition, type TransitionProof, type TransitionRequest } from '../../src/proving/prove-transition.js';
import { ACCOUNT_TRANSITION_SIGNALS } from '../../src/statement/account-transition.js';
import { orderSignals } from '../../src/statement/named-signals.js';
import { OWNER, keyOfOwner } from '../builders/account.js';
import { CLEARED_SLOTS, HOUSE, PERIOD, clearedAccount, heldBy, initialTable, tradeAct, tradeTerms } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';
import { TRANSITION_SHAPE } from '../builders/transition.js';
import { SignalProver } from '../harness/signal-prover.js';
import { StandInProver } from './support.js';

const { PERP, USDC, CALL } = TIERED_ROWS;
const market = initialTable();
const { venue } = HOUSE;

describe('proofs of transitions', () => {
  let poseidon: Poseidon;
  let catalogue: readonly CircuitDefinition[];
  let circuit: CircuitDefinition;
  before(async () => {
    poseidon = await bulkPoseidon();
    catalogue = await readCircuitList();
    circuit = findCircuit(catalogue, TRANSITION_SHAPE.circuit);
  });
  const account = (holdings: Readonly<Record<number, bigint>>, change: Partial<ClearedOpening> = {}): ClearedOpening => ({ ...clearedAccount(holdings), key: keyOfOwner(poseidon), ...change });
  const request = (before: ClearedOpening, act: TransitionRequest['act'], change: Partial<TransitionRequest> = {}): TransitionRequest =>
    ({ venue, market, before, act, owner: OWNER, owned: true, period: PERIOD, ...change });
  const stood = (wanted: TransitionRequest): Promise<TransitionProof> => proveTransition(new SignalProver(catalogue), poseidon, circuit, wanted);

  it('say what is untrue before anything is proven, and no secret', async () => {
    const trade = tradeAct(tradeTerms());
    const poor = account({ [USDC]: 1_000n });
    const cases: readonly (readonly [TransitionRequest, string, RegExp])[] = [
      [request(poor, trade), 'INSUFFICIENT_MARGIN', /not meet the initial table: in the scenario "down"/],
      [request(poor, trade, { owner: { ...OWNER, secret: 5n } }), 'OWNER_MISMATCH', /not the one this account was opened for/],
      [request(poor, trade, { owner: undefined }), 'OWNER_NEEDED', /give the owner file/],
      [request(poor, trade, { owned: false }), 'OWNER_NEEDED', /leave it out/],
      [request({ ...poor, slots: poor.slots.slice(0, 3) }, trade), 'SHAPE_MISMATCH', /circuit account-transition-k4-s2 has K = 4, this account or table wants 3/],
    ];
    for (const [wanted, code, words] of cases) {
      const prover = new StandInProver();
      await assert.rejects(proveTransition(prover, poseidon, circuit, wanted), (error: Error & { code?: string }) => {
        assert.equal(error.code, code, error.message);
        assert.match(error.message, words);
        const told = `${error.message}${JSON.stringify(error)}`;
        return ![OWNER.secret, wanted.before.nonce].some((secret) => told.includes(secret.toString()));
      });
      assert.deepEqual(prover.circuits, []);
    }
  });

  it('open an account from nothing, with a nonce that nobody else can guess', async () => {
    const act = { kind: 'collateral', opens: true, in: { row: USDC, amount: 500n }, context: 3n } as const;
    const wanted = request(emptyAccount(keyOfOwner(poseidon), CLEARED_SLOTS, PERIOD), act);
    const [one, other] = await Promise.all([stood(wanted), stood(wanted)]);
    assert.equal(one.signals.oldCommitment, 0n);
    assert.deepEqual(heldBy(one.opening), { [USDC]: 500n });
    assert.notEqual(one.opening.nonce, other.opening.nonce);
    assert.equal(one.transition.newCommitment, clearedCommitment(poseidon, one.opening));
  });

  it('of both sides of a trade have its commitment in common, and nothing else that tells what is traded', async () => {
    const trade = tradeTerms();
    const rich = account({ [USDC]: 10_000_000n });
    const [buyer, seller] = await Promise.all([stood(request(rich, tradeAct(trade))), stood(request(rich, tradeAct(trade, true)))]);
    assert.deepEqual([heldBy(buyer.opening)[PERP], heldBy(seller.opening)[PERP]], [10n, -10n]);
    assert.equal(buyer.signals.delta, tradeCommitment(poseidon, baseOfVenue(poseidon, venue), marketCommitment(poseidon, market), trade));
    assert.deepEqual([seller.signals.delta, seller.signals.frame], [buyer.signals.delta, buyer.signals.frame]);
    const smaller = await stood(request(rich, tradeAct({ ...trade, row: CALL, payRow: USDC, quantity: 1n, payment: 4_000n })));
    assert.deepEqual([smaller.signals.terms, smaller.signals.frame], [buyer.signals.terms, buyer.signals.frame]);
    assert.notEqual(smaller.signals.delta, buyer.signals.delta);
  });

  it('without the owner leave an account that the owner can open', async () => {
    const before = account({ [CALL]: -2n, [USDC]: 100n });
    const act = { kind: 'expiry', row: CALL, payRow: USDC, deliverRow: 0, value: 2_500_000n, unit: 1_000_000n, deliver: 0n } as const;
    const proven = await stood(request(before, act, { owned: false, owner: undefined }));
    assert.equal(proven.opening.nonce, derivedNonce(poseidon, before.nonce, proven.signals.delta));
    assert.deepEqual([heldBy(proven.opening), proven.transition.owned], [{ [USDC]: 95n }, false]);
  });

  describe('verify', function () {
    this.timeout(600_000);
    let prover: Prover;
    before(() => { prover = createProver({ backend: 'snarkjs', keysDirectory: 'build/keys' }); });
    after(() => prover.close());

    it('for their own signals, and for no other value of any of them', async () => {
      const { signals, proof, circuit: name } = await proveTransition(prover, poseidon, circuit, request(account({ [USDC]: 10_000_000n }), tradeAct(tradeTerms(), true)));
      const key = await loadVerificationKey('build/keys', name);
      const ordered = orderSignals(ACCOUNT_TRANSITION_SIGNALS, signals);
      assert.equal(await verifyProof(key, ordered, proof), true);
      for (const place of ordered.keys()) {
        assert.equal(await verifyProof(key, ordered.map((value, at) => (at === place ? value + 1n : value)), proof), false, ACCOUNT_TRANSITION_SIGNALS[place] ?? '');
      }
    });
  });
});
