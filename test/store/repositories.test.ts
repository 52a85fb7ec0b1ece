import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { createAccessToken, findAccessToken, listAccessTokens, revokeAccessToken } from '../../src/store/access-tokens.js';
import { createEpoch, findEpoch, listEpochs, setAccountsRoot, setEpochState } from '../../src/store/epochs.js';
import { appendEvent, readEvents } from '../../src/store/events.js';
import { addMarketTable, findMarketTable, listMarketTables } from '../../src/store/market-tables.js';
import { assertPinned, findPin, repin } from '../../src/store/pins.js';
import { findSnapshot, listSnapshots, readSnapshot, SnapshotUpload, sweepSnapshots } from '../../src/store/snapshots.js';
import { ensureVenue } from '../../src/store/venues.js';
import { forgetWorkers, listWorkers, registerWorker, workerSeen, workerStopped } from '../../src/store/workers.js';
import { onBothDatabases } from './databases.js';

const MARKET = 21888242871839275222246405745257275088548364400416034343698204186575808495616n;
const PIN = { program: '0.1.0', manifestSha256: 'aa' };
const OTHER_KEYS = { program: '0.1.0', manifestSha256: 'bb' };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

onBothDatabases('the store', (database) => {
  let venue: number;

  beforeEach(async () => {
    await database().script('truncate event, epoch, snapshot_part, snapshot, market_table, venue, pin, worker, access_token restart identity cascade');
    venue = await ensureVenue(database(), { chainId: 1n, registry: '0xAbCd', venueId: 7n });
    await addMarketTable(database(), { venue, commitment: MARKET, level: 'initial', snapshotTime: 1_700_000_000, body: '{"rows":[]}' });
  });

  const upload = async (...parts: readonly string[]): Promise<{ id: string; sha256: string; created: boolean }> => {
    const receiving = await SnapshotUpload.begin(database(), { venue, market: MARKET });
    for (const part of parts) await receiving.add(bytesOf(part));
    return receiving.finish({ accounts: parts.length, findings: ['account 3 owes more than it has'] });
  };
  const read = async (snapshot: { id: string; sha256: string }): Promise<string> => {
    const parts: Uint8Array[] = [];
    for await (const part of readSnapshot(database(), snapshot)) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  };
  const count = async (table: string): Promise<number> => Number((await database().query(`select count(*) as n from ${table}`)).rows[0]?.['n']);

  describe('venues and market tables', () => {
    it('has one row for a venue, however its registry is spelt and however many ask', async () => {
      const ids = await Promise.all(['0xabcd', '0xABCD', '0xAbCd'].map((registry) => ensureVenue(database(), { chainId: 1n, registry, venueId: 7n })));
      assert.deepEqual(ids, [venue, venue, venue]);
      assert.notEqual(await ensureVenue(database(), { chainId: 1n, registry: '0xabcd', venueId: 8n }), venue);
    });

    it('keeps a market table once, as it was', async () => {
      const table = { venue, commitment: 5n, level: 'maintenance' as const, snapshotTime: 1_700_000_001, body: '{"a":"ü"}' };
      assert.equal(await addMarketTable(database(), table), true);
      assert.equal(await addMarketTable(database(), table), false);
      assert.deepEqual({ ...await findMarketTable(database(), venue, 5n), addedAt: undefined }, { ...table, addedAt: undefined });
      assert.equal(await findMarketTable(database(), venue, 6n), undefined);
      assert.deepEqual((await listMarketTables(database(), venue)).map(({ commitment }) => commitment).sort(), [5n, MARKET].sort());
    });
  });

  describe('pins and workers', () => {
    const worker = (pin: typeof PIN): Parameters<typeof registerWorker>[1] => ({ id: randomUUID(), host: 'host', process: 42, kinds: ['plan', 'prove'], ...pin });

    it('pins the store to its first worker and refuses others, saying what differs', async () => {
      const first = worker(PIN);
      await registerWorker(database(), first);
      assert.deepEqual(await findPin(database()), PIN);
      await registerWorker(database(), worker(PIN));
      await assert.rejects(registerWorker(database(), worker(OTHER_KEYS)), { code: 'WORKER_REFUSED', message: /this worker has other keys than the store is pinned to \(0\.1\.0, keys aa\)/ });
      await assert.rejects(registerWorker(database(), worker({ ...PIN, program: '0.2.0' })), { code: 'WORKER_REFUSED', message: /this worker runs another program than/ });
      assert.equal(await count('worker'), 2);
    });

    it('tells a worker that the store was pinned anew the next time it reports', async () => {
      const first = worker(PIN);
      await registerWorker(database(), first);
      await workerSeen(database(), first);
      await database().transaction((sql) => repin(sql, OTHER_KEYS));
      await assert.rejects(workerSeen(database(), first), { code: 'WORKER_REFUSED' });
      await assertPinned(database(), OTHER_KEYS);
    });

    it('is not pinned anew while an epoch is under way', async () => {
      await assertPinned(database(), PIN);
      const { id } = await upload('{}\n');
      const { epoch } = await database().transaction((sql) => createEpoch(sql, { venue, number: 3n, snapshot: id, circuits: ['c'] }));
      for (const state of ['proving', 'publishing'] as const) {
        await setEpochState(database(), epoch.id, state);
        await assert.rejects(database().transaction((sql) => repin(sql, OTHER_KEYS)), { code: 'EPOCHS_UNDER_WAY', message: /epoch 3 is under way/ });
      }
      assert.deepEqual(await findPin(database()), PIN);
      await setEpochState(database(), epoch.id, 'published');
      await database().transaction((sql) => repin(sql, OTHER_KEYS));
      assert.deepEqual(await findPin(database()), OTHER_KEYS);
    });

    it('counts a worker that went silent among those that stopped, for who was killed says nothing', async () => {
      const silent = worker(PIN);
      await registerWorker(database(), silent);
      assert.equal((await listWorkers(database()))[0]?.stoppedAt, null);
      await database().query("update worker set seen_at = now() - interval '61 minutes'");
      const [listed] = await listWorkers(database());
      assert.deepEqual([listed?.id, listed?.stoppedAt], [silent.id, listed?.seenAt]);
      await workerSeen(database(), silent);
      assert.equal((await listWorkers(database()))[0]?.stoppedAt, null, 'it was cut off, and is back');
    });

    it('lists workers, marks who stopped, and forgets who was not seen for days', async () => {
      const first = worker(PIN);
      await registerWorker(database(), first);
      await workerStopped(database(), first.id);
      const [listed] = await listWorkers(database());
      assert.ok(listed?.stoppedAt instanceof Date);
      assert.deepEqual({ ...listed, startedAt: 0, seenAt: 0, stoppedAt: 0 }, { ...first, startedAt: 0, seenAt: 0, stoppedAt: 0 });
      assert.equal(await forgetWorkers(database(), 7), 0);
      await database().query("update worker set seen_at = now() - interval '8 days'");
      assert.equal(await forgetWorkers(database(), 7), 1);
    });
  });

  describe('snapshots', () => {
    it('gives back what was uploaded, and its SHA-256', async () => {
      const { id, sha256, created } = await upload('{"a":1}\n', '{"b":2}\n');
      assert.equal(created, true);
      assert.equal(sha256, createHash('sha256').update('{"a":1}\n{"b":2}\n').digest('hex'));
      assert.equal(await read({ id, sha256 }), '{"a":1}\n{"b":2}\n');
      assert.deepEqual(await findSnapshot(database(), venue, id), { id, venue, market: MARKET, sha256, accounts: 2, findings: ['account 3 owes more than it has'] });
      assert.deepEqual((await listSnapshots(database(), venue)).map((snapshot) => snapshot.id), [id]);
      assert.equal(await findSnapshot(database(), venue, "'; drop table snapshot"), undefined);
    });

    it('is one snapshot when the same accounts come again, in other parts, or many times at once', async () => {
      const first = await upload('{"a":1}\n', '{"b":2}\n');
      const again = await Promise.all([upload('{"a":1}\n{"b":2}\n'), upload('{"a":1}\n', '{"b":2}\n'), upload('{"a":1}\n{"b":2}\n', '')]);
      assert.deepEqual(again.map(({ id, created }) => ({ id, created })), Array.from({ length: 3 }, () => ({ id: first.id, created: false })));
      assert.equal(await count('snapshot'), 1);
      const fresh = await Promise.all([upload('x'), upload('x'), upload('x')]);
      assert.equal(new Set(fresh.map(({ id }) => id)).size, 1);
      assert.equal(fresh.filter(({ created }) => created).length, 1);
    });

    it('takes the accounts of a retired snapshot in again under its old id', async () => {
      const first = await upload('x\n');
      await database().query('delete from snapshot_part');
      await assert.rejects(read(first), { code: 'SNAPSHOT_GONE', message: /no longer kept; upload it again/ });
      assert.deepEqual(await upload('x\n'), { ...first, created: true });
      assert.equal(await read(first), 'x\n');
    });

    it('is not seen while it comes in, and swept when it stands still', async () => {
      const receiving = await SnapshotUpload.begin(database(), { venue, market: MARKET });
      await receiving.add(bytesOf('x'));
      assert.equal(await findSnapshot(database(), venue, receiving.id), undefined);
      assert.equal(await sweepSnapshots(database(), 600), 0);
      await database().query("update snapshot set touched_at = now() - interval '601 seconds'");
      assert.equal(await sweepSnapshots(database(), 600), 1);
      assert.equal(await count('snapshot_part'), 0);
      await assert.rejects(receiving.add(bytesOf('y')), { code: 'SNAPSHOT_GONE', message: /stood still for too long/ });
      await assert.rejects(receiving.finish({ accounts: 1, findings: [] }), { code: 'SNAPSHOT_GONE' });
    });

    it('leaves nothing when it is abandoned', async () => {
      const receiving = await SnapshotUpload.begin(database(), { venue, market: MARKET });
      await receiving.add(bytesOf('x'));
      await receiving.abandon();
      assert.deepEqual([await count('snapshot'), await count('snapshot_part')], [0, 0]);
    });

    for (const [title, harm, message] of [
      ['a flipped bit', 'update snapshot_part set body = set_bit(body, 85, 1 - get_bit(body, 85)) where part = 1', /part 1 of it is not what was uploaded \(its SHA-256 differs\)/],
      ['a part that is gone', 'delete from snapshot_part where part = 1', /it as a whole is not what was uploaded/],
      ['parts in another order', 'update snapshot_part set part = case part when 0 then 1 else 0 end + 10; update snapshot_part set part = part - 10', /it as a whole is not what was uploaded/],
    ] as const) {
      it(`notices ${title} [V23]`, async () => {
        const snapshot = await upload('{"a":1}\n', '{"b":2}\n');
        await database().script(harm);
        await assert.rejects(read(snapshot), { code: 'SNAPSHOT_DAMAGED', message });
      });
    }
  });

  describe('epochs and events', () => {
    it('makes an epoch once, of one snapshot', async () => {
      await assertPinned(database(), PIN);
      const [one, other] = [await upload('one'), await upload('other')];
      const create = (snapshot: string): ReturnType<typeof createEpoch> => database().transaction((sql) => createEpoch(sql, { venue, number: 9n, snapshot, circuits: ['a', 'b'] }));
      const made = await Promise.all([create(one.id), create(one.id), create(one.id.toUpperCase())]);
      assert.equal(made.filter(({ created }) => created).length, 1);
      await assert.rejects(create(other.id), { code: 'EPOCH_TAKEN', message: new RegExp(`epoch 9 stands for snapshot ${one.id} already`) });
      const epoch = await findEpoch(database(), venue, 9n);
      assert.deepEqual({ ...epoch, id: 0n, requestedAt: 0 }, {
        id: 0n, venue, number: 9n, snapshot: one.id, market: MARKET, circuits: ['a', 'b'], manifestSha256: 'aa', state: 'planning',
        accountsRoot: undefined, accounts: undefined, requestedAt: 0, finishedAt: undefined,
      });
      assert.deepEqual(await listEpochs(database(), venue), [epoch]);
      assert.deepEqual((await readEvents(database(), 0n, 10)).map(({ kind, detail }) => ({ kind, detail })), [{ kind: 'epoch', detail: { state: 'planning' } }]);
    });

    it('makes none without a snapshot, or before keys are pinned', async () => {
      const { id } = await upload('one');
      const create = (snapshot: string): Promise<unknown> => database().transaction((sql) => createEpoch(sql, { venue, number: 1n, snapshot, circuits: [] }));
      await assert.rejects(create(id), { code: 'EPOCH_REFUSED', message: /no worker has pinned keys yet/ });
      await assertPinned(database(), PIN);
      await assert.rejects(create(randomUUID()), { code: 'EPOCH_REFUSED', message: /no finished snapshot/ });
    });

    it('keeps the first accounts root, and a final epoch final', async () => {
      await assertPinned(database(), PIN);
      const { epoch } = await database().transaction(async (sql) => createEpoch(sql, { venue, number: 1n, snapshot: (await sql.query<{ id: string }>(
        "insert into snapshot (venue, market, state, sha256, report) values ($1, $2::numeric, 'ready', 'x', '[]') returning id", [venue, MARKET.toString()])).rows[0]?.id ?? '', circuits: [] }));
      await setAccountsRoot(database(), epoch.id, MARKET - 1n, 8);
      await setAccountsRoot(database(), epoch.id, MARKET - 1n, 8);
      await assert.rejects(setAccountsRoot(database(), epoch.id, 5n, 8), { code: 'ROOT_CHANGED' });
      assert.equal(await setEpochState(database(), epoch.id, 'final'), true);
      assert.equal(await setEpochState(database(), epoch.id, 'failed'), false);
      const { state, accountsRoot, accounts, finishedAt } = await findEpoch(database(), venue, 1n) ?? assert.fail('it is there');
      assert.deepEqual([state, accountsRoot, accounts, finishedAt instanceof Date], ['final', MARKET - 1n, 8, true]);
    });

    it('gives events in one order to all readers, also those whose transaction ended late', async () => {
      let late: Promise<void> | undefined;
      if (database().kind === 'server') {
        let go: () => void = () => undefined;
        const gate = new Promise<void>((resolve) => {
          go = resolve;
        });
        const begun = new Promise<void>((resolve) => {
          late = database().transaction(async (sql) => {
            await appendEvent(sql, { kind: 'late', detail: {} });
            resolve();
            await gate;
          });
        });
        await begun;
        await appendEvent(database(), { kind: 'early', detail: { n: 1 } });
        assert.deepEqual((await readEvents(database(), 0n, 10)).map(({ sequence, kind }) => [sequence, kind]), [[1n, 'early']]);
        go();
        await late;
      } else {
        await appendEvent(database(), { kind: 'early', detail: { n: 1 } });
        await readEvents(database(), 0n, 10);
        await appendEvent(database(), { kind: 'late', detail: {} });
      }
      await Promise.all([readEvents(database(), 0n, 10), readEvents(database(), 0n, 10), readEvents(database(), 0n, 10)]);
      assert.deepEqual((await readEvents(database(), 1n, 10)).map(({ sequence, kind }) => [sequence, kind]), [[2n, 'late']]);
      assert.deepEqual((await readEvents(database(), 0n, 1)).map(({ sequence, kind, detail }) => [sequence, kind, detail]), [[1n, 'early', { n: 1 }]]);
    });
  });

  describe('access tokens', () => {
    it('opens what its role may until it is revoked, and keeps only its hash', async () => {
      const { token, ...made } = await createAccessToken(database(), { role: 'user', userId: 'alice', label: 'app' });
      assert.match(token, /^cp_[A-Za-z0-9_-]{43}$/);
      assert.deepEqual(await findAccessToken(database(), token), made);
      const { rows } = await database().query('select sha256 from access_token');
      assert.deepEqual(rows[0]?.['sha256'], new Uint8Array(createHash('sha256').update(token).digest()));
      const revoked = await revokeAccessToken(database(), made.id);
      assert.ok(revoked?.revokedAt instanceof Date);
      assert.equal(await findAccessToken(database(), token), undefined);
      assert.deepEqual((await revokeAccessToken(database(), made.id))?.revokedAt, revoked.revokedAt);
      assert.equal(await revokeAccessToken(database(), 'nobody'), undefined);
    });

    it('expires by the database\'s clock', async () => {
      const { token, expiresAt, madeAt } = await createAccessToken(database(), { role: 'operator', label: 'x', days: 30 });
      assert.equal((expiresAt?.getTime() ?? 0) - madeAt.getTime(), 30 * 86_400_000);
      assert.ok(await findAccessToken(database(), token));
      await database().query("update access_token set expires_at = now() - interval '1 second'");
      assert.equal(await findAccessToken(database(), token), undefined);
      assert.equal((await listAccessTokens(database())).length, 1);
    });

    it('is nobody\'s when it is another text', async () => {
      const { token } = await createAccessToken(database(), { role: 'auditor', label: 'x' });
      for (const wrong of ['', 'cp_', token.slice(0, -1), `${token}A`, token.toUpperCase(), `cp_${'A'.repeat(43)}`, `${token}\n`]) assert.equal(await findAccessToken(database(), wrong), undefined);
    });

    it('names a user if it is a user\'s, and only then', async () => {
      await assert.rejects(createAccessToken(database(), { role: 'user', label: 'x' }), { code: '23514' });
      await assert.rejects(createAccessToken(database(), { role: 'operator', userId: 'alice', label: 'x' }), { code: '23514' });
    });
  });
});
