import { ClearproofError } from '../error/clearproof-error.js';
import { BOX_VERSION, openText, SealedBoxError, sealText } from './sealed-box.js';

/** An answer to a demand is not what the key can open: another key's, another demand's, or damaged. */
export class EncryptedReceiptError extends ClearproofError {
  readonly code = 'ENCRYPTED_RECEIPT';
}

/** The demand an answer belongs to: an answer opens under no other. */
export interface DemandReference {
  readonly chainId: bigint;
  /** Address of the vault. */
  readonly vault: string;
  readonly demandId: bigint;
}

/** As receipts have. */
const MAX_TEXT_BYTES = 2 ** 24;

/**
 * Seals a receipt's text to the key that a demand names. Nobody but the demander can read it, and it answers no other demand.
 *
 * @throws EncryptedReceiptError for what is no X25519 key
 */
export function encryptReceipt(text: string, publicKey: Uint8Array, demand: DemandReference): Uint8Array {
  try {
    return sealText(text, publicKey, purposeOf(demand));
  } catch (cause) {
    throw refusal(cause, 0);
  }
}

/** @throws EncryptedReceiptError for an answer that this key does not open under this demand */
export function decryptReceipt(answer: Uint8Array, privateKey: Uint8Array, demand: DemandReference): string {
  try {
    return openText(answer, privateKey, purposeOf(demand), MAX_TEXT_BYTES);
  } catch (cause) {
    throw refusal(cause, answer.length);
  }
}

function purposeOf({ chainId, vault, demandId }: DemandReference): string {
  return `clearproof encrypted receipt ${BOX_VERSION}|${chainId}|${vault.toLowerCase()}|${demandId}`;
}

function refusal(cause: unknown, bytes: number): unknown {
  if (!(cause instanceof SealedBoxError)) return cause;
  switch (cause.reason) {
    case 'key':
      return new EncryptedReceiptError(cause.message, {}, { cause });
    case 'form':
      return new EncryptedReceiptError(`the answer of ${bytes} bytes is no encrypted receipt of version ${BOX_VERSION}: the venue answered with something else`, {}, { cause });
    case 'closed':
      return new EncryptedReceiptError('this key does not open the answer: it is another demand\'s, or the venue answered with noise', {}, { cause });
  }
}
