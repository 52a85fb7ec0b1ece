import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { EncodingError, RowLengthError, SourceReadError } from './import-errors.js';

/** Bytes to import, read once and in pieces. */
export interface ByteSource {
  /** Shown in messages. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Longest row in characters: room for hundreds of holdings, and a bound on what a hostile file makes us hold. */
export const MAX_ROW_LENGTH = 65_536;

/** A line and its number from 1. */
export interface Line {
  readonly text: string;
  readonly row: number;
}

/** A file; a name that ends in .gz is decompressed on the way. Opened when reading begins. */
export function fileSource(path: string): ByteSource {
  return { name: path, bytes: openFile(path) };
}

async function* openFile(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  // The callback has nothing to do: pipeline hands an error of the file on to the stream that is being read.
  const bytes = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  yield* bytes as AsyncIterable<Uint8Array>;
}

/** The text of a source in pieces, a byte order mark dropped. @throws SourceReadError, EncodingError */
export async function* decodeUtf8(source: ByteSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch (cause) {
      throw new EncodingError({ file: source.name }, 'not UTF-8: export the file as UTF-8', { cause });
    }
  };
  try {
    for await (const piece of source.bytes) yield decode(piece);
  } catch (cause) {
    if (cause instanceof ClearproofError) throw cause;
    throw new SourceReadError({ file: source.name }, `cannot be read (${messageOf(cause)}): check path, rights and compression`, { cause });
  }
  yield decode();
}

/** The non-empty lines of a text, ended by LF or CRLF. @throws RowLengthError */
export async function* linesOf(text: AsyncIterable<string>, file: string): AsyncGenerator<Line> {
  let rest = '';
  let row = 0;
  const checked = (line: string): string => {
    if (line.length > MAX_ROW_LENGTH) {
      throw new RowLengthError({ file, row: row + 1 }, `the line is longer than ${MAX_ROW_LENGTH} characters: write one account a line`);
    }
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const content = checked(line);
      row += 1;
      if (content !== '') yield { text: content, row };
    }
    checked(rest);
  }
  const last = checked(rest);
  if (last !== '') yield { text: last, row: row + 1 };
}
