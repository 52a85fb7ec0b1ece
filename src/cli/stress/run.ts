import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { DecimalError, formatDecimal, parseDecimal } from '../../fixed-point/decimal.js';
import { stressSnapshot } from '../../margin/stress.js';
import { stressReportToJson } from '../../risk/stress/report-json.js';
import { stressReportToHtml } from '../../risk/stress/report-html.js';
import type { StressReport } from '../../risk/stress/stress-figures.js';
import { table, type Output } from '../output.js';
import type { Runner } from '../runner.js';
import { readSnapshotFolder } from '../snapshot-folder.js';
import { readOptionSources, readStressSets, type OptionFiles } from './sets.js';

interface RunOptions extends OptionFiles {
  readonly snapshot: string;
  readonly scenarios?: readonly string[];
  readonly fund?: string;
  readonly out: string;
}

export function addStressRun(stress: Command, run: Runner): void {
  stress.command('run', { isDefault: true })
    .description('put a snapshot under every scenario and write report.html and report.json')
    .requiredOption('--snapshot <folder>', 'folder made by snapshot import')
    .option('--scenarios <files...>', 'stress sets (docs/formats.md); without it all that come with the program')
    .option('--fund <amount>', 'insurance fund, in the currency of the table', amount)
    .option('--parameters <file>', 'parameter set of the table, for options')
    .option('--surface <file>', 'volatility surface of the table, for options')
    .requiredOption('--out <folder>', 'where report.html and report.json go')
    .addHelpText('after', '\nExample:\n  clearproof stress run --snapshot epoch-1/snapshot --fund 2500000 --out stress')
    .action(run(async (output, options: RunOptions) => {
      const { snapshot, market } = await readSnapshotFolder(options.snapshot);
      const sources = await readOptionSources(options);
      const report = stressSnapshot(snapshot.accounts, market, await readStressSets(options.scenarios), {
        ...(options.fund === undefined ? {} : { fund: parseDecimal(options.fund, market.valueScale, 'floor') }),
        ...(sources === undefined ? {} : { options: sources }),
        onScenario: (name) => output.progress(name),
      });
      output.progressDone();
      await writeFileAtomically(join(options.out, 'report.json'), `${JSON.stringify(stressReportToJson(report), null, 2)}\n`);
      await writeFileAtomically(join(options.out, 'report.html'), stressReportToHtml(report));
      print(output, report);
      output.say(`report in ${join(options.out, 'report.html')}`);
      output.result(stressReportToJson(report));
    }));
}

function print(output: Output, { now, outcomes, skipped, valueScale, currency }: StressReport): void {
  const money = (units: bigint): string => formatDecimal(units / 10n ** BigInt(valueScale), 0);
  const line = (name: string, figures: StressReport['now']): string[] =>
    [name, String(figures.unhealthy), String(figures.underWater), money(figures.shortfall), money(figures.badDebt)];
  table([
    ['scenario', 'unhealthy', 'under water', `shortfall ${currency}`, `bad debt ${currency}`], line('no shock', now),
    ...outcomes.map(({ set, scenario, figures }) => line(`${set}/${scenario}`, figures)),
  ]).forEach((row) => output.say(row));
  skipped.forEach(({ scenario, reason }) => output.say(`not possible: ${scenario}: ${reason}`));
}

/** Parser of an amount of money. */
function amount(text: string): string {
  try {
    if (parseDecimal(text, 18, 'floor') >= 0n) return text;
  } catch (cause) {
    if (!(cause instanceof DecimalError)) throw cause;
  }
  throw new InvalidArgumentError('It must be a plain decimal, 0 or more.');
}
