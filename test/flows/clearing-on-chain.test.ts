import assert from 'node:assert/strict';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { ClearingHouseClient, NO_RECEIPT, type AccountTransfer } from '../../src/chain/clearing-client.js';
import type { TradeSettlement } from '../../src/chain/clearing-solidity.js';
import type { ChainReceipt } from '../../src/chain/contract-call.js';
import { clearingOf } from '../../src/chain/deployment.js';
import { mintTestToken } from '../../src/chain/escrow-client.js';
import { passTime } from '../../src/chain/test-chain.js';
import { TradeBondsClient, type BondedTrade } from '../../src/chain/trade-bonds-client.js';
import { signAgreement } from '../../src/chain/trade-signatures.js';
import { TransitionProver, type ChangeToProve } from '../../src/cli/clearing/transition-prover.js';
import { nextRound, type DemoBoards } from '../../src/cli/demo/demo-board.js';
import { DemoTrader, clearingStage, receiptOf, type ClearingStage } from '../../src/cli/demo/demo-trader.js';
import { NO_BENEFICIARY } from '../../src/clearing/proven-transition.js';
import { clearedCommitment } from '../../src/commitment/cleared-account.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { defaultProver } from '../../src/groth16/prover-choice.js';
import { ProverPool } from '../../src/groth16/prover-pool.js';
import type { TransitionProof } from '../../src/proving/prove-transition.js';
import { KEYS } from '../builders/on-chain-epoch.js';
import { TRANSITION_SHAPE } from '../builders/transition.js';
import {
  CLEARING_RULES, EXPIRY, OPTION, agreedTrade, provenTrade, receiptFor, rowOf, startClearing, type ClearingOnChain,
} from './support/clearing-on-chain.js';
import { assertGas } from './support/gas-snapshot.js';
import { assertReverts } from './support/venue-on-chain.js';

const HOUR = 3_600;
const GAS_TEST = 'test/flows/clearing-on-chain.test.ts';
const { circuit, K, widerK } = TRANSITION_SHAPE;
/** USD, 10^-6; bitcoin and what is traded in it, 10^-8. */
const [CASH, BITCOIN] = [10n ** 6n, 10n ** 8n];
const DEPOSIT = 100_000n * CASH;
/** Settlement asset of row USD. */
const ASSET = 0;
const TRADES = 16;
/** What settling costs at most, all in: a trade in one circuit, a further trade of a batch. */
const [SETTLE_BAR, FURTHER_BAR] = [560_000, 180_000] as const;
/** Wei. */
const BOND = 10n ** 15n;

type Pair = readonly [DemoTrader, DemoTrader];

/** Proves the same of an account of a venue elsewhere. */
class ProverElsewhere extends TransitionProver {
  constructor(pool: ProverPool, { poseidon, catalogue }: ClearingOnChain, private readonly elsewhere: { readonly chainId?: bigint; readonly venueId?: bigint }) {
    super(pool, poseidon, catalogue);
  }

  override prove(change: ChangeToProve): Promise<TransitionProof> {
    return super.prove({ ...change, account: { ...change.account, venue: { ...change.account.venue, ...this.elsewhere } } });
  }
}

