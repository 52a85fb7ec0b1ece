import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import { sha256OfText } from '../../src/attestation/canonical-json.js';
import { accountPartBytes, decodeAccountPart, encodeAccountPart } from '../../src/attestation/receipt-bucket-entry.js';
import { fetchBucketReceipt } from '../../src/attestation/receipt-bucket-fetch.js';
import { parseCommon, parseLatest, parseManifest, serializeCommon, serializeManifest } from '../../src/attestation/receipt-bucket-format.js';
import { bucketLink, readBucketLink } from '../../src/attestation/receipt-bucket-link.js';
import { checkBucketPrivacy, openBucketReceipt, type BucketQuestion } from '../../src/attestation/receipt-bucket-open.js';
import { accessKeyFromText, accessKeyToText, bucketNumber, deriveBucketSecrets } from '../../src/attestation/receipt-bucket-secrets.js';
import { TAG_BYTES } from '../../src/attestation/receipt-bucket.js';
import { serializeReceipt } from '../../src/attestation/receipt-format.js';
import { exportBuckets } from '../../src/proving/receipt-buckets/export-buckets.js';
import { bucketSecretsOf, sealEntry } from '../../src/proving/receipt-buckets/seal-entry.js';
import { commonOf, keysOf, partOf, questionFrom, RECEIPT_KEY, sourceOf, withBucket, withFolder } from '../builders/receipt-buckets.js';

const source = sourceOf(100);
const keys = keysOf(source);
const keyOf = (place: number): Uint8Array => keys.accessKeyOf(partOf(place));

/** 100 accounts in buckets of 8 or more, and what account `place` fetches. */
function exported<Result>(work: (question: (place: number) => Promise<BucketQuestion>, out: string) => Promise<Result>): Promise<Result> {
  return withFolder(async (out) => {
    await exportBuckets(source, keys, { out, k: 8 });
    return work((place) => questionFrom(join(out, '1'), keyOf(place)), out);
  });
}

