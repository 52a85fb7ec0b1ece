import { MAX_BUCKETS } from '../../attestation/receipt-bucket.js';
import { ClearproofError } from '../../error/clearproof-error.js';

/** Entries of a bucket that cannot be told from the accounts in it. */
export interface BucketShape {
  readonly buckets: number;
  readonly entriesPerBucket: number;
}

/** A request that cannot be met: too few in a bucket to hide anybody, or a file nobody could load. */
export class BucketShapeError extends ClearproofError {
  readonly code = 'BUCKET_SHAPE';
}

/** Standard deviations above the mean that a bucket is made for: fuller ones are one in 10^9. */
const DEVIATIONS = 6;
const ROOM = 16;
/** To a multiple of which a bucket that is fuller all the same is rounded. */
const STEP = 64;

/** How many accounts fall into each of MAX_BUCKETS buckets; fewer buckets are sums of these. */
export class BucketCounts {
  private readonly counts = new Uint32Array(MAX_BUCKETS);
  private sum = 0;

  get accounts(): number {
    return this.sum;
  }

  /** @param number as the access key gives it */
  add(number: number): void {
    const place = number % MAX_BUCKETS;
    this.counts[place] = (this.counts[place] ?? 0) + 1;
    this.sum += 1;
  }

  /**
   * The largest power of two of buckets that leaves k accounts in each, or 1. Entries a bucket follow from `places`, which is
   * public, and the number of buckets; so they tell nothing further of how many accounts there are.
   *
   * @param places of the accounts tree that the epoch fills, padding included: what the attestation states in public
   * @throws BucketShapeError
   */
  shape(places: number, k: number): BucketShape {
    if (this.sum === 0) throw new BucketShapeError('the epoch has no account: there is nothing to export');
    let folded = this.counts;
    while (folded.length > 1 && folded.some((count) => count < k)) folded = halved(folded);
    const buckets = folded.length;
    const mean = Math.ceil(places / buckets);
    const made = buckets === 1 ? places : mean + DEVIATIONS * Math.ceil(Math.sqrt(mean)) + ROOM;
    const fullest = folded.reduce((most, count) => Math.max(most, count), 0);
    return { buckets, entriesPerBucket: Math.max(k, made, fullest > made ? STEP * Math.ceil(fullest / STEP) : 0) };
  }
}

function halved(counts: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const half = counts.length / 2;
  return counts.slice(0, half).map((count, place) => count + (counts[place + half] ?? 0));
}