/** Clearing house, terms, batch verifier and bonds as they are deployed, over the generated verifiers of two shapes. */
describe('accounts and trades of a clearing house on a real chain', function () {
  this.timeout(300_000);
  let venue: ClearingOnChain;
  let boards: DemoBoards;
  let pool: ProverPool;
  let [cash, option]: readonly [number, number] = [0, 0];
  const gas: Record<string, number> = {};

  before(async () => {
    venue = await startClearing();
    ({ boards } = venue);
    [cash, option] = [rowOf(venue.table, 'USD').index, rowOf(venue.table, OPTION).index];
    pool = new ProverPool(await defaultProver(KEYS), { workers: 1, threads: 'all' });
    for (const [call, receipt] of venue.setUp) note(call, receipt);
  });
  after(async () => {
    await (pool as ProverPool | undefined)?.close();
    await (venue as ClearingOnChain | undefined)?.stop();
    await releaseCurves();
  });

  const proving = (prover: TransitionProver): ClearingStage => clearingStage(venue.chain, prover, venue.table);
  const open = async (stage: ClearingStage, name: string, wallet: number, slots: number = K): Promise<DemoTrader> => {
    const { trader, receipt } = await DemoTrader.open(stage, name, wallet, { row: cash, amount: DEPOSIT, asset: ASSET, slots });
    note('open', receipt);
    return trader;
  };
  const held = async (trader: DemoTrader, id: string): Promise<bigint> => trader.held(rowOf(venue.table, id).index);

  describe('with real proofs', () => {
    let stage: ClearingStage;
    let [alice, bob]: Pair = [] as never;
    let settlement: TradeSettlement;

    before(() => { stage = proving(new TransitionProver(pool, venue.poseidon, venue.catalogue)); });

    it('[K3] are opened by a proof for this venue on this chain, and by none for another', async () => {
      for (const elsewhere of [{ chainId: 1_337n }, { venueId: 8n }]) {
        await assertReverts(open(proving(new ProverElsewhere(pool, venue, elsewhere)), `of ${Object.keys(elsewhere).join()}`, 1), 'TransitionRejected');
      }
      assert.equal(await stage.house.handleCount(), 0n);
      [alice, bob] = [await open(stage, 'alice', 1), await open(stage, 'bob', 2, widerK)];
      assert.deepEqual([alice.handle, bob.handle], [1n, 2n]);
    });

    it('refuse a trade with its sides swapped, with one side twice, and under a table that is too old', async () => {
      settlement = await provenTrade(venue, [alice, bob], await agreedTrade(venue, [alice, bob], OPTION, 'USD', BITCOIN));
      const { buyerSide, sellerSide } = settlement;
      const settle = async (changed: Partial<TradeSettlement> = {}): Promise<ChainReceipt> =>
        stage.house.settle({ ...settlement, ...changed }, await receiptFor(stage, { ...settlement, ...changed }));
      await assertReverts(settle({ buyerSide: sellerSide, sellerSide: buyerSide }), 'TransitionRejected');
      await assertReverts(settle({ sellerSide: buyerSide }), 'TransitionRejected');
      await assertReverts(settle({ buyerSide: sellerSide }), 'TransitionRejected');
      await assertReverts(settle({ trade: { ...settlement.trade, buyer: bob.handle, seller: alice.handle } }), 'TransitionRejected');
      await undone(async () => {
        await passTime(venue.chain.operator, CLEARING_RULES.tableMaxAge);
        await nextRound(venue.chain, boards);
        await assertReverts(settle(), 'ClearingTableTooOld', { maxAge: String(CLEARING_RULES.tableMaxAge) });
      });
    });

    it('settle a trade between accounts of two shapes, once', async () => {
      const [before, after] = [[await alice.opening(), await bob.opening()] as const, [alice.after(settlement.buyerSide), bob.after(settlement.sellerSide)] as const];
      assert.deepEqual(before.map(({ slots }) => slots.length), [K, widerK]);
      const receipt = await receiptFor(stage, settlement);
      await stage.house.settle(settlement, receipt);
      const commitments = [(await stage.house.account(alice.handle))?.commitment, (await stage.house.account(bob.handle))?.commitment];
      assert.deepEqual(commitments, after.map((opening) => clearedCommitment(venue.poseidon, opening)));
      assert.deepEqual([await held(alice, OPTION), await held(bob, OPTION)], [BITCOIN, -BITCOIN]);
      assert.equal((await held(alice, 'USD')) + (await held(bob, 'USD')), 2n * DEPOSIT);
      await assertReverts(stage.house.settle(settlement, receipt), 'TradeFilled');
    });
  });

  describe('with proofs that cost the chain as much', () => {
    let [carol, dave, erin]: readonly [DemoTrader, DemoTrader, DemoTrader] = [] as never;
    const settleOne = async (pair: Pair, id: string, payId: string, quantity = BITCOIN / 10n): Promise<ChainReceipt> => {
      const settled = await provenTrade(venue, pair, await agreedTrade(venue, pair, id, payId, quantity));
      return venue.simulated.house.settle(settled, await receiptFor(venue.simulated, settled));
    };

    it('cost what is measured for accounts and collateral', async () => {
      const { simulated: stage, chain: { operator, tokens } } = venue;
      note('recordFrame', await stage.house.recordFrame(circuitIdOf(circuit), marketCommitment(venue.poseidon, venue.maintenance)));
      [carol, dave, erin] = [await open(stage, 'carol', 1), await open(stage, 'dave', 2), await open(stage, 'erin', 3, widerK)];
      const token = tokens[ASSET] as string;
      await mintTestToken(operator, token, operator.address, CASH);
      const coming = { in: { row: cash, amount: CASH }, beneficiary: NO_BENEFICIARY, deadline: await inAnHour() };
      const context = await stage.house.collateralContext({ handle: carol.handle, payer: operator.address }, coming);
      const side = await carol.prove({ kind: 'collateral', opens: false, in: coming.in, context });
      note('adjust, in', await stage.house.adjust(carol.handle, coming, side, NO_RECEIPT, { signer: operator, token, amount: CASH }));
      note('adjust, out of an unmargined account', await carol.withdraw({ row: cash, amount: CASH }));
      await undone(async () => {
        const own = new ClearingHouseClient(stage.house.house, venue.chain.deployment.venueId, carol.wallet);
        note('setController', await own.setController(carol.handle, dave.wallet.address));
      });
    });

    it('cost at most 560,000 to settle in one circuit, all in', async () => {
      note('settle, one circuit', await settleOne([carol, dave], OPTION, 'USD'));
      note('settle, two circuits', await settleOne([carol, erin], OPTION, 'USD'));
      assert.ok((gas['settle, one circuit'] as number) <= SETTLE_BAR, `${gas['settle, one circuit']}`);
      await settleOne([carol, dave], 'BTC-PERP', 'USD-ENTRY');
      assert.deepEqual([await held(carol, OPTION), await held(dave, OPTION), await held(erin, OPTION)], [BITCOIN / 5n, -BITCOIN / 10n, -BITCOIN / 10n]);
    });

    it('cost what is measured for collateral of margined accounts', async () => {
      const { simulated: stage } = venue;
      const leaving = { out: { row: cash, amount: CASH }, recipient: carol.wallet.address, beneficiary: NO_BENEFICIARY, deadline: await inAnHour() };
      const context = await stage.house.collateralContext({ handle: carol.handle }, leaving);
      const side = await carol.prove({ kind: 'collateral', opens: false, out: leaving.out, context });
      note('adjust, out of a margined account', await stage.house.adjust(carol.handle, leaving, side, await receiptOf(stage, [[carol.handle, side]])));
      const moved: AccountTransfer = { from: carol.handle, to: dave.handle, row: cash, amount: CASH, deadline: await inAnHour() };
      const both = await stage.house.transferContext(moved);
      const from = await carol.prove({ kind: 'collateral', opens: false, out: { row: cash, amount: CASH }, context: both });
      const to = await dave.prove({ kind: 'collateral', opens: false, in: { row: cash, amount: CASH }, context: both });
      note('transfer', await stage.house.transfer(moved, from, to, await receiptOf(stage, [[moved.from, from], [moved.to, to]])));
    });

    it('cost at most 180,000 for each further trade of a batch of 16, all in', async () => {
      const { simulated: stage } = venue;
      boards = await nextRound(venue.chain, boards);
      const settlements: TradeSettlement[] = [];
      for (let trade = 0; trade < TRADES; trade += 1) {
        const pair = [await open(stage, `buyer ${trade}`, 4), await open(stage, `seller ${trade}`, 5)] as const;
        settlements.push(await provenTrade(venue, pair, await agreedTrade(venue, pair, OPTION, 'USD', BITCOIN / 10n)));
      }
      const batch = async (some: readonly TradeSettlement[]): Promise<ChainReceipt> => stage.house.settleBatch(some, await receiptFor(stage, ...some));
      await undone(async () => note('settleBatch, 1 trade', await batch(settlements.slice(0, 1))));
      note('settleBatch, 16 trades', await batch(settlements));
      const further = Math.round(((gas['settleBatch, 16 trades'] as number) - (gas['settleBatch, 1 trade'] as number)) / (TRADES - 1));
      gas['settleBatch, each further trade'] = further;
      assert.ok(further <= FURTHER_BAR, `${further}`);
    });

    it('cost what is measured for agreements with bonds', async () => {
      const { chain: { deployment, connection }, simulated: stage } = venue;
      const { tradeBonds: bonds } = clearingOf(deployment);
      const [buyer, seller, anybody] = [carol.wallet, dave.wallet, venue.chain.operator].map((signer) => new TradeBondsClient(bonds, signer)) as [TradeBondsClient, TradeBondsClient, TradeBondsClient];
      const agree = async (): Promise<{ readonly settled: TradeSettlement; readonly agreement: BondedTrade; readonly signatures: readonly [string, string] }> => {
        const settled = await provenTrade(venue, [carol, dave], await agreedTrade(venue, [carol, dave], OPTION, 'USD', BITCOIN / 10n));
        const { buyer: buys, seller: sells, commitment, expiry } = settled.trade;
        const target = { chainId: deployment.chainId, bonds };
        const said = { tradeCommitment: commitment, buyer: buys, seller: sells, expiry, bond: BOND };
        return { settled, agreement: { trade: settled.trade, bond: BOND }, signatures: [await signAgreement(carol.wallet, target, said), await signAgreement(dave.wallet, target, said)] };
      };
      note('bonds: addBond', await buyer.addBond(2n * BOND));
      await seller.addBond(2n * BOND);
      boards = await nextRound(venue.chain, boards);
      const first = await agree();
      note('bonds: register', await anybody.register(first.agreement, ...first.signatures));
      note('bonds: present, one side', await anybody.present(first.agreement, false, first.settled.buyerSide, NO_RECEIPT));
      note('bonds: present, both', await anybody.present(first.agreement, true, first.settled.sellerSide, await receiptFor(stage, first.settled)));
      assert.equal(await stage.house.isFilled(first.agreement.trade.commitment), true);
      const second = await agree();
      note('bonds: cancel', await buyer.cancel(second.agreement));
      const third = await agree();
      await undone(async () => {
        await anybody.register(third.agreement, ...third.signatures);
        await anybody.present(third.agreement, false, third.settled.buyerSide, NO_RECEIPT);
        await passTime(venue.chain.operator, await anybody.responseWindow());
        note('bonds: present, confirming', await anybody.present(third.agreement, false, third.settled.buyerSide, NO_RECEIPT));
        await passTime(venue.chain.operator, third.agreement.trade.expiry + 1 - await latestTimestamp(connection.provider));
        note('bonds: close, one walked away', await anybody.close(third.agreement));
        assert.deepEqual([await anybody.bondOf(carol.wallet.address), await anybody.bondOf(dave.wallet.address)], [3n * BOND, BOND]);
        note('bonds: withdrawBond', await buyer.withdrawBond(3n * BOND));
      });
    });

    it('cost what is measured for funding and for an expiry', async () => {
      const { simulated: stage, chain } = venue;
      await passTime(chain.operator, HOUR);
      boards = await nextRound(chain, boards, new Map([['BTC-USD', 98_000n * 10n ** 8n]]));
      note('accrueFunding', await stage.terms.accrueFunding(boards.round, boards.parameters));
      const funding = await stage.terms.fundingAct(0);
      const side = await carol.prove(funding);
      note('settleFunding', await stage.house.settleFunding(carol.handle, 0, side, await receiptOf(stage, [[carol.handle, side]])));
      note('settleFunding, without the owner', await stage.house.settleFunding(dave.handle, 0, await dave.prove(funding, { owned: false }), NO_RECEIPT));
      await passTime(chain.operator, EXPIRY - await latestTimestamp(chain.connection.provider));
      const last = await nextRound(chain, boards, new Map([['BTC-USD', 105_000n * 10n ** 8n]]));
      note('recordExpiry', await stage.terms.recordExpiry(option, last.round, boards.round, last.parameters));
      const act = await stage.terms.expiryAct(option);
      assert.ok(act !== undefined);
      const ended = await carol.prove(act);
      note('settleExpiry', await stage.house.settleExpiry(carol.handle, option, ended, await receiptOf(stage, [[carol.handle, ended]])));
      note('settleExpiry, without the owner', await stage.house.settleExpiry(erin.handle, option, await erin.prove(act, { owned: false }), NO_RECEIPT));
    });

    it('cost within half a percent of the snapshot', async () => {
      for (const prefix of ['clearing', 'bonds']) {
        const own = Object.entries(gas).filter(([entry]) => entry.startsWith('bonds: ') === (prefix === 'bonds'));
        await assertGas(Object.fromEntries(own.map(([entry, cost]) => [entry.replace('bonds: ', ''), cost] as const).sort(([left], [right]) => (left < right ? -1 : 1))), GAS_TEST, prefix);
      }
    });
  });

  /** The last of a kind counts: earlier ones paid for what is recorded once. */
  function note(call: string, { gasUsed }: ChainReceipt): void {
    gas[call] = Number(gasUsed);
  }

  async function inAnHour(): Promise<number> {
    return (await latestTimestamp(venue.chain.connection.provider)) + HOUR;
  }

  /** Runs on the chain as it is now and puts it back. */
  async function undone(work: () => Promise<unknown>): Promise<void> {
    const { provider } = venue.chain.connection;
    const checkpoint: unknown = await provider.send('evm_snapshot', []);
    await work();
    assert.equal(await provider.send('evm_revert', [checkpoint]), true);
  }
});
