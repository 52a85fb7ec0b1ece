import type { AcceptedMarket } from '../market-source.js';
import type { DisputeHistory } from './dispute-history.js';
import type { BlockPlace, EventPlace } from './event-place.js';
import type { MarketHistory, PriceHistory } from './market-history.js';
import type { AssetCoverage, ReserveHistory } from './reserve-history.js';
import type { TimelockChange } from './timelock-changes.js';

/**
 * Everything public about one venue that its contracts say at one block. Plain values throughout: strings, booleans, numbers for
 * counts, places and Unix seconds, bigint for amounts and field elements. What is not there is undefined, never a default.
 */
export interface VenueHistory {
  readonly chainId: bigint;
  /** Checksummed address. */
  readonly registry: string;
  readonly venueId: bigint;
  /** H(tag, chain id, registry, venue id, version) as the registry computes it. */
  readonly base: bigint;
  /** Block whose state everything below is. */
  readonly readAt: BlockPlace;
  /** First block whose events were read; what happened before is known from state alone. */
  readonly fromBlock: number;
  readonly config: VenueSettings;
  /** Undefined when the registration lies before `fromBlock`. */
  readonly registered: { readonly config: VenueSettings; readonly at: EventPlace } | undefined;
  readonly roleChanges: readonly RoleChange[];
  readonly pendingAdmin: string | undefined;
  /** Every circuit of the registry, in the order it was given them. */
  readonly circuits: readonly HistoryCircuit[];
  /** Circuits that the registry's owner proposed and that were neither added nor cancelled; some may have waited too long. */
  readonly proposedCircuits: readonly ProposedCircuit[];
  /** In the order of the words of an epoch. */
  readonly settlementAssets: readonly HistoryAsset[];
  readonly fundToken: TokenFacts;
  /** Every checkpoint in order, those that a later one replaced among them. */
  readonly snapshots: readonly HistorySnapshot[];
  /** Every accepted epoch from 1 on, without gaps: storage says how many there are. */
  readonly epochs: readonly HistoryEpoch[];
  readonly markets: MarketHistory;
  /** Undefined where the venue's market source is no market board. */
  readonly prices: PriceHistory | undefined;
  readonly reserves: ReserveHistory;
  /** Every change that went through a timelock of market board, price board or vault, in order of proposal. */
  readonly changes: readonly TimelockChange[];
  /** Undefined for a venue without a contract for omission challenges. */
  readonly disputes: DisputeHistory | undefined;
  readonly gate: GateState;
  /** What a complete history would have and the node did not give. */
  readonly gaps: readonly HistoryGap[];
}

/** Fields as in ISolvencyRegistry.VenueConfig; windows in seconds. */
export interface VenueSettings {
  readonly admin: string;
  readonly operator: string;
  readonly parameterAdmin: string;
  readonly reserves: string;
  readonly markets: string;
  /** Undefined for none. */
  readonly disputes: string | undefined;
  readonly fundToken: string;
  readonly valueUnitsPerFundUnit: bigint;
  readonly valueScale: number;
  readonly staleAfter: number;
  readonly haltAfter: number;
  readonly maxSubmissionAge: number;
  readonly marketTolerance: number;
}

/** `admin-proposed` names who has to accept; the others took effect. */
export interface RoleChange {
  readonly role: 'admin-proposed' | 'admin' | 'operator' | 'parameter-admin';
  readonly from: string;
  readonly to: string;
  readonly at: EventPlace;
}

export interface HistoryCircuit {
  readonly circuitId: bigint;
  /** Name of CircuitKind, as in `close-part`; `unknown-<code>` for a kind this version does not know. */
  readonly kind: string;
  readonly verifier: string;
  readonly verificationKeyHash: string;
  readonly developmentKey: boolean;
  /** Undefined when it was added before `fromBlock`. */
  readonly addedAt: EventPlace | undefined;
  /** Unix seconds from which nothing new is proven in it; undefined while it is in force. */
  readonly retiredAt: number | undefined;
}

