import type { Command } from 'commander';
import { checksumAddress } from '../attestation/checksum-address.js';
import { digestOf } from '../commitment/digest.js';
import { ownerOf } from '../commitment/identity.js';
import { portablePoseidon } from '../commitment/poseidon-portable.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { SECRET_FILE, writeFileAtomically } from '../file/atomic-file.js';
import { access } from 'node:fs/promises';
import { OWNER_FORMAT } from './owner-file.js';
import { randomFieldElement } from '../proving/random.js';
import type { Runner } from './runner.js';

/** An owner file is already there; overwriting it would lose the only secret that can withdraw. */
export class OwnerFileExistsError extends ClearproofError {
  readonly code = 'OWNER_FILE_EXISTS';
}

/** Makes an owner: the secret stays in `file` (mode 0600), only the commitment is returned. `signingKey` is any text naming the user's signing key. */
export async function newOwner(file: string, signingKey: string): Promise<bigint> {
  if (await access(file).then(() => true, () => false)) {
    throw new OwnerFileExistsError(`${file} exists: name another file, its secret cannot be made again`, { file });
  }
  const secret = randomFieldElement();
  const signingKeyDigest = signingKey === '' ? 0n : digestOf(asChecksummed(signingKey));
  const owner = ownerOf(portablePoseidon, secret, signingKeyDigest);
  const content = { format: OWNER_FORMAT, version: 1, secret: secret.toString(), signingKeyDigest: signingKeyDigest.toString(), owner: owner.toString() };
  await writeFileAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`, SECRET_FILE);
  return owner;
}

/** An address as wallets and contracts write it, whatever its case here: the vault looks for the digest of that text. */
function asChecksummed(signingKey: string): string {
  return /^0x[0-9a-fA-F]{40}$/.test(signingKey) ? checksumAddress(signingKey) : signingKey;
}

export function addOwnerCommands(program: Command, run: Runner): void {
  const owner = program.command('owner').description('the user\'s secret behind an account');
  owner.command('new')
    .description('make a secret on this machine and print the owner commitment to give to the venue')
    .requiredOption('--out <file>', 'where the secret goes; keep it, the venue never sees it')
    .option('--signing-key <text>', 'address you sign orders with; without one nothing can be withdrawn from a vault unless the venue signs', '')
    .addHelpText('after', '\nExample:\n  clearproof owner new --out owner.json --signing-key 0xf39F…2266')
    .action(run(async (output, options: { out: string; signingKey: string }) => {
      const commitment = await newOwner(options.out, options.signingKey);
      output.say(`owner ${commitment}`);
      output.say(`The secret is in ${options.out}. Give the venue the number above; never the file.`);
      output.result({ owner: commitment, file: options.out });
    }));
}
