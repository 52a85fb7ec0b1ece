import { Transaction, hexlify } from 'ethers';
import { ChainRequestError } from './errors.js';
import type { TransactionFees } from './transaction-fees.js';
import type { ConnectedSigner } from './wallet.js';

/** All that a signature covers: nothing is left for a node to fill in. */
export interface TransactionDraft {
  readonly chainId: bigint;
  readonly nonce: number;
  /** Address. */
  readonly to: string;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
  readonly fees: TransactionFees;
}

/** A transaction that anybody can send, and that is the same one however often it is sent. */
export interface SignedTransaction {
  /** Hex with 0x. */
  readonly raw: string;
  readonly hash: string;
  readonly sender: string;
  readonly nonce: number;
  readonly fees: TransactionFees;
}

/** Signs without sending. Asks no node. @throws ChainRequestError when the signer made something else than was asked for */
export async function signTransaction(signer: ConnectedSigner, draft: TransactionDraft): Promise<SignedTransaction> {
  const raw = await signer.signTransaction({
    type: 2, chainId: draft.chainId, nonce: draft.nonce, to: draft.to, data: hexlify(draft.data), value: 0n, gasLimit: draft.gasLimit,
    maxFeePerGas: draft.fees.maxFee, maxPriorityFeePerGas: draft.fees.priorityFee,
  });
  const signed = Transaction.from(raw);
  if (signed.hash === null || signed.from !== signer.address || signed.chainId !== draft.chainId || signed.nonce !== draft.nonce) {
    throw new ChainRequestError('the signer signed another transaction than it was given: use another key store', { nonce: draft.nonce });
  }
  return { raw, hash: signed.hash, sender: signed.from, nonce: signed.nonce, fees: draft.fees };
}
