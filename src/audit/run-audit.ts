import { join } from 'node:path';
import { parseAttestation } from '../attestation/attestation-format.js';
import { readSubmission } from '../chain/history/read-submission.js';
import { readVenueHistory, type HistoryProgress, type HistoryQuestion } from '../chain/history/read-venue-history.js';
import type { RpcLimits, RpcSource } from '../chain/history/rpc-source.js';
import type { HistoryEpoch, VenueHistory } from '../chain/history/venue-history.js';
import { circuitIdOf } from '../commitment/digest.js';
import { attempt } from '../error/attempt.js';
import { parseVerificationKey, verificationKeyHash } from '../groth16/verification-key.js';
import type { StressSet } from '../risk/stress/stress-set.js';
import type { KnownCircuit } from '../verification/circuit-check.js';
import type { TrustedKeyHashes } from '../verification/key-check.js';
import { checkCircuits, circuitsOfAudit } from './audit-circuits.js';
import { EpochRangeError } from './audit-errors.js';
import { finding, type AuditFinding } from './audit-finding.js';
import { runEpochJobs } from './audit-pool.js';
import { reportOfAudit, type AuditReport } from './audit-report.js';
import { bundlesOf, openBundles, type BundleSource, type EpochBundles } from './bundle-source.js';
import { checkEpochs } from './check-epochs.js';
import { tableSources } from './check-market-table.js';
import { checkTimelocks } from './check-timelocks.js';
import { checkVenue } from './check-venue.js';
import type { EpochJob, EpochOutcome } from './epoch-outcome.js';
import { detailFrom, recordOf } from './epoch-record.js';
import { inputsOf, KeptOutcomes } from './kept-outcomes.js';

export interface AuditQuestion extends RpcLimits {
  readonly registry: string;
  readonly venueId: bigint;
  readonly fromBlock?: number;
  readonly toBlock?: number;
  /** Folders, files or URLs. */
  readonly bundles: readonly string[];
  readonly fromEpoch?: number;
  readonly toEpoch?: number;
  /** Keys by circuit name, for proofs that come without. */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly trustedKeyHashes?: TrustedKeyHashes;
  readonly circuits: readonly KnownCircuit[];
  readonly stressSets: readonly StressSet[];
  /** Outcomes are kept below it. */
  readonly out: string;
  /** Processes at once. */
  readonly processes: number;
  /** Name and version of the program: outcomes of another are not taken over. */
  readonly program: string;
  readonly signal?: AbortSignal;
  readonly onHistory?: (progress: HistoryProgress) => void;
  readonly onProgress?: (progress: AuditProgress) => void;
}

export interface AuditProgress {
  readonly epochs: number;
  readonly of: number;
  readonly proofs: number;
  /** Seconds still to go at the speed so far; undefined before the first epoch. */
  readonly secondsLeft: number | undefined;
}

/**
 * Rebuilds everything public about a venue from chain and bundles and checks it.
 *
 * @throws as readVenueHistory; EpochRangeError, BundleSourceError, AuditWorkerError, AuditInterruptedError
 */
export async function runAudit(source: RpcSource, question: AuditQuestion): Promise<AuditReport> {
  const history = await readVenueHistory(source, historyQuestion(question));
  const range = rangeOf(history, question);
  const { chainId, registry, venueId } = history;
  const sources = await Promise.all(question.bundles.map((where) => openBundles(where, { chainId, registry, venueId })));
  const { outcomes, resumed, findings, names } = await verifyEpochs(source, question, history, range, sources);
  const circuits = circuitsOfAudit(history, [...question.circuits.map(({ name }) => name), ...names]);
  return reportOfAudit(history, outcomes, [
    ...outcomes.flatMap((outcome) => outcome.findings), ...findings, ...checkEpochs(history, range.first, range.last), ...checkTimelocks(history),
    ...checkVenue(history, range.first, range.last), ...checkCircuits(circuits, range.first, range.last),
    ...sources.flatMap(({ unreadable }) => unreadable.map((file) => finding('bundle-unreadable', undefined, `${file} is cut off or no JSON`))),
  ], { ...circuits, program: question.program, range, resumed, trustedKeys: question.trustedKeyHashes !== undefined });
}

