import { InvalidArgumentError, type Command } from 'commander';
import { DEFAULT_K } from '../../attestation/receipt-bucket.js';
import { readBucketBase } from '../../attestation/receipt-bucket-link.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { exportBuckets, type BucketSource, type ExportedBuckets } from '../../proving/receipt-buckets/export-buckets.js';
import { bucketKeysOf } from '../../service/receipts/bucket-keys.js';
import type { ReceiptKey } from '../../store/receipt-keys.js';
import { positiveNumber } from '../options.js';
import type { Output } from '../output.js';
import { writeLinks } from './links.js';

/** Options of an export, wherever its accounts come from. */
export interface ExportOptions {
  readonly out: string;
  readonly k: number;
  readonly links?: string;
  readonly page?: string;
  readonly bucketsUrl?: string;
}

export function withExportOptions(command: Command): Command {
  return command
    .requiredOption('--out <folder>', 'folder that is served: it gets a folder an epoch and latest.json')
    .option('--k <n>', 'accounts that every bucket has at least', positiveNumber, DEFAULT_K)
    .option('--links <file>', 'also write user, sub-account and link, NDJSON, mode 600, for the mail-out; with --page and --buckets-url')
    .option('--page <url>', 'address of the verification page', webAddress)
    .option('--buckets-url <url>', 'address at which readers find the export\'s folder', folderAddress);
}

/** Wrong usage that commander cannot see: all three, or none. */
export function checkLinkOptions(command: Command, { links, page, bucketsUrl }: ExportOptions): void {
  const given = [links, page, bucketsUrl].filter((one) => one !== undefined).length;
  if (given !== 0 && given !== 3) command.error('error: --links, --page and --buckets-url go together');
}

/** Writes buckets, and links where they were asked for, and says so. */
export async function runExport(output: Output, source: BucketSource, key: ReceiptKey, options: ExportOptions): Promise<void> {
  const { out, k, links, page, bucketsUrl } = options;
  const keys = bucketKeysOf(key, source);
  const exported = await exportBuckets(source, keys, { out, k, each: (accounts) => output.progress(`${accounts} accounts`) });
  output.progressDone();
  const written = links === undefined || page === undefined || bucketsUrl === undefined ? undefined
    : await writeLinks(links, source.names(), keys.accessKeyOf, { page, buckets: bucketsUrl });
  tell(output, exported, k);
  if (written !== undefined) output.say(`${written} links in ${links ?? ''}: mail each to its user only, and once: it opens the account in every epoch`);
  output.result({ ...exported, ...(written === undefined ? {} : { links: written }) });
}

function tell(output: Output, { folder, epoch, accounts, buckets, entriesPerBucket, entryBytes, manifestSha256 }: ExportedBuckets, k: number): void {
  output.say(`receipts of epoch ${epoch} in ${folder}: ${buckets} ${buckets === 1 ? 'bucket' : 'buckets'} of ${entriesPerBucket} entries, ${entryBytes} bytes each`);
  if (accounts < k) output.say(`the epoch has fewer than ${k} accounts: all lie in one bucket, whoever fetches it may be any of them`);
  output.say(`SHA-256 of manifest.json, for readers to compare: ${manifestSha256}`);
}

function webAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new InvalidArgumentError('It must be an address: https://…');
  return text;
}

function folderAddress(text: string): string {
  try {
    return readBucketBase(text);
  } catch (error) {
    if (!(error instanceof ClearproofError)) throw error;
    throw new InvalidArgumentError('It must be an https address of a folder, without ? and #.');
  }
}
