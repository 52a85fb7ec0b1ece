import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clearedSalt, derivedNonce } from '../../src/commitment/cleared-account.js';
import { domainOf } from '../../src/commitment/identity.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { tradeAmounts, tradeCommitment } from '../../src/commitment/trade-commitment.js';
import { transitionFrame } from '../../src/commitment/transition-frame.js';
import { FIELD_MODULUS, toField } from '../../src/field/scalar-field.js';
import { packTransitionDelta, transitionDelta, unpackTransitionDelta } from '../../src/statement/transition-delta.js';
import { TRANSITION_KINDS, packTransitionTerms, transitionTermsParts, unpackTransitionTerms } from '../../src/statement/transition-terms.js';
import type { ExpiryAct, FundingAct, TradeAct, TransitionAct, TransitionFlags } from '../../src/statement/transition.js';
import { textCircuit, valuesOf, type TestCircuit } from '../circuits/support/compiled-circuit.js';

const TEMPLATE = `pragma circom 2.2.3;
include "account/transition-delta.circom";
include "account/transition-terms.circom";
include "commitment/cleared-salt.circom";
include "commitment/derived-nonce.circom";
include "commitment/trade-commitment.circom";
include "commitment/transition-frame.circom";

template TransitionCommitments() {
    signal input base; signal input circuitId; signal input marketCommitment; signal input nonce;
    signal input terms; signal input word; signal input delta;
    component said = TransitionTerms();
    said.terms <== terms;
    signal output flags[9] <== [said.collateral, said.trade, said.expires, said.funds, said.sells, said.owned, said.reducing, said.unmargined, said.opens];
    signal output numbers[4] <== [said.period, said.band, said.first, said.second];
    component change = TransitionDelta();
    change.word <== word;
    change.collateral <== said.collateral;
    change.trade <== said.trade;
    change.expires <== said.expires;
    change.funds <== said.funds;
    change.fundingRow <== said.first;
    signal output row[3] <== change.row;
    signal output amount[2] <== change.amount;
    signal output expiry[3] <== [change.value, change.unit, change.deliver];
    signal output group[3] <== change.group;
    signal output rate[3] <== change.rate;
    component salt = ClearedSalt();
    salt.nonce <== nonce;
    salt.period <== said.period;
    signal output cleared <== salt.salt;
    component derived = DerivedNonce();
    derived.nonce <== nonce;
    derived.delta <== delta;
    signal output derivedNonce <== derived.derived;
    component where = TransitionFrame();
    where.base <== base;
    where.circuitId <== circuitId;
    where.marketCommitment <== marketCommitment;
    signal output frame <== where.frame;
    component trade = TradeCommitment();
    trade.base <== base;
    trade.parties <== said.parties;
    trade.amounts <== word;
    trade.marketCommitment <== marketCommitment;
    trade.nonce <== nonce;
    signal output commitment <== trade.commitment;
}
`;

const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
const between = (least: bigint, below: bigint): fc.Arbitrary<bigint> => fc.oneof(fc.bigInt({ min: least, max: below - 1n }), fc.constantFrom(least, below - 1n));
const row = fc.oneof(fc.nat(2 ** 16 - 1), fc.constantFrom(0, 2 ** 16 - 1));
const amount = between(1n, 1n << 64n);
const collateral = fc.record({ row, amount });
const acts: fc.Arbitrary<TransitionAct> = fc.oneof(
  fc.record({ kind: fc.constant('collateral'), opens: fc.boolean(), in: fc.option(collateral, { nil: undefined }), out: fc.option(collateral, { nil: undefined }), context: between(0n, 1n << 128n) }).map((act) => act as TransitionAct),
  fc.record({
    kind: fc.constant('trade'), seller: fc.boolean(), band: fc.nat(2 ** 24 - 1),
    trade: fc.record({ buyer: amount, seller: amount, expiry: fc.integer({ min: 0, max: 2 ** 40 - 1 }), row, payRow: row, quantity: amount, payment: between(0n, 1n << 64n), nonce: element }),
  }).map((act) => act as TradeAct),
  fc.record({
    kind: fc.constant('expiry'), row, payRow: row, deliverRow: row, value: between(-(1n << 48n), 1n << 48n), unit: between(0n, 1n << 48n), deliver: between(-(1n << 32n), 1n << 32n),
  }).map((act) => act as ExpiryAct),
  fc.record({ kind: fc.constant('funding'), payRow: row, fromPeriod: fc.nat(2 ** 32 - 1), rates: fc.array(fc.record({ group: row, rate: between(-(1n << 63n), 1n << 63n) }), { maxLength: 3 }) }).map((act) => act as FundingAct),
);

function flagsOf({ kind }: TransitionAct): fc.Arbitrary<TransitionFlags> {
  return fc.record({ owned: kind === 'collateral' ? fc.constant(true) : fc.boolean(), reducing: fc.boolean(), unmargined: fc.boolean(), period: fc.nat(2 ** 32 - 1) })
    .map((flags) => ({ ...flags, reducing: kind === 'trade' && (flags.reducing || !flags.owned) }));
}

