import { ZeroAddress, zeroPadValue, toBeHex } from 'ethers';
import type { HistoryPlace } from './history-place.js';
import type { HistoryEvent } from './log-reader.js';
import { REGISTRY_HISTORY, TOKEN_HISTORY } from './history-events.js';
import { NodeContradictionError } from './history-errors.js';
import type { PinnedState } from './pinned-state.js';
import { plainStruct } from './plain-values.js';
import type { EventPlace } from './event-place.js';
import { readCircuits } from './read-circuits.js';
import type { HistoryAsset, HistoryGap, HistorySnapshot, RoleChange, TokenFacts, VenueHistory, VenueSettings } from './venue-history.js';

const LONGEST_SYMBOL = 64;

export type RegistryPart = Pick<VenueHistory, 'base' | 'config' | 'registered' | 'roleChanges' | 'pendingAdmin' | 'circuits' | 'proposedCircuits' | 'settlementAssets' | 'fundToken' | 'snapshots'>
  & { readonly events: readonly HistoryEvent[]; readonly gaps: readonly HistoryGap[] };

/** A venue's number as a topic. */
export function venueTopic(venueId: bigint): string {
  return zeroPadValue(toBeHex(venueId), 32);
}

/** Configuration, roles, circuits, assets and checkpoints. @throws NodeContradictionError */
export async function readRegistry(place: HistoryPlace): Promise<RegistryPart> {
  const { state, registry, venueId } = place;
  const config = settings(REGISTRY_HISTORY.getFunction('venue')?.outputs ?? [], await state.call(registry, REGISTRY_HISTORY, 'venue', [venueId]));
  const events = await place.logs.read(registry, REGISTRY_HISTORY, [null, venueTopic(venueId)]);
  const registered = events.find(({ name }) => name === 'VenueRegistered');
  if (place.fromBlock === 0 && registered === undefined) {
    throw new NodeContradictionError(`the registry has venue ${venueId}, the node no event of its registration: it lost its logs, ask another node`, { event: 'VenueRegistered' });
  }
  const pendingAdmin = await state.value(registry, REGISTRY_HISTORY, 'pendingVenueAdmin', [venueId]) as string;
  const snapshots = snapshotsOf(events);
  return {
    base: await state.value(registry, REGISTRY_HISTORY, 'baseOf', [venueId]) as bigint,
    config,
    registered: registered === undefined ? undefined : { config: registeredSettings(registered), at: registered.at },
    roleChanges: events.flatMap(roleChange),
    pendingAdmin: pendingAdmin === ZeroAddress ? undefined : pendingAdmin,
    ...await readCircuits(place),
    settlementAssets: await readAssets(place, events),
    fundToken: await readToken(state, config.fundToken),
    snapshots, events,
    gaps: await compareLastSnapshot(place, snapshots),
  };
}

interface SolidityVenue extends Omit<VenueSettings, 'disputes'> {
  readonly disputes?: string;
}

function settings(inputs: Parameters<typeof plainStruct>[0], values: Parameters<typeof plainStruct>[1]): VenueSettings {
  const [venue] = Object.values(plainStruct<Record<string, SolidityVenue>>(inputs.map((input) => input), values));
  const { disputes, ...rest } = venue as SolidityVenue;
  return Object.freeze({ ...rest, disputes: disputes === undefined || disputes === ZeroAddress ? undefined : disputes });
}

function registeredSettings({ args }: HistoryEvent): VenueSettings {
  const inputs = REGISTRY_HISTORY.getEvent('VenueRegistered')?.inputs ?? [];
  const { config } = plainStruct<{ config: SolidityVenue }>(inputs, args);
  return Object.freeze({ ...config, disputes: config.disputes === ZeroAddress ? undefined : config.disputes });
}

const ROLE_EVENTS: Readonly<Record<string, RoleChange['role']>> = {
  VenueAdminTransferStarted: 'admin-proposed', VenueAdminTransferred: 'admin', OperatorChanged: 'operator', ParameterAdminChanged: 'parameter-admin',
};

