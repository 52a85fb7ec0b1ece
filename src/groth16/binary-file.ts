import { ClearproofError } from '../error/clearproof-error.js';

/** A .r1cs, .zkey or .wtns file does not have the layout it must have. */
export class BinaryFileError extends ClearproofError {
  readonly code = 'BINARY_FILE';
}

const HEADER_BYTES = 12;
const SECTION_HEADER_BYTES = 12;

type Magic = 'r1cs' | 'zkey' | 'wtns';

/** A range of a file's bytes. */
export interface FileRange {
  readonly position: number;
  readonly length: number;
}

/**
 * Splits one of iden3's binary files into its sections, without copying: each is a view of `bytes`.
 *
 * @param magic the four letters the file starts with
 * @param file what the file is called in errors
 * @throws BinaryFileError for another kind of file, one cut short, or one with a section twice
 */
export function readSections(bytes: Uint8Array, magic: Magic, file: string): ReadonlyMap<number, Uint8Array> {
  const view = ({ position, length }: FileRange): Uint8Array => bytes.subarray(position, position + length);
  const walk = sectionRanges(bytes.length, magic, file);
  let step = walk.next();
  while (step.done !== true) step = walk.next(view(step.value));
  return new Map([...step.value].map(([id, range]) => [id, view(range)]));
}

/**
 * Where the sections of a file lie that need not be in memory: yields the ranges it wants to read, and takes their bytes.
 *
 * @param size of the file, bytes
 * @throws BinaryFileError as readSections
 */
export function* sectionRanges(size: number, magic: Magic, file: string): Generator<FileRange, ReadonlyMap<number, FileRange>, Uint8Array> {
  const header = yield { position: 0, length: Math.min(HEADER_BYTES, size) };
  if (header.length < HEADER_BYTES || String.fromCharCode(...header.subarray(0, 4)) !== magic) {
    throw new BinaryFileError(`${file} is not a .${magic} file: build it again`, { file });
  }
  const count = viewOf(header).getUint32(8, true);
  const sections = new Map<number, FileRange>();
  let position = HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    if (position + SECTION_HEADER_BYTES > size) throw cutShort(file);
    const view = viewOf(yield { position, length: SECTION_HEADER_BYTES });
    const id = view.getUint32(0, true);
    const length = Number(view.getBigUint64(4, true));
    position += SECTION_HEADER_BYTES;
    if (position + length > size) throw cutShort(file);
    if (sections.has(id)) throw new BinaryFileError(`${file} has section ${id} twice: build it again`, { file, section: id });
    sections.set(id, { position, length });
    position += length;
  }
  if (position !== size) throw new BinaryFileError(`${file} has bytes after its last section: build it again`, { file });
  return sections;
}

/** The named section, or BinaryFileError. `minimum` is the least length in bytes that the caller will read. */
export function requireSection(sections: ReadonlyMap<number, Uint8Array>, id: number, minimum: number, file: string): Uint8Array {
  const section = sections.get(id);
  if (section === undefined) throw new BinaryFileError(`${file} lacks section ${id}: build it again`, { file, section: id });
  if (section.length < minimum) throw cutShort(file);
  return section;
}

/** One file out of sections, in the order given. */
export function writeSections(magic: string, version: number, sections: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const total = sections.reduce((sum, [, body]) => sum + SECTION_HEADER_BYTES + body.length, HEADER_BYTES);
  const bytes = new Uint8Array(total);
  const view = viewOf(bytes);
  bytes.set(new TextEncoder().encode(magic), 0);
  view.setUint32(4, version, true);
  view.setUint32(8, sections.length, true);
  let position = HEADER_BYTES;
  for (const [id, body] of sections) {
    view.setUint32(position, id, true);
    view.setBigUint64(position + 4, BigInt(body.length), true);
    bytes.set(body, position + SECTION_HEADER_BYTES);
    position += SECTION_HEADER_BYTES + body.length;
  }
  return bytes;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Unsigned little-endian integer of any length. */
export function readLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  const view = viewOf(bytes);
  let position = bytes.length;
  for (; position >= 8; position -= 8) value = (value << 64n) | view.getBigUint64(position - 8, true);
  for (; position > 0; position--) value = (value << 8n) | BigInt(bytes[position - 1] ?? 0);
  return value;
}

/** `value` as `length` little-endian bytes. Requires 0 <= value < 256^length. */
export function littleEndian(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let index = 0; index < length; index++) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

function cutShort(file: string): BinaryFileError {
  return new BinaryFileError(`${file} is cut short: build it again`, { file });
}
