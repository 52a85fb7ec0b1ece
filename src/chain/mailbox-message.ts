import { concat, dataLength, dataSlice, getAddress, keccak256, toBigInt, toNumber, zeroPadValue, toBeHex, getBytes, hexlify, solidityPackedKeccak256, verifyMessage, type Signer } from 'ethers';
import { ClearproofError } from '../error/clearproof-error.js';

/** Bytes that are no message of a mailbox, or no signature over one. `details` say which. */
export class MailboxMessageError extends ClearproofError {
  readonly code = 'MAILBOX_MESSAGE';
}

/** What a mailbox sends: packed, as Hyperlane's Message.sol has it. Addresses of EVM chains alone. */
export interface MailboxMessage {
  /** keccak256 of the bytes. */
  readonly id: string;
  /** The bytes, hex. */
  readonly bytes: string;
  readonly nonce: number;
  /** Hyperlane's numbers of chains. */
  readonly origin: number;
  readonly destination: number;
  readonly sender: string;
  readonly recipient: string;
  /** Hex. */
  readonly body: string;
}

/** What validators sign of a message: which leaf of which tree it is. */
export interface MailboxCheckpoint {
  readonly origin: number;
  /** Address of the source chain's MerkleTreeHook. */
  readonly hook: string;
  /** Of the tree with `index + 1` leaves. */
  readonly root: string;
  readonly index: number;
  readonly messageId: string;
}

const VERSION = 3;
const HEAD = 77;
const SIGNATURE_LENGTH = 65;

/** @throws MailboxMessageError */
export function parseMailboxMessage(bytes: string): MailboxMessage {
  if (dataLength(bytes) < HEAD || toNumber(dataSlice(bytes, 0, 1)) !== VERSION) {
    throw new MailboxMessageError(`the mailbox dispatched something that is no message of version ${VERSION}: this program does not know that mailbox`, { version: VERSION });
  }
  return {
    id: keccak256(bytes), bytes, nonce: toNumber(dataSlice(bytes, 1, 5)), origin: toNumber(dataSlice(bytes, 5, 9)), sender: accountOf(dataSlice(bytes, 9, 41)),
    destination: toNumber(dataSlice(bytes, 41, 45)), recipient: accountOf(dataSlice(bytes, 45, HEAD)), body: dataSlice(bytes, HEAD),
  };
}

/** The 32 bytes that a validator signs, before EIP-191's prefix. */
function statement({ origin, hook, root, index, messageId }: MailboxCheckpoint): Uint8Array {
  const domain = solidityPackedKeccak256(['uint32', 'bytes32', 'string'], [origin, zeroPadValue(hook, 32), 'HYPERLANE']);
  return getBytes(solidityPackedKeccak256(['bytes32', 'bytes32', 'uint32', 'bytes32'], [domain, root, index, messageId]));
}

/** @returns 65 bytes, hex */
export function signCheckpoint(signer: Pick<Signer, 'signMessage'>, checkpoint: MailboxCheckpoint): Promise<string> {
  return signer.signMessage(statement(checkpoint));
}

/** Address of who signed. @throws MailboxMessageError */
export function checkpointSigner(checkpoint: MailboxCheckpoint, signature: string): string {
  try {
    return verifyMessage(statement(checkpoint), signature);
  } catch (cause) {
    throw new MailboxMessageError(`the signature of index ${checkpoint.index} is none: ask its validator`, { index: checkpoint.index }, { cause });
  }
}

/** What the security module reads: hook, root, index, then as many signatures as it wants, in the order of its validators. */
export function moduleMetadata({ hook, root, index }: MailboxCheckpoint, signatures: readonly string[]): string {
  if (signatures.some((signature) => dataLength(signature) !== SIGNATURE_LENGTH)) throw new MailboxMessageError(`a signature of index ${index} has not ${SIGNATURE_LENGTH} bytes`, { index });
  return hexlify(concat([zeroPadValue(hook, 32), root, toBeHex(index, 4), ...signatures]));
}

function accountOf(word: string): string {
  if (toBigInt(dataSlice(word, 0, 12)) !== 0n) throw new MailboxMessageError('a message names an account that is no address of an EVM chain', { account: word });
  return getAddress(dataSlice(word, 12));
}
