import type { Command } from 'commander';
import { NO_RECEIPT, type ClearingHouseClient } from '../../chain/clearing-client.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import type { ProvenTransition, TransitionPurpose } from '../../clearing/proven-transition.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { TransitionAct } from '../../statement/transition.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { openAccount, proveChange, requireSendable, withAccount, type AccountOptions, type OpenedAccount } from './account-input.js';
import { houseClient, termsClient } from './contracts.js';
import { instrumentRow } from './rows.js';
import type { ClearingTermsClient } from '../../chain/clearing-terms-client.js';

/** Nothing was fixed yet that could be settled. */
export class NotSettledYetError extends ClearproofError {
  readonly code = 'NOT_SETTLED_YET';
}

interface OwedOptions extends ChainOptions, AccountOptions {
  readonly out?: string;
}

interface Owed {
  readonly act: TransitionAct;
  readonly purpose: Extract<TransitionPurpose, { readonly kind: 'expiry' | 'funding' }>;
  readonly what: string;
}

type OwedOf<Options> = (terms: ClearingTermsClient, opened: OpenedAccount, options: Options) => Promise<Owed>;

/** What an account is owed, or owes, whatever it is worth. */
export function addClearingOwed(clearing: Command, run: Runner): void {
  owedCommand(clearing, 'expire', 'take an expired instrument out of an account, at the value that was recorded')
    .requiredOption('--instrument <id>', 'the future or option')
    .addHelpText('after', help('expire', ' --instrument BTC-29JAN27-100000-C'))
    .action(run((output, options: OwedOptions & { instrument: string }) => settle(output, options, expiryOf)));
  owedCommand(clearing, 'fund', 'pay, or get, what an account\'s perpetuals owe since it last did: needed before it does anything else in a new period')
    .addHelpText('after', help('fund', ''))
    .action(run((output, options: OwedOptions) => settle(output, options, fundingOf)));
}

function owedCommand(clearing: Command, name: string, description: string): Command {
  return withAccount(withChain(clearing.command(name).description(description)))
    .option('--owner <file>', 'the owner file, mode 600; without it anybody who has the account file can do this, and no receipt is needed')
    .option('--out <file>', 'leave the proof there in place of sending it: with an owner, an account that is margined needs the venue\'s receipt first');
}

function help(name: string, more: string): string {
  return `
Example:
  clearproof clearing ${name} --account account.json --table initial.json${more} \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key`;
}

async function expiryOf(terms: ClearingTermsClient, { table, handle }: OpenedAccount, { instrument }: { readonly instrument: string }): Promise<Owed> {
  const { index: row } = instrumentRow(table, instrument);
  const act = await terms.expiryAct(row);
  if (act === undefined) throw new NotSettledYetError(`what ${instrument} is worth at its end is not recorded: run "clearing record-expiry" after its expiry`, { instrument });
  return { act, purpose: { kind: 'expiry', handle, row }, what: `${instrument} settled` };
}

async function fundingOf(terms: ClearingTermsClient, { opening: { period }, handle }: OpenedAccount): Promise<Owed> {
  const [act, now] = [await terms.fundingAct(period), await terms.period()];
  if (now === period) throw new NotSettledYetError(`account ${handle} has settled funding up to period ${period}, the last there is`, { period });
  return { act, purpose: { kind: 'funding', handle, fromPeriod: period }, what: `funding of periods ${period} to ${now} settled` };
}

async function settle<Options extends OwedOptions>(output: Output, options: Options, owedOf: OwedOf<Options>): Promise<void> {
  await withSigner(options, async (signer, deployment) => {
    const [house, terms] = [houseClient(signer, deployment), termsClient(signer, deployment)];
    const opened = await openAccount(options, house, deployment);
    const { act, purpose, what } = await owedOf(terms, opened, options);
    const wish = { act, owned: opened.owner !== undefined, period: await terms.period() };
    requireSendable(opened, wish, options.out);
    const transition = await proveChange(output, options, opened, { wish, purpose, out: options.out });
    const { handle } = opened;
    if (options.out !== undefined) {
      output.say(`account ${handle}, ${what}: proven, in ${options.out}`);
      return output.result({ handle, out: options.out, newCommitment: transition.newCommitment });
    }
    const { transactionHash, gasUsed } = await send(house, purpose, transition);
    output.say(`account ${handle}: ${what} (${gasUsed} gas)`);
    output.result({ handle, transactionHash, gasUsed });
  });
}

function send(house: ClearingHouseClient, purpose: Owed['purpose'], transition: ProvenTransition): Promise<ChainReceipt> {
  return purpose.kind === 'expiry'
    ? house.settleExpiry(purpose.handle, purpose.row, transition, NO_RECEIPT) : house.settleFunding(purpose.handle, purpose.fromPeriod, transition, NO_RECEIPT);
}
