import assert from 'node:assert/strict';
import type { VenueLocation } from '../../../src/attestation/attestation.js';
import { anvilWallet, startAnvil } from '../../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../../src/chain/connection.js';
import type { ChainReceipt } from '../../../src/chain/contract-call.js';
import type { ClearingToDeploy } from '../../../src/chain/deploy-clearing.js';
import { deployClearproof, deployTestToken, type DisputesToDeploy, type ReservesToDeploy } from '../../../src/chain/deploy.js';
import { circuitKindOf, escrowOf, type CircuitKind, type Deployment } from '../../../src/chain/deployment.js';
import { ContractRevertedError } from '../../../src/chain/errors.js';
import { mintTestToken, ReserveEscrowClient } from '../../../src/chain/escrow-client.js';
import { SolvencyRegistryClient } from '../../../src/chain/registry-client.js';
import { StatedMarketsClient, statedMarketOf, type StatedMarket } from '../../../src/chain/stated-markets-client.js';
import { passTime as passChainTime } from '../../../src/chain/test-chain.js';
import type { ConnectedSigner } from '../../../src/chain/wallet.js';
import { portablePoseidon } from '../../../src/commitment/poseidon-portable.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { settlementRows } from '../../../src/risk/tiers.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { START } from '../../builders/on-chain-epoch.js';

/** Made by `make contracts`: the generated verifiers of the test circuits are among them. */
export const ARTIFACTS = 'build/contracts';
export const VENUE_ID = 7n;
/** Seconds. */
export const WINDOWS = { staleAfter: 3_600, haltAfter: 86_400, maxSubmissionAge: 1_800, marketTolerance: 600 } as const;
export type VenueWindows = Readonly<Record<keyof typeof WINDOWS, number>>;
export const VALUE_UNITS_PER_FUND_UNIT = 10n ** 6n;
const PLENTY = 10n ** 30n;

/** A venue with the generated verifiers on a fresh anvil: assets registered, nothing deposited, no table, no snapshot. */
export interface DeployedVenue {
  /** End point of its anvil. */
  readonly anvilUrl: string;
  readonly connection: ChainConnection;
  readonly deployment: Deployment;
  readonly location: VenueLocation;
  /** Holds every role. */
  readonly operator: ConnectedSigner;
  /** Holds none. */
  readonly stranger: ConnectedSigner;
  readonly client: SolvencyRegistryClient;
  readonly markets: StatedMarketsClient;
  /** One for each cash and spot row. */
  readonly tokens: readonly string[];
  readonly steps: readonly (readonly [string, ChainReceipt])[];
  stop(): Promise<void>;
}

/** One whose reserves are in an escrow. */
export interface VenueOnChain extends DeployedVenue {
  readonly escrow: ReserveEscrowClient;
}

/** Always sends the same transactions in the same order, so every chain has the venue at the same addresses. */
export async function startVenue(
  market: MarketTable, chainId = 31337, circuits: readonly string[] = [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit],
): Promise<VenueOnChain> {
  const venue = await deployVenue(market, 'escrow', circuits, { chainId });
  return { ...venue, escrow: new ReserveEscrowClient(escrowOf(venue.deployment), VENUE_ID, venue.operator) };
}

