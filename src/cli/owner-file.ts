import { openEnvelope, readElement } from '../attestation/format-fields.js';
import { ownerOf } from '../commitment/identity.js';
import { portablePoseidon } from '../commitment/poseidon-portable.js';
import { ClearproofError } from '../error/clearproof-error.js';
import type { OwnerSecret } from '../proving/prove-account.js';
import { readSecretText } from './files.js';

/** An owner file contradicts itself. The secret is never shown. */
export class OwnerFileError extends ClearproofError {
  readonly code = 'OWNER_FILE';
}

/** An owner file: the secret, and the commitment that the venue was given. */
export interface OwnerFile extends OwnerSecret {
  readonly owner: bigint;
}

export const OWNER_FORMAT = 'clearproof-owner';
const MAX_LENGTH = 4_096;

/** Reads what "owner new" wrote. @throws SecretFileError, OwnerFileError, and the errors of bundles */
export async function readOwnerFile(file: string): Promise<OwnerFile> {
  const { fields } = openEnvelope(await readSecretText(file), { file }, OWNER_FORMAT, ['secret', 'signingKeyDigest', 'owner'], MAX_LENGTH);
  const [secret, signingKeyDigest, owner] = ['secret', 'signingKeyDigest', 'owner'].map((name) => readElement(fields.field(name))) as [bigint, bigint, bigint];
  if (ownerOf(portablePoseidon, secret, signingKeyDigest) !== owner) {
    throw new OwnerFileError(`${file}: its owner commitment is not that of its secret: the file was changed, take a copy that was not`, { file });
  }
  return { secret, signingKeyDigest, owner };
}
