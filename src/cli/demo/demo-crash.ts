import { vaultOf } from '../../chain/deployment.js';
import { passTime } from '../../chain/test-chain.js';
import { VaultVenueClient } from '../../chain/vault-venue-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import { proveMarketTable } from '../../proving/prove-market-table.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { LiquidationProver } from '../liquidation/liquidation-prover.js';
import type { Output } from '../output.js';
import { openProver } from '../prover.js';
import { acceptTable, nextRound, tableOf, type DemoBoards } from './demo-board.js';
import type { DemoChain } from './demo-chain.js';
import type { ClearingGas } from './demo-clearing-report.js';
import type { ClearingStage, DemoTrader } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Prices after the crash, and both tables that follow from them. */
export interface Crash {
  readonly boards: DemoBoards;
  readonly maintenance: MarketTable;
  readonly initial: MarketTable;
}

/** All that the crash is shown with. */
export interface CrashStage {
  readonly stage: ClearingStage;
  readonly prover: LiquidationProver;
  readonly crash: Crash;
  /** Knows what is public, and what a venue's guard is told. */
  readonly keeper: ConnectedSigner;
  /** An account that bids, and the key that openings are sealed to. */
  readonly dealer: DemoTrader;
  readonly bidderKey: string;
  readonly gas: ClearingGas;
}

const FEED = 'BTC-USD';
/** 10^-8 of the settlement currency: a quarter below the price before. */
const CRASH_PRICE = 72_000n * 10n ** 8n;
/** The price board takes a move of a tenth for each hour since the last price. */
const CRASH_SECONDS = 3 * 3_600;

/** The price falls by a quarter, and tables of both levels are proven from the round that tells it. */
export async function crash(output: Output, chain: DemoChain, boards: DemoBoards, circuit: CircuitDefinition): Promise<Crash> {
  await passTime(chain.operator, CRASH_SECONDS);
  const later = await nextRound(chain, boards, new Map([[FEED, CRASH_PRICE]]));
  const prover = await openProver(output, chain.folders.keys);
  try {
    const poseidon = await bulkPoseidon();
    const [maintenance, initial] = [tableOf(later), tableOf(later, new Map(), 'initial')];
    for (const table of [maintenance, initial]) await acceptTable(chain, later, table, await proveMarketTable(prover, poseidon, chain.deployment, circuit, table));
    output.say(`${FEED} falls to ${formatDecimal(CRASH_PRICE, 8)}: round ${later.round.id}, and the tables of both levels that follow from it are accepted`);
    return { boards: later, maintenance, initial };
  } finally {
    await prover.close();
  }
}

/** The venue stops deposits: the gate lets nobody take new risk. @returns the gate's mode */
export async function pauseVenue({ operator, deployment, client }: DemoChain, paused: boolean): Promise<string> {
  await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).setPaused(paused);
  const mode = await client.gateMode();
  if ((mode === 'OPEN') === paused) throw new ForgeryAcceptedError(`the gate is ${mode} in a venue that ${paused ? 'is paused' : 'is not paused any more'}`);
  return mode;
}
