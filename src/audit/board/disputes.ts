import type { VenueHistory } from '../../chain/history/venue-history.js';
import type { Dispute, DisputeState } from './board.js';
import { UNIX_TIME, WEI } from './figure.js';
import { printable } from './printable.js';
import { fact, figure, fromEvent, fromState } from './sources.js';

const HOW_LENGTH = 64;

/** Omission challenges, newest first. None for a venue without a contract for them. */
export function challengesOf({ disputes, readAt }: VenueHistory): Dispute[] {
  if (disputes === undefined) return [];
  return disputes.challenges.map((one): Dispute => {
    const opened = fromEvent('disputes', 'EpochChallenged', one.opened, one.epoch);
    const event = { open: '', answered: 'ChallengeAnswered', lost: 'EpochDisputed', cured: 'ChallengeCured' }[one.status];
    const ended = one.ended === undefined ? undefined : fromEvent('disputes', event, one.ended, one.epoch);
    return {
      id: one.challengeId.toString(), state: one.status === 'open' && readAt.time > one.answerBy ? 'overdue' : one.status, epoch: one.epoch,
      openedAt: figure(one.opened.time, UNIX_TIME, opened), answerBy: figure(one.answerBy, UNIX_TIME, opened),
      endedAt: one.ended === undefined || ended === undefined ? undefined : figure(one.ended.time, UNIX_TIME, ended),
      how: one.how === undefined || ended === undefined ? undefined : fact(printable(one.how, 'unnamed', HOW_LENGTH), ended),
      bond: figure(disputes.bond, WEI, fromState('disputes', 'BOND')),
    };
  }).reverse();
}

/** Demands for receipts, newest first. None without a vault. */
export function demandsOf({ reserves, readAt }: VenueHistory): Dispute[] {
  return (reserves.vault?.demands ?? []).map((one): Dispute => {
    const demanded = fromEvent('reserves', 'ReceiptDemanded', one.at, one.epoch);
    const state: DisputeState = one.answeredAt !== undefined ? 'answered' : readAt.time > one.answerBy ? 'lost' : 'open';
    return {
      id: one.demandId.toString(), state, epoch: one.epoch, openedAt: figure(one.demandedAt, UNIX_TIME, demanded), answerBy: figure(one.answerBy, UNIX_TIME, demanded),
      endedAt: one.answeredAt === undefined ? undefined : figure(one.answeredAt, UNIX_TIME, fromState('reserves', 'demandAt', one.epoch)),
      how: undefined, bond: figure(one.bond, WEI, demanded),
    };
  }).reverse();
}
