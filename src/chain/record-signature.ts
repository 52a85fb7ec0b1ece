import { getBytes, isError, Signature, verifyMessage, type Signer } from 'ethers';
import type { RecordSignature } from '../ceremony/ceremony-records.js';
import type { RecordSigner } from '../ceremony/contribution-work.js';

/** Signs records with an account's key, as personal messages (EIP-191): any wallet can. */
export async function recordSigner(signer: Signer): Promise<RecordSigner> {
  const address = await signer.getAddress();
  return { address, sign: async (message) => ({ address, signature: await signer.signMessage(message) }), check: isSignedBy };
}

/**
 * Whether the address in a signature signed a message. One signature has one form: the address has its checksum, s is in the lower half, v is 27 or 28.
 */
export function isSignedBy(message: string, { address, signature }: RecordSignature): boolean {
  try {
    return Signature.from(signature).serialized === signature && getBytes(signature).length === 65 && verifyMessage(message, signature) === address;
  } catch (thrown) {
    // ethers refuses what is no signature, or has the other of the two s: nobody signed it.
    if (isError(thrown, 'INVALID_ARGUMENT') || thrown instanceof TypeError) return false;
    throw thrown;
  }
}
