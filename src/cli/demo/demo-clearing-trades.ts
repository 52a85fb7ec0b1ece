import { latestTimestamp } from '../../chain/chain-time.js';
import type { TradeSettlement } from '../../chain/clearing-solidity.js';
import { orderSignerOf, signOrder } from '../../chain/trade-signatures.js';
import { agree } from '../../clearing/agree.js';
import { matchOrders } from '../../clearing/matching.js';
import { netTrades } from '../../clearing/netting.js';
import type { Order } from '../../clearing/order.js';
import { isInBand } from '../../clearing/price-band.js';
import type { ProvenTransition } from '../../clearing/proven-transition.js';
import { baseOfVenue } from '../../attestation/venue-base.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { tradeCommitment, type TradeTerms } from '../../commitment/trade-commitment.js';
import { randomFieldElement } from '../../proving/random.js';
import type { MarketRow } from '../../risk/market-table.js';
import { houseOf } from '../clearing/account-file.js';
import type { Output } from '../output.js';
import { amountOf } from '../trade/order.js';
import type { ClearingGas, ShownTransaction } from './demo-clearing-report.js';
import { CLEARING_RULES, TRADED, rowOf } from './demo-traded.js';
import { refusalOf, untrue } from './demo-steps.js';
import { checkedReceiptOf, receiptOf, type ClearingStage, type DemoTrader, type Pair, type Sides } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

const HOUR = 3_600;
/** One bitcoin, in quanta of what is traded. */
const ONE = 10n ** 8n;
/** Of the perpetual's price when it is closed over that when it was bought, percent. */
const CLOSING_PERCENT = 101n;

/** A trade that settled. */
export interface SettledOption {
  readonly settlement: TradeSettlement;
  readonly sideProofSeconds: number;
}

/** A call is traded: two orders meet, each side is proven by its owner, and anybody settles. */
export async function tradeOption(output: Output, stage: ClearingStage, pair: Pair, gas: ClearingGas, shown: ShownTransaction[]): Promise<SettledOption> {
  const [option, cash] = [rowOf(stage.table, TRADED.option), rowOf(stage.table, TRADED.cash)];
  const terms = await matched(stage, pair, option, cash, ONE);
  const started = performance.now();
  const settlement = await proveBoth(stage, pair, terms);
  const sideProofSeconds = Math.round((performance.now() - started) / 200) / 10;
  const receipt = await stage.house.settle(settlement, await receiptFor(stage, [settlement]));
  gas.add('settle a trade, the first under a table', receipt);
  const sentence = `${amountOf(option, terms.quantity)} for ${amountOf(cash, terms.payment)}`;
  output.say(`traded: ${sentence}; each side proven in ${sideProofSeconds} s, settled by anybody for ${receipt.gasUsed} gas`);
  shown.push({ title: 'An option is traded', secret: sentence, hash: receipt.transactionHash, hidden: [terms.quantity, terms.payment] });
  return { settlement, sideProofSeconds };
}

/** What the clearing house does not take. */
export async function refuseTrades(
  output: Output, stage: ClearingStage, pair: Pair, { settlement }: SettledOption,
): Promise<{ readonly marginBreaking: 'refused'; readonly otherPrice: 'refused'; readonly replay: 'refused' }> {
  const { table, house } = stage;
  const [perpetual, entry] = [rowOf(table, TRADED.perpetual), rowOf(table, TRADED.entry)];
  const small = await matched(stage, pair, perpetual, entry, ONE / 10n);
  const large = { ...small, quantity: 100n * small.quantity, payment: 100n * small.payment };
  const reason = await untrue(() => pair.buyer.prove(sideOf(large, false)));
  output.say(`ten bitcoins of ${TRADED.perpetual} for an account that has margin for less: cannot be proven (${reason})`);
  if (reason !== 'INSUFFICIENT_MARGIN') throw new ForgeryAcceptedError(`the trade was refused for another reason: ${reason}`);
  const sides = await proveBoth(stage, pair, small);
  const bent = { ...sides, trade: publicTrade(stage, large) };
  await refused(output, 'the proofs of a hundredth of it, for all of it', () => settleOne(stage, bent), 'TransitionRejected');
  await refused(output, 'a trade of two that only one side moved for', () => settleOne(stage, { ...sides, sellerSide: sides.buyerSide }), 'TransitionRejected');
  await refused(output, 'the settled option once more', () => settleOne(stage, settlement), 'TradeFilled');
  const self = { ...sides, trade: { ...sides.trade, seller: sides.trade.buyer } };
  await refused(output, 'a trade of an account with itself', () => settleOne(stage, self), 'SelfMatch');
  if (await house.isFilled(bent.trade.commitment)) throw new ForgeryAcceptedError('the refused trade was filled');
  return { marginBreaking: 'refused', otherPrice: 'refused', replay: 'refused' };
}

