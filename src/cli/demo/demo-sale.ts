import { latestTimestamp } from '../../chain/chain-time.js';
import { liquidationOf } from '../../chain/deployment.js';
import { mintTestToken } from '../../chain/escrow-client.js';
import { postedOpenings } from '../../chain/liquidation-bidders-client.js';
import { soldSlices } from '../../chain/liquidation-history.js';
import { passTime } from '../../chain/test-chain.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import { clearedCommitment, type ClearedOpening } from '../../commitment/cleared-account.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { Lot } from '../../liquidation/auction.js';
import type { ProvenVerdict } from '../../liquidation/bid.js';
import { sliceUpTo, type Slice } from '../../liquidation/largest-slice.js';
import { openSealedOpening, sealOpening } from '../../liquidation/sealed-opening.js';
import type { SoldSlice } from '../../liquidation/sold-slice.js';
import { readEncryptionKey } from '../account/encryption-key-file.js';
import { houseOf } from '../clearing/account-file.js';
import { biddersClient, fundClient, liquidationsClient } from '../liquidation/contracts.js';
import { makeBid } from '../liquidation/make-bid.js';
import { proveMarks } from '../liquidation/mark.js';
import type { Output } from '../output.js';
import { amountOf } from '../trade/order.js';
import { CLEARING_RULES, TRADED, cashAsset, rowOf } from './demo-traded.js';
import type { CrashStage } from './demo-crash.js';
import { MOST_PENALTY, demoBidder, demoGuard, learnOfBids, type DemoKeeper } from './demo-keepers.js';
import { FALL, demoLiquidation } from './demo-liquidation-venue.js';
import { refusalOf } from './demo-steps.js';
import { checkedReceiptOf, type DemoTrader } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Figures of a sale in part. */
export interface SaleFigures {
  /** Quanta of the perpetual. */
  readonly sold: bigint;
  /** Quanta of the entry row that the account got for it. */
  readonly payment: bigint;
  /** Token base units, of which the keeper got a share. */
  readonly penalty: bigint;
  readonly keeperReward: bigint;
  readonly tooEarly: 'not sent';
  readonly ownerWhileSold: 'refused';
  readonly ended: 'sound';
}

const HOUR = 3_600;
/** Of the time in which the discount rises: the dealer waits for a part of it. */
const PATIENCE = FALL / 4;
/** A keeper does at most one thing of a kind in each. */
const MOST_LOOKS = 4;

/**
 * Sold by keepers: the venue's guard shows an account under water, shows it to the bidders and marks it, the dealer's bidder buys what is needed and
 * no more at the price it waits for, and the guard shows it sound again.
 */
export async function sellLevered(output: Output, stage: CrashStage, levered: DemoTrader): Promise<SaleFigures> {
  const { stage: clearing, gas, crash: { initial } } = stage;
  const { deployment, operator, connection: { provider }, tokens } = clearing.chain;
  const [guard, bidder] = [await demoGuard(stage, levered), await demoBidder(stage)];
  try {
    await looksUntil(guard, 'start');
    const frozen = await refusalOf('what the owner puts in while the account is sold, which would spoil every bid', () => levered.deposit({ row: rowOf(initial, TRADED.cash).index, amount: 1n, asset: cashAsset(initial) }));
    await looksUntil(guard, 'mark');
    await mintTestToken(operator, tokens[cashAsset(initial)] as string, stage.dealer.wallet.address, MOST_PENALTY);
    await looksUntil(bidder, 'approve');
    // The price that it waits for is a quarter of the way down.
    const early = await bidder.look();
    if (early.length > 0) throw new ForgeryAcceptedError(`the dealer's keeper sent "${early.map(({ action }) => action).join(', ')}" before its price`);
    await passTime(operator, PATIENCE);
    const hash = await looksUntil(bidder, 'take');
    const slice = (await soldSlices(provider, liquidationOf(deployment).liquidations, levered.handle, deployment.deployedInBlock)).at(-1);
    if (slice === undefined) throw new ForgeryAcceptedError('nothing was sold');
    const { gasUsed } = (await provider.getTransactionReceipt(hash)) ?? { gasUsed: 0n };
    output.say(`account ${levered.handle} is under water: the venue's keeper starts its liquidation, shows it to the bidders and marks it; the dealer's keeper waits for its price and buys ${amountOf(rowOf(initial, TRADED.perpetual), slice.quantity)} for ${amountOf(rowOf(initial, TRADED.entry), slice.payment)} by four proofs (${gasUsed} gas)`);
    await levered.follow([initial]);
    await learnOfBids(stage);
    const ended = await looksUntil(guard, 'answer');
    gas.add('end a liquidation', { transactionHash: ended, blockNumber: 0, gasUsed: (await provider.getTransactionReceipt(ended))?.gasUsed ?? 0n });
    return await endedSale(output, stage, levered, { slice, frozen });
  } finally {
    await guard.close();
    await bidder.close();
  }
}

/** Looks until it sends this. @returns its transaction. @throws ForgeryAcceptedError where it does not */
async function looksUntil(keeper: DemoKeeper, wanted: string): Promise<string> {
  const others: string[] = [];
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const sent = await keeper.look();
    const found = sent.find(({ action }) => action === wanted);
    if (found !== undefined) return found.transaction;
    others.push(...sent.map(({ action }) => action));
  }
  throw new ForgeryAcceptedError(`a keeper was to send "${wanted}", and sent "${others.join(', ')}"`);
}

