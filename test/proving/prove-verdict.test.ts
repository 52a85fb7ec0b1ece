import assert from 'node:assert/strict';
import { baseOfVenue } from '../../src/attestation/venue-base.js';
import { accountFrame } from '../../src/commitment/account-frame.js';
import { clearedCommitment, type ClearedOpening } from '../../src/commitment/cleared-account.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { domainOf } from '../../src/commitment/identity.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { createProver } from '../../src/groth16/prover-config.js';
import type { Prover } from '../../src/groth16/prover.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { proveVerdict, type OpenVerdict, type VerdictRequest } from '../../src/proving/prove-verdict.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { ACCOUNT_MARGIN_SIGNALS } from '../../src/statement/account-margin.js';
import { packTerms } from '../../src/statement/account-terms.js';
import { orderSignals } from '../../src/statement/named-signals.js';
import { ACCOUNT_SHAPE } from '../builders/account.js';
import { HOUSE, clearedAccount, initialTable } from '../builders/cleared.js';
import { smallMarket } from '../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../builders/tiered-market.js';
import { SignalProver } from '../harness/signal-prover.js';
import { StandInProver } from './support.js';

const { PERP, PERP2, USDC, ENTRY } = TIERED_ROWS;
const { venue } = HOUSE;
const CONTEXT = (1n << 127n) + 5n;
const SOUND = { [PERP]: 1n, [ENTRY]: -60_000n, [USDC]: 1_000_000n };
const UNDER = { [PERP]: 10n, [ENTRY]: -600_000n, [USDC]: 1_000n };

