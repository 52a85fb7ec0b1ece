import type { Command } from 'commander';
import { readCeremony } from '../../ceremony/ceremony-folder.js';
import { contribute } from '../../ceremony/contribute.js';
import { recordSigner } from '../../chain/record-signature.js';
import { signerFromFile } from '../../chain/wallet.js';
import type { Runner } from '../runner.js';
import { watching, withCeremony, type CeremonyOptions } from './ceremony-options.js';

interface ContributeOptions extends CeremonyOptions {
  readonly name: string;
  readonly keyFile?: string;
  readonly entropyFile?: string;
}

export function addContributeCommand(ceremony: Command, run: Runner): void {
  withCeremony(ceremony.command('contribute').description('contribute to every key of a ceremony; a run that was killed goes on when it is run again'))
    .requiredOption('--name <text>', 'your name in the ceremony, public: 1 to 64 characters')
    .option('--key-file <file>', 'private key, mode 600, that signs your record')
    .option('--entropy-file <file>', 'a file of yours, mode 600, that is mixed with what the system draws')
    .addHelpText('after', `
Example:
  clearproof ceremony contribute --ceremony ceremony --name "Ada Lovelace" --key-file signing.key
What is drawn stays in memory and is gone when the command ends. Publish the hashes it prints where others can find them.`)
    .action(run(async (output, options: ContributeOptions) => {
      const signer = options.keyFile === undefined ? undefined : await recordSigner(await signerFromFile(options.keyFile));
      const { plan } = await readCeremony(options.ceremony);
      const watch = watching(output, plan.value.circuits.map(({ constraints }) => constraints));
      const record = await contribute(options.ceremony, { name: options.name, entropyFile: options.entropyFile, signer, ...watch });
      output.progressDone();
      const { index, circuits } = record.value;
      output.say(`contribution ${index} to "${plan.value.title}" (${plan.value.id}) by ${options.name}${signer === undefined ? '' : `, signed by ${signer.address}`}`);
      circuits.forEach(({ name, contributionHash }) => output.say(`  ${name}: ${contributionHash}`));
      output.say(`SHA-256 of the record: ${record.sha256}`);
      output.say('Publish these hashes in your own name, and give the new folder to the coordinator. Look for them when the ceremony is over.');
      output.result({ ceremony: plan.value.id, index, contributor: options.name, sha256: record.sha256, circuits, ...(signer === undefined ? {} : { signedBy: signer.address }) });
    }));
}