/** What the sale left: a sound account, and a reward for who started it. */
async function endedSale(output: Output, { stage: { chain }, crash: { initial }, gas }: CrashStage, levered: DemoTrader, { slice, frozen }: { readonly slice: SoldSlice; readonly frozen: string }): Promise<SaleFigures> {
  const { deployment, operator, tokens } = chain;
  const { standing } = await liquidationsClient(operator, deployment).standing(levered.handle);
  const fund = fundClient(operator, deployment);
  const token = tokens[cashAsset(initial)] as string;
  const keeperReward = await fund.reward(operator.address, token);
  gas.add('take a reward', await fund.send.withdrawReward(token));
  output.say(`it is sound again, its owner found what is left on chain, and the keeper that started it earned ${amountOf(rowOf(initial, TRADED.cash), keeperReward)}`);
  if (standing !== 'sound' || frozen !== 'AccountFrozen') throw new ForgeryAcceptedError(`the account is ${standing} after its sale, and its owner was refused by ${frozen}`);
  return { sold: slice.quantity, payment: slice.payment, penalty: slice.penalty, keeperReward, tooEarly: 'not sent', ownerWhileSold: 'refused', ended: 'sound' };
}

/** The keeper's proof names the keeper: nobody else can send it. */
export async function startLiquidation({ stage: { chain }, prover, crash: { maintenance }, keeper, gas }: CrashStage, trader: DemoTrader): Promise<void> {
  const liquidations = liquidationsClient(keeper, chain.deployment);
  const { opening } = await trader.known();
  const context = liquidations.verdictContext(trader.handle, keeper.address);
  gas.add('start a liquidation', await liquidations.send.start(trader.handle, await prover.verdict({ opening, table: maintenance, verdict: 'unhealthy', context })));
}

/** The venue posts the opening for its bidders; one of them opens it. */
export async function showToBidder({ stage: { chain }, bidderKey, dealer, gas }: CrashStage, trader: DemoTrader): Promise<ClearedOpening> {
  const { deployment, operator, connection } = chain;
  const bidders = biddersClient(operator, deployment);
  const { account, opening } = await trader.known();
  const commitment = clearedCommitment(portablePoseidon, opening);
  const place = { chainId: deployment.chainId, bidders: bidders.address, handle: trader.handle, commitment };
  const disclosed = { ...houseOf(deployment), handle: account.handle, opening };
  const ciphertexts = (await bidders.bidders()).map(({ encryptionKey }) => sealOpening(portablePoseidon, disclosed, encryptionKey, place));
  gas.add('show an account to a bidder', await bidders.send.sealOpening(trader.handle, commitment, ciphertexts));
  const posted = (await postedOpenings(connection.provider, liquidationOf(deployment).bidders, trader.handle, deployment.deployedInBlock)).at(-1);
  const own = posted?.ciphertexts.find(({ bidder }) => bidder === dealer.wallet.address);
  if (own === undefined) throw new ForgeryAcceptedError('nothing was posted for the bidder');
  const { privateKey } = await readEncryptionKey(bidderKey);
  return openSealedOpening(portablePoseidon, own.ciphertext, privateKey, place).opening;
}

/** A slice that is proven, and waits for its price. */
export interface Offered {
  readonly slice: Slice;
  /** Ppm. */
  readonly discount: number;
  /** What it was refused with before its time. */
  readonly early: string;
  settle(): Promise<ChainReceipt>;
}

/** Marks an auction, and makes a bid for all that is needed. @param opening what the bidder was shown */
export async function offer(stage: CrashStage, lot: Lot, opening: ClearedOpening): Promise<Offered> {
  const { stage: clearing, prover, crash: { maintenance, initial }, dealer, gas } = stage;
  const { deployment, operator, tokens } = clearing.chain;
  const liquidations = liquidationsClient(dealer.wallet, deployment);
  const context = liquidations.verdictContext(lot.handle);
  const underWater: ProvenVerdict = await prover.verdict({ opening, table: maintenance, verdict: 'unhealthy', context });
  const rules = demoLiquidation(initial);
  const marks = await proveMarks(prover, initial, lot, rules.feeRow);
  gas.add('mark an auction', await liquidations.send.markAuction(lot, marks, underWater));
  const clock = Math.floor((rules.maxDiscount * PATIENCE) / rules.fall);
  const period = await clearing.terms.period();
  const slice = sliceUpTo({ initial, rules, band: CLEARING_RULES.band, period }, opening, lot, clock);
  const expiry = (await latestTimestamp(operator.provider)) + HOUR;
  const { bid, bidderAfter } = await makeBid(prover, {
    deployment, lot, quantity: slice.quantity, payment: slice.payment, subsidy: 0n, expiry, sold: opening, bidder: { ...await dealer.known(), owner: dealer.owner }, initial, maintenance, context,
    band: CLEARING_RULES.band, period, dust: slice.dust, underWater,
  });
  dealer.learn(bidderAfter);
  const { buyerSide, sellerSide } = bid.settlement;
  const receipt = await checkedReceiptOf(clearing, [[dealer.handle, lot.accountSells ? buyerSide : sellerSide]]);
  const token = tokens[cashAsset(initial)] as string;
  await mintTestToken(operator, token, dealer.wallet.address, MOST_PENALTY);
  await liquidations.approve({ signer: dealer.wallet, token, amount: MOST_PENALTY });
  const early = await refusalOf('a bid before its price', () => liquidations.send.take(bid, receipt));
  return {
    slice, discount: slice.discount, early,
    settle: async () => {
      await passTime(operator, PATIENCE);
      const settled = await liquidations.send.take(bid, receipt);
      gas.add('sell a slice', settled);
      return settled;
    },
  };
}
