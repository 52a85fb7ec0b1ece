import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { Attestation } from '../../attestation/attestation.js';
import type { Prover } from '../../groth16/prover.js';
import { planEpoch } from '../../proving/epoch-plan.js';
import { closingCircuit, type EpochShape } from '../../proving/epoch-shape.js';
import { commitAccounts, statementsOf } from '../../proving/epoch-statements.js';
import type { SolvencyBatchSignals } from '../../statement/solvency-batch.js';
import type { StoredSnapshot } from '../snapshot-folder.js';

/** A forgery that should have been refused was not, or for another reason. The demo ends with this. */
export class ForgeryAcceptedError extends ClearproofError {
  readonly code = 'FORGERY_ACCEPTED';
}

/** What came of a venue that hides its accounts under water. */
export interface ForgedEpoch {
  /** To be submitted: the forged batch is proven, the close is another epoch's. */
  readonly attestation: Attestation;
  /** What the close circuit said when it was asked to agree. */
  readonly closeRefusal: string;
}

/**
 * Proves a batch in which accounts under water claim an excess of 0, then tries to close it.
 *
 * The batch is provable: it does not know the table. The close must refuse, and it must be for the sums that do not agree.
 */
export async function forgeEpoch(
  prover: Prover, shape: EpochShape, stored: StoredSnapshot, honest: Attestation, epoch: number,
): Promise<ForgedEpoch> {
  const poseidon = await bulkPoseidon();
  const plan = planEpoch(poseidon, stored.snapshot, stored.market, shape, honest.venue, epoch);
  const lies = commitAccounts(poseidon, plan).map((batch) => ({
    ...batch, accounts: batch.accounts.map((account) => ({ ...account, excess: account.excess.map((excess) => (excess < 0n ? 0n : excess)) })),
  }));
  const statements = statementsOf(poseidon, plan, lies);
  const batches = [];
  for (const [place, { circuit }] of plan.batches.entries()) {
    const { proof } = await prover.prove(circuit, statements.batchInput(place));
    batches.push({ circuit, proof, accumulatorAfter: (statements.batchSignals[place] as SolvencyBatchSignals).accumulatorAfter });
  }
  const closeRefusal = await refusalOf(prover, shape, () => statements.closeInput());
  const { accountsRoot, accountsBound, unhealthyBound, shortfall } = statements.closeSignals;
  return {
    closeRefusal,
    attestation: {
      ...honest, epoch, market: stored.market, genesisAccumulator: statements.genesisAccumulator, batches, words: statements.words,
      close: { ...honest.close, accountsRoot, accountsBound, unhealthyBound, shortfall },
    },
  };
}

async function refusalOf(prover: Prover, shape: EpochShape, input: () => Parameters<Prover['prove']>[1]): Promise<string> {
  try {
    await prover.prove(closingCircuit(shape.close), input());
  } catch (error) {
    if (error instanceof ClearproofError && error.message.includes('EpochSeal')) return error.message;
    throw error;
  }
  throw new ForgeryAcceptedError('the close accepted excesses that are not the true ones');
}
