import { getAddress, type Interface, type Log, type ParamType, type Provider, type Result } from 'ethers';
import { chainError } from './contract-call.js';
import { ChainRequestError } from './errors.js';

/** A contract whose calls and events can be read. */
export interface KnownContract {
  readonly name: string;
  readonly address: string;
  readonly interface: Interface;
}

/** A value of a call or event, by its name and Solidity type; of structs and arrays the parts. */
export interface TracedValue {
  readonly name: string;
  readonly type: string;
  readonly value: string | readonly TracedValue[];
}

/** An event as it stands in the log; without a name where no known contract raised it. */
export interface TracedEvent {
  readonly contract: string | undefined;
  readonly address: string;
  readonly name: string | undefined;
  readonly values: readonly TracedValue[];
}

/** All that a block explorer shows of one transaction: nobody needs more than an end point to see it. */
export interface TransactionTrace {
  readonly hash: string;
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  readonly from: string;
  /** Undefined for a transaction that creates a contract. */
  readonly to: string | undefined;
  readonly contract: string | undefined;
  readonly called: string | undefined;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  /** Wei. */
  readonly value: bigint;
  /** Hex with 0x. */
  readonly calldata: string;
  readonly arguments: readonly TracedValue[];
  readonly events: readonly TracedEvent[];
}

/**
 * Reads a mined transaction and decodes what known contracts were told and said.
 *
 * @throws ChainRequestError for a hash that no mined transaction has, ChainUnreachableError
 */
export async function readTrace(provider: Provider, contracts: readonly KnownContract[], hash: string): Promise<TransactionTrace> {
  const [transaction, receipt] = await Promise.all([provider.getTransaction(hash), provider.getTransactionReceipt(hash)]).catch((cause: unknown) => {
    throw chainError(cause, `reading transaction ${hash}`);
  });
  const block = receipt === null ? null : await provider.getBlock(receipt.blockNumber);
  if (transaction === null || receipt === null || block === null) {
    throw new ChainRequestError(`the chain has no mined transaction ${hash}: name one of this deployment's chain`, { hash });
  }
  const { from, data, value } = transaction;
  const target = known(contracts, transaction.to);
  return {
    hash, block: receipt.blockNumber, time: block.timestamp, from: getAddress(from), to: transaction.to ?? undefined, contract: target?.name,
    succeeded: receipt.status === 1, gasUsed: receipt.gasUsed, value, calldata: data, ...callOf(target, data), events: receipt.logs.map((log) => eventOf(contracts, log)),
  };
}

function callOf(target: KnownContract | undefined, data: string): Pick<TransactionTrace, 'called' | 'arguments'> {
  const parsed = target?.interface.parseTransaction({ data }) ?? null;
  return parsed === null ? { called: undefined, arguments: [] } : { called: parsed.name, arguments: valuesOf(parsed.fragment.inputs, parsed.args) };
}

function eventOf(contracts: readonly KnownContract[], log: Log): TracedEvent {
  const raiser = known(contracts, log.address);
  const parsed = raiser?.interface.parseLog(log) ?? null;
  return {
    contract: raiser?.name, address: getAddress(log.address), name: parsed?.name, values: parsed === null ? [] : valuesOf(parsed.fragment.inputs, parsed.args),
  };
}

function known(contracts: readonly KnownContract[], address: string | null): KnownContract | undefined {
  return address === null ? undefined : contracts.find((one) => getAddress(one.address) === getAddress(address));
}

function valuesOf(inputs: readonly ParamType[], values: Result): TracedValue[] {
  return inputs.map((input, place) => valueOf(input, values[place], input.name));
}

function valueOf(param: ParamType, value: unknown, name: string): TracedValue {
  const { type } = param;
  if (param.isTuple()) return { name, type: 'tuple', value: valuesOf(param.components, value as Result) };
  if (param.isArray()) {
    const { arrayChildren } = param;
    return { name, type, value: (value as Result).map((one: unknown, place: number) => valueOf(arrayChildren, one, `${name}[${place}]`)) };
  }
  return { name, type, value: String(value) };
}