function roleChange({ name, args, at }: HistoryEvent): RoleChange[] {
  const role = ROLE_EVENTS[name];
  return role === undefined ? [] : [{ role, from: args.getValue('from') as string, to: args.getValue('to') as string, at }];
}

async function readAssets({ state, registry, venueId, fromBlock }: HistoryPlace, events: readonly HistoryEvent[]): Promise<HistoryAsset[]> {
  const stored = [...await state.value(registry, REGISTRY_HISTORY, 'settlementAssets', [venueId]) as readonly (readonly [string, bigint])[]];
  const places = new Map<number, EventPlace>();
  for (const { name, args, at } of events) {
    if (name !== 'SettlementAssetRegistered') continue;
    const index = Number(args.getValue('index'));
    const [token, unitsPerQuantum] = stored[index] ?? [];
    if (token !== args.getValue('token') || unitsPerQuantum !== args.getValue('unitsPerQuantum')) {
      throw new NodeContradictionError(`settlement asset ${index} is another in its event than in the registry's state: ask another node`, { event: name, index });
    }
    places.set(index, at);
  }
  if (fromBlock === 0 && places.size !== stored.length) {
    throw new NodeContradictionError(`the registry has ${stored.length} settlement assets, the node events of ${places.size}: it lost its logs, ask another node`, { event: 'SettlementAssetRegistered' });
  }
  return Promise.all(stored.map(async ([token, unitsPerQuantum], index) => (
    { index, token: await readToken(state, token), unitsPerQuantum, at: places.get(index) })));
}

/** A token may be no contract, refuse, or answer nonsense: then it tells nothing. */
async function readToken(state: PinnedState, address: string): Promise<TokenFacts> {
  const symbol = await state.tryValue(address, TOKEN_HISTORY, 'symbol', []);
  const decimals = await state.tryValue(address, TOKEN_HISTORY, 'decimals', []);
  return {
    address,
    symbol: typeof symbol === 'string' ? [...symbol].slice(0, LONGEST_SYMBOL).join('') : undefined,
    decimals: typeof decimals === 'bigint' ? Number(decimals) : undefined,
  };
}

type SoliditySnapshot = Omit<HistorySnapshot, 'replaced' | 'at'>;

function snapshotsOf(events: readonly HistoryEvent[]): HistorySnapshot[] {
  const inputs = REGISTRY_HISTORY.getEvent('SnapshotOpened')?.inputs ?? [];
  const opened = events.filter(({ name }) => name === 'SnapshotOpened').map(({ args, at }) => {
    const { epoch, snapshot } = plainStruct<{ epoch: number; snapshot: SoliditySnapshot }>(inputs, args);
    if (snapshot.epoch !== epoch || snapshot.openedAt !== at.time) {
      throw new NodeContradictionError(`the checkpoint of epoch ${epoch} contradicts itself or the time of its block ${at.block}: ask another node`, { event: 'SnapshotOpened', epoch });
    }
    return { ...snapshot, at };
  });
  return opened.map((one, place) => ({ ...one, replaced: opened[place + 1]?.epoch === one.epoch }));
}

async function compareLastSnapshot({ state, registry, venueId, fromBlock }: HistoryPlace, snapshots: readonly HistorySnapshot[]): Promise<HistoryGap[]> {
  const inputs = REGISTRY_HISTORY.getFunction('lastSnapshot')?.outputs ?? [];
  const [stored] = Object.values(plainStruct<Record<string, SoliditySnapshot>>(inputs, await state.call(registry, REGISTRY_HISTORY, 'lastSnapshot', [venueId])));
  const last = snapshots.at(-1);
  if (stored === undefined || stored.epoch === 0) return [];
  if (last === undefined && fromBlock > 0) return [];
  if (last?.epoch === stored.epoch && last.openedAt === stored.openedAt) {
    if (last.fund === stored.fund && last.reserves.join() === stored.reserves.join()) return [];
    throw new NodeContradictionError(`reserves or fund of the last checkpoint are others in its event than in the registry's state: ask another node`, { epoch: stored.epoch });
  }
  return [{ kind: 'snapshot-log-missing', epoch: stored.epoch, detail: `the registry keeps a checkpoint of epoch ${stored.epoch} whose event the node does not have` }];
}
