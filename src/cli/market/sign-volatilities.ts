import type { Command } from 'commander';
import { signVolatilityReport } from '../../chain/signed-reports.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { parseMarketTable } from '../../risk/market-table-json.js';
import { readText } from '../files.js';
import { positiveNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { moment } from './change-state.js';
import { readRound } from './round-file.js';
import { requireTableOfRound } from './table-of-round.js';
import { VolatilitySignatureError, volatilitiesOf, writeVolatilityPart } from './volatility-part.js';

interface SignOptions extends ChainOptions {
  readonly round: string;
  readonly table: string;
  readonly validFor: number;
  readonly out: string;
}

const VALID_FOR_SECONDS = 3_600;
const VOLATILITY_DECIMALS = 6;

export function addMarketSignVolatilities(market: Command, run: Runner): void {
  withChain(market.command('sign-volatilities')
    .description('one signer\'s signature of a table\'s volatilities, for accept'))
    .requiredOption('--round <file>', 'the round of the table')
    .requiredOption('--table <file>', 'the table')
    .option('--valid-for <seconds>', 'from the round\'s time on; all signers need the same', positiveNumber, VALID_FOR_SECONDS)
    .requiredOption('--out <file>', 'where the signature goes (docs/formats.md)')
    .addHelpText('after', `
Example:
  clearproof market sign-volatilities --round round.json --table table.json --out signature-1.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file signer-1.key`)
    .action(run(async (output, options: SignOptions) => {
      const [round, table] = [await readRound(options.round), parseMarketTable(await readText(options.table), options.table)];
      requireTableOfRound(round, table);
      const volatilities = volatilitiesOf(table);
      if (volatilities.length === 0) throw new VolatilitySignatureError(`${options.table} has no option: there is nothing to sign`, { table: options.table });
      const deadline = round.time + options.validFor;
      await withSigner(options, async (signer, { chainId, markets, venueId }) => {
        const report = { venueId, round: round.id, volatilities, deadline };
        const [signature = ''] = await signVolatilityReport([signer], { chainId, board: markets }, report);
        await writeFileAtomically(options.out, writeVolatilityPart({ ...report, signature }));
        table.rows.forEach(({ id, volatility }) => {
          if (volatility !== undefined) output.say(`  ${id} ${formatDecimal(volatility, VOLATILITY_DECIMALS)}`);
        });
        output.say(`signed by ${signer.address} for round ${round.id}, until ${moment(deadline)}, in ${options.out}`);
        output.result({ out: options.out, signer: signer.address, round: round.id, deadline, volatilities });
      });
    }));
}
