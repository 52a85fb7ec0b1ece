import assert from 'node:assert/strict';
import { baseOfVenue } from '../../src/attestation/venue-base.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { NO_RECEIPT } from '../../src/chain/clearing-client.js';
import type { ChainReceipt } from '../../src/chain/contract-call.js';
import { vaultOf } from '../../src/chain/deployment.js';
import { mintTestToken } from '../../src/chain/escrow-client.js';
import { LiquidationsClient } from '../../src/chain/liquidations-client.js';
import { passTime } from '../../src/chain/test-chain.js';
import { CollateralVaultClient } from '../../src/chain/vault-client.js';
import { houseOf } from '../../src/cli/clearing/account-file.js';
import { DemoTrader, receiptOf } from '../../src/cli/demo/demo-trader.js';
import { NO_BENEFICIARY } from '../../src/clearing/proven-transition.js';
import { clearedCommitment, type ClearedOpening } from '../../src/commitment/cleared-account.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { tradeCommitment } from '../../src/commitment/trade-commitment.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { assembleBid } from '../../src/liquidation/assemble-bid.js';
import type { Lot } from '../../src/liquidation/auction.js';
import type { Bid } from '../../src/liquidation/bid.js';
import type { Tranche } from '../../src/liquidation/fund.js';
import { sliceUpTo, type Slice } from '../../src/liquidation/largest-slice.js';
import { marginOf } from '../../src/liquidation/liquidated-account.js';
import { debtsOf } from '../../src/liquidation/liquidation-plan.js';
import { tradeOfSlice } from '../../src/liquidation/slice-trade.js';
import { randomFieldElement } from '../../src/proving/random.js';
import { TRANSITION_SHAPE } from '../builders/transition.js';
import { agreedTrade, provenTrade, receiptFor, rowOf } from './support/clearing-on-chain.js';
import { assertGas } from './support/gas-snapshot.js';
import { BAND, startLiquidations, type LiquidationOnChain } from './support/liquidation-on-chain.js';
import { assertReverts } from './support/venue-on-chain.js';

const HOUR = 3_600;
const GAS_TEST = 'test/flows/liquidation-on-chain.test.ts';
const PUT = 'BTC-29JAN27-100000-P';
/** USD, 10^-6; bitcoin and what is traded in it, 10^-8. */
const [CASH, BITCOIN] = [10n ** 6n, 10n ** 8n];
/** Settlement asset of row USD. */
const ASSET = 0;

/** What is sold of an account, and the bid for it. */
interface Offer {
  readonly bid: Bid;
  readonly slice: Slice;
  readonly receipt: string;
  /** What is left of the account. */
  readonly left: ClearedOpening;
}

