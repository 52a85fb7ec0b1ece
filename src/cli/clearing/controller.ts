import type { Command } from 'commander';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { address, bigNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { houseClient } from './contracts.js';

export function addClearingController(clearing: Command, run: Runner): void {
  withChain(clearing.command('controller').description('name who signs orders and agreements of an account from now on; by who does now'))
    .requiredOption('--handle <n>', 'the account\'s number', bigNumber)
    .requiredOption('--controller <address>', 'the new one', address)
    .addHelpText('after', `
Example:
  clearproof clearing controller --handle 3 --controller 0x7099…79C8 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file controller.key`)
    .action(run(async (output, options: ChainOptions & { handle: bigint; controller: string }) => {
      const controller = checksumAddress(options.controller);
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await houseClient(signer, deployment).setController(options.handle, controller);
        output.say(`account ${options.handle} is controlled by ${controller} (${gasUsed} gas)`);
        output.result({ handle: options.handle, controller, gasUsed });
      });
    }));
}
