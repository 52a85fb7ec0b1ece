/*
 * circom fills a template's variables with constants one by one, and copies Poseidon's whole table into every one of its rounds
 * that way: most of a generator's code, and a third of its time, are those copies. Here a run of them becomes one copy of memory.
 * The module computes the same. What is not understood stays as it is.
 */

const CODE_SECTION = 10;
const CUSTOM_SECTION = 0;
const FUNCTION_NAMES = 1;
const HEADER_BYTES = 8;
/** circom's routine that copies one element, and how many bytes an element takes in its memory. */
const COPY_ELEMENT = 'Fr_copy';
const ELEMENT_STRIDE = 40;
/** A copy of memory leaves WebAssembly: below about so many elements single copies are as fast. */
const SHORTEST_RUN = 8;

const LOCAL_GET = 0x20;
const I32_CONST = 0x41;
const I32_ADD = 0x6a;
const I32_MUL = 0x6c;
const CALL = 0x10;
const MEMORY_COPY = [0xfc, 10, 0, 0];

/** The module with runs of copied constants taken together. @param wasm a circuit's generator as circom writes it; it is not changed */
export function withCopiesTogether(wasm: Uint8Array): Uint8Array {
  const sections = sectionsOf(wasm);
  const copy = sections.flatMap(({ id, content }) => (id === CUSTOM_SECTION ? functionNamed(content, COPY_ELEMENT) : []))[0];
  if (copy === undefined) return wasm;
  const rewritten = sections.flatMap(({ id, content }) => {
    const parts = id === CODE_SECTION ? codeWithCopiesTogether(content, copy) : [content];
    return [Uint8Array.of(id), unsigned(lengthOf(parts)), ...parts];
  });
  return joined([wasm.subarray(0, HEADER_BYTES), ...rewritten]);
}

function sectionsOf(wasm: Uint8Array): { readonly id: number; readonly content: Uint8Array }[] {
  const reader = new Reader(wasm, HEADER_BYTES);
  const sections = [];
  while (!reader.atEnd) sections.push({ id: reader.byte(), content: reader.bytes(reader.unsigned()) });
  return sections;
}

/** Indices of functions with this name, from a custom section if it is that of names. */
function functionNamed(custom: Uint8Array, wanted: string): number[] {
  const reader = new Reader(custom, 0);
  if (reader.text() !== 'name') return [];
  while (!reader.atEnd) {
    const [kind, content] = [reader.byte(), reader.bytes(reader.unsigned())];
    if (kind !== FUNCTION_NAMES) continue;
    const names = new Reader(content, 0);
    for (let left = names.unsigned(); left > 0; left -= 1) {
      const index = names.unsigned();
      if (names.text() === wanted) return [index];
    }
  }
  return [];
}

function codeWithCopiesTogether(code: Uint8Array, copy: number): Uint8Array[] {
  const reader = new Reader(code, 0);
  const count = reader.unsigned();
  const parts = [unsigned(count)];
  for (let left = count; left > 0; left -= 1) {
    const body = bodyWithCopiesTogether(reader.bytes(reader.unsigned()), copy);
    parts.push(unsigned(lengthOf(body)), ...body);
  }
  return parts;
}

/** One constant that goes to `base` + 40 * `place`, from `source`: what stands between two places of a body. */
interface ConstantCopy {
  readonly place: number;
  readonly base: number;
  readonly source: number;
  /** Where the source's number starts and where the copy ends. */
  readonly sourceAt: number;
  readonly end: number;
}

/** A function's body in pieces. */
function bodyWithCopiesTogether(body: Uint8Array, copy: number): Uint8Array[] {
  const reader = new Reader(body, 0);
  for (let groups = reader.unsigned(); groups > 0; groups -= 1) {
    reader.unsigned();
    reader.byte();
  }
  const pieces: Uint8Array[] = [];
  let kept = 0;
  while (!reader.atEnd) {
    const start = reader.at;
    const first = constantCopy(reader, copy);
    if (first === undefined) {
      reader.at = start;
      if (!reader.skipInstruction()) return [body];
      continue;
    }
    let [last, length] = [first, 1];
    for (;;) {
      const next = constantCopy(reader, copy);
      if (next === undefined || next.base !== first.base || next.place !== first.place + length || next.source !== first.source + ELEMENT_STRIDE * length) break;
      [last, length] = [next, length + 1];
    }
    reader.at = last.end;
    if (length < SHORTEST_RUN) continue;
    const together = Uint8Array.of(...signed(first.source), I32_CONST, ...signed(ELEMENT_STRIDE * length), ...MEMORY_COPY);
    pieces.push(body.subarray(kept, first.sourceAt), together);
    kept = last.end;
  }
  return [...pieces, body.subarray(kept)];
}

/** What circom writes for one element: i32.const place, 40, i32.mul, local.get base, i32.add, i32.const source, call. */
function constantCopy(reader: Reader, copy: number): ConstantCopy | undefined {
  if (!reader.takes(I32_CONST)) return undefined;
  const place = reader.signed();
  if (!reader.takes(I32_CONST) || reader.signed() !== ELEMENT_STRIDE || !reader.takes(I32_MUL) || !reader.takes(LOCAL_GET)) return undefined;
  const base = reader.unsigned();
  if (!reader.takes(I32_ADD) || !reader.takes(I32_CONST)) return undefined;
  const sourceAt = reader.at;
  const source = reader.signed();
  if (!reader.takes(CALL) || reader.unsigned() !== copy) return undefined;
  return { place, base, source, sourceAt, end: reader.at };
}

/** Reads a module's bytes. */
class Reader {
  constructor(
    private readonly data: Uint8Array,
    public at: number,
  ) {}

  get atEnd(): boolean {
    return this.at >= this.data.length;
  }

  byte(): number {
    return this.data[this.at++] ?? 0;
  }

  takes(opcode: number): boolean {
    return this.byte() === opcode;
  }

  bytes(length: number): Uint8Array {
    return this.data.subarray(this.at, (this.at += length));
  }

  text(): string {
    return new TextDecoder().decode(this.bytes(this.unsigned()));
  }

  /** LEB128, below 2^32. */
  unsigned(): number {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return value >>> 0;
    }
  }

  signed(): number {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return shift < 32 && (byte & 0x40) !== 0 ? value | (-1 << shift) : value;
    }
  }

  /** Goes past one instruction with its operands. @returns false for one that circom does not write */
  skipInstruction(): boolean {
    const opcode = this.byte();
    if (opcode >= 0x28 && opcode <= 0x3e) return this.skipNumbers(2);
    if (opcode === 0x11) return this.skipNumbers(2);
    const oneNumber = (opcode >= 0x02 && opcode <= 0x04) || opcode === 0x0c || opcode === 0x0d || opcode === CALL
      || (opcode >= LOCAL_GET && opcode <= 0x24) || (opcode >= 0x3f && opcode <= 0x42);
    if (oneNumber) return this.skipNumbers(1);
    return opcode <= 0x01 || opcode === 0x05 || opcode === 0x0b || opcode === 0x0f || opcode === 0x1a || opcode === 0x1b || (opcode >= 0x45 && opcode <= 0xc4);
  }

  private skipNumbers(count: number): boolean {
    for (let left = count; left > 0; left -= 1) while (this.byte() >= 0x80);
    return true;
  }
}

function unsigned(value: number): Uint8Array {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.of(...bytes, rest);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function signed(value: number): number[] {
  const bytes = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f;
    if (rest >> 6 === 0 || rest >> 6 === -1) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
