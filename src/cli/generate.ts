import { join } from 'node:path';
import type { Command } from 'commander';
import { writeFileAtomically } from '../file/atomic-file.js';
import { syntheticVenue } from '../margin/synthetic/synthetic-venue.js';
import { writeStaticMarket } from '../risk/static-market.js';
import { writeSnapshotCsv } from '../venue/snapshot-writer.js';
import { unixSeconds, wholeNumber } from './options.js';
import type { Runner } from './runner.js';

interface GenerateOptions {
  readonly seed: string;
  readonly accounts: number;
  readonly slots: number;
  readonly instruments: number;
  readonly snapshotTime?: number;
  readonly out: string;
}

export function addGenerateCommand(program: Command, run: Runner): void {
  program.command('generate')
    .description('write a synthetic venue: market.json and accounts.csv; same seed, same bytes (but for the time)')
    .option('--seed <text>', 'seed', 'clearproof')
    .option('--accounts <n>', 'accounts, the venue\'s own included', wholeNumber, 256)
    .option('--slots <n>', 'holdings an account may have', wholeNumber, 8)
    .option('--instruments <n>', 'rows of the market', wholeNumber, 32)
    .option('--snapshot-time <seconds>', 'Unix time of the marks', unixSeconds)
    .requiredOption('--out <folder>', 'where the files go')
    .addHelpText('after', '\nExample:\n  clearproof generate --seed demo --accounts 256 --out venue')
    .action(run(async (output, options: GenerateOptions) => {
      const { snapshotTime, out, ...shape } = options;
      const venue = syntheticVenue({ ...shape, scenarios: 8, ...(snapshotTime === undefined ? {} : { snapshotTime }) });
      await writeFileAtomically(join(out, 'market.json'), writeStaticMarket(venue.market));
      await writeFileAtomically(join(out, 'accounts.csv'), writeSnapshotCsv(venue.accounts, venue.table.rows));
      output.say(`${venue.accounts.length} accounts over ${venue.table.rows.length} instruments in ${out}`);
      output.result({ accounts: venue.accounts.length, instruments: venue.table.rows.length, market: join(out, 'market.json'), snapshot: join(out, 'accounts.csv') });
    }));
}
