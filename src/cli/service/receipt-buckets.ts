import type { Command } from 'commander';
import { checkLinkOptions, runExport, withExportOptions, type ExportOptions } from '../receipts/export-options.js';
import { positiveNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { openLocal } from './connect.js';

interface BucketOptions extends ExportOptions {
  readonly config?: string;
  readonly epoch: number;
}

/** The export reads the store itself, for it takes all receipts at once: no route gives them out. */
export function addReceiptBucketCommand(service: Command, run: Runner): Command {
  const receipts = service.commands.find((command) => command.name() === 'receipts') ?? service.command('receipts');
  const command = receipts.command('export')
    .description('write an epoch\'s receipts as encrypted buckets for a static host')
    .option('--config <file>', 'configuration of the service whose store is on this machine (default: CLEARPROOF_CONFIG)')
    .requiredOption('--epoch <n>', 'number of the epoch', positiveNumber);
  withExportOptions(command)
    .addHelpText('after', '\nExample:\n  clearproof service receipts export --config service.json --epoch 1 --out public/receipts \\\n    --links links.ndjson --page https://verify.example/ --buckets-url https://receipts.example/')
    .action(run(async (output, options: BucketOptions) => {
      checkLinkOptions(command, options);
      const parts = await openLocal(options);
      try {
        await parts.desk.withBuckets(options.epoch, (source, key) => runExport(output, source, key, options));
      } finally {
        await parts.close();
      }
    }));
  return service;
}
