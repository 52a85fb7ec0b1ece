import { createHash } from 'node:crypto';
import { access, chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfText } from '../../attestation/canonical-json.js';
import { accountPartBytes, encodeAccountPart, type AccountPart } from '../../attestation/receipt-bucket-entry.js';
import { parseLatest, parseManifest, serializeCommon, serializeLatest, serializeManifest } from '../../attestation/receipt-bucket-format.js';
import {
  bucketFile, COMMON_FILE, LATEST_FILE, MANIFEST_FILE, MAX_BUCKET_BYTES, MAX_ENTRIES, SEAL_BYTES, TAG_BYTES, type BucketManifest, type ReceiptCommon,
} from '../../attestation/receipt-bucket.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { SECRET_FOLDER, temporaryName, writeFileAtomically } from '../../file/atomic-file.js';
import { lockFile } from '../../file/file-lock.js';
import { BucketPartitions } from './bucket-partitions.js';
import { BucketCounts, BucketShapeError, type BucketShape } from './bucket-shape.js';
import { bucketSecretsOf, paddingEntries, sealEntry } from './seal-entry.js';

/** The export's folder has this epoch from another attestation, or two accounts cannot be told apart. */
export class BucketExportError extends ClearproofError {
  readonly code = 'BUCKET_EXPORT';
}

/** Whose account. */
export type AccountName = Pick<AccountPart, 'userId' | 'subAccount'>;

/** The accounts of an epoch, read twice in pieces: names first, to count, then all. */
export interface BucketSource {
  readonly common: ReceiptCommon;
  /** Places of the accounts tree that the epoch fills, padding included. */
  readonly places: number;
  readonly names: () => AsyncIterable<AccountName>;
  readonly parts: () => AsyncIterable<AccountPart>;
}

/** What only the venue knows. */
export interface BucketKeys {
  readonly accessKeyOf: (name: AccountName) => Uint8Array;
  /** 32 bytes, of this venue and attestation. */
  readonly paddingKey: Uint8Array;
}

export interface ExportOptions {
  readonly out: string;
  readonly k: number;
  /** Told now and then, with how many accounts are done. It may throw to stop. */
  readonly each?: (accounts: number) => void;
}

export interface ExportedBuckets extends BucketShape {
  readonly folder: string;
  readonly epoch: number;
  readonly accounts: number;
  readonly entryBytes: number;
  readonly manifestSha256: string;
}

const PUBLIC_FOLDER = 0o755;
const LOCK_FILE = '.lock';
const TEMPORARY = /^\.[0-9]+\.[0-9]+-[0-9a-f]{8}\.tmp$/;
const TOLD_EVERY = 10_000;

/**
 * Writes an epoch's buckets below `out`: whole or not at all, for the manifest comes last into a folder that is then renamed, and
 * then the pointer to the newest epoch. The same epoch gives the same bytes again. Memory does not grow with the accounts.
 *
 * @throws BucketExportError, BucketShapeError, FileLockedError, what the source throws
 */
export async function exportBuckets(source: BucketSource, keys: BucketKeys, options: ExportOptions): Promise<ExportedBuckets> {
  const { out } = options;
  await mkdir(out, { recursive: true });
  const unlock = await lockFile(join(out, LOCK_FILE));
  const { epoch } = source.common;
  const folder = join(out, epoch.toString());
  const temporary = join(out, temporaryName(`.${epoch}`));
  try {
    await removeLeftovers(out);
    await refuseOther(folder, source.common, options.k);
    await mkdir(temporary, { mode: SECRET_FOLDER });
    const counts = await count(source, keys);
    const written = await writeEpoch(source, keys, { ...options, folder: temporary, counts });
    await publish(temporary, folder, written.manifestText);
    const manifestSha256 = sha256OfText(written.manifestText);
    await pointTo(out, epoch, manifestSha256);
    const { shape: { buckets, entriesPerBucket }, entryBytes } = written;
    return { folder, epoch, accounts: counts.accounts, buckets, entriesPerBucket, entryBytes, manifestSha256 };
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await unlock();
  }
}

async function count({ common, names }: BucketSource, { accessKeyOf }: BucketKeys): Promise<BucketCounts> {
  const counts = new BucketCounts();
  for await (const name of names()) counts.add(bucketSecretsOf(accessKeyOf(name), common.attestation.sha256).number);
  return counts;
}

interface EpochTarget extends ExportOptions {
  readonly folder: string;
  readonly counts: BucketCounts;
}

