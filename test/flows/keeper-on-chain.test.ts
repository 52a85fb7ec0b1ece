import assert from 'node:assert/strict';
import { anvilWallet } from '../../src/chain/anvil.js';
import { liquidationOf } from '../../src/chain/deployment.js';
import { mintTestToken } from '../../src/chain/escrow-client.js';
import { postedOpenings } from '../../src/chain/liquidation-bidders-client.js';
import { liquidationEvents, type LiquidationEventKind } from '../../src/chain/liquidation-history.js';
import { passTime } from '../../src/chain/test-chain.js';
import { DemoTrader } from '../../src/cli/demo/demo-trader.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { BidderConfig } from '../../src/keeper/keeper-config.js';
import type { Standing } from '../../src/liquidation/account-standing.js';
import type { Tranche } from '../../src/liquidation/fund.js';
import { TRANSITION_SHAPE } from '../builders/transition.js';
import { agreedTrade, provenTrade, receiptFor, rowOf } from './support/clearing-on-chain.js';
import { KeepersOnChain, type StartedKeeper } from './support/keepers-on-chain.js';
import { startLiquidations, type LiquidationOnChain } from './support/liquidation-on-chain.js';

const PUT = 'BTC-29JAN27-100000-P';
/** USD, 10^-6; bitcoin and what is traded in it, 10^-8. */
const [CASH, BITCOIN] = [10n ** 6n, 10n ** 8n];
const ASSET = 0;
/** Ppm: a challenger doubts whom a price moved so far from. */
const DOUBT = 200_000;
/** Ppm of a slice's value that the bidder gains at least: after a penalty of a hundredth, three quarters of the largest discount. */
const LEAST_GAIN = 5_000;
/** Places among anvil's accounts. */
const [OPERATOR, DEALER, FIRST, SECOND, OTHER_GUARD] = [0, 5, 6, 7, 8];

