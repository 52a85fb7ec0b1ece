import { Option, type Command } from 'commander';
import { knownContracts } from '../../chain/explorer-contracts.js';
import { handleChanges } from '../../chain/clearing-trace.js';
import { readTrace, type TransactionTrace } from '../../chain/transaction-trace.js';
import { clearingOf, type Deployment } from '../../chain/deployment.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { bigNumber, bytes32 } from '../options.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { tracesToHtml } from './trace-html.js';
import { printTrace } from './trace-text.js';

interface ShowOptions extends ReaderOptions {
  readonly transaction?: string;
  readonly handle?: bigint;
  readonly html?: string;
}

export function addTradeShow(trade: Command, run: Runner): void {
  const show = trade.command('show');
  withReader(show.description('what an outsider sees: calldata and events of a transaction, or of all that changed an account, decoded as block explorers do'))
    .option('--transaction <hash>', 'one transaction', bytes32)
    .addOption(new Option('--handle <n>', 'all transactions that changed this account').argParser(bigNumber).conflicts('transaction'))
    .option('--html <file>', 'also write a page that loads nothing from elsewhere')
    .addHelpText('after', `
Examples:
  clearproof trade show --transaction 0x6f1c…11ab --deployment deployment.json --rpc http://127.0.0.1:8545
  clearproof trade show --handle 3 --html trace.html --deployment deployment.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: ShowOptions) => {
      const { transaction, handle } = options;
      if (transaction === undefined && handle === undefined) show.error('error: one of --transaction and --handle is needed');
      await reading(options, async ({ provider, chainId }, deployment) => {
        const hashes = transaction !== undefined ? [transaction] : await transactionsOf(provider, deployment, handle as bigint);
        const contracts = await knownContracts(provider, deployment);
        const traces: TransactionTrace[] = [];
        for (const hash of hashes) traces.push(await readTrace(provider, contracts, hash));
        traces.forEach((one) => printTrace(output, one));
        if (traces.length === 0) output.say(`no transaction changed account ${handle ?? 0n}`);
        if (options.html !== undefined) {
          await writeFileAtomically(options.html, tracesToHtml(traces.map((one, place) => ({ title: `${place + 1}. ${one.called ?? 'a call'}`, trace: one })), chainId));
          output.say(`page in ${options.html}`);
        }
        output.result({ transactions: traces });
      });
    }));
}

/** A batch may change an account twice. */
async function transactionsOf(provider: Parameters<typeof handleChanges>[0], deployment: Deployment, handle: bigint): Promise<readonly string[]> {
  const changes = await handleChanges(provider, clearingOf(deployment).house, handle, deployment.deployedInBlock);
  return [...new Set(changes.map(({ transaction }) => transaction))];
}
