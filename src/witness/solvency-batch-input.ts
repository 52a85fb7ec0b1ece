import { sumsInOrder, type AccumulatorState, type Challenges } from '../commitment/epoch-chain.js';
import type { SolvencyBatchSignals } from '../statement/solvency-batch.js';
import type { CircuitInput } from './circuit-input.js';
import type { ChainedBatch } from './epoch-transcript.js';

/** Input of `solvency-batch`: its public signals, the state before, and the accounts. Secret. */
export function solvencyBatchInput(
  signals: SolvencyBatchSignals,
  blindings: { readonly before: bigint; readonly after: bigint },
  before: AccumulatorState,
  challenges: Challenges,
  batch: ChainedBatch,
): CircuitInput {
  return {
    ...signals,
    blindingBefore: blindings.before,
    blindingAfter: blindings.after,
    rootBefore: before.root,
    positionsBefore: before.positions,
    unhealthyBefore: before.unhealthy,
    shortfallBefore: before.shortfall,
    chainBefore: before.chain,
    powerBefore: before.power,
    sumsBefore: sumsInOrder(before.sums),
    ...challenges,
    key: batch.accounts.map((account) => account.key),
    salt: batch.accounts.map((account) => account.salt),
    index: batch.accounts.map((account) => account.slots.map((slot) => BigInt(slot.index))),
    quantity: batch.accounts.map((account) => account.slots.map((slot) => slot.quantity)),
    headroom: batch.accounts.map((account) => account.headrooms),
    excess: batch.accounts.map((account) => account.excess),
    children: batch.insertion.children,
  };
}
