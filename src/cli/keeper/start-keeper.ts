import { join } from 'node:path';
import { ClearingTermsClient } from '../../chain/clearing-terms-client.js';
import type { ChainConnection } from '../../chain/connection.js';
import { clearingOf, liquidationOf, type Deployment } from '../../chain/deployment.js';
import { ReadyCalls } from '../../chain/ready-calls.js';
import { walletFromFile, type ConnectedSigner } from '../../chain/wallet.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { CIRCUIT_LIST, readCircuitList } from '../../groth16/circuit-list.js';
import { chooseProver } from '../../groth16/prover-choice.js';
import { ProverPool } from '../../groth16/prover-pool.js';
import type { Prover } from '../../groth16/prover.js';
import { AccountFolder } from '../../keeper/account-folder.js';
import { Bidder } from '../../keeper/bidder.js';
import { Challenger } from '../../keeper/challenger.js';
import type { Duty } from '../../keeper/duty.js';
import type { FollowedVenue } from '../../keeper/followed-opening.js';
import { Guard } from '../../keeper/guard.js';
import { NewestTables } from '../../keeper/judged-tables.js';
import type { BidderConfig, KeeperConfig } from '../../keeper/keeper-config.js';
import type { KeeperLog } from '../../keeper/keeper-log.js';
import { KeeperMetrics } from '../../keeper/keeper-metrics.js';
import { SYSTEM_CLOCK, type KeeperClock, type ReceiptSource } from '../../keeper/keeper-ports.js';
import { KeeperStateFile } from '../../keeper/keeper-state-format.js';
import { Keeper } from '../../keeper/keeper.js';
import type { LiquidationTools } from '../../keeper/mark-auction.js';
import { OperatorReceipts } from '../../keeper/operator-receipts.js';
import { OwnAccountFile } from '../../keeper/own-account-file.js';
import { PostedOpenings } from '../../keeper/posted-openings.js';
import { ProofMemory } from '../../keeper/proof-memory.js';
import { TableFolder } from '../../keeper/table-folder.js';
import { VenueChain } from '../../keeper/venue-chain.js';
import { VenueProver } from '../../keeper/venue-prover.js';
import { VenueSender } from '../../keeper/venue-sender.js';
import { sealOpening } from '../../liquidation/sealed-opening.js';
import { readEncryptionKey } from '../account/encryption-key-file.js';
import { settledRowsOf } from '../clearing/settled-rows.js';
import { readOwnerFile } from '../owner-file.js';
import { buildPath, projectRoot } from '../project.js';
import { FolderReceipts } from './folder-receipts.js';

/** What a keeper is started with. */
export interface KeeperSetting {
  readonly config: KeeperConfig;
  readonly deployment: Deployment;
  readonly provider: ChainConnection['provider'];
  readonly signer: ConnectedSigner;
  readonly log: KeeperLog;
  /** The system's unless told. */
  readonly clock?: KeeperClock;
  /** Processes with the folder's keys unless told. */
  readonly prover?: Prover;
}

/** A keeper that has not looked yet. */
export interface ReadyKeeper {
  readonly keeper: Keeper;
  readonly metrics: KeeperMetrics;
  /** Ends what proofs are made in. */
  close(): Promise<void>;
}

/** @throws NativeProgramError, NativeProgramDiedError when the native prover is named and does not work */
async function proverOf({ keys }: KeeperConfig, log: KeeperLog): Promise<Prover> {
  const { config, says, warning } = await chooseProver(keys ?? buildPath('keys'));
  log[warning ? 'warn' : 'info']('prover', { what: says });
  return new ProverPool(config, { workers: 1, threads: 'all' });
}

