import type { VenueLocation } from '../attestation/attestation.js';
import { hiddenFields } from '../attestation/balance-opening.js';
import { parseSignedBalance } from '../attestation/balance-receipt-format.js';
import type { PromiseOpening, PromisedAmount, SignedBalance } from '../attestation/balance-receipt.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { formatDecimal } from '../fixed-point/decimal.js';
import { checkRecipient, type ExpectedRecipient } from './account-check.js';
import { BalanceStepLog, type BalanceReport } from './balance-steps.js';
import type { BundleText } from './evidence.js';
import { failed, passed, skipped, verdictOf, type Finding, type Verdict } from './report.js';

/** What the reader expects to be promised. Each given part must hold. */
export interface ExpectedPromise {
  readonly instrument?: string;
  /** Least quantity, quanta. */
  readonly amount?: bigint;
  /** Checksummed address of the reader's signing key. */
  readonly signer?: string;
  /** Number of the reader's last order; the receipt must take no later one into account. */
  readonly sequence?: bigint;
}

/** What the chain says of a receipt's contract and signer. */
export interface BalanceRecord {
  /** Contract that the registry names for the venue's disputes; undefined where it names none. */
  readonly disputes: string | undefined;
  /** Whether receipts of this signer with this time of issue count. */
  readonly named: boolean;
  /** Unix seconds of the latest block. */
  readonly now: number;
  /** What a challenge takes, as the contract itself says; undefined where the contract is none that the venue named. */
  readonly terms?: ChallengeConditions;
}

/** What a contract for disputes holds for good: seconds, wei, and the registry of its venues. */
export interface ChallengeConditions {
  readonly registry: string;
  readonly challengeWindow: number;
  readonly answerWindow: number;
  readonly bond: bigint;
}

export type BalanceEvidence =
  | { readonly source: 'chain'; readonly record: BalanceRecord }
  /** The chain answered, and knows no such venue or contract. */
  | { readonly source: 'refused'; readonly reason: string }
  | { readonly source: 'none'; readonly reason: string };

export interface BalanceQuestion {
  readonly balance: BundleText;
  readonly poseidon: Poseidon;
  /** Address of the key that signed the receipt as the file has it, checksummed; undefined for what is no key's signature. */
  readonly signedBy: string | undefined;
  readonly evidence: BalanceEvidence;
  readonly recipient?: ExpectedRecipient;
  readonly promise?: ExpectedPromise;
  /** The venue the reader means; without it, the one the receipt names. */
  readonly venue?: VenueLocation;
}

/**
 * Checks a venue-signed balance receipt: that it is the reader's, that commitment and account name are those of what the file says,
 * and what the chain says of its signer. Pure: reads nothing, sends nothing, runs in browsers. Without a chain the verdict is
 * `cannot-tell` at best.
 */
export function verifyBalanceReceipt(question: BalanceQuestion): BalanceReport {
  const log = new BalanceStepLog();
  let found: SignedBalance | undefined;
  log.run('balance-format', () => {
    found = parseSignedBalance(question.balance.text, question.balance.file);
    return passed(promiseInWords(found));
  });
  if (found !== undefined) runSteps(log, question, found);
  const verdict = verdictOf(log.steps, question.evidence.source === 'chain');
  return { verdict, summary: SUMMARIES[verdict], steps: log.steps, warnings: found === undefined ? [] : warningsOf(question, found) };
}

/** "at least 0.5 BTC", or that the account will be there at all. */
export function promiseInWords({ opening: { promised } }: { readonly opening: Pick<PromiseOpening, 'promised'> }): string {
  if (promised === undefined) return 'the account will be in every epoch of its time; no amount is promised';
  const { instrument, quantityDecimals, amount } = promised;
  return `the account will be in every epoch of its time with at least ${formatDecimal(amount, quantityDecimals)} ${instrument}`;
}

const SUMMARIES: Readonly<Record<Verdict, string>> = {
  verified: 'VERIFIED: the venue signed this promise and answers for it on chain.',
  'not-verified': 'NOT verified: do not rely on this receipt; ask the venue for another.',
  'cannot-tell': 'CANNOT TELL: nothing is wrong with the file, but no chain said whether the venue answers for it.',
};

