import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readBucketBase } from '../../attestation/receipt-bucket-link.js';
import type { ReadBucketFile } from '../../attestation/receipt-bucket-fetch.js';
import { BucketReadError, remoteBuckets, tooLarge } from '../../attestation/receipt-bucket-remote.js';
import { messageOf } from '../../error/clearproof-error.js';

/** Reads an export from a folder or an address. */
export function bucketReader(buckets: string): ReadBucketFile {
  if (!/^[a-z]+:\/\//i.test(buckets)) return (name, most) => readLocal(join(buckets, name), most);
  return remoteBuckets(readBucketBase(buckets));
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
