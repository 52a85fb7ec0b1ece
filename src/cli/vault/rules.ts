import type { Command } from 'commander';
import type { BoardChange } from '../../chain/board-changes.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { vaultOf } from '../../chain/deployment.js';
import { vaultLimitsToChange, vaultRulesToChange } from '../../chain/vault-changes.js';
import { VaultVenueClient } from '../../chain/vault-venue-client.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { nextStep } from './next-step.js';
import { readVaultConfig, type VaultConfig } from './vault-config.js';

type ConfigOptions = ChainOptions & { readonly config: string };
type NextChange = (client: VaultVenueClient, config: VaultConfig) => Promise<BoardChange | undefined>;

/** Rules and limits. The first are set together, at once; later ones wait for the timelock, each by itself. */
export function addVaultRules(vault: Command, run: Runner): void {
  addOne(vault, run, 'rules', 'times and bond of the vault', (client, { rules }) => vaultRulesToChange(client, rules));
  addOne(vault, run, 'limits', 'how much of each asset may be deposited, lent and paid at once', (client, { limits }) => vaultLimitsToChange(client, limits));
}

function addOne(vault: Command, run: Runner, name: string, description: string, next: NextChange): void {
  withChain(vault.command(name).description(`${description}: do the next step towards the file's. The first time sets rules and limits at once; later: propose, wait, activate`))
    .requiredOption('--config <file>', 'rules and limits (docs/formats.md)')
    .addHelpText('after', `\nExample:\n  clearproof vault ${name} --config vault.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ConfigOptions) => {
      const config = await readVaultConfig(options.config);
      await withSigner(options, async (signer, deployment) => {
        const client = new VaultVenueClient(vaultOf(deployment), deployment.venueId, signer);
        if (await client.rules() === undefined) {
          const { gasUsed } = await client.setRules(config.rules, config.limits);
          output.say(`rules and limits of ${config.limits.length} assets are active (${gasUsed} gas)`);
          return output.result({ what: 'vault rules and limits', state: 'active', gasUsed });
        }
        output.result(await nextStep(output, await latestTimestamp(signer.provider), await next(client, config)));
      });
    }));
}
