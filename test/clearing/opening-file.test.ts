import assert from 'node:assert/strict';
import { openingAfter } from '../../src/clearing/apply-transition.js';
import { clearedBook, type BookEntry } from '../../src/clearing/book.js';
import { followChange, settledWithoutOwner, type AccountChange } from '../../src/clearing/follow-change.js';
import { KEPT_OPENINGS, openingOfCommitment, withOpening, type ClearedAccountFile } from '../../src/clearing/opening-file.js';
import { clearedCommitment, derivedNonce, type ClearedOpening } from '../../src/commitment/cleared-account.js';
import { keyOf } from '../../src/commitment/identity.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { payIn, type ExpiryAct, type FundingAct, type TransitionAct } from '../../src/statement/transition.js';
import { packTransitionDelta } from '../../src/statement/transition-delta.js';
import { packTransitionTerms } from '../../src/statement/transition-terms.js';
import { HOUSE, PERIOD, clearedAccount, heldBy, initialTable, planned, tradeAct, tradeTerms } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const { PERP, USDC, CALL, ENTRY } = TIERED_ROWS;
const OWNER = { owner: 17n, userId: 'alice', subAccount: 2 };
const key = keyOf(poseidon, OWNER);
const table = initialTable();
const EXPIRY: ExpiryAct = { kind: 'expiry', row: CALL, payRow: USDC, deliverRow: 0, value: 2_500_000n, unit: 1_000_000n, deliver: 0n };
const FUNDING: FundingAct = { kind: 'funding', payRow: USDC, fromPeriod: 3, rates: [{ group: 1, rate: -2_000_000n }] };

function fileOf(...openings: readonly ClearedOpening[]): ClearedAccountFile {
  return { ...HOUSE, ...OWNER, handle: 3n, openings: openings.map(({ nonce, period, slots }) => ({ nonce, period, slots })) };
}

const account = (holdings: Readonly<Record<number, bigint>>, change: Partial<ClearedOpening> = {}): ClearedOpening => ({ ...clearedAccount(holdings), key, ...change });

/** The change that the chain tells after whoever knew the opening settled something, and the opening that they left. */
function settled(before: ClearedOpening, act: TransitionAct, owned = false): { change: AccountChange; after: ClearedOpening } {
  const plan = planned(before, act, { owned });
  // Of a trade any number: whoever follows takes it from the chain.
  const delta = packTransitionDelta(act);
  const after = openingAfter(plan, derivedNonce(poseidon, before.nonce, delta));
  return {
    after, change: { oldCommitment: clearedCommitment(poseidon, before), newCommitment: clearedCommitment(poseidon, after), marketCommitment: 1n, terms: packTransitionTerms(act, plan.flags), delta },
  };
}

describe('the file of an account', () => {
  const one = account({ [USDC]: 5n });

  it('has the opening of whichever of its commitments stands on the chain', () => {
    const other = account({ [USDC]: 6n }, { nonce: 8n });
    const file = withOpening(fileOf(one), other);
    assert.deepEqual(openingOfCommitment(poseidon, file, clearedCommitment(poseidon, one)), one);
    assert.deepEqual(openingOfCommitment(poseidon, file, clearedCommitment(poseidon, other)), other);
  });

  it('says which account it does not know the opening of, and not what it knows', () => {
    assert.throws(() => openingOfCommitment(poseidon, fileOf(one), 12_345n), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'OPENING_UNKNOWN');
      assert.match(error.message, /no opening of what handle 3 is on the chain/);
      return !error.message.includes(one.nonce.toString());
    });
  });

  it('keeps the newest openings', () => {
    const full = Array.from({ length: KEPT_OPENINGS + 3 }, (_, place) => place).reduce((file, place) => withOpening(file, { ...one, nonce: BigInt(place) }), fileOf());
    assert.deepEqual([full.openings.length, full.openings.at(-1)?.nonce, full.openings[0]?.nonce], [KEPT_OPENINGS, BigInt(KEPT_OPENINGS + 2), 3n]);
  });
});

