import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { sha256 } from '../groth16/key-manifest.js';
import { MOST_RECORD_BYTES, MOST_TRANSCRIPT_BYTES, parseAnnouncement, parseContribution, parsePlan, parseTranscript } from './ceremony-format.js';
import type { BeaconAnnouncement, CeremonyPlan, ContributionRecord, Transcript } from './ceremony-records.js';
import { requireAnnounced, requireBeacon, requireFollows, requirePlanned, type RecordFile } from './record-chain.js';

/** A file of the ceremony cannot be read, or is none: too large, a device, not UTF-8. `details.file`. */
export class CeremonyFileError extends ClearproofError {
  readonly code = 'CEREMONY_FILE';
}

/** A file or folder of the ceremony is not there (yet): the folder may still be on its way from where it is shared. `details.file`. */
export class CeremonyIncompleteError extends ClearproofError {
  readonly code = 'CEREMONY_INCOMPLETE';
}

/** Paths in a ceremony's folder. */
export const ceremonyPaths = {
  plan: (directory: string): string => join(directory, 'ceremony.json'),
  announcement: (directory: string): string => join(directory, 'beacon.json'),
  transcript: (directory: string): string => join(directory, 'transcript.json'),
  folder: (directory: string, index: number): string => join(directory, folderName(index)),
  record: (directory: string, index: number): string => join(directory, folderName(index), 'contribution.json'),
  zkey: (directory: string, index: number, circuit: string): string => join(directory, folderName(index), `${circuit}.zkey`),
  /** Each contributor has their own, since several may work in one shared folder at once. */
  partial: (directory: string, index: number, contributor: string): string => join(directory, `.${folderName(index)}.${sha256(contributor).slice(0, 8)}.partial`),
};

/** A ceremony as its folder tells it. Records follow each other; keys have not been looked at. */
export interface CeremonyState {
  readonly directory: string;
  readonly plan: RecordFile<CeremonyPlan>;
  /** Those that are here, ascending; without gaps once `requireWhole` has passed. */
  readonly records: readonly RecordFile<ContributionRecord>[];
  readonly announcement: RecordFile<BeaconAnnouncement> | undefined;
}

const FOLDER = /^[0-9]{4}$/;

/**
 * Reads plan, records and announcement, and checks that each record follows the one before it. Earlier records may be missing:
 * whoever contributes needs the last alone.
 *
 * @throws CeremonyFileError, CeremonyIncompleteError, CeremonyRecordError, CeremonyTextError, CeremonyChainError
 */
export async function readCeremony(directory: string): Promise<CeremonyState> {
  const plan = await readRecord(ceremonyPaths.plan(directory), parsePlan);
  const records: RecordFile<ContributionRecord>[] = [];
  for (const index of await contributionNumbers(directory)) {
    const record = await readRecord(ceremonyPaths.record(directory, index), parseContribution);
    const before = records.at(-1);
    if (index === 1 || before?.value.index === index - 1) requireFollows(plan, before, record);
    else requirePlanned(plan, record);
    requireNumber(record, index);
    records.push(record);
  }
  const announcement = await readOptionalRecord(ceremonyPaths.announcement(directory), parseAnnouncement);
  if (announcement !== undefined) requireAnnounced(plan, records, announcement);
  records.filter(({ value }) => value.kind === 'beacon').forEach((record) => requireBeacon(record, announcement));
  return Object.freeze({ directory, plan, records: Object.freeze(records), announcement });
}

/** Every record from the first is here. @throws CeremonyIncompleteError */
export function requireWhole({ directory, records }: CeremonyState): void {
  const gap = records.findIndex(({ value }, place) => value.index !== place + 1);
  if (gap < 0) return;
  const file = ceremonyPaths.record(directory, gap + 1);
  throw new CeremonyIncompleteError(`${file} is missing, but later contributions are here: fetch it from where the ceremony is published`, { file });
}

/** transcript.json, or undefined. @throws CeremonyFileError, CeremonyRecordError, CeremonyTextError */
export function readTranscriptFile(directory: string): Promise<RecordFile<Transcript> | undefined> {
  return readOptionalRecord(ceremonyPaths.transcript(directory), parseTranscript, MOST_TRANSCRIPT_BYTES);
}

/** Numbers of the contributions' folders, ascending. Whatever else lies in the folder is none of ours. */
export async function contributionNumbers(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new CeremonyFileError(`${directory} cannot be read (${messageOf(cause)}): name the ceremony's folder`, { file: directory }, { cause });
  });
  return names.filter((name) => FOLDER.test(name)).map(Number).filter((index) => index > 0).sort((one, other) => one - other);
}

/** Reads one file of records. @throws CeremonyIncompleteError where it is not there, CeremonyFileError, and what `parse` throws */
export async function readRecord<Value>(file: string, parse: (text: string, file: string) => Value, mostBytes = MOST_RECORD_BYTES): Promise<RecordFile<Value>> {
  const record = await readOptionalRecord(file, parse, mostBytes);
  if (record === undefined) throw new CeremonyIncompleteError(`${file} is not there: wait until the folder is copied whole, or fetch it from where the ceremony is published`, { file });
  return record;
}

/** As readRecord; undefined where it is not there. */
export async function readOptionalRecord<Value>(
  file: string, parse: (text: string, file: string) => Value, mostBytes = MOST_RECORD_BYTES,
): Promise<RecordFile<Value> | undefined> {
  const bytes = await readBounded(file, mostBytes);
  if (bytes === undefined) return undefined;
  return Object.freeze({ file, sha256: sha256(bytes), value: parse(decode(bytes, file), file) });
}

/** The folder is shared: what has a record's name may be anything. */
async function readBounded(file: string, mostBytes: number): Promise<Uint8Array | undefined> {
  const refuse = (problem: string, cause?: unknown): CeremonyFileError => new CeremonyFileError(`${file} ${problem}`, { file }, cause === undefined ? undefined : { cause });
  // Without O_NONBLOCK a pipe of this name would hold the reader for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refuse(`cannot be read (${messageOf(cause)})`, cause);
  });
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw refuse('is not a file');
    if (stat.size > mostBytes) throw refuse(`has ${stat.size} bytes, more than any such file (${mostBytes}): it is none`);
    const bytes = new Uint8Array(stat.size);
    const { bytesRead } = await handle.read(bytes, 0, stat.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CeremonyFileError(`${file} is not UTF-8: get it again from where the ceremony is published`, { file }, { cause });
  }
}

/** Where the record before is not here, nothing else ties a record to its folder. */
function requireNumber({ file, value }: RecordFile<ContributionRecord>, index: number): void {
  if (value.index !== index) throw new CeremonyFileError(`${file} is contribution ${value.index}: it lies in the wrong folder`, { file, index: value.index });
}

function folderName(index: number): string {
  return index.toString().padStart(4, '0');
}
