import type { SignatureChecker } from './ceremony-format.js';
import type { PointsProgress } from '../groth16/key-lineage.js';
import type { KeyBefore } from './ceremony-keys.js';
import type { BeaconValue, ContributionRecord, RecordSignature } from './ceremony-records.js';

/** Who signs a record. */
export interface RecordSigner {
  /** Checksummed. */
  readonly address: string;
  sign(message: string): Promise<RecordSignature>;
  readonly check: SignatureChecker;
}

/** What a run tells while it works. */
export interface ContributionWatch {
  /** A circuit is done; `resumed` when an earlier run had done it. */
  readonly onCircuit?: ((place: number, resumed: boolean) => void) | undefined;
  /** Points of a circuit that are done, of one of the steps it has. */
  readonly onPoints?: PointsProgress | undefined;
  /** What an earlier run left is made again, and why. */
  readonly onDiscard?: ((reason: string) => void) | undefined;
}

/** One contribution to make, be it a person's or the beacon. */
export interface ContributionWork extends ContributionWatch {
  readonly kind: ContributionRecord['kind'];
  readonly contributor: string;
  readonly beacon?: BeaconValue | undefined;
  readonly signer?: RecordSigner | undefined;
  /** Unix seconds. */
  readonly now: () => number;
  /** Makes one key; `sha256` is of the key as it was made, whatever lies in the folder later. */
  readonly contribute: (key: KeyBefore, to: string) => Promise<{ readonly contributionHash: string; readonly sha256: string }>;
  /** Throws where the folder may not get this contribution any more; asked right before it appears. */
  readonly mayPublish: () => Promise<void>;
}
