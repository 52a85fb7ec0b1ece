import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interface } from 'ethers';
import type { FindingCode } from '../../src/audit/audit-finding.js';
import type { AuditReport } from '../../src/audit/audit-report.js';
import { checkMarketTable, tableSources, type TableSources } from '../../src/audit/check-market-table.js';
import { runAudit, type AuditQuestion } from '../../src/audit/run-audit.js';
import { MARKET_BOARD_HISTORY, PRICE_BOARD_HISTORY, VAULT_HISTORY } from '../../src/chain/history/history-events.js';
import { readVenueHistory } from '../../src/chain/history/read-venue-history.js';
import type { RpcSource } from '../../src/chain/history/rpc-source.js';
import type { VenueHistory } from '../../src/chain/history/venue-history.js';
import { OmissionChallengesClient } from '../../src/chain/omission-client.js';
import { changeCode } from '../../src/chain/pending-change.js';
import { passTime } from '../../src/chain/test-chain.js';
import { nextRound, tableOf } from '../../src/cli/demo/demo-board.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { boardRisk } from '../builders/board-risk.js';
import { bentSource, withoutLogs } from '../chain/history/lying-source.js';
import { DISPUTES, ownedAccount, signPromise } from '../flows/support/omission-on-chain.js';
import { RULES } from '../flows/support/vault-on-chain.js';
import { simulatedEpoch, writeBundles } from './support/audited-venue.js';
import { acceptAnyTable, boardedVenue, publish, type BoardedVenue } from './support/boarded-venue.js';

/** Of an honest venue with boards and vault on a local chain. */
const USUAL: readonly FindingCode[] = ['development-keys', 'options-chosen', 'unhealthy-accounts'];
const PROPOSED = VAULT_HISTORY.getEvent('ChangeProposed')?.topicHash as string;
const DAY = 86_400;

