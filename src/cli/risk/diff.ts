import { InvalidArgumentError, type Command } from 'commander';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { effectOf, type AccountEffect, type TableEffect } from '../../margin/table-effect.js';
import { changeText, compareTerms } from '../../risk/diff/compare-terms.js';
import { termsOfSet, termsOfTable, type RiskTerms } from '../../risk/diff/risk-terms.js';
import { parseMarketTable } from '../../risk/market-table-json.js';
import type { MarginLevel, MarketTable } from '../../risk/market-table.js';
import { parseParameterSet } from '../../risk/parameter-set/parameter-set-json.js';
import { readText } from '../files.js';
import { isMarketTable } from '../market-file.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { readSnapshotFolder } from '../snapshot-folder.js';
import { buildFromFiles, marginLevel } from './inputs.js';

interface DiffCommand {
  readonly snapshot?: string;
  readonly prices?: string;
  readonly surface?: string;
  readonly level: MarginLevel;
  readonly showUsers?: boolean;
}

/** One side of a comparison. */
interface Side {
  readonly terms: RiskTerms;
  /** Made when it is needed: a parameter set needs prices for it. */
  readonly table: () => Promise<MarketTable>;
}

export function addRiskDiff(risk: Command, run: Runner): void {
  risk.command('diff')
    .description('what changes between two parameter sets, or two tables made from such, and for whom')
    .argument('<before>', 'parameter set or table')
    .argument('<after>', 'parameter set or table')
    .option('--snapshot <folder>', 'accounts to judge by both')
    .option('--prices <file>', 'prices, when parameter sets are to judge accounts')
    .option('--surface <file>', 'volatility surface, as for risk build')
    .option('--level <level>', 'maintenance or initial', marginLevel, 'maintenance')
    .option('--show-users', 'name the users of the accounts that change most')
    .addHelpText('after', '\nExample:\n  clearproof risk diff set-1.json set-2.json --prices prices.json --snapshot epoch-1/snapshot')
    .action(run(async (output, options: DiffCommand, [before = '', after = '']) => {
      const [older, newer] = [await readSide(before, options), await readSide(after, options)];
      const changes = compareTerms(older.terms, newer.terms);
      if (changes.length === 0) output.say('nothing changes');
      changes.forEach((change) => output.say(changeText(change)));
      const effect = options.snapshot === undefined ? undefined : await effectOn(options.snapshot, older, newer);
      if (effect !== undefined) printEffect(output, effect.effect, effect.table, options.showUsers === true);
      output.result({ changes, ...(effect === undefined ? {} : { effect: shown(effect.effect, options.showUsers === true) }) });
    }));
}

async function readSide(file: string, options: DiffCommand): Promise<Side> {
  const text = await readText(file);
  if (isMarketTable(text, file)) {
    const table = parseMarketTable(text, file);
    return { terms: termsOfTable(table, file), table: () => Promise.resolve(table) };
  }
  const set = parseParameterSet(text, file);
  return {
    terms: termsOfSet(set),
    table: async () => {
      const { prices, surface, level } = options;
      if (prices === undefined) throw new InvalidArgumentError('--snapshot with parameter sets needs --prices.');
      return (await buildFromFiles(set, { prices: { file: prices }, level, ...(surface === undefined ? {} : { surface }) })).table;
    },
  };
}

async function effectOn(folder: string, older: Side, newer: Side): Promise<{ readonly effect: TableEffect; readonly table: MarketTable }> {
  const [before, after] = [await older.table(), await newer.table()];
  const { snapshot, market } = await readSnapshotFolder(folder);
  return { effect: effectOf(snapshot.accounts, market, before, after), table: after };
}

function printEffect(output: Output, effect: TableEffect, { valueScale, currency }: MarketTable, showUsers: boolean): void {
  const money = (units: bigint): string => `${formatDecimal(units, valueScale)} ${currency}`;
  const sums = `from ${money(effect.requirementBefore)} to ${money(effect.requirementAfter)} in all`;
  output.say(`${effect.accounts} accounts: the requirement rises for ${effect.rises} and falls for ${effect.falls}, ${sums}`);
  output.say(`newly unhealthy ${effect.newlyUnhealthy}, newly healthy ${effect.newlyHealthy}, shortfall ${money(effect.shortfallBefore)} -> ${money(effect.shortfallAfter)}`);
  effect.largest.forEach((one, place) => {
    const verdict = one.after.healthy ? '' : ', unhealthy';
    output.say(`  ${nameOf(one, place, showUsers)}: ${money(one.before.requirement)} -> ${money(one.after.requirement)}, equity ${money(one.after.equity)}${verdict}`);
  });
}

/** Without leave, accounts have a place and no name. */
function nameOf({ userId, subAccount }: AccountEffect, place: number, showUsers: boolean): string {
  return showUsers ? `${JSON.stringify(userId)}, sub-account ${subAccount}` : `account ${place + 1}`;
}

function shown(effect: TableEffect, showUsers: boolean): unknown {
  return { ...effect, largest: effect.largest.map((one) => (showUsers ? one : { before: one.before, after: one.after })) };
}
