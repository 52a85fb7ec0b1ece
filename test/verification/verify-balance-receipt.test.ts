import assert from 'node:assert/strict';
import { serializeSignedBalance } from '../../src/attestation/balance-receipt-format.js';
import type { SignedBalance } from '../../src/attestation/balance-receipt.js';
import { balanceReceiptSignerOf } from '../../src/chain/omission-signatures.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { promiseStanding } from '../../src/verification/promise-standing.js';
import { verifyBalanceReceipt, type BalanceQuestion, type BalanceRecord } from '../../src/verification/verify-balance-receipt.js';
import type { BalanceReport } from '../../src/verification/balance-steps.js';
import { ALICE, BOB, bundlesOf, placeholderProofs, userEpoch } from '../builders/attestation.js';
import { BTC, DISPUTES_CONTRACT, ISSUED_AT, RECEIPT_SIGNER, SIGNING_KEY, VALID_UNTIL, signedBalance } from '../builders/balance.js';

const { receipts, record: epochRecord } = bundlesOf(portablePoseidon, userEpoch(portablePoseidon), placeholderProofs(2));
const [alice, bob] = [receipts[ALICE], receipts[BOB]] as [(typeof receipts)[number], (typeof receipts)[number]];
const TERMS = { registry: alice.venue.registry, challengeWindow: 14_400, answerWindow: 28_800, bond: 10n ** 16n };
const RECORD: BalanceRecord = { disputes: DISPUTES_CONTRACT, named: true, now: ISSUED_AT + 60, terms: TERMS };

/** A report on a file as somebody holds it, its signature looked at as it stands. */
function report(signed: SignedBalance, change: Partial<BalanceQuestion> = {}, record: Partial<BalanceRecord> = {}): BalanceReport {
  const signedBy = balanceReceiptSignerOf({ chainId: signed.venue.chainId, disputes: signed.disputes }, signed.receipt, signed.signature);
  return verifyBalanceReceipt({
    balance: { file: 'balance.json', text: serializeSignedBalance(signed) }, poseidon: portablePoseidon, signedBy, evidence: { source: 'chain', record: { ...RECORD, ...record } },
    venue: alice.venue, recipient: { userId: alice.userId, owner: alice.owner }, ...change,
  });
}

function failures({ steps }: BalanceReport): string[] {
  return steps.filter(({ outcome }) => outcome === 'failed').map(({ id, code }) => `${id} ${code ?? ''}`.trim());
}

