import type { BatchSubmission, EpochSubmission } from '../../../src/chain/epoch-submission.js';
import { accumulatorOf, chainStart, type AccumulatorState } from '../../../src/commitment/epoch-chain.js';
import { emptyNodes } from '../../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { subtractInField } from '../../../src/field/scalar-field.js';
import type { EpochPlan } from '../../../src/proving/epoch-plan.js';
import { commitAccounts } from '../../../src/proving/epoch-statements.js';
import type { SolvencyBatchSignals } from '../../../src/statement/solvency-batch.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { accumulate, accumulatorsOf, bookOf, chainBatches, deriveChallenges, type ChainedBatch } from '../../../src/witness/epoch-transcript.js';
import { solvencyBatchInput } from '../../../src/witness/solvency-batch-input.js';
import { proveInputs, type OnChainEpoch } from '../../builders/on-chain-epoch.js';

/** What a venue submits that began its chain of batches elsewhere: every batch proof is real, the close is the honest one. */
export interface OwnStarts {
  /** Begins at a shortfall of minus the true one, so that the sum ends at 0. */
  readonly negativeShortfall: EpochSubmission;
  /** Begins at the honest state under another blinding, and comes to the honest accumulator after its first batch. */
  readonly otherBlinding: EpochSubmission;
}

export async function ownStarts(epoch: OnChainEpoch): Promise<OwnStarts> {
  const { statements, submission, plan } = epoch;
  const poseidon = await bulkPoseidon();
  const { states, challenges, challengesHash, chained } = await transcriptOf(epoch);
  const shortfall = submission.close.shortfall;
  const shifted = states.map((state) => ({ ...state, shortfall: subtractInField(state.shortfall, shortfall) }));
  const accumulators = accumulatorsOf(poseidon, { challenges, challengesHash, states: shifted }, plan.blindings);
  const inputs = chained.map((batch, place): CircuitInput => solvencyBatchInput(
    {
      ...(statements.batchSignals[place] as SolvencyBatchSignals),
      accumulatorBefore: accumulators[place] as bigint, accumulatorAfter: accumulators[place + 1] as bigint,
    },
    { before: plan.blindings[place] as bigint, after: plan.blindings[place + 1] as bigint },
    shifted[place] as AccumulatorState, challenges, batch,
  ));
  const blinding = 4242n;
  const genesis = accumulatorOf(poseidon, blinding, challengesHash, states[0] as AccumulatorState);
  const first = { ...statements.batchInput(0), accumulatorBefore: genesis, blindingBefore: blinding };
  const proofs = await proveInputs((plan.batches[0] as EpochPlan['batches'][number]).circuit, [first, ...inputs]);
  const withProof = (place: number, proof: number, accumulatorAfter: bigint): BatchSubmission =>
    ({ ...(submission.batches[place] as BatchSubmission), proof: proofs[proof] as BatchSubmission['proof'], accumulatorAfter });
  return {
    negativeShortfall: {
      ...submission, genesisAccumulator: accumulators[0] as bigint, close: { ...submission.close, shortfall: 0n },
      batches: chained.map((_, place) => withProof(place, place + 1, accumulators[place + 1] as bigint)),
    },
    otherBlinding: {
      ...submission, genesisAccumulator: genesis,
      batches: submission.batches.map((batch, place) => (place === 0 ? withProof(0, 0, batch.accumulatorAfter) : batch)),
    },
  };
}

/** Both passes of the honest epoch, which the venue keeps to itself. */
async function transcriptOf({ plan, statements }: OnChainEpoch): Promise<ReturnType<typeof accumulate> & { readonly chained: readonly ChainedBatch[] }> {
  const poseidon = await bulkPoseidon();
  const { shape } = plan;
  const { domain, epoch, marketCommitment } = statements.closeSignals;
  const firstLink = chainStart(poseidon, domain, epoch);
  const batches = commitAccounts(poseidon, plan);
  const chained = chainBatches(poseidon, shape.depth, firstLink, batches);
  const finalChain = (chained.at(-1) as ChainedBatch).chainAfter;
  const book = bookOf(batches, shape.close.U);
  const { challenges } = deriveChallenges(poseidon, plan.market, marketCommitment, finalChain, batches, book, shape.close.T);
  const emptyRoot = emptyNodes(poseidon, shape.depth)[shape.depth] as bigint;
  return { ...accumulate(poseidon, challenges, emptyRoot, firstLink, chained), chained };
}
