import type { HomeStanding, HubStanding, MirroredStanding, SatelliteHome } from '../../chain/gateway-upkeep.js';
import type { MadeMessage, Votes } from '../../chain/gateway-client.js';
import type { DispatchedMessage, ValidatorSet } from '../../chain/mailbox-client.js';
import type { NumberedCall, NumberedOutcome } from '../../chain/numbered-sender.js';

/** Who sends: a contract on a chain. */
export interface MessageSource {
  readonly chainId: bigint;
  readonly origin: string;
}

/** What a relayer asks a chain, and sends there. Every method throws ChainUnreachableError and its like where nobody answers. */
export interface RelayChain {
  readonly name: string;
  readonly chainId: bigint;
  /** Hyperlane's number of it. */
  readonly domain: number;
  readonly hook: string;
  readonly fromBlock: number;
  latest(): Promise<{ readonly number: number; readonly time: number }>;
  /** Messages of an origin made in blocks `from` to `to`, in order. */
  made(origin: string, from: number, to: number): Promise<readonly MadeMessage[]>;
  dispatched(gateways: readonly string[], from: number, to: number): Promise<readonly DispatchedMessage[]>;
  delivered(messageId: string): Promise<boolean>;
  votes(inbox: string, from: MessageSource, payloadHash: string): Promise<Votes>;
  /** In the order of the bits of `votes`. */
  gateways(inbox: string, from: MessageSource): Promise<readonly string[]>;
  validators(gateway: string): Promise<ValidatorSet>;
  /** Calls that hand a message to a gateway, with its fee. */
  relayCall(origin: string, payload: string, gateway: string, to: { readonly chainId: bigint; readonly recipient: string }): Promise<NumberedCall>;
  processCall(metadata: string, message: string): NumberedCall;
  home(beacon: string, venueId: bigint): Promise<HomeStanding>;
  mirrored(mirror: string, venueId: bigint): Promise<MirroredStanding>;
  satelliteHome(satellite: string): Promise<SatelliteHome>;
  hub(hub: string, satelliteId: bigint): Promise<HubStanding>;
  isCredited(hub: string, satelliteId: bigint, number: bigint): Promise<boolean>;
  /** The number of the next transaction: asked for before looking what is to be done, it keeps anything from being done twice. */
  number(): Promise<number>;
  send(call: NumberedCall, number: number): Promise<NumberedOutcome>;
}
