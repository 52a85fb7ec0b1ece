import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { zKey, type Logger, type PagedFile } from 'snarkjs';
import { bytesToHex } from '@noble/hashes/utils';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { temporaryName } from '../file/atomic-file.js';
import { fileSha256 } from '../file/file-sha256.js';
import { LEAST_BEACON_ITERATIONS, MOST_BEACON_ITERATIONS, nameInKey, readContributions, verifyContributions, type Contributions } from './contributions.js';
import { requireCurve } from './curves.js';
import { requireLineage, type PointsProgress } from './key-lineage.js';

/** A step of phase 2 could not be done, or snarkjs says that a key is not right. */
export class PhaseTwoError extends ClearproofError {
  readonly code = 'PHASE_TWO';
}

/** A key that was made. */
export interface MadeKey {
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
}

const BLOCK_HASH = /^[0-9a-f]{64}$/;
/** What snarkjs keeps of a file, and reads at once. Its own defaults for a contribution (64 KiB and 8 KiB) make more calls than work. */
const CACHE_BYTES = 1 << 24;
const PAGE_BYTES = 1 << 20;

/**
 * Makes a circuit's initial key. Anyone who does gets the same bytes; it has no contribution, and whoever uses it is open to forgery.
 *
 * @param r1cs path of the compiled circuit
 * @param ptau path of a phase-1 file prepared for phase 2, checked by the caller
 * @throws PhaseTwoError
 */
export async function initialKey(
  { r1cs, ptau, out, progress }: { readonly r1cs: string; readonly ptau: string; readonly out: string; readonly progress?: PointsProgress },
): Promise<MadeKey & { readonly circuitHash: string }> {
  const circuitHash = await writeWhole(out, `the initial key of ${r1cs}`, async (file, logger) => {
    // snarkjs tells of a circuit that is too large, or a file not prepared, by -1 and a line of its log.
    const hash = await zKey.newZKey(paged(r1cs), paged(ptau), paged(file), logger);
    return hash === -1 ? undefined : bytesToHex(hash);
  }, progress);
  return { circuitHash, sha256: await fileSha256(out) };
}

/**
 * Adds a contribution to a key. Its secret comes from the system's generator and `entropy` together, so that either alone suffices; it is never
 * written anywhere and is gone with the process (JavaScript cannot wipe it before that).
 *
 * @param name 1 to 64 UTF-16 units are kept
 * @param entropy any number of bytes, none too
 * @throws PhaseTwoError; ContributionError for a key that is broken or has its beacon
 */
export async function contributeToKey(
  { from, to, name, entropy, progress }:
  { readonly from: string; readonly to: string; readonly name: string; readonly entropy: Uint8Array; readonly progress?: PointsProgress },
): Promise<MadeKey & { readonly contributionHash: string }> {
  const seed = createHash('sha512').update(randomBytes(64)).update(entropy).digest('hex');
  return extend({ from, to, what: `a contribution to ${from}`, progress }, (file, logger) => zKey.contribute(paged(from), paged(file), nameInKey(name), seed, logger));
}

/**
 * Ends a key's contributions with a beacon. Anyone who does gets the same bytes.
 *
 * @param blockHash 64 lower-case hex digits
 * @param iterations hashing is repeated 2^iterations times
 * @throws PhaseTwoError; ContributionError for a key that is broken or has its beacon
 */
export async function applyBeacon(
  { from, to, name, blockHash, iterations, progress }:
  { readonly from: string; readonly to: string; readonly name: string; readonly blockHash: string; readonly iterations: number; readonly progress?: PointsProgress },
): Promise<MadeKey & { readonly contributionHash: string }> {
  if (!BLOCK_HASH.test(blockHash)) throw new PhaseTwoError("the beacon's block hash must be 64 lower-case hex digits without 0x", { field: 'blockHash' });
  if (!Number.isSafeInteger(iterations) || iterations < LEAST_BEACON_ITERATIONS || iterations > MOST_BEACON_ITERATIONS) {
    throw new PhaseTwoError(`the beacon's iterations must be ${LEAST_BEACON_ITERATIONS} to ${MOST_BEACON_ITERATIONS}`, { field: 'iterations' });
  }
  return extend({ from, to, what: `the beacon on ${from}`, progress }, async (file, logger) => {
    const hash = await zKey.beacon(paged(from), paged(file), nameInKey(name), blockHash, iterations, logger);
    return hash === false ? undefined : hash;
  });
}

/**
 * Checks a key against the initial key that the caller has checked (verifyInitialKey): with this project's own checks, then with snarkjs, whose word others can repeat.
 *
 * @param initial, ptau, zkey paths
 * @returns the contributions in the key; their number and the beacon's value are the caller's to judge
 * @throws KeyLineageError, ContributionError, BinaryFileError, PhaseTwoError
 */
