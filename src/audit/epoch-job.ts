import { parseAttestation } from '../attestation/attestation-format.js';
import { parseStressAttestation } from '../attestation/stress-attestation-format.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { ClearproofError } from '../error/clearproof-error.js';
import type { BundleText } from '../verification/evidence.js';
import { proofCount } from '../verification/proof-check.js';
import type { VerificationStep } from '../verification/report.js';
import type { StepId } from '../verification/steps.js';
import { verifyAttestation } from '../verification/verify-attestation.js';
import { verifyStress } from '../verification/verify-stress.js';
import { finding, type AuditFinding, type FindingCode } from './audit-finding.js';
import { checkMarketTable } from './check-market-table.js';
import type { EpochJob, EpochOutcome, StressOutcome } from './epoch-outcome.js';
import { verifySubmission } from './verify-submission.js';

/** Verifies one epoch from its attestations, or from its transaction where there is none that can be read. */
export async function runEpochJob(poseidon: Poseidon, job: EpochJob, onProof: () => void = () => undefined): Promise<EpochOutcome> {
  const attempts: EpochOutcome[] = [];
  for (const attestation of job.attestations) attempts.push(await verifyBundle(poseidon, job, attestation, onProof));
  const held = attempts.find(({ source }) => source === 'attestation');
  const findings = attempts.flatMap((attempt) => attempt.findings);
  if (held !== undefined) {
    const stress = await verifyStressBundles(poseidon, job, job.attestations[attempts.indexOf(held)] as BundleText);
    return { ...held, findings: [...findings, ...stress.findings], stress: stress.outcomes };
  }
  const missing = attempts.length > 0 ? [] : [finding('bundle-missing', job.epoch, 'no attestation of this epoch is among the bundles')];
  const rebuilt = await verifySubmission(poseidon, job, onProof);
  const unheld = job.stress.map(({ file }) => finding('stress-unchecked', job.epoch, `${file} needs the attestation of its epoch`));
  return { ...rebuilt, steps: rebuilt.steps.length > 0 ? rebuilt.steps : attempts[0]?.steps ?? [], findings: [...missing, ...findings, ...rebuilt.findings, ...unheld] };
}

async function verifyBundle(poseidon: Poseidon, job: EpochJob, attestation: BundleText, onProof: () => void): Promise<EpochOutcome> {
  const { epoch, venue, record, trustedKeyHashes, circuits } = job;
  const report = await verifyAttestation({
    poseidon, attestation, venue, circuits, progress: { proof: onProof },
    record: record === undefined ? { source: 'none', reason: 'words and circuits of the epoch are known to nobody' } : { source: 'chain', record },
    ...(trustedKeyHashes === undefined ? {} : { trustedKeyHashes }),
  });
  const failures = report.steps.filter(({ outcome }) => outcome === 'failed');
  const findings = failures.map((step) => finding(codeOf(step), epoch, `${attestation.file}: ${step.detail}`));
  if (failures.length > 0) return { epoch, source: 'none', proofs: 0, steps: report.steps, findings, stress: [] };
  const parsed = parseAttestation(attestation.text, attestation.file);
  return {
    epoch, source: 'attestation', proofs: proofCount(parsed), steps: report.steps, stress: [],
    findings: [
      ...(record === undefined ? [finding('proofs-unchecked', epoch, `${attestation.file} holds together, and nothing ties it to the chain`)] : []),
      ...(job.sources === undefined ? [] : checkMarketTable(epoch, parsed.market, job.sources)),
    ],
  };
}

/** Steps whose failure has a name of its own. */
const STEP_CODES: Readonly<Partial<Record<StepId, FindingCode>>> = {
  'attestation-format': 'bundle-unreadable', place: 'place-differs', circuit: 'circuits-differ', 'market-range': 'table-out-of-bounds', market: 'table-differs',
  figures: 'figures-differ', settlement: 'settlement-differs', 'batch-proofs': 'proof-rejected', 'close-proof': 'proof-rejected',
};

export function codeOf({ id, code }: Pick<VerificationStep, 'id' | 'code'>): FindingCode {
  if (id === 'keys') return code === 'KEY_UNTRUSTED' ? 'key-untrusted' : 'key-replaced';
  return STEP_CODES[id] ?? 'figures-differ';
}

async function verifyStressBundles(
  poseidon: Poseidon, job: EpochJob, attestation: BundleText,
): Promise<{ readonly findings: readonly AuditFinding[]; readonly outcomes: readonly StressOutcome[] }> {
  const findings: AuditFinding[] = [];
  const outcomes: StressOutcome[] = [];
  const { epoch, record, venue, circuits, trustedKeyHashes } = job;
  const { market } = parseAttestation(attestation.text, attestation.file);
  // The epoch's own table tells: a stressed one can say of itself what it likes.
  const valued = market.rows.some(({ kind, terms }) => kind === 'option' && terms !== undefined);
  for (const stress of job.stress) {
    const unchecked = (why: string): void => void findings.push(finding('stress-unchecked', epoch, `${stress.file}: ${why}`));
    const parsed = parseStress(stress);
    const set = job.stressSets.find(({ name, version }) => name === parsed?.stress.set && version === parsed.stress.setVersion);
    if (parsed === undefined || set === undefined || record === undefined || valued) {
      if (parsed === undefined) unchecked('it cannot be read');
      else if (set === undefined) unchecked(`the set ${parsed.stress.set} ${parsed.stress.setVersion} is not at hand`);
      else if (record === undefined) unchecked('what the registry recorded of its epoch is not known');
      else unchecked('its table has options, whose values need parameters and surface: use "clearproof stress verify"');
      continue;
    }
    const report = await verifyStress({ poseidon, attestation, stress, set, venue, circuits, record: { source: 'chain', record }, ...(trustedKeyHashes === undefined ? {} : { trustedKeyHashes }) });
    const failure = report.steps.find(({ outcome }) => outcome === 'failed');
    if (failure !== undefined) findings.push(finding('stress-rejected', epoch, `${stress.file}: ${failure.detail}`));
    else outcomes.push({ set: parsed.stress.set, scenario: parsed.stress.scenario, unhealthyBound: parsed.statement.close.unhealthyBound, shortfall: parsed.statement.close.shortfall });
  }
  return { findings, outcomes };
}

function parseStress({ text, file }: BundleText): ReturnType<typeof parseStressAttestation> | undefined {
  try {
    return parseStressAttestation(text, file);
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return undefined;
  }
}
