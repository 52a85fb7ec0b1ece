import { Option, type Command } from 'commander';
import type { Deployment } from '../../chain/deployment.js';
import type { ProvenMarks } from '../../chain/liquidations-client.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import type { Lot } from '../../liquidation/auction.js';
import type { MarketTable } from '../../risk/market-table.js';
import { requireHouse } from '../clearing/account-file.js';
import { openAccount } from '../clearing/account-input.js';
import { houseClient, type ChainAccess } from '../clearing/contracts.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { requireNow } from './auction-now.js';
import { liquidationRules, liquidationsClient } from './contracts.js';
import { withLiquidationProver, type LiquidationProver } from './liquidation-prover.js';
import { lotOf, withLot, type LotOptions } from './lot-options.js';
import { readDisclosedOpening } from './opened-file.js';
import { requireLevel } from './table-level.js';

interface MarkOptions extends ChainOptions, LotOptions {
  readonly account?: string;
  readonly opened?: string;
  readonly table: string;
  readonly maintenance: string;
  readonly keys?: string;
}

export function addLiquidationMark(liquidation: Command, run: Runner): void {
  const mark = liquidation.command('mark');
  withLot(withChain(mark.description('open an auction of what an account under water holds, or mark it under a newer table; its price falls with the time since')))
    .option('--account <file>', 'the account, mode 600')
    .addOption(new Option('--opened <file>', 'in its place: the account as "liquidation open" wrote it, mode 600').conflicts('account'))
    .requiredOption('--table <file>', 'the latest table of initial level that the venue\'s market source accepted')
    .requiredOption('--maintenance <file>', 'the latest table of maintenance level, which the account does not meet')
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `
Example:
  clearproof liquidation mark --opened opened.json --instrument BTC-PERP --pay USD-ENTRY --side sell --table initial.json --maintenance maintenance.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key`)
    .action(run(async (output, options: MarkOptions) => {
      const [initial, maintenance] = [await readMarketFile(options.table), await readMarketFile(options.maintenance)];
      requireLevel(initial, 'initial', options.table);
      requireLevel(maintenance, 'maintenance', options.maintenance);
      await withSigner(options, async (signer, deployment) => {
        const { handle, opening } = await forSale(mark, options, signer, deployment);
        const liquidations = liquidationsClient(signer, deployment);
        const rules = await liquidationRules(liquidations);
        const lot = lotOf(options, initial, handle, rules);
        const context = liquidations.verdictContext(handle);
        const { marks, underWater } = await withLiquidationProver(output, options.keys, deployment, async (prover) => ({
          underWater: await prover.verdict({ opening, table: maintenance, verdict: 'unhealthy', context }), marks: await proveMarks(prover, initial, lot, rules.feeRow),
        }));
        const { gasUsed } = await liquidations.send.markAuction(lot, marks, underWater);
        const clock = await liquidations.clock(lot);
        output.say(`account ${handle} ${lot.accountSells ? 'sells' : 'buys back'} ${options.instrument} for ${options.pay}: discount ${clock?.discount ?? 0} ppm, subsidy ${clock?.subsidy ?? 0} ppm (${gasUsed} gas)`);
        output.result({ ...lot, mark: marks.mark.mark, payMark: marks.payMark.mark, ...clock, gasUsed });
      });
    }));
}

/** Each row once: where penalties are paid in the pay row its mark is shown already. */
export async function proveMarks(prover: LiquidationProver, initial: MarketTable, { row, payRow }: Lot, feeRow: number): Promise<ProvenMarks> {
  const marks = { marketCommitment: marketCommitment(prover.poseidon, initial), mark: await prover.mark(initial, row), payMark: await prover.mark(initial, payRow) };
  return feeRow === payRow ? marks : { ...marks, feeMark: await prover.mark(initial, feeRow) };
}

/** The account from either file, as it is on the chain. */
async function forSale(
  mark: Command, { account, opened, table }: MarkOptions, access: ChainAccess, deployment: Deployment,
): Promise<{ readonly handle: bigint; readonly opening: ClearedOpening }> {
  if (account !== undefined) return openAccount({ account, table }, houseClient(access, deployment), deployment);
  if (opened === undefined) return mark.error('error: one of --account and --opened is needed: what is for sale');
  const disclosed = await readDisclosedOpening(opened);
  requireHouse(disclosed, deployment, opened);
  await requireNow(access, deployment, disclosed, opened);
  return disclosed;
}
