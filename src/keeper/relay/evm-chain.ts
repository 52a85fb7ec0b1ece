import { latestBlock } from '../../chain/chain-time.js';
import { chainError } from '../../chain/contract-call.js';
import type { ChainConnection } from '../../chain/connection.js';
import { ChainRequestError } from '../../chain/errors.js';
import { MESSAGE_ORIGIN_INTERFACE } from '../../chain/gateway-abi.js';
import { GatewayClient, gatewaysOf, madeMessages, votesOf, type MadeMessage, type Votes } from '../../chain/gateway-client.js';
import { interoperableAddress } from '../../chain/gateway-envelope.js';
import { homeStanding, hubStanding, isDepositCredited, mirroredStanding, satelliteHome, type HomeStanding, type HubStanding, type MirroredStanding, type SatelliteHome } from '../../chain/gateway-upkeep.js';
import { MAILBOX_INTERFACE } from '../../chain/mailbox-abi.js';
import { MailboxClient, validatorsOf, type DispatchedMessage, type TreeLeaf, type ValidatorSet } from '../../chain/mailbox-client.js';
import type { NumberedCall, NumberedOutcome, NumberedSender } from '../../chain/numbered-sender.js';
import type { RelayChainConfig } from './relay-config.js';
import type { MessageSource, RelayChain } from './relay-ports.js';
import type { ValidatorSource } from './validator.js';

type Provider = ChainConnection['provider'];

/** A chain behind a node, for a relayer. */
export class EvmRelayChain implements RelayChain {
  private constructor(
    readonly name: string, readonly chainId: bigint, readonly domain: number, readonly fromBlock: number,
    private readonly provider: Provider, private readonly mailbox: MailboxClient, private readonly sender: NumberedSender,
  ) {}

  /** @throws ChainUnreachableError, and NoContractError where there is no mailbox */
  static async open({ name, chainId, mailbox, hook, fromBlock }: RelayChainConfig, provider: Provider, sender: NumberedSender): Promise<EvmRelayChain> {
    const client = new MailboxClient(provider, mailbox, hook);
    return new EvmRelayChain(name, chainId, await client.domain(), fromBlock, provider, client, sender);
  }

  get hook(): string {
    return this.mailbox.hook;
  }

  latest(): Promise<{ readonly number: number; readonly time: number }> {
    return latestBlock(this.provider);
  }

  made(origin: string, from: number, to: number): Promise<readonly MadeMessage[]> {
    return from > to ? Promise.resolve([]) : madeMessages(this.provider, origin, from, to);
  }

  dispatched(gateways: readonly string[], from: number, to: number): Promise<readonly DispatchedMessage[]> {
    return from > to ? Promise.resolve([]) : this.mailbox.dispatched(gateways, from, to);
  }

  delivered(messageId: string): Promise<boolean> {
    return this.mailbox.delivered(messageId);
  }

  votes(inbox: string, from: MessageSource, payloadHash: string): Promise<Votes> {
    return votesOf(this.provider, inbox, from, payloadHash);
  }

  async gateways(inbox: string, from: MessageSource): Promise<readonly string[]> {
    return (await gatewaysOf(this.provider, inbox, from)).gateways;
  }

  validators(gateway: string): Promise<ValidatorSet> {
    return validatorsOf(this.provider, gateway);
  }

  async relayCall(origin: string, payload: string, gateway: string, to: { readonly chainId: bigint; readonly recipient: string }): Promise<NumberedCall> {
    const recipient = interoperableAddress(to.chainId, to.recipient);
    const value = await new GatewayClient(gateway, this.provider).quote(recipient, payload);
    return { what: 'handing a message to a gateway', to: origin, contract: MESSAGE_ORIGIN_INTERFACE, method: 'relay', args: [payload, gateway, recipient], value };
  }

  processCall(metadata: string, message: string): NumberedCall {
    return { what: 'delivering a message', to: this.mailbox.mailbox, contract: MAILBOX_INTERFACE, method: 'process', args: [metadata, message] };
  }

  home(beacon: string, venueId: bigint): Promise<HomeStanding> {
    return homeStanding(this.provider, beacon, venueId);
  }

  mirrored(mirror: string, venueId: bigint): Promise<MirroredStanding> {
    return mirroredStanding(this.provider, mirror, venueId);
  }

  satelliteHome(satellite: string): Promise<SatelliteHome> {
    return satelliteHome(this.provider, satellite);
  }

  hub(hub: string, satelliteId: bigint): Promise<HubStanding> {
    return hubStanding(this.provider, hub, satelliteId);
  }

  isCredited(hub: string, satelliteId: bigint, number: bigint): Promise<boolean> {
    return isDepositCredited(this.provider, hub, satelliteId, number);
  }

  number(): Promise<number> {
    return this.sender.number();
  }

  send(call: NumberedCall, number: number): Promise<NumberedOutcome> {
    return this.sender.send(call, number);
  }
}

/** A chain behind a node, for a validator. */
export class EvmValidatorSource implements ValidatorSource {
  private constructor(
    readonly domain: number, readonly fromBlock: number, private readonly provider: Provider, private readonly mailbox: MailboxClient,
    private readonly gateways: readonly string[], private readonly confirmations: number | undefined,
  ) {}

  /** @param confirmations blocks on top; the chain's own finality where undefined. @throws as EvmRelayChain.open */
  static async open(chain: Omit<RelayChainConfig, 'name'>, provider: Provider, gateways: readonly string[], confirmations: number | undefined): Promise<EvmValidatorSource> {
    const client = new MailboxClient(provider, chain.mailbox, chain.hook);
    return new EvmValidatorSource(await client.domain(), chain.fromBlock, provider, client, gateways, confirmations);
  }

  get hook(): string {
    return this.mailbox.hook;
  }

  async safeBlock(): Promise<number> {
    if (this.confirmations !== undefined) return (await latestBlock(this.provider)).number - this.confirmations;
    const block = await this.block('finalized');
    if (block === null) throw new ChainRequestError('the node knows no final block: set confirmations, or ask another node');
    return block.number;
  }

  async hashOf(block: number): Promise<string | undefined> {
    return (await this.block(block))?.hash ?? undefined;
  }

  leaves(from: number, to: number): Promise<readonly TreeLeaf[]> {
    return this.mailbox.leaves(from, to);
  }

  dispatched(from: number, to: number): Promise<readonly DispatchedMessage[]> {
    return this.mailbox.dispatched(this.gateways, from, to);
  }

  treeAt(block: number): Promise<{ readonly root: string; readonly count: number }> {
    return this.mailbox.treeAt(block);
  }

  private block(which: number | 'finalized'): Promise<Awaited<ReturnType<Provider['getBlock']>>> {
    return this.provider.getBlock(which).catch((cause: unknown) => {
      throw chainError(cause, `asking for block ${which}`);
    });
  }
}
