import assert from 'node:assert/strict';
import type { Attestation } from '../../src/attestation/attestation.js';
import type { CircuitKey, OnChainRecord } from '../../src/attestation/on-chain-record.js';
import { baseOfVenue } from '../../src/attestation/venue-base.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { parseVerificationKey, verificationKeyHash } from '../../src/groth16/verification-key.js';

/** Hashes of an attestation's verification keys by circuit. */
export function keyHashesOf({ verificationKeys }: Attestation): Record<string, string> {
  return Object.fromEntries(Object.entries(verificationKeys).map(([circuit, json]) => [circuit, verificationKeyHash(parseVerificationKey(json, circuit))]));
}

/** What a registry that accepted the attestation would record. */
export function recordOfAttestation(poseidon: Poseidon, attestation: Attestation): OnChainRecord {
  const { venue, epoch, market, genesisAccumulator, batches, words, close } = attestation;
  const { accountsRoot, accountsBound, unhealthyBound, shortfall } = close;
  const hashes = keyHashesOf(attestation);
  const keyOf = ({ circuit }: { readonly circuit: string }): CircuitKey =>
    ({ circuitId: circuitIdOf(circuit), verificationKeyHash: hashes[circuit] ?? assert.fail(circuit), insecure: true });
  return {
    ...venue, epoch, base: baseOfVenue(poseidon, venue), marketCommitment: marketCommitment(poseidon, market), genesisAccumulator,
    finalAccumulator: batches.at(-1)?.accumulatorAfter ?? assert.fail('no batch'), accountsRoot, accountsBound, unhealthyBound, shortfall, words,
    snapshotTime: market.snapshotTime, acceptedAt: market.snapshotTime + 60, marketTime: market.snapshotTime, valueScale: market.valueScale, covered: true,
    batchCircuits: batches.map(keyOf), partCircuits: (close.parts?.proofs ?? []).map(keyOf), closeCircuit: keyOf(close),
  };
}
