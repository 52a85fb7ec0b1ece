import type { Command } from 'commander';
import { withOpening } from '../../clearing/opening-file.js';
import type { TransitionWish } from '../../clearing/transition-plan.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { writeClearedAccount } from '../clearing/account-file.js';
import { openAccount } from '../clearing/account-input.js';
import { houseClient, termsClient } from '../clearing/contracts.js';
import { InstrumentInputError, instrumentRow, quantaIn } from '../clearing/rows.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { liquidationsClient } from './contracts.js';
import { withLiquidationProver } from './liquidation-prover.js';

type DebtOptions = ChainOptions & { readonly account: string; readonly table: string; readonly instrument: string; readonly amount?: string; readonly keys?: string };

/** Made by the house alone: nobody's terms are in it. */
const NO_CONTEXT = 0n;

export function addLiquidationPayDebt(liquidation: Command, run: Runner): void {
  withChain(liquidation.command('pay-debt').description('have the waterfall pay what an account owes that has nothing left to sell: first loss, insurance, then everybody in proportion, within the epoch\'s bounds'))
    .requiredOption('--account <file>', 'the account, mode 600; what it becomes is added to it')
    .requiredOption('--table <file>', 'market table that the venue\'s market source accepted')
    .requiredOption('--instrument <id>', 'cash or spot instrument that it owes')
    .option('--amount <decimal>', 'quantity of it (default: all that is owed)')
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `
Example:
  clearproof liquidation pay-debt --account defaulter.json --table initial.json --instrument USD \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key`)
    .action(run(async (output, options: DebtOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const opened = await openAccount(options, houseClient(signer, deployment), deployment);
        const { account, handle, opening, table } = opened;
        const row = instrumentRow(table, options.instrument);
        const owed = -(opening.slots.find(({ index }) => index === row.index)?.quantity ?? 0n);
        if (owed <= 0n) throw new InstrumentInputError(`account ${handle} owes no ${row.id}: there is nothing to pay`, { instrument: row.id });
        const quanta = options.amount === undefined ? owed : quantaIn(row, options.amount);
        const wish: TransitionWish = {
          act: { kind: 'collateral', opens: false, in: { row: row.index, amount: quanta }, context: NO_CONTEXT }, owned: false, period: await termsClient(signer, deployment).period(),
        };
        const { transition, opening: after } = await withLiquidationProver(output, options.keys, deployment, ({ transitions }) =>
          transitions.prove({ account, table, before: opening, wish, owner: undefined }));
        await writeClearedAccount(options.account, withOpening(account, after));
        const { transactionHash, gasUsed } = await liquidationsClient(signer, deployment).send.payDebt(handle, row.index, quanta, transition);
        output.say(`${formatDecimal(quanta, row.quantityDecimals)} ${row.id} of account ${handle} paid by the waterfall (${gasUsed} gas)`);
        output.result({ handle, row: row.index, quanta, transactionHash, gasUsed });
      });
    }));
}
