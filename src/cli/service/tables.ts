import type { Command } from 'commander';
import { serializeMarketTable } from '../../risk/market-table-json.js';
import { readMarketFile } from '../market-file.js';
import { showList } from './show.js';
import { examples, withTarget, type ServiceCommands, type TargetOptions } from './target.js';

export function addTableCommands(service: Command, commands: ServiceCommands): void {
  const tables = service.command('tables').description('market tables that snapshots are checked against');
  withTarget(tables.command('add').description('add a market table, or find that it is there'))
    .requiredOption('--table <file>', 'market parameters, or a table of "clearproof risk build"')
    .addHelpText('after', examples('tables add --table market.json'))
    .action(commands.asking(async (operations, output, options: TargetOptions & { table: string }) => {
      const added = await operations.addMarketTable(serializeMarketTable(await readMarketFile(options.table)));
      output.say(`table ${added.commitment}: ${added.rows} rows, ${added.level}, of ${added.snapshotTime}`);
      output.result(added);
    }));
  withTarget(tables.command('list').description('market tables, newest first'))
    .addHelpText('after', examples('tables list'))
    .action(commands.asking(async (operations, output) => showList(
      output, await operations.marketTables(), ['commitment', 'level', 'time', 'rows', 'added'],
      ({ commitment, level, snapshotTime, rows, addedAt }) => [commitment, level, String(snapshotTime), String(rows), addedAt], 'no market table: add one with "clearproof service tables add"',
    )));
}
