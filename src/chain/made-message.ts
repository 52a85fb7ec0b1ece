import type { ContractRunner, Interface } from 'ethers';
import type { ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';

/** A transaction that made a message, which anybody can relay now. */
export interface MadeReceipt {
  readonly receipt: ChainReceipt;
  /** The message's bytes in hex: what gateways deliver. */
  readonly payload: string;
  /** Of the deposit or order that the message is about; 0 for others. */
  readonly number: bigint;
}

/**
 * Finds the message that a transaction made in its logs.
 *
 * @param origin whose message it is
 * @param event whose `number` is told, where there is one
 * @throws ChainRequestError where the node does not show it
 */
export async function madeMessage(runner: ContractRunner, contract: Interface, origin: string, receipt: ChainReceipt, event?: string): Promise<MadeReceipt> {
  const mined = await runner.provider?.getTransactionReceipt(receipt.transactionHash);
  const logs = (mined?.logs ?? []).filter((log) => log.address.toLowerCase() === origin.toLowerCase()).map((log) => contract.parseLog(log));
  const made = logs.find((log) => log?.name === 'MessageMade');
  const numbered = event === undefined ? undefined : logs.find((log) => log?.name === event);
  if (made === undefined || made === null || (event !== undefined && numbered === undefined)) {
    throw new ChainRequestError('a contract took a transaction but its message is not to be found: ask the node for the transaction', {
      transactionHash: receipt.transactionHash,
    });
  }
  return { receipt, payload: made.args.getValue('payload') as string, number: (numbered?.args.getValue('number') as bigint | undefined) ?? 0n };
}
