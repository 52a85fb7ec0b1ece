import assert from 'node:assert/strict';
import { toQuantity, type HDNodeWallet } from 'ethers';
import { connectChain, type ChainConnection } from '../../../src/chain/connection.js';
import { anvilWallet } from '../../../src/chain/anvil.js';
import type { EpochSubmission } from '../../../src/chain/epoch-submission.js';
import { REGISTRY_INTERFACE } from '../../../src/chain/registry-abi.js';
import { openSnapshotCall, submitEpochCall } from '../../../src/chain/registry-calls.js';
import type { ConnectedSigner } from '../../../src/chain/wallet.js';
import type { PublicationSettings } from '../../../src/service/publication/publication-settings.js';
import { publishPending } from '../../../src/service/publication/publish-pending.js';
import { createPublisher, type Publisher, type PublisherParts } from '../../../src/service/publication/publisher.js';
import type { Database } from '../../../src/store/database.js';
import { IN_MEMORY } from '../../../src/store/embedded-database.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { enqueue, findEntry, type OutboxEntry, type OutboxKind } from '../../../src/store/outbox.js';
import { MARKET, START, mockSubmission, startLocalVenue, type LocalVenue } from '../../chain/local-venue.js';
import { FaultyProxy } from './faulty-proxy.js';
import { QUICK } from './quick-settings.js';

/** Blocks before any test, so that reorgs stay among those of the test. */
const AGE = 8;
const OPENED = 1;

/** A venue whose snapshot of epoch 1 is open, on a chain that makes blocks when told; a database; a node that fails when told. */
export class PublicationBench {
  private constructor(
    readonly venue: LocalVenue,
    readonly proxy: FaultyProxy,
    readonly connection: ChainConnection,
    readonly database: Database,
    private readonly startedIn: number,
    private state: string,
  ) {}

  static async start(): Promise<PublicationBench> {
    const venue = await startLocalVenue();
    await venue.client.registerAssets([{ token: venue.usd, unitsPerQuantum: 1n }]);
    await venue.markets.state({ commitment: MARKET, level: 'maintenance', snapshotTime: START, settlementAssets: 1, valueScale: 12 });
    await venue.client.openSnapshot();
    const { provider } = venue.connection;
    await provider.send('anvil_mine', [toQuantity(AGE)]);
    await provider.send('evm_setAutomine', [false]);
    const proxy = await FaultyProxy.start(venue.anvil.url);
    const connection = await connectChain(proxy.url, { expectedChainId: 31337n, timeoutMs: 300 });
    const database = await openDatabase({ kind: 'embedded', directory: IN_MEMORY });
    await migrate(database);
    await database.query(`insert into venue (chain_id, registry, venue_id) values (31337, $1, 7)`, [venue.deployment.registry]);
    return new PublicationBench(venue, proxy, connection, database, await provider.getBlockNumber(), await provider.send('evm_snapshot', []) as string);
  }

  async stop(): Promise<void> {
    this.connection.close();
    await this.proxy.stop();
    await this.database.close();
    await this.venue.stop();
  }

  /** Chain, database and proxy as they were at the start. */
  async fresh(): Promise<void> {
    this.proxy.heal();
    await this.rpc('anvil_dropAllTransactions');
    assert.equal(await this.rpc('evm_revert', this.state), true);
    this.state = await this.rpc('evm_snapshot') as string;
    await this.database.script('delete from clearproof.outbox_attempt; delete from clearproof.outbox; delete from clearproof.event');
  }

  rpc(method: string, ...params: unknown[]): Promise<unknown> {
    return this.venue.connection.provider.send(method, params);
  }

  async mine(blocks = 1): Promise<void> {
    await this.rpc('anvil_mine', toQuantity(blocks));
  }

  /** The operator's key, behind the proxy. */
  get signer(): ConnectedSigner {
    return anvilWallet(0, this.connection.provider) as unknown as ConnectedSigner;
  }

  /** The operator's key in another program. */
  get elsewhere(): HDNodeWallet {
    return this.venue.signer;
  }

  publisher(settings: Partial<PublicationSettings> = {}, parts: Partial<PublisherParts> = {}): Publisher {
    const { database, connection, venue: { deployment } } = this;
    return createPublisher({ database, connection, deployment, signer: this.signer, venue: 1, settings: { ...QUICK, ...settings }, ...parts });
  }

