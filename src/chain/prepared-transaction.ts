import { Transaction, type Contract } from 'ethers';
import type { Perform } from './contract-action.js';
import { chainError } from './contract-call.js';
import { ChainRequestError } from './errors.js';
import type { ConnectedSigner } from './wallet.js';

/** A transaction that is signed and was not sent: the same one however often it is. */
export interface PreparedTransaction {
  /** Hex with 0x. */
  readonly hash: string;
  /** Resolves as soon as the node has it, now or from before. */
  broadcast(): Promise<void>;
}

/** What nodes say of bytes that they have. */
const ALREADY_THERE = /already known|already imported|known transaction/i;
/** As a share of the estimate: blocks between estimate and transaction change what storage costs. */
const GAS_MARGIN = 4n;

/**
 * Signs for the sender's next nonce and the node's advice on fees; nothing is sent.
 *
 * @param gas what it would use now
 */
export function preparingAt(contract: Contract, signer: ConnectedSigner, gas: bigint): Perform<PreparedTransaction> {
  return async ({ what, method, args, value = 0n }) => {
    try {
      const draft = await signer.populateTransaction({
        to: await contract.getAddress(), data: contract.interface.encodeFunctionData(method, args), value, gasLimit: gas + gas / GAS_MARGIN, nonce: await signer.getNonce('pending'),
      });
      delete draft.from;
      const raw = await signer.signTransaction(draft);
      const { hash } = Transaction.from(raw);
      if (hash === null) throw new ChainRequestError(`${what}: the signer signed nothing: use another key store`);
      return { hash, broadcast: () => broadcast(signer, raw, what) };
    } catch (cause) {
      throw chainError(cause, what, contract.interface);
    }
  };
}

async function broadcast({ provider }: ConnectedSigner, raw: string, what: string): Promise<void> {
  try {
    await provider.broadcastTransaction(raw);
  } catch (cause) {
    if (ALREADY_THERE.test(JSON.stringify(cause instanceof Error && 'error' in cause ? cause.error : String(cause)))) return;
    throw chainError(cause, what);
  }
}
