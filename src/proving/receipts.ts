import type { Receipt } from '../attestation/receipt.js';
import type { MerkleTree16 } from '../commitment/merkle-tree-16.js';
import type { EpochPlan } from './epoch-plan.js';
import { batchNamed } from './epoch-shape.js';

/** Every user's receipt, in tree order. Each is private to its user, and names the circuit of its own batch. */
export function* receiptsOf(plan: EpochPlan, tree: MerkleTree16, attestation: Receipt['attestation']): Generator<Receipt> {
  let position = -1;
  for (const { circuit, places } of plan.batches) {
    const { K } = batchNamed(plan.shape, circuit).shape;
    for (const place of places) {
      position += 1;
      if (place.kind === 'padding') continue;
      yield {
        venue: plan.venue,
        epoch: plan.epoch,
        circuit,
        slots: K,
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
}
