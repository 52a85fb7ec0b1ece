import type { GateReason } from '../../chain/history/venue-history.js';
import type { Verdict } from '../../verification/report.js';
import type { Fact, Figure, Ratio } from './figure.js';

/** Everything public about one venue at one block, each figure with what stands behind it. Times are Unix seconds. */
export interface Board {
  readonly venue: BoardVenue;
  readonly gate: GateNow;
  readonly assets: readonly BoardAsset[];
  /** Every number from 1 to the latest accepted epoch, in order, whether or not it could be read. */
  readonly epochs: readonly EpochEntry[];
  readonly gaps: readonly Gap[];
  readonly changes: readonly Change[];
  readonly rules: readonly RuleSet[];
  readonly stress: readonly StressEntry[];
  readonly challenges: readonly Dispute[];
  readonly demands: readonly Dispute[];
  readonly circuits: readonly CircuitEntry[];
  /** Circuits that wait to be added. */
  readonly proposedCircuits: readonly ProposedCircuitEntry[];
  readonly documents: readonly DocumentEntry[];
  /** What a reader must know before any figure, in words. */
  readonly warnings: readonly string[];
}

export interface BoardVenue {
  readonly chainId: bigint;
  readonly registry: string;
  readonly venueId: bigint;
  /** Last block that was read, its time, and the first one that can hold events of the venue. */
  readonly block: number;
  readonly time: number;
  readonly fromBlock: number;
  /** Names that sources use, and their addresses. */
  readonly contracts: readonly NamedAddress[];
  /** Who may do what: admin, operator, parameter admin. */
  readonly roles: readonly NamedAddress[];
}

export interface NamedAddress {
  readonly name: string;
  readonly address: string;
}

export interface GateNow {
  readonly mode: Fact;
  /** What holds the gate back, worst first, in words; empty where it is open. */
  readonly reasons: readonly { readonly reason: GateReason; readonly words: string }[];
  /** Seconds since the latest epoch's snapshot; undefined before the first. */
  readonly age: Figure | undefined;
  /** When the gate becomes REDUCE_ONLY, and HALT, by age alone. */
  readonly staleFrom: Figure | undefined;
  readonly haltFrom: Figure | undefined;
}

export interface BoardAsset {
  readonly index: number;
  readonly token: string;
  /** What the token calls itself, or its index where it does not say. */
  readonly symbol: Fact;
  readonly decimals: Figure | undefined;
  /** Token base units a quantum. */
  readonly unitsPerQuantum: Figure;
}

export type EpochEntry = AcceptedEpoch | MissingEpoch;

/** The registry counted on past it, and nothing of it could be read. */
export interface MissingEpoch {
  readonly state: 'missing';
  readonly epoch: number;
}

export interface AcceptedEpoch {
  readonly state: 'accepted';
  readonly epoch: number;
  readonly snapshotTime: Figure;
  readonly acceptedAt: Figure;
  readonly acceptanceDelay: Figure;
  /** Seconds since the snapshot before; undefined for the first. */
  readonly interval: Figure | undefined;
  /** Snapshots that were opened for it and replaced by a later one. */
  readonly replacedSnapshots: Figure;
  readonly covered: Fact;
  /** "no", or what became of challenges; undefined where the venue has no contract for them. */
  readonly disputed: Fact | undefined;
  /** Whether the vault pays from it; undefined without a vault. */
  readonly stands: Fact | undefined;
  /** Where its market table comes from. */
  readonly table: Fact;
  readonly accountsBound: Figure;
  readonly unhealthyBound: Figure;
  readonly assets: readonly AssetCoverage[];
  readonly losses: Losses;
  /** Whether an attestation was given and verified here. */
  readonly attestation: Verdict | 'not-given';
}

/** One asset of one epoch. */
export interface AssetCoverage {
  readonly asset: number;
  /** Quanta, and the same in token base units. */
  readonly deposits: Figure;
  readonly loans: Figure;
  readonly depositsInTokens: Figure;
  readonly loansInTokens: Figure;
  /** Undefined where checkpoint or limits of the epoch could not be read. */
  readonly held: HeldAgainst | undefined;
}

/** What an asset's deposits are held against, by the registry's own rule. */
export interface HeldAgainst {
  /** Quanta: loans up to what the reserve source lets count, and deposits minus those, at least 0. */
  readonly countedLoans: Figure;
  readonly netDeposits: Figure;
  /** Token base units: net deposits, what the checkpoint had, and the difference (below 0: missing). */
  readonly owed: Figure;
  readonly reserves: Figure;
  readonly surplus: Figure;
  /** Reserves over net deposits; undefined where nothing is owed. */
  readonly ratio: Ratio | undefined;
  /** Within the limit of deposits, and reserves at least what is owed. */
  readonly covered: Fact;
}

/** Shortfall, the bad debt at charged prices, against the fund. */
export interface Losses {
  /** Value units. */
  readonly shortfall: Figure;
  /** Undefined where the epoch's checkpoint could not be read. */
  readonly held: HeldFund | undefined;
}