function runSteps(log: BalanceStepLog, question: BalanceQuestion, found: SignedBalance): void {
  const { poseidon, evidence, signedBy, recipient = {}, promise = {} } = question;
  log.run('recipient', () => checkRecipient(found.opening, recipient));
  log.run('balance-opening', () => checkOpening(poseidon, found));
  log.run('balance-expected', () => checkPromise(found, promise));
  log.run('balance-place', () => checkPlace(found, question));
  log.run('balance-signature', () => {
    return signedBy === found.receiptSigner ? passed(`signed by ${found.receiptSigner}`) : failed(`the signature is not that of ${found.receiptSigner}, or the receipt was changed`, 'BALANCE_SIGNATURE');
  });
  log.run('balance-signer', () => {
    if (evidence.source !== 'chain') return skipped('no chain was asked');
    return evidence.record.named
      ? passed(`${found.receiptSigner} counted as a receipt signer of the venue when it signed`)
      : failed(`${found.receiptSigner} was no receipt signer of the venue when it signed: nobody has to honour this`, 'BALANCE_SIGNER');
  });
  log.run('balance-time', () => checkTime(found, evidence));
}

/** Commitment and account name from owner, user id, rows, amount and blinding. */
export function checkOpening(poseidon: Poseidon, { venue, receipt, opening }: SignedBalance): Finding {
  const { balance, account } = hiddenFields(poseidon, venue, opening);
  if (balance !== receipt.balance) return failed(`the file's account, rows, amount and blinding give the commitment ${balance}, signed was ${receipt.balance}`, 'BALANCE_COMMITMENT');
  if (account !== receipt.account) return failed(`venue, owner, user and sub-account give the account ${account}, signed was ${receipt.account}`, 'BALANCE_ACCOUNT');
  return passed(`commitment ${balance} of account ${account}`);
}

function checkPromise(found: SignedBalance, { instrument, amount, signer, sequence }: ExpectedPromise): Finding {
  const { receipt, opening: { promised } } = found;
  if (instrument !== undefined && promised?.instrument !== instrument) return unexpected(`it promises ${promised === undefined ? 'no amount' : promised.instrument}, you expect ${instrument}`);
  if (amount !== undefined && (promised?.amount ?? 0n) < amount) return unexpected(`it promises ${promised?.amount ?? 0n} quanta, you expect at least ${amount}`);
  if (signer !== undefined && receipt.signer !== signer) return unexpected(`orders against it are signed by ${receipt.signer}, your signing key is ${signer}`);
  if (sequence !== undefined && receipt.sequence > sequence) return unexpected(`it takes your order ${receipt.sequence} into account, your last one was ${sequence}`);
  if ([instrument, amount, signer, sequence].every((one) => one === undefined)) return skipped(`nothing to compare with: ${promiseInWords(found)}, after order ${receipt.sequence}`);
  return passed(`${promiseInWords(found)}, after order ${receipt.sequence}`);
}

function unexpected(detail: string): Finding {
  return failed(detail, 'BALANCE_EXPECTED');
}

function checkPlace({ venue, disputes }: SignedBalance, { venue: meant, evidence }: BalanceQuestion): Finding {
  if (meant !== undefined && (meant.chainId !== venue.chainId || meant.registry !== venue.registry || meant.venueId !== venue.venueId)) {
    return failed(`it is of venue ${venue.venueId} at ${venue.registry} on chain ${venue.chainId}, you mean ${meant.venueId} at ${meant.registry} on chain ${meant.chainId}`, 'BALANCE_PLACE');
  }
  if (evidence.source === 'refused') return failed(evidence.reason, 'BALANCE_PLACE');
  if (evidence.source === 'none') return skipped(evidence.reason);
  const named = evidence.record.disputes;
  if (named === disputes) return checkTerms(venue, disputes, evidence.record.terms);
  return failed(`it is signed for the contract ${disputes}, the venue named ${named ?? 'none'}: no challenge can be opened with it`, 'BALANCE_PLACE');
}