/** Two agreed trades in a perpetual become one before anything is proven. */
export async function settleNetted(output: Output, stage: ClearingStage, pair: Pair, gas: ClearingGas, shown: ShownTransaction[]): Promise<void> {
  const { table } = stage;
  const [perpetual, entry] = [rowOf(table, TRADED.perpetual), rowOf(table, TRADED.entry)];
  const agreed = [await matched(stage, pair, perpetual, entry, ONE / 5n), await matched(stage, pair, perpetual, entry, (3n * ONE) / 10n)];
  const [net, ...others] = netTrades(agreed, (one) => isInBand(table, one, CLEARING_RULES.band));
  if (net === undefined || others.length > 0) throw new ForgeryAcceptedError('two trades of one pair did not become one');
  const settlement = await proveBoth(stage, pair, net.trade);
  const receipt = await stage.house.settle(settlement, await receiptFor(stage, [settlement]));
  gas.add('settle a trade', receipt);
  const sentence = `${amountOf(perpetual, net.trade.quantity)} against ${amountOf(entry, net.trade.payment)}`;
  output.say(`${agreed.length} trades in a perpetual netted to one and settled: ${sentence}, for ${receipt.gasUsed} gas`);
  shown.push({ title: 'A perpetual is traded', secret: `${sentence}, of two trades netted`, hash: receipt.transactionHash, hidden: [net.trade.quantity, net.trade.payment] });
}

/** A trade at the mark, proven by both and settled. */
export async function tradeAtMark(stage: ClearingStage, pair: Pair, row: MarketRow, payRow: MarketRow, quantity: bigint): Promise<TradeTerms> {
  const terms = await matched(stage, pair, row, payRow, quantity);
  const settlement = await proveBoth(stage, pair, terms);
  await stage.house.settle(settlement, await receiptFor(stage, [settlement]));
  return terms;
}

/** The perpetual is sold back at a gain, and the gain is paid in cash: two trades in one transaction, the second from what the first leaves. */
export async function closePerpetual(output: Output, stage: ClearingStage, { buyer, writer }: Pair, gas: ClearingGas, shown: ShownTransaction[]): Promise<void> {
  const { table } = stage;
  const [perpetual, entry, cash] = [rowOf(table, TRADED.perpetual), rowOf(table, TRADED.entry), rowOf(table, TRADED.cash)];
  const [held, owed] = [await buyer.held(perpetual.index), -(await buyer.held(entry.index))];
  const proceeds = (owed * CLOSING_PERCENT) / 100n;
  const parties = { buyer: writer.handle, seller: buyer.handle, expiry: (await latestTimestamp(stage.chain.operator.provider)) + HOUR };
  const back: TradeTerms = { ...parties, row: perpetual.index, payRow: entry.index, quantity: held, payment: proceeds, nonce: randomFieldElement() };
  const gain = proceeds - owed;
  const paid: TradeTerms = { ...parties, row: entry.index, payRow: cash.index, quantity: gain, payment: (gain * entry.mark) / cash.mark, nonce: randomFieldElement() };
  const closing = { buyer: writer, writer: buyer };
  const first = await proveBoth(stage, closing, back);
  const second = await proveBoth(stage, closing, paid, { buyer: writer.after(first.buyerSide), writer: buyer.after(first.sellerSide) });
  const receipt = await stage.house.settleBatch([first, second], await receiptFor(stage, [first, second]));
  gas.add('settle two trades at once', receipt);
  const sentence = `${amountOf(perpetual, held)} sold back, and the gain of ${amountOf(entry, gain)} paid as ${amountOf(cash, paid.payment)}`;
  output.say(`${sentence}: two trades, four proofs, one verification, ${receipt.gasUsed} gas`);
  shown.push({ title: 'A position is closed and its gain paid', secret: sentence, hash: receipt.transactionHash, hidden: [held, proceeds, gain, paid.payment] });
}

