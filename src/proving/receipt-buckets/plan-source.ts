import type { AccountPart } from '../../attestation/receipt-bucket-entry.js';
import type { BucketCircuit } from '../../attestation/receipt-bucket.js';
import type { Receipt } from '../../attestation/receipt.js';
import type { MerkleTree16 } from '../../commitment/merkle-tree-16.js';
import { placesOf, type EpochPlan } from '../epoch-plan.js';
import { batchNamed } from '../epoch-shape.js';
import { receiptsOf } from '../receipts.js';
import type { AccountName, BucketSource } from './export-buckets.js';

/** Accounts of a plan, which is in memory as a whole, as its tree is. */
export function planSource(plan: EpochPlan, tree: MerkleTree16, attestation: Receipt['attestation']): BucketSource {
  const { venue, epoch, shape, market, batches } = plan;
  const circuits: BucketCircuit[] = [...new Set(batches.map(({ circuit }) => circuit))].map((circuit) => ({ circuit, slots: batchNamed(shape, circuit).shape.K }));
  return {
    common: { venue, epoch, depth: shape.depth, market, circuits, attestation },
    places: batches.reduce((sum, { places }) => sum + places.length, 0),
    names: () => asynchronous(namesOf(plan)),
    parts: () => asynchronous(receiptsOf(plan, tree, attestation)),
  };
}

function* namesOf(plan: EpochPlan): Generator<AccountName> {
  for (const place of placesOf(plan)) if (place.kind === 'account') yield place;
}

// eslint-disable-next-line @typescript-eslint/require-await -- an exporter that reads a database waits; this one has all at hand
async function* asynchronous<Value extends AccountName | AccountPart>(values: Iterable<Value>): AsyncGenerator<Value> {
  yield* values;
}
