import { Option, type Command } from 'commander';
import { ClearproofError } from '../../error/clearproof-error.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { parameterWords } from '../../risk/build/parameter-words.js';
import { serializeMarketTable } from '../../risk/market-table-json.js';
import { findArbitrage, type ArbitrageFinding } from '../../risk/option/arbitrage.js';
import { parseParameterSet } from '../../risk/parameter-set/parameter-set-json.js';
import { priceOf } from '../../risk/prices/price-file.js';
import type { ParameterSet } from '../../risk/parameter-set/parameter-set.js';
import { readText } from '../files.js';
import { unixSeconds } from '../options.js';
import { bigintAsText } from '../output.js';
import type { Runner } from '../runner.js';
import { buildFromFiles, marginLevel, type BuiltFromFiles, type MarketFiles, type PriceSource } from './inputs.js';

/** A surface lets somebody earn without risk. */
export class ArbitrageError extends ClearproofError {
  readonly code = 'ARBITRAGE';
}

interface BuildCommand extends Omit<MarketFiles, 'prices'> {
  readonly prices?: string;
  readonly round?: string;
  readonly parameters: string;
  readonly out: string;
  readonly words?: string;
  readonly acceptArbitrage?: boolean;
}

export function addRiskBuild(risk: Command, run: Runner): void {
  const build = risk.command('build');
  build
    .description('make a market table from parameters and prices; nothing is written when anything does not fit')
    .requiredOption('--parameters <file>', 'parameter set (docs/formats.md)')
    .option('--prices <file>', 'prices of its feeds')
    .addOption(new Option('--round <file>', 'in place of prices: a round of the price board, as "market round" wrote it').conflicts(['prices', 'snapshotTime']))
    .option('--surface <file>', 'volatility surface, for sets with options')
    .requiredOption('--level <level>', 'maintenance or initial', marginLevel)
    .requiredOption('--out <file>', 'where the table goes')
    .option('--words <file>', 'also write what goes on chain: words, moves and instrument lines')
    .option('--snapshot-time <seconds>', 'moment of the table; the prices\' time unless given', unixSeconds)
    .option('--accept-arbitrage', 'go on although the surface has arbitrage, and list it')
    .addHelpText('after', '\nExample:\n  clearproof risk build --parameters parameters.json --prices prices.json --level maintenance --out table.json')
    .action(run(async (output, options: BuildCommand) => {
      const prices = priceSource(build, options);
      const set = parseParameterSet(await readText(options.parameters), options.parameters);
      const built = await buildFromFiles(set, { ...options, prices });
      const findings = arbitrageOf(set, built);
      const [first] = findings;
      if (first !== undefined && options.acceptArbitrage !== true) {
        throw new ArbitrageError(
          `${first.place.file}: ${first.message}; ${findings.length} such places: correct the surface, or accept them with --accept-arbitrage`,
          { findings: findings.length },
        );
      }
      await writeFileAtomically(options.out, serializeMarketTable(built.table));
      if (options.words !== undefined) await writeFileAtomically(options.words, `${JSON.stringify(parameterWords(set), bigintAsText, 2)}\n`);
      built.warnings.forEach(({ message }) => output.say(`warning: ${message}`));
      findings.forEach(({ message }) => output.say(`arbitrage: ${message}`));
      output.say(`${built.table.rows.length} rows, ${built.table.scenarios.length} scenarios at ${options.level}, stored in ${options.out}`);
      output.result({
        out: options.out, rows: built.table.rows.length, scenarios: built.table.scenarios.length, warnings: built.warnings,
        arbitrage: findings.map(({ kind, feed, size, message }) => ({ kind, feed, size, message })),
      });
    }));
}

function priceSource(build: Command, { prices, round }: BuildCommand): PriceSource {
  if (round !== undefined) return { round };
  if (prices === undefined) build.error('error: one of --prices and --round is needed');
  return { file: prices };
}

function arbitrageOf(set: ParameterSet, { table, prices, surface }: BuiltFromFiles): ArbitrageFinding[] {
  if (surface === undefined) return [];
  const feeds = new Map(set.feeds.map((feed) => [feed.id, feed]));
  return findArbitrage(surface, table.snapshotTime, (id) => {
    const feed = feeds.get(id);
    return feed === undefined ? undefined : priceOf(feed, prices);
  });
}