describe('an owner whose account was settled by others', () => {
  it('opens it after an expiry and after funding, from what the chain tells', () => {
    const option = account({ [CALL]: 3n, [USDC]: 10n });
    const expired = settled(option, EXPIRY);
    assert.deepEqual(followChange(poseidon, table, option, expired.change), expired.after);
    assert.deepEqual(heldBy(expired.after), { [USDC]: 17n });
    const perpetual = account({ [PERP]: -3n, [USDC]: 10n }, { period: 3 });
    const funded = settled(perpetual, FUNDING);
    assert.deepEqual(followChange(poseidon, table, perpetual, funded.change), funded.after);
    assert.deepEqual([heldBy(funded.after)[USDC], funded.after.period], [4n, PERIOD]);
  });

  it('opens it after a debt was paid, and after a slice of it was sold on published terms', () => {
    const owes = account({ [USDC]: -10n });
    const paid = settled(owes, payIn(USDC, 4n));
    assert.deepEqual(followChange(poseidon, table, owes, paid.change), paid.after);
    assert.deepEqual(heldBy(paid.after), { [USDC]: -6n });
    const long = account({ [PERP]: 10n, [ENTRY]: -600_000n, [USDC]: 1_000n });
    const trade = tradeTerms({ quantity: 4n, payment: 239_000n });
    const sold = settled(long, tradeAct(trade, true));
    assert.deepEqual(followChange(poseidon, table, long, sold.change, trade), sold.after);
    assert.deepEqual(heldBy(sold.after), { [PERP]: 6n, [ENTRY]: -361_000n, [USDC]: 1_000n });
    for (const [change, terms] of [[sold.change, { ...trade, payment: 239_001n }], [sold.change, undefined], [paid.change, trade], [settled(long, tradeAct(trade, true), true).change, trade]] as const) {
      assert.throws(() => followChange(poseidon, table, long, change, terms), { code: 'OPENING_UNKNOWN' });
    }
  });

  it('is told what was settled, and of changes that only the owner makes nothing', () => {
    const { change } = settled(account({ [CALL]: 3n }), EXPIRY);
    assert.deepEqual(settledWithoutOwner(change), EXPIRY);
    assert.deepEqual(settledWithoutOwner(settled(account({ [USDC]: -9n }), payIn(USDC, 4n)).change), payIn(USDC, 4n));
    const flags = { reducing: false, unmargined: false, period: PERIOD };
    assert.equal(settledWithoutOwner({ terms: packTransitionTerms(EXPIRY, { ...flags, owned: true }), delta: change.delta }), undefined);
    assert.equal(settledWithoutOwner({ terms: packTransitionTerms(tradeAct(tradeTerms()), { ...flags, owned: false }), delta: 5n }), undefined);
  });

  it('is refused what does not follow from the opening', () => {
    const option = account({ [CALL]: 3n, [USDC]: 10n });
    const { change } = settled(option, EXPIRY);
    for (const [before, other] of [[account({ [CALL]: 2n }), change], [option, { ...change, newCommitment: change.newCommitment + 1n }], [option, settled(option, EXPIRY, true).change]] as const) {
      assert.throws(() => followChange(poseidon, table, before, other), { code: 'OPENING_UNKNOWN', message: /does not follow from its opening/ });
    }
  });
});

describe('the book of the clearing house', () => {
  const entry = (handle: bigint, opening: ClearedOpening): BookEntry => ({ handle, commitment: clearedCommitment(poseidon, opening), opening });
  const long = account({ [PERP]: 10n, [ENTRY]: -600_000n, [USDC]: 50n });
  const short = account({ [PERP]: -10n, [ENTRY]: 600_000n, [USDC]: 20n });

  it('sums positions and open interest by instrument over all tiers', () => {
    const book = clearedBook(poseidon, table, [entry(1n, long), entry(2n, short), entry(3n, account({ [PERP]: 40n, [TIERED_ROWS.PERP2]: 5n }))]);
    const line = book.lines.find(({ row }) => row.index === PERP);
    assert.deepEqual([line?.net, line?.long, line?.short, line?.holders], [45n, 55n, 10n, 3]);
    assert.deepEqual(book.unmatched.map(({ row }) => row.id), ['BTC-PERP']);
  });

  it('nets to nothing after trades, whatever cash there is', () => {
    const book = clearedBook(poseidon, table, [entry(1n, long), entry(2n, short)]);
    assert.deepEqual([book.unmatched, book.unopened, book.accounts], [[], [], 2]);
    assert.equal(book.lines.find(({ row }) => row.index === USDC)?.net, 70n);
  });

  it('names accounts whose opening is missing or of another commitment', () => {
    const stale = { ...entry(2n, short), commitment: 5n };
    const book = clearedBook(poseidon, table, [entry(1n, long), stale, { handle: 4n, commitment: 9n, opening: undefined }]);
    assert.deepEqual(book.unopened, [2n, 4n]);
    assert.deepEqual(book.unmatched.map(({ row }) => row.id), ['BTC-PERP', 'USD-ENTRY']);
  });
});
