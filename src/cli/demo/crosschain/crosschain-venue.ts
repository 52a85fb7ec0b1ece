import { join } from 'node:path';
import { circuitIdOf } from '../../../commitment/digest.js';
import { deployContract } from '../../../chain/deploy-contract.js';
import { deployTestToken } from '../../../chain/deploy.js';
import { vaultOf, type Deployment } from '../../../chain/deployment.js';
import { deploySatellite } from '../../../chain/deploy-satellite.js';
import { mintTestToken } from '../../../chain/escrow-client.js';
import { allowToken, hubOfVault } from '../../../chain/gateway-setup.js';
import { circuitsToPin, deployBeacon, deployMirror } from '../../../chain/mirror-deploy.js';
import { ProofBatchClient } from '../../../chain/proof-batch-client.js';
import { SatelliteHubClient, type SatelliteTerms } from '../../../chain/satellite-hub-client.js';
import type { SatelliteRules } from '../../../chain/satellite-vault-client.js';
import { passTime } from '../../../chain/test-chain.js';
import { CollateralVaultClient } from '../../../chain/vault-client.js';
import { parseVerificationKey } from '../../../groth16/verification-key.js';
import { settlementRows } from '../../../risk/tiers.js';
import { readText } from '../../files.js';
import { CLEARING_TIMELOCK } from '../demo-traded.js';
import { MIN_TIMELOCK, exampleTable, type DemoRisk } from '../demo-board.js';
import { deployDemoVenue, fundFor, type DemoChain } from '../demo-chain.js';
import type { DemoFolders } from '../demo-folders.js';
import { DEMO_RULES, referenceOf } from '../demo-users.js';
import type { StoredSnapshot } from '../../snapshot-folder.js';
import type { CrossChainReport } from './crosschain-report.js';
import type { ChainEnds } from './ends.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const PLENTY = 2n ** 100n;
/** Of the test chains: nothing waits. */
const NO_DELAY = 1;
/** Row of the claims: dollars of a stable coin, with a haircut of its own. */
export const CLAIM = 'USDC';
export const MARGIN_CIRCUIT = 'account-margin-k8-s8-d3';

export const MIRROR_RULES = { standingStaleAfter: HOUR / 2, standingHaltAfter: HOUR, minOpening: 0 } as const;
export const SATELLITE_RULES: SatelliteRules = { hatchAfter: 4 * DAY, claimWindow: HOUR, limitWindow: HOUR, tableAge: DAY };
/** The freeze is shorter than a vault's answer window: what was paid at home is known before the hatch can pay it again. */
const TERMS = { hatchAfter: SATELLITE_RULES.hatchAfter, maxCheckpointAge: HOUR / 2, freezeAfter: HOUR / 3, limitWindow: HOUR } as const;

/** A venue whose collateral is on two chains. */
export interface CrossChainVenue {
  readonly chain: DemoChain;
  readonly ends: ChainEnds;
  readonly beacon: string;
  readonly mirror: string;
  readonly hub: string;
  readonly satellite: string;
  readonly satelliteId: bigint;
  /** The token on the other chain. */
  readonly token: string;
  /** Settlement asset and row of its claim. */
  readonly asset: number;
  readonly row: number;
}

/** Registry, hub, vault and boards at home; beacon, mirror and satellite; the satellite enrolled before the venue has any asset. */
export async function deployCrossChainVenue(ends: ChainEnds, risk: DemoRisk, circuits: readonly string[], folders: DemoFolders, report: CrossChainReport): Promise<CrossChainVenue> {
  const table = exampleTable(risk);
  const asset = settlementRows(table).findIndex(({ id }) => id === CLAIM);
  const { index: row, quantityDecimals: decimals } = settlementRows(table)[asset] as (typeof table.rows)[0];
  const token = await deployTestToken(ends.other.operator, { artifacts: folders.contracts, name: 'Dollar of the other chain', symbol: 'USDC', decimals });
  let made: Omit<CrossChainVenue, 'chain' | 'ends' | 'token' | 'asset' | 'row'> | undefined;
  const chain = await deployDemoVenue(ends.home.node, ends.home.connection, {
    circuits, table, markets: { minTimelock: MIN_TIMELOCK }, reserves: { vault: { minTimelock: DEMO_RULES.timelock, satellites: { gatewayDelay: NO_DELAY } } },
    clearing: { minTimelock: CLEARING_TIMELOCK }, file: join(folders.work, 'deployment.json'), folders,
    replaceTokens: async (deployment, tokens) => {
      const enrolled = await enrol(ends, deployment, folders, { token, asset, row, decimals }, report);
      made = enrolled;
      return tokens.map((one, place) => (place === asset ? enrolled.claim : one));
    },
  });
  const { beacon, mirror, hub, satellite, satelliteId } = made as NonNullable<typeof made>;
  return { chain, ends, beacon, mirror, hub, satellite, satelliteId, token, asset, row };
}

