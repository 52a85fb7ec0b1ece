import type { Receipt } from '../attestation/receipt.js';
import type { MerkleTree16 } from '../commitment/merkle-tree-16.js';
import type { EpochPlan } from './epoch-plan.js';

/** Every user's receipt, in tree order. Each is private to its user. */
export function* receiptsOf(plan: EpochPlan, tree: MerkleTree16, attestation: Receipt['attestation']): Generator<Receipt> {
  for (const [position, place] of plan.places.entries()) {
    if (place.kind === 'padding') continue;
    yield {
      venue: plan.venue,
      epoch: plan.epoch,
      circuit: plan.shape.batchCircuit,
      slots: plan.shape.batch.K,
      owner: place.owner,
      userId: place.userId,
      subAccount: place.subAccount,
      holdings: place.holdings,
      salt: place.salt,
      path: tree.path(position),
      depth: plan.shape.depth,
      market: plan.market,
      attestation,
    };
  }
}
