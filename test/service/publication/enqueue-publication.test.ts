import assert from 'node:assert/strict';
import type { Attestation } from '../../../src/attestation/attestation.js';
import { submitEpochCall } from '../../../src/chain/registry-calls.js';
import { enqueueOpening, enqueueSubmission, type PublishedVenue } from '../../../src/service/publication/enqueue-publication.js';
import { waitForPublication } from '../../../src/service/publication/wait-for-publication.js';
import type { Database } from '../../../src/store/database.js';
import { IN_MEMORY } from '../../../src/store/embedded-database.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { listEntries } from '../../../src/store/outbox.js';
import { BATCH_CIRCUIT, CLOSE_CIRCUIT, MARKET, mockSubmission } from '../../chain/local-venue.js';

const REGISTRY = '0x5FC8d32690cc91D4c39d9d3abcBD16989F875707';

describe('what is put into the outbox', () => {
  let database: Database;
  let place: PublishedVenue;

  before(async () => {
    database = await openDatabase({ kind: 'embedded', directory: IN_MEMORY });
    await migrate(database);
    const { rows } = await database.query(`insert into venue (chain_id, registry, venue_id) values (31337, $1, 7) returning id`, [REGISTRY]);
    place = { venue: Number(rows[0]?.['id']), chainId: 31337n, registry: REGISTRY, venueId: 7n };
  });
  after(() => database.close());
  beforeEach(() => database.script('delete from clearproof.outbox'));

  const submission = mockSubmission({ chainId: 31337n, registry: REGISTRY, venueId: 7n } as Parameters<typeof mockSubmission>[0], 4);
  const attestation = {
    venue: { chainId: 31337n, registry: REGISTRY, venueId: 7n }, epoch: 4, genesisAccumulator: submission.genesisAccumulator, words: submission.words,
    batches: submission.batches.map(({ proof, accumulatorAfter }) => ({ circuit: BATCH_CIRCUIT, proof, accumulatorAfter })),
    close: { ...submission.close, circuit: CLOSE_CIRCUIT, parts: undefined },
  } as unknown as Attestation;

  it('is what the registry is to be sent, once', async () => {
    const entry = await database.transaction((sql) => enqueueSubmission(sql, place, attestation, MARKET));
    assert.deepEqual(entry.calldata, submitEpochCall(7n, submission));
    assert.deepEqual([entry.kind, entry.epoch, entry.target, entry.state], ['submit-epoch', 4, REGISTRY, 'pending']);
    assert.equal((await enqueueSubmission(database, place, attestation, MARKET)).id, entry.id);
    await enqueueOpening(database, place, 5);
    assert.equal((await enqueueOpening(database, place, 5)).kind, 'open-snapshot');
    assert.equal((await listEntries(database, place.venue)).length, 2);
    await assert.rejects(enqueueSubmission(database, place, { ...attestation, genesisAccumulator: 12n }, MARKET), { code: 'OUTBOX_CONFLICT' });
  });

  it('is of the service\'s own venue', async () => {
    for (const change of [{ chainId: 1n }, { venueId: 8n }, { registry: '0x00000000000000000000000000000000000000aa' }]) {
      await assert.rejects(enqueueSubmission(database, { ...place, ...change }, attestation, MARKET), { code: 'MISPLACED_ENTRY' });
    }
    assert.deepEqual(await listEntries(database, place.venue), []);
  });

  it('is waited for until it is final, given up, or nobody wants it', async () => {
    const entry = { venue: place.venue, epoch: 4, kind: 'submit-epoch' } as const;
    const never = new AbortController().signal;
    await assert.rejects(waitForPublication(database, entry, 1, never), { code: 'OUTBOX_ENTRY' });
    await enqueueSubmission(database, place, attestation, MARKET);
    const stopping = new AbortController();
    const unwanted = waitForPublication(database, entry, 600_000, stopping.signal);
    stopping.abort(new RangeError('stopped'));
    await assert.rejects(unwanted, RangeError);
    const waiting = waitForPublication(database, entry, 1, never);
    await database.query(`update outbox set state = 'final'`);
    assert.equal((await waiting).state, 'final');
    await database.query(`update outbox set state = 'dead', error = '{"code":"EPOCH_TAKEN","message":"epoch 4 stands there"}'`);
    await assert.rejects(waitForPublication(database, entry, 1, never), (error: unknown) => error instanceof Error && /given up \(EPOCH_TAKEN\): epoch 4 stands there/.test(error.message));
  });
});