function historyQuestion({ registry, venueId, fromBlock, toBlock, concurrency, retries, wait, onHistory }: AuditQuestion): HistoryQuestion {
  const given = { fromBlock, toBlock, concurrency, retries, wait, onProgress: onHistory };
  return { registry, venueId, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function rangeOf({ epochs }: VenueHistory, { fromEpoch, toEpoch }: AuditQuestion): AuditReport['range'] {
  const [first, last] = [fromEpoch ?? Math.min(1, epochs.length), toEpoch ?? epochs.length];
  if (last > epochs.length || first > last || (first === 0 && epochs.length > 0)) {
    throw new EpochRangeError(`epochs ${first} to ${last} were asked for, the venue has ${epochs.length}: choose among 1 to ${epochs.length}`, { first, last, epochs: epochs.length });
  }
  return { first, last };
}

interface Verified {
  readonly outcomes: readonly EpochOutcome[];
  readonly resumed: number;
  readonly findings: readonly AuditFinding[];
  /** Of circuits whose keys were found. */
  readonly names: readonly string[];
}

async function verifyEpochs(source: RpcSource, question: AuditQuestion, history: VenueHistory, range: AuditReport['range'], sources: readonly BundleSource[]): Promise<Verified> {
  const kept = await KeptOutcomes.open(join(question.out, 'progress'));
  const epochs = history.epochs.filter(({ epoch }) => epoch >= range.first && epoch <= range.last);
  const outcomes = new Map<number, EpochOutcome>();
  const findings: AuditFinding[] = [];
  const inputs = new Map<number, string>();
  const keys = await keysOf(question, history, epochs, sources);
  const meter = new Meter(epochs.length, question.onProgress);
  const jobs: (() => Promise<EpochJob>)[] = [];
  for (const epoch of epochs) {
    // Read again when its turn comes: not all bundles fit into memory.
    const make = async (): Promise<EpochJob> => {
      const job = await jobOf(source, question, history, epoch, await bundlesOf(sources, epoch.epoch), keys);
      inputs.set(epoch.epoch, inputsOf(job, question.program));
      return job;
    };
    const bundles = await bundlesOf(sources, epoch.epoch);
    for (const reason of bundles.unreachable) findings.push(finding('bundle-unreachable', epoch.epoch, reason));
    const digest = inputsOf(await jobOf(source, question, history, epoch, bundles, keys), question.program);
    const found = await kept.find(epoch.epoch, digest);
    if (found === undefined) jobs.push(make);
    else outcomes.set(epoch.epoch, found);
  }
  const resumed = outcomes.size;
  meter.skip(resumed);
  await runEpochJobs(jobs, {
    concurrency: question.processes, signal: question.signal, onProof: () => meter.proof(),
    onOutcome: async (outcome) => {
      outcomes.set(outcome.epoch, outcome);
      await kept.keep(inputs.get(outcome.epoch) as string, outcome);
      meter.epoch();
    },
  });
  return { outcomes: epochs.flatMap(({ epoch }) => outcomes.get(epoch) ?? []), resumed, findings, names: Object.keys(keys) };
}

async function jobOf(
  source: RpcSource, question: AuditQuestion, history: VenueHistory, epoch: HistoryEpoch, { attestations, stress }: EpochBundles, keys: Readonly<Record<string, unknown>>,
): Promise<EpochJob> {
  const { chainId, registry, venueId } = history;
  const detail = epoch.announcement ?? attestations.map(({ text, file }) => attempt(() => detailFrom(parseAttestation(text, file), epoch))).find((one) => one !== undefined);
  return {
    epoch: epoch.epoch, venue: { chainId, registry, venueId }, record: recordOf(history, epoch, detail), attestations, stress, stressSets: question.stressSets,
    submission: epoch.announcement === undefined ? undefined : await readSubmission(source, epoch.announcement.at.transaction, venueId, epoch.epoch, question),
    keys, trustedKeyHashes: question.trustedKeyHashes, circuits: question.circuits, sources: tableSources(epoch.record.marketCommitment, history),
  };
}

/** Keys from the reader and, for proofs taken from transactions, from whatever bundle has them: only those with the registry's hash. */
async function keysOf({ keys }: AuditQuestion, { circuits }: VenueHistory, epochs: readonly HistoryEpoch[], sources: readonly BundleSource[]): Promise<Readonly<Record<string, unknown>>> {
  const hashes = new Map(circuits.map(({ circuitId, verificationKeyHash: hash }) => [circuitId, hash]));
  const wanted = new Set(epochs.flatMap(({ announcement }) => (announcement === undefined ? [] : [...announcement.circuits.batches, ...announcement.circuits.parts, announcement.circuits.close])));
  const found: Record<string, unknown> = {};
  for (const { epoch } of epochs) {
    if (wanted.size === 0) break;
    for (const { text, file } of (await bundlesOf(sources, epoch)).attestations) {
      for (const [name, value] of Object.entries(attempt(() => parseAttestation(text, file).verificationKeys) ?? {})) {
        const id = circuitIdOf(name);
        if (!wanted.has(id) || attempt(() => verificationKeyHash(parseVerificationKey(value, name))) !== hashes.get(id)) continue;
        found[name] = value;
        wanted.delete(id);
      }
    }
  }
  return { ...found, ...keys };
}

/** Counts epochs and proofs and estimates the rest. */
class Meter {
  private epochs = 0;
  private proofs = 0;
  private skipped = 0;
  private readonly began = Date.now();

  constructor(private readonly of: number, private readonly tell: ((progress: AuditProgress) => void) | undefined) {}

  skip(epochs: number): void {
    this.skipped = epochs;
    this.report();
  }

  proof(): void {
    this.proofs += 1;
    this.report();
  }

  epoch(): void {
    this.epochs += 1;
    this.report();
  }

  private report(): void {
    const left = this.of - this.skipped - this.epochs;
    const secondsLeft = this.epochs === 0 ? undefined : Math.ceil((Date.now() - this.began) / 1000 / this.epochs * left);
    this.tell?.({ epochs: this.skipped + this.epochs, of: this.of, proofs: this.proofs, secondsLeft });
  }
}
