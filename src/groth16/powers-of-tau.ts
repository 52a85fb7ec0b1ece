import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { readLittleEndian, viewOf } from './binary-file.js';
import { BASE_FIELD_MODULUS } from './curve-points.js';
import { CONTRIBUTIONS, POWERS_SECTIONS, PREPARED_SECTIONS, sectionBytes, type PointSection } from './powers-of-tau-layout.js';
import { readPowersContributions, type PowersContribution } from './powers-of-tau-contributions.js';
import { ELEMENT_BYTES } from './r1cs.js';

/** A phase-1 file cannot be opened or read to its end. */
export class PowersUnreadableError extends ClearproofError {
  readonly code = 'POWERS_UNREADABLE';
}

/** A file is no phase-1 file (.ptau), is cut short, or has sections that do not fit its power. */
export class PowersLayoutError extends ClearproofError {
  readonly code = 'POWERS_LAYOUT';
}

/** A phase-1 file lacks the Lagrange points that keys are made from. */
export class PowersNotPreparedError extends ClearproofError {
  readonly code = 'POWERS_NOT_PREPARED';
}

/** Below 2 some Lagrange points cannot be held against the powers; above 28 the field has no domain. */
const LEAST_POWER = 2;
const MOST_POWER = 28;
const FILE_HEAD = 12;
const SECTION_HEAD = 12;
const HEADER_BYTES = 4 + ELEMENT_BYTES + 8;
/** Far more sections than a phase-1 file has: a bound on the reads that a hostile file causes. */
const MOST_SECTIONS = 32;
/** Thousands of contributions: a bound on what is read at once. */
const MOST_CONTRIBUTION_BYTES = 1 << 24;
const READ_BYTES = 1 << 22;

/** Where a section lies in the file. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Bytes or pieces done of all there are. */
export type ReportProgress = (done: number, total: number) => void;

/**
 * A phase-1 file (.ptau) over BN254, prepared for phase 2: powers of secrets tau, alpha and beta times the generators, and the same
 * as Lagrange points. Published ones reach 288 GiB: it stays on disk, and is read where it is needed. Close it.
 */
export class PowersOfTau {
  private constructor(
    /** File name, without folders. */
    readonly name: string,
    readonly bytes: number,
    /** It serves circuits of up to 2^power rows. */
    readonly power: number,
    /** Power of the ceremony, of whose file this may be a part. */
    readonly ceremonyPower: number,
    /** What the file says of its contributors; only the whole check (snarkjs) holds it against the points. */
    readonly contributions: readonly PowersContribution[],
    private readonly handle: FileHandle,
    private readonly places: ReadonlyMap<number, Place>,
  ) {}

  /**
   * Opens a file and checks its head, and that its sections are those of its power and fill it exactly.
   *
   * @throws PowersUnreadableError, PowersLayoutError, PowersNotPreparedError
   */
  static async open(path: string): Promise<PowersOfTau> {
    const name = basename(path);
    const handle = await readable(path, () => open(path, 'r'));
    try {
      const { size } = await readable(path, () => handle.stat());
      const read = (offset: number, length: number): Promise<Uint8Array> => readExactly(handle, path, offset, length);
      const places = await readPlaces(read, size, name);
      const { power, ceremonyPower } = await readHeader(read, places, name);
      requireSections(places, power, name);
      const listed = places.get(CONTRIBUTIONS) as Place;
      if (listed.length > MOST_CONTRIBUTION_BYTES) throw layout(name, 'lists too many contributions to be read');
      const contributions = readPowersContributions(await read(listed.offset, listed.length), (problem) => layout(name, problem));
      return new PowersOfTau(name, size, power, ceremonyPower, contributions, handle, places);
    } catch (cause) {
      await handle.close();
      throw cause;
    }
  }

  /** One point, affine, as it stands in the file: Montgomery form, unchecked. @throws PowersUnreadableError */
  point(section: PointSection, index: number): Promise<Uint8Array> {
    return this.points(section, index, 1);
  }

  /** The same of `count` points that follow each other. @throws PowersUnreadableError, RangeError when the section does not have them */
  points(section: PointSection, first: number, count: number): Promise<Uint8Array> {
    const { offset, length } = this.places.get(section.id) as Place;
    if ((first + count) * section.pointBytes > length) throw new RangeError(`section ${section.id} ends before point ${first + count}`);
    return readExactly(this.handle, this.name, offset + first * section.pointBytes, count * section.pointBytes);
  }

