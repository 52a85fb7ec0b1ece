import { parseAttestation, attestationSha256 } from '../attestation/attestation-format.js';
import type { Attestation, VenueLocation } from '../attestation/attestation.js';
import { parseOnChainRecord, serializeOnChainRecord } from '../attestation/on-chain-record-format.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import { circuitIdOf } from '../commitment/digest.js';
import { failed, passed, skipped, type Finding, type StepLog } from './report.js';
import type { VerifierCodes } from './verifier-code-check.js';

/** A bundle as it was found, and what it is called in messages. */
export interface BundleText {
  readonly file: string;
  readonly text: string;
}

/** A circuit that the epoch or its table was proven in and that the registry's owner ended since. */
export interface EndedCircuit {
  readonly circuitId: bigint;
  readonly proved: 'epoch' | 'table';
  /** Unix seconds. */
  readonly retiredAt: number;
}

/** What is known of the registry's record: read from a chain just now, read from a saved file, or why there is none. */
export type RecordEvidence =
  | {
    readonly source: 'chain';
    readonly record: OnChainRecord;
    /** Number of the venue's last accepted epoch. */
    readonly latestEpoch?: number;
    /** Whether a challenge of the epoch is open or was lost. */
    readonly contested?: boolean;
    /** Of the verifiers that the registry has now. */
    readonly verifierCodes?: VerifierCodes;
    /** Circuits that the epoch rests on and that are retired. */
    readonly retired?: readonly EndedCircuit[];
  }
  | { readonly source: 'file'; readonly bundle: BundleText }
  /** The chain answered, and what it said contradicts the bundle: the epoch is not there, or its record is torn. */
  | { readonly source: 'refused'; readonly reason: string }
  | { readonly source: 'none'; readonly reason: string };

/** What receipts and attestations are held against. */
export interface Evidence {
  readonly record: OnChainRecord | undefined;
  /** What verdicts rest on, in words. */
  readonly recordSource: string;
  readonly attestation: Attestation | undefined;
  /** Of the attestation's canonical text. */
  readonly attestationSha256: string | undefined;
  /** Undefined where no chain was asked for them. */
  readonly verifierCodes?: VerifierCodes;
  readonly warnings: readonly string[];
}

/** Reads record and attestation, and logs how that went. A bundle that cannot be read is a failed step. */
export async function readEvidence(log: StepLog, source: RecordEvidence, bundle: BundleText | undefined): Promise<Evidence> {
  let record: OnChainRecord | undefined;
  await log.run('record-format', () => {
    const [found, finding] = readRecord(source);
    record = found;
    return finding;
  });
  let attestation: Attestation | undefined;
  await log.run('attestation-format', () => {
    if (bundle === undefined) return skipped('no attestation was given');
    attestation = parseAttestation(bundle.text, bundle.file);
    return passed(`${attestation.batches.length} batches and a close of epoch ${attestation.epoch}`);
  });
  return {
    record,
    recordSource: source.source === 'file' ? `the saved record ${source.bundle.file}` : 'what the registry recorded',
    attestation,
    attestationSha256: attestation === undefined ? undefined : attestationSha256(attestation),
    ...(source.source === 'chain' && source.verifierCodes !== undefined ? { verifierCodes: source.verifierCodes } : {}),
    warnings: record === undefined ? [] : warningsOf(source, record, attestation),
  };
}

function warningsOf(source: RecordEvidence, record: OnChainRecord, attestation: Attestation | undefined): readonly string[] {
  if (source.source === 'file') {
    return [`What the registry recorded was taken from the file ${source.bundle.file}, not read from a chain: it is worth what the file's source is worth.`];
  }
  if (source.source !== 'chain') return [];
  const { latestEpoch, contested, retired = [] } = source;
  return [
    ...retired.map((one) => retirementWarning(one, record.epoch, attestation)),
    ...(contested === true ? [`Epoch ${record.epoch} is contested on chain: somebody says that the venue left their account out, and it has not answered, or not in time. What is verified here says nothing about theirs.`] : []),
    ...(latestEpoch === undefined || latestEpoch <= record.epoch ? []
      : [`This is epoch ${record.epoch}; the venue has since published up to epoch ${latestEpoch}. Ask for the receipt of the latest one: you may have been left out of it.`]),
  ];
}

/** The proofs hold all the same: what is in doubt is whether the key was good. */
function retirementWarning({ circuitId, proved, retiredAt }: EndedCircuit, epoch: number, attestation: Attestation | undefined): string {
  const name = Object.keys(attestation?.verificationKeys ?? {}).find((circuit) => circuitIdOf(circuit) === circuitId) ?? `0x${circuitId.toString(16)}`;
  const what = proved === 'table' ? `The market table of epoch ${epoch}` : `Epoch ${epoch}`;
  return `${what} was proven in circuit ${name}, which the registry's owner retired at ${new Date(retiredAt * 1000).toISOString()}. `
    + 'The registry does not say why: a circuit is retired when a new one takes its place, and when its key is broken, and then anybody could have proven this. '
    + 'Ask why, and rely on an epoch proven in a circuit in force.';
}

/** A venue can deploy a contract of its own that records whatever it likes: the address must come from elsewhere. */
export function withRegistryWarning(evidence: Evidence, named: VenueLocation, chosen: VenueLocation | undefined): Evidence {
  if (chosen !== undefined) return evidence;
  const warning = `The registry ${named.registry} on chain ${named.chainId} is the one the bundle itself names: `
    + 'compare it with the address you know from a source other than the venue\'s bundle.';
  return { ...evidence, warnings: [...evidence.warnings, warning] };
}

function readRecord(source: RecordEvidence): readonly [OnChainRecord | undefined, Finding] {
  switch (source.source) {
    case 'none':
      return [undefined, skipped(`${source.reason}; without it nothing ties the bundle to a chain`)];
    case 'refused':
      return [undefined, failed(source.reason, 'RECORD_REFUSED')];
    case 'chain': {
      // A record from a connection goes through the same checks as one from a file.
      const record = parseOnChainRecord(serializeOnChainRecord(source.record), 'the record from the chain');
      return [record, passed(`read from chain ${record.chainId}, registry ${record.registry}; snapshot of ${new Date(record.snapshotTime * 1000).toISOString()}`)];
    }
    case 'file': {
      const record = parseOnChainRecord(source.bundle.text, source.bundle.file);
      return [record, passed(`taken from the file ${source.bundle.file}, not read from a chain`)];
    }
  }
}
