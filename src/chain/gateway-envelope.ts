import { AbiCoder, concat, dataLength, dataSlice, getAddress, keccak256, toBeArray, toBeHex } from 'ethers';
import { messageOf } from '../error/clearproof-error.js';
import { ChainRequestError } from './errors.js';

/** CrossChainMessages.MessageKind, in order. */
export const MESSAGE_KINDS = ['none', 'epoch', 'standing', 'table', 'lease', 'order', 'used', 'deposit', 'checkpoint'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Everything that crosses a chain: CrossChainMessages.Envelope. */
export interface MessageEnvelope {
  readonly kind: MessageKind;
  readonly chainId: bigint;
  readonly origin: string;
  /** Zero address in what a satellite says. */
  readonly registry: string;
  readonly venueId: bigint;
  readonly sequence: bigint;
  /** Unix seconds. */
  readonly sentAt: number;
  /** Hex. */
  readonly body: string;
}

/** What a gateway adapter puts around a payload. */
export interface GatewayBody {
  readonly sendId: string;
  readonly sender: string;
  readonly recipient: string;
  readonly payload: string;
  readonly payloadHash: string;
}

const ENVELOPE = 'tuple(uint16 version, uint8 kind, uint256 chainId, address origin, address registry, uint256 venueId, uint64 sequence, uint64 sentAt, bytes body)';
/** A hub's messages; their bodies begin with the facts, and these with whom they are for. */
const OF_HUBS: readonly MessageKind[] = ['lease', 'order', 'used'];
const WORD = 32;
const VERSION = 1n;

/** @throws ChainRequestError for bytes that are no message of this version */
export function parseEnvelope(payload: string): MessageEnvelope {
  const [envelope] = decode([ENVELOPE], payload, 'a message') as unknown as [Record<string, unknown>];
  const kind = MESSAGE_KINDS[Number(envelope['kind'])];
  if (envelope['version'] !== VERSION || kind === undefined) {
    throw new ChainRequestError(`a message has version ${String(envelope['version'])} and kind ${String(envelope['kind'])}: this program knows version ${VERSION}`);
  }
  return {
    kind, chainId: envelope['chainId'] as bigint, origin: String(envelope['origin']), registry: String(envelope['registry']), venueId: envelope['venueId'] as bigint,
    sequence: envelope['sequence'] as bigint, sentAt: Number(envelope['sentAt']), body: String(envelope['body']),
  };
}

/** Which satellite a hub's message is for; undefined of other messages. Whatever else the facts say is not read. @throws ChainRequestError */
export function satelliteOf({ kind, body }: MessageEnvelope): { readonly chainId: bigint; readonly satellite: string } | undefined {
  if (!OF_HUBS.includes(kind)) return undefined;
  const what = `a message of kind ${kind}`;
  const [place] = decode(['uint256'], slice(body, WORD, 2 * WORD), what) as readonly [bigint];
  const facts = WORD + Number(place);
  const [chainId, satellite] = decode(['uint256', 'address'], slice(body, facts, facts + 2 * WORD), what) as readonly [bigint, string];
  return { chainId, satellite };
}

/** @throws ChainRequestError */
export function parseGatewayBody(body: string): GatewayBody {
  const [sendId, sender, recipient, payload] = decode(['bytes32', 'address', 'address', 'bytes'], body, 'what a gateway sent') as unknown as [string, string, string, string];
  return { sendId, sender, recipient, payload, payloadHash: keccak256(payload) };
}

/** ERC-7930 address of a contract on an EVM chain, as InteroperableAddress.formatEvmV1 writes it: hex. */
export function interoperableAddress(chainId: bigint, address: string): string {
  const reference = toBeArray(chainId);
  return concat(['0x00010000', toBeHex(reference.length, 1), reference, '0x14', getAddress(address)]);
}

/** How an inbox names who sends to it. */
export function sourceOf(chainId: bigint, origin: string): string {
  return keccak256(interoperableAddress(chainId, origin));
}

/** Nothing where the bytes end before. */
function slice(data: string, from: number, to: number): string {
  return to <= dataLength(data) ? dataSlice(data, from, to) : '0x';
}

function decode(types: readonly string[], data: string, what: string): readonly unknown[] {
  try {
    return AbiCoder.defaultAbiCoder().decode(types, data);
  } catch (cause) {
    throw new ChainRequestError(`${what} cannot be read (${messageOf(cause).slice(0, 100)})`, {}, { cause });
  }
}
