import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ClearproofError } from '../../src/error/clearproof-error.js';
import { AccountProofs, storeAccountProof, type AccountProofLease, type RowMarkRequest } from '../../src/store/account-proofs.js';
import { ensureVenue } from '../../src/store/venues.js';
import { VENUE } from '../proving/support.js';
import { onBothDatabases } from './databases.js';

class OutOfLuckError extends ClearproofError {
  readonly code = 'OUT_OF_LUCK';
}

onBothDatabases('requested account proofs', (database) => {
  const worker = randomUUID();
  const market = '12345';
  let venue: number;
  let proofs: AccountProofs;
  let row = 0;
  before(async () => {
    venue = await ensureVenue(database(), VENUE);
    proofs = new AccountProofs(database(), 2);
  });
  afterEach(() => database().query('delete from account_proof'));

  const request = (): RowMarkRequest => ({ kind: 'row-mark', market, row: (row += 1) });
  async function taken(seconds = 60): Promise<AccountProofLease> {
    const lease = await proofs.take(worker, seconds);
    assert.ok(lease !== undefined);
    return lease;
  }
  const stateOf = async (id: string): Promise<unknown> => {
    const found = await proofs.find(venue, id);
    return found === undefined ? undefined : [found.state, found.error?.code ?? null];
  };

  it('are one for each request, however often it is asked for', async () => {
    const [one, other] = [request(), request()];
    const asked = await Promise.all([one, one, one, other].map((each) => proofs.request(venue, each)));
    assert.equal(new Set(asked.map(({ id }) => id)).size, 2);
    assert.deepEqual([asked[0]?.request, asked[0]?.state, asked[0]?.result, asked[0]?.error], [one, 'ready', null, null]);
    assert.equal(await proofs.find(venue, 'no id'), undefined);
    assert.equal(await proofs.find(venue + 1, asked[0]?.id ?? ''), undefined, 'another venue has it not');
  });

  it('are taken one after another, each by one, with the venue in its checksummed spelling', async () => {
    const ids = [(await proofs.request(venue, request())).id, (await proofs.request(venue, request())).id];
    const leases = await Promise.all([proofs.take(worker, 60), proofs.take(randomUUID(), 60), proofs.take(randomUUID(), 60)]);
    assert.deepEqual(leases.flatMap((lease) => lease?.id ?? []).sort(), ids.sort());
    assert.deepEqual(leases.find((lease) => lease !== undefined)?.location, VENUE);
  });

  it('that were given up get another round when they are asked for again', async () => {
    const asked = request();
    const { id } = await proofs.request(venue, asked);
    await proofs.fail(await taken(), new OutOfLuckError('no memory'), false);
    assert.deepEqual(await stateOf(id), ['dead', 'OUT_OF_LUCK']);
    const again = await proofs.request(venue, asked);
    assert.deepEqual([again.id, again.state], [id, 'ready']);
    assert.equal((await taken()).attempts, 1);
    assert.equal((await proofs.request(venue, asked)).state, 'active', 'what is under way is left alone');
  });

  it('are stored by whoever holds the lease, and by nobody who lost it', async () => {
    const { id } = await proofs.request(venue, request());
    const late = await taken(0);
    assert.equal(await proofs.sweep(), 1);
    assert.deepEqual(await stateOf(id), ['ready', 'LEASE_EXPIRED']);
    const lease = await taken();
    assert.equal(await proofs.heartbeat(late, 60), false);
    assert.equal(await proofs.finish(late, (sql) => storeAccountProof(sql, id, '{"late":true}')), false);
    assert.equal(await proofs.fail(late, new OutOfLuckError('too late')), 'lost');
    await proofs.release(late);
    assert.equal(await proofs.heartbeat(lease, 60), true);
    assert.equal(await proofs.finish(lease, (sql) => storeAccountProof(sql, id, '{"late":false}')), true);
    assert.deepEqual((await proofs.find(venue, id))?.result, { late: false });
    assert.deepEqual(await stateOf(id), ['done', null]);
  });

  it('are given up after the last try, or at once when trying again is of no use', async () => {
    const first = await proofs.request(venue, request());
    assert.equal(await proofs.fail(await taken(), new OutOfLuckError('once')), 'ready');
    assert.equal(await proofs.fail(await taken(), new TypeError('a secret')), 'dead');
    assert.deepEqual(await stateOf(first.id), ['dead', 'INTERNAL']);
    assert.doesNotMatch(JSON.stringify(await proofs.find(venue, first.id)), /a secret/);
    const second = await proofs.request(venue, request());
    assert.equal(await proofs.fail(await taken(), new OutOfLuckError('for good'), false), 'dead');
    assert.deepEqual(await stateOf(second.id), ['dead', 'OUT_OF_LUCK']);
    const third = await proofs.request(venue, request());
    for (const state of ['ready', 'dead']) {
      await taken(0);
      await proofs.sweep();
      assert.deepEqual(await stateOf(third.id), [state, 'LEASE_EXPIRED']);
    }
  });

  it('are swept in the very moment in which their lease ends, whatever the clock can tell apart', async () => {
    await proofs.request(venue, request());
    for (let round = 0; round < 20; round++) {
      const lease = await taken(0);
      assert.equal(await proofs.sweep(), 1, 'the clock of an embedded database counts milliseconds');
      await database().query("update account_proof set state = 'ready', attempts = 0 where id = $1::uuid", [lease.id]);
    }
  });

  it('can be handed back without losing a try', async () => {
    await proofs.request(venue, request());
    const attempts: number[] = [];
    while (attempts.length < 3) {
      const lease = await taken();
      attempts.push(lease.attempts);
      await proofs.release(lease);
    }
    assert.deepEqual(attempts, [1, 1, 1]);
  });
});
