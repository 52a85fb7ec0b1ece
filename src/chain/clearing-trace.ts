import type { Interface, ParamType, Provider, Result } from 'ethers';
import type { AccountChange } from '../clearing/follow-change.js';
import { CLEARING_HOUSE_INTERFACE } from './clearing-abi.js';
import { CLEARING_TERMS_INTERFACE } from './clearing-terms-abi.js';
import { chainError } from './contract-call.js';
import { ChainRequestError } from './errors.js';
import { TRADE_BONDS_INTERFACE } from './trade-bonds-abi.js';
import { VAULT_INTERFACE } from './vault-abi.js';

/** Decoded arguments by name: integers as decimal text. */
export type TraceValue = string | boolean | readonly TraceValue[] | { readonly [name: string]: TraceValue };

export interface TraceItem {
  /** Name of the contract; its address where it is none of those asked about. */
  readonly contract: string;
  /** Of the function or event; undefined where it cannot be decoded. */
  readonly name: string | undefined;
  readonly args: { readonly [name: string]: TraceValue };
}

/** What an outsider sees of a transaction. */
export interface ClearingTrace {
  readonly transaction: string;
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  readonly from: string;
  readonly gasUsed: bigint;
  readonly calldata: string;
  readonly call: TraceItem;
  readonly events: readonly TraceItem[];
}

/** Addresses of the contracts to name. */
export interface ClearingAddresses {
  readonly house: string;
  readonly terms?: string;
  readonly bonds?: string;
  readonly vault?: string;
}

/** A change of an account with where it stands. */
export interface HandleChange extends AccountChange {
  readonly transaction: string;
  readonly block: number;
}

/** The call and events of a transaction, decoded. @throws ChainRequestError, ChainUnreachableError */
export async function traceTransaction(provider: Provider, addresses: ClearingAddresses, hash: string): Promise<ClearingTrace> {
  const action = `reading transaction ${hash}`;
  const [sent, mined] = await Promise.all([provider.getTransaction(hash), provider.getTransactionReceipt(hash)]).catch((cause: unknown) => {
    throw chainError(cause, action);
  });
  if (sent === null || mined === null) throw new ChainRequestError(`${action}: the node does not know it, or it is in no block yet`, { transaction: hash });
  const block = await provider.getBlock(mined.blockNumber);
  const contracts = contractsAt(addresses);
  return {
    transaction: hash, block: mined.blockNumber, time: block?.timestamp ?? 0, from: sent.from, gasUsed: mined.gasUsed, calldata: sent.data,
    call: callOf(contracts, sent.to ?? '', sent.data), events: mined.logs.map(({ address, topics, data }) => eventOf(contracts, address, topics, data)),
  };
}

/** Every change of an account, oldest first. @param fromBlock none was before it */
export async function handleChanges(provider: Provider, house: string, handle: bigint, fromBlock: number): Promise<readonly HandleChange[]> {
  const topics = CLEARING_HOUSE_INTERFACE.encodeFilterTopics('AccountChanged', [handle]);
  const logs = await provider.getLogs({ address: house, topics, fromBlock, toBlock: 'latest' }).catch((cause: unknown) => {
    throw chainError(cause, `reading the changes of handle ${handle}`);
  });
  return logs.map(({ data, topics: found, transactionHash, blockNumber }) => {
    const { args } = CLEARING_HOUSE_INTERFACE.parseLog({ topics: [...found], data }) as unknown as { readonly args: Result };
    const value = (name: string): bigint => args.getValue(name) as bigint;
    return {
      oldCommitment: value('oldCommitment'), newCommitment: value('newCommitment'), marketCommitment: value('marketCommitment'), terms: value('terms'),
      delta: value('delta'), transaction: transactionHash, block: blockNumber,
    };
  });
}

interface NamedContract { readonly name: string; readonly abi: Interface }

function contractsAt({ house, terms, bonds, vault }: ClearingAddresses): ReadonlyMap<string, NamedContract> {
  const named: readonly (readonly [string | undefined, string, Interface])[] = [
    [house, 'ClearingHouse', CLEARING_HOUSE_INTERFACE], [terms, 'ClearingTerms', CLEARING_TERMS_INTERFACE], [bonds, 'TradeBonds', TRADE_BONDS_INTERFACE],
    [vault, 'CollateralVault', VAULT_INTERFACE],
  ];
  return new Map(named.flatMap(([address, name, abi]) => (address === undefined ? [] : [[address.toLowerCase(), { name, abi }] as const])));
}

function callOf(contracts: ReadonlyMap<string, NamedContract>, to: string, data: string): TraceItem {
  const contract = contracts.get(to.toLowerCase());
  const call = contract?.abi.parseTransaction({ data }) ?? undefined;
  return { contract: contract?.name ?? to, name: call?.name, args: call === undefined ? { data } : fields(call.fragment.inputs, call.args) };
}

function eventOf(contracts: ReadonlyMap<string, NamedContract>, address: string, topics: readonly string[], data: string): TraceItem {
  const contract = contracts.get(address.toLowerCase());
  const event = contract?.abi.parseLog({ topics: [...topics], data }) ?? undefined;
  return { contract: contract?.name ?? address, name: event?.name, args: event === undefined ? { topics: [...topics], data } : fields(event.fragment.inputs, event.args) };
}

function fields(inputs: readonly ParamType[], values: Result): { readonly [name: string]: TraceValue } {
  return Object.fromEntries(inputs.map((input, place) => [input.name, valueOf(input, values[place])]));
}

function valueOf(type: ParamType, value: unknown): TraceValue {
  if (type.arrayChildren !== null) {
    const child = type.arrayChildren;
    return [...(value as Result)].map((one) => valueOf(child, one));
  }
  if (type.components !== null) return fields(type.components, value as Result);
  return typeof value === 'boolean' ? value : String(value);
}
