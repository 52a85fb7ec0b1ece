import type { Attestation } from '../attestation/attestation.js';
import { circuitIdOf } from '../commitment/digest.js';
import type { EpochSubmission } from './epoch-submission.js';

/** An attestation as the registry takes it. @param commitment of the attestation's market table */
export function submissionOf(
  attestation: Pick<Attestation, 'epoch' | 'genesisAccumulator' | 'batches' | 'close' | 'words'>, commitment: bigint,
): EpochSubmission {
  const { circuit, proof, accountsRoot, accountsBound, unhealthyBound, shortfall, parts } = attestation.close;
  return {
    epoch: attestation.epoch,
    marketCommitment: commitment,
    genesisAccumulator: attestation.genesisAccumulator,
    batches: attestation.batches.map((batch) => ({
      circuitId: circuitIdOf(batch.circuit), proof: batch.proof, accumulatorAfter: batch.accumulatorAfter,
    })),
    close: {
      circuitId: circuitIdOf(circuit), proof, accountsRoot, accountsBound, unhealthyBound, shortfall, tableStart: parts?.tableStart ?? 0n,
      parts: (parts?.proofs ?? []).map((part) => ({ circuitId: circuitIdOf(part.circuit), proof: part.proof, tableAfter: part.tableAfter })),
    },
    words: attestation.words,
  };
}
