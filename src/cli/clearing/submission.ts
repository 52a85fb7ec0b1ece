import type { AccountTransfer } from '../../chain/clearing-client.js';
import type { TradeSettlement } from '../../chain/clearing-solidity.js';
import type { OpenedCommitment } from '../../chain/trade-signatures.js';
import type { ProvenTransition, PublicTrade, TransitionFile, TransitionPurpose } from '../../clearing/proven-transition.js';
import { parseTransition, serializeTransition } from '../../clearing/transition-format.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { readText } from '../files.js';

/** Files that do not make one call of the clearing house. */
export class SubmissionError extends ClearproofError {
  readonly code = 'SUBMISSION';
}

/** One call of the clearing house, put together from files of proven transitions. */
export type Submission =
  | { readonly kind: 'trades'; readonly settlements: readonly TradeSettlement[] }
  | { readonly kind: 'transfer'; readonly moved: AccountTransfer; readonly fromSide: ProvenTransition; readonly toSide: ProvenTransition }
  | { readonly kind: 'single'; readonly purpose: SinglePurpose; readonly transition: ProvenTransition };

export type SinglePurpose = Exclude<TransitionPurpose, { readonly kind: 'trade' | 'transfer' }>;
type TransferPurpose = Extract<TransitionPurpose, { readonly kind: 'transfer' }>;

/** A transition and the file that it is in. */
export interface NamedTransition extends TransitionFile {
  readonly file: string;
}

export async function readTransition(file: string): Promise<NamedTransition> {
  return { ...parseTransition(await readText(file), file), file };
}

/** Public: it hides what it is of. */
export async function writeTransition(file: string, transition: TransitionFile): Promise<void> {
  await writeFileAtomically(file, serializeTransition(transition));
}

/** The call that files make: trades in the order in which each is first named. @throws SubmissionError */
export function submissionOf(files: readonly NamedTransition[]): Submission {
  const [first] = files;
  if (first === undefined) throw new SubmissionError('no transition is named');
  if (files.every(({ purpose }) => purpose.kind === 'trade')) return { kind: 'trades', settlements: settlementsOf(files) };
  if (first.purpose.kind === 'transfer') return transferOf(files);
  const { purpose, transition } = first;
  if (files.length === 1 && purpose.kind !== 'trade') return { kind: 'single', purpose, transition };
  throw new SubmissionError('only sides of trades, or the two of one transfer, are submitted together: name the others one by one');
}

/** What the operator has to sign that it holds, in the order in which the house asks for it. */
export function openingsOf(submission: Submission): readonly OpenedCommitment[] {
  const sides = sidesOf(submission);
  return sides.filter(([, { owned, unmargined }]) => owned && !unmargined).map(([handle, { newCommitment }]) => ({ handle, commitment: newCommitment }));
}

/** Whether the accounts would rest on what their rows are marked at: not so where something comes in, or is settled that is owed. */
export function takesRiskOrCollateralOut(submission: Submission): boolean {
  if (submission.kind !== 'single') return true;
  const { purpose } = submission;
  return purpose.kind === 'adjust' && purpose.collateral.out !== undefined;
}

function sidesOf(submission: Submission): readonly (readonly [handle: bigint, side: ProvenTransition])[] {
  switch (submission.kind) {
    case 'trades': return submission.settlements.flatMap(({ trade, buyerSide, sellerSide }) => [[trade.buyer, buyerSide], [trade.seller, sellerSide]] as const);
    case 'transfer': return [[submission.moved.from, submission.fromSide], [submission.moved.to, submission.toSide]];
    // What was opened is unmargined.
    case 'single': return submission.purpose.kind === 'open' ? [] : [[submission.purpose.handle, submission.transition]];
  }
}

function settlementsOf(files: readonly NamedTransition[]): TradeSettlement[] {
  const trades = new Map<bigint, { trade: PublicTrade; buyer?: ProvenTransition; seller?: ProvenTransition }>();
  for (const { file, purpose, transition } of files) {
    if (purpose.kind !== 'trade') continue;
    const { trade, seller } = purpose;
    const found = trades.get(trade.commitment) ?? { trade };
    const side = seller ? 'seller' : 'buyer';
    if (found[side] !== undefined) throw new SubmissionError(`${file} is a second ${side}'s side of one trade: name each side once`, { file });
    if (found.trade.buyer !== trade.buyer || found.trade.seller !== trade.seller || found.trade.expiry !== trade.expiry) {
      throw new SubmissionError(`${file} names other parties or another expiry than the other side of its trade: have it proven anew`, { file });
    }
    trades.set(trade.commitment, { ...found, [side]: transition });
  }
  return [...trades.values()].map(({ trade, buyer, seller }) => {
    if (buyer !== undefined && seller !== undefined) return { trade, buyerSide: buyer, sellerSide: seller };
    const [there, missing] = buyer === undefined ? ['seller', 'buyer'] : ['buyer', 'seller'];
    throw new SubmissionError(
      `of the trade of accounts ${trade.buyer} and ${trade.seller} only the ${there}'s side is named: name the ${missing}'s too, proven from the same trade under the same table`,
      { buyer: trade.buyer, seller: trade.seller },
    );
  });
}

function transferOf(files: readonly NamedTransition[]): Submission {
  const sides = files.flatMap((one) => (one.purpose.kind === 'transfer' ? [{ purpose: one.purpose, transition: one.transition }] : []));
  const [from, to] = [sides.find(({ purpose }) => purpose.handle === purpose.from), sides.find(({ purpose }) => purpose.handle === purpose.to)];
  if (files.length !== 2 || from === undefined || to === undefined || !sameMove(from.purpose, to.purpose)) {
    throw new SubmissionError('a transfer has two sides, of one amount between the same two accounts: name both files that "clearing transfer" wrote');
  }
  const { out } = from.purpose.collateral;
  const moved = { from: from.purpose.from, to: from.purpose.to, row: out?.row ?? 0, amount: out?.amount ?? 0n, deadline: from.purpose.collateral.deadline };
  return { kind: 'transfer', moved, fromSide: from.transition, toSide: to.transition };
}

function sameMove({ from, to, collateral: { out, deadline } }: TransferPurpose, other: TransferPurpose): boolean {
  const { in: coming, deadline: otherDeadline } = other.collateral;
  return from === other.from && to === other.to && deadline === otherDeadline && out !== undefined && out.row === coming?.row && out.amount === coming.amount;
}
