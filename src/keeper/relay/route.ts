import type { MadeMessage } from '../../chain/gateway-client.js';
import { parseGatewayBody, satelliteOf, type GatewayBody, type MessageKind } from '../../chain/gateway-envelope.js';
import type { DispatchedMessage } from '../../chain/mailbox-client.js';
import type { NumberedCall } from '../../chain/numbered-sender.js';
import { faultFields, type KeeperLog } from '../keeper-log.js';
import type { KeeperClock } from '../keeper-ports.js';
import type { Attempts } from './attempts.js';
import type { GatewayPair, RouteConfig } from './relay-config.js';
import type { RelayMetrics } from './relay-metrics.js';
import type { RelayChain } from './relay-ports.js';
import { collectMetadata, type SignatureSource } from './signatures.js';
import { upkeepOf, type CreditedDeposits } from './upkeep.js';

export interface RouteParts {
  readonly config: RouteConfig;
  readonly source: RelayChain;
  readonly destination: RelayChain;
  /** Of each pair of gateways. */
  readonly signatures: ReadonlyMap<GatewayPair, readonly SignatureSource[]>;
  readonly clock: KeeperClock;
  readonly log: KeeperLog;
  readonly metrics: RelayMetrics;
}

/** What an adapter dispatched, opened. */
interface Sent {
  readonly dispatched: DispatchedMessage;
  readonly body: GatewayBody;
}

/** Blocks that are read again at every look: where one was replaced, its messages may have moved. */
const OVERLAP = 64;
/** Of these the newest says all that the older ones do. */
const REPLACED_BY_NEWER: readonly MessageKind[] = ['standing', 'lease', 'checkpoint'];

/**
 * Messages of one origin to one recipient, from making to taking. Whether a message is through is asked of the recipient, whether a dispatch was
 * delivered of the mailbox; what is remembered here only saves reading.
 */
export class Route {
  private readonly waiting = new Map<string, MadeMessage>();
  private readonly sent = new Map<string, Sent>();
  private readonly finished = new Set<string>();
  private readonly credited: CreditedDeposits = { upTo: 0n };
  private read: number;

  /** @param cursor all that was made up to this block is through */
  constructor(private readonly parts: RouteParts, cursor: number | undefined) {
    this.read = Math.max(parts.source.fromBlock, cursor ?? 0) - 1;
  }

  get name(): string {
    return this.parts.config.name;
  }

  /** All that was made up to it is through. */
  get cursor(): number {
    const blocks = [...this.waiting.values()].map(({ block }) => block - 1);
    return Math.max(0, Math.min(this.read - OVERLAP, ...blocks));
  }

  /** @throws ChainUnreachableError and its like: other routes go on */
  async look(attempts: Attempts): Promise<void> {
    const { config: { keep, name }, source, destination, metrics, clock } = this.parts;
    const now = await source.latest();
    await this.follow(now.number);
    for (const message of this.pending()) await this.bring(message, attempts);
    if (keep !== undefined) {
      const sourceNumber = await source.number();
      const scene = { source, destination, waiting: [...this.waiting.values()], now: now.time, credited: this.credited };
      // One at a look: the next is another number's.
      const [first] = (await upkeepOf(this.parts.config, keep, scene)).filter(({ key }) => !attempts.rests(key));
      if (first !== undefined) await attempts.send(source, sourceNumber, first);
    }
    metrics.looked(name, now.number, Math.floor(clock.now() / 1_000), this.waiting.size);
  }

  private async follow(latest: number): Promise<void> {
    const { config, source } = this.parts;
    const from = Math.max(source.fromBlock, this.read + 1 - OVERLAP);
    for (const made of await source.made(config.origin, from, latest)) {
      if (!this.finished.has(made.payloadHash) && this.isFor(made)) this.waiting.set(made.payloadHash, made);
    }
    await this.readDispatches(from, latest);
    this.read = Math.max(this.read, latest);
  }

  private async readDispatches(from: number, to: number): Promise<void> {
    const { config, source } = this.parts;
    const found = await source.dispatched(config.gateways.map(({ sends }) => sends), from, to);
    for (const dispatched of found) this.sent.set(dispatched.message.id, { dispatched, body: parseGatewayBody(dispatched.message.body) });
  }

