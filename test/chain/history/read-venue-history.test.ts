import assert from 'node:assert/strict';
import { makeError } from 'ethers';
import { readOnChainRecord } from '../../../src/chain/read-on-chain-record.js';
import { readVenueHistory } from '../../../src/chain/history/read-venue-history.js';
import { REGISTRY_HISTORY } from '../../../src/chain/history/history-events.js';
import type { RpcSource } from '../../../src/chain/history/rpc-source.js';
import type { VenueHistory } from '../../../src/chain/history/venue-history.js';
import { passTime } from '../../../src/chain/test-chain.js';
import { MARKET, START, mockSubmission, startLocalVenue, type LocalVenue } from '../local-venue.js';
import { bentSource, withoutLogs } from './lying-source.js';

const EPOCHS = 3;
const ACCEPTED = REGISTRY_HISTORY.getEvent('EpochAccepted')?.topicHash as string;
const OPENED = REGISTRY_HISTORY.getEvent('SnapshotOpened')?.topicHash as string;
const refuse = async (error: unknown): Promise<never> => {
  await Promise.resolve();
  throw error as Error;
};
const noWait = (): Promise<void> => Promise.resolve();

describe('the history of a venue, read from a real chain', function () {
  this.timeout(120_000);
  let venue: LocalVenue;
  let node: RpcSource;
  let history: VenueHistory;

  const read = (source: RpcSource, more: { readonly fromBlock?: number; readonly toBlock?: number } = {}): Promise<VenueHistory> => readVenueHistory(source, {
    registry: venue.deployment.registry, venueId: 7n, wait: noWait, ...more,
  });

  before(async () => {
    venue = await startLocalVenue();
    node = venue.connection.provider;
    await venue.client.registerAssets([{ token: venue.usd, unitsPerQuantum: 1n }]);
    await venue.markets.state({ commitment: MARKET, level: 'maintenance', snapshotTime: START, settlementAssets: 1, valueScale: 12 });
    for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
      await venue.client.openSnapshot();
      if (epoch === 2) await venue.client.openSnapshot();
      await venue.client.submitEpoch(mockSubmission(venue.deployment, epoch, epoch === 3 ? { words: [9_000_000n, 0n] } : {}));
    }
    history = await read(node);
  });
  after(async () => {
    await (venue as LocalVenue | undefined)?.stop();
  });

  it('has every epoch with words, circuits and place, as the registry recorded it', async () => {
    assert.deepEqual(history.epochs.map(({ epoch, record }) => [epoch, record.covered]), [[1, true], [2, true], [3, false]]);
    const record = await readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, 3);
    const last = history.epochs[2];
    assert.deepEqual(last?.announcement?.words, record.words);
    assert.deepEqual(last?.announcement?.circuits, { batches: record.batchCircuits.map(({ circuitId }) => circuitId), parts: [], close: record.closeCircuit.circuitId });
    assert.equal(last?.announcement?.at.time, record.acceptedAt);
    assert.deepEqual(last?.market, { level: 'maintenance', snapshotTime: START, settlementAssets: 1 });
    assert.deepEqual(last?.limits, [{ maxDeposits: 2n ** 128n - 1n, maxLoans: 2n ** 128n - 1n }]);
    assert.deepEqual(history.gaps, []);
  });

  it('has every checkpoint, and says which one a later one replaced', () => {
    assert.deepEqual(history.snapshots.map(({ epoch, replaced, reserves, fund }) => [epoch, replaced, reserves, fund]), [
      [1, false, [1_000_000n], 50n], [2, true, [1_000_000n], 50n], [2, false, [1_000_000n], 50n], [3, false, [1_000_000n], 50n],
    ]);
  });

  it('has configuration, circuits, assets, tables, ledgers and movements', () => {
    assert.equal(history.config.operator, venue.signer.address);
    assert.deepEqual(history.registered?.config, history.config);
    assert.deepEqual(history.circuits.map(({ kind, developmentKey }) => [kind, developmentKey]), [['batch', true], ['close', true]]);
    assert.deepEqual(history.settlementAssets.map(({ token, unitsPerQuantum }) => [token, unitsPerQuantum]), [[{ address: venue.usd, symbol: 'tUSD', decimals: 6 }, 1n]]);
    assert.deepEqual(history.markets.tables.map(({ commitment, level }) => [commitment, level]), [[MARKET, 'maintenance']]);
    assert.equal(history.markets.kind, 'stated');
    assert.equal(history.reserves.kind, 'escrow');
    assert.deepEqual(history.reserves.ledgers, [{ asset: 0, tree: 1_000_000n, cleared: 0n, pending: 0n, exits: 0n, tokenBalance: 1_000_050n }]);
    assert.deepEqual(history.reserves.escrowMovements.map(({ direction, amount }) => [direction, amount]), [['in', 1_000_000n]]);
    assert.deepEqual(history.gate, { mode: 'withdraw-only', reasons: ['not-covered'], age: history.gate.age });
  });

  it('is of the block it names, whatever came after', async () => {
    const first = history.epochs[0]?.record.acceptedInBlock as number;
    const then = await read(node, { toBlock: first });
    assert.equal(then.readAt.number, first);
    assert.deepEqual(then.epochs.map(({ epoch }) => epoch), [1]);
    assert.equal(then.gate.mode, 'open');
  });

  it('can be copied and compared: it holds plain values only', () => {
    assert.deepEqual(structuredClone(history), history);
  });

  it('is the same from a node that gives the logs of three blocks at most', async () => {
    const spans: number[] = [];
    const strict = bentSource(node, {
      eth_getLogs: ([filter], honest) => {
        const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
        if (Number(toBlock) - Number(fromBlock) >= 3) return refuse(makeError('could not coalesce error', 'UNKNOWN_ERROR', { error: { code: -32005, message: 'query returned more than 3 blocks' } }));
        spans.push(Number(toBlock) - Number(fromBlock) + 1);
        return honest();
      },
    });
    assert.deepEqual(await read(strict), history);
    assert.ok(spans.length > 4 && Math.max(...spans) <= 3, spans.join());
  });

  it('is the same through a node that fails every second time', async () => {
    let calls = 0;
    const flaky = bentSource(node, {
      eth_call: (_params, honest) => ((calls += 1) % 2 === 0 ? refuse(makeError('bad gateway', 'SERVER_ERROR', { request: undefined as never })) : honest()),
    });
    assert.deepEqual(await read(flaky), history);
  });

  it('before its first block is known from state alone, and the gaps say so', async () => {
    const from = history.epochs[1]?.record.acceptedInBlock as number;
    const late = await read(node, { fromBlock: from });
    assert.deepEqual(late.epochs.map(({ announcement }) => announcement !== undefined), [false, true, true]);
    assert.deepEqual(late.gaps.map(({ kind, epoch }) => [kind, epoch]), [['before-first-block', 1]]);
    assert.equal(late.registered, undefined);
  });

  it('has a gap where the node lost the event of an epoch', async () => {
    const lost = await read(withoutLogs(node, ({ topics }) => topics[0] === ACCEPTED && BigInt(topics[2] as string) === 2n));
    assert.deepEqual(lost.gaps.map(({ kind, epoch }) => [kind, epoch]), [['epoch-log-missing', 2]]);
    assert.equal(lost.epochs[1]?.announcement, undefined);
  });

  it('has a gap where the node lost the last checkpoint', async () => {
    const lost = await read(withoutLogs(node, ({ topics }) => topics[0] === OPENED && BigInt(topics[2] as string) === 3n));
    assert.deepEqual(lost.gaps.map(({ kind }) => kind), ['snapshot-log-missing']);
  });

  it('is refused when the event of an epoch is not what the registry stores', async () => {
    const bent = bentSource(node, {
      eth_getLogs: async (_params, honest) => (await honest() as { topics: string[]; data: string }[]).map((log) => (
        // The last word of the first accepted epoch: loans of its only asset.
        log.topics[0] === ACCEPTED && BigInt(log.topics[2] as string) === 1n ? { ...log, data: log.data.replace((100_000).toString(16).padStart(64, '0'), (99_999).toString(16).padStart(64, '0')) } : log)),
    });
    await assert.rejects(read(bent), { code: 'NODE_CONTRADICTION', message: /words and circuits of the event do not have the hash/ });
  });

  it('is refused when the node announces an epoch that the registry does not have', async () => {
    const bent = bentSource(node, {
      eth_getLogs: async (_params, honest) => {
        const logs = await honest() as { topics: string[]; logIndex: string }[];
        const last = logs.filter(({ topics }) => topics[0] === ACCEPTED).at(-1);
        return last === undefined ? logs : [...logs, { ...last, logIndex: '0x63', topics: [...last.topics.slice(0, 2), `0x${'9'.padStart(64, '0')}`] }];
      },
    });
    await assert.rejects(read(bent), { code: 'NODE_CONTRADICTION', message: /acceptance of epoch 9, the registry 3 epochs/ });
  });

  it('is refused when the node has no event of the registration', async () => {
    const bent = withoutLogs(node, ({ topics }) => topics[0] === REGISTRY_HISTORY.getEvent('VenueRegistered')?.topicHash);
    await assert.rejects(read(bent), { code: 'NODE_CONTRADICTION', message: /no event of its registration/ });
  });

  it('is refused when an answer is of another kind than the question', async () => {
    await assert.rejects(read(bentSource(node, { eth_getLogs: () => Promise.resolve({ status: 'ok' }) })), { code: 'CHAIN_ANSWER' });
  });

  it('is refused when the node stops answering', async () => {
    const down = bentSource(node, { eth_getLogs: () => refuse(makeError('connection refused', 'NETWORK_ERROR', { event: 'down' })) });
    await assert.rejects(read(down), { code: 'CHAIN_UNREACHABLE' });
    assert.equal(down.asked.get('eth_getLogs'), 5, 'asked five times and no more');
  });

  it('is refused for a venue that nobody registered, by name', async () => {
    await assert.rejects(readVenueHistory(node, { registry: venue.deployment.registry, venueId: 8n, wait: noWait }), { code: 'CONTRACT_REVERTED', errorName: 'UnknownVenue' });
  });

  it('is refused when the chain is reorganised while it is read', async () => {
    const checkpoint: unknown = await node.send('evm_snapshot', []);
    await passTime(venue.signer, 10);
    let replaced = false;
    const shifting = bentSource(node, {
      eth_getLogs: async (_params, honest) => {
        const logs = await honest();
        if (!replaced) {
          replaced = true;
          await node.send('evm_revert', [checkpoint]);
          await passTime(venue.signer, 20);
        }
        return logs;
      },
    });
    await assert.rejects(read(shifting), { code: 'CHAIN_REORGANISED' });
    assert.ok(replaced, 'the chain was put back in the middle');
  });
});