describe('the check of a balance receipt', () => {
  let signed: SignedBalance;
  before(async () => {
    signed = await signedBalance(alice.venue, alice);
  });

  it('verifies an honest one, in every step', () => {
    const promise = { instrument: 'BTC', amount: BTC.amount, signer: SIGNING_KEY.address, sequence: 4n };
    const { verdict, steps, warnings } = report(signed, { promise });
    assert.equal(verdict, 'verified');
    assert.deepEqual(steps.map(({ outcome }) => outcome), Array.from({ length: 8 }, () => 'passed'));
    assert.equal(warnings.length, 1, 'what the file says of rows is nobody\'s signature');
  });

  it('cannot tell without a chain, though all that the file says agrees', () => {
    const { verdict, steps } = report(signed, { evidence: { source: 'none', reason: 'no chain was named' } });
    assert.equal(verdict, 'cannot-tell');
    assert.deepEqual(steps.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id), ['balance-expected', 'balance-place', 'balance-signer', 'balance-time']);
  });

  it('warns where the registry is the receipt\'s own word', () => {
    const own = verifyBalanceReceipt({ balance: { file: 'b', text: serializeSignedBalance(signed) }, poseidon: portablePoseidon, signedBy: RECEIPT_SIGNER.address, evidence: { source: 'chain', record: RECORD } });
    assert.match(own.warnings[0] ?? '', /the receipt itself names/);
  });

  it('warns of what makes an honest signature useless: orders that somebody else can sign, and windows nobody can use', () => {
    const warned = (change: Partial<BalanceQuestion>, terms: Partial<typeof TERMS> = {}): readonly string[] => report(signed, change, { terms: { ...TERMS, ...terms } }).warnings.slice(1);
    const known = { promise: { signer: SIGNING_KEY.address } };
    assert.deepEqual(warned(known), []);
    const [signer, ...others] = warned({});
    assert.match(signer ?? '', new RegExp(`key of ${SIGNING_KEY.address} can sign orders that void`));
    assert.deepEqual(others, []);
    assert.match(warned(known, { challengeWindow: 3_599 }).join(), /^An epoch can be challenged for 3599 seconds only/);
    assert.match(warned(known, { answerWindow: 604_801 }).join(), /^The venue may take 604801 seconds/);
    assert.deepEqual(warned(known, { challengeWindow: 3_600, answerWindow: 604_800 }), []);
    assert.match(warned({ ...known, recipient: { userId: alice.userId } }).join(), new RegExp(`^The account is that of the owner commitment ${alice.owner}:`));
    const late = (now: number): readonly string[] => report(signed, known, { now }).warnings.slice(1);
    assert.match(late(VALID_UNTIL - 21_599).join(), /^It promises nothing of an epoch whose snapshot is taken after/);
    assert.deepEqual(late(VALID_UNTIL - 21_600), []);
    const { steps } = report(signed);
    assert.match(steps.find(({ id }) => id === 'balance-place')?.detail ?? '', /a bond of 0\.01, and leaves the venue 28800 seconds/);
  });

  const bent = (change: (one: SignedBalance) => SignedBalance): (() => BalanceReport) => () => report(change(signed));
  const TAMPERED: readonly (readonly [title: string, ask: () => BalanceReport, failed: readonly string[]])[] = [
    ['another user\'s', () => report(signed, { recipient: { userId: 'mallory' } }), ['recipient']],
    ['another owner\'s', () => report(signed, { recipient: { owner: alice.owner + 1n } }), ['recipient']],
    ['more in the file than was committed to', bent((one) => ({ ...one, opening: { ...one.opening, promised: { ...BTC, amount: BTC.amount + 1n } } })), ['balance-opening BALANCE_COMMITMENT']],
    ['other rows than were committed to', bent((one) => ({ ...one, opening: { ...one.opening, promised: { ...BTC, lastRow: 2 } } })), ['balance-opening BALANCE_COMMITMENT']],
    ['another blinding', bent((one) => ({ ...one, opening: { ...one.opening, blinding: one.opening.blinding + 1n } })), ['balance-opening BALANCE_COMMITMENT']],
    ['a promise of presence that the file makes of an amount', bent((one) => ({ ...one, opening: { ...one.opening, promised: undefined } })), ['balance-opening BALANCE_COMMITMENT']],
    ['the name of another account', bent((one) => ({ ...one, receipt: { ...one.receipt, account: `0x${'1'.repeat(64)}` } })), ['balance-opening BALANCE_ACCOUNT', 'balance-signature BALANCE_SIGNATURE']],
    ['a later end than was signed', bent((one) => ({ ...one, receipt: { ...one.receipt, validUntil: VALID_UNTIL + 1 } })), ['balance-signature BALANCE_SIGNATURE']],
    ['a signature for another contract', bent((one) => ({ ...one, disputes: RECEIPT_SIGNER.address })), ['balance-place BALANCE_PLACE', 'balance-signature BALANCE_SIGNATURE']],
    ['another signer named than signed', bent((one) => ({ ...one, receiptSigner: SIGNING_KEY.address })), ['balance-signature BALANCE_SIGNATURE']],
    ['less than expected', () => report(signed, { promise: { amount: BTC.amount + 1n } }), ['balance-expected BALANCE_EXPECTED']],
    ['another instrument than expected', () => report(signed, { promise: { instrument: 'USDC' } }), ['balance-expected BALANCE_EXPECTED']],
    ['another signing key than expected', () => report(signed, { promise: { signer: RECEIPT_SIGNER.address } }), ['balance-expected BALANCE_EXPECTED']],
    ['orders counted that the user never gave', () => report(signed, { promise: { sequence: 3n } }), ['balance-expected BALANCE_EXPECTED']],
    ['a signer that the venue did not name', () => report(signed, {}, { named: false }), ['balance-signer BALANCE_SIGNER']],
    ['a contract that takes challenges of another registry', () => report(signed, {}, { terms: { ...TERMS, registry: RECEIPT_SIGNER.address } }), ['balance-place BALANCE_PLACE']],
    ['a contract that the venue did not name', () => report(signed, {}, { disputes: RECEIPT_SIGNER.address }), ['balance-place BALANCE_PLACE']],
    ['a venue without a contract', () => report(signed, {}, { disputes: undefined }), ['balance-place BALANCE_PLACE']],
    ['a venue that is not meant', () => report(signed, { venue: { ...alice.venue, venueId: alice.venue.venueId + 1n } }), ['balance-place BALANCE_PLACE']],
    ['a chain that knows no such contract', () => report(signed, { evidence: { source: 'refused', reason: 'no contract there' } }), ['balance-place BALANCE_PLACE']],
    ['its time not begun', () => report(signed, {}, { now: ISSUED_AT - 1 }), ['balance-time BALANCE_TIME']],
    ['the very second it was issued in, as of which its signer could be retired', () => report(signed, {}, { now: ISSUED_AT }), ['balance-time BALANCE_TIME']],
    ['its time over', () => report(signed, {}, { now: VALID_UNTIL + 1 }), ['balance-time BALANCE_TIME']],
  ];
  for (const [title, ask, failed] of TAMPERED) {
    it(`does not verify one with ${title}, and says in which step`, () => {
      const answer = ask();
      assert.deepEqual(failures(answer), failed);
      assert.equal(answer.verdict, 'not-verified');
    });
  }

  it('reports a file that it cannot read as the step of that', () => {
    const { verdict, steps } = verifyBalanceReceipt({ balance: { file: 'b', text: '{}' }, poseidon: portablePoseidon, signedBy: undefined, evidence: { source: 'none', reason: '' } });
    assert.deepEqual([verdict, steps.map(({ id, code }) => [id, code])], ['not-verified', [['balance-format', 'WRONG_FORMAT']]]);
  });
});