describe('verdicts about an account on the chain', () => {
  let poseidon: Poseidon;
  let catalogue: readonly CircuitDefinition[];
  let circuit: CircuitDefinition;
  before(async () => {
    poseidon = await bulkPoseidon();
    catalogue = await readCircuitList();
    circuit = findCircuit(catalogue, ACCOUNT_SHAPE.marginCircuit);
  });
  const request = (account: ClearedOpening, verdict: OpenVerdict, market: MarketTable = tieredMarket()): VerdictRequest => ({ venue, account, market, verdict, context: CONTEXT });
  const refused = async (wanted: VerdictRequest, code: string, message: RegExp): Promise<void> => {
    const prover = new StandInProver();
    await assert.rejects(proveVerdict(prover, poseidon, circuit, wanted), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      assert.ok(!`${error.message}${JSON.stringify(error)}`.includes(wanted.account.nonce.toString()), 'no opening in an error');
      return true;
    });
    assert.deepEqual(prover.circuits, []);
  };

  it('take no owner: the word, no nullifiers, and the frame that the contract makes of the commitment', async () => {
    const account = clearedAccount(SOUND);
    const market = tieredMarket();
    for (const [verdict, word] of [['watched', 1n + (1n << 84n)], ['unhealthy', 0n]] as const) {
      const { signals } = await proveVerdict(new SignalProver(catalogue), poseidon, circuit, request(verdict === 'watched' ? account : clearedAccount(UNDER), verdict));
      assert.deepEqual([signals.terms, signals.nullifier, signals.nullifierNext], [word + (CONTEXT << 96n), 0n, 0n]);
      const domain = domainOf(poseidon, baseOfVenue(poseidon, venue), circuitIdOf(circuit.name));
      const anchor = clearedCommitment(poseidon, verdict === 'watched' ? account : clearedAccount(UNDER));
      assert.equal(signals.frame, accountFrame(poseidon, { domain, epoch: 0n, source: 'chain', anchor, marketCommitment: marketCommitment(poseidon, market) }));
    }
  });

  it('say which is untrue before anything is proven, and nothing of the opening', async () => {
    await refused(request(clearedAccount(SOUND), 'unhealthy'), 'ACCOUNT_HEALTHY', /the account meets the maintenance table: it cannot be shown to be unhealthy/);
    await refused(request(clearedAccount(SOUND), 'unhealthy', initialTable()), 'ACCOUNT_HEALTHY', /meets the initial table/);
    await refused(request(clearedAccount(UNDER), 'watched'), 'ACCOUNT_NOT_HEALTHY', /does not meet the maintenance table: in the scenario "down" it lacks \d+ value units/);
    await refused(request(clearedAccount({ [PERP2]: -2n }), 'unhealthy'), 'GREEDY_SPLIT', /./);
    await refused(request(clearedAccount({ [TIERED_ROWS.BTC]: 101n }), 'watched'), 'CAP_EXCEEDED', /holds 101 quanta of BTC, the table's cap is 100/);
    await refused(request(clearedAccount(SOUND, 5), 'watched'), 'SHAPE_MISMATCH', /has K = 4, this account or table wants 5/);
    await refused({ ...request(clearedAccount(SOUND), 'watched'), context: 1n << 128n }, 'TERMS_RANGE', /the context must lie in \[0, 2\^128\)/);
  });

  it('of an excess that is too wide to be read there is none', async () => {
    const table = smallMarket();
    const rises: MarketTable = { ...table, rows: table.rows.map((row) => (row.index === 1 ? { ...row, mark: 0n, longCharge: 0n, pnl: [2n ** 40n, 0n] } : row)) };
    const words = /does not fit in 84 bits: it has neither proof/;
    await refused(request(clearedAccount({ 0: -1n, 1: 2n ** 63n }), 'unhealthy', rises), 'ACCOUNT_HEALTHY', words);
    await refused(request(clearedAccount({ 1: -(2n ** 63n) }), 'unhealthy', rises), 'ACCOUNT_HEALTHY', words);
    await refused(request(clearedAccount({ 1: 2n ** 63n }), 'watched', rises), 'ACCOUNT_NOT_HEALTHY', /does not fit in 84 bits: split the account/);
  });

  it('may be of an account that new caps would split otherwise, where it meets the table all the same', async () => {
    // Two of a higher tier without any of the first: what is shown is worse than the account is.
    const split = clearedAccount({ [PERP2]: 2n, [ENTRY]: -120_000n, [USDC]: 1_000_000n }, 4);
    const { signals } = await proveVerdict(new SignalProver(catalogue), poseidon, circuit, request(split, 'watched'));
    assert.equal(signals.terms, 1n + (1n << 84n) + (CONTEXT << 96n));
  });

  describe('verify', function () {
    this.timeout(600_000);
    let prover: Prover;
    before(() => { prover = createProver({ backend: 'snarkjs', keysDirectory: 'build/keys' }); });
    after(() => prover.close());

    for (const [words, holdings, verdict, market] of [
      ['that it meets the maintenance table', SOUND, 'watched', tieredMarket()], ['that it does not meet the initial one', UNDER, 'unhealthy', initialTable()],
    ] as const) {
      it(`${words}, for their own signals and for no other value of any of them`, async () => {
        const { signals, proof, circuit: name } = await proveVerdict(prover, poseidon, circuit, request(clearedAccount(holdings), verdict, market));
        const key = await loadVerificationKey('build/keys', name);
        const ordered = orderSignals(ACCOUNT_MARGIN_SIGNALS, signals);
        assert.equal(await verifyProof(key, ordered, proof), true);
        for (const place of ordered.keys()) {
          assert.equal(await verifyProof(key, ordered.map((value, at) => (at === place ? value + 1n : value)), proof), false, ACCOUNT_MARGIN_SIGNALS[place] ?? '');
        }
        const turned = packed(verdict === 'watched' ? 'unhealthy' : 'watched');
        assert.equal(await verifyProof(key, orderSignals(ACCOUNT_MARGIN_SIGNALS, { ...signals, terms: turned }), proof), false);
      });
    }
  });
});

const packed = (verdict: OpenVerdict): bigint => packTerms({ verdict, unmargined: false, scope: 0n, context: CONTEXT });
