import type { Attestation } from '../attestation/attestation.js';
import { parseStressAttestation } from '../attestation/stress-attestation-format.js';
import type { StressAttestation } from '../attestation/stress-attestation.js';
import { serializeMarketTable } from '../risk/market-table-json.js';
import type { StressSet } from '../risk/stress/stress-set.js';
import { stressedTable, type OptionSources } from '../risk/stress/stressed-table.js';
import { checkAttestedCircuits } from './circuit-check.js';
import type { BundleText, Evidence } from './evidence.js';
import { checkKeys, keySecurityOf, readKeys, type AttestedKeys } from './key-check.js';
import { checkSettlement } from './market-check.js';
import { checkPlaces, placeOfAttestation } from './place-check.js';
import { checkBatchProofs, checkCloseProof } from './proof-check.js';
import { reportOf } from './attestation-steps.js';
import { combined, failed, passed, skipped, StepLog, type Finding, type VerificationReport } from './report.js';
import { verifyEpoch, type AttestationQuestion } from './verify-attestation.js';

/** What a stress attestation is held against: the epoch's own attestation and record, and the public scenarios. */
export interface StressQuestion extends AttestationQuestion {
  readonly stress: BundleText;
  /** The set as the reader knows it, not as the venue hands it over. */
  readonly set: StressSet;
  /** For tables with options: what they are valued from. */
  readonly options?: OptionSources;
}

/**
 * Checks the epoch's attestation in full and then that the stress attestation is about the very same accounts under the very
 * table that the public scenario makes of the epoch's. What ties the two: accounts root and bound, which the registry recorded,
 * and deposits and loans. Pure, as verifyAttestation.
 */
export async function verifyStress(question: StressQuestion): Promise<VerificationReport> {
  const log = new StepLog();
  const { evidence, keySecurity } = await verifyEpoch(log, question);
  let stress: StressAttestation | undefined;
  await log.run('stress-format', () => {
    stress = parseStressAttestation(question.stress.text, question.stress.file);
    const { set, setVersion, scenario } = stress.stress;
    return passed(`${scenario} of ${set} ${setVersion}, epoch ${stress.statement.epoch}`);
  });
  const { attestation } = evidence;
  if (stress !== undefined && attestation !== undefined) await stressSteps(log, question, evidence, stress, attestation);
  return reportOf(log, evidence, stress === undefined ? keySecurity : larger(keySecurity, keySecurityOf(evidence, keysIn(stress.statement))), undefined);
}

async function stressSteps(log: StepLog, question: StressQuestion, evidence: Evidence, stress: StressAttestation, attestation: Attestation): Promise<void> {
  const { statement } = stress;
  const { poseidon, trustedKeyHashes, circuits } = question;
  const { record, attestationSha256 } = evidence;
  const placed = { ...placeOfAttestation(statement), name: 'the stress attestation' };
  await log.run('stress-place', () => checkPlaces(poseidon, [placeOfAttestation(attestation), placed], undefined));
  await log.run('stress-accounts', () => checkAccounts(stress, attestation, attestationSha256));
  await log.run('stress-table', () => checkStressedTable(stress, attestation, question));
  await log.run('stress-circuit', () => checkAttestedCircuits(statement, record, circuits));
  let keys: AttestedKeys | undefined;
  await log.run('stress-keys', async () => {
    const found = readKeys(statement);
    const finding = await checkKeys(found, record, trustedKeyHashes);
    if (finding.outcome !== 'failed') keys = found;
    return finding;
  });
  const underKeys = (check: (usable: AttestedKeys) => Promise<Finding>): Finding | Promise<Finding> =>
    keys === undefined ? skipped('not looked at: a proof says nothing under keys that are not the right ones') : check(keys);
  await log.run('stress-batch-proofs', () => underKeys((usable) => checkBatchProofs(poseidon, statement, usable)));
  await log.run('stress-close-proof', () => underKeys(async (usable) => combined([
    await checkCloseProof(poseidon, statement, usable), passed(`at most ${statement.close.unhealthyBound} unhealthy, shortfall ${statement.close.shortfall} value units`),
  ])));
}

/** Leaves hide behind keys and salts: another set of accounts, or one account changed, has another root. */
function checkAccounts({ epochAttestation, statement }: StressAttestation, attestation: Attestation, sha256: string | undefined): Finding {
  if (epochAttestation !== sha256) return failed(`it names the attestation ${epochAttestation}, the one given has ${sha256 ?? 'none'}: it was made for another`, 'STRESS_ACCOUNTS');
  for (const field of ['accountsRoot', 'accountsBound'] as const) {
    if (statement.close[field] !== attestation.close[field]) {
      return failed(`${field} is ${statement.close[field]}, the epoch's is ${attestation.close[field]}: these are other accounts`, 'STRESS_ACCOUNTS');
    }
  }
  if (statement.depth !== attestation.depth) return failed(`the tree has depth ${statement.depth}, the epoch's ${attestation.depth}`, 'STRESS_ACCOUNTS');
  if (statement.words.join() !== attestation.words.join()) return failed('deposits and loans are not those of the epoch', 'STRESS_ACCOUNTS');
  return combined([passed(`accounts root ${statement.close.accountsRoot}`), checkSettlement(statement.market, statement.words)]);
}

function checkStressedTable({ stress, statement }: StressAttestation, attestation: Attestation, { set, options }: StressQuestion): Finding {
  if (stress.set !== set.name || stress.setVersion !== set.version) {
    return failed(`it is of the set ${stress.set} ${stress.setVersion}, the one given is ${set.name} ${set.version}: take the set it names from a source you trust`, 'STRESS_SET');
  }
  const scenario = set.scenarios.find(({ name }) => name === stress.scenario);
  if (scenario === undefined) return failed(`the set ${set.name} has no scenario ${stress.scenario}`, 'STRESS_SET');
  const { table } = stressedTable(attestation.market, set, scenario, options);
  if (serializeMarketTable(table) !== serializeMarketTable(statement.market)) {
    return failed(`the table is not what ${stress.scenario} makes of the epoch's: prices, charges, P&L or the label differ`, 'STRESS_TABLE');
  }
  return passed(`${table.parameterSet}: ${scenario.title}`);
}

function keysIn(statement: Attestation): AttestedKeys | undefined {
  try {
    return readKeys(statement);
  } catch {
    // The step on keys says why.
    return undefined;
  }
}

function larger<Security extends string>(one: Security, other: Security): Security {
  return one === 'insecure' ? one : other;
}
