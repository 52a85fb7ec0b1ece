import { Option, type Command } from 'commander';
import { TRANCHES, type Tranche } from '../../liquidation/fund.js';
import { fundClient } from '../liquidation/contracts.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { amountIn, assetNamed, unitsIn, withAsset, type AssetOptions } from './fund-asset.js';

type TokenOptions = ChainOptions & AssetOptions;

const ON_CHAIN = '--deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key';

export function trancheOption(): Option {
  return new Option('--tranche <name>', 'whose: the venue\'s own, which is drawn first, or the insurance fund').choices(TRANCHES).makeOptionMandatory();
}

/** Tokens in, by anybody; tokens to who earned them. */
export function addFundTokens(fund: Command, run: Runner): void {
  withAsset(withChain(fund.command('contribute').description('add to a tranche; what is given cannot be asked back but by the venue\'s admin, through the timelock')))
    .addOption(trancheOption())
    .requiredOption('--amount <decimal>', 'quantity of the instrument')
    .addHelpText('after', `\nExample:\n  clearproof fund contribute --tranche insurance --instrument USD --amount 100000 --table table.json ${ON_CHAIN}`)
    .action(run(async (output, options: TokenOptions & { tranche: Tranche; amount: string }) => {
      await withSigner(options, async (signer, deployment) => {
        const asset = await assetNamed(options, signer, deployment);
        const amount = unitsIn(asset, options.amount);
        const fundOf = fundClient(signer, deployment);
        await fundOf.approve({ signer, token: asset.token, amount });
        const { gasUsed } = await fundOf.send.contribute(asset.asset, options.tranche, amount);
        output.say(`${amountIn(asset, amount)} added to the ${options.tranche} tranche (${gasUsed} gas)`);
        output.result({ asset: asset.asset, tranche: options.tranche, amount, gasUsed });
      });
    }));
  withAsset(withChain(fund.command('cover').description('pay a shortfall of the cleared ledger from the tranches, within their bounds: anybody')))
    .addHelpText('after', `\nExample:\n  clearproof fund cover --instrument USD --table table.json ${ON_CHAIN}`)
    .action(run(async (output, options: TokenOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const asset = await assetNamed(options, signer, deployment);
        const fundOf = fundClient(signer, deployment);
        const { shortfall: before } = await fundOf.tranches(asset.asset);
        const { gasUsed } = await fundOf.send.cover(asset.asset);
        const { shortfall } = await fundOf.tranches(asset.asset);
        output.say(`${amountIn(asset, before - shortfall)} covered, ${amountIn(asset, shortfall)} are still short (${gasUsed} gas)`);
        output.result({ asset: asset.asset, covered: before - shortfall, shortfall, gasUsed });
      });
    }));
  withAsset(withChain(fund.command('reward').description('take what penalties earned you as a keeper')))
    .addHelpText('after', `\nExample:\n  clearproof fund reward --instrument USD --table table.json ${ON_CHAIN}`)
    .action(run(async (output, options: TokenOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const asset = await assetNamed(options, signer, deployment);
        const fundOf = fundClient(signer, deployment);
        const amount = await fundOf.reward(signer.address, asset.token);
        const { gasUsed } = await fundOf.send.withdrawReward(asset.token);
        output.say(`${amountIn(asset, amount)} withdrawn to ${signer.address} (${gasUsed} gas)`);
        output.result({ keeper: signer.address, token: asset.token, amount, gasUsed });
      });
    }));
}
