import assert from 'node:assert/strict';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { nullifierOf } from '../../src/commitment/nullifier.js';
import { baseOf } from '../../src/commitment/identity.js';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { createProver } from '../../src/groth16/prover-config.js';
import type { Prover } from '../../src/groth16/prover.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { proveAccountExit, proveAccountMargin, proveAccountSigner, proveRowMark, type ProvenStatementOf } from '../../src/proving/prove-account.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { ACCOUNT_EXIT_SIGNALS } from '../../src/statement/account-exit.js';
import { ACCOUNT_MARGIN_SIGNALS } from '../../src/statement/account-margin.js';
import { ACCOUNT_SIGNER_SIGNALS } from '../../src/statement/account-signer.js';
import { packTerms, type AccountTerms } from '../../src/statement/account-terms.js';
import { orderSignals, type NamedSignals } from '../../src/statement/named-signals.js';
import { ROW_MARK_SIGNALS } from '../../src/statement/row-mark.js';
import type { Holding } from '../../src/venue/account.js';
import { accountReceipt } from '../builders/account-receipt.js';
import { ACCOUNT_SHAPE, HEALTHY, HELD, OWNER, keyOfOwner, withdrawing } from '../builders/account.js';
import { TEST_VENUE } from '../builders/epoch.js';
import { smallMarket } from '../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../builders/tiered-market.js';
import { StandInProver } from './support.js';

const [CASH, COIN, PERPETUAL] = [0, 1, 3] as const;
const RICH: readonly Holding[] = [{ index: CASH, quantity: 10n ** 6n }, { index: PERPETUAL, quantity: -5n }];
const owner = { secret: OWNER.secret, signingKeyDigest: OWNER.signer };
const { marginCircuit, exitCircuit, signerCircuit, markCircuit } = ACCOUNT_SHAPE;

