import type { Command } from 'commander';
import { checksumAddress } from '../../attestation/checksum-address.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import { disputesClient, type OmissionChallengesClient } from '../../chain/omission-client.js';
import { address } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';

type Step = (client: OmissionChallengesClient, signer: string) => Promise<ChainReceipt>;

/** `clearproof balance signer …`: whose receipts bind the venue. */
export function addBalanceSigner(balance: Command, run: Runner): void {
  const signer = balance.command('signer').description('keys that sign balance receipts for the venue; the key file is the venue admin\'s');
  addStep(signer, run, 'name', 'what this key signs from now on counts', (client, named) => client.nameReceiptSigner(named));
  addStep(signer, run, 'retire', 'what this key signs from now on counts for nothing; earlier receipts stay good', (client, named) => client.retireReceiptSigner(named));
}

function addStep(signer: Command, run: Runner, name: string, description: string, step: Step): void {
  withChain(signer.command(name).description(description))
    .requiredOption('--signer <address>', 'address of the key', address)
    .addHelpText('after', `\nExample:\n  clearproof balance signer ${name} --signer 0x7099…79C8 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file admin.key`)
    .action(run(async (output, options: ChainOptions & { signer: string }) => {
      const named = checksumAddress(options.signer);
      await withSigner(options, async (sender, deployment) => {
        const { gasUsed } = await step(await disputesClient(sender, deployment), named);
        output.say(`receipt signer ${named}: ${name}d (${gasUsed} gas)`);
        output.result({ signer: named, state: `${name}d`, gasUsed });
      });
    }));
}
