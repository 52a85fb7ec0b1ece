import { bytesToHex } from '@noble/hashes/utils';
import { messageOf } from '../error/clearproof-error.js';
import { sha256OfText } from './canonical-json.js';
import { accountPartBytes, decodeAccountPart, sameBytes, type AccountPart } from './receipt-bucket-entry.js';
import { BucketDamagedError, BucketEntryError, BucketPrivacyError, NoBucketEntryError } from './receipt-bucket-errors.js';
import { parseCommon, parseManifest } from './receipt-bucket-format.js';
import { deriveBucketSecrets } from './receipt-bucket-secrets.js';
import { bucketFile, COMMON_FILE, DEFAULT_MINIMUM_K, SEAL_BYTES, TAG_BYTES, type BucketManifest, type BucketSecrets, type ReceiptCommon } from './receipt-bucket.js';
import { parseReceipt, serializeReceipt } from './receipt-format.js';
import type { Receipt } from './receipt.js';

export interface BucketQuestion {
  readonly manifestText: string;
  readonly commonText: string;
  /** The bucket that `bucketNumber` names, whole. */
  readonly bucketBytes: Uint8Array;
  readonly accessKey: Uint8Array;
}

export interface OpenedReceipt {
  /** Canonical text, as the venue's service gives it. */
  readonly text: string;
  readonly receipt: Receipt;
  /** To compare with others': a venue could show each reader a manifest of their own. */
  readonly manifestSha256: string;
}

/** What a reader asks of a manifest before fetching a bucket. */
export interface PrivacyFloor {
  /** Fewest accounts a bucket must be stated to have. */
  readonly minimumK?: number;
  /** The epoch's accounts at most, where the reader knows it from the chain: buckets of k each cannot have more. */
  readonly accountsBound?: bigint;
}

/**
 * Whether fetching a bucket of this manifest hides the reader among k, as far as the manifest tells. Entries that are no accounts
 * look like accounts: how many are real is the venue's word, but for `accountsBound`.
 *
 * @throws BucketPrivacyError
 */
export function checkBucketPrivacy(manifest: BucketManifest, { minimumK = DEFAULT_MINIMUM_K, accountsBound }: PrivacyFloor = {}): void {
  const { k, buckets, entriesPerBucket } = manifest;
  if (k < minimumK) throw new BucketPrivacyError(`buckets have ${k} accounts or more, at least ${minimumK} were asked for: which bucket is fetched could tell whose it is; nothing was fetched`, { k });
  if (entriesPerBucket < k) throw new BucketPrivacyError(`buckets have ${entriesPerBucket} entries and cannot have the ${k} accounts they are said to have; nothing was fetched`, { k });
  if (accountsBound !== undefined && buckets > 1 && BigInt(buckets) * BigInt(k) > accountsBound) {
    throw new BucketPrivacyError(`${buckets} buckets of ${k} accounts are more than the ${accountsBound} that the epoch has at most; nothing was fetched`, { k });
  }
}

/**
 * Opens the one entry of a bucket that an access key opens and puts the receipt together. Browser-safe, sends nothing.
 * Nothing in it is verified yet but that it is whole: that is verification's part.
 *
 * @throws BucketDamagedError, NoBucketEntryError, BucketEntryError, AccessKeyError, the errors of parseManifest and parseCommon
 */
export async function openBucketReceipt({ manifestText, commonText, bucketBytes, accessKey }: BucketQuestion): Promise<OpenedReceipt> {
  const manifest = parseManifest(manifestText);
  const common = commonOf(manifest, commonText);
  const secrets = await deriveBucketSecrets(accessKey, manifest.attestationSha256);
  await checkBucket(manifest, secrets.number % manifest.buckets, bucketBytes);
  const part = await openEntry(findEntry(manifest, bucketBytes, secrets.tag), secrets, common);
  return { ...receiptOf(common, part), manifestSha256: sha256OfText(manifestText) };
}

