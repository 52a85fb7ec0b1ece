import { Contract, type ContractRunner, type Provider } from 'ethers';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { GATEWAY_INBOX_INTERFACE, GATEWAY_INTERFACE, MESSAGE_ORIGIN_INTERFACE } from './gateway-abi.js';
import { parseEnvelope, sourceOf, type MessageEnvelope } from './gateway-envelope.js';
import { splitLogs } from './split-logs.js';

/** A message that an origin made. */
export interface MadeMessage {
  readonly payload: string;
  readonly payloadHash: string;
  readonly envelope: MessageEnvelope;
  readonly block: number;
}

/** How far a message is at a recipient. */
export interface Votes {
  /** Bit i: the set's gateway i has delivered it. */
  readonly votes: bigint;
  readonly taken: boolean;
}

/** One adapter, for who sets it up. Errors as sendTransaction. */
export class GatewayClient {
  private readonly contract: Contract;

  constructor(readonly gateway: string, runner: ContractRunner) {
    this.contract = new Contract(gateway, GATEWAY_INTERFACE, runner);
  }

  /** @param domain what the transport calls the chain */
  connect(chainId: bigint, domain: bigint, counterpart: string): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `connecting a gateway with chain ${chainId}`, 'connect', [chainId, domain, counterpart]);
  }

  /** Afterwards nobody can connect it with anything. */
  renounce(): Promise<ChainReceipt> {
    return sendTransaction(this.contract, 'renouncing a gateway', 'renounceOwnership', []);
  }

  async owner(): Promise<string> {
    return String(await readContract(this.contract, 'asking for the owner of a gateway', 'owner', []));
  }

  async counterpartOf(chainId: bigint): Promise<string> {
    return String(await readContract(this.contract, 'asking a gateway for its counterpart', 'counterpartOf', [chainId]));
  }

  /** Wei that sending takes. */
  async quote(recipient: string, payload: string): Promise<bigint> {
    return (await readContract(this.contract, 'asking a gateway for its fee', 'quote', [recipient, payload])) as bigint;
  }
}

/** Messages of an origin made in blocks `from` to `to`, in order. */
export async function madeMessages(provider: Provider, origin: string, from: number, to: number): Promise<readonly MadeMessage[]> {
  const topics = MESSAGE_ORIGIN_INTERFACE.encodeFilterTopics('MessageMade', []);
  const logs = await splitLogs(provider, { address: origin, topics, fromBlock: from, toBlock: to }, `reading the messages that ${origin} made`);
  return logs.map((log) => {
    const args = MESSAGE_ORIGIN_INTERFACE.decodeEventLog('MessageMade', log.data, log.topics);
    const payload = String(args['payload']);
    return { payload, payloadHash: String(args['payloadHash']), envelope: parseEnvelope(payload), block: log.blockNumber };
  });
}

/** What an inbox says of a message. */
export async function votesOf(provider: Provider, inbox: string, from: { readonly chainId: bigint; readonly origin: string }, payloadHash: string): Promise<Votes> {
  const contract = new Contract(inbox, GATEWAY_INBOX_INTERFACE, provider);
  const [votes, taken] = (await readContract(contract, 'asking an inbox for a message', 'votesOf', [sourceOf(from.chainId, from.origin), payloadHash])) as readonly [bigint, boolean];
  return { votes, taken };
}

/** Gateways that an inbox believes of a source, in the order of the bits of `votesOf`. */
export async function gatewaysOf(provider: Provider, inbox: string, from: { readonly chainId: bigint; readonly origin: string }): Promise<{ readonly gateways: readonly string[]; readonly threshold: number }> {
  const contract = new Contract(inbox, GATEWAY_INBOX_INTERFACE, provider);
  const [set] = (await readContract(contract, 'asking an inbox for its gateways', 'gatewaysOf', [sourceOf(from.chainId, from.origin)])) as readonly [{ readonly gateways: readonly string[]; readonly threshold: bigint }];
  return { gateways: [...set.gateways], threshold: Number(set.threshold) };
}
