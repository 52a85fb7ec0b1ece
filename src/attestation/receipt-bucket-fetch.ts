import { sha256OfText } from './canonical-json.js';
import { BucketDamagedError } from './receipt-bucket-errors.js';
import { MAX_COMMON_LENGTH, MAX_LATEST_LENGTH, MAX_MANIFEST_LENGTH, parseLatest, parseManifest } from './receipt-bucket-format.js';
import { checkBucketPrivacy, openBucketReceipt, type OpenedReceipt, type PrivacyFloor } from './receipt-bucket-open.js';
import { bucketNumber } from './receipt-bucket-secrets.js';
import { bucketFile, COMMON_FILE, LATEST_FILE, MANIFEST_FILE } from './receipt-bucket.js';

/** Reads a file of an export, by its name below the export's folder. @param most bytes that are read; more is an error of the reader's */
export type ReadBucketFile = (name: string, most: number) => Promise<Uint8Array>;

export interface BucketFetch extends PrivacyFloor {
  readonly accessKey: Uint8Array;
  /** The newest one when not given. */
  readonly epoch?: number;
}

export interface FetchedReceipt extends OpenedReceipt {
  readonly bucket: number;
  readonly k: number;
}

/** UTF-8 has up to three bytes for a code unit. */
const BYTES_A_UNIT = 3;

/**
 * Fetches what opening an access key's receipt takes, and nothing else: the pointer (unless the epoch is given), manifest, common
 * part and one bucket, in this order. The bucket only once the manifest is found to hide the reader.
 *
 * @throws BucketPrivacyError before the bucket, the errors of openBucketReceipt, and what `read` throws
 */
export async function fetchBucketReceipt(read: ReadBucketFile, { accessKey, epoch, ...floor }: BucketFetch): Promise<FetchedReceipt> {
  const text = async (name: string, most: number): Promise<string> => textOf(name, await read(name, BYTES_A_UNIT * most));
  const latest = epoch === undefined ? parseLatest(await text(LATEST_FILE, MAX_LATEST_LENGTH)) : undefined;
  const folder = (epoch ?? latest?.epoch ?? 0).toString();
  const manifestText = await text(`${folder}/${MANIFEST_FILE}`, MAX_MANIFEST_LENGTH);
  if (latest !== undefined && sha256OfText(manifestText) !== latest.manifestSha256) {
    throw new BucketDamagedError(`${MANIFEST_FILE} is not what ${LATEST_FILE} names: load it again, and if it stays so tell the venue`, { file: MANIFEST_FILE });
  }
  const manifest = parseManifest(manifestText);
  if (manifest.epoch.toString() !== folder) throw new BucketDamagedError(`the folder of epoch ${folder} has the manifest of epoch ${manifest.epoch}: tell the venue`, { file: MANIFEST_FILE });
  checkBucketPrivacy(manifest, floor);
  const commonText = await text(`${folder}/${COMMON_FILE}`, MAX_COMMON_LENGTH);
  const bucket = await bucketNumber(accessKey, manifest);
  const bucketBytes = await read(`${folder}/${bucketFile(bucket)}`, manifest.entryBytes * manifest.entriesPerBucket);
  return { ...await openBucketReceipt({ manifestText, commonText, bucketBytes, accessKey }), bucket, k: manifest.k };
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    // A byte order mark stays and is refused with the rest that is no JSON of ours.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BucketDamagedError(`${name} is no UTF-8: load it again, and if it stays so tell the venue`, { file: name }, { cause });
  }
}