/** Liquidations, default fund and clearing house as they are deployed, over the generated verifiers of the smallest shapes. */
describe('accounts that are challenged, sold and made whole on a real chain', function () {
  this.timeout(300_000);
  let on: LiquidationOnChain;
  let [strong, weak, bankrupt, dealer, saver]: readonly [DemoTrader, DemoTrader, DemoTrader, DemoTrader, DemoTrader] = [] as never;
  let [weakOpening, bankruptOpening]: [ClearedOpening, ClearedOpening] = [] as never;
  let answered: Groth16Proof;
  const gas: Record<string, number> = {};

  before(async () => {
    on = await startLiquidations();
    const buyer = await open('buyer', 1, 100_000n);
    [strong, weak, bankrupt] = [await open('strong', 2, 200_000n), await open('weak', 3, 29_500n), await open('bankrupt', 4, 16_500n)];
    [dealer, saver] = [await open('dealer', 5, 300_000n), await open('saver', 2, 10_000n)];
    for (const writer of [strong, weak, bankrupt]) {
      const settled = await provenTrade(on.venue, [buyer, writer], await agreedTrade(on.venue, [buyer, writer], PUT, 'USD', BITCOIN));
      await on.stage.house.settle(settled, await receiptFor(on.stage, settled));
    }
  });
  after(async () => {
    await (on as LiquidationOnChain | undefined)?.stop();
    await releaseCurves();
  });

  describe('before a crash', () => {
    it('[P-246] keep an account that anybody shows to be healthy, and the challenger pays for the answer', async () => {
      const { liquidations, rules, keeper } = on;
      const { handle } = strong;
      note('challenge', await liquidations.send.challenge(handle, maintained(), rules.bond));
      await assertReverts(liquidations.send.challenge(handle, maintained(), rules.bond), 'AlreadyChallenged', { handle: String(handle) });
      const opening = await strong.opening();
      // Made for another account, a proof is of nothing.
      const other = await on.verdict(opening, 'watched', liquidations.verdictContext(weak.handle));
      await assertReverts(liquidations.send.answer(handle, other), 'VerdictRejected');
      const healthy = await on.inEarnest(() => on.verdict(opening, 'watched', liquidations.verdictContext(handle)));
      answered = healthy.proof;
      note('answer', await liquidations.send.answer(handle, healthy));
      assert.equal((await liquidations.standing(handle)).standing, 'sound');
      assert.deepEqual([await liquidations.bonds(strong.wallet.address), await liquidations.bonds(keeper.address)], [rules.bond, 0n]);
      note('withdrawBonds', await new LiquidationsClient(liquidations.liquidations, liquidations.venueId, strong.wallet).send.withdrawBonds());
    });

    it('[P-246] freeze an account that nobody answers for, of which nothing is sold', async () => {
      const { liquidations, rules } = on;
      await undone(async () => {
        await liquidations.send.challenge(dealer.handle, maintained(), rules.bond);
        await passTime(on.venue.chain.operator, rules.windows[0] + 1);
        note('freeze', await liquidations.send.freeze(dealer.handle, maintained()));
        const coming = { in: { row: rowOf(on.initial(), 'USD').index, amount: 1n }, beneficiary: NO_BENEFICIARY, deadline: 2 ** 40 };
        // The house asks who may before it asks what is proven.
        const side = { circuitId: circuitIdOf(TRANSITION_SHAPE.circuit), marketCommitment: maintained(), newCommitment: 1n, reducing: false, unmargined: false, owned: true, proof: answered };
        await assertReverts(on.stage.house.adjust(dealer.handle, coming, side, NO_RECEIPT), 'AccountFrozen', { handle: String(dealer.handle) });
        assert.equal(await liquidations.isFrozen(dealer.handle), true);
        assert.equal(await liquidations.liquidating(), 0n);
      });
    });
  });

  describe('in a crash', () => {
    before(async () => {
      [weakOpening, bankruptOpening] = [await weak.opening(), await bankrupt.opening()];
      for (const [tranche, amount] of [['first-loss', 1_000n], ['insurance', 2_000n]] as const) note(`contribute, ${tranche}`, await contribute(tranche, amount * CASH));
      await on.crash();
    });

    it('[P-246] sell of an account no more than it needs, for a price that its bidder waited for', async () => {
      const { handle } = weak;
      note('start', await start(handle, weakOpening));
      const offer = await on.inEarnest(() => offerFor(handle, weakOpening));
      const bidder = bidding();
      await assertReverts(bidder.send.take(offer.bid, offer.receipt), 'PriceTooHigh');
      await passTime(on.venue.chain.operator, on.rules.fall / 2);
      await assertReverts(on.liquidations.send.take(offer.bid, offer.receipt), 'NotController', { handle: String(dealer.handle) });
      note('take', await bidder.send.take(offer.bid, offer.receipt));
      assert.ok(offer.slice.quantity > 0n && offer.slice.quantity < BITCOIN, `${offer.slice.quantity}`);
      weakOpening = offer.left;
      assert.equal((await on.stage.house.account(handle))?.commitment, clearedCommitment(on.venue.poseidon, weakOpening));
      assert.deepEqual([marginOf(on.maintenance(), weakOpening).healthy, marginOf(on.initial(), weakOpening).healthy], [true, false]);
      await assertReverts(bidder.send.take(offer.bid, offer.receipt), 'VerdictRejected');
      note('answer, ending a liquidation', await on.liquidations.send.answer(handle, await on.verdict(weakOpening, 'watched', on.liquidations.verdictContext(handle))));
      assert.deepEqual([(await on.liquidations.standing(handle)).standing, await on.liquidations.liquidating()], ['sound', 0n]);
    });

    it('[P-246] split the penalty between keeper, insurance fund and first loss', async () => {
      const { fund, keeper, rules, venue: { chain: { tokens } } } = on;
      const token = tokens[ASSET] as string;
      const { firstLoss, insurance } = await fund.tranches(ASSET);
      const reward = await fund.reward(keeper.address, token);
      const penalty = reward + firstLoss + insurance - 3_000n * CASH;
      assert.ok(penalty > 0n);
      assert.deepEqual([reward, insurance - 2_000n * CASH], [(penalty * BigInt(rules.keeperShare)) / 1_000_000n, (penalty * BigInt(rules.fundShare)) / 1_000_000n]);
    });

    it('[P-246] pay the debt of an account with nothing left: first loss, insurance, and then everybody in proportion', async () => {
      const { fund, liquidations, stage } = on;
      const { handle } = bankrupt;
      await start(handle, bankruptOpening);
      const offer = await offerFor(handle, bankruptOpening);
      await passTime(on.venue.chain.operator, on.rules.fall / 2);
      await bidding().send.take(offer.bid, offer.receipt);
      bankruptOpening = offer.left;
      const [debt, ...others] = debtsOf(on.maintenance(), bankruptOpening);
      assert.ok(debt !== undefined && others.length === 0);
      const before = await fund.tranches(ASSET);
      const side = await on.inEarnest(() => on.withoutOwner(bankruptOpening, { kind: 'collateral', opens: false, in: { row: debt.row, amount: debt.quanta }, context: 0n }));
      await assertReverts(liquidations.send.payDebt(handle, debt.row, debt.quanta + 1n, side.transition), 'TransitionRejected');
      note('payDebt', await liquidations.send.payDebt(handle, debt.row, debt.quanta, side.transition));
      const after = await fund.tranches(ASSET);
      assert.deepEqual([after.firstLoss, after.insurance, after.debts], [0n, 0n, debt.quanta]);
      assert.equal(after.shortfall, debt.quanta - before.firstLoss - before.insurance);
      assert.ok(after.shortfall > 0n);
      assert.equal((await stage.house.account(handle))?.commitment, clearedCommitment(on.venue.poseidon, side.opening));
    });

    it('[P-246] share a loss that nobody covered: who leaves is paid in part, until the fund is refilled', async () => {
      const { fund, stage, venue: { chain } } = on;
      const { shortfall } = await fund.tranches(ASSET);
      const ledger = await cleared();
      const amount = 1_000n * CASH;
      const before = await saver.balance(ASSET);
      note('adjust, out while a loss is shared', await saver.withdraw({ row: rowOf(on.initial(), 'USD').index, amount }));
      const paid = (amount * ledger) / (ledger + shortfall);
      assert.equal((await saver.balance(ASSET)) - before, paid);
      assert.ok(paid < amount);
      assert.equal((await fund.tranches(ASSET)).shortfall, shortfall - (amount - paid));
      await contribute('first-loss', 2n * shortfall);
      note('cover', await fund.send.cover(ASSET));
      assert.equal((await fund.tranches(ASSET)).shortfall, 0n);
      assert.equal(await cleared(), ledger - paid + shortfall - (amount - paid));
      const again = await saver.balance(ASSET);
      await saver.withdraw({ row: rowOf(on.initial(), 'USD').index, amount });
      assert.equal((await saver.balance(ASSET)) - again, amount);
      assert.equal(await chain.connection.provider.getBalance(stage.house.house), 0n);
    });

    it('cost within half a percent of the snapshot', async () => {
      await assertGas(Object.fromEntries(Object.entries(gas).sort(([left], [right]) => (left < right ? -1 : 1))), GAS_TEST, 'liquidation');
    });
  });

  async function open(name: string, wallet: number, dollars: bigint): Promise<DemoTrader> {
    const { trader } = await DemoTrader.open(on.stage, name, wallet, { row: rowOf(on.venue.table, 'USD').index, amount: dollars * CASH, asset: ASSET, slots: TRANSITION_SHAPE.K });
    return trader;
  }

  /** Commitment of the maintenance table of now. */
  function maintained(): bigint {
    return marketCommitment(on.venue.poseidon, on.maintenance());
  }

  function bidding(): LiquidationsClient {
    return new LiquidationsClient(on.liquidations.liquidations, on.liquidations.venueId, dealer.wallet);
  }

  async function start(handle: bigint, opening: ClearedOpening): Promise<ChainReceipt> {
    const context = on.liquidations.verdictContext(handle, on.keeper.address);
    return on.liquidations.send.start(handle, await on.verdict(opening, 'unhealthy', context));
  }

  /** Marks what an account is short of, and proves the dealer's bid for as much of it as is needed, at half of the largest discount. */
  async function offerFor(handle: bigint, opening: ClearedOpening): Promise<Offer> {
    const { venue: { chain, poseidon }, stage, liquidations, rules } = on;
    const [initial, context] = [on.initial(), liquidations.verdictContext(handle)];
    const lot: Lot = { handle, row: rowOf(initial, PUT).index, payRow: rowOf(initial, 'USD').index, accountSells: false };
    const underWater = await on.verdict(opening, 'unhealthy', context);
    note('markAuction', await liquidations.send.markAuction(lot, await on.marks(lot), underWater));
    const slice = sliceUpTo({ initial, rules, band: BAND, period: await stage.terms.period() }, opening, lot, rules.maxDiscount / 2);
    const offer = {
      bidder: dealer.handle, quantity: slice.quantity, payment: slice.payment, nonce: randomFieldElement(), expiry: (await latestTimestamp(chain.connection.provider)) + HOUR,
    };
    const trade = tradeOfSlice(lot, offer);
    const own = await on.withoutOwner(opening, { kind: 'trade', seller: false, trade, band: BAND });
    const bidders = await dealer.prove({ kind: 'trade', seller: true, trade, band: BAND });
    const base = baseOfVenue(poseidon, houseOf(chain.deployment).venue);
    const commitment = tradeCommitment(poseidon, base, marketCommitment(poseidon, initial), trade);
    const settlement = { trade: { buyer: trade.buyer, seller: trade.seller, expiry: trade.expiry, commitment }, buyerSide: own.transition, sellerSide: bidders };
    const stillBelow = await on.verdict(own.opening, 'unhealthy', context, initial);
    const bid = assembleBid(poseidon, { lot, offer, subsidy: 0n, base, settlement, underWater, stillBelow });
    const [token, penalty] = [chain.tokens[ASSET] as string, slice.penalty];
    await mintTestToken(chain.operator, token, dealer.wallet.address, penalty);
    await bidding().approve({ signer: dealer.wallet, token, amount: penalty });
    return { bid, slice, left: own.opening, receipt: await receiptOf(stage, [[dealer.handle, bidders]]) };
  }

  async function contribute(tranche: Tranche, amount: bigint): Promise<ChainReceipt> {
    const { fund, venue: { chain: { operator, tokens } } } = on;
    const token = tokens[ASSET] as string;
    await mintTestToken(operator, token, operator.address, amount);
    await fund.approve({ signer: operator, token, amount });
    return fund.send.contribute(ASSET, tranche, amount);
  }

  /** Base units of dollars that accounts of the clearing house are paid from. */
  async function cleared(): Promise<bigint> {
    const { chain: { deployment, operator } } = on.venue;
    return (await new CollateralVaultClient(vaultOf(deployment), deployment.venueId, operator).balances(ASSET)).cleared;
  }

  /** The last of a kind counts: earlier ones paid for what is recorded once. */
  function note(call: string, { gasUsed }: ChainReceipt): void {
    gas[call] = Number(gasUsed);
  }

  /** Runs on the chain as it is now and puts it back. */
  async function undone(work: () => Promise<unknown>): Promise<void> {
    const { provider } = on.venue.chain.connection;
    const checkpoint: unknown = await provider.send('evm_snapshot', []);
    await work();
    assert.equal(await provider.send('evm_revert', [checkpoint]), true);
  }
});