export async function verifyAgainstInitial(
  { initial, ptau, zkey, progress }: { readonly initial: string; readonly ptau: string; readonly zkey: string; readonly progress?: PointsProgress },
): Promise<Contributions> {
  const start = await readKey(initial);
  if (readContributions(start, initial).contributions.length > 0) throw new PhaseTwoError(`${initial} has contributions: an initial key has none, rebuild it`, { file: initial });
  const contributions = await requireLineage({ zkey: start, file: initial }, { zkey: await readKey(zkey), file: zkey }, progress);
  await requireCurve();
  const log = new LineLog(progress);
  const what = `snarkjs does not verify ${zkey}`;
  const verified = await attemptSnarkjs(what, log, () => zKey.verifyFromInit(paged(initial), paged(ptau), paged(zkey), log));
  if (!verified) throw new PhaseTwoError(`${what}${log.lastError()}: do not use this key`, { file: zkey });
  return contributions;
}

/**
 * Checks a key against the one before it, which the caller trusts: the newest contribution alone. Needs no phase-1 file.
 *
 * @param before, zkey paths
 * @throws KeyLineageError, ContributionError, BinaryFileError, PhaseTwoError
 */
export async function verifyAgainstPrevious(
  { before, zkey, progress }: { readonly before: string; readonly zkey: string; readonly progress?: PointsProgress },
): Promise<Contributions> {
  return requireLineage({ zkey: await readKey(before), file: before }, { zkey: await readKey(zkey), file: zkey }, progress);
}

interface Extension {
  readonly from: string;
  readonly to: string;
  readonly what: string;
  readonly progress: PointsProgress | undefined;
}

/** Checks the contributions before and after: whoever adds to a broken key has contributed to nothing. */
async function extend({ from, to, what, progress }: Extension, make: (file: string, logger: Logger) => Promise<Uint8Array | undefined>): Promise<MadeKey & { readonly contributionHash: string }> {
  const before = await verifyContributions(await readKey(from), from);
  if (before.contributions.at(-1)?.kind === 'beacon') throw new PhaseTwoError(`${from} has its beacon: nobody contributes after it`, { file: from });
  const made = await writeWhole(to, what, async (file, logger) => {
    const told = await make(file, logger);
    if (told === undefined) return undefined;
    const zkey = await readKey(file);
    const { contributions } = await verifyContributions(zkey, to);
    const last = contributions.at(-1);
    if (contributions.length !== before.contributions.length + 1 || last?.hash !== bytesToHex(told)) {
      throw new PhaseTwoError(`${what} cannot be found again in the key made: try again`, { file: to });
    }
    return { contributionHash: last.hash, sha256: createHash('sha256').update(zkey).digest('hex') };
  }, progress);
  return made;
}

/** Has snarkjs write beside `out`, and gives the file its name when it is whole and on disk. */
async function writeWhole<Value>(
  out: string,
  what: string,
  write: (file: string, logger: Logger) => Promise<Value | undefined>,
  progress: PointsProgress | undefined,
): Promise<Value> {
  await requireCurve();
  await mkdir(dirname(out), { recursive: true });
  const temporary = temporaryName(out);
  const log = new LineLog(progress);
  try {
    const value = await attemptSnarkjs(`${what} cannot be made`, log, () => write(temporary, log));
    if (value === undefined) throw new PhaseTwoError(`${what} cannot be made${log.lastError()}`, { file: out });
    await syncFile(temporary);
    await rename(temporary, out);
    return value;
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** snarkjs throws plain errors, of the file system too. */
async function attemptSnarkjs<Value>(what: string, log: LineLog, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ClearproofError) throw cause;
    throw new PhaseTwoError(`${what}${log.lastError()} (${messageOf(cause)})`, {}, { cause });
  }
}

/** snarkjs's log: progress out of its lines "what: 10000/65536", and the last error, which its results do not say. */
class LineLog implements Logger {
  private error_ = '';

  constructor(private readonly progress: PointsProgress | undefined) {}

  error(line: string): void {
    this.error_ = line;
  }

  warn(): void {}

  info(): void {}

  debug(line: string): void {
    const match = /^(.+?):\s+(\d+)\/(\d+)$/.exec(line);
    if (match?.[1] !== undefined) this.progress?.(match[1].trim(), Number(match[2]), Number(match[3]));
  }

  lastError(): string {
    return this.error_ === '' ? '' : `: ${this.error_.trim()}`;
  }
}

function paged(fileName: string): PagedFile {
  return { type: 'file', fileName, cacheSize: CACHE_BYTES, pageSize: PAGE_BYTES };
}

async function readKey(file: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file);
    // Not a Buffer: its slice() is a view, and the curve's threads are sent what they get whole.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    throw new PhaseTwoError(`${file} cannot be read (${messageOf(cause)}): give the path of a key`, { file }, { cause });
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