describe('an access key', () => {
  it('gives number, tag, key and nonce as HKDF-SHA-256 with the attestation as salt does', async () => {
    const accessKey = hexToBytes('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const secrets = await deriveBucketSecrets(accessKey, 'ab'.repeat(32));
    // The vector of docs/formats.md.
    assert.deepEqual([secrets.number, bytesToHex(secrets.tag), bytesToHex(secrets.key), bytesToHex(secrets.nonce)], [
      2447915518, 'ee8d5b5ffe1b01fb09e0da5754dfcd5d', 'ab730cd8714145976d749beaeabc91005bc6e6b483d6610dad27c92875b69a66', '3379513e7a8cb49906f12d86',
    ]);
    assert.deepEqual(bucketSecretsOf(accessKey, 'ab'.repeat(32)), secrets);
  });

  it('gives nothing in one epoch that could be seen in another: number, tag, key and nonce all differ', async () => {
    const [one, other] = await Promise.all(['ab', 'ac'].map((byte) => deriveBucketSecrets(keyOf(1), byte.repeat(32))));
    assert.ok(one && other);
    for (const part of ['number', 'tag', 'key', 'nonce'] as const) assert.notDeepEqual(one[part], other[part]);
  });

  it('is written as 43 characters and read back; what is no such text is refused and not shown', () => {
    const text = accessKeyToText(keyOf(1));
    assert.match(text, /^[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(accessKeyFromText(text), Uint8Array.from(keyOf(1)));
    for (const wrong of ['', text.slice(1), `${text}A`, `${text.slice(0, 42)}!`, `${text.slice(0, 42)}B`, ` ${text}`]) {
      assert.throws(() => accessKeyFromText(wrong), (error: Error & { code?: string }) => error.code === 'ACCESS_KEY' && !error.message.includes(text.slice(1, 20)));
    }
  });

  it('travels behind the # of a link, with a base that is a folder on https', () => {
    const link = bucketLink('https://verify.example/index.html#old', { base: 'https://receipts.example/venue', accessKey: keyOf(1) });
    const [sent, hash = ''] = link.split('#');
    assert.equal(sent, 'https://verify.example/index.html');
    assert.deepEqual(readBucketLink(`#${hash}`), { base: 'https://receipts.example/venue/', accessKey: Uint8Array.from(keyOf(1)) });
    assert.equal(readBucketLink('#section'), undefined);
    for (const base of ['http://receipts.example/', 'https://receipts.example/?user=1', 'https://me@receipts.example/', 'javascript:alert(1)', 'receipts']) {
      assert.throws(() => readBucketLink(`#buckets=${encodeURIComponent(base)}&key=${accessKeyToText(keyOf(1))}`), { code: 'ACCESS_KEY', message: /no https address of a folder/ });
    }
    assert.throws(() => readBucketLink('#buckets=https%3A%2F%2Freceipts.example%2F'), { code: 'ACCESS_KEY', message: /no access key/ });
  });
});

describe('an account\'s part', () => {
  it('has one length, whatever is held, and reads back as it was', () => {
    const common = commonOf();
    for (let place = 0; place < 8; place += 1) {
      const bytes = encodeAccountPart(partOf(place), common);
      assert.equal(bytes.length, accountPartBytes(common));
      assert.deepEqual(decodeAccountPart(bytes, common), partOf(place));
    }
  });

  it('has one encoding: a byte where none belongs, a wrong count or a broken name is refused', () => {
    const common = commonOf();
    const bytes = encodeAccountPart(partOf(1), common);
    const userId = 107 - 32 + 2 * 15 * 32;
    for (const [at, value] of [[bytes.length - 1, 1], [0, 9], [userId, 255], [userId + 2, 0xff], [userId + 200, 1], [userId + 386, 9], [userId + 387, 9]] as const) {
      const bent = bytes.slice();
      bent[at] = value;
      assert.throws(() => decodeAccountPart(bent, common), { code: 'ACCOUNT_PART' }, `byte ${at}`);
    }
    assert.throws(() => decodeAccountPart(bytes.subarray(1), common), { code: 'ACCOUNT_PART', message: /another length/ });
  });
});

describe('a bucket of receipts', () => {
  it('opens for each account as the very receipt that the venue would serve', () => exported(async (question) => {
    for (let place = 0; place < 100; place += 1) {
      const { text, manifestSha256 } = await openBucketReceipt(await question(place));
      const { circuits, ...common } = commonOf();
      const slots = circuits.find(({ circuit }) => circuit === partOf(place).circuit)?.slots ?? 0;
      assert.equal(text, serializeReceipt({ ...common, ...partOf(place), slots }));
      assert.equal(manifestSha256, sha256OfText((await question(place)).manifestText));
    }
  }));

  it('opens nothing for another\'s access key, or one of another venue', () => exported(async (question) => {
    const stranger = RECEIPT_KEY.accessKeyOf({ ...source.common.venue, venueId: 8n, userId: 'user-1', subAccount: 1 });
    const { manifestText, commonText } = await question(1);
    for (const place of [1, 2, 3]) {
      const { bucketBytes } = await question(place);
      const number = await bucketNumber(stranger, parseManifest(manifestText));
      const forged = withBucket({ manifestText, commonText, bucketBytes, accessKey: stranger }, bucketBytes);
      assert.ok(number >= 0);
      await assert.rejects(openBucketReceipt(forged), { code: 'NO_BUCKET_ENTRY' });
    }
  }));

  it('is refused when it is of another epoch, truncated, longer, or has one bit flipped', () => exported(async (question) => {
    const asked = await question(5);
    const other = await withFolder(async (out) => {
      const later = sourceOf(100, 2);
      await exportBuckets(later, keysOf(later), { out, k: 8 });
      return questionFrom(join(out, '2'), keyOf(5));
    });
    const flipped = asked.bucketBytes.slice();
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
    for (const bucketBytes of [other.bucketBytes, asked.bucketBytes.subarray(1), Buffer.concat([asked.bucketBytes, Buffer.alloc(1)]), new Uint8Array(0), flipped]) {
      await assert.rejects(openBucketReceipt({ ...asked, bucketBytes }), { code: 'BUCKET_DAMAGED', message: /is not what the manifest names/ });
    }
    await assert.rejects(openBucketReceipt({ ...asked, commonText: other.commonText }), { code: 'BUCKET_DAMAGED', message: /common\.json is not what the manifest names/ });
  }));

  it('is refused when common.json is of another epoch, though the manifest names it', () => exported(async (question) => {
    const asked = await question(5);
    const commonText = serializeCommon(commonOf(2));
    const manifestText = serializeManifest({ ...parseManifest(asked.manifestText), commonSha256: sha256OfText(commonText) });
    await assert.rejects(openBucketReceipt({ ...asked, manifestText, commonText }), { code: 'BUCKET_DAMAGED', message: /another venue, epoch or attestation/ });
    const deeper = serializeCommon({ ...commonOf(), depth: 3 });
    await assert.rejects(openBucketReceipt({ ...asked, commonText: deeper, manifestText: serializeManifest({ ...parseManifest(asked.manifestText), commonSha256: sha256OfText(deeper) }) }), {
      code: 'BUCKET_DAMAGED', message: /entries have/,
    });
  }));

  it('gives nothing when a host that forges the manifest too swaps what stands under two tags', () => exported(async (question) => {
    const asked = await question(5);
    const { entryBytes, entriesPerBucket } = parseManifest(asked.manifestText);
    const swapped = Uint8Array.from(asked.bucketBytes);
    // Every entry's content moves up by one; the tags stay.
    for (let place = 0; place < entriesPerBucket; place += 1) {
      const next = (place + 1) % entriesPerBucket;
      swapped.set(asked.bucketBytes.subarray(entryBytes * next + TAG_BYTES, entryBytes * (next + 1)), entryBytes * place + TAG_BYTES);
    }
    await assert.rejects(openBucketReceipt(withBucket(asked, swapped)), { code: 'BUCKET_ENTRY', message: /does not open/ });
  }));

  it('is refused when its entries are out of order or two have one tag, though the manifest names it', () => exported(async (question) => {
    const asked = await question(5);
    const { entryBytes } = parseManifest(asked.manifestText);
    const first = asked.bucketBytes.subarray(0, entryBytes);
    const second = asked.bucketBytes.subarray(entryBytes, 2 * entryBytes);
    const rest = asked.bucketBytes.subarray(2 * entryBytes);
    for (const bytes of [Buffer.concat([second, first, rest]), Buffer.concat([first, first, rest])]) {
      await assert.rejects(openBucketReceipt(withBucket(asked, bytes)), { code: 'BUCKET_DAMAGED', message: /two entries of one tag, or not in order/ });
    }
  }));

  it('gives no receipt out of an entry that opens and holds none', () => exported(async (question) => {
    const asked = await question(5);
    const manifest = parseManifest(asked.manifestText);
    const secrets = bucketSecretsOf(asked.accessKey, manifest.attestationSha256);
    for (const [part, message] of [
      [encodeAccountPart({ ...partOf(5), owner: 0n }, commonOf()), /is no receipt/],
      [encodeAccountPart({ ...partOf(5), salt: 2n ** 255n }, commonOf()), /is no receipt/],
      [encodeAccountPart({ ...partOf(5), holdings: [{ index: 2, quantity: 0n }] }, commonOf()), /is no receipt/],
      [new Uint8Array(accountPartBytes(commonOf())).fill(255), /does not open/],
    ] as const) {
      const bytes = sealEntry(secrets, part);
      await assert.rejects(openBucketReceipt(withBucket(asked, bytes, { entriesPerBucket: 1 })), { code: 'BUCKET_ENTRY', message });
    }
  }));
});

describe('a manifest', () => {
  it('reads back as it was written, and so do common part and pointer', () => exported(async (question, out) => {
    const { manifestText, commonText } = await question(0);
    assert.equal(serializeManifest(parseManifest(manifestText)), manifestText);
    assert.deepEqual(parseCommon(commonText), commonOf());
    assert.deepEqual(parseLatest(await readFile(join(out, 'latest.json'), 'utf8')), { epoch: 1, manifestSha256: sha256OfText(manifestText) });
  }));

  it('is refused when it is another file, has another number of buckets, or numbers out of bounds', () => exported(async (question) => {
    const { manifestText, commonText } = await question(0);
    assert.throws(() => parseManifest(commonText), { code: 'WRONG_FORMAT' });
    assert.throws(() => parseManifest(manifestText.replace('"version":1', '"version":2')), { code: 'FORMAT_VERSION' });
    const bent = (changes: Record<string, unknown>): string => JSON.stringify({ ...JSON.parse(manifestText) as object, ...changes });
    for (const [changes, message] of [
      [{ buckets: '3' }, /no power of two/], [{ buckets: '131072' }, /out of range/], [{ buckets: '16' }, /entries: it must have 16/], [{ buckets: '0' }, /out of range/],
      [{ k: '0' }, /out of range/], [{ entryBytes: '32769' }, /out of range/], [{ entriesPerBucket: '1048577' }, /out of range/],
      [{ entryBytes: '32768', entriesPerBucket: '8193' }, /makes buckets of more than/], [{ commonSha256: 'AB'.repeat(32) }, /64 lower-case hex digits/], [{ padding: '1' }, /unknown field/],
    ] as const) assert.throws(() => parseManifest(bent(changes)), { code: 'JSON_SHAPE', message });
  }));

  it('makes nobody fetch a bucket of fewer accounts than they ask for, or than it can have', () => exported(async (question) => {
    const manifest = parseManifest((await question(0)).manifestText);
    assert.throws(() => checkBucketPrivacy(manifest), { code: 'BUCKET_PRIVACY', message: /have 8 accounts or more, at least 64/ });
    checkBucketPrivacy(manifest, { minimumK: 8 });
    assert.throws(() => checkBucketPrivacy({ ...manifest, k: 500, entriesPerBucket: 499 }), { code: 'BUCKET_PRIVACY', message: /499 entries/ });
    assert.throws(() => checkBucketPrivacy({ ...manifest, buckets: 16, k: 8 }, { minimumK: 8, accountsBound: 127n }), { code: 'BUCKET_PRIVACY', message: /more than the 127/ });
    checkBucketPrivacy({ ...manifest, buckets: 16, k: 8 }, { minimumK: 8, accountsBound: 128n });
    checkBucketPrivacy({ ...manifest, buckets: 1, k: 256, entriesPerBucket: 256 }, { accountsBound: 16n });
  }));
});

describe('fetching a receipt', () => {
  const reading = (out: string, names: string[], change: (name: string, bytes: Uint8Array) => Uint8Array = (_name, bytes) => bytes) => async (name: string): Promise<Uint8Array> => {
    names.push(name);
    return change(name, await readFile(join(out, name)));
  };

  it('asks for pointer, manifest, common part and one bucket, in this order and for nothing else', () => exported(async (_question, out) => {
    const names: string[] = [];
    const fetched = await fetchBucketReceipt(reading(out, names), { accessKey: keyOf(7), minimumK: 8 });
    assert.deepEqual(names, ['latest.json', '1/manifest.json', '1/common.json', `1/${fetched.bucket}.bucket`]);
    assert.equal(fetched.receipt.userId, 'user-7');
    const again: string[] = [];
    await fetchBucketReceipt(reading(out, again), { accessKey: keyOf(7), minimumK: 8, epoch: 1 });
    assert.deepEqual(again, names.slice(1));
  }));

  it('asks for no bucket once the manifest hides the reader too little or is not the one that was pointed to', () => exported(async (_question, out) => {
    const names: string[] = [];
    await assert.rejects(fetchBucketReceipt(reading(out, names), { accessKey: keyOf(7) }), { code: 'BUCKET_PRIVACY' });
    const other = (name: string, bytes: Uint8Array): Uint8Array => (name.endsWith('manifest.json') ? Buffer.from(Buffer.from(bytes).toString().replace('"k":"8"', '"k":"9"')) : bytes);
    await assert.rejects(fetchBucketReceipt(reading(out, names, other), { accessKey: keyOf(7), minimumK: 8 }), { code: 'BUCKET_DAMAGED', message: /manifest\.json is not what latest\.json names/ });
    const marked = (name: string, bytes: Uint8Array): Uint8Array => (name === 'latest.json' ? Buffer.concat([Buffer.from('\ufeff'), bytes]) : bytes);
    await assert.rejects(fetchBucketReceipt(reading(out, names, marked), { accessKey: keyOf(7), minimumK: 8 }), { code: 'JSON_SYNTAX' });
    const broken = (name: string, bytes: Uint8Array): Uint8Array => (name === 'latest.json' ? Uint8Array.of(0xff) : bytes);
    await assert.rejects(fetchBucketReceipt(reading(out, names, broken), { accessKey: keyOf(7), minimumK: 8 }), { code: 'BUCKET_DAMAGED', message: /no UTF-8/ });
    assert.ok(names.every((name) => !name.endsWith('.bucket')));
  }));
});