describe('proofs about an account', () => {
  let poseidon: Poseidon;
  let catalogue: readonly CircuitDefinition[];
  before(async () => {
    poseidon = await bulkPoseidon();
    catalogue = await readCircuitList();
  });
  const circuit = (name: string): CircuitDefinition => findCircuit(catalogue, name);

  describe('say what is untrue before anything is proven', () => {
    const refused = async (holdings: readonly Holding[], terms: AccountTerms, expected: { code: string; message: RegExp }, market: MarketTable = smallMarket(), secret = owner): Promise<void> => {
      const prover = new StandInProver();
      await assert.rejects(proveAccountMargin(prover, poseidon, circuit(marginCircuit), { receipt: accountReceipt(poseidon, market, holdings), owner: secret, terms }), (error: Error & { code?: string }) => {
        assert.equal(error.code, expected.code);
        assert.match(error.message, expected.message);
        assert.ok(!`${error.message}${JSON.stringify(error)}`.includes(OWNER.secret.toString()), 'no secret in an error');
        return true;
      });
      assert.deepEqual(prover.circuits, []);
    };

    it('an account that is not healthy, by scenario and missing amount', () =>
      refused([{ index: CASH, quantity: 1n }, { index: PERPETUAL, quantity: 1n }], { ...HEALTHY }, { code: 'ACCOUNT_NOT_HEALTHY', message: /the account does not meet the maintenance table: in the scenario "down" it lacks \d+ value units \(scale 12\)/ }, lossMaking()));
    it('a withdrawal that breaks the account', () =>
      refused(RICH, withdrawing(CASH, 10n ** 6n), { code: 'ACCOUNT_NOT_HEALTHY', message: /after this withdrawal: in the scenario "up" it lacks 351000000000 value units \(scale 12\): withdraw less/ }));
    it('a withdrawal of a row that is not held', () => refused(RICH, withdrawing(COIN, 1n), { code: 'WITHDRAWAL', message: /holds nothing in row 1, BTC/ }));
    it('a withdrawal of more than is held', () => refused(RICH, withdrawing(CASH, 10n ** 6n + 3n), { code: 'WITHDRAWAL', message: /holds 1000000 quanta of USDC, 3 fewer than the withdrawal/ }));
    it('a withdrawal of a perpetual', () => refused(RICH, withdrawing(PERPETUAL, 1n), { code: 'WITHDRAWAL', message: /BTC-PERP, is neither cash nor spot/ }));
    it('a withdrawal of nothing', () => refused(RICH, withdrawing(CASH, 0n), { code: 'TERMS_RANGE', message: /the amount of a withdrawal is 0/ }));
    it('an account that is said to be unmargined with a perpetual', () => refused(RICH, { ...HEALTHY, unmargined: true }, { code: 'MARGINED_ACCOUNT', message: /BTC-PERP, which is neither cash nor spot/ }));
    it('an account that is said to be unmargined with a loan', () =>
      refused([{ index: CASH, quantity: -2n }], { ...HELD, unmargined: true }, { code: 'MARGINED_ACCOUNT', message: /owes 2 quanta of USDC/ }));
    it('a holding above its cap', () => refused([{ index: TIERED_ROWS.BTC, quantity: 101n }], HEALTHY, { code: 'CAP_EXCEEDED', message: /holds 101 quanta of BTC, the table's cap is 100/ }, tieredMarket()));
    it('another owner', () => refused(RICH, HEALTHY, { code: 'OWNER_MISMATCH', message: /the owner file is not the one this account was made for/ }, smallMarket(), { ...owner, signingKeyDigest: 0n }));
    it('a table of other scenarios', () => refused(RICH, HEALTHY, { code: 'SHAPE_MISMATCH', message: /has S = 2, this account or table wants 3/ }, { ...smallMarket(), scenarios: ['a', 'b', 'c'] }));

    it('an account one of whose excesses is too wide to be read', async () => {
      const table = smallMarket();
      const rises: MarketTable = { ...table, rows: table.rows.map((row) => (row.index === COIN ? { ...row, mark: 0n, longCharge: 0n, pnl: [2n ** 40n, 0n] } : row)) };
      await refused([{ index: COIN, quantity: 2n ** 63n }], HEALTHY, { code: 'ACCOUNT_NOT_HEALTHY', message: /does not fit in 84 bits: split the account/ }, rises);
    });

    it('a mark that no contract values anything at', async () => {
      const table = smallMarket();
      const rows = table.rows.map((row) => ({ ...row, mark: -1n }));
      const { venue } = accountReceipt(poseidon, table, RICH);
      await assert.rejects(proveRowMark(new StandInProver(), poseidon, circuit(markCircuit), venue, { ...table, rows }, COIN), { code: 'MARK_RANGE', message: /the mark of BTC is not in \[0, 2\^47\)/ });
    });
  });

  describe('are made from a receipt and verify', function () {
    this.timeout(600_000);
    let prover: Prover;
    before(() => { prover = createProver({ backend: 'snarkjs', keysDirectory: 'build/keys' }); });
    after(() => prover.close());

    const verified = async <Name extends string>(names: readonly Name[], { circuit: name, signals, proof }: ProvenStatementOf<NamedSignals<Name>>): Promise<void> => {
      const key = await loadVerificationKey('build/keys', name);
      const ordered = orderSignals(names, signals);
      assert.equal(await verifyProof(key, ordered, proof), true);
      // Each public signal is bound, those that no other constraint sees too.
      for (const place of ordered.keys()) assert.equal(await verifyProof(key, ordered.map((value, at) => (at === place ? value + 1n : value)), proof), false, names[place] ?? '');
    };

    it('a healthy account after a withdrawal', async () => {
      const terms = withdrawing(CASH, 100n);
      const proven = await proveAccountMargin(prover, poseidon, circuit(marginCircuit), { receipt: accountReceipt(poseidon, smallMarket(), RICH), owner, terms });
      assert.equal(proven.signals.terms, packTerms(terms));
      assert.equal(proven.signals.nullifier, nullifierOf(poseidon, { key: keyOfOwner(poseidon), base: baseOf(poseidon, TEST_VENUE), epoch: 7n, scope: 0n }));
      await verified(ACCOUNT_MARGIN_SIGNALS, proven);
    });

    it('an exit, a signing key and a mark', async () => {
      const receipt = accountReceipt(poseidon, smallMarket(), RICH);
      const exit = await proveAccountExit(prover, poseidon, circuit(exitCircuit), { receipt, owner }, 0xabcn);
      assert.equal(exit.signals.equity, 10n ** 12n - 5n * 60_000_000_000n);
      await verified(ACCOUNT_EXIT_SIGNALS, exit);
      const signer = await proveAccountSigner(prover, poseidon, circuit(signerCircuit), { receipt, owner, epoch: 7, laterEpoch: 9 });
      assert.equal(signer.signals.nullifier, exit.signals.nullifier);
      await verified(ACCOUNT_SIGNER_SIGNALS, signer);
      const mark = await proveRowMark(prover, poseidon, circuit(markCircuit), receipt.venue, receipt.market, COIN);
      assert.equal(mark.signals.mark, 60_000_000_000n);
      await verified(ROW_MARK_SIGNALS, mark);
    });
  });
});

/** The perpetual is worth nothing and moves by a lot. */
function lossMaking(): MarketTable {
  const table = smallMarket();
  return { ...table, rows: table.rows.map((row) => (row.index === PERPETUAL ? { ...row, mark: 0n } : row)) };
}
