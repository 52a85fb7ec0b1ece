import type { Command } from 'commander';
import { feedsDigest } from '../../chain/board-digests.js';
import { NO_REPORT } from '../../chain/signed-reports.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { PRICE_SCALE } from '../../risk/parameter-set/instruments.js';
import { table } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readBoardConfig } from './board-config.js';
import { moment } from './change-state.js';
import { readPriceReport } from './price-report-file.js';
import { writeRound } from './round-file.js';
import { boardsOf, OtherFeedsError } from './venue-boards.js';

interface RoundOptions extends ChainOptions {
  readonly config: string;
  readonly report?: string;
  readonly out: string;
}

export function addMarketRound(market: Command, run: Runner): void {
  withChain(market.command('round')
    .description('have the price board read all feeds, and write the round that it opens'))
    .requiredOption('--config <file>', 'rules and feeds of the boards, for the names of the feeds')
    .requiredOption('--out <file>', 'where the round goes (docs/formats.md)')
    .option('--report <file>', 'prices of the signed feeds, with their signatures (docs/formats.md)')
    .addHelpText('after', `
Example:
  clearproof market round --config boards.json --out round.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key

Pyth feeds must have been updated on their own contract before.`)
    .action(run(async (output, options: RoundOptions) => {
      const config = await readBoardConfig(options.config);
      const report = options.report === undefined ? NO_REPORT : await readPriceReport(options.report, config);
      await withSigner(options, async (signer, deployment) => {
        const { prices } = boardsOf(signer, deployment);
        if (feedsDigest(0, await prices.feeds()) !== feedsDigest(0, config.feeds.map((feed) => feed.config))) {
          throw new OtherFeedsError(`the price board reads other feeds than those of ${options.config}: name the file that was activated last`, { config: options.config });
        }
        const { receipt, round } = await prices.updatePrices(report);
        const feeds = config.feeds.map(({ id }) => id);
        await writeFileAtomically(options.out, writeRound({ ...round, feeds }));
        output.say(`round ${round.id} of ${moment(round.time)}, opened for ${receipt.gasUsed} gas, in ${options.out}`);
        table(feeds.map((feed, place) => [feed, formatDecimal(round.prices[place] as bigint, PRICE_SCALE)])).forEach((line) => output.say(`  ${line}`));
        output.result({ out: options.out, round: round.id, time: round.time, gasUsed: receipt.gasUsed });
      });
    }));
}
