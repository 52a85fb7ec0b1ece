import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readBucketBase } from '../../attestation/receipt-bucket-link.js';
import type { ReadBucketFile } from '../../attestation/receipt-bucket-fetch.js';
import { ClearproofError, messageOf } from '../../error/clearproof-error.js';

/** A file of an export cannot be read, or is larger than it can be. */
export class BucketReadError extends ClearproofError {
  readonly code = 'BUCKET_READ';
}

const TIMEOUT_MILLISECONDS = 60_000;

/** Reads an export from a folder or an address. */
export function bucketReader(buckets: string): ReadBucketFile {
  if (!/^[a-z]+:\/\//i.test(buckets)) return (name, most) => readLocal(join(buckets, name), most);
  const base = readBucketBase(buckets);
  return (name, most) => readRemote(`${base}${name}`, most);
}

async function readLocal(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new BucketReadError(`${path} cannot be read (${messageOf(cause)}): check the folder and the epoch`, { path }, { cause });
  });
  try {
    const { size } = await file.stat();
    if (size > most) throw tooLarge(path, most);
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

/** Nothing but the address is sent: no cookie, no referrer, no redirect to another place. */
async function readRemote(url: string, most: number): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, { redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  } catch (cause) {
    throw new BucketReadError(`${url} cannot be loaded (${messageOf(cause)}): check the address`, { url }, { cause });
  }
  if (!response.ok) throw new BucketReadError(`${url} is answered with status ${response.status}: check the address and the epoch`, { url });
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += (piece as Uint8Array).length;
    if (length > most) throw tooLarge(url, most);
    pieces.push(piece as Uint8Array);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function tooLarge(place: string, most: number): BucketReadError {
  return new BucketReadError(`${place} has more than ${most} bytes, which no such file has: tell the venue`, { place });
}
