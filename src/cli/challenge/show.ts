import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { disputesClient, type ChallengeTerms, type OmissionChallenge, type OmissionChallengesClient } from '../../chain/omission-client.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import { moment } from '../market/change-state.js';
import { bigNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { challengeOf } from './challenge-input.js';

/** A challenge as it is shown. Times in Unix seconds. */
interface ShownChallenge {
  readonly challenge: bigint;
  readonly epoch: number;
  /** 'overdue': open, and its time to answer is over. */
  readonly status: OmissionChallenge['status'] | 'overdue';
  readonly challengedAt: number;
  readonly answerBy: number;
  /** What it was answered or cured with; null while it is neither. */
  readonly answer: string | null;
  readonly bondReclaimed: boolean;
  readonly challenger: string;
  readonly receipt: OmissionChallenge['receipt'];
}

export function addChallengeShow(challenge: Command, run: Runner): void {
  withReader(challenge.command('show').description('challenges of the venue: which epochs, until when to answer, what became of them'))
    .option('--challenge <id>', 'this one only', bigNumber)
    .addHelpText('after', '\nExample:\n  clearproof challenge show --deployment deployment.json --rpc http://127.0.0.1:8545')
    .action(run(async (output, options: ReaderOptions & { challenge?: bigint }) => {
      await reading(options, async ({ provider }, deployment) => {
        const { registry, venueId, deployedInBlock } = deployment;
        const client = await disputesClient(provider, deployment);
        const [terms, now] = [await client.terms(), await latestTimestamp(provider)];
        const ids = options.challenge === undefined ? await client.challengeIds(deployedInBlock) : [options.challenge];
        const shown: ShownChallenge[] = [];
        for (const id of ids) shown.push(await shownOf(client, id, { terms, now, fromBlock: deployedInBlock }));
        const [since, gateMode] = [await client.disputedSince(), await new SolvencyRegistryClient(registry, venueId, provider).gateMode()];
        for (const one of shown) output.say(lineOf(one));
        if (shown.length === 0) output.say('no epoch of the venue was ever challenged');
        output.say(since === undefined ? `nothing waits for a cure; the gate is ${gateMode}` : `disputed since ${moment(since)}: a lost challenge waits for its cure; the gate is ${gateMode}`);
        output.result({ disputes: client.disputes, disputedSince: since ?? null, gateMode, terms, challenges: shown });
      });
    }));
}

interface Setting {
  readonly terms: ChallengeTerms;
  readonly now: number;
  readonly fromBlock: number;
}

async function shownOf(client: OmissionChallengesClient, id: bigint, { terms, now, fromBlock }: Setting): Promise<ShownChallenge> {
  const { status, epoch, challengedAt, bondReclaimed, challenger, receipt } = await challengeOf(client, id);
  const answerBy = challengedAt + terms.answerWindow;
  return {
    challenge: id, epoch, status: status === 'open' && now >= answerBy ? 'overdue' : status, challengedAt, answerBy,
    answer: (await client.answerOf(id, fromBlock)) ?? null, bondReclaimed, challenger, receipt,
  };
}

function lineOf({ challenge, epoch, status, answerBy, answer, bondReclaimed }: ShownChallenge): string {
  const detail: Readonly<Record<ShownChallenge['status'], string>> = {
    open: `to be answered before ${moment(answerBy)}`,
    overdue: `not answered by ${moment(answerBy)}: "challenge settle" makes the epoch disputed`,
    answered: `with ${answer ?? 'something'}`,
    lost: `epoch ${epoch} is disputed for good${bondReclaimed ? ', bond paid back' : ', the bond can be reclaimed'}`,
    cured: `with ${answer ?? 'something'}; epoch ${epoch} stays disputed${bondReclaimed ? ', bond paid back' : ', the bond can be reclaimed'}`,
  };
  return `${challenge}: epoch ${epoch}, ${status}, ${detail[status]}`;
}