const cases = acts.chain((act) => fc.tuple(fc.constant(act), flagsOf(act)));

describe('TypeScript and circuits agree on transitions:', () => {
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async function () {
    this.timeout(180_000);
    poseidon = await bulkPoseidon();
    circuit = await textCircuit('TransitionCommitments', TEMPLATE);
  });

  it('frame, salt, derived nonce, trade commitment, and the words of terms and delta', async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(cases, fc.record({ base: element, circuitId: element, marketCommitment: element, nonce: element }), async ([act, flags], of) => {
      const { base, circuitId, marketCommitment } = of;
      const nonce = act.kind === 'trade' ? act.trade.nonce : of.nonce;
      const delta = transitionDelta(poseidon, base, marketCommitment, act);
      const witness = await circuit.calculate({ ...of, nonce, terms: packTransitionTerms(act, flags), word: packTransitionDelta(act), delta });
      const is = (kind: string): bigint => bit(act.kind === kind);
      const { opens, seller, first, second, band } = transitionTermsParts(act, flags);
      const told = (name: string): bigint[] => valuesOf(circuit, witness, name);
      assert.deepEqual(told('flags'), [...TRANSITION_KINDS.map(is), ...[seller, flags.owned, flags.reducing, flags.unmargined, opens].map(bit)]);
      assert.deepEqual(told('numbers'), [BigInt(flags.period), BigInt(band), first, second]);
      assert.deepEqual({ amount: told('amount'), expiry: told('expiry'), group: told('group'), rate: told('rate') }, changesOf(act));
      assert.deepEqual(namedRows(act).map((one, place) => one ?? told('row')[place]), told('row'));
      assert.deepEqual([told('cleared')[0], told('derivedNonce')[0], told('frame')[0]], [
        clearedSalt(poseidon, nonce, flags.period), derivedNonce(poseidon, nonce, delta), transitionFrame(poseidon, domainOf(poseidon, base, circuitId), marketCommitment),
      ]);
      if (act.kind === 'trade') assert.equal(told('commitment')[0], tradeCommitment(poseidon, base, marketCommitment, act.trade));
    }), { numRuns: 40 });
  });

  it('words that read back as what they were made of', () => {
    fc.assert(fc.property(cases, ([act, flags]) => {
      assert.deepEqual(unpackTransitionTerms(packTransitionTerms(act, flags)), transitionTermsParts(act, flags));
      if (act.kind === 'trade') return;
      const read = unpackTransitionDelta(act.kind, packTransitionDelta(act));
      assert.equal(packTransitionDelta({ ...act, ...read } as TransitionAct), packTransitionDelta(act));
      if (act.kind === 'expiry') assert.deepEqual(read, { ...act });
    }), { numRuns: 60 });
  });

  it('the words that contracts read', () => {
    const flags = { owned: false, reducing: false, unmargined: false, period: 0 };
    const expiry: ExpiryAct = { kind: 'expiry', row: 1, payRow: 2, deliverRow: 3, value: -1n, unit: 5n, deliver: -2n };
    const trade: TradeAct = { kind: 'trade', seller: true, band: 9, trade: { buyer: 3n, seller: 4n, expiry: 5, row: 1, payRow: 2, quantity: 3n, payment: 4n, nonce: 0n } };
    assert.equal(packTransitionTerms(expiry, { ...flags, owned: true, unmargined: true, period: 7 }), 2n + 8n + 32n + (7n << 8n));
    assert.equal(packTransitionTerms(trade, { ...flags, reducing: true }), 1n + 4n + 16n + (9n << 40n) + (3n << 64n) + (4n << 128n) + (5n << 192n));
    assert.equal(packTransitionTerms({ kind: 'collateral', opens: true, context: (5n << 64n) + 7n }, flags), 64n + (7n << 64n) + (5n << 128n));
    assert.equal(packTransitionTerms({ kind: 'funding', payRow: 6, fromPeriod: 8, rates: [] }, flags), 3n + (6n << 64n) + (8n << 128n));
    assert.equal(packTransitionDelta(expiry), 1n + (2n << 16n) + (3n << 32n) + (((1n << 48n) - 1n) << 48n) + (5n << 97n) + (((1n << 32n) - 2n) << 145n));
    assert.equal(packTransitionDelta(trade), tradeAmounts(trade.trade));
    assert.equal(packTransitionDelta({ kind: 'collateral', opens: false, in: { row: 1, amount: 2n }, out: { row: 3, amount: 4n }, context: 0n }), 1n + (2n << 16n) + (3n << 80n) + (4n << 96n));
    const none = 1n << 63n;
    assert.equal(packTransitionDelta({ kind: 'funding', payRow: 0, fromPeriod: 0, rates: [{ group: 4, rate: -1n }] }), 4n + ((none - 1n) << 16n) + (none << 96n) + (none << 176n));
  });

  const plain = { owned: true, reducing: false, unmargined: false, period: 0 } as const;
  const deposit = { kind: 'collateral', opens: false, context: 0n } as const;
  const funding = { kind: 'funding', payRow: 0, fromPeriod: 0 } as const;
  const trade = { buyer: 1n, seller: 2n, expiry: 3, row: 1, payRow: 2, quantity: 3n, payment: 4n, nonce: 0n } as const;
  const expiry: ExpiryAct = { kind: 'expiry', row: 1, payRow: 2, deliverRow: 3, value: 0n, unit: 5n, deliver: 0n };
  for (const [what, pack, message] of [
    ['a wide context', () => packTransitionTerms({ ...deposit, context: 1n << 128n }, plain), /second must lie in \[0, 18446744073709551616\)/],
    ['a period of 33 bits', () => packTransitionTerms(deposit, { ...plain, period: 2 ** 32 }), /period must lie in/],
    ['half a period', () => packTransitionTerms(deposit, { ...plain, period: 0.5 }), /period must be an integer/],
    ['a band of 25 bits', () => packTransitionTerms({ kind: 'trade', seller: true, band: 2 ** 24, trade }, plain), /band must lie in/],
    ['an amount of 65 bits', () => packTransitionDelta({ ...deposit, in: { row: 0, amount: 1n << 64n } }), /inAmount must lie in/],
    ['a withdrawal of nothing', () => packTransitionDelta({ ...deposit, out: { row: 0, amount: 0n } }), /the amount of collateral out is 0/],
    ['a row of 17 bits', () => packTransitionDelta({ ...deposit, out: { row: 2 ** 16, amount: 1n } }), /outRow must lie in/],
    ['a trade of nothing', () => packTransitionDelta({ kind: 'trade', seller: true, band: 1, trade: { ...trade, quantity: 0n } }), /the quantity of a trade is 0/],
    ['a payment below 0', () => packTransitionDelta({ kind: 'trade', seller: true, band: 1, trade: { ...trade, payment: -1n } }), /payment must lie in/],
    ['a handle of 65 bits', () => packTransitionDelta({ kind: 'trade', seller: true, band: 1, trade: { ...trade, buyer: 1n << 64n } }), /buyer must lie in/],
    ['a value of 50 bits', () => packTransitionDelta({ ...expiry, value: 1n << 48n }), /value must lie in \[-281474976710656, 281474976710656\)/],
    ['a rate of 65 bits', () => packTransitionDelta({ ...funding, rates: [{ group: 0, rate: -(1n << 63n) - 1n }] }), /rate0 must lie in/],
    ['four perpetuals', () => packTransitionDelta({ ...funding, rates: Array.from({ length: 4 }, () => ({ group: 0, rate: 0n })) }), /3 perpetuals at most, not 4/],
    ['bit 7 of the terms', () => unpackTransitionTerms(128n), /bit 7 of a word of terms is 0/],
    ['terms of 233 bits', () => unpackTransitionTerms(1n << 232n), /a word of terms has 232 bits/],
    ['an expiry of 179 bits', () => unpackTransitionDelta('expiry', 1n << 178n), /a word of an expiry has 178 bits/],
    ['a number below 0', () => unpackTransitionDelta('collateral', -1n), /a word of collateral has 160 bits/],
  ] as const) {
    it(`no word for ${what}`, () => { assert.throws(pack, { code: 'TRANSITION_RANGE', message }); });
  }
});