  private isFor({ envelope }: MadeMessage): boolean {
    const { config, destination } = this.parts;
    const satellite = satelliteOf(envelope);
    return satellite === undefined || (satellite.chainId === destination.chainId && satellite.satellite === config.recipient);
  }

  /** In order, without what newer ones say too. */
  private pending(): readonly MadeMessage[] {
    const newest = new Map([...this.waiting.values()].map((made) => [`${made.envelope.kind}:${made.envelope.venueId}`, made]));
    for (const made of this.waiting.values()) {
      const { kind, venueId } = made.envelope;
      if (REPLACED_BY_NEWER.includes(kind) && newest.get(`${kind}:${venueId}`) !== made) this.finish(made, 'superseded');
    }
    return [...this.waiting.values()];
  }

  private finish({ payloadHash, envelope }: MadeMessage, how: 'taken' | 'superseded'): void {
    this.waiting.delete(payloadHash);
    this.finished.add(payloadHash);
    for (const [id, { body }] of this.sent) if (body.payloadHash === payloadHash) this.sent.delete(id);
    this.parts.log.info(`message-${how}`, { route: this.name, kind: envelope.kind, sequence: envelope.sequence, payload: payloadHash });
  }

  private async bring(message: MadeMessage, attempts: Attempts): Promise<void> {
    const { config, source, destination, log } = this.parts;
    const { votes, taken } = await destination.votes(config.recipient, { chainId: source.chainId, origin: config.origin }, message.payloadHash);
    if (taken) return this.finish(message, 'taken');
    const set = await destination.gateways(config.recipient, { chainId: source.chainId, origin: config.origin });
    for (const pair of config.gateways) {
      const place = set.indexOf(pair.delivers);
      if (place < 0) log.warn('gateway-not-in-set', { route: this.name, gateway: pair.delivers });
      else if ((votes >> BigInt(place) & 1n) === 0n) await this.through(message, pair, attempts);
    }
  }

  /** One message through one gateway: handed to it, or delivered by it, or not yet signed. */
  private async through(message: MadeMessage, pair: GatewayPair, attempts: Attempts): Promise<void> {
    const { config, source, destination } = this.parts;
    const key = `${this.name}:${message.payloadHash}:${pair.sends}`;
    if (attempts.rests(key)) return;
    const open = await this.undelivered(message, pair);
    if (open !== undefined) return this.deliver(open, pair, key, attempts);
    // The number first, then whether it is there by now: a transaction of an earlier process may be under way.
    const number = await source.number();
    const { number: latest } = await source.latest();
    await this.readDispatches(Math.max(source.fromBlock, this.read + 1 - OVERLAP), latest);
    if (await this.undelivered(message, pair) !== undefined) return;
    const call = await source.relayCall(config.origin, message.payload, pair.sends, { chainId: destination.chainId, recipient: config.recipient });
    await attempts.send(source, number, { key, action: 'relay', call });
  }

  private async undelivered({ payloadHash }: MadeMessage, pair: GatewayPair): Promise<DispatchedMessage | undefined> {
    const { config, source, destination } = this.parts;
    for (const { dispatched, body } of this.sent.values()) {
      const { message } = dispatched;
      const same = body.payloadHash === payloadHash && body.sender === config.origin && body.recipient === config.recipient;
      const through = message.sender === pair.sends && message.origin === source.domain && message.destination === destination.domain && message.recipient === pair.delivers;
      if (same && through && !(await destination.delivered(message.id))) return dispatched;
    }
    return undefined;
  }

  private async deliver(one: DispatchedMessage, pair: GatewayPair, key: string, attempts: Attempts): Promise<void> {
    const { source, destination, signatures, log } = this.parts;
    const number = await destination.number();
    if (await destination.delivered(one.message.id)) return;
    const told = (thrown: unknown): void => log.warn('signature-not-read', { route: this.name, index: one.index, ...faultFields(thrown) });
    const metadata = await collectMetadata(one, source.hook, await destination.validators(pair.delivers), signatures.get(pair) ?? [], told);
    if (metadata === undefined) return;
    const call: NumberedCall = destination.processCall(metadata, one.message.bytes);
    await attempts.send(destination, number, { key, action: 'process', call });
  }
}