/** What the manifest names, of the manifest's epoch. */
function commonOf(manifest: BucketManifest, text: string): ReceiptCommon {
  if (sha256OfText(text) !== manifest.commonSha256) throw damaged(COMMON_FILE);
  const common = parseCommon(text);
  const { venue, epoch, attestation } = common;
  const same = venue.chainId === manifest.venue.chainId && venue.registry === manifest.venue.registry && venue.venueId === manifest.venue.venueId
    && epoch === manifest.epoch && attestation.sha256 === manifest.attestationSha256;
  if (!same) throw new BucketDamagedError(`${COMMON_FILE} is of another venue, epoch or attestation than the manifest: tell the venue`, { file: COMMON_FILE });
  const entryBytes = TAG_BYTES + accountPartBytes(common) + SEAL_BYTES;
  if (entryBytes !== manifest.entryBytes) {
    throw new BucketDamagedError(`entries have ${manifest.entryBytes} bytes, those of ${COMMON_FILE} take ${entryBytes}: tell the venue`, { file: COMMON_FILE });
  }
  return common;
}

async function checkBucket({ entryBytes, entriesPerBucket, bucketSha256 }: BucketManifest, number: number, bytes: Uint8Array): Promise<void> {
  if (bytes.length !== entryBytes * entriesPerBucket) throw damaged(bucketFile(number));
  const sha256 = bytesToHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(bytes))));
  if (sha256 !== bucketSha256[number]) throw damaged(bucketFile(number));
}

/** All entries are looked at, so that the time says nothing of the place. */
function findEntry({ entryBytes, entriesPerBucket }: BucketManifest, bytes: Uint8Array, tag: Uint8Array): Uint8Array {
  let found: Uint8Array | undefined;
  let previous = '';
  for (let place = 0; place < entriesPerBucket; place += 1) {
    const entry = bytes.subarray(entryBytes * place, entryBytes * (place + 1));
    const current = bytesToHex(entry.subarray(0, TAG_BYTES));
    if (current <= previous) throw new BucketDamagedError('a bucket has two entries of one tag, or not in order: tell the venue');
    previous = current;
    if (sameBytes(entry.subarray(0, TAG_BYTES), tag)) found = entry;
  }
  return found ?? notThere();
}

function notThere(): never {
  throw new NoBucketEntryError('no entry is for this access key: it may be cut short or another venue\'s, or the account is not in this epoch');
}

async function openEntry(entry: Uint8Array, { tag, key, nonce }: BucketSecrets, common: ReceiptCommon): Promise<AccountPart> {
  const { subtle } = globalThis.crypto;
  try {
    const imported = await subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, ['decrypt']);
    const parameters = { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData: new Uint8Array(tag), tagLength: 8 * SEAL_BYTES };
    return decodeAccountPart(new Uint8Array(await subtle.decrypt(parameters, imported, new Uint8Array(entry.subarray(TAG_BYTES)))), common);
  } catch (cause) {
    throw new BucketEntryError(`the entry of this access key does not open (${messageOf(cause)}): tell the venue`, {}, { cause });
  }
}

function receiptOf({ venue, epoch, depth, market, circuits, attestation }: ReceiptCommon, part: AccountPart): Pick<OpenedReceipt, 'text' | 'receipt'> {
  const slots = circuits.find(({ circuit }) => circuit === part.circuit)?.slots ?? 0;
  const text = serializeReceipt({ ...part, venue, epoch, depth, market, slots, attestation });
  try {
    return { text, receipt: parseReceipt(text) };
  } catch (cause) {
    throw new BucketEntryError(`the entry of this access key is no receipt (${messageOf(cause)}): tell the venue`, {}, { cause });
  }
}

function damaged(file: string): BucketDamagedError {
  return new BucketDamagedError(`${file} is not what the manifest names: load it again, and if it stays so tell the venue`, { file });
}
