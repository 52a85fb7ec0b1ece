/** Formats of the files in a ceremony's folder; docs/decisions/0008-ceremony.md. Hashes are lower-case hex without 0x. */

import type { PhaseOneSource } from '../groth16/key-manifest-format.js';
import type { ToolVersions } from '../groth16/tool-versions.js';

export type { PhaseOneSource } from '../groth16/key-manifest-format.js';
export type { ToolVersions } from '../groth16/tool-versions.js';

/** What the keys of a ceremony are made for and from. ceremony.json, never changed. */
export interface CeremonyPlan {
  readonly format: 'clearproof-ceremony';
  readonly version: 1;
  /** 32 random hex digits. */
  readonly id: string;
  /** For people, 1 to 80 characters. */
  readonly title: string;
  /** Unix seconds, the starter's clock. */
  readonly startedAt: number;
  readonly phaseOne: PhaseOneSource;
  readonly circuits: readonly PlannedCircuit[];
  /** Contributions that the keys need at least, the beacon not counted; 1 or more. */
  readonly minimumContributions: number;
  readonly tools: ToolVersions;
}

export interface PlannedCircuit {
  /** Its name in circuits.json. */
  readonly name: string;
  readonly constraints: number;
  readonly r1csSha256: string;
  /** blake2b-512 that snarkjs puts into a key for circuit and phase 1 ("circuit hash"). */
  readonly circuitHash: string;
  /** SHA-256 of 0000/NAME.zkey. */
  readonly initialSha256: string;
}

/** NNNN/contribution.json. */
export interface ContributionRecord {
  readonly format: 'clearproof-contribution';
  readonly version: 1;
  readonly ceremony: string;
  /** From 1; the folder's name in four digits. */
  readonly index: number;
  readonly kind: 'contribution' | 'beacon';
  /** Who says to have made it, 1 to 64 characters; "beacon" for the beacon. */
  readonly contributor: string;
  /** SHA-256 of the record before: ceremony.json for the first. */
  readonly previous: string;
  /** Unix seconds, the contributor's clock. */
  readonly madeAt: number;
  /** In the plan's order. */
  readonly circuits: readonly ContributedCircuit[];
  /** Of the beacon: what was announced, and the value drawn. */
  readonly beacon?: BeaconValue;
  /** EIP-191 over the text "clearproof-contribution " and the SHA-256 of the record written without this member. */
  readonly signature?: RecordSignature;
}

export interface ContributedCircuit {
  readonly name: string;
  /** SHA-256 of the key that was contributed to, and of the key made. */
  readonly previousSha256: string;
  readonly zkeySha256: string;
  /** blake2b-512, as snarkjs shows it ("contribution hash"). */
  readonly contributionHash: string;
}

export interface BeaconValue {
  /** SHA-256 of beacon.json. */
  readonly announcement: string;
  /** Hash of the announced block, 64 hex digits. */
  readonly blockHash: string;
}

export interface RecordSignature {
  /** Checksummed. */
  readonly address: string;
  /** 65 bytes, hex with 0x. */
  readonly signature: string;
}

/** beacon.json: which block's hash ends the ceremony, said before the block exists. Contributions end with it. */
export interface BeaconAnnouncement {
  readonly format: 'clearproof-beacon';
  readonly version: 1;
  readonly ceremony: string;
  /** Contributions there are, all of them; the beacon gets the next number. */
  readonly contributions: number;
  /** SHA-256 of the last contribution's record. */
  readonly previous: string;
  readonly chainId: number;
  readonly block: number;
  /** The newest block that was sure to stay when this was announced, below `block`: it shows that the announcement is not older than it. */
  readonly newestBlock: number;
  readonly newestBlockHash: string;
  /** Hashing is repeated 2^iterations times; 10 to 20: snarkjs takes more, but whoever verifies must do them all again. */
  readonly iterations: number;
}

/** transcript.json: what a finished ceremony comes to; follows from the other files. */
export interface Transcript {
  readonly format: 'clearproof-transcript';
  readonly version: 1;
  readonly plan: CeremonyPlan;
  /** SHA-256 of ceremony.json and of each record, in order. */
  readonly planSha256: string;
  readonly records: readonly { readonly sha256: string; readonly record: ContributionRecord }[];
  readonly announcement: BeaconAnnouncement;
  readonly announcementSha256: string;
  /** Final keys. */
  readonly keys: readonly { readonly name: string; readonly zkeySha256: string; readonly verificationKeyHash: string }[];
}
