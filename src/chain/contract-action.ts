import type { Contract } from 'ethers';
import { sendTransaction, simulateTransaction, type ChainReceipt } from './contract-call.js';

/** A transaction, to be sent or only asked about. */
export interface ContractAction {
  /** For messages: "challenging handle 7". */
  readonly what: string;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Wei sent along. */
  readonly value?: bigint;
}

export type Perform<Outcome> = (action: ContractAction) => Promise<Outcome>;

/** Sends, and waits until it is in a block. Errors as sendTransaction. */
export function sendingTo(contract: Contract): Perform<ChainReceipt> {
  return ({ what, method, args, value }) => sendTransaction(contract, what, method, args, value === undefined ? {} : { value });
}

/** Gas it would use now; nothing is sent. Throws what stands in its way, as sendTransaction. */
export function simulatingAt(contract: Contract): Perform<bigint> {
  return ({ what, method, args, value }) => simulateTransaction(contract, what, method, args, value === undefined ? {} : { value });
}
