import assert from 'node:assert/strict';
import { openingsOf, submissionOf, takesRiskOrCollateralOut, type NamedTransition } from '../../../src/cli/clearing/submission.js';
import { receiptFor } from '../../../src/cli/clearing/receipt-file.js';
import { NO_BENEFICIARY, type CollateralRequest, type ProvenTransition, type PublicTrade, type TransitionPurpose } from '../../../src/clearing/proven-transition.js';

const VENUE = { venue: { chainId: 31_337n, registry: `0x${'1'.repeat(40)}`, venueId: 7n }, house: `0x${'2'.repeat(40)}` };
const NOBODY = `0x${'0'.repeat(40)}`;

describe('what is submitted to the clearing house', () => {
  it('puts sides of trades together in the order in which each trade is named, and asks for a receipt of what is owned and margined [P-232]', () => {
    const [first, second] = [trade(1n, 2n, 100n), trade(3n, 1n, 200n)];
    const files = [
      side('a', true, second, becomes(11n)), side('b', false, first, becomes(12n)), side('c', true, first, becomes(13n, { unmargined: true })),
      side('d', false, second, becomes(14n, { owned: false })),
    ];
    const submission = submissionOf(files);
    assert.ok(submission.kind === 'trades');
    assert.deepEqual(submission.settlements.map(({ trade: one, buyerSide, sellerSide }) => [one.commitment, buyerSide.newCommitment, sellerSide.newCommitment]), [[200n, 14n, 11n], [100n, 12n, 13n]]);
    assert.deepEqual(openingsOf(submission), [{ handle: 1n, commitment: 11n }, { handle: 1n, commitment: 12n }]);
  });

  it('refuses half a trade, a side twice, and what does not belong together [P-232]', () => {
    const one = trade(1n, 2n, 100n);
    const [buyer, seller] = [side('buyer.json', false, one, becomes(1n)), side('seller.json', true, one, becomes(2n))];
    const refusal = (files: readonly NamedTransition[], message: RegExp): void => {
      assert.throws(() => submissionOf(files), { code: 'SUBMISSION', message });
    };
    refusal([], /no transition is named/);
    refusal([buyer], /only the buyer's side is named: name the seller's too/);
    refusal([buyer, seller, buyer], /buyer\.json is a second buyer's side/);
    refusal([buyer, side('other.json', true, { ...one, expiry: 1 }, becomes(2n))], /other\.json names other parties or another expiry/);
    refusal([buyer, funding(1n)], /only sides of trades, or the two of one transfer, are submitted together/);
    refusal([funding(1n), funding(2n)], /only sides of trades/);
    refusal([moved(1n, 2n, 1n, 5n), moved(1n, 2n, 2n, 6n)], /of one amount between the same two accounts/);
    refusal([moved(1n, 2n, 1n, 5n)], /of one amount between the same two accounts/);
  });

  it('makes a transfer of its two sides, in whatever order they are named', () => {
    const sides = [moved(1n, 2n, 2n, 5n), moved(1n, 2n, 1n, 5n)];
    const submission = submissionOf(sides);
    assert.ok(submission.kind === 'transfer');
    assert.deepEqual(submission.moved, { from: 1n, to: 2n, row: 0, amount: 5n, deadline: 9 });
    assert.deepEqual(openingsOf(submission).map(({ handle }) => handle), [1n, 2n]);
  });

  it('goes with a receipt of exactly its openings, and with none where nobody has to sign', () => {
    const openings = [{ handle: 1n, commitment: 11n }, { handle: 2n, commitment: 12n }];
    const receipt = { ...VENUE, openings, signature: '0xab' };
    assert.equal(receiptFor([], undefined), '0x');
    assert.equal(receiptFor(openings, receipt), '0xab');
    assert.throws(() => receiptFor(openings, undefined), { code: 'OPENINGS_RECEIPT', message: /openings of account 1, 2/ });
    for (const other of [openings.slice(1), [...openings].reverse(), [openings[0] as (typeof openings)[0], { handle: 2n, commitment: 13n }]]) {
      assert.throws(() => receiptFor(openings, { ...receipt, openings: other }), { code: 'OPENINGS_RECEIPT', message: /of other commitments/ });
    }
  });

  it('asks for no receipt of an account that was just opened', () => {
    const collateral = { beneficiary: NO_BENEFICIARY, deadline: 9 };
    const opened = submissionOf([named('open.json', { kind: 'open', controller: NOBODY, payer: NOBODY, collateral }, becomes(1n))]);
    assert.deepEqual(openingsOf(opened), []);
    assert.deepEqual(openingsOf(submissionOf([funding(4n)])), [{ handle: 4n, commitment: 1n }]);
  });

  it('rests on marks where something is traded, taken out or moved, and not where it comes in or is owed', () => {
    const adjusted = (collateral: Pick<CollateralRequest, 'in' | 'out'>): NamedTransition =>
      named('adjust.json', { kind: 'adjust', handle: 1n, payer: NOBODY, collateral: { ...collateral, beneficiary: NO_BENEFICIARY, deadline: 9 } }, becomes(1n));
    const part = { row: 0, amount: 5n };
    const one = trade(1n, 2n, 100n);
    const rests = [[side('b', false, one, becomes(1n)), side('s', true, one, becomes(2n))], [moved(1n, 2n, 1n, 5n), moved(1n, 2n, 2n, 5n)], [adjusted({ out: part })], [adjusted({ in: part, out: part })]];
    for (const files of rests) assert.equal(takesRiskOrCollateralOut(submissionOf(files)), true);
    for (const file of [adjusted({ in: part }), funding(1n), named('expiry.json', { kind: 'expiry', handle: 1n, row: 9 }, becomes(1n))]) {
      assert.equal(takesRiskOrCollateralOut(submissionOf([file])), false, file.file);
    }
  });
});

function trade(buyer: bigint, seller: bigint, commitment: bigint): PublicTrade {
  return { buyer, seller, expiry: 1_900_000_000, commitment };
}

function becomes(newCommitment: bigint, flags: Partial<ProvenTransition> = {}): ProvenTransition {
  return { circuitId: 1n, marketCommitment: 2n, newCommitment, reducing: false, unmargined: false, owned: true, proof: { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] }, ...flags };
}

function named(file: string, purpose: TransitionPurpose, transition: ProvenTransition): NamedTransition {
  return { ...VENUE, file, purpose, transition };
}

function side(file: string, seller: boolean, of: PublicTrade, transition: ProvenTransition): NamedTransition {
  return named(file, { kind: 'trade', seller, trade: of }, transition);
}

function funding(handle: bigint): NamedTransition {
  return named('funding.json', { kind: 'funding', handle, fromPeriod: 0 }, becomes(1n));
}

function moved(from: bigint, to: bigint, handle: bigint, amount: bigint): NamedTransition {
  const part = { row: 0, amount };
  const collateral = { ...(handle === from ? { out: part } : { in: part }), beneficiary: NO_BENEFICIARY, deadline: 9 };
  return named('transfer.json', { kind: 'transfer', handle, from, to, collateral }, becomes(1n));
}
