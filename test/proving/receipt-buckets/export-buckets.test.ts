import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLatest, parseManifest } from '../../../src/attestation/receipt-bucket-format.js';
import { openBucketReceipt } from '../../../src/attestation/receipt-bucket-open.js';
import { bucketFile, MAX_BUCKETS, TAG_BYTES, type BucketManifest } from '../../../src/attestation/receipt-bucket.js';
import { BucketCounts } from '../../../src/proving/receipt-buckets/bucket-shape.js';
import { bucketBytes, exportBuckets, type BucketSource } from '../../../src/proving/receipt-buckets/export-buckets.js';
import { bucketSecretsOf } from '../../../src/proving/receipt-buckets/seal-entry.js';
import { ReceiptKey } from '../../../src/store/receipt-keys.js';
import { keysOf, partOf, questionFrom, sourceOf, withFolder } from '../../builders/receipt-buckets.js';

async function manifestIn(out: string, epoch: number): Promise<BucketManifest> {
  return parseManifest(await readFile(join(out, epoch.toString(), 'manifest.json'), 'utf8'));
}

/** Everything an export's folder holds, by name. */
async function contentOf(out: string): Promise<Map<string, string>> {
  const names = (await readdir(out, { recursive: true })).sort();
  const files = await Promise.all(names.map(async (name) => ((await stat(join(out, name))).isDirectory() ? undefined : [name, (await readFile(join(out, name))).toString('hex')] as const)));
  return new Map(files.filter((file) => file !== undefined));
}

