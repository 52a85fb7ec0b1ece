import { parseAttestation } from '../../attestation/attestation-format.js';
import type { Attestation } from '../../attestation/attestation.js';
import { parseStressAttestation, STRESS_ATTESTATION_FORMAT } from '../../attestation/stress-attestation-format.js';
import type { StressAttestation } from '../../attestation/stress-attestation.js';
import type { VenueHistory } from '../../chain/history/venue-history.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { StressSet } from '../../risk/stress/stress-set.js';
import type { VerificationContext } from '../../verification/attestation-steps.js';
import type { RecordEvidence } from '../../verification/evidence.js';
import type { VerificationReport } from '../../verification/report.js';
import { verifyAttestation } from '../../verification/verify-attestation.js';
import { verifyStress } from '../../verification/verify-stress.js';
import { recordOf } from '../epoch-record.js';
import type { BoardDocument, CheckedDocument } from './documents.js';

/** What files are checked with, beside the venue's history. */
export interface CheckingContext extends VerificationContext {
  /** Public stress sets as the reader knows them. */
  readonly sets: readonly StressSet[];
  /** Told after each file. */
  readonly onChecked?: (done: number, of: number) => void;
}

/** Verifies every file against what the registry recorded, in the order of their names. Sends nothing. A bad file gives a verdict, never an exception. */
export async function checkDocuments(history: VenueHistory, documents: readonly BoardDocument[], context: CheckingContext): Promise<CheckedDocument[]> {
  // One board of the same files, whatever order a folder or a file dialogue gives them in.
  const read = [...documents].sort(byName).map(readDocument);
  const attestations = read.flatMap((one) => (one.kind === 'attestation' ? [one] : []));
  const checked: CheckedDocument[] = [];
  for (const one of read) {
    checked.push(await check(history, one, attestations, context));
    context.onChecked?.(checked.length, read.length);
  }
  return checked;
}

function byName(one: BoardDocument, other: BoardDocument): number {
  return one.file < other.file ? -1 : Number(one.file > other.file) || (one.text < other.text ? -1 : 1);
}

interface ReadAttestation extends BoardDocument { readonly kind: 'attestation'; readonly attestation: Attestation }
interface ReadStress extends BoardDocument { readonly kind: 'stress attestation'; readonly stress: StressAttestation }
interface Unreadable extends BoardDocument { readonly kind: 'unknown'; readonly reason: string }
type ReadDocument = ReadAttestation | ReadStress | Unreadable;

function readDocument(document: BoardDocument): ReadDocument {
  try {
    // The head decides which reader complains: a broken stress attestation must not be told as a broken attestation.
    if (document.text.includes(`"${STRESS_ATTESTATION_FORMAT}"`)) return { ...document, kind: 'stress attestation', stress: parseStressAttestation(document.text, document.file) };
    return { ...document, kind: 'attestation', attestation: parseAttestation(document.text, document.file) };
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return { ...document, kind: 'unknown', reason: thrown.message };
  }
}

async function check(history: VenueHistory, document: ReadDocument, attestations: readonly ReadAttestation[], context: CheckingContext): Promise<CheckedDocument> {
  const { file } = document;
  switch (document.kind) {
    case 'unknown': return { kind: 'unknown', file, epoch: undefined, verdict: 'not-verified', words: document.reason };
    case 'attestation': {
      const { epoch } = document.attestation;
      const report = await verifyAttestation({ ...question(history, epoch, context), attestation: document });
      return { kind: 'attestation', file, epoch, verdict: report.verdict, words: wordsOf(report), attestation: document.attestation };
    }
    case 'stress attestation': return checkStress(history, document, attestations, context);
  }
}

async function checkStress(history: VenueHistory, document: ReadStress, attestations: readonly ReadAttestation[], context: CheckingContext): Promise<CheckedDocument> {
  const { file, stress } = document;
  const { epoch } = stress.statement;
  const cannotTell = (words: string): CheckedDocument => ({ kind: 'stress attestation', file, epoch, verdict: 'cannot-tell', words, stress });
  const attestation = attestations.find((one) => one.attestation.epoch === epoch);
  if (attestation === undefined) return cannotTell(`it speaks of the accounts of epoch ${epoch}: give that epoch's attestation too`);
  const set = context.sets.find(({ name, version }) => name === stress.stress.set && version === stress.stress.setVersion);
  if (set === undefined) return cannotTell(`the stress set ${stress.stress.set} ${stress.stress.setVersion} is not among those known here: use "clearproof stress verify --scenarios"`);
  if (attestation.attestation.market.rows.some((row) => row.kind === 'option' && row.terms !== undefined)) {
    return cannotTell('its options are valued from a parameter set and a volatility surface: use "clearproof stress verify --parameters --surface"');
  }
  const report = await verifyStress({ ...question(history, epoch, context), attestation, stress: document, set });
  return { kind: 'stress attestation', file, epoch, verdict: report.verdict, words: wordsOf(report), stress };
}

function question(history: VenueHistory, epoch: number, { poseidon, trustedKeyHashes, circuits }: CheckingContext) {
  const { chainId, registry, venueId } = history;
  const accepted = history.epochs.find((one) => one.epoch === epoch);
  const record = accepted && recordOf(history, accepted);
  const evidence: RecordEvidence = record !== undefined ? { source: 'chain', record }
    : accepted !== undefined ? { source: 'none', reason: `the node did not give all that the registry recorded of epoch ${epoch}` }
      : { source: 'refused', reason: `the registry has no epoch ${epoch} of this venue` };
  return {
    poseidon, record: evidence, venue: { chainId, registry, venueId },
    ...(trustedKeyHashes === undefined ? {} : { trustedKeyHashes }), ...(circuits === undefined ? {} : { circuits }),
  };
}

/** The first thing that is wrong. What is to be known of keys is a warning of the whole board. */
function wordsOf({ verdict, steps, summary }: VerificationReport): string {
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined) return `${failed.title}: no, ${failed.detail}`;
  return verdict === 'verified' ? 'every proof verifies, and every figure is what the registry recorded' : summary;
}
