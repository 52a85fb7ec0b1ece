import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { writeFileAtomically } from '../file/atomic-file.js';
import { dateOf, dayOf } from '../risk/backtest/calendar.js';
import { percent } from '../risk/backtest/words.js';
import { crashAt, REFERENCE, worstDays, type Crash } from '../simulation/crash-days.js';
import { readHistory, type DailyHistory } from '../simulation/day-prices.js';
import { INVENTED_CRASH } from '../simulation/invented-crash.js';
import { readPath } from '../simulation/path-file.js';
import { policiesNamed, POLICIES } from '../simulation/policies.js';
import { pathOf, type PricePath } from '../simulation/price-path.js';
import { studyToJson, type StudySources } from '../simulation/report-json.js';
import { SimulatedDayError } from '../simulation/simulation-errors.js';
import { runStudy, type Study } from '../simulation/study.js';
import { duration, times } from '../simulation/words.js';
import { fileSource } from '../venue/byte-source.js';
import { positiveNumber, wholeNumber } from './options.js';
import { table, type Output } from './output.js';
import type { Runner } from './runner.js';

interface SimulateOptions {
  readonly data?: string;
  readonly prices?: string;
  readonly day?: readonly string[];
  readonly worst: number;
  readonly span: number;
  readonly sets: readonly string[];
  readonly seeds: readonly string[];
  readonly accounts: number;
  readonly step: number;
  readonly out: string;
}

/** What a study runs over. */
interface Scenes {
  readonly crashes: readonly string[];
  readonly pathOf: (crash: string, seed: string) => PricePath;
  readonly sources: StudySources;
}

/** Days between two of the worst: a crash and its aftershocks count once. */
const APART = 7;

export function addSimulateCommand(program: Command, run: Runner): void {
  program.command('simulate')
    .description('replay crash days over a synthetic venue with keepers, latency, gas and oracle delay, parameter sets side by side; same seeds, same bytes')
    .option('--data <folder>', 'daily prices, files like BTC-USD.csv with Date, Open, High, Low, Close (default: two invented days)')
    .addOption(new Option('--prices <file>', 'prices as they were traded instead: time (Unix seconds), asset, price').conflicts(['data', 'day']))
    .option('--day <dates...>', 'crashes that begin on these days, beside the worst')
    .option('--worst <n>', `so many days on which ${REFERENCE} fell furthest below its open; at least ${APART} days apart`, wholeNumber, 6)
    .option('--span <days>', 'days from each of them on', positiveNumber, 2)
    .option('--sets <names...>', 'parameter sets, the first being what others are compared with', POLICIES.map(({ name }) => name))
    .option('--seeds <texts...>', 'each is a run of every crash and set', ['1', '2', '3'])
    .option('--accounts <n>', 'accounts of the venue', positiveNumber, 240)
    .option('--step <seconds>', 'between two looks at prices', positiveNumber, 30)
    .requiredOption('--out <folder>', 'where simulation.html, simulation.json and simulation/ go')
    .addHelpText('after', '\nExample:\n  clearproof simulate --data ../shared/data/prices-daily --day 2022-11-08 2018-11-19 --out build/report')
    .action(run(async (output, options: SimulateOptions) => {
      const policies = policiesNamed(options.sets);
      const scenes = await scenesOf(options);
      const { accounts, seeds } = options;
      const study = runStudy({ ...scenes, policies, seeds: [...new Set(seeds)], accounts, onRun: (words) => output.progress(words) });
      output.progressDone();
      // Only here: loading the chart library would slow every other command down.
      const { studyFiles } = await import('../simulation/report.js');
      for (const [name, content] of studyFiles(study, scenes.sources)) await writeFileAtomically(join(options.out, name), content);
      print(output, study, scenes.sources);
      output.say(`report in ${join(options.out, 'simulation.html')}`);
      output.result(studyToJson(study, scenes.sources));
    }));
}

async function scenesOf({ data, prices, day = [], worst, span, step }: SimulateOptions): Promise<Scenes> {
  if (prices !== undefined) {
    const path = await readPath(fileSource(prices), step);
    return { crashes: [path.name], pathOf: () => path, sources: { prices, invented: false } };
  }
  if (data === undefined) {
    if (day.length > 0) throw new SimulatedDayError('--day names days of --data: give a folder of daily prices');
    return { ...drawn([INVENTED_CRASH], step), sources: { prices: 'two invented days', invented: true } };
  }
  const history = await readHistory(data);
  const days = [...new Set([...worstOf(history, worst), ...day.map(named)])].sort((a, b) => a - b);
  if (days.length === 0) throw new SimulatedDayError('no day is to be run: ask for --worst days or name one with --day');
  return { ...drawn(days.map((one) => crashAt(history, one, span)), step), sources: { prices: data, invented: false } };
}

function drawn(crashes: readonly Crash[], step: number): Pick<Scenes, 'crashes' | 'pathOf'> {
  const byName = new Map(crashes.map((crash) => [crash.name, crash]));
  return { crashes: [...byName.keys()], pathOf: (name, seed) => pathOf(byName.get(name) ?? INVENTED_CRASH, seed, step) };
}

/** @throws SimulatedDayError where the reference has no prices and days are asked for by its falls */
function worstOf(history: DailyHistory, count: number): number[] {
  const days = history.get(REFERENCE);
  if (days !== undefined) return worstDays(days, count, APART);
  if (count === 0) return [];
  throw new SimulatedDayError(`the folder has no prices of ${REFERENCE}, by whose falls the worst days are found: name days with --day and give --worst 0`);
}

function named(date: string): number {
  const day = dayOf(date);
  if (day !== undefined && dateOf(day) === date) return day;
  throw new SimulatedDayError(`--day: ${JSON.stringify(date)} is not a day: write it as in 2020-03-12`, { day: date });
}

function print(output: Output, { pooled }: Study, { invented }: StudySources): void {
  if (invented) output.say('the prices are invented: the figures say nothing of any market');
  table([
    ['crash', 'parameters', 'leverage', 'liquidations', 'discount', 'bad debt', 'fund', 'shared', 'nobody had', 'median under water', 'longest'],
    ...pooled.map((one) => [
      one.crash, one.policy, times(one.leverage), String(one.liquidations), percent(one.discount), percent(one.badDebt), percent(one.funds), percent(one.shared),
      percent(one.unpaid, 3), duration(one.medianUnderWater), duration(one.longestUnderWater),
    ]),
  ]).forEach((line) => output.say(line));
  output.say('bad debt and who paid it: of open interest, over all seeds');
}
