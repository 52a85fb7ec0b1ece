import { join } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { DecimalError, formatDecimal, parseDecimal } from '../../fixed-point/decimal.js';
import { runBacktest, type Backtest } from '../../risk/backtest/backtest.js';
import type { GapPolicy, MoveSeries } from '../../risk/backtest/daily-moves.js';
import { pooled } from '../../risk/backtest/pooled.js';
import { readPriceFolders } from '../../risk/backtest/price-folders.js';
import { aaveHaircuts, binanceHaircuts } from '../../risk/backtest/published-haircuts.js';
import { reportToJson } from '../../risk/backtest/report-json.js';
import { percent, percentOf, TITLES } from '../../risk/backtest/words.js';
import type { RatioSchedule } from '../../risk/haircut-table.js';
import { PPM } from '../../risk/model/parts-per-million.js';
import { DEFAULT_SETTINGS, type ModelSettings, type VolatilitySource } from '../../risk/model/settings.js';
import { fileSource } from '../../venue/byte-source.js';
import { readText } from '../files.js';
import { positiveNumber } from '../options.js';
import { table, type Output } from '../output.js';
import type { Runner } from '../runner.js';

interface BacktestOptions {
  readonly prices: readonly string[];
  readonly assets?: readonly string[];
  readonly binance?: string;
  readonly schedule: RatioSchedule;
  readonly aave?: string;
  readonly fixed?: bigint;
  readonly confidence: bigint;
  readonly volatility: VolatilitySource;
  readonly warmUp: number;
  readonly gaps: GapPolicy;
  readonly out: string;
}

export function addBacktestCommand(risk: Command, run: Runner): void {
  risk.command('backtest')
    .description('walk the adaptive model through daily prices, compare it with fixed and published haircuts, write a report')
    .requiredOption('--prices <folders...>', 'folders of files like BTC-USD.csv or AAVE_USD.tsv; where two have a day the first counts')
    .requiredOption('--out <folder>', 'where report.html, report.json and charts/ go')
    .option('--assets <names...>', 'only these, as the files are named (default: all)')
    .option('--binance <file>', 'Binance\'s collateral ratio table (cex_assets_info.csv) to compare with')
    .addOption(new Option('--schedule <name>', 'which of its schedules').choices(['portfolio-margin', 'margin', 'vip-loan']).default('portfolio-margin'))
    .option('--aave <file>', 'Aave v3 reserve report (JSON) to compare with')
    .option('--fixed <fraction>', 'the fixed haircut, as in 0.2 (default: the quantile of each asset\'s warm-up days)', fraction)
    .addOption(new Option('--confidence <fraction>', 'share of days to cover').argParser(fraction).default(DEFAULT_SETTINGS.confidencePpm, formatDecimal(DEFAULT_SETTINGS.confidencePpm, 6)))
    .addOption(new Option('--volatility <source>', 'forecast').choices(['ewma', 'garch', 'larger']).default(DEFAULT_SETTINGS.volatility))
    .option('--warm-up <days>', 'moves before the first forecast', positiveNumber, DEFAULT_SETTINGS.warmUpDays)
    .addOption(new Option('--gaps <policy>', 'missing days: refuse the file, or leave the move across them out').choices(['refuse', 'skip']).default('refuse'))
    .addHelpText('after', `
Example:
  clearproof risk backtest --prices data/prices-daily data/prices-coingecko --gaps skip \\
    --binance data/risk-binance-haircuts/cex_assets_info.csv --aave data/risk-aave-v3/default_after.json --out report`)
    .action(run(async (output, options: BacktestOptions) => {
      const series = await readPriceFolders({ folders: options.prices, gaps: options.gaps, ...(options.assets === undefined ? {} : { assets: options.assets }) });
      const compared = await comparedHaircuts(options, series);
      const backtest = runBacktest({ series, compared, settings: settingsOf(options), onStep: (name) => output.progress(name) });
      output.progressDone();
      const sources = { prices: options.prices, ...(options.binance === undefined ? {} : { binance: options.binance }), ...(options.aave === undefined ? {} : { aave: options.aave }) };
      // Only here: loading the chart library would slow every other command down.
      const { reportFiles } = await import('../../risk/backtest/report.js');
      for (const [name, content] of reportFiles(backtest, sources)) await writeFileAtomically(join(options.out, name), content);
      printBacktest(output, backtest);
      output.say(`report in ${join(options.out, 'report.html')}`);
      output.result(reportToJson(backtest, sources));
    }));
}

async function comparedHaircuts({ binance, schedule, aave, fixed }: BacktestOptions, series: readonly MoveSeries[]) {
  const assets = series.map((one) => one.asset);
  return {
    binance: binance === undefined ? new Map<string, bigint>() : await binanceHaircuts(fileSource(binance), assets, schedule),
    aave: aave === undefined ? new Map<string, bigint>() : aaveHaircuts(await readText(aave), aave, assets),
    ...(fixed === undefined ? {} : { fixed }),
  };
}

function settingsOf({ confidence, volatility, warmUp }: BacktestOptions): ModelSettings {
  return { ...DEFAULT_SETTINGS, confidencePpm: confidence, volatility, warmUpDays: warmUp };
}

function printBacktest(output: Output, { assets, skipped }: Backtest): void {
  const rows = pooled(assets).map((one) => [
    TITLES[one.model], String(one.assets), String(one.days), String(one.exceedances), percentOf(one.exceedances / one.days), percent(one.averageMargin),
  ]);
  table([['model', 'assets', 'asset-days', 'exceeded', 'share', 'average margin'], ...rows]).forEach((line) => output.say(line));
  skipped.forEach(({ asset, moves }) => output.say(`left out: ${asset} has ${moves} daily moves only`));
}

/** A fraction from 0 to 1 with at most six decimals, as ppm. */
function fraction(text: string): bigint {
  try {
    const value = parseDecimal(text, 6);
    if (value >= 0n && value <= PPM) return value;
  } catch (cause) {
    if (!(cause instanceof DecimalError)) throw cause;
  }
  throw new InvalidArgumentError('It must be a fraction from 0 to 1 with at most six decimals, as in 0.99.');
}
