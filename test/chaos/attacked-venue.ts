import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Block, TransactionResponse } from 'ethers';
import { REGISTRY_INTERFACE } from '../../src/chain/registry-abi.js';
import { deployDemoVenue, fundDemoVenue, startDemoChain, stateTable, type DemoChain } from '../../src/cli/demo/demo-chain.js';
import { SECRET_FILE, SECRET_FOLDER } from '../../src/file/atomic-file.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { instrumentsOf } from '../../src/risk/tiers.js';
import type { Account } from '../../src/venue/account.js';
import { writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { TEST_SHAPE } from '../builders/epoch.js';

/** First account of anvil's public mnemonic: the venue's operator. */
const OPERATOR_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const CIRCUITS = [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit];

/** A part of every user's name, which no log may show. */
export const CANARY = 'canary-c4a0';

/** A venue on a chain of its own, and the configuration files of the processes that serve it. */
export interface AttackedVenue {
  readonly chain: DemoChain;
  readonly folder: string;
  readonly table: MarketTable;
  /** Canonical JSON. */
  readonly tableText: string;
  /** Accounts of an epoch: two batches. */
  accounts(seed: string): readonly Account[];
  snapshot(accounts: readonly Account[]): Readable;
  stop(): Promise<void>;
}

const ACCOUNTS = 20;
const WIDTH = { slots: 3, instruments: 8, scenarios: 2 } as const;

/** Deploys it all and writes the secrets where the configurations will name them. */
export async function startAttackedVenue(folder: string): Promise<AttackedVenue> {
  await mkdir(folder, { recursive: true, mode: SECRET_FOLDER });
  const { node, connection, now } = await startDemoChain();
  const venueOf = (seed: string): ReturnType<typeof syntheticVenue> => syntheticVenue({ seed, accounts: ACCOUNTS, ...WIDTH, snapshotTime: now });
  const { table, accounts } = venueOf('chaos');
  const chain = await deployDemoVenue(node, connection, { circuits: CIRCUITS, table, markets: 'stated', file: join(folder, 'deployment.json') });
  await fundDemoVenue(chain, { snapshot: { accounts }, market: table });
  await stateTable(chain, table);
  await writeFile(join(folder, 'operator.key'), OPERATOR_KEY, { mode: SECRET_FILE });
  await writeFile(join(folder, 'rpc.url'), node.url, { mode: SECRET_FILE });
  return {
    chain, folder, table, tableText: serializeMarketTable(table),
    accounts: (seed) => venueOf(seed).accounts.map((account) => ({ ...account, userId: `${CANARY}-${account.userId}` })),
    snapshot: (one) => Readable.from(writeSnapshotNdjson(one, instrumentsOf(table))),
    async stop() {
      connection.close();
      await node.stop();
    },
  };
}

/** Writes the configuration of one process: the whole service, or a worker that only proves. */
export async function writeConfig(
  { folder }: Pick<AttackedVenue, 'folder'>, name: string, { port, databaseUrl, kinds }: { readonly port: number; readonly databaseUrl?: string; readonly kinds?: readonly string[] },
): Promise<string> {
  const file = join(folder, `${name}.json`);
  const url = join(folder, 'database.url');
  if (databaseUrl !== undefined) await writeFile(url, databaseUrl, { mode: SECRET_FILE });
  const config = {
    formatVersion: '1', mode: 'development', dataFolder: join(folder, `data-${name}`), keysFolder: join(process.cwd(), 'build', 'keys'),
    store: databaseUrl === undefined ? { folder: join(folder, 'database') } : { urlFile: url, tls: 'off' },
    venue: { deploymentFile: join(folder, 'deployment.json'), circuits: CIRCUITS },
    chain: { rpcUrlFile: join(folder, 'rpc.url'), publisherKeyFile: join(folder, 'operator.key'), confirmations: '0', replaceAfterSeconds: '5' },
    api: { port: port.toString() },
    worker: { processes: '1', leaseSeconds: '5', attempts: '50', ...(kinds === undefined ? {} : { kinds }) },
    receipts: { keyFile: join(folder, 'receipt.key') },
    limits: { requestsPerMinuteOfAddress: '1000000', requestsPerMinuteOfToken: '1000000' },
    log: { level: 'debug' },
  };
  await writeFile(file, JSON.stringify(config, undefined, 2));
  return file;
}

/** What an account sent to a contract, mined or reverted. */
export interface SentSubmission {
  readonly epoch: number;
  readonly succeeded: boolean;
}

/** Every `submitEpoch` that is in a block, read from the chain itself. */
export async function submissionsOnChain({ chain: { connection: { provider }, deployment, operator } }: AttackedVenue): Promise<SentSubmission[]> {
  const selector = REGISTRY_INTERFACE.getFunction('submitEpoch')?.selector ?? 'none';
  const found: SentSubmission[] = [];
  const latest = await provider.getBlockNumber();
  for (let number = 0; number <= latest; number += 1) {
    const { prefetchedTransactions = [] } = (await provider.getBlock(number, true)) as Block;
    for (const sent of prefetchedTransactions.filter(isSubmission)) {
      const receipt = await provider.getTransactionReceipt(sent.hash);
      const [, submission] = REGISTRY_INTERFACE.decodeFunctionData('submitEpoch', sent.data) as unknown as readonly [bigint, { readonly epoch: bigint }];
      found.push({ epoch: Number(submission.epoch), succeeded: receipt?.status === 1 });
    }
  }
  return found;

  function isSubmission({ to, from, data }: TransactionResponse): boolean {
    return to === deployment.registry && from === operator.address && data.startsWith(selector);
  }
}
