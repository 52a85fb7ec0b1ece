import { ZeroAddress, getAddress, type Signer } from 'ethers';
import { isInsecure } from '../groth16/verification-key.js';
import { sendTransaction, type ChainReceipt } from './contract-call.js';
import { deployClearing, type ClearingToDeploy } from './deploy-clearing.js';
import { deployContract, type DeployedContract, type ReportStep } from './deploy-contract.js';
import { deploySatelliteHub } from './deploy-satellite.js';
import { deployVerifier, type CircuitToDeploy } from './deploy-verifier.js';
import { CIRCUIT_KINDS, type DeployedCircuit, type Deployment } from './deployment.js';
import { ChainRequestError, ReservesError, WrongChainError } from './errors.js';

/** What a venue is registered with; see VenueConfig in ISolvencyRegistry. Roles left out are the signer's. Times in seconds. */
export interface VenueToDeploy {
  readonly venueId: bigint;
  readonly admin?: string;
  readonly operator?: string;
  readonly parameterAdmin?: string;
  readonly fundToken: string;
  /** Value units in one base unit of the fund's token; 1 to 2^128 - 1. */
  readonly valueUnitsPerFundUnit: bigint;
  /** One value unit is 10^-valueScale of the settlement currency. */
  readonly valueScale: number;
  readonly staleAfter: number;
  readonly haltAfter: number;
  readonly maxSubmissionAge: number;
  readonly marketTolerance: number;
}

/**
 * Who decides which tables the venue's epochs may close over. `stated`: the parameter admin's word, on local test chains only.
 * Otherwise a price board and a market board, whose rules are then proposed by the parameter admin.
 */
export type MarketsToDeploy = 'stated' | BoardsToDeploy;

export interface BoardsToDeploy {
  /** Seconds that every change of a venue waits at least. */
  readonly minTimelock: number;
  /** Contract that Pyth feeds are read from; without it venues can have none. */
  readonly pyth?: string;
}

/** What holds the venue's reserves: an escrow that the venue attests to, or a vault that pays on the owners' proofs. */
export type ReservesToDeploy = 'escrow' | VaultToDeploy;

export interface VaultToDeploy {
  readonly vault: {
    /** Seconds that every change of a venue's rules waits at least. */
    readonly minTimelock: number;
    /** With a hub, for venues whose collateral is on other chains too; the vault names it. */
    readonly satellites?: {
      /** Seconds that satellites and their gateways wait. */
      readonly gatewayDelay: number;
    };
  };
}

/** How users make the venue answer for accounts it left out of an epoch; fixed for good. Windows in seconds. */
export interface DisputesToDeploy {
  /** After an epoch's acceptance, in which it can be challenged. */
  readonly challengeWindow: number;
  /** After a challenge, in which the venue has to answer. Both together at most the vault's demand and answer window. */
  readonly answerWindow: number;
  /** Wei that a challenge puts down. */
  readonly bond: bigint;
  /** Address whose key signs balance receipts; the operator's unless told. Named only where the signer of the deployment is the venue's admin. */
  readonly receiptSigner?: string;
}

export interface DeployRequest {
  /** Directory of compiled contracts: build/contracts. */
  readonly artifacts: string;
  readonly circuits: readonly CircuitToDeploy[];
  /** Seconds that a circuit proposed later waits before it can be added, for good: 86,400 to 7,776,000, from 1 on local test chains. */
  readonly circuitDelay?: number;
  readonly venue: VenueToDeploy;
  readonly markets: MarketsToDeploy;
  /** 'escrow' unless told. */
  readonly reserves?: ReservesToDeploy;
  /** Without it no account that is left out of an epoch can be shown. */
  readonly disputes?: DisputesToDeploy;
  /** Without it no account settles on chain. Tokens of a clearing house are in a vault. */
  readonly clearing?: ClearingToDeploy;
  /** Tokens that the reserves may be of, the fund's among them. */
  readonly allowedTokens: readonly string[];
  /** Told of each transaction: what it did and what it cost. */
  readonly onReceipt?: (step: string, receipt: ChainReceipt) => void;
}

export interface TokenToDeploy {
  readonly artifacts: string;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
}

/** Seconds, a week: what a circuit that comes later waits, unless told. */
export const CIRCUIT_DELAY = 604_800;

/** Chain ids on which demo contracts can be deployed. */
const TEST_CHAINS: readonly bigint[] = [31337n, 1337n];

