import { AbiCoder, keccak256 } from 'ethers';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { tagOf } from '../../src/commitment/tags.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';

/** Where a statement belongs. */
export interface StatementPlace {
  readonly chainId: bigint;
  readonly registry: string;
  readonly venueId: bigint;
}

/** Base of a venue by docs/statement.md, derived here and by the contract. */
export function baseOf({ chainId, registry, venueId }: StatementPlace): bigint {
  return portablePoseidon.hash([tagOf('base'), chainId, BigInt(registry), venueId, 1n]);
}

export function domainOf(place: StatementPlace, circuitId: bigint): bigint {
  return portablePoseidon.hash([tagOf('domain'), baseOf(place), circuitId]);
}

/** Makes a proof of these public signals. */
export type Prove = (signals: readonly bigint[]) => Groth16Proof;

/** Fills in a proof for each statement of a submission, its public signals in the order of docs/statement.md. */
export function sealSubmission(submission: EpochSubmission, place: StatementPlace, prove: Prove = mockProof): EpochSubmission {
  const epoch = BigInt(submission.epoch);
  let accumulator = submission.genesisAccumulator;
  const batches = submission.batches.map((batch) => {
    const signals = [domainOf(place, batch.circuitId), epoch, accumulator, batch.accumulatorAfter];
    accumulator = batch.accumulatorAfter;
    return { ...batch, proof: prove(signals) };
  });
  const { close, words } = submission;
  const z = pointOf(place, submission, accumulator);
  const value = words.reduceRight((sum, word) => (sum * z + word) % FIELD_MODULUS, 0n);
  const signals = [
    domainOf(place, close.circuitId), epoch, submission.marketCommitment, submission.genesisAccumulator, accumulator,
    close.accountsRoot, close.accountsBound, close.unhealthyBound, close.shortfall, z, value,
  ];
  return { ...submission, batches, close: { ...close, proof: prove(signals) } };
}

function pointOf(place: StatementPlace, submission: EpochSubmission, finalAccumulator: bigint): bigint {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ['uint256', 'uint256', 'uint256', 'uint256', 'uint256[]'],
    [baseOf(place), submission.epoch, finalAccumulator, submission.marketCommitment, submission.words],
  );
  return BigInt(keccak256(encoded)) % FIELD_MODULUS;
}

/** What the mock verifiers take for a proof: the hash of the public signals. */
function mockProof(signals: readonly bigint[]): Groth16Proof {
  const digest = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode([`uint256[${signals.length}]`], [signals])));
  return { a: [digest, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] };
}
