import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import type { ReadBucketFile } from './receipt-bucket-fetch.js';

/** A file of an export cannot be read, or is larger than it can be. */
export class BucketReadError extends ClearproofError {
  readonly code = 'BUCKET_READ';
}

const TIMEOUT_MILLISECONDS = 60_000;
/** For browsers; Node keeps no cache, and its types know of none. */
const KEPT_NOWHERE = { cache: 'no-store' } as const;

/**
 * Reads the files of an export from an address. Runs in browsers. Nothing but the file's name is sent: no cookie, no referrer, no redirect to
 * another place, and no cache keeps what came.
 *
 * @param base as readBucketBase gives it
 */
export function remoteBuckets(base: string): ReadBucketFile {
  return (name, most) => readRemote(`${base}${name}`, most);
}

/** @throws BucketReadError */
async function readRemote(url: string, most: number): Promise<Uint8Array> {
  let response: Response;
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    response = await fetch(url, {
      ...KEPT_NOWHERE, redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (!response.ok) throw new BucketReadError(`${url} is answered with status ${response.status}: check the address and the epoch`, { url });
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
      length += read.value.length;
      if (length > most) {
        await reader?.cancel();
        throw tooLarge(url, most);
      }
      pieces.push(read.value);
    }
  } catch (cause) {
    if (cause instanceof BucketReadError) throw cause;
    throw new BucketReadError(`${url} cannot be loaded (${messageOf(cause)}): check the address`, { url }, { cause });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function tooLarge(place: string, most: number): BucketReadError {
  return new BucketReadError(`${place} has more than ${most} bytes, which no such file has: tell the venue`, { place });
}