async function writeEpoch(source: BucketSource, keys: BucketKeys, target: EpochTarget): Promise<{ readonly manifestText: string; readonly shape: BucketShape; readonly entryBytes: number }> {
  const { common, places } = source;
  const { folder, counts, k } = target;
  const entryBytes = TAG_BYTES + accountPartBytes(common) + SEAL_BYTES;
  const shape = counts.shape(places, k);
  if (shape.entriesPerBucket > MAX_ENTRIES || shape.entriesPerBucket * entryBytes > MAX_BUCKET_BYTES) {
    throw new BucketShapeError(`buckets of ${shape.entriesPerBucket} entries are more than a browser can hold: ask for a smaller k than ${k}`, { k });
  }
  const partitions = await BucketPartitions.open(join(folder, 'partitions'), shape.buckets, entryBytes);
  await scatter(source, keys, target, shape, partitions);
  const bucketSha256: string[] = [];
  for await (const [bucket, entries] of partitions.drain()) {
    const bytes = bucketBytes(entries, paddingEntries(keys.paddingKey, bucket, shape.entriesPerBucket - entries.length, entryBytes));
    bucketSha256[bucket] = createHash('sha256').update(bytes).digest('hex');
    await writeFileAtomically(join(folder, bucketFile(bucket)), bytes);
  }
  const commonText = serializeCommon(common);
  await writeFileAtomically(join(folder, COMMON_FILE), commonText);
  const manifest: BucketManifest = {
    venue: common.venue, epoch: common.epoch, attestationSha256: common.attestation.sha256, ...shape, k, entryBytes, commonSha256: sha256OfText(commonText), bucketSha256,
  };
  const manifestText = serializeManifest(manifest);
  await writeFileAtomically(join(folder, MANIFEST_FILE), manifestText);
  return { manifestText, shape, entryBytes };
}

async function scatter(
  { common, parts }: BucketSource, { accessKeyOf }: BucketKeys, { counts, each }: EpochTarget, { buckets }: BucketShape, partitions: BucketPartitions,
): Promise<void> {
  let done = 0;
  for await (const part of parts()) {
    const secrets = bucketSecretsOf(accessKeyOf(part), common.attestation.sha256);
    await partitions.add(secrets.number % buckets, sealEntry(secrets, encodeAccountPart(part, common)));
    done += 1;
    if (done % TOLD_EVERY === 0) each?.(done);
  }
  if (done !== counts.accounts) throw new BucketExportError(`${counts.accounts} accounts were counted and ${done} read: start again`);
}

/** All of a bucket in order of tags. @throws BucketExportError for one tag twice: such a bucket every reader refuses */
export function bucketBytes(accounts: readonly Uint8Array[], padding: readonly Uint8Array[]): Buffer {
  const entries = [...accounts, ...padding].sort((one, other) => Buffer.compare(one.subarray(0, TAG_BYTES), other.subarray(0, TAG_BYTES)));
  const tagOf = (place: number): Uint8Array => (entries[place] as Uint8Array).subarray(0, TAG_BYTES);
  for (let place = 1; place < entries.length; place += 1) {
    if (Buffer.compare(tagOf(place - 1), tagOf(place)) === 0) throw new BucketExportError('two accounts have one tag: the epoch has an account twice');
  }
  return Buffer.concat(entries);
}

/** An epoch that is there stays as it is, for readers' caches have it. @throws BucketExportError for what could not be the same again */
async function refuseOther(folder: string, { attestation }: ReceiptCommon, k: number): Promise<void> {
  if (!await access(folder).then(() => true, () => false)) return;
  const text = await readIfThere(join(folder, MANIFEST_FILE));
  const there = text === undefined ? undefined : parseManifest(text, join(folder, MANIFEST_FILE));
  if (there?.attestationSha256 !== attestation.sha256 || there.k !== k) throw otherThere(folder);
}

function otherThere(folder: string): BucketExportError {
  return new BucketExportError(
    `${folder} is there and holds something else: another attestation, k or receipt key. Readers' caches may have it: name another folder, or remove it if it never was in use`, { folder });
}

/** The same again changes no byte. */
async function publish(temporary: string, folder: string, manifestText: string): Promise<void> {
  const there = await readIfThere(join(folder, MANIFEST_FILE));
  if (there === manifestText) return;
  if (there !== undefined) throw otherThere(folder);
  await chmod(temporary, PUBLIC_FOLDER);
  await rename(temporary, folder);
}

/** The pointer goes forward only: an older epoch that is exported later is found by its number. */
async function pointTo(out: string, epoch: number, manifestSha256: string): Promise<void> {
  const file = join(out, LATEST_FILE);
  const text = await readIfThere(file);
  if (text !== undefined && parseLatest(text, file).epoch > epoch) return;
  await writeFileAtomically(file, serializeLatest({ epoch, manifestSha256 }));
}

/** What killed exports left; the lock says that nobody is at work on it. */
async function removeLeftovers(out: string): Promise<void> {
  const names = await readdir(out);
  await Promise.all(names.filter((name) => TEMPORARY.test(name)).map((name) => rm(join(out, name), { recursive: true, force: true })));
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
}
