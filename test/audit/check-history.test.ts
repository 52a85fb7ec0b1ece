import assert from 'node:assert/strict';
import type { AuditFinding } from '../../src/audit/audit-finding.js';
import { checkEpochs } from '../../src/audit/check-epochs.js';
import { checkVenue } from '../../src/audit/check-venue.js';
import { readVenueHistory } from '../../src/chain/history/read-venue-history.js';
import type { HistoryEpoch, StoredEpochRecord, VenueHistory } from '../../src/chain/history/venue-history.js';
import { MARKET, START, mockSubmission, startLocalVenue, type LocalVenue } from '../chain/local-venue.js';

describe('what an audit looks for in a history', function () {
  this.timeout(120_000);
  let venue: LocalVenue;
  let honest: VenueHistory;
  let usual: readonly string[];

  before(async () => {
    venue = await startLocalVenue();
    await venue.client.registerAssets([{ token: venue.usd, unitsPerQuantum: 1n }]);
    await venue.markets.state({ commitment: MARKET, level: 'maintenance', snapshotTime: START, settlementAssets: 1, valueScale: 12 });
    for (let epoch = 1; epoch <= 2; epoch += 1) {
      await venue.client.openSnapshot();
      await venue.client.submitEpoch(mockSubmission(venue.deployment, epoch));
    }
    honest = await readVenueHistory(venue.connection.provider, { registry: venue.deployment.registry, venueId: 7n });
    usual = check(honest).map(({ code }) => code);
  });
  after(async () => {
    await (venue as LocalVenue | undefined)?.stop();
  });

  const check = (history: VenueHistory): AuditFinding[] => [...checkEpochs(history, 1, 2), ...checkVenue(history, 1, 2)];
  /** What a changed history is found to have beside the honest one. */
  const found = (change: Partial<VenueHistory>): (readonly [string, number | undefined])[] =>
    check({ ...honest, ...change }).filter(({ code }) => !usual.includes(code)).map(({ code, epoch }) => [code, epoch] as const);
  const epochs = (change: (second: HistoryEpoch) => Partial<HistoryEpoch>): Partial<VenueHistory> => ({ epochs: honest.epochs.map((one) => (one.epoch === 2 ? { ...one, ...change(one) } : one)) });
  const record = (change: (of: StoredEpochRecord) => Partial<StoredEpochRecord>): Partial<VenueHistory> => epochs((one) => ({ record: { ...one.record, ...change(one.record) } }));
  const snapshots = (change: { readonly openedAt?: number; readonly reserves?: readonly bigint[] }): Partial<VenueHistory> => ({ snapshots: honest.snapshots.map((one) => (one.epoch === 2 ? { ...one, ...change } : one)) });

  it('is no fault and nothing unchecked in an honest one', () => {
    assert.deepEqual(check(honest).filter(({ severity }) => severity !== 'warning'), []);
    assert.deepEqual(found({}), []);
  });

  it('is an epoch accepted outside its window, before its time, or after a silence', () => {
    const { maxSubmissionAge, haltAfter } = honest.config;
    assert.deepEqual(found(record(({ snapshotTime }) => ({ acceptedAt: snapshotTime + maxSubmissionAge }))), []);
    assert.deepEqual(found(record(({ snapshotTime }) => ({ acceptedAt: snapshotTime + maxSubmissionAge + 1 }))), [['window-broken', 2]]);
    assert.deepEqual(found(record(({ snapshotTime }) => ({ acceptedAt: snapshotTime - 1 }))), [['window-broken', 2]]);
    const first = honest.epochs[0]?.record as StoredEpochRecord;
    assert.deepEqual(found({ ...record(() => ({ snapshotTime: first.acceptedAt - 1 })), ...snapshots({ openedAt: first.acceptedAt - 1 }) }), [['epoch-order-broken', 2]]);
    const late = first.snapshotTime + haltAfter + 1;
    assert.deepEqual(found({
      ...record(() => ({ snapshotTime: late, acceptedAt: late })), ...snapshots({ openedAt: late }), config: { ...honest.config, marketTolerance: 10 * haltAfter },
    }), [['long-silence', 2]]);
  });

  it('is an epoch of another moment than its checkpoint, one taken twice, or one without', () => {
    assert.deepEqual(found(record(({ snapshotTime }) => ({ snapshotTime: snapshotTime + 1 }))).map(([code]) => code).includes('snapshot-differs'), true);
    assert.deepEqual(found({ snapshots: honest.snapshots.flatMap((one) => (one.epoch === 2 ? [{ ...one, replaced: true }, one] : [one])) }), [['snapshot-replaced', 2]]);
    assert.deepEqual(found({ snapshots: honest.snapshots.filter(({ epoch }) => epoch === 1) }), [['snapshot-log-missing', 2]]);
  });

  it('is a table that nobody accepted, of another level or time, or accepted after the epoch', () => {
    const market = honest.epochs[1]?.market as NonNullable<HistoryEpoch['market']>;
    assert.deepEqual(found(epochs(() => ({ market: undefined }))), [['table-not-accepted', 2]]);
    assert.deepEqual(found(epochs(() => ({ market: { ...market, level: 'initial' } }))), [['table-not-accepted', 2]]);
    assert.deepEqual(found(epochs((one) => ({ market: { ...market, snapshotTime: one.record.snapshotTime - honest.config.marketTolerance - 1 } }))), [['table-outside-tolerance', 2]]);
    const last = honest.epochs[1]?.announcement?.at as NonNullable<HistoryEpoch['announcement']>['at'];
    const tables = honest.markets.tables.map((one) => ({ ...one, at: { ...last, logIndex: last.logIndex + 1 } }));
    assert.deepEqual(found({ markets: { ...honest.markets, tables } }).map(([code]) => code), ['table-accepted-later', 'table-accepted-later']);
  });

  it('is a circuit that the registry lists as something else', () => {
    const circuits = honest.circuits.map((one) => (one.kind === 'close' ? { ...one, kind: 'close-end' } : one));
    assert.deepEqual(found({ circuits }), [['circuit-of-wrong-kind', 1], ['circuit-of-wrong-kind', 2]]);
  });

  it('is a covered flag that deposits, limits, reserves or fund of the moment contradict', () => {
    const flag = found(record(() => ({ covered: false })));
    assert.deepEqual(flag.map(([code]) => code), ['covered-flag-wrong', 'epoch-not-covered']);
    assert.deepEqual(found(snapshots({ reserves: [0n] })), [['covered-flag-wrong', 2]]);
    assert.deepEqual(found(epochs(() => ({ limits: [{ maxDeposits: 1n, maxLoans: 0n }] }))), [['covered-flag-wrong', 2]]);
    assert.deepEqual(found(record(() => ({ shortfall: 2n ** 100n }))), [['covered-flag-wrong', 2]]);
  });

  it('is a book that says more than the token, a token that says nothing, reserves of an unknown kind', () => {
    const { reserves } = honest;
    const balance = (tokenBalance: bigint | undefined): Partial<VenueHistory> => ({ reserves: { ...reserves, ledgers: reserves.ledgers.map((one) => ({ ...one, tokenBalance })), fund: { ...reserves.fund, tokenBalance } } });
    const held = (reserves.ledgers[0]?.tree ?? 0n) + (reserves.fund.amount ?? 0n);
    assert.deepEqual(found(balance(held)), [], 'reserves and fund are of one token');
    assert.deepEqual(found(balance(held - 1n)), [['ledger-exceeds-balance', undefined]]);
    assert.deepEqual(found(balance(undefined)), [['token-silent', undefined]]);
    assert.deepEqual(found({ reserves: { ...reserves, kind: 'other' } }), [['reserves-unknown', undefined]]);
  });

  it('is every gap, unless it is of an epoch that was not asked for', () => {
    const gaps = (epoch: number | undefined): Partial<VenueHistory> => ({ gaps: [{ kind: 'limits-unavailable', epoch, detail: 'no state' }] });
    assert.deepEqual(found(gaps(2)), [['limits-unavailable', 2]]);
    assert.deepEqual(found(gaps(undefined)), [['limits-unavailable', undefined]]);
    assert.deepEqual(found(gaps(3)), []);
  });
});