describe('what a receipt of an epoch shows of a promise', () => {
  const { index: row, quantity: held } = alice.holdings.find(({ quantity }) => quantity > 0n) as (typeof alice.holdings)[number];
  const standing = async (amount: bigint, receipt = alice, root = epochRecord.accountsRoot): Promise<ReturnType<typeof promiseStanding>> =>
    promiseStanding(portablePoseidon, await signedBalance(alice.venue, alice, amount === 0n ? 'presence' : { ...BTC, firstRow: row, lastRow: row, amount }), receipt, root);

  it('is that it was kept up to the last quantum that the account holds', async () => {
    assert.deepEqual(await standing(held), { is: 'kept', held });
    assert.deepEqual(await standing(held + 1n), { is: 'broken', held });
  });

  it('is that a promise of presence was kept, whatever the account holds', async () => {
    assert.equal((await standing(0n)).is, 'kept');
  });

  it('is nothing where it is another account\'s, another venue\'s, or leads to another root', async () => {
    assert.equal((await standing(held, bob)).is, 'unknown');
    assert.equal((await standing(held, { ...alice, venue: { ...alice.venue, venueId: alice.venue.venueId + 1n } })).is, 'unknown');
    assert.equal((await standing(held, alice, epochRecord.accountsRoot + 1n)).is, 'unknown');
    assert.equal((await standing(held, { ...alice, salt: alice.salt + 1n })).is, 'unknown');
  });
});
