import type { Command } from 'commander';
import { formatDecimal } from '../fixed-point/decimal.js';
import { reportSnapshot, type SnapshotReport } from '../margin/snapshot-report.js';
import type { MarketTable } from '../risk/market-table.js';
import { instrumentsOf } from '../risk/tiers.js';
import { fileSource } from '../venue/byte-source.js';
import { parseColumnMapping } from '../venue/column-mapping.js';
import { collectSnapshot, readSnapshot, type SnapshotFormat } from '../venue/snapshot-reader.js';
import { readText } from './files.js';
import { firstOf } from './first-of.js';
import { readMarketFile } from './market-file.js';
import { positiveNumber, wholeNumber } from './options.js';
import { table, type Output } from './output.js';
import type { Runner } from './runner.js';
import { readSnapshotFolder, writeSnapshotFolder, type StoredSnapshot } from './snapshot-folder.js';

/** Slots and excess bits of the circuits a snapshot is checked for, unless told otherwise. */
const DEFAULT_SLOTS = 8;
const EXCESS_BITS = 84;

export interface ImportOptions {
  readonly input: string;
  readonly market: string;
  readonly mapping?: string;
  readonly slots?: number;
  /** Only the first so many accounts. */
  readonly limit?: number;
}

/** Reads and checks a venue's files: every row is parsed, nothing is written. */
export async function importSnapshot(options: ImportOptions): Promise<StoredSnapshot & { readonly report: SnapshotReport }> {
  const market = await readMarketFile(options.market);
  const format = await formatOf(options);
  const slots = options.slots ?? DEFAULT_SLOTS;
  const accounts = readSnapshot(fileSource(options.input), format, instrumentsOf(market), slots);
  const snapshot = await collectSnapshot(options.limit === undefined ? accounts : firstOf(accounts, options.limit));
  const report = await reportSnapshot(snapshot.accounts, market, { slots, excessBits: EXCESS_BITS });
  return { snapshot, market, report };
}

async function formatOf(options: ImportOptions): Promise<SnapshotFormat> {
  if (options.mapping !== undefined) {
    return { kind: 'mapped-csv', mapping: parseColumnMapping(await readText(options.mapping), options.mapping) };
  }
  return { kind: /\.(ndjson|jsonl)(\.gz)?$/.test(options.input) ? 'ndjson' : 'csv' };
}

/** A report as sentences and a table. */
export function printReport(output: Output, report: SnapshotReport, market: MarketTable): void {
  const money = (units: bigint): string => `${formatDecimal(units, market.valueScale)} ${market.currency}`;
  output.say(`${report.accounts} accounts, ${report.holdings} holdings, at most ${report.mostHoldings} an account`);
  output.say(`${report.unhealthy} unhealthy, shortfall ${money(report.shortfall)}, bad debt ${money(report.badDebt)}`);
  output.say(`net owed to accounts ${money(report.equity)}`);
  const rows = report.book.filter((line) => line.gross !== 0n).map((line) => {
    const decimals = market.rows[line.index]?.quantityDecimals ?? 0;
    return [line.instrument, formatDecimal(line.net, decimals), formatDecimal(line.gross, decimals)];
  });
  table([['instrument', 'net', 'gross'], ...rows]).forEach((line) => output.say(`  ${line}`));
  report.findings.forEach((finding) => output.say(`problem: ${finding.message}`));
}

export function addSnapshotCommands(program: Command, run: Runner): void {
  const snapshot = program.command('snapshot').description('the venue\'s accounts at one moment');
  snapshot.command('import')
    .description('read, check and store a venue\'s accounts; nothing is stored when a row is wrong')
    .requiredOption('--input <file>', 'accounts: .csv, .ndjson or either with .gz')
    .requiredOption('--market <file>', 'market parameter file, or a table that "risk build" made (docs/formats.md)')
    .requiredOption('--out <folder>', 'where the snapshot goes')
    .option('--mapping <file>', 'column mapping for a foreign CSV')
    .option('--slots <n>', 'holdings an account may have', wholeNumber, DEFAULT_SLOTS)
    .option('--limit <n>', 'take the first n accounts only', positiveNumber)
    .addHelpText('after', '\nExample:\n  clearproof snapshot import --input accounts.csv --market market.json --out epoch-1/snapshot')
    .action(run(async (output, options: ImportOptions & { out: string }) => {
      const { report, ...stored } = await importSnapshot(options);
      await writeSnapshotFolder(options.out, stored, report);
      printReport(output, report, stored.market);
      output.say(`stored in ${options.out}`);
      output.result(report);
      return report.findings.length === 0 ? 0 : 1;
    }));
  snapshot.command('check')
    .description('as import, but store nothing')
    .requiredOption('--input <file>', 'accounts')
    .requiredOption('--market <file>', 'market parameter file, or a table')
    .option('--mapping <file>', 'column mapping for a foreign CSV')
    .option('--slots <n>', 'holdings an account may have', wholeNumber, DEFAULT_SLOTS)
    .option('--limit <n>', 'take the first n accounts only', positiveNumber)
    .addHelpText('after', '\nExample:\n  clearproof snapshot check --input accounts.csv --market market.json')
    .action(run(async (output, options: ImportOptions) => {
      const { report, market } = await importSnapshot(options);
      printReport(output, report, market);
      output.result(report);
      return report.findings.length === 0 ? 0 : 1;
    }));
  snapshot.command('report')
    .description('figures of a stored snapshot')
    .requiredOption('--snapshot <folder>', 'folder made by import')
    .option('--slots <n>', 'holdings an account may have', wholeNumber, DEFAULT_SLOTS)
    .addHelpText('after', '\nExample:\n  clearproof snapshot report --snapshot epoch-1/snapshot')
    .action(run(async (output, options: { snapshot: string; slots: number }) => {
      const stored = await readSnapshotFolder(options.snapshot);
      const report = await reportSnapshot(stored.snapshot.accounts, stored.market, { slots: options.slots, excessBits: EXCESS_BITS });
      printReport(output, report, stored.market);
      output.result(report);
    }));
}
