import type { Command } from 'commander';
import { vaultOf } from '../../chain/deployment.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { VaultVenueClient } from '../../chain/vault-venue-client.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { bigNumber, bytes32, wholeNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';

/** The venue has no such settlement asset. */
export class UnknownAssetError extends ClearproofError {
  readonly code = 'UNKNOWN_ASSET';
}

const ON_CHAIN = '--deployment deployment.json --rpc http://127.0.0.1:8545';

/** What goes into the vault, and the switch that stops it. */
export function addVaultDeposits(vault: Command, run: Runner): void {
  addDeposit(vault, run);
  addFund(vault, run);
  addPause(vault, run);
}

function addDeposit(vault: Command, run: Runner): void {
  withChain(vault.command('deposit').description('put your tokens into the vault for an account of yours; the venue credits it with the next snapshot'))
    .requiredOption('--asset <n>', 'settlement asset, by its number at the registry', wholeNumber)
    .requiredOption('--amount <units>', 'base units of its token', bigNumber)
    .requiredOption('--beneficiary <bytes32>', 'reference the venue gave you for the account', bytes32)
    .addHelpText('after', `\nExample:\n  clearproof vault deposit --asset 0 --amount 1000000 --beneficiary 0x2f…09 ${ON_CHAIN} --key-file user.key`)
    .action(run(async (output, options: ChainOptions & { asset: number; amount: bigint; beneficiary: string }) => {
      await withSigner(options, async (signer, deployment) => {
        const assets = await new SolvencyRegistryClient(deployment.registry, deployment.venueId, signer).settlementAssets();
        const asset = assets[options.asset];
        if (asset === undefined) throw new UnknownAssetError(`the venue has ${assets.length} settlement assets, numbered from 0: there is no ${options.asset}`, { asset: options.asset });
        const client = new CollateralVaultClient(vaultOf(deployment), deployment.venueId, signer);
        const { id, receipt: { gasUsed } } = await client.deposit(signer, options.asset, asset.token, options.amount, options.beneficiary);
        output.say(`${options.amount} units of ${asset.token} deposited: number ${id} (${gasUsed} gas)`);
        output.result({ deposit: id, asset: options.asset, amount: options.amount, gasUsed });
      });
    }));
}

function addFund(vault: Command, run: Runner): void {
  withChain(vault.command('deposit-fund').description('add to the venue\'s insurance fund; anybody may'))
    .requiredOption('--amount <units>', 'base units of the fund\'s token', bigNumber)
    .addHelpText('after', `\nExample:\n  clearproof vault deposit-fund --amount 1000000 ${ON_CHAIN} --key-file venue.key`)
    .action(run(async (output, options: ChainOptions & { amount: bigint }) => {
      await withSigner(options, async (signer, deployment) => {
        const client = new CollateralVaultClient(vaultOf(deployment), deployment.venueId, signer);
        const { gasUsed } = await client.depositFund(signer, deployment.fundToken, options.amount);
        output.say(`${options.amount} units added to the insurance fund (${gasUsed} gas)`);
        output.result({ amount: options.amount, gasUsed });
      });
    }));
}

function addPause(vault: Command, run: Runner): void {
  withChain(vault.command('pause').description('stop deposits and moves to the clearing house; what leaves the vault is never stopped'))
    .option('--off', 'end the pause')
    .addHelpText('after', `\nExamples:\n  clearproof vault pause ${ON_CHAIN} --key-file venue.key\n  clearproof vault pause --off ${ON_CHAIN} --key-file venue.key`)
    .action(run(async (output, options: ChainOptions & { off?: boolean }) => {
      const paused = options.off !== true;
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await new VaultVenueClient(vaultOf(deployment), deployment.venueId, signer).setPaused(paused);
        output.say(`${paused ? 'paused' : 'no longer paused'} (${gasUsed} gas)`);
        output.result({ paused, gasUsed });
      });
    }));
}
