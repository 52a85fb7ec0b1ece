import type { EpochSubmission } from '../chain/epoch-submission.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import { circuitIdOf } from '../commitment/digest.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { parseVerificationKey, verificationKeyHash } from '../groth16/verification-key.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { checkRecordedKeys, type AttestedKey } from '../verification/key-check.js';
import { checkBatchProofs, checkCloseProofUnder, type ProvenStatement } from '../verification/proof-check.js';
import { StepLog, type VerificationStep } from '../verification/report.js';
import { finding, type AuditFinding } from './audit-finding.js';
import type { EpochJob, EpochOutcome } from './epoch-outcome.js';

/** Verifies the proofs that the epoch's transaction holds, under keys that have the registry's hashes. The table stays unknown. */
export async function verifySubmission(poseidon: Poseidon, job: EpochJob, onProof: () => void): Promise<EpochOutcome> {
  const { epoch, record, submission } = job;
  const nothing = (findings: readonly AuditFinding[], steps: readonly VerificationStep[] = []): EpochOutcome => ({ epoch, source: 'none', proofs: 0, steps, findings, stress: [] });
  if (record === undefined || submission === undefined) {
    return nothing([finding('proofs-unchecked', epoch, record === undefined ? 'its words are known to nobody' : 'its transaction was not to be had, or reached the registry through another contract')]);
  }
  const keys = usableKeys(job, record);
  const absent = [...idsOf(record)].filter((id) => ![...keys.keys()].some((name) => circuitIdOf(name) === id));
  if (absent.length > 0) return nothing([finding('keys-missing', epoch, `no key with the registry's hash for circuit ${absent[0]}: name a folder of keys with --keys, or a bundle that has it`)]);
  const statement = statementOf(job, submission, keys);
  const log = new StepLog();
  await log.run('keys', () => checkRecordedKeys(record, job.trustedKeyHashes));
  await log.run('batch-proofs', () => checkBatchProofs(poseidon, statement, keys, onProof));
  await log.run('close-proof', () => checkCloseProofUnder(poseidon, statement, record.marketCommitment, keys, onProof));
  const faults = log.steps.filter(({ outcome }) => outcome === 'failed');
  const findings = [...faults.map(({ id, detail }) => finding(id === 'keys' ? 'key-untrusted' : 'proof-rejected', epoch, `from the transaction: ${detail}`)), ...figureFaults(epoch, statement, record)];
  if (findings.length > 0) return nothing(findings, log.steps);
  return { epoch, source: 'transaction', proofs: statement.batches.length + (statement.close.parts?.proofs.length ?? 0) + 1, steps: log.steps, findings: [], stress: [] };
}

function idsOf(record: OnChainRecord): ReadonlySet<bigint> {
  return new Set([...record.batchCircuits, ...record.partCircuits, record.closeCircuit].map(({ circuitId }) => circuitId));
}

/** Keys by circuit name, of which each has the hash that the registry verifies with. */
function usableKeys({ keys }: EpochJob, record: OnChainRecord): ReadonlyMap<string, AttestedKey> {
  const hashes = new Map([...record.batchCircuits, ...record.partCircuits, record.closeCircuit].map(({ circuitId, verificationKeyHash: hash }) => [circuitId, hash]));
  return new Map(Object.entries(keys).flatMap(([name, value]): [string, AttestedKey][] => {
    const wanted = hashes.get(circuitIdOf(name));
    const key = wanted === undefined ? undefined : keyFrom(value, name);
    return key !== undefined && key.hash === wanted ? [[name, key]] : [];
  }));
}

function keyFrom(value: unknown, name: string): AttestedKey | undefined {
  try {
    const key = parseVerificationKey(value, `the key of ${name}`);
    return { key, hash: verificationKeyHash(key) };
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    // Another source may have a good one; that none has is told.
    return undefined;
  }
}

function statementOf({ venue, epoch }: EpochJob, submission: EpochSubmission, keys: ReadonlyMap<string, AttestedKey>): ProvenStatement {
  const names = new Map([...keys.keys()].map((name) => [circuitIdOf(name), name]));
  const nameOf = (id: bigint): string => names.get(id) ?? '';
  const { genesisAccumulator, batches, close, words } = submission;
  return {
    venue, epoch, genesisAccumulator, words,
    batches: batches.map(({ circuitId, proof, accumulatorAfter }) => ({ circuit: nameOf(circuitId), proof, accumulatorAfter })),
    close: {
      circuit: nameOf(close.circuitId), proof: close.proof, accountsRoot: close.accountsRoot, accountsBound: close.accountsBound, unhealthyBound: close.unhealthyBound, shortfall: close.shortfall,
      parts: close.parts.length === 0 ? undefined : { tableStart: close.tableStart, proofs: close.parts.map(({ circuitId, proof, tableAfter }) => ({ circuit: nameOf(circuitId), proof, tableAfter })) },
    },
  };
}

/** The node's transaction must be the one the record came from. */
function figureFaults(epoch: number, { close, words, genesisAccumulator, batches }: ProvenStatement, record: OnChainRecord): AuditFinding[] {
  const same = close.accountsRoot === record.accountsRoot && close.accountsBound === record.accountsBound && close.unhealthyBound === record.unhealthyBound
    && close.shortfall === record.shortfall && words.join() === record.words.join() && genesisAccumulator === record.genesisAccumulator
    && (batches.at(-1)?.accumulatorAfter ?? genesisAccumulator) === record.finalAccumulator;
  return same ? [] : [finding('figures-differ', epoch, 'the transaction says something else than the registry recorded')];
}
