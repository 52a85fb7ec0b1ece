import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ReceiptKey, receiptTokenSha256, type AccessReference, type ReceiptReference } from '../../src/store/receipt-keys.js';
import { withFolder } from './databases.js';

const REFERENCE: ReceiptReference = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n, epoch: 3, position: 41 };
const TEXT = `${'0123456789abcdef'.repeat(4)}\n`;

describe('the receipt key', () => {
  it('is made at the first start, for its owner alone, and is the same from then on', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'receipt.key');
      const first = (await ReceiptKey.load(path)).tokenOf(REFERENCE);
      assert.match(await readFile(path, 'utf8'), /^[0-9a-f]{64}\n$/);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.equal((await ReceiptKey.load(path)).tokenOf(REFERENCE), first);
      assert.deepEqual(await readdir(folder), ['receipt.key']);
    });
  });

  it('is one key for all that start at the same moment', async () => {
    await withFolder(async (folder) => {
      const keys = await Promise.all(Array.from({ length: 8 }, () => ReceiptKey.load(join(folder, 'receipt.key'))));
      assert.equal(new Set(keys.map((key) => key.tokenOf(REFERENCE))).size, 1);
    });
  });

  it('is refused when others may read it', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'receipt.key');
      await writeFile(path, TEXT);
      for (const mode of [0o640, 0o604, 0o660]) {
        await chmod(path, mode);
        await assert.rejects(ReceiptKey.load(path), { code: 'RECEIPT_KEY', message: /may be read by others/ });
      }
      await chmod(path, 0o600);
      await ReceiptKey.load(path);
    });
  });

  it('is refused, and never replaced, when the file is damaged; nothing of it is in the error', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'receipt.key');
      for (const text of ['', TEXT.slice(1), TEXT.toUpperCase(), `${TEXT}00`, TEXT.replace('0', 'g')]) {
        await writeFile(path, text, { mode: 0o600 });
        await assert.rejects(ReceiptKey.load(path), (thrown) => {
          assert.match(inspect(thrown), /holds no receipt key/);
          assert.ok(!inspect(thrown).includes('3456789'));
          return true;
        });
        assert.equal(await readFile(path, 'utf8'), text);
      }
    });
  });

  it('does not show itself', () => {
    const key = ReceiptKey.fromText(TEXT, 'key');
    assert.ok(!`${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`.includes('23456789'));
  });
});

describe('a receipt token', () => {
  const key = ReceiptKey.fromText(TEXT, 'key');

  it('is HMAC-SHA-256 over chain, registry, venue, epoch and position, base64url', () => {
    const expected = createHmac('sha256', Buffer.from(TEXT.trim(), 'hex')).update('receipt|31337|0x5fbdb2315678afecb367f032d93f642f64180aa3|7|3|41').digest('base64url');
    assert.equal(key.tokenOf(REFERENCE), expected);
    assert.equal(key.tokenOf({ ...REFERENCE, registry: REFERENCE.registry.toLowerCase() }), expected);
  });

  it('is another one for every other receipt and key', () => {
    const others: Partial<ReceiptReference>[] = [{}, { chainId: 1n }, { registry: `0x${'11'.repeat(20)}` }, { venueId: 73n, epoch: 3 }, { venueId: 7n, epoch: 33 }, { epoch: 34, position: 1 }, { position: 4 }];
    const tokens = [...others.map((other) => key.tokenOf({ ...REFERENCE, ...other })), ReceiptKey.fromText(TEXT.replace('0', '1'), 'other').tokenOf(REFERENCE)];
    assert.equal(new Set(tokens).size, tokens.length);
  });

  it('is known by the SHA-256 of its text; what can be no token has none', () => {
    const token = key.tokenOf(REFERENCE);
    assert.deepEqual(Buffer.from(receiptTokenSha256(token) ?? []), createHash('sha256').update(token).digest());
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = token.slice(0, -1) + String(last[last.indexOf(token.at(-1) as string) + 1]);
    assert.deepEqual(Buffer.from(twin, 'base64url'), Buffer.from(token, 'base64url'), 'the twin decodes to the same bytes');
    for (const wrong of ['', token.slice(1), `${token}A`, ` ${token}`, `${token}\n`, token.replace(/.$/, '='), twin]) assert.equal(receiptTokenSha256(wrong), undefined, wrong);
  });
});

describe('an access key of a user', () => {
  const key = ReceiptKey.fromText(TEXT, 'key');
  const reference: AccessReference = { chainId: 31337n, registry: REFERENCE.registry, venueId: 7n, userId: 'alice|1', subAccount: 2 };

  it('is HMAC-SHA-256 over chain, registry, venue, sub-account and user, in every epoch the same', () => {
    // The vector of docs/formats.md.
    assert.equal(Buffer.from(key.accessKeyOf(reference)).toString('hex'), 'f59684699e098ff1ae95a034aa84513f94c43e31f3a3582de7ca1bbb84108669');
    assert.deepEqual(key.accessKeyOf({ ...reference, registry: reference.registry.toLowerCase() }), key.accessKeyOf(reference));
  });

  it('is another one for every other account, venue and receipt key, and no token or padding key', () => {
    const others: Partial<AccessReference>[] = [{}, { chainId: 1n }, { registry: `0x${'11'.repeat(20)}` }, { venueId: 72n }, { subAccount: 0 }, { userId: '1' }, { userId: 'alice' }, { userId: 'alice', subAccount: 1 }];
    const keys = [
      ...others.map((other) => key.accessKeyOf({ ...reference, ...other })), ReceiptKey.fromText(TEXT.replace('0', '1'), 'other').accessKeyOf(reference),
      key.paddingKeyOf('ab'.repeat(32)), key.paddingKeyOf('ac'.repeat(32)), Buffer.from(key.tokenOf(REFERENCE), 'base64url'),
    ].map((bytes) => Buffer.from(bytes).toString('hex'));
    assert.equal(new Set(keys).size, keys.length);
  });
});
