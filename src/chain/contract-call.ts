import { decodeBytes32String, isError, type Contract, type Interface, type TransactionReceipt } from 'ethers';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { ChainRequestError, ChainUnreachableError, ContractRevertedError, NoContractError } from './errors.js';
import { minedReceipt } from './mined-receipt.js';

/** What a transaction cost and where it stands. */
export interface ChainReceipt {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

/** What a transaction may use beyond its estimate, as a share of it: blocks between estimate and transaction change what storage costs. */
const GAS_MARGIN = 4n;

/**
 * Sends one transaction, with a quarter more gas than it was estimated to use, and waits until it is in a block.
 *
 * @param action what the caller is doing, for messages: "opening the snapshot of venue 1"
 * @param payment wei sent along
 * @throws ContractRevertedError with the decoded custom error; ChainUnreachableError; ChainRequestError
 */
export async function sendTransaction(
  contract: Contract, action: string, method: string, args: readonly unknown[], payment: { readonly value?: bigint } = {},
): Promise<ChainReceipt> {
  try {
    const called = contract.getFunction(method);
    const gasLimit = await gasLimitOf(contract, await called.estimateGas(...args, payment));
    const response = await called.send(...args, { ...payment, gasLimit });
    return receiptOf(await minedReceipt(response));
  } catch (cause) {
    throw chainError(cause, action, contract.interface);
  }
}

/** Gas that a transaction would use now. Nothing is sent. @throws as sendTransaction, with what stands in its way */
export async function simulateTransaction(
  contract: Contract, action: string, method: string, args: readonly unknown[], payment: { readonly value?: bigint } = {},
): Promise<bigint> {
  try {
    return await contract.getFunction(method).estimateGas(...args, payment);
  } catch (cause) {
    throw chainError(cause, action, contract.interface);
  }
}

/** Reads one view function; ethers decodes it to bigint, string, boolean or arrays of these. Errors as sendTransaction. */
export async function readContract(contract: Contract, action: string, method: string, args: readonly unknown[]): Promise<unknown> {
  try {
    return await contract.getFunction(method).staticCall(...args);
  } catch (cause) {
    throw chainError(cause, action, contract.interface);
  }
}

async function gasLimitOf(contract: Contract, estimate: bigint): Promise<bigint> {
  const most = (await contract.runner?.provider?.getBlock('latest'))?.gasLimit;
  const wanted = estimate + estimate / GAS_MARGIN;
  // Never above what a block takes, unless the estimate is: then the node shall say so.
  return most === undefined || wanted <= most || estimate > most ? wanted : most;
}

/** What a mined transaction cost. */
export function receiptOf(receipt: TransactionReceipt | null): ChainReceipt {
  if (receipt === null) throw new ChainRequestError('a transaction was sent and no receipt came: ask the node for its state before sending it again');
  return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
}

/** One of this folder's errors for anything ethers throws. Without an interface no custom error is decoded. */
export function chainError(cause: unknown, action: string, contract?: Interface): ClearproofError {
  if (cause instanceof ClearproofError) return cause;
  if (isError(cause, 'CALL_EXCEPTION')) return revertedError(cause.data, cause, action, contract);
  if (isError(cause, 'BAD_DATA')) {
    return new NoContractError(`${action}: the address holds no such contract on this chain; check the deployment file`, { action }, { cause });
  }
  if (isError(cause, 'TIMEOUT') || isError(cause, 'NETWORK_ERROR') || isError(cause, 'SERVER_ERROR') || isSocketError(cause)) {
    return new ChainUnreachableError(`${action}: the chain does not answer (${shortMessage(cause)}); check that the node runs`, { action }, { cause });
  }
  return new ChainRequestError(`${action} failed: ${shortMessage(cause)}`, { action }, { cause });
}

function revertedError(data: string | null, cause: unknown, action: string, contract: Interface | undefined): ContractRevertedError {
  const decoded = data === null || data === '0x' ? null : contract?.parseError(data) ?? null;
  if (decoded === null) return new ContractRevertedError(action, undefined, {}, { cause });
  const args = Object.fromEntries(
    decoded.fragment.inputs.map((input, place) => [input.name, textOf(input.type, decoded.args[place])]),
  );
  return new ContractRevertedError(action, decoded.name, args, { cause });
}

/** bytes32 arguments of our errors are names: "shortfall". */
function textOf(type: string, value: unknown): string {
  if (type !== 'bytes32' || typeof value !== 'string') return String(value);
  try {
    return decodeBytes32String(value);
  } catch {
    // A contract that is not ours may put anything there: shown as it is.
    return value;
  }
}

function isSocketError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'].includes(String(cause.code));
}

/** ethers' messages repeat the whole request, which may be a megabyte of proofs. */
function shortMessage(cause: unknown): string {
  if (cause instanceof Error && 'shortMessage' in cause && typeof cause.shortMessage === 'string') return cause.shortMessage;
  return messageOf(cause).slice(0, 200);
}
