import type { Command } from 'commander';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { positiveNumber } from '../options.js';
import { readSecretText } from '../files.js';
import { ofEpoch, type EpochOptions } from './epochs.js';
import { examples, withTarget, type ServiceCommands, type TargetOptions } from './target.js';

/** A receipt that was asked for is not there, or its token opens nothing. */
export class NoReceiptError extends ClearproofError {
  readonly code = 'NO_RECEIPT';
}

interface ReceiptOptions extends TargetOptions {
  readonly receiptToken?: string;
  readonly user?: string;
  readonly epoch?: number;
  readonly out: string;
}

/** Attestations, receipts, and the tokens that open receipts. */
export function addDocumentCommands(service: Command, commands: ServiceCommands): void {
  ofEpoch(service.command('attestation').description('write the attestation of a proven epoch; it is public'))
    .requiredOption('--out <file>', 'where it goes')
    .addHelpText('after', examples('attestation --epoch 1 --out attestation.json'))
    .action(commands.asking(async (operations, output, { epoch, out }: EpochOptions & { out: string }) => {
      await writeFileAtomically(out, await operations.attestation(epoch));
      output.say(`attestation of epoch ${epoch} in ${out}`);
      output.result({ epoch, attestation: out });
    }));
  const receipts = service.command('receipts').description('receipts of users and the tokens that open them');
  ofEpoch(receipts.command('tokens').description('write user, sub-account and receipt token of every account, NDJSON, for the mail-out'))
    .requiredOption('--out <file>', 'where it goes, mode 600: each token opens a user\'s positions')
    .addHelpText('after', examples('receipts tokens --epoch 1 --out tokens.ndjson'))
    .action(commands.asking(async (operations, output, { epoch, out }: EpochOptions & { out: string }) => {
      const lines: string[] = [];
      for await (const line of operations.receiptTokens(epoch)) lines.push(line.endsWith('\n') ? line : `${line}\n`);
      await writeFileAtomically(out, lines, SECRET_FILE);
      output.say(`${lines.length} receipt tokens of epoch ${epoch} in ${out}`);
      output.result({ epoch, tokens: lines.length, file: out });
    }));
  const get = withTarget(receipts.command('get'));
  get.description('write a user\'s receipt, by its token or by user and epoch')
    .option('--receipt-token <file>', 'file of mode 600 with the receipt\'s token')
    .option('--user <id>', 'the user; with --epoch')
    .option('--epoch <n>', 'number of the epoch', positiveNumber)
    .requiredOption('--out <file>', 'where it goes, mode 600; of several sub-accounts each receipt is one line')
    .addHelpText('after', examples('receipts get --user alice --epoch 1 --out receipt.json'))
    .action(commands.asking(async (operations, output, options: ReceiptOptions) => {
      const { receiptToken, user, epoch, out } = options;
      const found = receiptToken === undefined ? await operations.receiptsOfUser(user as string, epoch as number) : await byToken(operations, receiptToken);
      if (found.length === 0) throw new NoReceiptError(receiptToken === undefined ? `user has no receipt in epoch ${epoch}: look at the number, and whether it is proven and kept` : 'this token opens no receipt: it may be cut short, or its epoch no longer kept');
      await writeFileAtomically(out, found.join('\n'), SECRET_FILE);
      output.say(`${found.length === 1 ? 'receipt' : `${found.length} receipts`} in ${out}`);
      output.result({ receipts: found.length, file: out });
    }, ({ receiptToken, user, epoch }) => {
      const one = (receiptToken === undefined) !== (user === undefined) && (user === undefined) === (epoch === undefined);
      if (!one) get.error('error: one of --receipt-token, and --user with --epoch, is needed');
    }));
}

async function byToken(operations: { receiptByToken(token: string): Promise<string | undefined> }, file: string): Promise<readonly string[]> {
  const receipt = await operations.receiptByToken((await readSecretText(file)).trim());
  return receipt === undefined ? [] : [receipt];
}
