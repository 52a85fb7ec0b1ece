import { join } from 'node:path';
import { anvilWallet, startAnvil, type AnvilNode } from '../../chain/anvil.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { connectChain, type ChainConnection } from '../../chain/connection.js';
import { deployClearproof, deployTestToken, type DisputesToDeploy, type MarketsToDeploy, type ReservesToDeploy } from '../../chain/deploy.js';
import type { ClearingToDeploy } from '../../chain/deploy-clearing.js';
import type { CircuitToDeploy } from '../../chain/deploy-verifier.js';
import { writeDeployment } from '../../chain/deployment-file.js';
import { escrowOf, type Deployment } from '../../chain/deployment.js';
import { mintTestToken, ReserveEscrowClient } from '../../chain/escrow-client.js';
import { MarketSourceClient } from '../../chain/market-source.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import { StatedMarketsClient, statedMarketOf } from '../../chain/stated-markets-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { parseVerificationKey } from '../../groth16/verification-key.js';
import type { MarketTable } from '../../risk/market-table.js';
import { settlementRows } from '../../risk/tiers.js';
import { readText } from '../files.js';
import { circuitToDeploy } from '../gated-circuits.js';
import type { StoredSnapshot } from '../snapshot-folder.js';
import { demoFolders, type DemoFolders } from './demo-folders.js';
import { shortfallOf } from './demo-venue.js';

/** A local chain with one venue on it. */
export interface DemoChain {
  readonly node: AnvilNode;
  readonly connection: ChainConnection;
  readonly operator: ConnectedSigner;
  readonly deployment: Deployment;
  readonly client: SolvencyRegistryClient;
  /** Of the settlement assets, in row order. */
  readonly tokens: readonly string[];
  readonly folders: DemoFolders;
}

const VENUE_ID = 7n;
const DAY = 86_400;
/** The fund's test token: 6 decimals of the settlement currency; value units are 10^-12. */
const FUND_DECIMALS = 6;
const VALUE_UNITS_PER_FUND_UNIT = 10n ** 6n;
/** Seconds between a table's prices and the snapshot: a slow machine proves the table in between, and the lie comes when the first epoch stands. */
const MARKET_TOLERANCE = 4 * 3_600;

/** @param timestamp of the chain's first block, Unix seconds; now unless given */
export async function startDemoChain(timestamp?: number): Promise<{ readonly node: AnvilNode; readonly connection: ChainConnection; readonly now: number }> {
  const node = await startAnvil(timestamp === undefined ? {} : { timestamp });
  const connection = await connectChain(node.url, { expectedChainId: node.chainId });
  return { node, connection, now: await latestTimestamp(connection.provider) };
}

/** What a demo venue is deployed with. */
export interface DemoDeployment {
  readonly circuits: readonly string[];
  /** Its settlement assets and value scale. */
  readonly table: MarketTable;
  readonly markets: MarketsToDeploy;
  /** 'escrow' unless told. */
  readonly reserves?: ReservesToDeploy;
  /** None unless told. */
  readonly disputes?: DisputesToDeploy;
  /** None unless told. */
  readonly clearing?: ClearingToDeploy;
  /** Where addresses go. */
  readonly file: string;
  /** Of the demo with keys and contracts below build/, unless told. */
  readonly folders?: DemoFolders;
  /** Tokens to register in place of some that were made: those that are made by what was deployed. */
  readonly replaceTokens?: (deployment: Deployment, tokens: readonly string[]) => Promise<readonly string[]>;
}

/** Deploys everything, with a test token for each settlement asset and for the fund. */
export async function deployDemoVenue(node: AnvilNode, connection: ChainConnection, { circuits, table, markets, reserves = 'escrow', disputes, clearing, file, folders = demoFolders('demo'), replaceTokens }: DemoDeployment): Promise<DemoChain> {
  const artifacts = folders.contracts;
  const operator = anvilWallet(0, connection.provider) as ConnectedSigner;
  const tokens: string[] = [];
  for (const row of settlementRows(table)) {
    tokens.push(await deployTestToken(operator, { artifacts, name: `Demo ${row.asset}`, symbol: row.asset, decimals: row.quantityDecimals }));
  }
  const fundToken = await deployTestToken(operator, { artifacts, name: 'Demo fund dollar', symbol: 'FUND', decimals: FUND_DECIMALS });
  const deployment = await deployClearproof(operator, {
    artifacts, markets, reserves,
    ...(disputes === undefined ? {} : { disputes }), ...(clearing === undefined ? {} : { clearing }),
    circuits: await Promise.all(circuits.map((name) => demoCircuit(name, folders))),
    venue: {
      venueId: VENUE_ID, fundToken, valueUnitsPerFundUnit: VALUE_UNITS_PER_FUND_UNIT, valueScale: table.valueScale,
      staleAfter: DAY, haltAfter: 3 * DAY, maxSubmissionAge: DAY, marketTolerance: MARKET_TOLERANCE,
    },
    allowedTokens: [...tokens, fundToken],
  });
  await writeDeployment(file, deployment);
  const client = new SolvencyRegistryClient(deployment.registry, VENUE_ID, operator);
  const registered = await replaceTokens?.(deployment, tokens) ?? tokens;
  await client.registerAssets(registered.map((token) => ({ token, unitsPerQuantum: 1n })));
  return { node, connection, operator, deployment, client, tokens: registered, folders };
}

/** With its key where the clearing house verifies many proofs of it at once. */
async function demoCircuit(name: string, { keys }: DemoFolders): Promise<CircuitToDeploy> {
  const circuit = circuitToDeploy(name);
  if (circuit.kind !== 'account-transition') return circuit;
  const file = join(keys, `${name}.vkey.json`);
  return { ...circuit, key: parseVerificationKey(JSON.parse(await readText(file)), file) };
}

/** Deposits what the venue holds for its users, and a tenth more than the shortfall into the insurance fund. */
export async function fundDemoVenue({ operator, deployment, tokens }: DemoChain, stored: StoredSnapshot): Promise<void> {
  const escrow = new ReserveEscrowClient(escrowOf(deployment), VENUE_ID, operator);
  const deposit = async (ledger: 'reserves' | 'fund', token: string, amount: bigint): Promise<void> => {
    if (amount <= 0n) return;
    await mintTestToken(operator, token, operator.address, amount);
    await escrow.deposit(ledger, token, amount);
  };
  for (const [place, row] of settlementRows(stored.market).entries()) await deposit('reserves', tokens[place] as string, netOf(stored, row.index));
  await deposit('fund', deployment.fundToken, fundFor(stored));
}

/** A tenth more than the shortfall, in base units of the fund's token; never nothing. */
export function fundFor(stored: StoredSnapshot): bigint {
  return (shortfallOf(stored) * 11n) / (10n * VALUE_UNITS_PER_FUND_UNIT) + 1_000_000n;
}

/** Has a stand-in accept a table, unless it did already. */
export async function stateTable({ operator, deployment: { markets, venueId } }: DemoChain, table: MarketTable): Promise<void> {
  const market = statedMarketOf(portablePoseidon, table);
  if (!(await new MarketSourceClient(markets, venueId, operator).accepted(market.commitment))) await new StatedMarketsClient(markets, venueId, operator).state(market);
}

function netOf({ snapshot }: StoredSnapshot, index: number): bigint {
  return snapshot.accounts.flatMap((account) => account.holdings).reduce((sum, held) => (held.index === index ? sum + held.quantity : sum), 0n);
}
