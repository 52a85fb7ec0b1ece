import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { parseStrictJson } from '../../attestation/strict-json.js';
import type { JsonObjectValue, JsonValue } from '../../attestation/canonical-json.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { TooLargeError } from '../service-errors.js';
import type { ApiLimits } from './api-limits.js';
import { MediaTypeError, RequestAbortedError, RequestCompressionError, RequestJsonError, RequestTimeoutError, UnexpectedBodyError } from './request-errors.js';
import type { BodyRule, IncomingBody } from './route.js';
import type { TSchema } from 'typebox';

const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];
const BODY_PLACE = { file: 'body' };

type BodyLimits = Pick<ApiLimits, 'bodyGrace' | 'slowestBytesPerSecond' | 'uploadBytes' | 'decompressedBytes'>;

/**
 * Refuses by its headers, before a byte is read, a body that the route does not take.
 * @throws UnexpectedBodyError, MediaTypeError, TooLargeError
 */
export function checkBodyHeaders(request: IncomingMessage, rule: BodyRule<TSchema>, limits: BodyLimits): void {
  const { headers } = request;
  const length = Number(headers['content-length'] ?? 0);
  const any = length > 0 || headers['transfer-encoding'] !== undefined;
  if (rule.kind === 'none') {
    if (any) throw new UnexpectedBodyError('this route takes no body: send none');
    return;
  }
  const taken = rule.kind === 'stream' ? rule.mediaTypes : ['application/json'];
  if (!taken.includes(mediaTypeOf(headers['content-type']))) {
    throw new MediaTypeError(`this route takes ${taken.join(' or ')}, in UTF-8: name it in Content-Type`);
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && !(rule.kind === 'stream' && encoding === 'gzip')) {
    throw new MediaTypeError(rule.kind === 'stream' ? 'the Content-Encoding may be gzip or none' : 'this route takes no Content-Encoding');
  }
  const atMost = rule.kind === 'stream' ? limits.uploadBytes : rule.maxBytes;
  if (length > atMost) throw tooLarge(atMost);
}

/** The value of a JSON body, or its text. @throws RequestJsonError, TooLargeError, RequestTimeoutError, RequestAbortedError */
export async function readJsonBody(request: IncomingMessage, rule: Extract<BodyRule<TSchema>, { readonly maxBytes: number }>, limits: BodyLimits): Promise<JsonValue> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(request, rule.maxBytes, limits)) pieces.push(piece);
  const text = decode(Buffer.concat(pieces));
  const value = parseJson(text, rule.maxBytes);
  return rule.kind === 'json-text' ? text : value;
}

/** The body as it comes in, decompressed. Ending it early leaves the connection fit for an answer. */
export function streamBody(request: IncomingMessage, limits: BodyLimits): IncomingBody {
  const mediaType = mediaTypeOf(request.headers['content-type']);
  const pieces = piecesOf(request, limits.uploadBytes, limits);
  if (request.headers['content-encoding'] !== 'gzip') return { bytes: Readable.from(pieces, { objectMode: false }), mediaType };
  const count = { bytes: 0 };
  // The callback has nothing to do: pipeline hands an error of either on to whoever reads the other.
  const unzipped = pipeline(Readable.from(counted(pieces, count), { objectMode: false }), createGunzip(), () => undefined);
  return { bytes: Readable.from(atMost(wholly(unzipped, count), limits.decompressedBytes), { objectMode: false }), mediaType };
}

async function* counted(pieces: AsyncIterable<Uint8Array>, count: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    count.bytes += piece.length;
    yield piece;
  }
}

/** What was decompressed, once all that was sent was part of it: zlib drops without a word whatever follows a zero byte after the end. */
async function* wholly(unzipped: Gunzip, sent: { readonly bytes: number }): AsyncGenerator<Uint8Array> {
  yield* unzipped as AsyncIterable<Uint8Array>;
  if (unzipped.bytesWritten !== sent.bytes) throw new RequestCompressionError('bytes that are not gzip follow the end of the body: compress it again, or send it as it is');
}

/**
 * Pieces of a request that comes in fast enough. Only waiting for the sender counts: a sender that is held back, because the
 * service is busy with what came before, is not slow.
 */
async function* piecesOf(request: IncomingMessage, maxBytes: number, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
  let bytes = 0;
  let waited = 0;
  try {
    for (;;) {
      const since = performance.now();
      const patience = limits.bodyGrace + (bytes * 1000) / limits.slowestBytesPerSecond - waited;
      const next = await withinTime(pieces.next(), patience);
      waited += performance.now() - since;
      if (next.done === true) return;
      bytes += next.value.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield next.value;
    }
  } catch (cause) {
    if (cause instanceof ClearproofError) throw cause;
    throw new RequestAbortedError('the connection ended in the middle of the body', {}, { cause });
  } finally {
    // Not awaited: it waits for a piece that a slow sender may never send.
    void pieces.return?.().catch(() => undefined);
  }
}

async function withinTime<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new RequestTimeoutError('the body came in too slowly: send it again over a faster line')), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws TooLargeError, RequestCompressionError */
async function* atMost(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  try {
    for await (const piece of bytes) {
      seen += piece.length;
      if (seen > maxBytes) throw new TooLargeError(`the body is larger than ${maxBytes} bytes once decompressed: split the venue or ask the operator`, { maxBytes });
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof ClearproofError) throw cause;
    throw new RequestCompressionError('the body is not gzip, or ends in the middle: compress it again, or send it as it is', {}, { cause });
  }
}

function tooLarge(maxBytes: number): TooLargeError {
  return new TooLargeError(`the body is larger than the ${maxBytes} bytes that this route takes`, { maxBytes });
}

/** The type without its parameters; empty when a charset other than UTF-8 is named. */
function mediaTypeOf(header: string | undefined): string {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';').map((one) => one.trim());
  const charset = parameters.find((one) => one.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' ? type : '';
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new RequestJsonError('the body is not UTF-8', {}, { cause });
  }
}

function parseJson(text: string, maxLength: number): JsonValue {
  let value: JsonValue;
  try {
    value = parseStrictJson(text, BODY_PLACE, maxLength);
  } catch (cause) {
    if (cause instanceof ClearproofError) throw new RequestJsonError(cause.message, {}, { cause });
    throw cause;
  }
  refuseKeys(value);
  return value;
}

/** Recursion is bounded by the parser's depth. */
function refuseKeys(value: JsonValue): void {
  if (typeof value !== 'object') return;
  for (const [name, member] of Object.entries<JsonValue>(value as JsonObjectValue)) {
    if (FORBIDDEN_KEYS.includes(name)) throw new RequestJsonError(`the body has the key "${name}": remove it`);
    refuseKeys(member);
  }
}
