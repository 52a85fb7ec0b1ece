import { readFile } from 'node:fs/promises';
import { passTime } from '../../chain/test-chain.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import { parseR1cs } from '../../groth16/r1cs.js';
import { proveMarketTable } from '../../proving/prove-market-table.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { Output } from '../output.js';
import { buildPath } from '../project.js';
import { openProver } from '../prover.js';
import { HEARTBEAT, MIN_TIMELOCK, acceptTable, setUpBoards, tableOf, type DemoBoards, type DemoRisk } from './demo-board.js';
import type { DemoChain } from './demo-chain.js';
import { heading, refusalOf } from './demo-steps.js';
import { ForgeryAcceptedError } from './forgery.js';

/** A table that the boards accepted. */
export interface AcceptedTable {
  readonly boards: DemoBoards;
  readonly table: MarketTable;
  /** Of initial level, from the same round: what payouts and new risk are proven under. */
  readonly initial: MarketTable;
  /** Their circuit: of tables that follow from later rounds too. */
  readonly circuit: CircuitDefinition;
  readonly gasUsed: bigint;
  readonly figures: MarketFigures;
}

/** Figures of the market table in build/report/demo.json. */
export interface MarketFigures {
  readonly round: number;
  readonly rows: number;
  readonly constraints: number;
  readonly proveSeconds: number;
  readonly volatilities: string;
  readonly ownPrice: 'refused';
  readonly stalePrice: 'refused';
}

/** Two waits of the timelock lie between the chain's first block and its first round. */
export const SET_UP_SECONDS = 2 * MIN_TIMELOCK + 600;
const PRICE_DECIMALS = 8;
/** The price the venue would like better. */
const OWN_FEED = 'BTC-USD';

/** Opens a round, proves the table that follows from it, and has it accepted; one with another price is proven too, and refused. */
export async function acceptDemoTable(output: Output, chain: DemoChain, risk: DemoRisk, circuit: CircuitDefinition, listed?: () => Promise<void>): Promise<AcceptedTable> {
  heading(output, 'Prices and market table');
  const boards = await setUpBoards(chain, risk, listed);
  const { round, gas } = boards;
  const shown = risk.set.feeds.map(({ id }, place) => `${id} ${formatDecimal(round.prices[place] as bigint, PRICE_DECIMALS)}`).join(', ');
  output.say(`round ${round.id}, read by the price board for ${gas.updatePrices} gas: ${shown}`);
  const prover = await openProver(output, chain.folders.keys);
  try {
    const poseidon = await bulkPoseidon();
    const { chainId, registry, venueId } = chain.deployment;
    const prove = (table: MarketTable): ReturnType<typeof proveMarketTable> => proveMarketTable(prover, poseidon, { chainId, registry, venueId }, circuit, table);
    const table = tableOf(boards);
    const started = performance.now();
    const proven = await prove(table);
    const proveSeconds = Math.round((performance.now() - started) / 100) / 10;
    const own = tableOf(boards, new Map([[OWN_FEED, 2n * priceOf(boards, OWN_FEED)]]));
    const ownProven = await prove(own);
    const reason = await refusalOf('a price that no oracle gave', () => acceptTable(chain, boards, own, ownProven));
    output.say(`a table with twice the price of ${OWN_FEED}: provable, refused by the market board (${reason})`);
    if (reason !== 'TableProofRejected') throw new ForgeryAcceptedError(`the market board refused for another reason: ${reason}`);
    const gasUsed = await acceptTable(chain, boards, table, proven);
    const acceptance = await boards.markets.acceptanceOf(proven.signals.marketCommitment);
    const volatilities = acceptance?.volatilities ?? 'none';
    const { constraints } = await r1csOf(circuit.name);
    output.say(`${table.rows.length} rows proven from it in ${proveSeconds} s (${constraints} constraints), accepted for ${gasUsed} gas; volatilities ${volatilities}`);
    const initial = tableOf(boards, new Map(), 'initial');
    output.say(`the table of initial level, from the same round, accepted for ${await acceptTable(chain, boards, initial, await prove(initial))} gas`);
    output.say('marks of options between their bounds are the venue\'s choice; anyone recomputes them from the signed volatilities');
    return { boards, table, initial, circuit, gasUsed, figures: { round: round.id, rows: table.rows.length, constraints, proveSeconds, volatilities, ownPrice: 'refused', stalePrice: 'refused' } };
  } finally {
    await prover.close();
  }
}

/** When the oracle goes silent: no further round, no new risk, no liquidation, and exits as ever. */
export async function refuseStalePrices(output: Output, chain: DemoChain, { prices }: DemoBoards): Promise<void> {
  heading(output, 'The oracle goes silent');
  await passTime(chain.operator, 2 * HEARTBEAT + 1);
  const reason = await refusalOf('a stale price', () => prices.updatePrices());
  output.say(`a new round: refused by the price board (${reason})`);
  if (reason !== 'PriceTooOld') throw new ForgeryAcceptedError(`the price board refused for another reason: ${reason}`);
  const allowed = { risk: await prices.allows('new-risk'), liquidation: await prices.allows('liquidation'), exit: await prices.allows('exit') };
  output.say(`new risk ${word(allowed.risk)}, liquidation ${word(allowed.liquidation)}, exit of unmargined funds ${word(allowed.exit)}`);
  if (allowed.risk || allowed.liquidation || !allowed.exit) throw new ForgeryAcceptedError('stale prices must stop new risk and liquidation, and never an exit');
}

function word(allowed: boolean): string {
  return allowed ? 'allowed' : 'stopped';
}

function priceOf({ risk, round }: DemoBoards, feed: string): bigint {
  return round.prices[risk.set.feeds.findIndex(({ id }) => id === feed)] as bigint;
}

async function r1csOf(circuit: string): Promise<ReturnType<typeof parseR1cs>> {
  const file = buildPath('circuits', circuit, `${circuit}.r1cs`);
  return parseR1cs(await readFile(file), file);
}
