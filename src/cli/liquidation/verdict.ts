import type { Command } from 'commander';
import type { ChainReceipt } from '../../chain/contract-call.js';
import type { LiquidationsClient } from '../../chain/liquidations-client.js';
import type { ProvenVerdict } from '../../liquidation/bid.js';
import type { OpenVerdict } from '../../proving/prove-verdict.js';
import { openAccount, type AccountOptions } from '../clearing/account-input.js';
import { houseClient } from '../clearing/contracts.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { liquidationsClient } from './contracts.js';
import { withLiquidationProver } from './liquidation-prover.js';
import { requireLevel } from './table-level.js';

type VerdictOptions = ChainOptions & Omit<AccountOptions, 'owner' | 'after'>;

/** One thing to show of an account, and the call that takes it. */
interface Shown {
  readonly verdict: OpenVerdict;
  readonly send: (liquidations: LiquidationsClient, handle: bigint, claim: ProvenVerdict) => Promise<ChainReceipt>;
  readonly said: string;
}

const HEALTHY: Shown = { verdict: 'watched', send: ({ send }, handle, claim) => send.answer(handle, claim), said: 'shown to meet its margin' };
const UNDER_WATER: Shown = { verdict: 'unhealthy', send: ({ send }, handle, claim) => send.start(handle, claim), said: 'shown to be under water: it can be sold in slices' };

/** What takes the account's opening, and no secret of its owner. */
export function addLiquidationVerdict(liquidation: Command, run: Runner): void {
  show(liquidation, 'answer', 'show that an account meets a fresh table: it answers a challenge, and ends a freeze or a liquidation', 'fresh table of either level')
    .action(run((output, options: VerdictOptions) => prove(output, options, HEALTHY)));
  show(liquidation, 'start', 'show that an account does not meet the latest maintenance table: it is liquidated at once, challenged or not', 'the latest table of maintenance level')
    .action(run((output, options: VerdictOptions) => prove(output, options, UNDER_WATER)));
}

function show(liquidation: Command, name: string, description: string, table: string): Command {
  return withChain(liquidation.command(name).description(description))
    .requiredOption('--account <file>', 'the account, mode 600')
    .requiredOption('--table <file>', `${table} that the venue's market source accepted`)
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `
Example:
  clearproof liquidation ${name} --account account.json --table maintenance.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key`);
}

async function prove(output: Output, options: VerdictOptions, { verdict, send, said }: Shown): Promise<void> {
  await withSigner(options, async (signer, deployment) => {
    const liquidations = liquidationsClient(signer, deployment);
    const { handle, opening, table } = await openAccount(options, houseClient(signer, deployment), deployment);
    if (verdict === 'unhealthy') requireLevel(table, 'maintenance', options.table);
    // Who starts may become the keeper: the proof names him, so that nobody else can send it.
    const context = liquidations.verdictContext(handle, verdict === 'unhealthy' ? signer.address : undefined);
    const claim = await withLiquidationProver(output, options.keys, deployment, (prover) => prover.verdict({ opening, table, verdict, context }));
    const { transactionHash, gasUsed } = await send(liquidations, handle, claim);
    output.say(`account ${handle} is ${said} (${gasUsed} gas)`);
    output.result({ handle, verdict, transactionHash, gasUsed });
  });
}
