import { join } from 'node:path';
import type { Attestation, VenueLocation } from '../../../src/attestation/attestation.js';
import { baseOfVenue } from '../../../src/attestation/venue-base.js';
import { submissionOf } from '../../../src/chain/attested-submission.js';
import { vaultOf } from '../../../src/chain/deployment.js';
import { mintTestToken } from '../../../src/chain/escrow-client.js';
import { CollateralVaultClient } from '../../../src/chain/vault-client.js';
import { VaultVenueClient, type VaultLimit } from '../../../src/chain/vault-venue-client.js';
import { MIN_TIMELOCK, acceptTable, exampleTable, setUpBoards, tableOf, type DemoBoards } from '../../../src/cli/demo/demo-board.js';
import { deployDemoVenue, startDemoChain, type DemoChain } from '../../../src/cli/demo/demo-chain.js';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { portablePoseidon } from '../../../src/commitment/poseidon-portable.js';
import { syntheticAccounts } from '../../../src/margin/synthetic/synthetic-venue.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { orderSignals } from '../../../src/statement/named-signals.js';
import { MARKET_TABLE_SIGNALS } from '../../../src/statement/market-table.js';
import { valueAt } from '../../../src/statement/public-vector.js';
import { tablePoint, tableVector } from '../../../src/statement/table-vector.js';
import type { Account } from '../../../src/venue/account.js';
import { marketTableSignals } from '../../../src/witness/market-table-input.js';
import { BOARD_TIME, boardRisk } from '../../builders/board-risk.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { PLAIN_TABLE } from '../../builders/market-table.js';
import { DISPUTES } from '../../flows/support/omission-on-chain.js';
import { proofSimulator } from '../../flows/support/simulated-proof.js';
import { RULES } from '../../flows/support/vault-on-chain.js';
import { VALUE_UNITS_PER_FUND_UNIT, exactCover } from '../../flows/support/venue-on-chain.js';
import { simulatedEpoch } from './audited-venue.js';

const PLENTY = 2n ** 100n;
const REFERENCE = `0x${'5'.repeat(64)}`;

/** A venue whose tables a market board accepts, whose reserves are in a vault, and that can be challenged. */
export interface BoardedVenue extends DemoChain {
  readonly location: VenueLocation;
  readonly boards: DemoBoards;
  readonly accounts: readonly Account[];
  readonly vault: CollateralVaultClient;
  readonly venueVault: VaultVenueClient;
  /** Of the operator's, one an asset. */
  readonly deposits: readonly bigint[];
  readonly honest: Attestation;
  stop(): Promise<void>;
}

/** With one covered epoch over a table of the first round, and a change of the vault's limits that waited its time. */
export async function boardedVenue(folder: string): Promise<BoardedVenue> {
  const { node, connection } = await startDemoChain(BOARD_TIME - 3 * MIN_TIMELOCK);
  const risk = boardRisk();
  const chain = await deployDemoVenue(node, connection, {
    circuits: [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit, PLAIN_TABLE.circuit], table: exampleTable(risk), markets: { minTimelock: MIN_TIMELOCK },
    reserves: { vault: { minTimelock: RULES.timelock } }, disputes: DISPUTES, file: join(folder, 'deployment.json'),
  });
  const { operator, deployment } = chain;
  const { chainId, registry, venueId } = deployment;
  const location = { chainId, registry, venueId };
  const venueVault = new VaultVenueClient(vaultOf(deployment), venueId, operator);
  await venueVault.setRules(RULES, limitsOf(chain, PLENTY));
  await venueVault.proposeLimits(limitsOf(chain, PLENTY / 2n));
  const boards = await setUpBoards(chain, risk);
  await venueVault.activateLimits(limitsOf(chain, PLENTY / 2n));
  const table = tableOf(boards);
  const accounts = syntheticAccounts(table, { seed: 'boards', accounts: 16, slots: TEST_SHAPE.batch.K });
  const vault = new CollateralVaultClient(vaultOf(deployment), venueId, operator);
  const honest = await simulatedEpoch(location, 1, { accounts, table });
  const deposits = await cover(chain, vault, honest);
  const venue = {
    ...chain, location, boards, accounts, vault, venueVault, honest, deposits,
    stop: async () => {
      connection.close();
      await node.stop();
    },
  };
  await acceptAnyTable(venue, boards, table, table);
  await publish(venue, honest);
  return venue;
}

function limitsOf({ tokens }: DemoChain, limit: bigint): VaultLimit[] {
  return tokens.map((_, asset) => ({ asset, coverage: { maxDeposits: limit, maxLoans: limit }, payoutLimit: limit }));
}

async function cover({ operator, deployment, tokens }: DemoChain, vault: CollateralVaultClient, { words, close }: Attestation): Promise<bigint[]> {
  const { reserves, fund } = exactCover(words, close.shortfall);
  const deposits: bigint[] = [];
  for (const [asset, amount] of reserves.entries()) {
    const token = tokens[asset] as string;
    await mintTestToken(operator, token, operator.address, amount + 1n);
    deposits.push((await vault.deposit(operator, asset, token, amount + 1n, REFERENCE)).id);
  }
  await mintTestToken(operator, deployment.fundToken, operator.address, fund + VALUE_UNITS_PER_FUND_UNIT);
  await vault.depositFund(operator, deployment.fundToken, fund + VALUE_UNITS_PER_FUND_UNIT);
  return deposits;
}

/**
 * Has the market board accept a table. Where it is not the honest one of the round, that is what somebody can do who forges proofs: the
 * board holds the proof against what it knows of the honest table, and the commitment is the other's.
 */
export async function acceptAnyTable(venue: DemoChain & { readonly location: VenueLocation }, boards: DemoBoards, honest: MarketTable, committed: MarketTable): Promise<void> {
  const base = baseOfVenue(portablePoseidon, venue.location);
  const known = marketTableSignals(portablePoseidon, base, PLAIN_TABLE.circuit, honest);
  const commitment = marketCommitment(portablePoseidon, committed);
  const vector = tableVector(honest);
  const z = tablePoint({ base, marketCommitment: commitment, snapshotTime: known.snapshotTime }, vector);
  const signals = { ...known, marketCommitment: commitment, z, tableValue: valueAt(z, vector) };
  const prove = await proofSimulator(PLAIN_TABLE.circuit);
  await acceptTable(venue, boards, honest, { circuit: PLAIN_TABLE.circuit, signals, proof: prove(orderSignals(MARKET_TABLE_SIGNALS, signals)) });
}

export async function publish({ client }: Pick<DemoChain, 'client'>, attestation: Attestation): Promise<void> {
  await client.openSnapshot();
  await client.submitEpoch(submissionOf(attestation, marketCommitment(portablePoseidon, attestation.market)));
}
