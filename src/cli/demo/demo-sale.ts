import { latestTimestamp } from '../../chain/chain-time.js';
import { liquidationOf } from '../../chain/deployment.js';
import { mintTestToken } from '../../chain/escrow-client.js';
import { postedOpenings } from '../../chain/liquidation-bidders-client.js';
import { passTime } from '../../chain/test-chain.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import { clearedCommitment, type ClearedOpening } from '../../commitment/cleared-account.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { Lot } from '../../liquidation/auction.js';
import type { ProvenVerdict } from '../../liquidation/bid.js';
import { sliceUpTo, type Slice } from '../../liquidation/largest-slice.js';
import { openSealedOpening, sealOpening } from '../../liquidation/sealed-opening.js';
import { readEncryptionKey } from '../account/encryption-key-file.js';
import { houseOf } from '../clearing/account-file.js';
import { biddersClient, fundClient, liquidationsClient } from '../liquidation/contracts.js';
import { makeBid } from '../liquidation/make-bid.js';
import { proveMarks } from '../liquidation/mark.js';
import type { Output } from '../output.js';
import { amountOf } from '../trade/order.js';
import { CLEARING_RULES, TRADED, cashAsset, rowOf } from './demo-traded.js';
import type { CrashStage } from './demo-crash.js';
import { FALL, demoLiquidation } from './demo-liquidation-venue.js';
import { refusalOf } from './demo-steps.js';
import { checkedReceiptOf, type DemoTrader } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Figures of a sale in part. */
export interface SaleFigures {
  /** Quanta of the perpetual. */
  readonly sold: bigint;
  /** Ppm. */
  readonly discount: number;
  /** Token base units, of which the keeper got a share. */
  readonly penalty: bigint;
  readonly keeperReward: bigint;
  readonly tooEarly: 'refused';
  readonly ownerWhileSold: 'refused';
  readonly ended: 'sound';
}

const HOUR = 3_600;
/** Of the time in which the discount rises: the dealer waits for a part of it. */
const PATIENCE = FALL / 4;
/** Tokens for penalties: far more than any of them. */
const PENALTIES = 10_000n * 10n ** 6n;

/** A keeper shows an account under water, a bidder who was shown it buys what is needed and no more, and it is sound again. */
export async function sellLevered(output: Output, stage: CrashStage, levered: DemoTrader): Promise<SaleFigures> {
  const { stage: clearing, keeper, gas, crash: { maintenance, initial }, prover } = stage;
  const { deployment } = clearing.chain;
  await startLiquidation(stage, levered);
  const frozen = await refusalOf('what the owner puts in while the account is sold, which would spoil every bid', () => levered.deposit({ row: rowOf(initial, TRADED.cash).index, amount: 1n, asset: cashAsset(initial) }));
  const shown = await showToBidder(stage, levered);
  const lot: Lot = { handle: levered.handle, row: rowOf(initial, TRADED.perpetual).index, payRow: rowOf(initial, TRADED.entry).index, accountSells: true };
  const sale = await offer(stage, lot, shown);
  const receipt = await sale.settle();
  const { payment, quantity } = sale.slice;
  output.say(`account ${levered.handle} is under water: ${amountOf(rowOf(initial, TRADED.perpetual), quantity)} sold for ${amountOf(rowOf(initial, TRADED.entry), payment)}, ${sale.discount} ppm below the mark, in one transaction of four proofs (${receipt.gasUsed} gas); before its time: refused (${sale.early})`);
  await levered.follow([initial]);
  const { opening } = await levered.known();
  const liquidations = liquidationsClient(keeper, deployment);
  const healthy = await prover.verdict({ opening, table: maintenance, verdict: 'watched', context: liquidations.verdictContext(levered.handle) });
  gas.add('end a liquidation', await liquidations.send.answer(levered.handle, healthy));
  const { standing } = await liquidations.standing(levered.handle);
  const fund = fundClient(keeper, deployment);
  const token = clearing.chain.tokens[cashAsset(initial)] as string;
  const keeperReward = await fund.reward(keeper.address, token);
  gas.add('take a reward', await fund.send.withdrawReward(token));
  output.say(`it is sound again, its owner found what is left on chain, and the keeper earned ${amountOf(rowOf(initial, TRADED.cash), keeperReward)}`);
  if (standing !== 'sound' || frozen !== 'AccountFrozen') throw new ForgeryAcceptedError(`the account is ${standing} after its sale, and its owner was refused by ${frozen}`);
  return { sold: quantity, discount: sale.discount, penalty: sale.slice.penalty, keeperReward, tooEarly: 'refused', ownerWhileSold: 'refused', ended: 'sound' };
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
  await mintTestToken(operator, token, dealer.wallet.address, PENALTIES);
  await liquidations.approve({ signer: dealer.wallet, token, amount: PENALTIES });
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