const bit = (flag: boolean): bigint => (flag ? 1n : 0n);

function changesOf(act: TransitionAct): { readonly amount: bigint[]; readonly expiry: bigint[]; readonly group: bigint[]; readonly rate: bigint[] } {
  const [none, never] = [[0n, 0n, 0n], { amount: [0n, 0n], expiry: [0n, 0n, 0n] }];
  if (act.kind === 'collateral') return { amount: [act.in?.amount ?? 0n, act.out?.amount ?? 0n], expiry: none, group: none, rate: none };
  if (act.kind === 'trade') return { amount: [act.trade.quantity, act.trade.payment], expiry: none, group: none, rate: none };
  if (act.kind === 'expiry') return { amount: [0n, 0n], expiry: [toField(act.value), act.unit, toField(act.deliver)], group: none, rate: none };
  const at = (place: number): { readonly group: number; readonly rate: bigint } => act.rates[place] ?? { group: 0, rate: 0n };
  return { ...never, group: [0, 1, 2].map((place) => BigInt(at(place).group)), rate: [0, 1, 2].map((place) => toField(at(place).rate)) };
}

/** Undefined where the circuit may name what it likes: nothing is posted there. */
function namedRows(act: TransitionAct): readonly (bigint | undefined)[] {
  if (act.kind === 'collateral') return [BigInt(act.in?.row ?? 0), BigInt(act.out?.row ?? 0), undefined];
  if (act.kind === 'trade') return [BigInt(act.trade.row), BigInt(act.trade.payRow), undefined];
  return act.kind === 'expiry' ? [act.row, act.payRow, act.deliverRow].map(BigInt) : [undefined, BigInt(act.payRow), undefined];
}