export interface HeldFund {
  /** Token base units at the checkpoint, the same in value units, and what it exceeds the shortfall by (below 0: missing). */
  readonly fund: Figure;
  readonly fundValue: Figure;
  readonly surplus: Figure;
  /** Fund over shortfall; undefined without shortfall. */
  readonly ratio: Ratio | undefined;
  readonly covered: Fact;
}

/**
 * `late`: the venue missed its own deadline for a fresh epoch, and the gate was closed to new risk for so long. `missing`: nothing of
 * an epoch could be read. `unread`: the node did not give part of the history.
 */
export interface Gap {
  readonly kind: 'late' | 'missing' | 'unread';
  /** The epoch that came late or is missing; the next one where none came yet. */
  readonly epoch: number | undefined;
  /** Only of `late`. */
  readonly from: Figure | undefined;
  readonly to: Figure | undefined;
  readonly seconds: Figure | undefined;
  readonly words: string;
}

/** `ready`: its wait is over and nobody activated it yet. */
export type ChangeState = 'active' | 'waiting' | 'ready' | 'cancelled' | 'replaced' | 'expired';

export interface Change {
  /** Name of the contract, as in the venue's contracts. */
  readonly contract: string;
  readonly kind: string;
  readonly state: ChangeState;
  readonly proposedAt: Figure | undefined;
  readonly readyAt: Figure | undefined;
  readonly activatedAt: Figure | undefined;
  readonly cancelledAt: Figure | undefined;
  /** Seconds between proposal and activation; undefined where one is missing. */
  readonly waited: Figure | undefined;
  /** Whether it waited as long as the rules of its time asked; undefined where it is not active, and for what waits for nothing. */
  readonly timelockKept: Fact | undefined;
  readonly digest: string | undefined;
  readonly diffs: readonly FieldChange[];
}

/** One field that a change sets; '' before its first value, or after its last. */
export interface FieldChange {
  readonly subject: string;
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly unit: string;
  readonly direction: 'tighter' | 'looser' | 'neutral';
  readonly standing: Fact['standing'];
  readonly source: Fact['source'];
}

/** What is in force now. */
export interface RuleSet {
  readonly contract: string;
  readonly title: string;
  readonly rules: readonly { readonly name: string; readonly value: Figure | Fact }[];
}

export interface StressEntry {
  readonly file: string;
  readonly verdict: Verdict;
  /** Why it is not verified; '' where it is. */
  readonly reason: string;
  readonly epoch: number;
  readonly set: string;
  readonly scenario: string;
  readonly unhealthyBound: Figure;
  readonly shortfall: Figure;
  /** The fund of the epoch's checkpoint against it. */
  readonly fundValue: Figure | undefined;
  readonly ratio: Ratio | undefined;
}

export type DisputeState = 'open' | 'overdue' | 'answered' | 'lost' | 'cured';

/** An omission challenge, or a demand for a receipt. `overdue`: not answered in time, and not settled by anybody yet. */
export interface Dispute {
  readonly id: string;
  readonly state: DisputeState;
  readonly epoch: number;
  readonly openedAt: Figure;
  readonly answerBy: Figure | undefined;
  /** When it was answered, lost or cured. */
  readonly endedAt: Figure | undefined;
  /** What answered or cured it, as the contract names it. */
  readonly how: Fact | undefined;
  readonly bond: Figure | undefined;
}

export interface CircuitEntry {
  readonly circuitId: string;
  /** Name that its id is the digest of, where a verified attestation has it; else ''. */
  readonly name: string;
  readonly kind: string;
  readonly verifier: string;
  readonly verificationKeyHash: string;
  readonly developmentKey: Fact;
  /** Undefined when it was added before the board's first block. */
  readonly addedAt: Figure | undefined;
  /** From when on nothing new is proven in it; undefined while it is in force. */
  readonly retiredAt: Figure | undefined;
  /** Epochs of the board that were proven in it. */
  readonly epochs: Figure;
}

/** A circuit that anybody can add from `readyAt` on, unless the registry's owner cancels it. */
export interface ProposedCircuitEntry {
  readonly circuitId: string;
  readonly name: string;
  readonly kind: string;
  readonly verifier: string;
  readonly verificationKeyHash: string;
  /** keccak256 of the verifier's runtime code: compare it with the manifest of the key's ceremony. */
  readonly codeHash: string;
  readonly developmentKey: Fact;
  readonly readyAt: Figure;
  /** Id of the circuit that can be retired once this one is in force. */
  readonly replaces: string | undefined;
}

/** A file that was given to the board, and what came of it. */
export interface DocumentEntry {
  readonly file: string;
  readonly kind: 'attestation' | 'stress attestation' | 'unknown';
  readonly epoch: number | undefined;
  readonly verdict: Verdict;
  readonly words: string;
}
