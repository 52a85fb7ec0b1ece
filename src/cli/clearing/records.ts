import type { Command } from 'commander';
import { NO_ROUND } from '../../chain/clearing-terms-client.js';
import { parameterWords } from '../../risk/build/parameter-words.js';
import { readMarketFile } from '../market-file.js';
import { readRound } from '../market/round-file.js';
import { readParameterSet, setWords } from '../market/wanted-lists.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { termsClient } from './contracts.js';
import { instrumentRow } from './rows.js';

interface RecordOptions extends ChainOptions {
  readonly round: string;
  readonly parameters: string;
}

interface ExpiryOptions extends RecordOptions {
  readonly instrument: string;
  readonly before?: string;
  readonly table: string;
}

const ON_CHAIN = '--deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key';

/** What anybody fixes from prices that the price board read. */
export function addClearingRecords(clearing: Command, run: Runner): void {
  withChain(clearing.command('record-expiry').description('fix what an expired instrument is worth, from the first price round at or after its expiry; anybody may'))
    .requiredOption('--instrument <id>', 'the future or option')
    .requiredOption('--table <file>', 'market table, for its row')
    .requiredOption('--round <file>', 'the first round at or after the expiry, as "market round" wrote it')
    .option('--before <file>', 'the round before it, unless there is none')
    .requiredOption('--parameters <file>', 'the parameter set that is active')
    .addHelpText('after', `
Example:
  clearproof clearing record-expiry --instrument BTC-29JAN27-100000-C --table table.json --round round-9.json --before round-8.json \\
    --parameters parameters.json ${ON_CHAIN}`)
    .action(run(async (output, options: ExpiryOptions) => {
      const { index: row } = instrumentRow(await readMarketFile(options.table), options.instrument);
      const [round, before] = [await readRound(options.round), options.before === undefined ? NO_ROUND : await readRound(options.before)];
      const words = setWords(parameterWords(await readParameterSet(options.parameters)));
      await withSigner(options, async (signer, deployment) => {
        const terms = termsClient(signer, deployment);
        const { gasUsed } = await terms.recordExpiry(row, round, before, words);
        const settlement = (await terms.expiry(row))?.settlement;
        output.say(`${options.instrument} is settled from round ${round.id}: ${settlement?.value ?? 0n} value units and ${settlement?.deliver ?? 0n} quanta delivered for one quantum (${gasUsed} gas)`);
        output.result({ row, round: round.id, ...settlement, gasUsed });
      });
    }));
  withChain(clearing.command('accrue').description('add what perpetuals pay since the last time, from a newer price round: a new funding period begins; anybody may'))
    .requiredOption('--round <file>', 'a round, as "market round" wrote it')
    .requiredOption('--parameters <file>', 'the parameter set that is active')
    .addHelpText('after', `\nExample:\n  clearproof clearing accrue --round round.json --parameters parameters.json ${ON_CHAIN}`)
    .action(run(async (output, options: RecordOptions) => {
      const [round, words] = [await readRound(options.round), setWords(parameterWords(await readParameterSet(options.parameters)))];
      await withSigner(options, async (signer, deployment) => {
        const terms = termsClient(signer, deployment);
        const { gasUsed } = await terms.accrueFunding(round, words);
        const period = await terms.period();
        output.say(`funding period ${period} begins (${gasUsed} gas): accounts with perpetuals settle with "clearing fund" before they do anything else`);
        output.result({ period, round: round.id, rates: await terms.cumulativeRates(period), gasUsed });
      });
    }));
}
