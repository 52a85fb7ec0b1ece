import type { Command } from 'commander';
import { listsToChange, rulesToChange, type BoardChange } from '../../chain/board-changes.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readBoardConfig } from './board-config.js';
import { moment, stateOf, type ChangeState } from './change-state.js';
import { boardsOf } from './venue-boards.js';
import { readParameterSet, wantedLists } from './wanted-lists.js';

interface ActivateOptions extends ChainOptions {
  readonly config: string;
  readonly parameters: string;
}

/** What became of a change that was to be activated. */
interface Activated {
  readonly what: string;
  readonly state: 'active' | ChangeState['state'];
  readonly readyAt?: number;
  readonly gasUsed?: bigint;
}

export function addMarketActivate(market: Command, run: Runner): void {
  withChain(market.command('activate')
    .description('activate what has waited long enough, and say what still waits and until when'))
    .requiredOption('--config <file>', 'the file of rules and propose')
    .requiredOption('--parameters <file>', 'the file of propose')
    .addHelpText('after', `
Example:
  clearproof market activate --config boards.json --parameters parameters.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ActivateOptions) => {
      const config = await readBoardConfig(options.config);
      const wanted = wantedLists(config, await readParameterSet(options.parameters));
      await withSigner(options, async (signer, deployment) => {
        const boards = boardsOf(signer, deployment);
        const changes: Activated[] = [];
        for (const rules of await rulesToChange(boards, { prices: config.priceRules, tables: config.tableRules })) changes.push(await activateOne(output, signer, rules));
        // What comes later in this list needs what comes before.
        let held: string | undefined;
        for (const change of await listsToChange(boards, wanted)) {
          const done = await activateOne(output, signer, change, held);
          changes.push(done);
          if (done.state !== 'active') held ??= change.what;
        }
        if (changes.length === 0) output.say('the boards have it all: nothing to activate');
        output.result({ changes });
      });
    }));
}

/** @param held what must be activated before */
async function activateOne(output: Output, signer: ConnectedSigner, change: BoardChange, held?: string): Promise<Activated> {
  const { what } = change;
  const found = await stateOf(change, await latestTimestamp(signer.provider));
  if (found.state === 'ready' && held === undefined) {
    const { gasUsed } = await change.activate();
    output.say(`${what}: activated for ${gasUsed} gas`);
    return { what, state: 'active', gasUsed };
  }
  output.say(`${what}: ${reason(found, held)}`);
  return { what, ...found };
}

function reason(found: ChangeState, held: string | undefined): string {
  switch (found.state) {
    case 'not-proposed': return 'not proposed: propose first';
    case 'other-proposed': return 'something else is proposed: propose this, which takes its place';
    case 'expired': return 'waited longer than 14 days for its activation: propose again';
    case 'waiting': return `waits until ${moment(found.readyAt)}`;
    case 'ready': return `ready, but ${held} must be activated before`;
  }
}