/** The same with the reserves in an escrow or in a vault, which has no rules yet. */
export async function deployVenue(
  market: MarketTable, reserves: ReservesToDeploy, circuits: readonly string[],
  { chainId = 31337, windows = WINDOWS, disputes, clearing }:
  { readonly chainId?: number; readonly windows?: VenueWindows; readonly disputes?: DisputesToDeploy; readonly clearing?: ClearingToDeploy } = {},
): Promise<DeployedVenue> {
  const anvil = await startAnvil({ timestamp: START, chainId });
  const connection = await connectChain(anvil.url, { expectedChainId: BigInt(chainId), pollingMs: 25 });
  const operator = anvilWallet(0, connection.provider) as ConnectedSigner;
  const stranger = anvilWallet(1, connection.provider) as ConnectedSigner;
  const tokens: string[] = [];
  for (const row of [...settlementRows(market), { asset: 'FUND' }]) {
    tokens.push(await deployTestToken(operator, { artifacts: ARTIFACTS, name: row.asset, symbol: row.asset, decimals: 6 }));
  }
  const fundToken = tokens.pop() as string;
  const steps: (readonly [string, ChainReceipt])[] = [];
  const deployment = await deployClearproof(operator, {
    artifacts: ARTIFACTS,
    circuits: circuits.map((name) => ({ name, kind: circuitKindOf(name) as CircuitKind })),
    venue: { venueId: VENUE_ID, fundToken, valueUnitsPerFundUnit: VALUE_UNITS_PER_FUND_UNIT, valueScale: market.valueScale, ...windows },
    markets: 'stated',
    reserves,
    ...(disputes === undefined ? {} : { disputes }),
    ...(clearing === undefined ? {} : { clearing }),
    allowedTokens: [...tokens, fundToken],
    onReceipt: (step, receipt) => steps.push([step, receipt]),
  });
  for (const token of [...tokens, fundToken]) await mintTestToken(operator, token, operator.address, PLENTY);
  const client = new SolvencyRegistryClient(deployment.registry, VENUE_ID, operator);
  await client.registerAssets(tokens.map((token) => ({ token, unitsPerQuantum: 1n })));
  const markets = new StatedMarketsClient(deployment.markets, VENUE_ID, operator);
  const stop = async (): Promise<void> => {
    connection.close();
    await anvil.stop();
  };
  const location = { chainId: deployment.chainId, registry: deployment.registry, venueId: VENUE_ID };
  return { anvilUrl: anvil.url, connection, deployment, location, operator, stranger, client, markets, tokens, steps, stop };
}

/** Reserves asset by asset and the fund, token base units. */
export interface Holdings {
  readonly reserves: readonly bigint[];
  readonly fund: bigint;
}

/** Exactly what an epoch with these words and this shortfall needs: one unit less anywhere is too little. */
export function exactCover(words: readonly bigint[], shortfall: bigint): Holdings {
  const owed = words.flatMap((deposits, place) => (place % 2 === 0 ? [deposits - (words[place + 1] as bigint)] : []));
  const fund = (shortfall + VALUE_UNITS_PER_FUND_UNIT - 1n) / VALUE_UNITS_PER_FUND_UNIT;
  return { reserves: owed.map((net) => (net > 0n ? net : 0n)), fund };
}

export async function fund({ escrow, tokens, deployment }: VenueOnChain, { reserves, fund: inFund }: Holdings): Promise<void> {
  for (const [place, amount] of reserves.entries()) {
    if (amount > 0n) await escrow.deposit('reserves', tokens[place] as string, amount);
  }
  if (inFund > 0n) await escrow.deposit('fund', deployment.fundToken, inFund);
}

/** What an honest parameter admin says of a table. */
export function statedMarket(market: MarketTable): StatedMarket {
  return statedMarketOf(portablePoseidon, market);
}

/** Remembers the chain before each test and puts it back afterwards: call inside `describe`. */
export function restoreAfterEach(venue: () => DeployedVenue): void {
  let checkpoint: unknown;
  beforeEach(async () => {
    checkpoint = await venue().connection.provider.send('evm_snapshot', []);
  });
  afterEach(async () => {
    assert.equal(await venue().connection.provider.send('evm_revert', [checkpoint]), true, 'the chain was put back');
  });
}

/** Lets the chain's clock run on and mines a block. */
export function passTime({ operator }: Pick<DeployedVenue, 'operator'>, seconds: number): Promise<void> {
  return passChainTime(operator, seconds);
}

/** Refused by the registry with this custom error and at least these arguments. */
export async function assertReverts(action: Promise<unknown>, errorName: string, args: Readonly<Record<string, string>> = {}): Promise<void> {
  await assert.rejects(action, (error: unknown) => {
    assert.ok(error instanceof ContractRevertedError, `${String(error)} is no ContractRevertedError`);
    assert.equal(error.errorName, errorName, error.message);
    for (const [name, value] of Object.entries(args)) assert.equal(error.args[name], value, `argument ${name} of ${errorName}`);
    return true;
  });
}