describe('the number of buckets', () => {
  const countsOf = (numbers: readonly number[]): BucketCounts => {
    const counts = new BucketCounts();
    numbers.forEach((number) => counts.add(number));
    return counts;
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

  it('is the largest power of two that leaves k accounts in each', () => {
    assert.equal(countsOf(upTo(64)).shape(64, 8).buckets, 8);
    assert.equal(countsOf(upTo(63)).shape(64, 8).buckets, 4);
    assert.equal(countsOf(upTo(127)).shape(128, 8).buckets, 8);
    assert.equal(countsOf(Array.from({ length: 64 }, () => 2)).shape(64, 8).buckets, 1);
    assert.equal(countsOf(upTo(MAX_BUCKETS * 2)).shape(MAX_BUCKETS * 2, 1).buckets, MAX_BUCKETS);
  });

  it('is 1 for fewer accounts than k, whose bucket has room for k', () => {
    assert.deepEqual(countsOf(upTo(5)).shape(16, 256), { buckets: 1, entriesPerBucket: 256 });
    assert.deepEqual(countsOf(upTo(5)).shape(16, 8), { buckets: 1, entriesPerBucket: 16 });
    assert.throws(() => countsOf([]).shape(16, 8), { code: 'BUCKET_SHAPE', message: /no account/ });
  });

  it('and the public number of places fix the entries a bucket, however many accounts there are', () => {
    const few = countsOf(upTo(64)).shape(128, 8);
    const many = countsOf(upTo(127)).shape(128, 8);
    assert.deepEqual(few, many);
    assert.ok(few.entriesPerBucket > 16);
  });

  it('leaves room where a bucket is fuller than chance makes it', () => {
    const counts = countsOf([...upTo(16), ...Array.from({ length: 200 }, () => 1)]);
    assert.deepEqual(counts.shape(216, 8), { buckets: 2, entriesPerBucket: 256 });
  });
});

describe('an export of receipts to buckets', () => {
  it('puts every account into one bucket, k or more into each, under entries of one length', () => withFolder(async (out) => {
    const source = sourceOf(300);
    const exported = await exportBuckets(source, keysOf(source), { out, k: 16 });
    const { buckets, entriesPerBucket, entryBytes, attestationSha256 } = await manifestIn(out, 1);
    assert.deepEqual([exported.accounts, exported.buckets, exported.entriesPerBucket], [300, buckets, entriesPerBucket]);
    assert.ok(buckets >= 4);
    const tags = new Map(Array.from({ length: 300 }, (_, place) => [Buffer.from(bucketSecretsOf(keysOf(source).accessKeyOf(partOf(place)), attestationSha256).tag).toString('hex'), place]));
    let found = 0;
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const bytes = await readFile(join(out, '1', bucketFile(bucket)));
      assert.equal(bytes.length, entriesPerBucket * entryBytes);
      const own = Array.from({ length: entriesPerBucket }, (_, place) => bytes.subarray(place * entryBytes, place * entryBytes + TAG_BYTES).toString('hex')).filter((tag) => tags.has(tag));
      assert.ok(own.length >= 16, `bucket ${bucket} has ${own.length}`);
      found += own.length;
    }
    assert.equal(found, 300);
  }));

  it('gives the same bytes again, so that nothing tells accounts from padding', () => withFolder(async (folder) => {
    const source = sourceOf(100);
    for (const out of ['one', 'two']) await exportBuckets(source, keysOf(source), { out: join(folder, out), k: 8 });
    assert.deepEqual(await contentOf(join(folder, 'one')), await contentOf(join(folder, 'two')));
    const before = await contentOf(join(folder, 'one'));
    await exportBuckets(source, keysOf(source), { out: join(folder, 'one'), k: 8 });
    assert.deepEqual(await contentOf(join(folder, 'one')), before);
  }));

  it('shows nothing of one account in two epochs: no tag and no run of bytes comes back', () => withFolder(async (out) => {
    for (const epoch of [1, 2]) await exportBuckets(sourceOf(40, epoch), keysOf(sourceOf(40, epoch)), { out, k: 64 });
    const entries = await Promise.all([1, 2].map(async (epoch) => {
      const { entryBytes, entriesPerBucket } = await manifestIn(out, epoch);
      const bytes = await readFile(join(out, epoch.toString(), bucketFile(0)));
      return Array.from({ length: entriesPerBucket }, (_, place) => bytes.subarray(place * entryBytes, (place + 1) * entryBytes));
    }));
    const pieces = entries.map((list) => new Set(list.flatMap((entry) => Array.from({ length: Math.floor(entry.length / 16) }, (_, at) => entry.subarray(16 * at, 16 * at + 16).toString('hex')))));
    assert.ok((pieces[0]?.size ?? 0) > 1000);
    assert.deepEqual([...pieces[0] ?? []].filter((piece) => pieces[1]?.has(piece)), []);
  }));

  it('has users, holdings and salts in no file in the clear', () => withFolder(async (out) => {
    const source = sourceOf(40);
    await exportBuckets(source, keysOf(source), { out, k: 8 });
    for (const [name, hex] of await contentOf(out)) {
      assert.ok(!hex.includes(Buffer.from('user-1').toString('hex')), name);
    }
  }));

  it('keeps an epoch that is there: another attestation, k or key is refused and changes nothing', () => withFolder(async (out) => {
    const source = sourceOf(40);
    await exportBuckets(source, keysOf(source), { out, k: 8 });
    const before = await contentOf(out);
    const other: BucketSource = { ...source, common: { ...source.common, attestation: { sha256: 'ab'.repeat(32), location: '' } } };
    await assert.rejects(exportBuckets(other, keysOf(other), { out, k: 8 }), { code: 'BUCKET_EXPORT', message: /holds something else/ });
    await assert.rejects(exportBuckets(source, keysOf(source), { out, k: 9 }), { code: 'BUCKET_EXPORT' });
    await assert.rejects(exportBuckets(source, keysOf(source, ReceiptKey.fromText('1'.repeat(64), 'other')), { out, k: 8 }), { code: 'BUCKET_EXPORT' });
    assert.deepEqual(await contentOf(out), before);
    await mkdir(join(out, '3'));
    await writeFile(join(out, '3', 'notes.txt'), 'of somebody else');
    await assert.rejects(exportBuckets(sourceOf(40, 3), keysOf(sourceOf(40, 3)), { out, k: 8 }), { code: 'BUCKET_EXPORT' });
    assert.equal(await readFile(join(out, '3', 'notes.txt'), 'utf8'), 'of somebody else');
  }));

  it('that fails in the middle leaves nothing that looks whole, and the next one clears what a killed one left', () => withFolder(async (out) => {
    const source = sourceOf(40);
    const torn: BucketSource = { ...source, parts: async function* () {
      for await (const part of source.parts()) {
        if (part.userId === 'user-20') throw new Error('the database went away');
        yield part;
      }
    } };
    await assert.rejects(exportBuckets(torn, keysOf(source), { out, k: 8 }), /the database went away/);
    assert.deepEqual(await readdir(out), []);
    const fewer: BucketSource = { ...source, parts: sourceOf(39).parts };
    await assert.rejects(exportBuckets(fewer, keysOf(source), { out, k: 8 }), { code: 'BUCKET_EXPORT', message: /40 accounts were counted and 39 read/ });
    assert.deepEqual(await readdir(out), []);
    await mkdir(join(out, '.1.4242-0123abcd.tmp'));
    await writeFile(join(out, '.1.4242-0123abcd.tmp', '0.bucket'), 'half');
    await exportBuckets(source, keysOf(source), { out, k: 8 });
    assert.deepEqual((await readdir(out)).sort(), ['1', 'latest.json']);
    assert.ok((await readdir(join(out, '1'))).every((name) => /^(manifest\.json|common\.json|[0-9]+\.bucket)$/.test(name)));
    assert.equal((await stat(join(out, '1'))).mode & 0o777, 0o755);
  }));

  it('points to the newest epoch, whichever is exported last', () => withFolder(async (out) => {
    for (const epoch of [2, 1]) await exportBuckets(sourceOf(20, epoch), keysOf(sourceOf(20, epoch)), { out, k: 8 });
    assert.equal(parseLatest(await readFile(join(out, 'latest.json'), 'utf8')).epoch, 2);
    await exportBuckets(sourceOf(20, 3), keysOf(sourceOf(20, 3)), { out, k: 8 });
    assert.equal(parseLatest(await readFile(join(out, 'latest.json'), 'utf8')).epoch, 3);
  }));

  it('refuses an account that is there twice, and a bucket that no browser could hold', () => withFolder(async (out) => {
    const twice = sourceOf(0, 1, [partOf(1), partOf(2), partOf(1)]);
    await assert.rejects(exportBuckets(twice, keysOf(twice), { out, k: 8 }), { code: 'BUCKET_EXPORT', message: /has an account twice/ });
    const source = sourceOf(20);
    await assert.rejects(exportBuckets(source, keysOf(source), { out, k: 999_999_999 }), { code: 'BUCKET_SHAPE', message: /smaller k/ });
    assert.throws(() => bucketBytes([new Uint8Array(40), new Uint8Array(40)], []), { code: 'BUCKET_EXPORT' });
  }));

  it('goes through more buckets than files it sorts in, and more accounts than it tells of at once', () => withFolder(async (out) => {
    const source = sourceOf(10_500);
    const told: number[] = [];
    const { buckets } = await exportBuckets(source, keysOf(source), { out, k: 4, each: (accounts) => told.push(accounts) });
    assert.ok(buckets >= 512, `${buckets} buckets`);
    assert.deepEqual(told, [10_000]);
    for (const place of [0, 5_000, 10_499]) {
      const { receipt } = await openBucketReceipt(await questionFrom(join(out, '1'), keysOf(source).accessKeyOf(partOf(place))));
      assert.equal(receipt.userId, `user-${place}`);
    }
  }));
});
