import { ClearproofError } from '../error/clearproof-error.js';

/** What was fetched is not what the manifest, or the pointer to it, names by its SHA-256, or does not fit together. */
export class BucketDamagedError extends ClearproofError {
  readonly code = 'BUCKET_DAMAGED';
}

/** The bucket is whole, and no entry in it is for this access key. */
export class NoBucketEntryError extends ClearproofError {
  readonly code = 'NO_BUCKET_ENTRY';
}

/** An entry has this key's tag, and what is in it does not open or is no part of a receipt. */
export class BucketEntryError extends ClearproofError {
  readonly code = 'BUCKET_ENTRY';
}

/** Fetching a bucket as this manifest says could tell whose receipt it is. Nothing was fetched. */
export class BucketPrivacyError extends ClearproofError {
  readonly code = 'BUCKET_PRIVACY';
}

/** A text is no access key, or a link has none. Its content is not shown. */
export class AccessKeyError extends ClearproofError {
  readonly code = 'ACCESS_KEY';
}