/**
 * Deploys Poseidon contracts, verifiers, registry, gate, escrow or vault, market source, omission challenges and clearing house where asked, and
 * registers one venue. The signer owns registry and escrow or vault.
 * The order is fixed, so the same signer at the same nonce gets the same addresses.
 *
 * @throws WrongChainError, ReservesError, ContractArtifactError, ContractRevertedError, ChainUnreachableError, ChainRequestError, and those of attemptOnVerifier
 */
export async function deployClearproof(signer: Signer, request: DeployRequest): Promise<Deployment> {
  const { artifacts, venue, reserves: kind = 'escrow', circuitDelay = CIRCUIT_DELAY } = request;
  const report: ReportStep = request.onReceipt ?? (() => undefined);
  const owner = await signer.getAddress();
  const chainId = await chainIdOf(signer);
  requireChainFor(request.markets, chainId);
  requireChainForKeys(request.circuits, chainId);
  if (request.clearing !== undefined) requireVaultFor(kind, venue.venueId);
  const poseidon3 = await deployContract(signer, artifacts, 'Poseidon3', [], report);
  const poseidon5 = await deployContract(signer, artifacts, 'Poseidon5', [], report);
  const circuits: DeployedCircuit[] = [];
  for (const circuit of request.circuits) circuits.push(await deployVerifier(signer, artifacts, circuit, report));
  const list = circuits.map(({ circuitId, kind, verifier }) => ({ circuitId, kind: CIRCUIT_KINDS.indexOf(kind) + 1, verifier }));
  const registry = await deployContract(signer, artifacts, 'SolvencyRegistry', [owner, poseidon3.address, poseidon5.address, list, circuitDelay], report);
  const gate = await deployContract(signer, artifacts, 'SolvencyGate', [registry.address], report);
  const reserves = await deployReserves(signer, artifacts, kind, { owner, registry: registry.address, gate: gate.address }, report);
  const { markets, prices } = await deployMarkets(signer, artifacts, request.markets, registry.address, report);
  for (const token of request.allowedTokens) {
    report('setTokenAllowed', await sendTransaction(reserves.contract, `allowing token ${token}`, 'setTokenAllowed', [token, true]));
  }
  const vault = kind === 'escrow' ? undefined : reserves.address;
  const disputes = request.disputes && await deployDisputes(signer, artifacts, request.disputes, { registry: registry.address, vault: vault ?? ZeroAddress }, report);
  const config = venueConfig(venue, owner, { reserves: reserves.address, markets, disputes: disputes?.address ?? ZeroAddress });
  report('registerVenue', await sendTransaction(registry.contract, `registering venue ${venue.venueId}`, 'registerVenue', [venue.venueId, config]));
  if (disputes !== undefined && (venue.admin === undefined || getAddress(venue.admin) === owner)) {
    const named = request.disputes?.receiptSigner ?? venue.operator ?? owner;
    report('nameReceiptSigner', await sendTransaction(disputes.contract, `naming receipt signer ${named}`, 'nameReceiptSigner', [venue.venueId, named]));
  }
  const clearing = request.clearing && await deployClearing(signer, artifacts, { registry: registry.address, gate: gate.address }, request.clearing, request.circuits, report);
  return {
    chainId,
    registry: registry.address,
    gate: gate.address,
    escrow: vault === undefined ? reserves.address : undefined,
    vault,
    markets,
    prices,
    omissionChallenges: disputes?.address,
    ...(clearing === undefined ? {} : { clearing }),
    poseidon3: poseidon3.address,
    poseidon5: poseidon5.address,
    venueId: venue.venueId,
    fundToken: getAddress(venue.fundToken),
    deployedInBlock: registry.receipt.blockNumber,
    circuits,
  };
}

/** Deploys a worthless ERC-20 that anybody can mint. Local test chains only: the contract refuses others. */
export async function deployTestToken(signer: Signer, token: TokenToDeploy): Promise<string> {
  const deployed = await deployContract(signer, token.artifacts, 'TestToken', [token.name, token.symbol, token.decimals], () => undefined);
  return deployed.address;
}

/** Deploys a price feed that its deployer writes. Local test chains only: the contract refuses others. @param price in 10^-8 */
export async function deployTestFeed(signer: Signer, artifacts: string, price: bigint): Promise<string> {
  return (await deployContract(signer, artifacts, 'TestFeed', [TEST_FEED_DECIMALS, price], () => undefined)).address;
}

const TEST_FEED_DECIMALS = 8;

