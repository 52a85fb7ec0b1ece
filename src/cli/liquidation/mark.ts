import type { Command } from 'commander';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { readMarketFile } from '../market-file.js';
import { bigNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { liquidationsClient } from './contracts.js';
import { withLiquidationProver } from './liquidation-prover.js';
import { lotOf, withLot, type LotOptions } from './lot-options.js';
import { requireLevel } from './table-level.js';

type MarkOptions = ChainOptions & LotOptions & { readonly handle: bigint; readonly table: string; readonly keys?: string };

export function addLiquidationMark(liquidation: Command, run: Runner): void {
  withLot(withChain(liquidation.command('mark').description('open an auction of what an account holds, or mark it under a newer table; its price falls with the time since'))
    .requiredOption('--handle <n>', 'number of an account that is being liquidated', bigNumber))
    .requiredOption('--table <file>', 'the latest table of initial level that the venue\'s market source accepted')
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `
Example:
  clearproof liquidation mark --handle 7 --instrument BTC-PERP --pay USD --side sell --table initial.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key`)
    .action(run(async (output, options: MarkOptions) => {
      const table = await readMarketFile(options.table);
      requireLevel(table, 'initial', options.table);
      const lot = lotOf(options, table, options.handle);
      await withSigner(options, async (signer, deployment) => {
        const liquidations = liquidationsClient(signer, deployment);
        const [mark, payMark] = await withLiquidationProver(output, options.keys, deployment, async (prover) => [await prover.mark(table, lot.row), await prover.mark(table, lot.payRow)] as const);
        const { gasUsed } = await liquidations.send.markAuction(lot, marketCommitment(portablePoseidon, table), mark, payMark);
        const clock = await liquidations.clock(lot);
        output.say(`account ${options.handle} ${lot.accountSells ? 'sells' : 'buys back'} ${options.instrument} for ${options.pay}: discount ${clock?.discount ?? 0} ppm, subsidy ${clock?.subsidy ?? 0} ppm (${gasUsed} gas)`);
        output.result({ ...lot, mark: mark.mark, payMark: payMark.mark, ...clock, gasUsed });
      });
    }));
}
