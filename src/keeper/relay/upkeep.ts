import { BEACON_INTERFACE } from '../../chain/beacon-abi.js';
import type { MadeMessage } from '../../chain/gateway-client.js';
import type { MessageKind } from '../../chain/gateway-envelope.js';
import type { NumberedCall } from '../../chain/numbered-sender.js';
import { SATELLITE_HUB_INTERFACE, SATELLITE_VAULT_INTERFACE } from '../../chain/satellite-abi.js';
import type { RelayAction } from './relay-metrics.js';
import type { KeepConfig, RouteConfig } from './relay-config.js';
import type { RelayChain } from './relay-ports.js';

/** A transaction on the source chain that keeps a route alive. */
export interface UpkeepCall {
  /** Of its pauses. */
  readonly key: string;
  readonly action: Extract<RelayAction, 'make' | 'credit'>;
  readonly call: NumberedCall;
}

/** What is older than this part of its limit is made anew. */
const PART = 3;
const MOST_CREDITS = 16;
/** As a message that nobody may see before its time: another is made if it does not come. */
const STANDS_FOR: Readonly<Record<KeepConfig['kind'], readonly MessageKind[]>> = {
  mirror: ['epoch', 'standing'], satellite: ['lease', 'order', 'used'], hub: ['checkpoint'],
};

/** All deposits up to a number have their claims: for good, so they are not asked for again. */
export interface CreditedDeposits {
  upTo: bigint;
}

/** The two ends of a route and what it has under way. */
export interface UpkeepScene {
  readonly source: RelayChain;
  readonly destination: RelayChain;
  /** Messages of the route that are made and not taken: what is on its way is not made again. */
  readonly waiting: readonly MadeMessage[];
  /** Unix seconds of the source chain. */
  readonly now: number;
  readonly credited: CreditedDeposits;
}

/** What is to be made or credited for a route now. */
export async function upkeepOf(route: RouteConfig, keep: KeepConfig, { source, destination, waiting, now, credited }: UpkeepScene): Promise<readonly UpkeepCall[]> {
  const sent = waiting.filter(({ envelope }) => STANDS_FOR[keep.kind].includes(envelope.kind));
  const newest = Math.max(0, ...sent.map(({ envelope }) => envelope.sentAt));
  const scene: Scene = { source, destination, sent, newest, now, credited };
  switch (keep.kind) {
    case 'mirror': return standings(route, keep.venueId, scene);
    case 'satellite': return leases(route, keep.satelliteId, scene);
    case 'hub': return checkpoints(route, keep.satelliteId, scene);
  }
}

interface Scene extends Omit<UpkeepScene, 'waiting'> {
  /** Of those, what renews what this route has to keep. */
  readonly sent: readonly MadeMessage[];
  /** `sentAt` of the newest of them; 0 for none. */
  readonly newest: number;
}

async function standings({ name, origin, recipient }: RouteConfig, venueId: bigint, { source, destination, sent, newest, now }: Scene): Promise<readonly UpkeepCall[]> {
  const [home, mirrored] = [await source.home(origin, venueId), await destination.mirrored(recipient, venueId)];
  const epochs = sent.filter(({ envelope }) => envelope.kind === 'epoch');
  const make = (method: 'makeEpoch' | 'makeStanding'): readonly UpkeepCall[] => [
    { key: `${name}:${method}`, action: 'make', call: { what: `making a message of venue ${venueId}`, to: origin, contract: BEACON_INTERFACE, method, args: [venueId] } },
  ];
  // A conflict is healed by an epoch that is newer than it.
  const heals = mirrored.conflict && !epochs.some(({ envelope }) => envelope.sentAt > mirrored.standingAt);
  if (home.epoch > 0n && (heals || (home.epoch > mirrored.homeEpoch && epochs.length === 0))) return make('makeEpoch');
  const differs = home.mode !== mirrored.mode && sent.length === 0;
  return differs || isOld(Math.max(mirrored.standingAt, newest), mirrored.standingStaleAfter, now) ? make('makeStanding') : [];
}

async function leases({ name, origin, recipient }: RouteConfig, satelliteId: bigint, { source, destination, newest, sent, now, credited }: Scene): Promise<readonly UpkeepCall[]> {
  const [hub, satellite] = [await source.hub(origin, satelliteId), await destination.satelliteHome(recipient)];
  const call = (method: string, args: readonly unknown[], what: string): NumberedCall => ({ what, to: origin, contract: SATELLITE_HUB_INTERFACE, method, args });
  const credits = await dueCredits(source, origin, satelliteId, hub.depositsSure, credited);
  const credit: readonly UpkeepCall[] = credits.length === 0 ? [] : [
    { key: `${name}:credit`, action: 'credit', call: call('creditDeposits', [satelliteId, credits], `crediting deposits of satellite ${satelliteId}`) },
  ];
  const unsaid = hub.depositsSeen > satellite.depositsSeen && sent.length === 0;
  if (!unsaid && !isOld(Math.max(satellite.sentAt, newest), hub.freezeAfter, now)) return credit;
  return [...credit, { key: `${name}:lease`, action: 'make', call: call('makeLease', [satelliteId], `making a lease of satellite ${satelliteId}`) }];
}

async function checkpoints({ name, origin, recipient }: RouteConfig, satelliteId: bigint, { source, destination, newest, sent, now }: Scene): Promise<readonly UpkeepCall[]> {
  const [satellite, hub] = [await source.satelliteHome(origin), await destination.hub(recipient, satelliteId)];
  const unsaid = (satellite.depositsSeen > hub.depositsSure || satellite.closed !== hub.closed) && sent.length === 0;
  if (!unsaid && !isOld(Math.max(hub.checkpointAt, newest), hub.maxCheckpointAge, now)) return [];
  const call: NumberedCall = { what: `making a checkpoint of satellite ${satelliteId}`, to: origin, contract: SATELLITE_VAULT_INTERFACE, method: 'makeCheckpoint', args: [] };
  return [{ key: `${name}:checkpoint`, action: 'make', call }];
}

/** The oldest sure deposits without claims. */
async function dueCredits(hubChain: RelayChain, hub: string, satelliteId: bigint, sure: bigint, credited: CreditedDeposits): Promise<readonly bigint[]> {
  const due: bigint[] = [];
  for (let number = credited.upTo + 1n; number <= sure && due.length < MOST_CREDITS; number += 1n) {
    if (!(await hubChain.isCredited(hub, satelliteId, number))) due.push(number);
    else if (due.length === 0) credited.upTo = number;
  }
  return due;
}

function isOld(sentAt: number, limit: number, now: number): boolean {
  return (now - sentAt) * PART > limit;
}
