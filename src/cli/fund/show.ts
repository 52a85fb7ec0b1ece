import type { Command } from 'commander';
import { fundClient } from '../liquidation/contracts.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { amountIn, assetNamed, withAsset, type AssetOptions } from './fund-asset.js';

export function addFundShow(fund: Command, run: Runner): void {
  withAsset(withReader(fund.command('show').description('what the default fund holds of an asset, what it paid, and what this epoch\'s bounds leave')))
    .addHelpText('after', '\nExample:\n  clearproof fund show --instrument USD --table table.json --deployment deployment.json --rpc http://127.0.0.1:8545')
    .action(run(async (output, options: ReaderOptions & AssetOptions) => {
      await reading(options, async ({ provider }, deployment) => {
        const asset = await assetNamed(options, provider, deployment);
        const found = fundClient(provider, deployment);
        const rules = await found.rules();
        const tranches = await found.tranches(asset.asset);
        const room = await found.room(asset.asset);
        const amount = (units: bigint): string => amountIn(asset, units);
        output.say(`first loss ${amount(tranches.firstLoss)}, of which this epoch may take ${amount(room.firstLoss)}; paid so far ${amount(tranches.paidFirstLoss)}`);
        output.say(`insurance ${amount(tranches.insurance)}, of which this epoch may take ${amount(room.insurance)}; paid so far ${amount(tranches.paidInsurance)}`);
        output.say(`short ${amount(tranches.shortfall)}: everybody who leaves loses the same part; this epoch may share ${amount(room.shared)} more`);
        output.say(`debts paid ${amount(tranches.debts)}: ${amount(tranches.paidFirstLoss + tranches.paidInsurance - tranches.subsidies)} by the tranches, ${amount(tranches.shared)} shared; subsidies ${amount(tranches.subsidies)}`);
        if (rules === undefined) output.say('no rules: nothing is paid before "fund terms" sets them');
        output.result({ asset: asset.asset, token: asset.token, rules: rules ?? null, ...tranches, room });
      });
    }));
}
