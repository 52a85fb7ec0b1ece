import type { Command } from 'commander';
import { address } from '../options.js';
import type { Runner } from '../runner.js';
import { readAccount, withAccount, type AccountOptions } from './account-input.js';
import { withAccountProver } from './account-prover.js';
import { writeSignerProof } from './signer-file.js';

type SignerOptions = AccountOptions & { readonly signer: string; readonly out: string };

export function addProveSigner(account: Command, run: Runner): void {
  withAccount(account.command('prove-signer').description('prove to the venue which key signs your account\'s orders: it takes no order of another'))
    .requiredOption('--signer <address>', 'address of your signing key', address)
    .requiredOption('--out <file>', 'where the proof goes; give it to the venue, and to nobody else')
    .addHelpText('after', '\nExample:\n  clearproof account prove-signer --receipt receipt.json --owner owner.json --signer 0xf39F…2266 --out signer.json')
    .action(run(async (output, options: SignerOptions) => {
      const owned = await readAccount(options);
      const { epoch } = owned.receipt;
      const { claim, circuit } = await withAccountProver(output, options.keys, async (prover) => ({
        claim: await prover.signer(owned, { epoch, laterEpoch: epoch }, options.signer), circuit: prover.circuitOf('AccountSigner').name,
      }));
      await writeSignerProof(options.out, { circuit, epoch, signer: claim.signer, proof: claim.proof });
      output.say(`${claim.signer} signs for the account; proof in ${options.out}`);
      output.result({ file: options.out, epoch, signer: claim.signer });
    }));
}
