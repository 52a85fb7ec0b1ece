import { anvilWallet, startAnvil, type AnvilNode } from '../../chain/anvil.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { connectChain, type ChainConnection } from '../../chain/connection.js';
import { deployClearproof, deployTestToken } from '../../chain/deploy.js';
import { writeDeployment } from '../../chain/deployment-file.js';
import type { Deployment } from '../../chain/deployment.js';
import { mintTestToken, ReserveEscrowClient } from '../../chain/escrow-client.js';
import { MarketSourceClient } from '../../chain/market-source.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import { StatedMarketsClient, statedMarketOf } from '../../chain/stated-markets-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { circuitsOf, type EpochShape } from '../../proving/epoch-shape.js';
import type { MarketTable } from '../../risk/market-table.js';
import { instrumentsOf } from '../../risk/tiers.js';
import { isSettlementKind } from '../../venue/instrument.js';
import { circuitToDeploy } from '../deploy.js';
import { buildPath } from '../project.js';
import type { StoredSnapshot } from '../snapshot-folder.js';
import { shortfallOf } from './demo-venue.js';

/** A local chain with one venue on it. */
export interface DemoChain {
  readonly node: AnvilNode;
  readonly connection: ChainConnection;
  readonly operator: ConnectedSigner;
  readonly deployment: Deployment;
  readonly client: SolvencyRegistryClient;
  /** Has the venue's market source accept a table, unless it did already. */
  readonly acceptMarket: (table: MarketTable) => Promise<void>;
}

const VENUE_ID = 7n;
const DAY = 86_400;
/** The fund's test token: 6 decimals of the settlement currency; value units are 10^-12. */
const FUND_DECIMALS = 6;
const VALUE_UNITS_PER_FUND_UNIT = 10n ** 6n;

/** Chain time before anything else is on it; the venue's snapshot is taken then. */
export async function startDemoChain(): Promise<{ readonly node: AnvilNode; readonly connection: ChainConnection; readonly now: number }> {
  const node = await startAnvil();
  const connection = await connectChain(node.url, { expectedChainId: node.chainId });
  return { node, connection, now: await latestTimestamp(connection.provider) };
}

/** Deploys everything, deposits what the venue holds for its users, and the insurance fund. */
export async function deployDemoVenue(
  node: AnvilNode, connection: ChainConnection, shape: EpochShape, stored: StoredSnapshot, deploymentFile: string,
): Promise<DemoChain> {
  const artifacts = buildPath('contracts');
  const operator = anvilWallet(0, connection.provider) as ConnectedSigner;
  const rows = instrumentsOf(stored.market).filter((row) => isSettlementKind(row.kind));
  const tokens: string[] = [];
  for (const row of rows) {
    tokens.push(await deployTestToken(operator, { artifacts, name: `Demo ${row.asset}`, symbol: row.asset, decimals: row.quantityDecimals }));
  }
  const fundToken = await deployTestToken(operator, { artifacts, name: 'Demo fund dollar', symbol: 'FUND', decimals: FUND_DECIMALS });
  const deployment = await deployClearproof(operator, {
    artifacts,
    circuits: circuitsOf(shape).map(circuitToDeploy),
    venue: {
      venueId: VENUE_ID, fundToken, valueUnitsPerFundUnit: VALUE_UNITS_PER_FUND_UNIT, valueScale: stored.market.valueScale,
      staleAfter: DAY, haltAfter: 3 * DAY, maxSubmissionAge: DAY, marketTolerance: 900,
    },
    markets: 'stated',
    allowedTokens: [...tokens, fundToken],
  });
  await writeDeployment(deploymentFile, deployment);
  const client = new SolvencyRegistryClient(deployment.registry, VENUE_ID, operator);
  await client.registerAssets(tokens.map((token) => ({ token, unitsPerQuantum: 1n })));
  const escrow = new ReserveEscrowClient(deployment.escrow, VENUE_ID, operator);
  const deposit = async (ledger: 'reserves' | 'fund', token: string, amount: bigint): Promise<void> => {
    if (amount <= 0n) return;
    await mintTestToken(operator, token, operator.address, amount);
    await escrow.deposit(ledger, token, amount);
  };
  for (const [place, row] of rows.entries()) await deposit('reserves', tokens[place] as string, netOf(stored, row.index));
  // A tenth more than the shortfall, and never nothing.
  await deposit('fund', fundToken, (shortfallOf(stored) * 11n) / (10n * VALUE_UNITS_PER_FUND_UNIT) + 1_000_000n);
  return { node, connection, operator, deployment, client, acceptMarket: stating(operator, deployment) };
}

function stating(parameterAdmin: ConnectedSigner, { markets, venueId }: Deployment): DemoChain['acceptMarket'] {
  const source = new MarketSourceClient(markets, venueId, parameterAdmin);
  const stand = new StatedMarketsClient(markets, venueId, parameterAdmin);
  return async (table) => {
    const market = statedMarketOf(portablePoseidon, table);
    if (!(await source.accepted(market.commitment))) await stand.state(market);
  };
}

function netOf({ snapshot }: StoredSnapshot, index: number): bigint {
  return snapshot.accounts.flatMap((account) => account.holdings).reduce((sum, held) => (held.index === index ? sum + held.quantity : sum), 0n);
}
