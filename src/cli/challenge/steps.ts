import type { Command } from 'commander';
import type { ChainReceipt } from '../../chain/contract-call.js';
import { disputesClient, type OmissionChallengesClient } from '../../chain/omission-client.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { challengeOf, identified, type Identified } from './challenge-input.js';

type Step = (client: OmissionChallengesClient, id: bigint) => Promise<ChainReceipt>;

/** What anybody may send once the venue's time is over. */
export function addChallengeSteps(challenge: Command, run: Runner): void {
  addStep(challenge, run, 'settle', 'declare a challenge lost that was not answered in time: its epoch is disputed and the venue\'s gate closes; anybody may', (client, id) => client.settle(id));
  addStep(challenge, run, 'reclaim', 'pay the bond of a lost challenge back to who opened it; anybody may', (client, id) => client.reclaimBond(id));
}

function addStep(challenge: Command, run: Runner, name: string, description: string, step: Step): void {
  withChain(identified(challenge.command(name).description(description)))
    .addHelpText('after', `\nExample:\n  clearproof challenge ${name} --challenge 8123…77 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`)
    .action(run(async (output, options: ChainOptions & Identified) => {
      await withSigner(options, async (signer, deployment) => {
        const client = await disputesClient(signer, deployment);
        await challengeOf(client, options.challenge);
        const { gasUsed } = await step(client, options.challenge);
        const { status, bondReclaimed, epoch } = await challengeOf(client, options.challenge);
        output.say(`challenge ${options.challenge} of epoch ${epoch} is ${status}${bondReclaimed ? ', its bond paid back' : ''} (${gasUsed} gas)`);
        output.result({ challenge: options.challenge, epoch, status, bondReclaimed, gasUsed });
      });
    }));
}