/** A contract of another registry takes no challenge of this venue, though it can be named here. */
function checkTerms({ venueId, registry }: VenueLocation, disputes: string, terms: ChallengeConditions | undefined): Finding {
  if (terms === undefined) return failed(`venue ${venueId} named the contract ${disputes}, which does not say what a challenge takes: none can be opened there`, 'BALANCE_PLACE');
  if (terms.registry !== registry) return failed(`venue ${venueId} named the contract ${disputes}, which is of the registry ${terms.registry}: no challenge of this venue can be opened there`, 'BALANCE_PLACE');
  return passed(`venue ${venueId} at ${registry} named the contract ${disputes}: ${termsInWords(terms)}`);
}

function termsInWords({ challengeWindow, answerWindow, bond }: ChallengeConditions): string {
  return `a challenge is open for ${challengeWindow} seconds after an epoch's acceptance, takes a bond of ${formatDecimal(bond, COIN_DECIMALS)}, and leaves the venue ${answerWindow} seconds`;
}

function checkTime({ receipt: { issuedAt, validUntil } }: SignedBalance, evidence: BalanceEvidence): Finding {
  const span = `from ${instant(issuedAt)} to ${instant(validUntil)}`;
  if (evidence.source !== 'chain') return skipped(`valid ${span}; no chain said what time it is`);
  const { now } = evidence.record;
  if (now < issuedAt) return failed(`valid ${span}, and now it is ${instant(now)}: it is dated ahead`, 'BALANCE_TIME');
  // Blocks may share a second, and one more of this second could retire the signer as of it.
  if (now === issuedAt) return failed(`valid ${span}, which is this very second: the venue could still take it back, check again when the chain has moved on`, 'BALANCE_TIME');
  if (now > validUntil) return failed(`valid ${span}, and now it is ${instant(now)}: good against epochs of its time only, ask the venue for a newer one`, 'BALANCE_TIME');
  return passed(`valid ${span}`);
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** Of the chain's coin, which bonds are in. */
const COIN_DECIMALS = 18;
const SHORTEST_CHALLENGE = 3_600;
const LONGEST_ANSWER = 7 * 86_400;
const SHORTEST_VALIDITY = 6 * 3_600;
const NOBODY = `0x${'0'.repeat(40)}`;

function warningsOf({ venue, evidence, promise, recipient }: BalanceQuestion, found: SignedBalance): readonly string[] {
  const { venue: own, receipt, opening } = found;
  const { promised } = opening;
  return [
    ...(venue === undefined ? [`The registry ${own.registry} on chain ${own.chainId} is the one the receipt itself names: compare it with the address you know from a source other than the venue.`] : []),
    ...(promised === undefined ? [] : [rowsInWords(promised)]),
    // An account of an owner that the venue made up is nobody's who could take anything out of it.
    ...(recipient?.owner === undefined ? [`The account is that of the owner commitment ${opening.owner}: see that it is yours, and say so with it.`] : []),
    // A venue that puts a key of its own here signs the order that answers every challenge.
    ...(promise?.signer === undefined && receipt.signer !== NOBODY ? [`Whoever holds the key of ${receipt.signer} can sign orders that void this receipt: see that it is your signing key, and say so with its address.`] : []),
    ...(evidence.source === 'chain' && receipt.validUntil - evidence.record.now < SHORTEST_VALIDITY ? [`It promises nothing of an epoch whose snapshot is taken after ${instant(receipt.validUntil)}: see that the venue takes one before.`] : []),
    ...(evidence.source === 'chain' && evidence.record.terms !== undefined ? termsWarnings(evidence.record.terms) : []),
  ];
}

function rowsInWords({ instrument, quantityDecimals, firstRow, lastRow, amount }: PromisedAmount): string {
  const rows = firstRow === lastRow ? `row ${firstRow}` : `rows ${firstRow} to ${lastRow}`;
  return `What is signed is ${amount} quanta of ${rows}; that these are ${instrument} and ${quantityDecimals} decimals a market table says: compare with a receipt of an epoch.`;
}

function termsWarnings({ challengeWindow, answerWindow }: ChallengeConditions): readonly string[] {
  return [
    ...(challengeWindow < SHORTEST_CHALLENGE ? [`An epoch can be challenged for ${challengeWindow} seconds only: hardly anybody will be there in time.`] : []),
    ...(answerWindow > LONGEST_ANSWER ? [`The venue may take ${answerWindow} seconds for an answer: until then nothing follows from a challenge.`] : []),
  ];
}