  /** Puts epoch 1 into the outbox. */
  async submit(epoch = OPENED, change: Partial<EpochSubmission> = {}): Promise<OutboxEntry> {
    return this.put('submit-epoch', epoch, submitEpochCall(7n, mockSubmission(this.venue.deployment, epoch, change)));
  }

  async open(epoch: number): Promise<OutboxEntry> {
    return this.put('open-snapshot', epoch, openSnapshotCall(7n));
  }

  async put(kind: OutboxKind, epoch: number, calldata: Uint8Array): Promise<OutboxEntry> {
    const { registry } = this.venue.deployment;
    return this.database.transaction(async (sql) => (await enqueue(sql, { venue: 1, epoch, kind, target: registry, calldata })).entry);
  }

  async entry(kind: OutboxKind = 'submit-epoch', epoch = OPENED): Promise<OutboxEntry> {
    const entry = await findEntry(this.database, 1, epoch, kind);
    assert.ok(entry !== undefined, `${kind} of epoch ${epoch} is in the outbox`);
    return entry;
  }

  /** Passes and blocks in turn until an entry rests for good. */
  async drive(publisher: Publisher, kind: OutboxKind = 'submit-epoch', epoch = OPENED, rounds = 25): Promise<OutboxEntry> {
    for (let round = 0; round < rounds; round += 1) {
      await publishPending(publisher);
      const entry = await this.entry(kind, epoch);
      if (entry.state === 'final' || entry.state === 'dead') return entry;
      await this.mine();
    }
    return this.entry(kind, epoch);
  }

  /** As if all leases had run out. */
  async expireLeases(): Promise<void> {
    await this.database.query(`update outbox set lease_until = now() - interval '1 second' where lease_until is not null`);
  }

  /** As if what was sent had waited for so long. */
  async age(seconds: number): Promise<void> {
    await this.database.query(`update outbox_attempt set sent_at = sent_at - make_interval(secs => $1)`, [seconds]);
  }

  /** Calls of one method of the registry by the operator, in blocks: hash, nonce and success. */
  async mined(method: 'submitEpoch' | 'openSnapshot' = 'submitEpoch'): Promise<{ hash: string; nonce: number; succeeded: boolean }[]> {
    const selector = REGISTRY_INTERFACE.getFunction(method)?.selector;
    const found = (await this.transactions()).filter(({ to, from, input }) => (
      to?.toLowerCase() === this.venue.deployment.registry.toLowerCase() && from.toLowerCase() === this.elsewhere.address.toLowerCase() && input.startsWith(String(selector))
    ));
    return Promise.all(found.map(async ({ hash, nonce }) => {
      const receipt = await this.rpc('eth_getTransactionReceipt', hash) as { status: string };
      return { hash, nonce: Number(nonce), succeeded: receipt.status === '0x1' };
    }));
  }

  /** All transactions in blocks since the start. */
  async transactions(): Promise<{ hash: string; nonce: string; from: string; to: string | null; input: string }[]> {
    const newest = Number(await this.rpc('eth_blockNumber'));
    const found: { hash: string; nonce: string; from: string; to: string | null; input: string }[] = [];
    for (let number = this.startedIn + 1; number <= newest; number += 1) {
      const block = await this.rpc('eth_getBlockByNumber', toQuantity(number), true) as { transactions: typeof found };
      found.push(...block.transactions);
    }
    return found;
  }

  async accepted(epoch = OPENED): Promise<number> {
    const topics = REGISTRY_INTERFACE.encodeFilterTopics('EpochAccepted', [7n, epoch]);
    const logs = await this.rpc('eth_getLogs', { address: this.venue.deployment.registry, topics, fromBlock: '0x0', toBlock: 'latest' });
    return (logs as unknown[]).length;
  }

  /** What must hold in the end, whatever happened. */
  async assertPublishedOnce(): Promise<OutboxEntry> {
    const entry = await this.entry();
    assert.equal(entry.state, 'final', `${entry.state}: ${JSON.stringify(entry.error)}`);
    assert.equal(await this.accepted(), 1, 'one EpochAccepted event');
    const mined = await this.mined();
    assert.equal(mined.length, 1, `one submission of the signer is mined, got ${JSON.stringify(mined)}`);
    assert.deepEqual([mined[0]?.succeeded, mined[0]?.hash], [true, entry.transactionHash]);
    return entry;
  }
}
