import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseOfVenue } from '../../../src/attestation/venue-base.js';
import { startAnvil } from '../../../src/chain/anvil.js';
import { latestTimestamp } from '../../../src/chain/chain-time.js';
import type { TradeSettlement } from '../../../src/chain/clearing-solidity.js';
import { ClearingTermsClient, type ClearingRules, type ExpiryTerms, type PerpetualTerms } from '../../../src/chain/clearing-terms-client.js';
import { connectChain } from '../../../src/chain/connection.js';
import type { ChainReceipt } from '../../../src/chain/contract-call.js';
import { clearingOf, vaultOf } from '../../../src/chain/deployment.js';
import { passTime } from '../../../src/chain/test-chain.js';
import { VaultVenueClient } from '../../../src/chain/vault-venue-client.js';
import { houseOf } from '../../../src/cli/clearing/account-file.js';
import { TransitionProver } from '../../../src/cli/clearing/transition-prover.js';
import { INDEX_FEED, MIN_TIMELOCK, acceptTable, exampleTable, feedIds, setUpBoards, tableOf, type DemoBoards, type DemoRisk } from '../../../src/cli/demo/demo-board.js';
import { deployDemoVenue, type DemoChain } from '../../../src/cli/demo/demo-chain.js';
import { clearingStage, receiptOf, type ClearingStage, type DemoTrader } from '../../../src/cli/demo/demo-trader.js';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { tradeCommitment, type TradeTerms } from '../../../src/commitment/trade-commitment.js';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../../../src/groth16/circuit-list.js';
import { proveMarketTable } from '../../../src/proving/prove-market-table.js';
import { randomFieldElement } from '../../../src/proving/random.js';
import type { MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import { settlementRows } from '../../../src/risk/tiers.js';
import { BOARD_TIME, boardRisk } from '../../builders/board-risk.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { PLAIN_TABLE } from '../../builders/market-table.js';
import { KEYS } from '../../builders/on-chain-epoch.js';
import { TRANSITION_SHAPE } from '../../builders/transition.js';
import { simulatedProver } from './simulated-prover.js';
import { RULES, acceptEpoch } from './vault-on-chain.js';
import { ARTIFACTS } from './venue-on-chain.js';

const HOUR = 3_600;
const PLENTY = 2n ** 100n;
/** Of an empty epoch: deposits and loans of each settlement asset. */
const NOTHING_OWED = [0n, 0n, 0n, 0n];
/** Tables of a later round take over from the one before; an epoch stands for a day. */
export const CLEARING_RULES: ClearingRules = { timelock: HOUR, tableMaxAge: 12 * HOUR, band: 50_000 };
/** A tenth of the index value a day at most. */
const FUNDING = { interval: 24 * HOUR, maxRate: 100_000 };

/** A venue on boards whose gate is open, with a clearing house that its vault pays for, an option that expires and a perpetual that is funded. */
export interface ClearingOnChain {
  readonly chain: DemoChain;
  readonly poseidon: Poseidon;
  readonly catalogue: readonly CircuitDefinition[];
  readonly boards: DemoBoards;
  /** Of initial level, accepted. */
  readonly table: MarketTable;
  readonly maintenance: MarketTable;
  /** Proofs that cost the chain what real ones do, in no time. */
  readonly simulated: ClearingStage;
  /** What naming rules, expiry and perpetual cost. */
  readonly setUp: readonly (readonly [call: string, receipt: ChainReceipt])[];
  stop(): Promise<void>;
}

/** What a test of something beside trades has more. */
export interface ClearingExtras {
  /** Names of circuits. */
  readonly circuits?: readonly string[];
  readonly risk?: DemoRisk;
  /** Needs the boards' lists; what it proposes is ready after `waited`. */
  readonly propose?: (chain: DemoChain) => Promise<void>;
  readonly waited?: (chain: DemoChain) => Promise<void>;
}

export async function startClearing({ circuits = [], risk = boardRisk(), propose, waited }: ClearingExtras = {}): Promise<ClearingOnChain> {
  const [poseidon, catalogue] = [await bulkPoseidon(), await readCircuitList()];
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-clearing-'));
  const node = await startAnvil({ timestamp: BOARD_TIME - 3 * MIN_TIMELOCK });
  const connection = await connectChain(node.url, { expectedChainId: node.chainId, pollingMs: 25 });
  const example = exampleTable(risk);
  const chain = await deployDemoVenue(node, connection, {
    circuits: [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit, PLAIN_TABLE.circuit, TRANSITION_SHAPE.circuit, TRANSITION_SHAPE.widerCircuit, ...circuits],
    table: example, markets: { minTimelock: MIN_TIMELOCK }, reserves: { vault: { minTimelock: RULES.timelock } }, clearing: { minTimelock: HOUR },
    file: join(folder, 'deployment.json'), folders: { keys: KEYS, contracts: ARTIFACTS, work: folder, report: folder },
  });
  const vault = new VaultVenueClient(vaultOf(chain.deployment), chain.deployment.venueId, chain.operator);
  const { house } = clearingOf(chain.deployment);
  const limits = settlementRows(example).map((_, asset) => ({ asset, coverage: { maxDeposits: PLENTY, maxLoans: PLENTY }, payoutLimit: PLENTY }));
  await vault.setRules(RULES, limits);
  await vault.proposeClearingHouse(house);
  const setUp: [string, ChainReceipt][] = [];
  const boards = await setUpBoards(chain, risk, async () => {
    setUp.push(...await listTerms(chain, example, propose));
    await waited?.(chain);
    await vault.activateClearingHouse(house);
  });
  const prover = simulatedProver(catalogue);
  const [maintenance, table] = [tableOf(boards), tableOf(boards, new Map(), 'initial')];
  for (const one of [maintenance, table]) {
    const { chainId, registry, venueId } = chain.deployment;
    await acceptTable(chain, boards, one, await proveMarketTable(prover, poseidon, { chainId, registry, venueId }, findCircuit(catalogue, PLAIN_TABLE.circuit), one));
  }
  await chain.client.openSnapshot();
  await acceptEpoch(chain, 1, maintenance, 1n, NOTHING_OWED, false);
  return {
    chain, poseidon, catalogue, boards, table, maintenance, setUp, simulated: clearingStage(chain, new TransitionProver(prover, poseidon, catalogue), table),
    stop: async () => {
      connection.close();
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Needs the boards' lists. */
async function listTerms(chain: DemoChain, table: MarketTable, propose?: ClearingExtras['propose']): Promise<[string, ChainReceipt][]> {
  const { operator, deployment } = chain;
  const terms = new ClearingTermsClient(clearingOf(deployment).terms, deployment.venueId, operator);
  const pay = rowOf(table, 'USD').index;
  const expiry: ExpiryTerms = { row: rowOf(table, OPTION).index, payRow: pay, deliverRow: 0, deliver: 0, expiry: EXPIRY };
  const perpetual: PerpetualTerms = { row: rowOf(table, 'BTC-PERP').index, indexFeed: feedIds(boardRisk()).indexOf(INDEX_FEED), ...FUNDING };
  const calls: [string, ChainReceipt][] = [];
  calls.push(['proposeRules, the first', await terms.proposeRules(CLEARING_RULES)]);
  calls.push(['proposeExpiry', await terms.proposeExpiry(expiry)]);
  calls.push(['proposePerpetual', await terms.proposePerpetual(perpetual, pay)]);
  await propose?.(chain);
  await passTime(operator, CLEARING_RULES.timelock);
  calls.push(['activateExpiry', await terms.activateExpiry(expiry)]);
  calls.push(['activatePerpetual', await terms.activatePerpetual(perpetual, pay)]);
  return calls;
}

export const OPTION = 'BTC-29JAN27-100000-C';
/** Unix seconds at which it ends: boardRisk. */
export const EXPIRY = 1_801_209_600;

/** First tier of an instrument. */
export function rowOf(table: MarketTable, id: string): MarketRow {
  const row = table.rows.find((one) => one.id === id);
  if (row === undefined) throw new Error(`the table has no ${id}`);
  return row;
}

/** Two parties at the mark, good for longer than a table. */
export async function agreedTrade({ chain, table }: ClearingOnChain, [buyer, seller]: readonly [DemoTrader, DemoTrader], id: string, payId: string, quantity: bigint): Promise<TradeTerms> {
  const [row, payRow] = [rowOf(table, id), rowOf(table, payId)];
  const expiry = (await latestTimestamp(chain.connection.provider)) + 2 * CLEARING_RULES.tableMaxAge;
  return { buyer: buyer.handle, seller: seller.handle, expiry, row: row.index, payRow: payRow.index, quantity, payment: (quantity * row.mark) / payRow.mark, nonce: randomFieldElement() };
}

/** Both sides, each by its owner. */
export async function provenTrade(venue: ClearingOnChain, [buyer, seller]: readonly [DemoTrader, DemoTrader], trade: TradeTerms): Promise<TradeSettlement> {
  const side = (isSeller: boolean): Parameters<DemoTrader['prove']>[0] => ({ kind: 'trade', seller: isSeller, trade, band: CLEARING_RULES.band });
  const base = baseOfVenue(venue.poseidon, houseOf(venue.chain.deployment).venue);
  const commitment = tradeCommitment(venue.poseidon, base, marketCommitment(venue.poseidon, venue.table), trade);
  const { buyer: buys, seller: sells, expiry } = trade;
  return { trade: { buyer: buys, seller: sells, expiry, commitment }, buyerSide: await buyer.prove(side(false)), sellerSide: await seller.prove(side(true)) };
}

/** The operator's word for both sides of each. */
export function receiptFor(stage: ClearingStage, ...settlements: readonly TradeSettlement[]): Promise<string> {
  return receiptOf(stage, settlements.flatMap(({ trade, buyerSide, sellerSide }) => [[trade.buyer, buyerSide], [trade.seller, sellerSide]] as const));
}
