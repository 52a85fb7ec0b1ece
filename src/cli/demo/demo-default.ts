import type { TransitionWish } from '../../clearing/transition-plan.js';
import type { FundTranches } from '../../liquidation/fund.js';
import { fundClient, liquidationsClient } from '../liquidation/contracts.js';
import type { Output } from '../output.js';
import { amountOf } from '../trade/order.js';
import { TRADED, cashAsset, rowOf } from './demo-traded.js';
import { pauseVenue, type CrashStage } from './demo-crash.js';
import { offer, showToBidder, startLiquidation } from './demo-sale.js';
import { refusalOf, untrue } from './demo-steps.js';
import type { DemoTrader } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Figures of a default. Token base units. */
export interface DefaultFigures {
  readonly debt: bigint;
  readonly firstLoss: bigint;
  readonly insurance: bigint;
  readonly shared: bigint;
  readonly moreThanOwed: 'cannot be proven';
  readonly whilePaused: 'refused';
}

/** What no house gave a context: nobody's terms are in the payment of a debt. */
const NO_CONTEXT = 0n;

/** The writer of a put lost more than it had: the put is bought back, and what it then owes is paid by first loss and insurance. */
export async function absorbDefault(output: Output, crash: CrashStage, defaulter: DemoTrader): Promise<DefaultFigures> {
  const { stage: { chain, terms }, prover, crash: { initial }, gas } = crash;
  const [cash, put] = [rowOf(initial, TRADED.cash), rowOf(initial, TRADED.put)];
  await startLiquidation(crash, defaulter);
  const sale = await offer(crash, { handle: defaulter.handle, row: put.index, payRow: cash.index, accountSells: false }, await showToBidder(crash, defaulter));
  await sale.settle();
  await defaulter.follow([initial]);
  const debt = -(await defaulter.held(cash.index));
  output.say(`account ${defaulter.handle} bought back ${amountOf(put, sale.slice.quantity)} for ${amountOf(cash, sale.slice.payment)} and owes ${amountOf(cash, debt)}: nothing is left to sell`);
  if (debt <= 0n) throw new ForgeryAcceptedError('the account that was to default owes nothing');
  const { account, opening } = await defaulter.known();
  const period = await terms.period();
  const pay = (amount: bigint): ReturnType<typeof prover.transitions.prove> => {
    const wish: TransitionWish = { act: { kind: 'collateral', opens: false, in: { row: cash.index, amount }, context: NO_CONTEXT }, owned: false, period };
    return prover.transitions.prove({ account, table: initial, before: opening, wish, owner: undefined });
  };
  const reason = await untrue(() => pay(debt + 1n));
  if (reason !== 'STILL_HOLDS') throw new ForgeryAcceptedError(`a payment of more than is owed was refused for another reason: ${reason}`);
  const { transition } = await pay(debt);
  const liquidations = liquidationsClient(chain.operator, chain.deployment);
  const settle = (): ReturnType<typeof liquidations.send.payDebt> => liquidations.send.payDebt(defaulter.handle, cash.index, debt, transition);
  const whilePaused = await refusalOf('a debt paid into a paused vault', settle);
  const gate = await pauseVenue(chain, false);
  const before = await tranches(crash);
  gas.add('pay a debt', await settle());
  const after = await tranches(crash);
  await defaulter.follow([initial]);
  const paid = { firstLoss: after.paidFirstLoss - before.paidFirstLoss, insurance: after.paidInsurance - before.paidInsurance, shared: after.shared - before.shared };
  output.say(`the pause ends, gate ${gate}: the debt is paid (before: ${whilePaused}), ${amountOf(cash, paid.firstLoss)} by the venue's first loss, ${amountOf(cash, paid.insurance)} by the insurance fund, ${amountOf(cash, paid.shared)} shared; more than is owed has no proof (${reason})`);
  if (paid.firstLoss + paid.insurance + paid.shared !== debt || after.debts - before.debts !== debt) throw new ForgeryAcceptedError(`a debt of ${debt} was paid with ${paid.firstLoss}, ${paid.insurance} and ${paid.shared}`);
  if (paid.firstLoss <= 0n || paid.insurance <= 0n) throw new ForgeryAcceptedError(`first loss paid ${paid.firstLoss} and insurance ${paid.insurance}: the default was to be more than the first`);
  if (await defaulter.held(cash.index) !== 0n || whilePaused !== 'VenuePaused') throw new ForgeryAcceptedError(`the defaulter is not at nothing, or a paused vault refused by ${whilePaused}`);
  return { debt, ...paid, moreThanOwed: 'cannot be proven', whilePaused: 'refused' };
}

/** In the settlement currency. */
function tranches({ stage: { chain }, crash: { initial } }: CrashStage): Promise<FundTranches> {
  return fundClient(chain.operator, chain.deployment).tranches(cashAsset(initial));
}
