import { join } from 'node:path';
import type { Command } from 'commander';
import { attestationSha256, parseAttestation } from '../attestation/attestation-format.js';
import { serializeReceipt } from '../attestation/receipt-format.js';
import type { Receipt } from '../attestation/receipt.js';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { SECRET_FILE, writeFileAtomically } from '../file/atomic-file.js';
import { stateEpoch } from '../proving/hashing/state-epoch.js';
import { readPlan } from '../proving/plan-file.js';
import { PlanFileError } from '../proving/plan-format.js';
import { receiptsOf } from '../proving/receipts.js';
import { readText } from './files.js';
import { wholeNumber } from './options.js';
import { ATTESTATION_FILE } from './publish.js';
import type { Runner } from './runner.js';

/** The epoch holds no such account. */
export class AccountNotFoundError extends ClearproofError {
  readonly code = 'ACCOUNT_NOT_FOUND';
}

/** One user's receipt of a proven epoch. */
export async function receiptFor(epochDirectory: string, userId: string, subAccount: number): Promise<Receipt> {
  const plan = await readPlan(epochDirectory);
  if (plan === undefined) throw new PlanFileError(`${epochDirectory} holds no epoch: prove one first`, { folder: epochDirectory });
  const file = join(epochDirectory, ATTESTATION_FILE);
  const sha256 = attestationSha256(parseAttestation(await readText(file), file));
  const { tree } = await stateEpoch(await bulkPoseidon(), plan);
  for (const receipt of receiptsOf(plan, tree, { sha256, location: ATTESTATION_FILE })) {
    if (receipt.userId === userId && receipt.subAccount === subAccount) return receipt;
  }
  throw new AccountNotFoundError(`epoch ${plan.epoch} holds no account of that user with sub-account ${subAccount}: check both`, { epoch: plan.epoch, subAccount });
}

export function addReceiptCommand(program: Command, run: Runner): void {
  program.command('receipt')
    .description('write one user\'s receipt; give it to that user only')
    .requiredOption('--epoch-dir <folder>', 'folder that prove filled')
    .requiredOption('--user <id>', 'the venue\'s name for the user')
    .option('--sub-account <n>', 'sub-account number', wholeNumber, 0)
    .requiredOption('--out <file>', 'where the receipt goes')
    .addHelpText('after', '\nExample:\n  clearproof receipt --epoch-dir epoch-1 --user alice --out alice.json')
    .action(run(async (output, options: { epochDir: string; user: string; subAccount: number; out: string }) => {
      const receipt = await receiptFor(options.epochDir, options.user, options.subAccount);
      await writeFileAtomically(options.out, serializeReceipt(receipt), SECRET_FILE);
      output.say(`receipt of epoch ${receipt.epoch} in ${options.out}`);
      output.result({ file: options.out, epoch: receipt.epoch });
    }));
}
