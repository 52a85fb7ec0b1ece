import { Contract, Interface, type Provider } from 'ethers';
import { readContract } from './contract-call.js';
import { GATE_MODES, type GateMode } from './registry-client.js';

/** What relayers ask of the two ends and make there; test/chain/gateway-abi.test.ts compares it with the compiled contracts. */
export const BEACON_UPKEEP_ABI: readonly string[] = [
  'function GATE() view returns (address)',
  'function REGISTRY() view returns (address)',
  'function makeEpoch(uint256 venueId) returns (bytes payload)',
  'function makeStanding(uint256 venueId) returns (bytes payload)',
  'error NothingAccepted(uint256 venueId)',
];
const VENUE = 'tuple(uint64 epoch, uint64 homeEpoch, uint64 sequence, uint64 standingAt, uint64 openedAt, uint64 staleAfter, uint64 haltAfter, uint8 mode, bool conflict, uint256 retired)';
export const MIRROR_UPKEEP_ABI: readonly string[] = [
  'function rules() view returns (tuple(uint64 standingStaleAfter, uint64 standingHaltAfter, uint64 minOpening))',
  `function venueOf(uint256 venueId) view returns (${VENUE})`,
];
const TERMS = 'tuple(uint256 venueId, uint256 chainId, address satellite, uint64 hatchAfter, uint64 maxCheckpointAge, uint64 freezeAfter, uint64 limitWindow, uint64 enrolledAt, uint16 tokens)';
const STATE = 'tuple(uint64 checkpointAt, uint64 checkpointSequence, uint64 homeSentAt, uint64 sequence, uint64 depositsSeen, uint64 depositsSure, uint64 orders, bool closed, bool suits, bool broken)';
export const HUB_UPKEEP_ABI: readonly string[] = [
  'function creditDeposits(uint256 satelliteId, uint64[] numbers)',
  'function isDepositCredited(uint256 satelliteId, uint64 number) view returns (bool)',
  'function makeLease(uint256 satelliteId) returns (bytes payload)',
  `function stateOf(uint256 satelliteId) view returns (${STATE})`,
  `function termsOf(uint256 satelliteId) view returns (${TERMS})`,
  'error MintLimitReached(uint256 satelliteId, uint16 token, uint256 left, uint256 asked)',
  'error SatelliteSilent(uint256 satelliteId, uint256 heardAt)',
];
export const SATELLITE_UPKEEP_ABI: readonly string[] = [
  'function home() view returns (uint64 sentAt, uint64 sequence, uint64 standsEpoch, uint64 depositsSeen, uint64 closedAt)',
  'function makeCheckpoint() returns (bytes payload)',
];
const GATE_QUESTION = ['function mode(uint256 venueId) view returns (uint8)'] as const;
const REGISTRY_QUESTION = ['function latestEpoch(uint256 venueId) view returns (uint64)'] as const;

export const BEACON_UPKEEP_INTERFACE = new Interface(BEACON_UPKEEP_ABI);
export const HUB_UPKEEP_INTERFACE = new Interface(HUB_UPKEEP_ABI);
export const SATELLITE_UPKEEP_INTERFACE = new Interface(SATELLITE_UPKEEP_ABI);

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
  const asked = new Contract(beacon, BEACON_UPKEEP_INTERFACE, provider);
  const [gate, registry] = await Promise.all(['GATE', 'REGISTRY'].map((method) => readContract(asked, 'asking a beacon', method, [])));
  const code = Number(await readContract(new Contract(String(gate), GATE_QUESTION, provider), 'asking the gate', 'mode', [venueId]));
  const epoch = await readContract(new Contract(String(registry), REGISTRY_QUESTION, provider), 'asking the registry', 'latestEpoch', [venueId]);
  return { epoch: epoch as bigint, mode: GATE_MODES[code] as GateMode };
}

/** @throws as readContract */
export async function mirroredStanding(provider: Provider, mirror: string, venueId: bigint): Promise<MirroredStanding> {
  const asked = new Contract(mirror, MIRROR_UPKEEP_ABI, provider);
  const venue = (await readContract(asked, 'asking a mirror', 'venueOf', [venueId])) as Record<string, bigint | boolean>;
  const rules = (await readContract(asked, 'asking a mirror', 'rules', [])) as Record<string, bigint>;
  return {
    homeEpoch: venue['homeEpoch'] as bigint, mode: GATE_MODES[Number(venue['mode'])], conflict: venue['conflict'] === true,
    standingAt: Number(venue['standingAt']), standingStaleAfter: Number(rules['standingStaleAfter']),
  };
}

/** @throws as readContract */
export async function satelliteHome(provider: Provider, satellite: string): Promise<SatelliteHome> {
  const home = (await readContract(new Contract(satellite, SATELLITE_UPKEEP_INTERFACE, provider), 'asking a satellite', 'home', [])) as Record<string, bigint>;
  return { sentAt: Number(home['sentAt']), depositsSeen: home['depositsSeen'] as bigint, closed: home['closedAt'] !== 0n };
}

/** @throws as readContract */
export async function hubStanding(provider: Provider, hub: string, satelliteId: bigint): Promise<HubStanding> {
  const asked = new Contract(hub, HUB_UPKEEP_INTERFACE, provider);
  const state = (await readContract(asked, 'asking a hub', 'stateOf', [satelliteId])) as Record<string, bigint | boolean>;
  const terms = (await readContract(asked, 'asking a hub', 'termsOf', [satelliteId])) as Record<string, bigint>;
  return {
    checkpointAt: Number(state['checkpointAt']), depositsSeen: state['depositsSeen'] as bigint, depositsSure: state['depositsSure'] as bigint, closed: state['closed'] === true,
    maxCheckpointAge: Number(terms['maxCheckpointAge']), freezeAfter: Number(terms['freezeAfter']),
  };
}

/** @throws as readContract */
export async function isDepositCredited(provider: Provider, hub: string, satelliteId: bigint, number: bigint): Promise<boolean> {
  return (await readContract(new Contract(hub, HUB_UPKEEP_INTERFACE, provider), 'asking a hub for a deposit', 'isDepositCredited', [satelliteId, number])) as boolean;
}
