import type { Command } from 'commander';
import { join } from 'node:path';
import { attestationSha256, parseAttestation } from '../../attestation/attestation-format.js';
import { fetchBucketReceipt } from '../../attestation/receipt-bucket-fetch.js';
import { accessKeyFromText } from '../../attestation/receipt-bucket-secrets.js';
import { DEFAULT_MINIMUM_K } from '../../attestation/receipt-bucket.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { stateEpoch } from '../../proving/hashing/state-epoch.js';
import { readPlan } from '../../proving/plan-file.js';
import { PlanFileError } from '../../proving/plan-format.js';
import { planSource } from '../../proving/receipt-buckets/plan-source.js';
import { ReceiptKey } from '../../store/receipt-keys.js';
import { readSecretText, readText } from '../files.js';
import { bigNumber, positiveNumber } from '../options.js';
import { ATTESTATION_FILE } from '../publish.js';
import type { Runner } from '../runner.js';
import { bucketReader } from './bucket-reader.js';
import { checkLinkOptions, runExport, withExportOptions, type ExportOptions } from './export-options.js';

interface FolderExportOptions extends ExportOptions {
  readonly epochDir: string;
  readonly receiptKey: string;
  readonly location: string;
}

interface FetchOptions {
  readonly buckets: string;
  readonly keyFile: string;
  readonly epoch?: number;
  readonly minimumK: number;
  readonly accountsBound?: bigint;
  readonly out: string;
}

/** `clearproof receipts …`: receipts of a whole epoch in buckets, and one out of them. */
export function addReceiptsCommands(program: Command, run: Runner): void {
  const receipts = program.command('receipts').description('receipts in static buckets: fetching one does not tell whose it is');
  addExportCommand(receipts, run);
  addFetchCommand(receipts, run);
}

function addExportCommand(receipts: Command, run: Runner): void {
  const command = receipts.command('export')
    .description('write a proven epoch\'s receipts as encrypted buckets for a static host')
    .requiredOption('--epoch-dir <folder>', 'folder that prove filled')
    .requiredOption('--receipt-key <file>', 'key that access keys follow from, mode 600; made where it lacks. The same for every epoch, and never in --out')
    .option('--location <text>', 'where the attestation is served, for people', ATTESTATION_FILE);
  withExportOptions(command)
    .addHelpText('after', '\nExample:\n  clearproof receipts export --epoch-dir epoch-1 --receipt-key receipt.key --out public/receipts')
    .action(run(async (output, options: FolderExportOptions) => {
      checkLinkOptions(command, options);
      const { epochDir, receiptKey, location } = options;
      const plan = await readPlan(epochDir);
      if (plan === undefined) throw new PlanFileError(`${epochDir} holds no epoch: prove one first`, { folder: epochDir });
      const file = join(epochDir, ATTESTATION_FILE);
      const sha256 = attestationSha256(parseAttestation(await readText(file), file));
      const { tree } = await stateEpoch(await bulkPoseidon(), plan);
      await runExport(output, planSource(plan, tree, { sha256, location }), await ReceiptKey.load(receiptKey), options);
    }));
}

function addFetchCommand(receipts: Command, run: Runner): void {
  receipts.command('fetch')
    .description('fetch the bucket of an access key, open its entry and write the receipt')
    .requiredOption('--buckets <folder or url>', 'folder of the export, or its address')
    .requiredOption('--key-file <file>', 'file of mode 600 with the access key: what stands after key= in the venue\'s link')
    .option('--epoch <n>', 'number of the epoch (default: the newest)', positiveNumber)
    .option('--minimum-k <n>', 'fetch nothing when buckets have fewer accounts', positiveNumber, DEFAULT_MINIMUM_K)
    .option('--accounts-bound <n>', 'accounts of the epoch at most, as the chain has it: buckets that would need more are not fetched', bigNumber)
    .requiredOption('--out <file>', 'where the receipt goes, mode 600')
    .addHelpText('after', '\nExample:\n  clearproof receipts fetch --buckets https://receipts.example/ --key-file access.key --out receipt.json')
    .action(run(async (output, { buckets, keyFile, epoch, minimumK, accountsBound, out }: FetchOptions) => {
      const accessKey = accessKeyFromText((await readSecretText(keyFile)).trim());
      const fetched = await fetchBucketReceipt(bucketReader(buckets), {
        accessKey, minimumK, ...(epoch === undefined ? {} : { epoch }), ...(accountsBound === undefined ? {} : { accountsBound }),
      });
      await writeFileAtomically(out, fetched.text, SECRET_FILE);
      output.say(`receipt of epoch ${fetched.receipt.epoch} in ${out}: not verified yet, give it to "clearproof verify"`);
      output.say(`${fetched.k} accounts or more share its bucket, as the venue says; SHA-256 of manifest.json, to compare with others': ${fetched.manifestSha256}`);
      output.result({ file: out, epoch: fetched.receipt.epoch, k: fetched.k, manifestSha256: fetched.manifestSha256 });
    }));
}
