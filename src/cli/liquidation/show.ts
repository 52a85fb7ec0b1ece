import type { Command } from 'commander';
import { liquidationOf } from '../../chain/deployment.js';
import { liquidationEvents, type LiquidationEvent } from '../../chain/liquidation-history.js';
import type { LiquidationsClient } from '../../chain/liquidations-client.js';
import type { AccountStanding } from '../../liquidation/account-standing.js';
import { moment } from '../market/change-state.js';
import { bigNumber } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { liquidationsClient } from './contracts.js';

export function addLiquidationShow(liquidation: Command, run: Runner): void {
  withReader(liquidation.command('show').description('where an account stands, what is for sale of it at which clock, and what happened to it'))
    .requiredOption('--handle <n>', 'number of the account', bigNumber)
    .addHelpText('after', '\nExample:\n  clearproof liquidation show --handle 7 --deployment deployment.json --rpc http://127.0.0.1:8545')
    .action(run(async (output, options: ReaderOptions & { handle: bigint }) => {
      await reading(options, async ({ provider }, deployment) => {
        const { handle } = options;
        const liquidations = liquidationsClient(provider, deployment);
        const standing = await liquidations.standing(handle);
        const events = await liquidationEvents(provider, liquidationOf(deployment).liquidations, { handle, fromBlock: deployment.deployedInBlock });
        sayStanding(output, handle, standing);
        const auctions = standing.standing === 'liquidating' ? await auctionsNow(liquidations, handle, standing, events) : [];
        for (const { row, payRow, accountSells, discount, subsidy } of auctions) {
          output.say(`  ${accountSells ? 'sells' : 'buys back'} row ${row} for row ${payRow}: discount ${discount} ppm, subsidy ${subsidy} ppm`);
        }
        for (const event of events) output.say(`  block ${event.block}: ${sentenceOf(event)}`);
        output.result({ handle, ...standing, auctions, events });
      });
    }));
}

function sayStanding(output: Output, handle: bigint, { standing, bond, deadline, keeper, liquidation, dust }: AccountStanding): void {
  switch (standing) {
    case 'sound':
      return output.say(`account ${handle}: nobody doubts it`);
    case 'challenged':
      return output.say(`account ${handle}: challenged with ${bond} wei by ${keeper}; an answer is taken until ${moment(deadline)}, and after it until the freeze`);
    case 'frozen':
      return output.say(`account ${handle}: frozen, for nobody answered; its owner can change nothing before somebody shows it healthy ("liquidation answer")`);
    case 'liquidating':
      return output.say(`account ${handle}: being liquidated, number ${liquidation}, shown by ${keeper}; ${dust} slices of dust sold`);
  }
}

/** Lots of the present liquidation, each once, with their clocks. */
async function auctionsNow(liquidations: LiquidationsClient, handle: bigint, { liquidation }: AccountStanding, events: readonly LiquidationEvent[]): Promise<readonly ShownAuction[]> {
  const marked = new Map(events.flatMap((event) => (event.kind === 'marked' && event.liquidation === liquidation
    ? [[`${event.row} ${event.payRow} ${event.accountSells}`, { handle, row: event.row, payRow: event.payRow, accountSells: event.accountSells }] as const] : [])));
  const shown: ShownAuction[] = [];
  for (const lot of marked.values()) {
    const clock = await liquidations.clock(lot);
    if (clock !== undefined) shown.push({ ...lot, ...clock });
  }
  return shown;
}

interface ShownAuction {
  readonly row: number;
  readonly payRow: number;
  readonly accountSells: boolean;
  readonly discount: number;
  readonly subsidy: number;
}

function sentenceOf(event: LiquidationEvent): string {
  switch (event.kind) {
    case 'challenged':
      return `challenged with ${event.bond} wei by ${event.keeper}`;
    case 'defended':
      return `shown healthy; ${event.bond} wei went to its controller`;
    case 'frozen':
      return 'frozen';
    case 'released':
      return `its bond of ${event.bond} wei went back to ${event.keeper}: the venue names another liquidation contract`;
    case 'started':
      return `shown under water by ${event.keeper}: liquidation ${event.liquidation}`;
    case 'ended':
      return `shown healthy: the end of liquidation ${event.liquidation}`;
    case 'marked':
      return `${event.accountSells ? 'sale' : 'purchase'} of row ${event.row} for row ${event.payRow} marked at ${event.auction.mark}`;
    case 'sold':
      return `${event.slice.quantity} quanta of row ${event.slice.row} ${event.slice.accountSells ? 'sold' : 'bought back'} for ${event.slice.payment} of row ${event.slice.payRow}; penalty ${event.slice.penalty}, subsidy ${event.slice.subsidy} units`;
    case 'paid':
      return `${event.quanta} quanta of row ${event.row} paid by the waterfall, ${event.covered} of ${event.amount} units by its tranches`;
  }
}
