import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { moment } from './change-state.js';
import { boardsOf } from './venue-boards.js';

export function addMarketGuard(market: Command, run: Runner): void {
  withChain(market.command('guard')
    .description('what the age of the last prices allows: new risk, liquidation, exit'))
    .addHelpText('after', '\nExample:\n  clearproof market guard --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const { prices } = boardsOf(signer, deployment);
        const { id, time } = await prices.lastRound();
        const [newRisk, liquidation, exit] = [await prices.allows('new-risk'), await prices.allows('liquidation'), await prices.allows('exit')];
        output.say(id === 0 ? 'no prices yet' : `last prices: round ${id} of ${moment(time)}`);
        output.say(`new risk ${word(newRisk)}, liquidation ${word(liquidation)}, exit of unmargined funds ${word(exit)}`);
        output.result({ round: id, time, newRisk, liquidation, exit });
      });
    }));
}

function word(allowed: boolean): string {
  return allowed ? 'allowed' : 'stopped';
}
