import assert from 'node:assert/strict';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBucketReceipt } from '../../../src/attestation/receipt-bucket-open.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { exportBuckets } from '../../../src/proving/receipt-buckets/export-buckets.js';
import type { ReceiptDesk } from '../../../src/service/receipts/receipt-desk.js';
import { readAttestation } from '../../../src/store/attestations.js';
import type { Database } from '../../../src/store/database.js';
import { IN_MEMORY } from '../../../src/store/embedded-database.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { ReceiptKey } from '../../../src/store/receipt-keys.js';
import { retireEpoch } from '../../../src/store/retention.js';
import { verifyReceipt } from '../../../src/verification/verify-receipt.js';
import { PARTED_CIRCUITS, TEST_CIRCUITS, testVenue, tieredVenue } from '../../proving/support.js';
import { withFolder } from '../../store/databases.js';
import { questionFrom } from '../../builders/receipt-buckets.js';
import { deskOn, expectedReceipts, KEY_TEXT, openReceipts, storeAttestedEpoch, type StoredEpoch } from './attested-store.js';

interface TokenLine { readonly user: string; readonly subAccount: string; readonly token: string }

describe('receipts of a service', () => {
  let database: Database;
  let stored: StoredEpoch;
  let expected: ReadonlyMap<string, string>;
  before(async () => {
    database = await openDatabase({ kind: 'embedded', directory: IN_MEMORY });
    await migrate(database);
    stored = await storeAttestedEpoch(database, tieredVenue(40), PARTED_CIRCUITS, 7);
    expected = await expectedReceipts(database, stored);
  });
  after(async () => {
    await database.close();
    await releaseCurves();
  });

  const withDesk = (work: (desk: ReceiptDesk, folder: string) => Promise<void>): Promise<void> => withFolder(async (folder) => {
    const desk = await deskOn(database, stored.venue, folder);
    try {
      await work(desk, folder);
    } finally {
      await desk.close();
    }
  });
  const tokensOf = async (desk: ReceiptDesk, epoch = 7): Promise<TokenLine[]> => {
    const lines: TokenLine[] = [];
    for await (const line of desk.tokens(epoch)) lines.push(JSON.parse(line) as TokenLine);
    return lines;
  };
  const someUser = (): string => [...expected.keys()][3]?.split('/')[0] as string;

  it('are not there before their step is done, not even for a token', () => withDesk(async (desk) => {
    await assert.rejects(tokensOf(desk), { code: 'NO_RECEIPTS' });
    await desk.prepare(stored.epoch);
    const [first] = await tokensOf(desk);
    assert.equal(await desk.byToken(first?.token ?? ''), undefined);
    assert.deepEqual(await desk.ofUser(someUser(), 7), []);
    await openReceipts(database, stored.epoch);
    assert.notEqual(await desk.byToken(first?.token ?? ''), undefined);
  }));

  it('are, for every token, byte for byte what the plan leads to', () => withDesk(async (desk) => {
    const tokens = await tokensOf(desk);
    assert.equal(tokens.length, expected.size);
    assert.equal(new Set(tokens.map(({ token }) => token)).size, expected.size);
    for (const { user, subAccount, token } of tokens) assert.equal(await desk.byToken(token), expected.get(`${user}/${subAccount}`), `${user}/${subAccount}`);
  }));

  it('are verified by their user', () => withDesk(async (desk) => {
    const attestation = await readAttestation(database, stored.epoch);
    const [receipt = ''] = await desk.ofUser(someUser(), 7);
    const report = await verifyReceipt({
      poseidon: await bulkPoseidon(), receipt: { file: 'receipt.json', text: receipt }, attestation: { file: 'attestation.json', text: attestation?.text ?? '' },
      record: { source: 'none', reason: 'no chain was asked' }, expected: { userId: someUser() },
    });
    for (const id of ['receipt-format', 'recipient', 'circuit', 'tiers', 'leaf', 'root', 'attestation-hash', 'margin']) {
      assert.equal(report.steps.find((step) => step.id === id)?.outcome, 'passed', id);
    }
  }));

  it('are given to a user for all sub-accounts, and for no epoch or name but their own', () => withDesk(async (desk) => {
    const names = [...expected.keys()];
    for (const user of new Set(names.map((name) => name.split('/')[0] as string))) {
      const receipts = await desk.ofUser(user, 7);
      assert.deepEqual([...receipts].sort(), names.filter((name) => name.startsWith(`${user}/`)).map((name) => expected.get(name)).sort());
    }
    for (const [user, epoch] of [['nobody', 7], [someUser(), 8], ['', 7]] as const) assert.deepEqual(await desk.ofUser(user, epoch), []);
  }));

  it('are opened by no other text than a token', () => withDesk(async (desk) => {
    const [{ token } = { token: '' }] = await tokensOf(desk);
    const other = ReceiptKey.fromText('1'.repeat(64), 'other').tokenOf({ ...stored.plan.venue, epoch: 7, position: 0 });
    for (const wrong of ['', token.slice(1), token.toUpperCase(), `${token} `, other]) assert.equal(await desk.byToken(wrong), undefined);
  }));

  it('belong to their venue: a desk of another venue opens none', () => withFolder(async (folder) => {
    const desk = await deskOn(database, stored.venue + 1, folder);
    const own = await deskOn(database, stored.venue, folder);
    const [{ token } = { token: '' }] = await tokensOf(own);
    assert.equal(await desk.byToken(token), undefined);
    assert.deepEqual(await desk.ofUser(someUser(), 7), []);
    await desk.close();
    await own.close();
  }));

  it('have tokens that only the key they were made with gives again', () => withFolder(async (folder) => {
    const desk = await deskOn(database, stored.venue, folder, { key: ReceiptKey.fromText('1'.repeat(64), 'other') });
    await assert.rejects(tokensOf(desk), { code: 'RECEIPT_KEY_CHANGED' });
    await assert.rejects(tokensOf(desk, 8), { code: 'NO_RECEIPTS' });
    await desk.close();
  }));

  it('come from a tree file that is made again when it is damaged, also while it is open', () => withDesk(async (desk, folder) => {
    const [{ token, user, subAccount } = { token: '', user: '', subAccount: '' }] = await tokensOf(desk);
    await desk.byToken(token);
    const path = join(folder, 'trees', `${stored.epoch}.tree`);
    const sound = await readFile(path);
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(64, 0xff), 0, 64, 64 + 32 * 8);
    await file.write(Buffer.alloc(64, 0xff), 0, 64, 64);
    await file.close();
    assert.equal(await desk.byToken(token), expected.get(`${user}/${subAccount}`));
    assert.deepEqual(await readFile(path), sound);
  }));

  it('are asked for by many at once', () => withDesk(async (desk) => {
    const tokens = await tokensOf(desk);
    const receipts = await Promise.all(tokens.map(({ token }) => desk.byToken(token)));
    assert.deepEqual(receipts, tokens.map(({ user, subAccount }) => expected.get(`${user}/${subAccount}`)));
  }));

  it('are not given out when the database has other holdings than were attested; the error shows none', () => withDesk(async (desk) => {
    const [{ token, user } = { token: '', user: '' }] = await tokensOf(desk);
    const { rows: [before] } = await database.query('select position, holdings from place where epoch = $1 and token_sha256 is not null order by position limit 1', [stored.epoch.toString()]);
    const set = (holdings: unknown): Promise<unknown> => database.query('update place set holdings = $3 where epoch = $1 and position = $2', [stored.epoch.toString(), Number(before?.['position']), String(holdings)]);
    for (const holdings of ['[[0,"987654321"]]', '[[0,"1"],[1,"1"],[2,"1"],[3,"1"],[4,"1"],[5,"1"]]']) {
      await set(holdings);
      await assert.rejects(desk.byToken(token), (thrown: Error & { code?: string }) => {
        assert.equal(thrown.code, 'RECEIPT_DAMAGED');
        assert.ok(!thrown.message.includes('987654321') && !thrown.message.includes(user));
        return true;
      });
    }
    await set(before?.['holdings']);
    assert.notEqual(await desk.byToken(token), undefined);
  }));

  it('lie in buckets byte for byte as they are served, and those are refused when a place is not what was attested', () => withDesk(async (desk, folder) => {
    const out = join(folder, 'buckets');
    const key = ReceiptKey.fromText(KEY_TEXT, 'key');
    const exporting = (): Promise<unknown> => desk.withBuckets(7, (source, found) => {
      assert.equal(found.tokenOf({ ...stored.plan.venue, epoch: 7, position: 0 }), key.tokenOf({ ...stored.plan.venue, epoch: 7, position: 0 }));
      return exportBuckets(source, { accessKeyOf: (name) => key.accessKeyOf({ ...stored.plan.venue, ...name }), paddingKey: key.paddingKeyOf(source.common.attestation.sha256) }, { out, k: 4 });
    });
    const { rows: [before] } = await database.query('select position, holdings from place where epoch = $1 and token_sha256 is not null order by position desc limit 1', [stored.epoch.toString()]);
    const set = (holdings: unknown): Promise<unknown> => database.query('update place set holdings = $3 where epoch = $1 and position = $2', [stored.epoch.toString(), Number(before?.['position']), String(holdings)]);
    await set('[[0,"987654321"]]');
    await assert.rejects(exporting(), (thrown: Error & { code?: string }) => thrown.code === 'RECEIPT_DAMAGED' && !thrown.message.includes('987654321'));
    await set(before?.['holdings']);
    assert.deepEqual(await readdir(out), []);
    await exporting();
    for (const [name, text] of expected) {
      const [userId, subAccount] = name.split('/') as [string, string];
      const accessKey = key.accessKeyOf({ ...stored.plan.venue, userId, subAccount: Number(subAccount) });
      assert.equal((await openBucketReceipt(await questionFrom(join(out, '7'), accessKey))).text, text, name);
    }
    await assert.rejects(desk.withBuckets(8, () => Promise.resolve()), { code: 'NO_RECEIPTS' });
  }));

  it('lie in no bucket when the tree file was damaged while it was open; it is made anew for the next export', () => withDesk(async (desk, folder) => {
    const parts = (): Promise<number> => desk.withBuckets(7, async (source) => {
      let count = 0;
      for await (const part of source.parts()) count += part.path.siblings.length > 0 ? 1 : 0;
      return count;
    });
    assert.equal(await parts(), expected.size);
    const file = await open(join(folder, 'trees', `${stored.epoch}.tree`), 'r+');
    await file.write(Buffer.alloc(64, 0xff), 0, 64, 64 + 32 * 8);
    await file.close();
    await assert.rejects(parts(), { code: 'RECEIPT_DAMAGED', message: /tree file is damaged/ });
    assert.equal(await parts(), expected.size);
  }));

  it('are the same after their epoch was retired, from a tree file that is made then', () => withDesk(async (desk) => {
    const tokens = await tokensOf(desk);
    await database.query(`update epoch set state = 'final' where id = $1`, [stored.epoch.toString()]);
    await database.transaction((sql) => retireEpoch(sql, stored.epoch, { receiptEpochs: 1 }));
    for (const { user, subAccount, token } of tokens.slice(0, 5)) assert.equal(await desk.byToken(token), expected.get(`${user}/${subAccount}`));
    assert.equal((await tokensOf(desk)).length, expected.size);
  }));

  it('end with the places of their epoch, and so does the tree file', () => withDesk(async (desk, folder) => {
    const tokens = await tokensOf(desk);
    const next = await storeAttestedEpoch(database, testVenue(12), TEST_CIRCUITS, 8);
    await desk.prepare(next.epoch);
    await desk.byToken(tokens[0]?.token ?? '');
    await openReceipts(database, next.epoch);
    await database.query(`update epoch set state = 'final' where id = $1`, [next.epoch.toString()]);
    await database.transaction((sql) => retireEpoch(sql, next.epoch, { receiptEpochs: 1 }));
    await desk.prune();
    assert.deepEqual(await readdir(join(folder, 'trees')), [`${next.epoch}.tree`]);
    assert.equal(await desk.byToken(tokens[0]?.token ?? ''), undefined);
    await assert.rejects(tokensOf(desk), { code: 'NO_RECEIPTS' });
    assert.equal((await tokensOf(desk, 8)).length, 12);
  }));
});
