import { anvilWallet } from '../../../src/chain/anvil.js';
import { ClearingTermsClient } from '../../../src/chain/clearing-terms-client.js';
import { DefaultFundClient } from '../../../src/chain/default-fund-client.js';
import { clearingOf, liquidationOf } from '../../../src/chain/deployment.js';
import { LiquidationsClient, type ProvenMarks } from '../../../src/chain/liquidations-client.js';
import { passTime } from '../../../src/chain/test-chain.js';
import type { ConnectedSigner } from '../../../src/chain/wallet.js';
import { houseOf } from '../../../src/cli/clearing/account-file.js';
import { TransitionProver } from '../../../src/cli/clearing/transition-prover.js';
import { acceptTable, nextRound, tableOf, type DemoBoards } from '../../../src/cli/demo/demo-board.js';
import { clearingStage, type ClearingStage } from '../../../src/cli/demo/demo-trader.js';
import type { ClearedOpening } from '../../../src/commitment/cleared-account.js';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { findCircuit } from '../../../src/groth16/circuit-list.js';
import { defaultProver } from '../../../src/groth16/prover-choice.js';
import { ProverPool } from '../../../src/groth16/prover-pool.js';
import type { ProvenStatement, Prover, WitnessInput } from '../../../src/groth16/prover.js';
import type { Lot } from '../../../src/liquidation/auction.js';
import type { ProvenVerdict } from '../../../src/liquidation/bid.js';
import type { FundRules } from '../../../src/liquidation/fund.js';
import type { LiquidationRules } from '../../../src/liquidation/liquidation-rules.js';
import { proveMarketTable } from '../../../src/proving/prove-market-table.js';
import { proveRowMark } from '../../../src/proving/prove-account.js';
import { proveTransition, type TransitionProof } from '../../../src/proving/prove-transition.js';
import { proveVerdict, type OpenVerdict } from '../../../src/proving/prove-verdict.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import type { TransitionAct } from '../../../src/statement/transition.js';
import { ACCOUNT_SHAPE } from '../../builders/account.js';
import { boardRisk } from '../../builders/board-risk.js';
import { PLAIN_TABLE } from '../../builders/market-table.js';
import { KEYS } from '../../builders/on-chain-epoch.js';
import { TRANSITION_SHAPE } from '../../builders/transition.js';
import { CLEARING_RULES, rowOf, startClearing, type ClearingOnChain } from './clearing-on-chain.js';
import { simulatedProver } from './simulated-prover.js';

const HOUR = 3_600;
const FEED = 'BTC-USD';
/** A feed may move by a tenth in an hour, and by as much more in every further one. */
const HOURS_OF_THE_CRASH = 5;
/** Percent of the price before. */
const AFTER_THE_CRASH = 69n;

/** Rules whose auctions end within an hour, in which prices stay fresh. */
export function liquidationRules(table: MarketTable): LiquidationRules {
  return {
    timelock: HOUR, bond: 10n ** 16n, quiet: HOUR, windows: [600, 600, 300, 60], fall: 600, maxDiscount: 20_000, maxSubsidy: 5_000, penalty: 10_000, keeperShare: 200_000, fundShare: 300_000,
    strikeShare: 20_000, feeRow: rowOf(table, 'USD').index, minLot: 10n ** 12n,
  };
}

/** Nothing is held back. */
export const FUND_RULES: FundRules = { timelock: HOUR, firstLossBound: 1_000_000, insuranceBound: 1_000_000, sharedBound: 100_000 };

/** Proofs that are real where a test is about them; what leads there costs the chain as much, and no time. */
class ChosenProver implements Prover {
  real = false;

  constructor(
    private readonly pool: ProverPool,
    private readonly simulated: Prover,
  ) {}

