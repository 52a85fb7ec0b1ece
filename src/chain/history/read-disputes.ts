import { decodeBytes32String } from 'ethers';
import type { ChallengeStatusName, DisputeHistory, HistoryChallenge, ReceiptSignerState } from './dispute-history.js';
import { NodeContradictionError } from './history-errors.js';
import { DISPUTES_HISTORY } from './history-events.js';
import type { HistoryEvent } from './log-reader.js';
import { plainStruct } from './plain-values.js';
import type { HistoryPlace } from './history-place.js';
import { venueTopic } from './read-registry.js';

const STATUS: readonly (ChallengeStatusName | undefined)[] = [undefined, 'open', 'answered', 'lost', 'cured'];

/** Receipt signers and challenges of a venue. @throws NodeContradictionError */
export async function readDisputes(place: HistoryPlace, address: string): Promise<DisputeHistory> {
  const { state, venueId } = place;
  const events = await place.logs.read(address, DISPUTES_HISTORY, [null, venueTopic(venueId)]);
  const [challengeWindow, answerWindow, bond, since] = await Promise.all([
    state.value(address, DISPUTES_HISTORY, 'CHALLENGE_WINDOW', []), state.value(address, DISPUTES_HISTORY, 'ANSWER_WINDOW', []),
    state.value(address, DISPUTES_HISTORY, 'BOND', []), state.value(address, DISPUTES_HISTORY, 'disputedSince', [venueId]),
  ]) as [bigint, bigint, bigint, bigint];
  const challenges = await Promise.all(events.filter(({ name }) => name === 'EpochChallenged').map((event) => challengeOf(place, address, event, events)));
  return {
    address, bond, challengeWindow: Number(challengeWindow), answerWindow: Number(answerWindow),
    disputedSince: since === 0n ? undefined : Number(since), signers: signersOf(events), challenges,
  };
}

interface Challenged {
  readonly challengeId: bigint;
  readonly epoch: number;
  readonly challenger: string;
  readonly receipt: { readonly issuedAt: number; readonly validUntil: number };
  readonly answerBy: number;
}

async function challengeOf({ state }: HistoryPlace, address: string, event: HistoryEvent, events: readonly HistoryEvent[]): Promise<HistoryChallenge> {
  const { challengeId, epoch, challenger, receipt, answerBy } = plainStruct<Challenged>(DISPUTES_HISTORY.getEvent('EpochChallenged')?.inputs ?? [], event.args);
  const stored = await state.value(address, DISPUTES_HISTORY, 'challengeAt', [challengeId]) as { readonly status: bigint; readonly epoch: bigint };
  const status = STATUS[Number(stored.status)];
  if (status === undefined || Number(stored.epoch) !== epoch) {
    throw new NodeContradictionError(`challenge ${challengeId} was opened by its event and is not there in state, or of another epoch: ask another node`, { epoch });
  }
  const later = events.filter(({ name, args }) => ['ChallengeAnswered', 'EpochDisputed', 'ChallengeCured'].includes(name) && args.getValue('challengeId') === challengeId);
  const how = later.map(({ name, args }) => (name === 'EpochDisputed' ? undefined : textOf(args.getValue('how') as string))).find((one) => one !== undefined);
  return Object.freeze({
    challengeId, epoch, status, challenger, issuedAt: receipt.issuedAt, validUntil: receipt.validUntil, answerBy, opened: event.at, how, ended: later.at(-1)?.at,
  });
}

function signersOf(events: readonly HistoryEvent[]): ReceiptSignerState[] {
  return events.filter(({ name }) => name === 'ReceiptSignerNamed').map(({ args, at }) => {
    const signer = args.getValue('signer') as string;
    const retired = events.find((one) => one.name === 'ReceiptSignerRetired' && one.args.getValue('signer') === signer);
    return { signer, named: at, retiredAt: retired === undefined ? undefined : Number(retired.args.getValue('retiredAt')) };
  });
}

function textOf(how: string): string {
  try {
    return decodeBytes32String(how);
  } catch {
    // Not a text: shown as it stands on chain.
    return how;
  }
}
