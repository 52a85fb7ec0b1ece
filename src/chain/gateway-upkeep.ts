import { Contract, type Provider } from 'ethers';
import { BEACON_INTERFACE } from './beacon-abi.js';
import { readContract } from './contract-call.js';
import { GATE_INTERFACE } from './gate-abi.js';
import { MIRROR_INTERFACE } from './mirror-abi.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';
import { GATE_MODES, type GateMode } from './registry-client.js';
import { SATELLITE_HUB_INTERFACE, SATELLITE_VAULT_INTERFACE } from './satellite-abi.js';

/** How a venue stands at home. */
export interface HomeStanding {
  readonly epoch: bigint;
  readonly mode: GateMode;
}

/** The newest that a mirror knows of it. */
export interface MirroredStanding {
  readonly homeEpoch: bigint;
  readonly mode: GateMode | undefined;
  readonly conflict: boolean;
  /** Unix seconds at home; 0 before the first. */
  readonly standingAt: number;
  /** Seconds. */
  readonly standingStaleAfter: number;
}

/** What hub and satellite know of each other. Numbers of deposits; Unix seconds. */
export interface SatelliteHome {
  readonly sentAt: number;
  readonly depositsSeen: bigint;
  readonly closed: boolean;
}
export interface HubStanding {
  readonly checkpointAt: number;
  readonly depositsSeen: bigint;
  readonly depositsSure: bigint;
  readonly closed: boolean;
  /** Seconds. */
  readonly maxCheckpointAge: number;
  readonly freezeAfter: number;
}

/** @throws as readContract */
export async function homeStanding(provider: Provider, beacon: string, venueId: bigint): Promise<HomeStanding> {
  const asked = new Contract(beacon, BEACON_INTERFACE, provider);
  const [gate, registry] = await Promise.all(['GATE', 'REGISTRY'].map((method) => readContract(asked, 'asking a beacon', method, [])));
  const code = Number(await readContract(new Contract(String(gate), GATE_INTERFACE, provider), 'asking the gate', 'mode', [venueId]));
  const epoch = await readContract(new Contract(String(registry), REGISTRY_INTERFACE, provider), 'asking the registry', 'latestEpoch', [venueId]);
  return { epoch: epoch as bigint, mode: GATE_MODES[code] as GateMode };
}

/** @throws as readContract */
export async function mirroredStanding(provider: Provider, mirror: string, venueId: bigint): Promise<MirroredStanding> {
  const asked = new Contract(mirror, MIRROR_INTERFACE, provider);
  const venue = (await readContract(asked, 'asking a mirror', 'venueOf', [venueId])) as Record<string, bigint | boolean>;
  const rules = (await readContract(asked, 'asking a mirror', 'rules', [])) as Record<string, bigint>;
  return {
    homeEpoch: venue['homeEpoch'] as bigint, mode: GATE_MODES[Number(venue['mode'])], conflict: venue['conflict'] === true,
    standingAt: Number(venue['standingAt']), standingStaleAfter: Number(rules['standingStaleAfter']),
  };
}

/** @throws as readContract */
export async function satelliteHome(provider: Provider, satellite: string): Promise<SatelliteHome> {
  const home = (await readContract(new Contract(satellite, SATELLITE_VAULT_INTERFACE, provider), 'asking a satellite', 'home', [])) as Record<string, bigint>;
  return { sentAt: Number(home['sentAt']), depositsSeen: home['depositsSeen'] as bigint, closed: home['closedAt'] !== 0n };
}

/** @throws as readContract */
export async function hubStanding(provider: Provider, hub: string, satelliteId: bigint): Promise<HubStanding> {
  const asked = new Contract(hub, SATELLITE_HUB_INTERFACE, provider);
  const state = (await readContract(asked, 'asking a hub', 'stateOf', [satelliteId])) as Record<string, bigint | boolean>;
  const terms = (await readContract(asked, 'asking a hub', 'termsOf', [satelliteId])) as Record<string, bigint>;
  return {
    checkpointAt: Number(state['checkpointAt']), depositsSeen: state['depositsSeen'] as bigint, depositsSure: state['depositsSure'] as bigint, closed: state['closed'] === true,
    maxCheckpointAge: Number(terms['maxCheckpointAge']), freezeAfter: Number(terms['freezeAfter']),
  };
}

/** @throws as readContract */
export async function isDepositCredited(provider: Provider, hub: string, satelliteId: bigint, number: bigint): Promise<boolean> {
  return (await readContract(new Contract(hub, SATELLITE_HUB_INTERFACE, provider), 'asking a hub for a deposit', 'isDepositCredited', [satelliteId, number])) as boolean;
}
