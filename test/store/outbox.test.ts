import assert from 'node:assert/strict';
import { readEvents } from '../../src/store/events.js';
import { attemptsAt, attemptsOf, nonceAfterAttempts, type NewAttempt } from '../../src/store/outbox-attempts.js';
import { OutboxLeaseLostError } from '../../src/store/outbox-errors.js';
import { leaseNext, type LeasedEntry, type OutboxClaim } from '../../src/store/outbox-lease.js';
import { enqueue, findEntry, listEntries, retryEntry, type OutboxItem } from '../../src/store/outbox.js';
import { onBothDatabases } from './databases.js';

const SIGNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const OTHER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const WORKER = '7a0f0a4e-0000-4000-8000-000000000001';

onBothDatabases('the outbox', (database) => {
  let venue = 0;
  beforeEach(async () => {
    await database().script('delete from clearproof.outbox_attempt; delete from clearproof.outbox; delete from clearproof.event');
    const { rows } = await database().query(`insert into venue (chain_id, registry, venue_id) values (1, '0xregistry', 7)
      on conflict (chain_id, registry, venue_id) do update set chain_id = 1 returning id`);
    venue = Number(rows[0]?.['id']);
  });

  const item = (change: Partial<OutboxItem> = {}): OutboxItem => ({ venue, epoch: 1, kind: 'submit-epoch', target: '0xregistry', calldata: new Uint8Array([1, 2, 255]), ...change });
  const put = (change: Partial<OutboxItem> = {}): ReturnType<typeof enqueue> => database().transaction((sql) => enqueue(sql, item(change)));
  const lease = (change: Partial<OutboxClaim> = {}): ReturnType<typeof leaseNext> => leaseNext(database(), { venue, signer: SIGNER, worker: WORKER, leaseSeconds: 60, ...change });
  const expire = (): Promise<unknown> => database().query(`update outbox set lease_until = now() - interval '1 second'`);
  const attempt = (nonce: number, change: Partial<NewAttempt> = {}): NewAttempt => ({
    sender: SIGNER, nonce, raw: '0x02', hash: `0xhash-${nonce}`, maxFee: 10n ** 30n, priorityFee: 1n, gasLimit: 21_000n, filler: false, ...change,
  });

  async function held(change: Partial<OutboxClaim> = {}): Promise<LeasedEntry> {
    const leased = await lease(change);
    assert.ok(leased !== undefined, 'something is due');
    return leased;
  }

  it('holds an item once, however often it is put in at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => put()));
    assert.equal(all.filter(({ created }) => created).length, 1);
    assert.equal(new Set(all.map(({ entry }) => entry.id)).size, 1);
    const [entry, ...others] = await listEntries(database(), venue);
    assert.deepEqual([entry?.calldata, entry?.state, others.length], [new Uint8Array([1, 2, 255]), 'pending', 0]);
  });

  it('refuses other bytes for the same venue, epoch and kind', async () => {
    await put();
    await assert.rejects(put({ calldata: new Uint8Array([1, 2, 254]) }), { code: 'OUTBOX_CONFLICT' });
    await assert.rejects(put({ target: '0xother' }), { code: 'OUTBOX_CONFLICT' });
    await put({ kind: 'open-snapshot', calldata: new Uint8Array([9]) });
    assert.equal((await listEntries(database(), venue)).length, 2);
  });

  it('forgets an item whose transaction was rolled back', async () => {
    await assert.rejects(database().transaction(async (sql) => {
      await enqueue(sql, item());
      throw new RangeError('the attestation was not stored');
    }), RangeError);
    assert.equal(await findEntry(database(), venue, 1, 'submit-epoch'), undefined);
  });

  it('gives an entry to one of many who ask at once', async () => {
    await put();
    const got = await Promise.all(Array.from({ length: 10 }, () => lease()));
    assert.equal(got.filter((leased) => leased !== undefined).length, 1);
  });

  it('gives a signer one entry at a time, and other signers theirs', async () => {
    await put();
    await put({ epoch: 2 });
    const first = await held();
    assert.equal(first.entry.epoch, 1);
    assert.equal(await lease(), undefined);
    assert.equal((await held({ signer: OTHER })).entry.epoch, 2);
  });

  it('begins nothing while another entry of the signer is signed and in no block', async () => {
    await put();
    await put({ epoch: 2 });
    const first = await held();
    await first.storeAttempt(attempt(5));
    await first.postpone(600_000);
    assert.equal(await lease(), undefined);
    assert.equal((await held({ signer: OTHER })).entry.epoch, 2, 'another signer has other nonces');
  });

  it('leaves what was signed to its signer', async () => {
    await put();
    const leased = await held();
    await leased.storeAttempt(attempt(5));
    await leased.postpone(0);
    assert.equal(await lease({ signer: OTHER }), undefined);
    assert.equal((await held()).entry.nonce, 5);
  });

  it('lets a lease that ran out be taken over, and the late holder change nothing', async () => {
    await put();
    const late = await held();
    await late.storeAttempt(attempt(5));
    await expire();
    const next = await held();
    const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['storeAttempt', () => late.storeAttempt(attempt(6))], ['noteSent', () => late.noteSent('0xhash-5')], ['setMined', () => late.setMined({ number: 1, hash: '0x' }, undefined)],
      ['setUnmined', () => late.setUnmined()], ['setFinal', () => late.setFinal()], ['setDead', () => late.setDead({ code: 'X', message: 'x' })], ['postpone', () => late.postpone(0)],
    ];
    for (const [name, change] of changes) await assert.rejects(change(), OutboxLeaseLostError, name);
    assert.deepEqual((await attemptsOf(database(), next.entry.id)).map(({ hash, sent }) => [hash, sent]), [['0xhash-5', false]]);
    assert.equal((await findEntry(database(), venue, 1, 'submit-epoch'))?.state, 'sent');
    await next.postpone(0);
  });

  it('refuses changes under a lease that ran out, taken over or not', async () => {
    await put();
    const late = await held();
    await expire();
    await assert.rejects(late.storeAttempt(attempt(5)), OutboxLeaseLostError);
    assert.deepEqual(await attemptsOf(database(), late.entry.id), []);
  });

  it('keeps attempts in order, whole, and finds them by nonce', async () => {
    await put();
    const leased = await held();
    const first = await leased.storeAttempt(attempt(5));
    const filler = await leased.storeAttempt(attempt(4, { filler: true }));
    assert.deepEqual([first.number, filler.number, leased.entry.nonce, leased.entry.state], [1, 2, 5, 'sent']);
    assert.deepEqual([first.maxFee, first.sent, first.ageMs], [10n ** 30n, false, 0]);
    await leased.noteSent(first.hash);
    assert.deepEqual((await attemptsAt(database(), SIGNER, 5)).map(({ hash, sent }) => [hash, sent]), [[first.hash, true]]);
    assert.deepEqual([await nonceAfterAttempts(database(), SIGNER), await nonceAfterAttempts(database(), OTHER)], [6, 0]);
  });

  it('waits as long as told, and counts refusals but not failures', async () => {
    await put();
    await (await held()).postpone(0, { code: 'A', message: 'a' }, true);
    await (await held()).postpone(0, { code: 'B', message: 'b' });
    await (await held()).postpone(600_000);
    const entry = await findEntry(database(), venue, 1, 'submit-epoch');
    assert.deepEqual([entry?.attempts, entry?.error], [1, { code: 'B', message: 'b' }]);
    assert.equal(await lease(), undefined);
  });

  it('moves the epoch with its submission, through a reorg and to the end, and tells of each step', async () => {
    await put();
    await database().query(`insert into market_table (venue, commitment, level, snapshot_time, body) values ($1, 5, 'maintenance', 1, '{}')`, [venue]);
    await database().query(`with s as (insert into snapshot (venue, market) values ($1, 5) returning id)
      insert into epoch (venue, number, snapshot, market, circuits, manifest_sha256, state) select $1, 1, id, 5, '{}', '', 'publishing' from s`, [venue]);
    const epoch = async (): Promise<unknown> => (await database().query('select state, finished_at is not null as finished from epoch where venue = $1 and number = 1', [venue])).rows[0];
    const leased = await held();
    await leased.storeAttempt(attempt(5));
    await leased.setMined({ number: 9, hash: '0xb' }, { hash: '0xhash-5', gasUsed: 2n ** 70n });
    assert.deepEqual(await epoch(), { state: 'published', finished: false });
    await leased.setUnmined();
    assert.deepEqual([leased.entry.state, leased.entry.block, leased.entry.transactionHash], ['sent', undefined, undefined]);
    assert.deepEqual(await epoch(), { state: 'publishing', finished: false });
    await leased.setDead({ code: 'EPOCH_TAKEN', message: 'taken' });
    assert.deepEqual(await epoch(), { state: 'failed', finished: true });
    await retryEntry(database(), venue, 1, 'submit-epoch');
    assert.deepEqual(await epoch(), { state: 'publishing', finished: false });
    const again = await held();
    assert.deepEqual([again.entry.state, again.entry.nonce], ['sent', 5], 'what was signed is not forgotten');
    await again.setMined({ number: 10, hash: '0xc' }, { hash: '0xhash-5', gasUsed: 2n ** 70n });
    await again.setFinal();
    assert.deepEqual(await epoch(), { state: 'final', finished: true });
    assert.equal((await findEntry(database(), venue, 1, 'submit-epoch'))?.gasUsed, 2n ** 70n);
    assert.equal(await lease(), undefined);
    const events = await readEvents(database(), 0n, 100);
    const told = events.map(({ kind, detail }) => `${kind} ${String(detail['state'])}`);
    assert.deepEqual(told, [
      'epoch published', 'publication mined', 'epoch publishing', 'publication sent', 'epoch failed', 'publication dead', 'epoch publishing',
      'epoch published', 'publication mined', 'epoch final', 'publication final',
    ]);
    assert.deepEqual(events.at(-1)?.detail, { entry: 'submit-epoch', number: 1, state: 'final', transaction: '0xhash-5', block: 10, error: null });
    assert.ok(events.every((event) => event.epoch !== undefined));
    await database().script('delete from clearproof.event; delete from clearproof.epoch; delete from clearproof.snapshot; delete from clearproof.market_table');
  });

  it('retries dead entries only', async () => {
    await put();
    await assert.rejects(retryEntry(database(), venue, 1, 'submit-epoch'), { code: 'OUTBOX_ENTRY' });
    await (await held()).setDead({ code: 'X', message: 'x' });
    assert.deepEqual((await listEntries(database(), venue, ['dead'])).map(({ error }) => error?.code), ['X']);
    assert.equal(await lease(), undefined, 'what is dead is not tried');
    assert.equal((await retryEntry(database(), venue, 1, 'submit-epoch')).state, 'pending');
    assert.ok(await lease() !== undefined);
  });
});