/** A circuit that waits to be added; fields as in CircuitProposal of CircuitTypes.sol. */
export interface ProposedCircuit {
  readonly circuitId: bigint;
  readonly kind: string;
  readonly verifier: string;
  readonly verificationKeyHash: string;
  readonly developmentKey: boolean;
  /** keccak256 of the verifier's runtime code when it was proposed, hex with 0x. */
  readonly codeHash: string;
  /** First second at which anybody can add it, Unix seconds. */
  readonly readyAt: number;
  /** Id of the circuit whose users can go over to this one. */
  readonly replaces: bigint | undefined;
}

/** What a token says of itself; nothing checks it, and it may say anything. */
export interface TokenFacts {
  readonly address: string;
  /** At most 64 characters of whatever the token answers. Escape it. */
  readonly symbol: string | undefined;
  readonly decimals: number | undefined;
}

export interface HistoryAsset {
  readonly index: number;
  readonly token: TokenFacts;
  /** Token base units that one quantum is worth. */
  readonly unitsPerQuantum: bigint;
  /** Undefined when it was registered before `fromBlock`. */
  readonly at: EventPlace | undefined;
}

export interface HistorySnapshot {
  readonly epoch: number;
  readonly openedAt: number;
  /** Fund token base units. */
  readonly fund: bigint;
  /** Token base units, in the order of the settlement assets of that time. */
  readonly reserves: readonly bigint[];
  /** A later one of the same epoch took its place before acceptance. */
  readonly replaced: boolean;
  readonly at: EventPlace;
}

/** Fields as in ISolvencyRegistry.EpochRecord. */
export interface StoredEpochRecord {
  readonly marketCommitment: bigint;
  readonly genesisAccumulator: bigint;
  readonly finalAccumulator: bigint;
  readonly accountsRoot: bigint;
  readonly accountsBound: bigint;
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
  readonly detailHash: string;
  readonly snapshotTime: number;
  readonly acceptedAt: number;
  readonly acceptedInBlock: number;
  readonly covered: boolean;
}

/** What only the event of an accepted epoch carries; the stored record holds its hash, which was compared. */
export interface EpochAnnouncement {
  /** Deposits and loans in quanta: A_0, L_0, A_1, L_1, … */
  readonly words: readonly bigint[];
  readonly circuits: EpochCircuitIds;
  readonly at: EventPlace;
}

export interface EpochCircuitIds {
  readonly batches: readonly bigint[];
  readonly parts: readonly bigint[];
  readonly close: bigint;
}

export interface HistoryEpoch {
  readonly epoch: number;
  readonly record: StoredEpochRecord;
  /** Undefined where the node gave no event: a gap says so. */
  readonly announcement: EpochAnnouncement | undefined;
  /** What the venue's market source says now of the table; undefined where it does not know it any more. */
  readonly market: AcceptedMarket | undefined;
  /** Limits of the reserve source in the block of acceptance; undefined where the node keeps no state of that block. */
  readonly limits: readonly AssetCoverage[] | undefined;
}

export type GateModeName = 'open' | 'reduce-only' | 'withdraw-only' | 'halt';

export type GateReason =
  | 'no-epoch' | 'circuit-retired' | 'snapshot-past-halt' | 'reserves-closed' | 'not-covered' | 'disputed' | 'snapshot-stale' | 'reserves-paused';

export interface GateState {
  readonly mode: GateModeName;
  /** All that hold, worst first; empty where the gate is open. */
  readonly reasons: readonly GateReason[];
  /** Seconds since the latest epoch's snapshot at `readAt`; undefined before the first. */
  readonly age: number | undefined;
}

export type GapKind = 'epoch-log-missing' | 'snapshot-log-missing' | 'market-log-missing' | 'limits-unavailable' | 'before-first-block' | 'round-log-missing' | 'change-content-missing' | 'gate-mode-differs';

export interface HistoryGap {
  readonly kind: GapKind;
  /** Of the epoch, where it is one's. */
  readonly epoch: number | undefined;
  /** A sentence. */
  readonly detail: string;
}
