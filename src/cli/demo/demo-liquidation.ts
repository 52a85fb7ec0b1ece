import { anvilWallet } from '../../chain/anvil.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import type { ProvenVerdict } from '../../liquidation/bid.js';
import type { MarketTable } from '../../risk/market-table.js';
import { liquidationsClient } from '../liquidation/contracts.js';
import { withLiquidationProver } from '../liquidation/liquidation-prover.js';
import type { Output } from '../output.js';
import type { DemoBoards } from './demo-board.js';
import { ClearingGas } from './demo-clearing-report.js';
import { tradeAtMark } from './demo-clearing-trades.js';
import { TRADED, cashAsset, rowOf } from './demo-traded.js';
import { crash, pauseVenue, type CrashStage } from './demo-crash.js';
import { absorbDefault, type DefaultFigures } from './demo-default.js';
import { CRASH_WALLETS, approveBidder } from './demo-liquidation-venue.js';
import { sellLevered, type SaleFigures } from './demo-sale.js';
import { heading, refusalOf, untrue } from './demo-steps.js';
import { DemoTrader, type ClearingStage } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Figures of a crash: build/report/demo.json. */
export interface LiquidationFigures {
  readonly gate: readonly string[];
  readonly defended: DefenceFigures;
  readonly sale: SaleFigures;
  readonly default: DefaultFigures;
  readonly gas: Readonly<Record<string, bigint>>;
}

interface DefenceFigures {
  /** Seconds to answer in. */
  readonly window: number;
  /** Wei that the challenger lost. */
  readonly bond: bigint;
  readonly verdictProofSeconds: number;
  readonly oldTable: 'refused';
  readonly healthyAccount: 'cannot be shown under water';
}

const SLOTS = 8;
const USD = 10n ** 6n;
const ONE_BITCOIN = 10n ** 8n;
/** The levered account is above initial margin before the crash, and below maintenance after it, but not bankrupt; the writer of the put is. */
const DEPOSITS = { dealer: 150_000n * USD, levered: 33_000n * USD, defaulter: 17_000n * USD } as const;

/** What the crash left: where prices stand, and who still holds something. */
export interface AfterCrash {
  readonly figures: LiquidationFigures;
  readonly boards: DemoBoards;
  readonly staying: readonly DemoTrader[];
}

/** Prices fall by a quarter: one account is challenged and defended, one is sold in part, and one leaves a debt that the fund pays. */
export async function showLiquidation(output: Output, stage: ClearingStage, defended: DemoTrader, before: { readonly boards: DemoBoards; readonly table: MarketTable; readonly circuit: CircuitDefinition }): Promise<AfterCrash> {
  const { chain } = stage;
  const gas = new ClearingGas();
  heading(output, 'A crash');
  const { dealer, levered, defaulter } = await takePositions(output, stage);
  const bidderKey = await approveBidder(chain, dealer.wallet.address);
  const open = await chain.client.gateMode();
  const crashed = await crash(output, chain, before.boards, before.circuit);
  const paused = await pauseVenue(chain, true);
  output.say(`the venue pauses: gate ${open}, then ${paused}; who doubts an account need wait half as long`);
  return withLiquidationProver(output, chain.folders.keys, chain.deployment, async (prover) => {
    const keeper = anvilWallet(CRASH_WALLETS.keeper, chain.operator.provider) as ConnectedSigner;
    const crashStage: CrashStage = { stage, prover, crash: crashed, keeper, dealer, bidderKey, gas };
    const figures = {
      defended: await defend(output, crashStage, defended, before.table), sale: await sellLevered(output, crashStage, levered),
      default: await absorbDefault(output, crashStage, defaulter),
    };
    const gate = [open, paused, await chain.client.gateMode()];
    gas.print(output);
    return { figures: { gate, ...figures, gas: gas.figures() }, boards: crashed.boards, staying: [dealer, levered, defaulter] };
  });
}

/** One buys a perpetual with three times what it has, one writes a put, and a dealer takes both other sides. */
async function takePositions(output: Output, stage: ClearingStage): Promise<Readonly<Record<keyof typeof DEPOSITS, DemoTrader>>> {
  const { table } = stage;
  const { index: row } = rowOf(table, TRADED.cash);
  const asset = cashAsset(table);
  const open = async (name: keyof typeof DEPOSITS): Promise<DemoTrader> =>
    (await DemoTrader.open(stage, name, CRASH_WALLETS[name], { row, amount: DEPOSITS[name], asset, slots: SLOTS })).trader;
  const traders = { dealer: await open('dealer'), levered: await open('levered'), defaulter: await open('defaulter') };
  await tradeAtMark(stage, { buyer: traders.levered, writer: traders.dealer }, rowOf(table, TRADED.perpetual), rowOf(table, TRADED.entry), ONE_BITCOIN);
  const { payment } = await tradeAtMark(stage, { buyer: traders.dealer, writer: traders.defaulter }, rowOf(table, TRADED.put), rowOf(table, TRADED.cash), ONE_BITCOIN);
  output.say(`account ${traders.levered.handle} buys a bitcoin of ${TRADED.perpetual} on margin, account ${traders.defaulter.handle} writes ${TRADED.put} for ${formatDecimal(payment, 6)} ${TRADED.cash}`);
  return traders;
}

/** Anybody doubts an account; the venue, which has its opening and no secret of its owner, shows that it is sound, and the bond is the owner's. */
async function defend(output: Output, { stage: { chain }, prover, crash: { maintenance }, keeper, gas }: CrashStage, trader: DemoTrader, oldTable: MarketTable): Promise<DefenceFigures> {
  const { handle } = trader;
  const [doubting, answering] = [keeper, chain.operator].map((signer) => liquidationsClient(signer, chain.deployment)) as [ReturnType<typeof liquidationsClient>, ReturnType<typeof liquidationsClient>];
  const bond = await doubting.challengeBond(handle);
  gas.add('challenge an account', await doubting.send.challenge(handle, marketCommitment(portablePoseidon, maintenance), bond));
  const { deadline, challengedAt } = await doubting.standing(handle);
  const { opening } = await trader.known();
  const context = answering.verdictContext(handle);
  const reason = await untrue(() => prover.verdict({ opening, table: maintenance, verdict: 'unhealthy', context }));
  const started = performance.now();
  const healthy = await prover.verdict({ opening, table: maintenance, verdict: 'watched', context });
  const verdictProofSeconds = Math.round((performance.now() - started) / 100) / 10;
  const old: ProvenVerdict = { ...healthy, marketCommitment: marketCommitment(portablePoseidon, oldTable) };
  const refusal = await refusalOf('an answer under prices of before the crash', () => answering.send.answer(handle, old));
  if (refusal !== 'TableBeforeChallenge') throw new ForgeryAcceptedError(`an answer under an old table was refused for another reason: ${refusal}`);
  gas.add('answer a challenge', await answering.send.answer(handle, healthy));
  const { standing } = await answering.standing(handle);
  const won = await answering.bonds(trader.wallet.address);
  await liquidationsClient(trader.wallet, chain.deployment).send.withdrawBonds();
  output.say(`account ${handle} is challenged with ${bond} wei and shown sound by the venue (${verdictProofSeconds} s), without its owner: the bond is the owner's`);
  output.say(`that it is under water cannot be proven (${reason}); prices of before the crash are refused (${refusal})`);
  if (standing !== 'sound' || won !== bond) throw new ForgeryAcceptedError(`the defended account is ${standing}, and its controller won ${won} of ${bond} wei`);
  return { window: deadline - challengedAt, bond, verdictProofSeconds, oldTable: 'refused', healthyAccount: 'cannot be shown under water' };
}