describe('an audit of a venue with market board, price board and vault on a real chain', function () {
  this.timeout(240_000);
  let venue: BoardedVenue;
  let folder: string;
  let bundles: string;
  let history: VenueHistory;

  /** Verification of the honest epoch is taken over from run to run: what is tried here is what is compared around it. */
  const audit = async (source: RpcSource = venue.connection.provider, more: Partial<AuditQuestion> = {}): Promise<AuditReport> => runAudit(source, {
    registry: venue.deployment.registry, venueId: venue.location.venueId, bundles: [bundles], keys: {}, circuits: await readCircuitList(), stressSets: [],
    out: join(folder, 'out'), processes: 1, program: 'test 1', wait: () => Promise.resolve(), ...more,
  });
  const codes = ({ findings }: AuditReport): FindingCode[] => [...new Set(findings.map(({ code }) => code).filter((code) => !USUAL.includes(code)))].sort();
  const details = ({ findings }: AuditReport, code: FindingCode): string[] => findings.filter((one) => one.code === code).map(({ detail }) => detail);
  /** Runs on the chain as it is now and puts it back. */
  const apart = async (work: () => Promise<void>): Promise<void> => {
    const checkpoint: unknown = await venue.connection.provider.send('evm_snapshot', []);
    try {
      await work();
    } finally {
      assert.equal(await venue.connection.provider.send('evm_revert', [checkpoint]), true);
    }
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-audit-boards-'));
    bundles = join(folder, 'bundles');
    venue = await boardedVenue(folder);
    await writeBundles(bundles, [venue.honest]);
    history = await readVenueHistory(venue.connection.provider, { registry: venue.deployment.registry, venueId: venue.location.venueId });
  });
  after(async () => {
    await (venue as BoardedVenue | undefined)?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds no fault in an honest one, and nothing that it could not check', async () => {
    const report = await audit();
    assert.deepEqual([report.verdict, codes(report), report.findings.filter(({ severity }) => severity !== 'warning')], ['right', [], []]);
    assert.deepEqual(report.epochs.map(({ source, covered, assets }) => [source, covered, assets.every((asset) => asset.covered)]), [['attestation', true, true]]);
    assert.ok(report.findings.some(({ code }) => code === 'options-chosen'), 'its table has options');
  });

  it('has read what it holds the table against: round, instruments, parameters, rules and changes', () => {
    const { markets, prices, reserves, changes, disputes } = history;
    assert.deepEqual([markets.kind, reserves.kind, disputes?.signers.map(({ signer }) => signer)], ['board', 'vault', [venue.operator.address]]);
    assert.deepEqual(prices?.rounds.map(({ id, prices: read }) => [id, read]), [[1, venue.boards.round.prices]]);
    assert.equal(markets.board?.instruments.length, venue.honest.market.rows.length);
    assert.deepEqual(markets.board.parameterSets.map(({ parameters }) => parameters), [venue.boards.parameters]);
    assert.deepEqual(changes.map(({ contract, kind, outcome, content }) => [contract, kind, outcome, content?.what]), [
      ['vault', 'vault-limits', 'activated', 'vault-limits'], ['price-board', 'feeds', 'activated', 'feeds'],
      ['market-board', 'instruments', 'activated', 'instruments'], ['market-board', 'parameters', 'activated', 'parameters'],
    ]);
    assert.deepEqual(reserves.vault?.limitChanges.length, 2);
  });

  it('finds a table whose prices are not those of its round, though the board took a forged proof for it', async () => {
    await apart(async () => {
      await passTime(venue.operator, RULES.demandWindow + RULES.answerWindow);
      const boards = await nextRound(venue, venue.boards);
      const { round } = boards;
      const lying = tableOf(boards, new Map([['BTC-USD', 2n * (round.prices[1] as bigint)]]));
      await acceptAnyTable(venue, boards, tableOf(boards), lying);
      const second = await simulatedEpoch(venue.location, 2, { accounts: venue.accounts, table: lying });
      await publish(venue, second);
      await writeBundles(join(folder, 'lying'), [venue.honest, second]);
      const report = await audit(venue.connection.provider, { bundles: [join(folder, 'lying')] });
      assert.deepEqual([report.verdict, codes(report).filter((code) => code !== 'epoch-not-covered' && code !== 'gate-restricted')], ['fault', ['price-differs']]);
      const rows = lying.rows.filter((row) => !['USD', 'USD-ENTRY'].includes(row.id));
      assert.equal(details(report, 'price-differs').length, rows.length, 'every row of the feed, and no other');
      assert.deepEqual(report.findings.filter(({ code }) => code === 'price-differs').map(({ epoch }) => epoch), rows.map(() => 2));
    });
  });

  describe('holds a table against what the chain has of it, and', () => {
    const found = (table: MarketTable, change: (sources: TableSources) => TableSources = (sources) => sources): FindingCode[] => {
      const sources = tableSources(marketCommitment(portablePoseidon, venue.honest.market), history) as TableSources;
      return [...new Set(checkMarketTable(1, table, change(sources)).map(({ code }) => code).filter((code) => !USUAL.includes(code)))];
    };
    const withRisk = (change: Parameters<typeof boardRisk>[0]): MarketTable => tableOf({ ...venue.boards, risk: boardRisk(change) });

    it('finds nothing in the honest one', () => {
      assert.deepEqual(found(venue.honest.market), []);
    });

    it('finds other parameters, other volatilities, another time, another row', () => {
      const { market } = venue.honest;
      assert.deepEqual(found(withRisk({ haircut: '0.01' })), ['parameters-differ']);
      assert.deepEqual(found(withRisk({ volatility: '0.6' })), ['volatilities-differ']);
      assert.deepEqual(found({ ...market, snapshotTime: market.snapshotTime + 1 }), ['price-differs']);
      assert.deepEqual(found({ ...market, rows: market.rows.map((row, index) => (index === 0 ? { ...row, quantityDecimals: 2 } : row)) }), ['instrument-differs']);
      assert.deepEqual(found({ ...market, rows: market.rows.slice(0, -1) }), []);
      assert.deepEqual(found({ ...market, rows: [...market.rows, market.rows[0] as MarketTable['rows'][number]] }), ['instrument-differs', 'parameters-differ']);
    });

    it('finds a row whose feed the round has no price of', () => {
      assert.deepEqual(found(venue.honest.market, (sources) => ({ ...sources, round: sources.round === undefined ? undefined : { ...sources.round, prices: sources.round.prices.slice(0, 1) } })), ['price-differs']);
    });

    it('says what it could not compare where the node has not all of it, and calls nothing of it a fault', () => {
      const { market } = venue.honest;
      assert.deepEqual(found(market, (sources) => ({ ...sources, round: undefined })), ['round-log-missing']);
      assert.deepEqual(found(market, (sources) => ({ ...sources, parameters: undefined })), ['parameters-unknown']);
      const { moves, ...withoutMoves } = market;
      assert.deepEqual([moves?.length, found(withoutMoves)], [2, ['table-without-terms']]);
    });
  });

  it('calls nothing a fault of which it read only the later part', async () => {
    const { acceptedInBlock } = history.epochs[0]?.record as { readonly acceptedInBlock: number };
    const accepted = history.markets.tables[0]?.at.block as number;
    for (const fromBlock of [accepted, accepted + 1, acceptedInBlock, acceptedInBlock + 1].filter((block) => block <= history.readAt.number)) {
      const report = await audit(venue.connection.provider, { fromBlock });
      assert.deepEqual([report.verdict, report.findings.filter(({ severity }) => severity === 'fault')], ['incomplete', []], `from block ${fromBlock}`);
    }
  });

  it('finds a change that was never announced, announced too shortly, or took effect before its time', async () => {
    const isLimits = ({ topics }: { readonly topics: readonly string[] }): boolean => topics[0] === PROPOSED && Number(topics[2]) === changeCode('vault-limits');
    const node = venue.connection.provider;
    const proposal = history.changes.find(({ kind }) => kind === 'vault-limits');
    assert.deepEqual(codes(await audit(withoutLogs(node, isLimits))), ['change-without-proposal']);
    const readyAt = (seconds: number): RpcSource => bentSource(node, {
      eth_getLogs: async (_params, honest) => (await honest() as { topics: string[]; data: string }[]).map((log) => (
        isLimits(log) ? { ...log, data: log.data.slice(0, -64) + seconds.toString(16).padStart(64, '0') } : log)),
    });
    assert.deepEqual(codes(await audit(readyAt((proposal?.proposed.time as number) + RULES.timelock - 1))), ['timelock-short']);
    assert.deepEqual(codes(await audit(readyAt((proposal?.ended?.time as number) + 1))), ['timelock-broken']);
    // What the venue's rules ask for is enough.
    assert.deepEqual(codes(await audit(readyAt((proposal?.proposed.time as number) + RULES.timelock))), []);
  });

  it('says what a node lost: an instrument contradicts the board, a round or an accepted table leaves something unchecked', async () => {
    const node = venue.connection.provider;
    const topic = (contract: Interface, event: string): string => contract.getEvent(event)?.topicHash as string;
    const listed = topic(MARKET_BOARD_HISTORY, 'InstrumentListed');
    await assert.rejects(audit(withoutLogs(node, ({ topics }) => topics[0] === listed && BigInt(topics[2] as string) === 3n)), { code: 'NODE_CONTRADICTION', message: /lists 6 instruments, the node has events of 5/ });
    const report = await audit(withoutLogs(node, ({ topics }) => topics[0] === topic(PRICE_BOARD_HISTORY, 'RoundOpened')));
    assert.deepEqual([report.verdict, codes(report)], ['incomplete', ['round-log-missing']]);
    const blind = await audit(withoutLogs(node, ({ topics }) => topics[0] === topic(MARKET_BOARD_HISTORY, 'MarketAccepted')));
    assert.deepEqual([blind.verdict, codes(blind)], ['incomplete', ['market-log-missing']]);
  });

  it('says of a change that nobody activated in time that it never took effect', async () => {
    await apart(async () => {
      await venue.venueVault.proposeRules({ ...RULES, demandBond: RULES.demandBond * 2n });
      await passTime(venue.operator, RULES.timelock + 14 * DAY);
      const report = await audit();
      assert.ok(codes(report).includes('change-expired'), codes(report).join());
      assert.notEqual(report.verdict, 'fault');
    });
  });

  it('lists a challenge and a demand while the venue may answer, when it did not, and when the epoch is disputed', async () => {
    await apart(async () => {
      const { deployment, operator, honest } = venue;
      const disputes = new OmissionChallengesClient(deployment.omissionChallenges ?? '', deployment.venueId, operator);
      const { snapshotTime } = history.epochs[0]?.record as { readonly snapshotTime: number };
      const row = honest.market.rows[0] as MarketTable['rows'][number];
      const signed = await signPromise({ ...venue, disputesAs: () => disputes }, {
        account: ownedAccount('alice', 1_001n, operator.address, [{ index: 0, quantity: 5n }]), signer: operator.address, issuedAt: snapshotTime - 1,
        promised: { instrument: row.id, quantityDecimals: row.quantityDecimals, firstRow: 0, lastRow: 0, amount: 5n },
      });
      const { id } = await disputes.challenge(1, signed.receipt, signed, DISPUTES.bond);
      await venue.vault.demandReceiptOfDeposit(1, venue.deposits[0] as bigint, '0x01', RULES.demandBond);
      const open = await audit();
      assert.deepEqual([open.verdict, codes(open)], ['right', ['challenge-open', 'demand-open']]);
      await passTime(operator, RULES.answerWindow);
      const late = await audit();
      assert.deepEqual([late.verdict, codes(late)], ['right', ['challenge-overdue', 'demand-unanswered']]);
      await disputes.settle(id);
      const lost = await audit();
      assert.deepEqual([lost.verdict, codes(lost)], ['right', ['demand-unanswered', 'epoch-disputed', 'gate-restricted']]);
      assert.deepEqual([lost.gate.reasons, lost.findings.filter(({ code }) => code === 'epoch-disputed').map(({ epoch }) => epoch)], [['disputed'], [1]]);
    });
  });
});