  /**
   * blake2b-512 of the whole file, lower-case hex, as `b2sum` prints it. Two buffers of 4 MiB, whatever the file's size.
   *
   * @param report called with bytes about every 4 MiB
   * @throws PowersUnreadableError, PowersLayoutError when the file changes its length meanwhile
   */
  async blake2b(report: ReportProgress = () => undefined): Promise<string> {
    const hash = createHash('blake2b512');
    let [current, next] = [new Uint8Array(READ_BYTES), new Uint8Array(READ_BYTES)];
    const fill = (buffer: Uint8Array, offset: number): Promise<number> =>
      readable(this.name, async () => (await this.handle.read(buffer, 0, READ_BYTES, offset)).bytesRead);
    let done = 0;
    let length = await fill(current, 0);
    while (length > 0) {
      // The disk reads on while this thread hashes.
      const reading = fill(next, done + length);
      hash.update(current.subarray(0, length));
      done += length;
      report(done, this.bytes);
      length = await reading;
      [current, next] = [next, current];
    }
    if (done !== this.bytes) throw layout(this.name, `had ${this.bytes} bytes and now has ${done}: something writes to it`);
    return hash.digest('hex');
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

type Read = (offset: number, length: number) => Promise<Uint8Array>;

async function readPlaces(read: Read, size: number, name: string): Promise<ReadonlyMap<number, Place>> {
  const head = size < FILE_HEAD ? new Uint8Array(FILE_HEAD) : await read(0, FILE_HEAD);
  if (new TextDecoder('latin1').decode(head.subarray(0, 4)) !== 'ptau') throw layout(name, 'is no .ptau file');
  if (viewOf(head).getUint32(4, true) !== 1) throw layout(name, 'is a .ptau file of another version than 1');
  const count = viewOf(head).getUint32(8, true);
  if (count > MOST_SECTIONS) throw layout(name, `has ${count} sections`);
  const places = new Map<number, Place>();
  let offset = FILE_HEAD;
  for (let index = 0; index < count; index++) {
    if (offset + SECTION_HEAD > size) throw layout(name, 'is cut short');
    const view = viewOf(await read(offset, SECTION_HEAD));
    const [id, length] = [view.getUint32(0, true), Number(view.getBigUint64(4, true))];
    offset += SECTION_HEAD;
    if (offset + length > size) throw layout(name, `is cut short, in section ${id}`);
    if (places.has(id)) throw layout(name, `has section ${id} twice`);
    places.set(id, { offset, length });
    offset += length;
  }
  if (offset !== size) throw layout(name, 'has bytes after its last section');
  return places;
}

async function readHeader(read: Read, places: ReadonlyMap<number, Place>, name: string): Promise<{ power: number; ceremonyPower: number }> {
  const place = places.get(1);
  if (place?.length !== HEADER_BYTES) throw layout(name, 'has no header of a curve of 32 bytes');
  const header = await read(place.offset, HEADER_BYTES);
  const view = viewOf(header);
  const ours = view.getUint32(0, true) === ELEMENT_BYTES && readLittleEndian(header.subarray(4, 4 + ELEMENT_BYTES)) === BASE_FIELD_MODULUS;
  if (!ours) throw layout(name, 'is over another curve than bn128');
  const [power, ceremonyPower] = [view.getUint32(4 + ELEMENT_BYTES, true), view.getUint32(8 + ELEMENT_BYTES, true)];
  if (power < LEAST_POWER || power > MOST_POWER) throw layout(name, `is of power ${power}, not of ${LEAST_POWER} to ${MOST_POWER}`);
  if (ceremonyPower < power || ceremonyPower > MOST_POWER) throw layout(name, `is of power ${power}, out of a ceremony of power ${ceremonyPower}`);
  return { power, ceremonyPower };
}

function requireSections(places: ReadonlyMap<number, Place>, power: number, name: string): void {
  const prepared = PREPARED_SECTIONS.some(({ id }) => places.has(id));
  const known = [1, CONTRIBUTIONS, ...[...POWERS_SECTIONS, ...PREPARED_SECTIONS].map(({ id }) => id)];
  const unknown = [...places.keys()].find((id) => !known.includes(id));
  if (unknown !== undefined) throw layout(name, `has a section ${unknown}, which no phase-1 file has`);
  if (!places.has(CONTRIBUTIONS)) throw layout(name, 'has no list of contributions');
  for (const section of prepared ? [...POWERS_SECTIONS, ...PREPARED_SECTIONS] : POWERS_SECTIONS) {
    const [length, expected] = [places.get(section.id)?.length, sectionBytes(section, power)];
    if (length === undefined) throw layout(name, `lacks section ${section.id}`);
    if (length !== expected) throw layout(name, `has a section ${section.id} of ${length} bytes, and power ${power} needs ${expected}`);
  }
  if (prepared) return;
  throw new PowersNotPreparedError(`${name} is not prepared for phase 2: run "snarkjs powersoftau prepare phase2", or take a prepared file`, { file: name });
}

async function readExactly(handle: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await readable(path, () => handle.read(bytes, done, length - done, offset + done));
    if (bytesRead === 0) throw layout(basename(path), 'is cut short');
    done += bytesRead;
  }
  return bytes;
}

async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new PowersUnreadableError(`${path} cannot be read (${messageOf(cause)}): check the path`, { file: path }, { cause });
  }
}

function layout(name: string, problem: string): PowersLayoutError {
  return new PowersLayoutError(`${name} ${problem}: get the file again and compare its blake2b-512 with the published one`, { file: name });
}
