import type { Poseidon } from '../commitment/poseidon.js';
import { checkAttestedCircuits, type KnownCircuit } from './circuit-check.js';
import type { Evidence } from './evidence.js';
import { checkFigures } from './figures-check.js';
import {
  checkKeys, checkRecordedKeys, INSECURE_WARNING, keySecurityOf, readKeys, type AttestedKeys, type TrustedKeyHashes,
} from './key-check.js';
import { checkSettlement } from './market-check.js';
import type { VerificationProgress } from './progress.js';
import { checkBatchProofs, checkCloseProof, proofCount } from './proof-check.js';
import { combined, skipped, verdictOf, type Finding, type KeySecurity, type StepLog, type VerificationReport, type Verdict } from './report.js';
import { checkVerifierCodes, type TrustedVerifierCodes } from './verifier-code-check.js';

/** What both verifications can be given besides the bundles. */
export interface VerificationContext {
  readonly poseidon: Poseidon;
  /** Hashes of keys from a source of the reader's own. */
  readonly trustedKeyHashes?: TrustedKeyHashes;
  /** What the code of verifiers should be, from the same source; compared where a chain was asked. */
  readonly trustedVerifierCodes?: TrustedVerifierCodes;
  /** The list of circuits: with it the tree's depth is checked too. */
  readonly circuits?: readonly KnownCircuit[];
  readonly progress?: VerificationProgress;
}

/** Keys, figures, deposits and loans, and every proof of the attestation. Returns what is known of the keys. */
export async function verifyEpochSteps(log: StepLog, context: VerificationContext, evidence: Evidence): Promise<KeySecurity> {
  const { attestation, record } = evidence;
  const { poseidon, trustedKeyHashes } = context;
  if (attestation === undefined) {
    await log.run('keys', () => (record === undefined
      ? skipped('neither attestation nor record is at hand') : withCode(checkRecordedKeys(record, trustedKeyHashes), context, evidence)));
    const reason = record === undefined ? 'no attestation is at hand' : 'no attestation is at hand; the registry verified every proof before it recorded the epoch';
    for (const id of ['figures', 'settlement', 'batch-proofs', 'close-proof'] as const) log.add(id, skipped(reason));
    return keySecurityOf(evidence, undefined);
  }
  let keys: AttestedKeys | undefined;
  let keysHold = false;
  await log.run('keys', async () => {
    keys = readKeys(attestation);
    const finding = withCode(await checkKeys(keys, record, trustedKeyHashes), context, evidence);
    keysHold = finding.outcome !== 'failed';
    return finding;
  });
  await log.run('figures', () => checkFigures(attestation, record));
  await log.run('settlement', () => checkSettlement(attestation.market, attestation.words));
  const underKeys = (check: (usable: AttestedKeys) => Promise<Finding>): Finding | Promise<Finding> =>
    keys === undefined || !keysHold ? skipped('not looked at: a proof says nothing under keys that are not the right ones') : check(keys);
  let done = 0;
  const verified = (): void => context.progress?.proof?.(++done, proofCount(attestation));
  await log.run('batch-proofs', () => underKeys((usable) => checkBatchProofs(poseidon, attestation, usable, verified)));
  await log.run('close-proof', () => underKeys((usable) => checkCloseProof(poseidon, attestation, usable, verified)));
  return keySecurityOf(evidence, keys);
}

/** Keys and, where there is anything to compare, the code that verifies with them. */
function withCode(keys: Finding, { trustedVerifierCodes }: VerificationContext, { verifierCodes }: Evidence): Finding {
  return verifierCodes === undefined || trustedVerifierCodes === undefined ? keys : combined([keys, checkVerifierCodes(verifierCodes, trustedVerifierCodes)]);
}

/** The attested circuits, when there is an attestation. */
export function attestedCircuits({ attestation, record }: Evidence, { circuits }: VerificationContext): Finding {
  if (attestation === undefined) return skipped('no attestation is at hand');
  return checkAttestedCircuits(attestation, record, circuits);
}

const SUMMARIES: Readonly<Record<Verdict, string>> = {
  verified: 'verified: everything that was checked holds, against ',
  'not-verified': 'NOT verified',
  'cannot-tell': 'cannot tell: nothing is wrong, but what the registry recorded is not at hand',
};

/** Puts steps, verdict and warnings together. */
export function reportOf(log: StepLog, evidence: Evidence, keySecurity: KeySecurity, margin: VerificationReport['margin']): VerificationReport {
  const { steps } = log;
  const verdict = verdictOf(steps, evidence.record !== undefined);
  const failure = steps.find((step) => step.outcome === 'failed');
  const warnings = [
    ...(keySecurity === 'insecure' ? [INSECURE_WARNING] : []),
    ...evidence.warnings,
    ...(evidence.record?.covered === false ? ['The registry recorded this epoch as not covered: reserves or the fund fall short of what the proofs show.'] : []),
  ];
  const summary = [
    `${SUMMARIES[verdict]}${failure === undefined ? (verdict === 'verified' ? evidence.recordSource : '') : `: ${failure.detail}`}`,
    ...(keySecurity === 'insecure' ? [INSECURE_WARNING] : []),
  ].join('. ');
  return Object.freeze({ verdict, summary, steps: Object.freeze([...steps]), keySecurity, warnings: Object.freeze(warnings), margin });
}