/** The commands' keeper against the deployed contracts; its proofs are simulated, and the contracts' verifiers take them. */
describe('keepers at a venue on a real chain', function () {
  this.timeout(300_000);
  let [on, keepers]: [LiquidationOnChain, KeepersOnChain] = [] as never;
  let [buyer, strong, weak, bankrupt, dealer]: readonly [DemoTrader, DemoTrader, DemoTrader, DemoTrader, DemoTrader] = [] as never;
  let [challenger, guard, bidder]: [StartedKeeper, StartedKeeper, StartedKeeper] = [] as never;
  let buying: BidderConfig;

  before(async () => {
    on = await startLiquidations();
    buyer = await open('buyer', 1, 100_000n);
    [strong, weak, bankrupt] = [await open('strong', 2, 200_000n), await open('weak', 3, 29_500n), await open('bankrupt', 4, 16_500n)];
    dealer = await open('dealer', DEALER, 300_000n);
    for (const writer of [strong, weak, bankrupt]) {
      const settled = await provenTrade(on.venue, [buyer, writer], await agreedTrade(on.venue, [buyer, writer], PUT, 'USD', BITCOIN));
      await on.stage.house.settle(settled, await receiptFor(on.stage, settled));
    }
    for (const [tranche, amount] of [['first-loss', 1_000n], ['insurance', 2_000n]] as const) await contribute(tranche, amount * CASH);
    keepers = await KeepersOnChain.at(on);
    for (const trader of [buyer, strong, weak, bankrupt, dealer]) await keepers.entrust(trader);
    buying = await keepers.bidder(dealer, LEAST_GAIN);
    challenger = await doubting('challenger', FIRST);
    guard = await keepers.start({ name: 'guard', wallet: OPERATOR, roles: { guard: keepers.guard() } });
    bidder = await keepers.start({ name: 'bidder', wallet: DEALER, roles: { bidder: buying } });
  });
  after(async () => {
    await (on as LiquidationOnChain | undefined)?.stop();
    await releaseCurves();
  });

  it('[P-257] leave everybody alone while prices stand', async () => {
    for (const keeper of [challenger, guard, bidder]) {
      await keeper.look();
      assert.deepEqual([keeper.sent(), keeper.refused()], [[], []]);
    }
  });

  it('[P-257] rehearse and send nothing when told to', async () => {
    await on.crash();
    await keepers.publish();
    const rehearsing = await doubting('rehearsing', SECOND, true);
    await rehearsing.look();
    assert.deepEqual(rehearsing.lines.of('action-rehearsed').map(({ handle }) => BigInt(String(handle))), handles());
    assert.deepEqual([rehearsing.sent(), await standings()], [[], handles().map(() => 'sound')]);
    assert.equal(await on.venue.chain.connection.provider.getTransactionCount(addressOf(SECOND)), 0);
  });

  it('[P-258] challenge after a fall of prices, once, though the keeper is started again before a block has it', async () => {
    const { provider } = on.venue.chain.connection;
    await provider.send('evm_setAutomine', [false]);
    await challenger.lookOnly();
    assert.deepEqual(challenger.sent(), handles().map((handle) => ['challenge', handle]));
    const early = await doubting('challenger', FIRST);
    await early.lookOnly();
    await provider.send('evm_mine', []);
    await provider.send('evm_setAutomine', [true]);
    challenger = await doubting('challenger', FIRST);
    await challenger.look();
    assert.deepEqual([early.sent(), challenger.sent(), challenger.refused()], [[], [], []]);
    assert.equal(challenger.lines.of('action-done').length, handles().length);
    assert.deepEqual(await happened('challenged'), handles());
  });

  it('[P-257] skip what another keeper did first, which costs nothing', async () => {
    const second = await doubting('second', SECOND);
    await second.look();
    assert.deepEqual([second.sent(), second.refused()], [[], []]);
    // The other guard decides, and is overtaken while it proves.
    let first = true;
    const { prover } = keepers;
    const overtaken = await keepers.start({
      name: 'overtaken', wallet: OTHER_GUARD, roles: { guard: keepers.guard() },
      prover: {
        prove: async (circuit, input) => {
          if (first) {
            first = false;
            await guard.look();
          }
          return prover.prove(circuit, input);
        },
        close: () => Promise.resolve(),
      },
    });
    await overtaken.look();
    assert.deepEqual(guard.sent(), [
      // In the order of the files' names; answers first.
      ...[buyer, dealer, strong].map(({ handle }) => ['answer', handle]), ...[bankrupt, weak].map(({ handle }) => ['start', handle]),
    ]);
    assert.deepEqual(overtaken.sent(), []);
    assert.deepEqual(overtaken.refused().map(([action]) => action), ['answer', 'answer', 'answer', 'start', 'start']);
    assert.equal(await on.venue.chain.connection.provider.getTransactionCount(addressOf(OTHER_GUARD)), 0);
    assert.deepEqual(await standings(), ['sound', 'sound', 'liquidating', 'liquidating', 'sound']);
  });

  it('[P-257] take the bonds of true challenges out, and doubt nobody whom these prices have judged', async () => {
    const { bond } = on.rules;
    assert.equal(await on.liquidations.bonds(addressOf(FIRST)), 2n * bond);
    await challenger.look();
    assert.deepEqual(challenger.sent(), [['withdraw-bonds', 0n]]);
    assert.equal(await on.liquidations.bonds(addressOf(FIRST)), 0n);
    assert.equal(await on.liquidations.bonds(strong.wallet.address), bond);
  });

  it('[P-257] seal what is for sale to the bidder, and mark it', async () => {
    await guard.look();
    const { deployment, connection: { provider } } = on.venue.chain;
    const { bidders } = liquidationOf(deployment);
    const [row, payRow] = [rowOf(on.initial(), PUT).index, rowOf(on.initial(), 'USD').index];
    for (const { handle } of [weak, bankrupt]) {
      const [posted, ...others] = await postedOpenings(provider, bidders, handle, deployment.deployedInBlock);
      assert.deepEqual([posted?.ciphertexts.map(({ bidder: to }) => to), others], [[dealer.wallet.address], []]);
      assert.notEqual(await on.liquidations.auction({ handle, row, payRow, accountSells: false }), undefined);
    }
  });

  it('[P-257] buy what was sealed to them at the price they wait for, and not before', async () => {
    await bidder.look();
    await bidder.look();
    assert.deepEqual([...new Set(bidder.sent().map(([action]) => action))], ['approve']);
    assert.deepEqual(await happened('sold'), []);
    await passTime(on.venue.chain.operator, on.rules.fall);
    // One look a bid: each changes the account that the next is proven for.
    for (const sold of [[weak], [weak, bankrupt]]) {
      await bidder.look();
      assert.deepEqual(await happened('sold'), sold.map(({ handle }) => handle));
    }
    assert.deepEqual(bidder.refused(), []);
  });

  it('[P-257] end a liquidation, and have the fund pay what is owed and then everybody', async () => {
    for (let looks = 0; looks < 3; looks += 1) await guard.look();
    assert.deepEqual(await happened('paid'), [bankrupt.handle]);
    const { firstLoss, insurance, shortfall, debts } = await on.fund.tranches(ASSET);
    assert.deepEqual([firstLoss, insurance], [0n, 0n]);
    assert.ok(shortfall > 0n && debts > shortfall, `${shortfall} of ${debts}`);
    assert.deepEqual([await standings(), await on.liquidations.liquidating()], [handles().map(() => 'sound'), 0n]);
    assert.deepEqual(guard.refused(), []);
  });

  it('[P-260] say nothing of what accounts hold', () => {
    const text = [challenger, guard, bidder].map(({ lines }) => lines.text()).join('');
    for (const secret of [dealer.owner.secret, on.stage.traders.get(weak.handle)?.owner.secret]) assert.ok(!text.includes(String(secret)));
    assert.equal(guard.lines.of('action-failed').length + bidder.lines.of('action-failed').length, 0);
  });

  function doubting(name: string, wallet: number, dryRun = false): Promise<StartedKeeper> {
    return keepers.start({ name, wallet, dryRun, roles: { challenger: keepers.challenger(DOUBT) } });
  }

  function addressOf(wallet: number): string {
    return anvilWallet(wallet, null).address;
  }

  function handles(): readonly bigint[] {
    return [buyer, strong, weak, bankrupt, dealer].map(({ handle }) => handle);
  }

  function standings(): Promise<readonly Standing[]> {
    return Promise.all(handles().map(async (handle) => (await on.liquidations.standing(handle)).standing));
  }

  /** Accounts that it happened to, in order. */
  async function happened(kind: LiquidationEventKind): Promise<readonly bigint[]> {
    const { deployment, connection: { provider } } = on.venue.chain;
    const events = await liquidationEvents(provider, on.liquidations.liquidations, { fromBlock: deployment.deployedInBlock });
    return events.filter((event) => event.kind === kind).map(({ handle }) => handle);
  }

  async function open(name: string, wallet: number, dollars: bigint): Promise<DemoTrader> {
    const { trader } = await DemoTrader.open(on.stage, name, wallet, { row: rowOf(on.venue.table, 'USD').index, amount: dollars * CASH, asset: ASSET, slots: TRANSITION_SHAPE.K });
    return trader;
  }

  async function contribute(tranche: Tranche, amount: bigint): Promise<void> {
    const { fund, venue: { chain: { operator, tokens } } } = on;
    const token = tokens[ASSET] as string;
    await mintTestToken(operator, token, operator.address, amount);
    await fund.approve({ signer: operator, token, amount });
    await fund.send.contribute(ASSET, tranche, amount);
  }
});