/** Puts a keeper together. @throws NoClearingHouseError, NoLiquidationsError, KeeperStateError, and what reading its files throws */
export async function readyKeeper(setting: KeeperSetting): Promise<ReadyKeeper> {
  const { config, deployment, provider, signer, log, clock = SYSTEM_CLOCK } = setting;
  const pool = setting.prover ?? await proverOf(config, log);
  try {
    const chain = new VenueChain(provider, deployment, signer.address);
    const { liquidation, clearing } = { liquidation: liquidationOf(deployment), clearing: clearingOf(deployment) };
    const called = { house: clearing.house, liquidations: liquidation.liquidations, bidders: liquidation.bidders };
    const sender = new VenueSender(signer, new ReadyCalls(signer, called, deployment.venueId), (row) => chain.tokenOf(row));
    const metrics = new KeeperMetrics();
    const store = new KeeperStateFile(config.stateFile);
    const identity = { chainId: deployment.chainId, liquidations: liquidation.liquidations, venueId: deployment.venueId, keeper: signer.address };
    const parts = { chain, sender, store, duties: await dutiesOf(setting, chain, pool), clock, log, metrics, settings: config };
    const keeper = new Keeper(parts, await store.load(identity, deployment.deployedInBlock - 1));
    return { keeper, metrics, close: () => pool.close() };
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
}

async function dutiesOf(setting: KeeperSetting, chain: VenueChain, pool: Prover): Promise<readonly Duty[]> {
  const { config, deployment, provider, signer, log } = setting;
  const { challenger, guard, bidder } = config;
  const poseidon = await bulkPoseidon();
  const tables = new TableFolder(config.tables, poseidon, log);
  const catalogue = await readCircuitList(join(projectRoot(), CIRCUIT_LIST));
  const venueProver = new VenueProver({ prover: pool, poseidon, catalogue, venue: deployment, circuits: deployment.circuits });
  const tools: LiquidationTools = { chain, prover: venueProver, memory: new ProofMemory() };
  const { house } = clearingOf(deployment);
  const { liquidations, bidders } = liquidationOf(deployment);
  const { chainId, registry, venueId } = deployment;
  const followed: FollowedVenue = {
    provider, poseidon, venue: { chainId, registry, venueId }, house, liquidations, bidders, fromBlock: deployment.deployedInBlock, tables,
  };
  const shared = { ...tools, tables: new NewestTables(tables, log), log };
  const duties: Duty[] = [];
  if (guard !== undefined) duties.push(new Guard({ ...shared, config: guard, openings: new AccountFolder(guard.accounts, followed, log), sealer: sealerFor(followed), address: signer.address }));
  if (challenger !== undefined) duties.push(new Challenger(chain, challenger, signer.address));
  if (bidder !== undefined) {
    const [{ secret, signingKeyDigest }, { privateKey }] = [await readOwnerFile(bidder.owner), await readEncryptionKey(bidder.encryptionKey)];
    duties.push(new Bidder({
      ...shared, config: bidder, openings: new PostedOpenings(followed, { address: signer.address, privateKey }, log),
      own: new OwnAccountFile(bidder.account, { secret, signingKeyDigest }, chain, poseidon, signer.address), receipts: await receiptsOf(setting, bidder, poseidon),
    }));
  }
  return duties;
}

function sealerFor({ poseidon, venue, house, bidders }: FollowedVenue): ConstructorParameters<typeof Guard>[0]['sealer'] {
  const { chainId } = venue;
  return {
    seal: ({ handle, commitment, opening }, encryptionKey) => sealOpening(poseidon, { venue, house, handle, opening }, encryptionKey, { chainId, bidders, handle, commitment }),
  };
}

async function receiptsOf({ deployment, signer, config }: KeeperSetting, { receipts, account }: BidderConfig, poseidon: Poseidon): Promise<ReceiptSource> {
  const { chainId, registry, venueId } = deployment;
  const { house, terms } = clearingOf(deployment);
  if (receipts.from === 'folder') return new FolderReceipts(receipts.folder, { venue: { chainId, registry, venueId }, house }, account, poseidon, config.dryRun);
  const operator = await walletFromFile(receipts.keyFile, signer.provider);
  const client = new ClearingTermsClient(terms, venueId, signer.provider);
  return new OperatorReceipts(operator, { chainId, house, venueId }, poseidon, (opening) => settledRowsOf(client, opening));
}
