import type { Command } from 'commander';
import { jsonLines } from '../../keeper/keeper-log.js';
import { walletFromFile } from '../../chain/wallet.js';
import { VenueChain } from '../../keeper/venue-chain.js';
import type { Runner } from '../runner.js';
import { reading } from '../with-chain.js';
import { keeperConfigOf, withKeeper, type KeeperOptions } from './keeper-options.js';
import { readyKeeper } from './start-keeper.js';

export function addKeeperCheck(keeper: Command, run: Runner): void {
  withKeeper(keeper.command('check').description('read the configuration and every file that it names, and ask the venue for its rules; nothing is sent or written'))
    .addHelpText('after', `
Example:
  clearproof keeper check --config keeper.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file keeper.key`)
    .action(run(async (output, options: KeeperOptions) => {
      const config = await keeperConfigOf(options);
      await reading(options, async ({ provider }, deployment) => {
        const signer = await walletFromFile(options.keyFile, provider);
        const now = await new VenueChain(provider, deployment, signer.address).now();
        const ready = await readyKeeper({ config, deployment, provider, signer, log: jsonLines(() => undefined, () => Date.now()) });
        await ready.close();
        const roles = (['challenger', 'guard', 'bidder'] as const).filter((role) => config[role] !== undefined);
        output.say(`${roles.join(', ')} as ${signer.address} for venue ${deployment.venueId}: fit to run${config.dryRun ? ', dry' : ''}`);
        output.say(now.open ? 'liquidation is open now' : 'liquidation is stopped now: by the gate, or because prices are too old');
        output.result({ keeper: signer.address, venueId: deployment.venueId, roles, dryRun: config.dryRun, open: now.open, block: now.block });
      });
    }));
}