interface ClaimedToken {
  readonly token: string;
  readonly asset: number;
  readonly row: number;
  readonly decimals: number;
}

async function enrol(
  { home, other }: ChainEnds, deployment: Deployment, folders: DemoFolders, { token, asset, row, decimals }: ClaimedToken, report: CrossChainReport,
): Promise<{ readonly beacon: string; readonly mirror: string; readonly hub: string; readonly satellite: string; readonly satelliteId: bigint; readonly claim: string }> {
  const artifacts = folders.contracts;
  const { chainId, registry, gate, venueId } = deployment;
  const hub = await hubOfVault(vaultOf(deployment), home.operator);
  const beacon = await deployBeacon(home.operator, artifacts, { gate, registry });
  const gateways = (gateway: string): { readonly gateways: readonly string[]; readonly threshold: number } => ({ gateways: [gateway], threshold: 1 });
  const [poseidon3, poseidon5, proofs] = [
    (await deployContract(other.operator, artifacts, 'Poseidon3', [])).address, (await deployContract(other.operator, artifacts, 'Poseidon5', [])).address,
    (await deployContract(other.operator, artifacts, 'ProofBatch', [])).address,
  ];
  const keyFile = join(folders.keys, `${MARGIN_CIRCUIT}.vkey.json`);
  report.spent('mirror: addKey', (await new ProofBatchClient(proofs, other.operator).addKey(parseVerificationKey(JSON.parse(await readText(keyFile)), keyFile))).gasUsed);
  const pinned = (await circuitsToPin(registry, home.operator)).filter(({ circuitId }) => circuitId === circuitIdOf(MARGIN_CIRCUIT));
  const mirror = await deployMirror(other.operator, artifacts, 'SolvencyMirror', {
    admin: other.operator.address, homeChainId: chainId, homeRegistry: registry, beacon: beacon.address, poseidon3, poseidon5, proofs, circuits: pinned, rules: MIRROR_RULES,
    gateways: gateways(other.gateway), gatewayDelay: NO_DELAY,
  });
  const satellite = await deploySatellite(other.operator, artifacts, {
    admin: other.operator.address, homeChainId: chainId, hub, mirror: mirror.address, venueId, rules: SATELLITE_RULES, gateways: gateways(other.gateway),
    tokens: [{ token, row, asset, unitsPerQuantum: 1n, payoutLimit: PLENTY }], gatewayDelay: SATELLITE_RULES.hatchAfter + SATELLITE_RULES.claimWindow,
  });
  report.spent('beacon: deploy', beacon.receipt.gasUsed);
  report.spent('mirror: deploy', mirror.receipt.gasUsed);
  const terms: SatelliteTerms = {
    ...TERMS, venueId, chainId: other.connection.chainId, satellite, gateways: gateways(home.gateway),
    tokens: [{ token, decimals, mintLimit: PLENTY, name: 'Claim on USDC of the other chain', symbol: 'cUSDC' }],
  };
  const client = new SatelliteHubClient(hub, home.operator);
  await client.proposeSatellite(terms);
  await passTime(home.operator, NO_DELAY + 1);
  const { receipt, satelliteId, claims: [claim] } = await client.activateSatellite(terms);
  report.spent('hub: activateSatellite', receipt.gasUsed);
  await allowToken(vaultOf(deployment), claim as string, home.operator);
  return { beacon: beacon.address, mirror: mirror.address, hub, satellite, satelliteId, claim: claim as string };
}

/** What the accounts of a snapshot hold of each settlement asset, claims from the operator's wallet, and a fund above the shortfall. */
export async function fundCrossChainVault({ chain, asset: claimAsset }: CrossChainVenue, stored: StoredSnapshot): Promise<void> {
  const { operator, deployment, tokens } = chain;
  const vault = new CollateralVaultClient(vaultOf(deployment), deployment.venueId, operator);
  for (const [asset, row] of settlementRows(stored.market).entries()) {
    const amount = owedOf(stored, row.index);
    if (amount <= 0n) continue;
    if (asset !== claimAsset) await mintTestToken(operator, tokens[asset] as string, operator.address, amount);
    await vault.deposit(operator, asset, tokens[asset] as string, amount, referenceOf(operator));
  }
  const fund = fundFor(stored);
  await mintTestToken(operator, deployment.fundToken, operator.address, fund);
  await vault.depositFund(operator, deployment.fundToken, fund);
}

/** Quanta that all accounts hold of a row, loans taken off. */
export function owedOf({ snapshot: { accounts } }: StoredSnapshot, row: number): bigint {
  return accounts.flatMap(({ holdings }) => holdings).reduce((sum, { index, quantity }) => (index === row ? sum + quantity : sum), 0n);
}