async function deployReserves(
  signer: Signer, artifacts: string, kind: ReservesToDeploy, { owner, registry, gate }: { owner: string; registry: string; gate: string }, report: ReportStep,
): Promise<DeployedContract> {
  if (kind === 'escrow') return deployContract(signer, artifacts, 'ReserveEscrow', [owner, registry], report);
  // Code that runs in the vault's place: one contract has no room for it.
  const payouts = await deployContract(signer, artifacts, 'VaultPayouts', [registry, gate], report);
  const windUp = await deployContract(signer, artifacts, 'VaultWindUp', [registry, gate], report);
  const { minTimelock, satellites } = kind.vault;
  const parts = [owner, registry, gate, minTimelock, payouts.address, windUp.address];
  if (satellites === undefined) return deployContract(signer, artifacts, 'CollateralVault', parts, report);
  const hub = await deploySatelliteHub(signer, artifacts, registry, satellites.gatewayDelay, report);
  return deployContract(signer, artifacts, 'SatelliteCollateralVault', [...parts, hub], report);
}

function deployDisputes(
  signer: Signer, artifacts: string, { challengeWindow, answerWindow, bond }: DisputesToDeploy, { registry, vault }: { registry: string; vault: string }, report: ReportStep,
): Promise<DeployedContract> {
  return deployContract(signer, artifacts, 'OmissionChallenges', [registry, vault, challengeWindow, answerWindow, bond], report);
}

async function deployMarkets(
  signer: Signer, artifacts: string, markets: MarketsToDeploy, registry: string, report: ReportStep,
): Promise<Pick<Deployment, 'markets' | 'prices'>> {
  if (markets === 'stated') return { markets: (await deployContract(signer, artifacts, 'StatedMarkets', [registry], report)).address, prices: undefined };
  const { minTimelock, pyth = ZeroAddress } = markets;
  const prices = await deployContract(signer, artifacts, 'PriceBoard', [registry, pyth, minTimelock], report);
  const board = await deployContract(signer, artifacts, 'MarketBoard', [registry, prices.address, minTimelock], report);
  return { markets: board.address, prices: prices.address };
}

async function chainIdOf(signer: Signer): Promise<bigint> {
  const { provider } = signer;
  if (provider === null) throw new ChainRequestError('the signer has no provider: connect it to one before deploying');
  return (await provider.getNetwork()).chainId;
}

/** The contract refuses too, but only when all before it was paid for. */
function requireChainFor(markets: MarketsToDeploy, chainId: bigint): void {
  if (markets !== 'stated' || TEST_CHAINS.includes(chainId)) return;
  throw new WrongChainError(
    `a venue whose market tables are the parameter admin's word is for the local test chains ${TEST_CHAINS.join(' and ')}, not for chain ${chainId}`,
    { expected: TEST_CHAINS.join(' '), actual: chainId },
  );
}

/** Told before anything is paid for. */
function requireVaultFor(reserves: ReservesToDeploy, venueId: bigint): void {
  if (reserves !== 'escrow') return;
  throw new ReservesError(`venue ${venueId} keeps its reserves in an escrow, and a clearing house pays from a vault: deploy the vault too (--vault)`, { venueId });
}

/** INSECURE keys are for local test chains; told before anything is paid for. @throws WrongChainError */
export function requireChainForKeys(circuits: readonly CircuitToDeploy[], chainId: bigint): void {
  const insecure = circuits.filter(({ key }) => key !== undefined && isInsecure(key));
  if (insecure.length === 0 || TEST_CHAINS.includes(chainId)) return;
  throw new WrongChainError(
    `the keys of ${insecure.map(({ name }) => name).join(', ')} are INSECURE: anyone can forge with them; they are for the local test chains ${TEST_CHAINS.join(' and ')}, not for chain ${chainId}`,
    { expected: TEST_CHAINS.join(' '), actual: chainId },
  );
}

function venueConfig(venue: VenueToDeploy, owner: string, sources: { readonly reserves: string; readonly markets: string; readonly disputes: string }): object {
  return {
    admin: venue.admin ?? owner,
    operator: venue.operator ?? owner,
    parameterAdmin: venue.parameterAdmin ?? owner,
    ...sources,
    fundToken: venue.fundToken,
    valueUnitsPerFundUnit: venue.valueUnitsPerFundUnit,
    valueScale: venue.valueScale,
    staleAfter: venue.staleAfter,
    haltAfter: venue.haltAfter,
    maxSubmissionAge: venue.maxSubmissionAge,
    marketTolerance: venue.marketTolerance,
  };
}
