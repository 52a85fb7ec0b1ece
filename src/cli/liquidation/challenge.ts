import type { Command } from 'commander';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { readMarketFile } from '../market-file.js';
import { moment } from '../market/change-state.js';
import { bigNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { liquidationsClient } from './contracts.js';
import { requireLevel } from './table-level.js';

interface DoubtOptions extends ChainOptions {
  readonly handle: bigint;
  readonly table: string;
}

const ON_CHAIN = '--deployment deployment.json --rpc http://127.0.0.1:8545 --key-file keeper.key';

/** What takes nobody's opening: public knowledge is enough. */
export function addLiquidationChallenge(liquidation: Command, run: Runner): void {
  doubt(liquidation, 'challenge', 'doubt an account, with a bond: somebody with its opening has to show that it meets the table, or it is frozen; the bond is lost where it does')
    .action(run(async (output, options: DoubtOptions) => {
      const commitment = await maintenanceCommitment(options.table);
      await withSigner(options, async (signer, deployment) => {
        const liquidations = liquidationsClient(signer, deployment);
        const bond = await liquidations.challengeBond(options.handle);
        const { gasUsed } = await liquidations.send.challenge(options.handle, commitment, bond);
        const { deadline } = await liquidations.standing(options.handle);
        output.say(`account ${options.handle} is challenged with ${bond} wei: an answer is taken until ${moment(deadline)} (${gasUsed} gas)`);
        output.result({ handle: options.handle, bond, deadline, gasUsed });
      });
    }));
  doubt(liquidation, 'freeze', 'freeze an account whose challenge nobody answered in time: its owner can change nothing until it is shown healthy; nothing of it is sold')
    .action(run(async (output, options: DoubtOptions) => {
      const commitment = await maintenanceCommitment(options.table);
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await liquidationsClient(signer, deployment).send.freeze(options.handle, commitment);
        output.say(`account ${options.handle} is frozen (${gasUsed} gas)`);
        output.result({ handle: options.handle, gasUsed });
      });
    }));
  withChain(liquidation.command('release').description('give back the bond of a challenge at a venue that came to name another liquidation contract: it goes to who doubted'))
    .requiredOption('--handle <n>', 'number of the account', bigNumber)
    .addHelpText('after', `\nExample:\n  clearproof liquidation release --handle 7 ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions & { handle: bigint }) => {
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await liquidationsClient(signer, deployment).send.release(options.handle);
        output.say(`account ${options.handle} is doubted no more, its bond can be withdrawn by who held it (${gasUsed} gas)`);
        output.result({ handle: options.handle, gasUsed });
      });
    }));
  withChain(liquidation.command('withdraw-bonds').description('take what is yours: bonds that were lost to an account you control, or came back to you'))
    .addHelpText('after', `\nExample:\n  clearproof liquidation withdraw-bonds ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const liquidations = liquidationsClient(signer, deployment);
        const amount = await liquidations.bonds(signer.address);
        const { gasUsed } = await liquidations.send.withdrawBonds();
        output.say(`${amount} wei withdrawn to ${signer.address} (${gasUsed} gas)`);
        output.result({ account: signer.address, amount, gasUsed });
      });
    }));
}

function doubt(liquidation: Command, name: string, description: string): Command {
  return withChain(liquidation.command(name).description(description))
    .requiredOption('--handle <n>', 'number of the account', bigNumber)
    .requiredOption('--table <file>', 'the latest table of maintenance level that the venue\'s market source accepted')
    .addHelpText('after', `\nExample:\n  clearproof liquidation ${name} --handle 7 --table maintenance.json ${ON_CHAIN}`);
}

async function maintenanceCommitment(file: string): Promise<bigint> {
  const table = await readMarketFile(file);
  requireLevel(table, 'maintenance', file);
  return marketCommitment(portablePoseidon, table);
}