/** Signed orders of both, matched at the mark. */
async function matched(stage: ClearingStage, { buyer, writer }: Pair, row: MarketRow, payRow: MarketRow, quantity: bigint): Promise<TradeTerms> {
  const { chain: { deployment, operator } } = stage;
  const now = await latestTimestamp(operator.provider);
  const target = { chainId: deployment.chainId, house: houseOf(deployment).house };
  const orderOf = async (trader: DemoTrader, seller: boolean): Promise<Order> => {
    const order = {
      handle: trader.handle, seller, row: row.index, payRow: payRow.index, quantity, payment: (quantity * row.mark) / payRow.mark, partial: false, expiry: now + HOUR, nonce: randomFieldElement(),
    };
    const signature = await signOrder(trader.wallet, target, deployment.venueId, order);
    if (orderSignerOf(target, deployment.venueId, order, signature) !== trader.wallet.address) throw new ForgeryAcceptedError('an order is not signed by who gave it');
    return order;
  };
  const [match] = matchOrders([await orderOf(writer, true), await orderOf(buyer, false)], now).matches;
  if (match === undefined) throw new ForgeryAcceptedError('two orders at one price did not meet');
  const { maker, taker, ...fill } = match;
  return agree(maker, taker, fill);
}

/** Each side, proven by its owner. @param from what the accounts are, unless what they are on chain */
async function proveBoth(stage: ClearingStage, { buyer, writer }: Pair, terms: TradeTerms, from?: { readonly buyer: ClearedOpening; readonly writer: ClearedOpening }): Promise<TradeSettlement> {
  const prove = (trader: DemoTrader, seller: boolean, opening: ClearedOpening | undefined): Promise<ProvenTransition> =>
    trader.prove(sideOf(terms, seller), opening === undefined ? {} : { from: opening });
  return { trade: publicTrade(stage, terms), buyerSide: await prove(buyer, false, from?.buyer), sellerSide: await prove(writer, true, from?.writer) };
}

function sideOf(trade: TradeTerms, seller: boolean): Parameters<DemoTrader['prove']>[0] {
  return { kind: 'trade', seller, trade, band: CLEARING_RULES.band };
}

function publicTrade({ chain: { deployment }, table }: ClearingStage, terms: TradeTerms): TradeSettlement['trade'] {
  const { buyer, seller, expiry } = terms;
  const base = baseOfVenue(portablePoseidon, houseOf(deployment).venue);
  return { buyer, seller, expiry, commitment: tradeCommitment(portablePoseidon, base, marketCommitment(portablePoseidon, table), terms) };
}

function receiptFor(stage: ClearingStage, settlements: readonly TradeSettlement[]): Promise<string> {
  return checkedReceiptOf(stage, settlements.flatMap(sidesOf));
}

function sidesOf({ trade, buyerSide, sellerSide }: TradeSettlement): Sides {
  return [[trade.buyer, buyerSide], [trade.seller, sellerSide]];
}

/** What the house refuses whatever the operator signs. */
async function settleOne(stage: ClearingStage, settlement: TradeSettlement): Promise<unknown> {
  return stage.house.settle(settlement, await receiptOf(stage, sidesOf(settlement)));
}

async function refused(output: Output, what: string, send: () => Promise<unknown>, expected: string): Promise<void> {
  const reason = await refusalOf(what, send);
  output.say(`${what}: refused (${reason})`);
  if (reason !== expected) throw new ForgeryAcceptedError(`${what} was refused for another reason: ${reason}`);
}
