import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { clearingOf, vaultOf } from '../../chain/deployment.js';
import { clearingHouseToChange } from '../../chain/vault-changes.js';
import { VaultVenueClient } from '../../chain/vault-venue-client.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { nextStep } from './next-step.js';

/** Users see it coming: what moves to the clearing house leaves the tree. */
export function addVaultClearingHouse(vault: Command, run: Runner): void {
  withChain(vault.command('clearing-house')
    .description('the clearing house that the vault pays for: do the next step towards the deployment\'s: propose, wait, activate'))
    .addHelpText('after', '\nExample:\n  clearproof vault clearing-house --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const client = new VaultVenueClient(vaultOf(deployment), deployment.venueId, signer);
        output.result(await nextStep(output, await latestTimestamp(signer.provider), await clearingHouseToChange(client, clearingOf(deployment).house)));
      });
    }));
}
