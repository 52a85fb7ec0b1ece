import type { Command } from 'commander';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { fundWithdrawalToChange } from '../../chain/liquidation-changes.js';
import type { Tranche } from '../../liquidation/fund.js';
import { fundClient } from '../liquidation/contracts.js';
import { address } from '../options.js';
import type { Runner } from '../runner.js';
import { nextStep } from '../vault/next-step.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { assetNamed, unitsIn, withAsset, type AssetOptions } from './fund-asset.js';
import { trancheOption } from './tokens.js';

type WithdrawOptions = ChainOptions & AssetOptions & { readonly tranche: Tranche; readonly amount: string; readonly recipient?: string };

export function addFundWithdraw(fund: Command, run: Runner): void {
  withAsset(withChain(fund.command('withdraw').description('the venue\'s admin: take out of a tranche: do the next step: propose, wait, withdraw; in no epoch with a shortfall')))
    .addOption(trancheOption())
    .requiredOption('--amount <decimal>', 'quantity of the instrument')
    .option('--recipient <address>', 'who gets it (default: the key file\'s address)', address)
    .addHelpText('after', `
Example:
  clearproof fund withdraw --tranche first-loss --instrument USD --amount 50000 --table table.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: WithdrawOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const asset = await assetNamed(options, signer, deployment);
        const withdrawal = { asset: asset.asset, tranche: options.tranche, amount: unitsIn(asset, options.amount), to: checksumAddress(options.recipient ?? signer.address) };
        const step = await nextStep(output, await latestTimestamp(signer.provider), fundWithdrawalToChange(fundClient(signer, deployment), withdrawal));
        output.result({ ...withdrawal, ...step });
      });
    }));
}
