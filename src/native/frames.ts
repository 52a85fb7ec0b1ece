/** Kinds of requests of docs/decisions/0011. */
export const REQUEST = { hello: 0, prove: 1, hash: 2 } as const;

/** What came back. */
export interface Answer {
  readonly status: 'done' | 'refused';
  readonly body: Uint8Array;
}

const LENGTH_BYTES = 4;
/** Of the length, and of the kind or status. */
const HEADER_BYTES = LENGTH_BYTES + 1;
const MOST_FRAME = 2 ** 32 - 1;

/** What goes before a body: length of what follows, and kind. @throws RangeError for a body of 4 GiB */
export function requestHeader(kind: number, body: readonly Uint8Array[]): Uint8Array {
  const length = body.reduce((sum, piece) => sum + piece.length, 1);
  if (length > MOST_FRAME) throw new RangeError(`a request of ${length} bytes fits no frame`);
  const header = new Uint8Array(HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, length, true);
  header[LENGTH_BYTES] = kind;
  return header;
}

/** Puts answers together from what a pipe delivers. */
export class AnswerReader {
  private pieces: Buffer[] = [];
  private held = 0;
  /** Of the frame that is being read, header included; known once its length was read. */
  private expected: number | undefined;

  /** @param mostBytes longest body that the next answer may have */
  constructor(private readonly mostBytes: () => number) {}

  /** Answers that are complete with this chunk. @throws Error for what is no frame; then nothing more can be read */
  *add(chunk: Buffer): Generator<Answer> {
    this.pieces.push(chunk);
    this.held += chunk.length;
    for (;;) {
      if (this.expected === undefined && this.held >= LENGTH_BYTES) this.expected = this.frameLength();
      if (this.expected === undefined || this.held < this.expected) return;
      const all = this.pieces.length === 1 ? this.pieces[0] as Buffer : Buffer.concat(this.pieces, this.held);
      const frame = all.subarray(0, this.expected);
      const rest = all.subarray(this.expected);
      [this.pieces, this.held, this.expected] = [rest.length === 0 ? [] : [rest], rest.length, undefined];
      yield answerOf(frame);
    }
  }

  private frameLength(): number {
    if ((this.pieces[0] as Buffer).length < LENGTH_BYTES) this.pieces = [Buffer.concat(this.pieces, this.held)];
    const length = (this.pieces[0] as Buffer).readUInt32LE(0);
    if (length < 1 || length > this.mostBytes() + 1) throw new Error(`an answer of ${length} bytes`);
    return LENGTH_BYTES + length;
  }
}

function answerOf(frame: Buffer): Answer {
  const status = frame[LENGTH_BYTES] as number;
  if (status > 1) throw new Error(`an answer of status ${status}`);
  return { status: status === 0 ? 'done' : 'refused', body: frame.subarray(HEADER_BYTES) };
}
