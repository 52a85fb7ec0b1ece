import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SOURCE_CODE, accountFrame, type AnchorSource } from '../../src/commitment/account-frame.js';
import { digestOf } from '../../src/commitment/digest.js';
import { domainOf, keyOf, ownerOf } from '../../src/commitment/identity.js';
import { nullifierOf } from '../../src/commitment/nullifier.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { packTerms, termsParts, type AccountTerms } from '../../src/statement/account-terms.js';
import { packEpochs } from '../../src/statement/account-signer.js';
import { textCircuit, valuesOf, type TestCircuit } from '../circuits/support/compiled-circuit.js';

const TEMPLATE = `pragma circom 2.2.3;
include "commitment/account-frame.circom";
include "commitment/account-key.circom";
include "commitment/nullifier.circom";
include "account/account-terms.circom";

template AccountCommitments() {
    signal input secret; signal input signer; signal input userId; signal input subAccount;
    signal input base; signal input circuitId; signal input epoch; signal input source; signal input anchor; signal input marketCommitment;
    signal input terms; signal input healthy; signal input held; signal input withdraws; signal input unmargined; signal input watched;
    signal input row; signal input amount; signal input context;
    component own = AccountKey();
    own.secret <== secret;
    own.signer <== signer;
    own.userId <== userId;
    own.subAccount <== subAccount;
    signal output key <== own.key;
    component said = AccountTerms();
    said.terms <== terms;
    said.healthy <== healthy;
    said.held <== held;
    said.withdraws <== withdraws;
    said.unmargined <== unmargined;
    said.watched <== watched;
    said.row <== row;
    said.amount <== amount;
    said.context <== context;
    signal output owned <== said.owned;
    signal output scope <== said.scope;
    component name = Nullifier();
    name.key <== own.key;
    name.base <== base;
    name.epoch <== epoch;
    name.scope <== said.scope;
    signal output nullifier <== name.hash;
    component where = AccountFrame();
    where.base <== base;
    where.circuitId <== circuitId;
    where.epoch <== epoch;
    where.source <== source;
    where.anchor <== anchor;
    where.marketCommitment <== marketCommitment;
    signal output frame <== where.frame;
}
`;

const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
const below = (bits: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: (1n << bits) - 1n });
const terms: fc.Arbitrary<AccountTerms> = fc.oneof(
  fc.record({ verdict: fc.constantFrom('healthy', 'held'), unmargined: fc.boolean(), scope: below(80n), context: below(128n) }),
  fc.record({ verdict: fc.constantFrom('unhealthy', 'watched'), unmargined: fc.boolean(), scope: fc.constant(0n), context: below(128n) }),
  fc.record({
    verdict: fc.constant('healthy'), unmargined: fc.boolean(), scope: fc.constant(0n), context: below(128n),
    withdrawal: fc.record({ row: fc.nat(2 ** 16 - 1), amount: below(64n).map((amount) => (amount === 0n ? 1n : amount)) }),
  }),
);

describe('TypeScript and circuits agree on accounts:', () => {
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async function () {
    this.timeout(180_000);
    poseidon = await bulkPoseidon();
    circuit = await textCircuit('AccountCommitments', TEMPLATE);
  });

  it('key, terms, nullifier and frame', async function () {
    this.timeout(60_000);
    const numbers = fc.record({ secret: element, signer: element, base: element, circuitId: element, anchor: element, marketCommitment: element, epoch: below(32n), subAccount: fc.nat(2 ** 32 - 1) });
    await fc.assert(fc.asyncProperty(numbers, terms, fc.constantFrom('tree', 'chain'), fc.string({ minLength: 1, maxLength: 8 }), async (of, said, source: AnchorSource, userId) => {
      const { secret, signer, base, circuitId, anchor, marketCommitment, epoch, subAccount } = of;
      const witness = await circuit.calculate({
        ...of, subAccount: BigInt(subAccount), userId: digestOf(userId), source: BigInt(SOURCE_CODE[source]), terms: packTerms(said), ...termsParts(said),
      });
      const key = keyOf(poseidon, { owner: ownerOf(poseidon, secret, signer), userId, subAccount });
      const scope = said.withdrawal === undefined ? said.scope : 0n;
      assert.deepEqual(['key', 'owned', 'scope', 'nullifier', 'frame'].map((name) => valuesOf(circuit, witness, name)[0]), [
        key, said.verdict === 'unhealthy' || said.verdict === 'watched' ? 0n : 1n, scope, nullifierOf(poseidon, { key, base, epoch, scope }),
        accountFrame(poseidon, { domain: domainOf(poseidon, base, circuitId), epoch, source, anchor, marketCommitment }),
      ]);
    }), { numRuns: 20 });
  });

  it('the words that contracts read', () => {
    const said = { unmargined: false, scope: 0n, context: 0n } as const;
    assert.equal(packTerms({ ...said, verdict: 'healthy' }), 1n);
    assert.equal(packTerms({ ...said, verdict: 'held' }), 2n);
    assert.equal(packTerms({ ...said, verdict: 'healthy', withdrawal: { row: 3, amount: 5n } }), 1n + 4n + 16n * (3n + (5n << 16n)));
    assert.equal(packTerms({ ...said, verdict: 'unhealthy', unmargined: true }), 8n);
    assert.equal(packTerms({ ...said, verdict: 'watched' }), 1n + (1n << 84n));
    assert.equal(packTerms({ ...said, verdict: 'watched', context: 3n }), 1n + (1n << 84n) + (3n << 96n));
    assert.equal(packTerms({ verdict: 'held', unmargined: false, scope: 2n ** 80n - 1n, context: 2n ** 128n - 1n }), 2n + 16n * (2n ** 80n - 1n) + ((2n ** 128n - 1n) << 96n));
    assert.equal(packEpochs(7n, 9n), 7n + (9n << 32n));
  });

  for (const [what, change, message] of [
    ['a wide scope', { scope: 2n ** 80n }, /the scope must lie in \[0, 2\^80\)/], ['a wide context', { context: 2n ** 128n }, /the context must lie in/],
    ['a withdrawal with a scope', { scope: 1n, withdrawal: { row: 0, amount: 1n } }, /have scope 0/], ['a withdrawal of nothing', { withdrawal: { row: 0, amount: 0n } }, /is 0/],
    ['a withdrawal of a held account', { verdict: 'held', withdrawal: { row: 0, amount: 1n } }, /only a healthy account withdraws/],
    ['a row of 17 bits', { withdrawal: { row: 2 ** 16, amount: 1n } }, /the row of a withdrawal must lie in/], ['an amount of 65 bits', { withdrawal: { row: 0, amount: 2n ** 64n } }, /the amount of a withdrawal must lie in/],
    ['a scope without an owner', { verdict: 'unhealthy', scope: 1n }, /its scope is 0/], ['a scope of a watched account', { verdict: 'watched', scope: 1n }, /its scope is 0/],
    ['a withdrawal of a watched account', { verdict: 'watched', withdrawal: { row: 0, amount: 1n } }, /only a healthy account withdraws, and only by its owner/],
  ] as const) {
    it(`no word for ${what}`, () => {
      assert.throws(() => packTerms({ verdict: 'healthy', unmargined: false, scope: 0n, context: 0n, ...change }), { code: 'TERMS_RANGE', message });
    });
  }
});