  prove(circuit: string, input: WitnessInput): Promise<ProvenStatement> {
    return this.real ? this.pool.prove(circuit, input) : this.simulated.prove(circuit, input);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

/** A venue whose accounts are liquidated, and who takes part in it. */
export interface LiquidationOnChain {
  readonly venue: ClearingOnChain;
  /** Its table is the last that was accepted. */
  readonly stage: ClearingStage;
  readonly keeper: ConnectedSigner;
  /** As the keeper. */
  readonly liquidations: LiquidationsClient;
  readonly rules: LiquidationRules;
  readonly fund: DefaultFundClient;
  maintenance(): MarketTable;
  initial(): MarketTable;
  /** Proofs of this work are real. */
  inEarnest<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Bitcoin falls by 31 %, and tables follow. */
  crash(): Promise<void>;
  verdict(opening: ClearedOpening, verdict: OpenVerdict, context: bigint, table?: MarketTable): Promise<ProvenVerdict>;
  marks(lot: Lot): Promise<ProvenMarks>;
  /** What changes an account without its owner. */
  withoutOwner(before: ClearedOpening, act: TransitionAct): Promise<TransitionProof>;
  stop(): Promise<void>;
}

export async function startLiquidations(): Promise<LiquidationOnChain> {
  const named = (chain: ClearingOnChain['chain']): { readonly terms: ClearingTermsClient; readonly liquidations: string } => {
    const { deployment, operator } = chain;
    return { terms: new ClearingTermsClient(clearingOf(deployment).terms, deployment.venueId, operator), liquidations: liquidationOf(deployment).liquidations };
  };
  const venue = await startClearing({
    circuits: [ACCOUNT_SHAPE.marginCircuit, ACCOUNT_SHAPE.markCircuit], risk: boardRisk({ initialScan: '0.2' }),
    propose: async (chain) => { const { terms, liquidations } = named(chain); await terms.proposeLiquidations(liquidations); },
    waited: async (chain) => { const { terms, liquidations } = named(chain); await terms.activateLiquidations(liquidations); },
  });
  const { chain, poseidon, catalogue } = venue;
  const { deployment, operator } = chain;
  const { liquidations, defaultFund } = liquidationOf(deployment);
  const rules = liquidationRules(venue.table);
  await new LiquidationsClient(liquidations, deployment.venueId, operator).send.proposeRules(rules);
  const fund = new DefaultFundClient(defaultFund, deployment.venueId, operator);
  await fund.send.proposeRules(FUND_RULES);
  const keeper = anvilWallet(6, operator.provider) as ConnectedSigner;
  const prover = new ChosenProver(new ProverPool(await defaultProver(KEYS), { workers: 1, threads: 'all' }), simulatedProver(catalogue));
  const stage: { -readonly [Name in keyof ClearingStage]: ClearingStage[Name] } = clearingStage(chain, new TransitionProver(prover, poseidon, catalogue), venue.table);
  let [boards, maintenance]: [DemoBoards, MarketTable] = [venue.boards, venue.maintenance];
  const { venue: location } = houseOf(deployment);
  const accept = async (table: MarketTable): Promise<void> => {
    await acceptTable(chain, boards, table, await proveMarketTable(simulatedProver(catalogue), poseidon, location, findCircuit(catalogue, PLAIN_TABLE.circuit), table));
  };
  return {
    venue, stage, keeper, rules, fund, liquidations: new LiquidationsClient(liquidations, deployment.venueId, keeper),
    maintenance: () => maintenance,
    initial: () => stage.table,
    inEarnest: async (work) => {
      prover.real = true;
      try {
        return await work();
      } finally {
        prover.real = false;
      }
    },
    crash: async () => {
      const place = boards.risk.set.feeds.findIndex(({ id }) => id === FEED);
      await passTime(operator, HOURS_OF_THE_CRASH * HOUR);
      boards = await nextRound(chain, boards, new Map([[FEED, ((boards.round.prices[place] as bigint) * AFTER_THE_CRASH) / 100n]]));
      [maintenance, stage.table] = [tableOf(boards), tableOf(boards, new Map(), 'initial')];
      await accept(maintenance);
      await accept(stage.table);
    },
    verdict: async (account, verdict, context, market = maintenance) => {
      const { proof } = await proveVerdict(prover, poseidon, findCircuit(catalogue, ACCOUNT_SHAPE.marginCircuit), { venue: location, account, market, verdict, context });
      return { circuitId: circuitIdOf(ACCOUNT_SHAPE.marginCircuit), marketCommitment: marketCommitment(poseidon, market), proof };
    },
    marks: async ({ row, payRow }) => {
      const circuit = findCircuit(catalogue, ACCOUNT_SHAPE.markCircuit);
      const [mark, payMark] = await Promise.all([row, payRow].map(async (one) => {
        const { proof, signals } = await proveRowMark(prover, poseidon, circuit, location, stage.table, one);
        return { circuitId: circuitIdOf(circuit.name), row: one, mark: signals.mark, proof };
      }));
      return { marketCommitment: marketCommitment(poseidon, stage.table), mark: mark as never, payMark: payMark as never };
    },
    withoutOwner: async (before, act) => proveTransition(prover, poseidon, findCircuit(catalogue, TRANSITION_SHAPE.circuit), {
      act, owned: false, period: await stage.terms.period(), venue: location, market: stage.table, before, owner: undefined,
    }),
    stop: async () => {
      await prover.close();
      await venue.stop();
    },
  };
}

export const BAND = CLEARING_RULES.band;
