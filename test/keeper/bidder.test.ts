import assert from 'node:assert/strict';
import type { Bidder } from '../../src/keeper/bidder.js';
import { planBid, type BidQuestion } from '../../src/keeper/bid-plan.js';
import type { KeeperAction } from '../../src/keeper/keeper-action.js';
import { accountOf, CASH, crashTable, ENTRY, PERP, SUNK } from './support/crash-market.js';
import { CrashScene, OWN } from './support/crash-scene.js';
import { keeperOf, NEVER, type TestKeeper } from './support/keeper-of.js';
import { RULES, START } from './support/pretended-venue.js';

const LOT = { handle: 1n, row: PERP, payRow: ENTRY, accountSells: true } as const;
const AUCTION = { marketCommitment: 600n, mark: 60_000n, payMark: 100n, feeMark: 100n, extra: 0n, since: START, tableTime: START - 10 };
const QUESTION: BidQuestion = {
  lot: LOT, auction: AUCTION, opening: SUNK, own: accountOf({ [CASH]: 10_000_000n }, 7, 31n), bidder: OWN, initial: crashTable('initial'), rules: RULES, band: 50_000, period: 7,
  fee: { unitsPerQuantum: 1n, room: { firstLoss: 1_000_000n, insurance: 0n, shared: 0n }, allowance: 0n }, minProfit: 0n, minMargin: 10_000,
};

function takes({ venue }: CrashScene): readonly Extract<KeeperAction, { kind: 'take' }>[] {
  return venue.done.flatMap(({ action, reverted }) => (action.kind === 'take' && !reverted ? [action] : []));
}

async function look(scene: CrashScene, bidder: Bidder, made?: TestKeeper): Promise<TestKeeper> {
  const used = made ?? await keeperOf(scene.venue, [bidder]);
  await used.keeper.look(NEVER);
  scene.venue.mine();
  return used;
}

function sceneForSale(): CrashScene {
  const scene = new CrashScene();
  scene.hold(1n, SUNK, { standing: 'liquidating' });
  return scene;
}

describe('what a bidder reckons', () => {
  it('[P-257] is the lowest discount that gains enough, and when the auction\'s clock is there', () => {
    const plan = planBid(QUESTION);
    assert.ok(plan);
    // 1 % of margin wanted, 2 % in 100 seconds at most: 50 seconds, or a second later for rounding.
    assert.ok(plan.readyAt >= START + 50 && plan.readyAt <= START + 51, `${plan.readyAt - START}`);
    assert.ok(plan.gain * 100n >= plan.slice.value);
    assert.equal(plan.subsidy, 0n);
    assert.equal(plan.slice.after.healthy, false, 'no more than needed');
    const dearer = planBid({ ...QUESTION, minMargin: 5_000 });
    assert.ok(dearer !== undefined && dearer.readyAt < plan.readyAt && dearer.gain < plan.gain);
  });

  it('asks the fund for a subsidy only where the whole discount is not enough, and for no more than it may pay', () => {
    const plan = planBid({ ...QUESTION, minMargin: 22_000 });
    assert.ok(plan);
    assert.ok(plan.subsidy > 0n && plan.readyAt > START + RULES.fall && plan.readyAt <= START + 2 * RULES.fall);
    assert.equal(planBid({ ...QUESTION, minMargin: 26_000 }), undefined, 'above discount and subsidy together');
    assert.equal(planBid({ ...QUESTION, minMargin: 22_000, fee: { ...QUESTION.fee, room: { firstLoss: 0n, insurance: 0n, shared: 1_000_000n } } }), undefined, 'nobody shares for a subsidy');
  });

  it('takes no more than the bidder\'s own account can carry', () => {
    const [whole, poor] = [planBid(QUESTION), planBid({ ...QUESTION, own: accountOf({ [CASH]: 10_000n }, 7, 31n) })];
    assert.ok(whole && poor);
    assert.ok(poor.slice.quantity > 0n && poor.slice.quantity < whole.slice.quantity / 2n, `${poor.slice.quantity} of ${whole.slice.quantity}`);
    assert.equal(planBid({ ...QUESTION, own: accountOf({ [CASH]: 1n }, 7, 31n) }), undefined);
  });
});

describe('a bidder', () => {
  it('[P-257] marks, lets the penalty be pulled, proves once, waits for its price, and takes the slice then', async () => {
    const scene = sceneForSale();
    const bidder = scene.bidder({ minMargin: 10_000 });
    const made = await look(scene, bidder);
    await look(scene, bidder, made);
    assert.deepEqual(scene.venue.done.map(({ action }) => action.kind), ['mark', 'approve']);
    const since = scene.venue.time;
    scene.venue.time = since + 4;
    await look(scene, bidder, made);
    assert.equal(scene.prover.asked.filter(({ what }) => what === 'transition').length, 0, 'more than 45 seconds ahead');
    scene.venue.time = since + 20;
    await look(scene, bidder, made);
    scene.venue.time = since + 49;
    await look(scene, bidder, made);
    assert.deepEqual(made.lines.of('action-refused').map(({ refusal }) => refusal), ['PriceTooLow', 'PriceTooLow']);
    assert.deepEqual(scene.kept, [], 'nothing was to be sent');
    scene.venue.time = since + 51;
    await look(scene, bidder, made);
    const [take] = takes(scene);
    assert.ok(take);
    assert.deepEqual([take.bid.lot, take.receipt], [LOT, '0xaa']);
    assert.equal(scene.prover.asked.filter(({ what }) => what === 'transition').length, 2);
    assert.deepEqual(scene.prover.asked.flatMap(({ what, level }) => (what === 'unhealthy' ? [level] : [])), ['maintenance', 'initial'], 'the mark\'s verdict is the bid\'s too');
    assert.equal(scene.kept.length, 1, 'what its account becomes, kept before the bid left');
  });

  it('bids for the next account once a block has the bid before: each changes its own account under the other', async () => {
    const scene = sceneForSale();
    scene.hold(2n, SUNK, { standing: 'liquidating' });
    scene.venue.allowance = 1_000_000n;
    const bidder = scene.bidder();
    const made = await look(scene, bidder);
    scene.venue.time += 60;
    await made.keeper.look(NEVER);
    await made.keeper.look(NEVER);
    assert.equal(scene.venue.waiting, 1);
    scene.venue.mine();
    await look(scene, bidder, made);
    assert.equal(takes(scene).length, 2);
  });

  it('counts gas against the gain', async () => {
    const scene = sceneForSale();
    scene.venue.allowance = 1_000_000n;
    // 2,000,000 gas at 1 wei are then worth 1,000,000 value units: above 1.7 % of the slice's 57 million.
    const bidder = scene.bidder({ valueOfEther: 5n * 10n ** 17n });
    const made = await look(scene, bidder);
    scene.venue.time += 80;
    await look(scene, bidder, made);
    assert.equal(takes(scene).length, 0);
    scene.venue.time += 20;
    await look(scene, bidder, made);
    assert.equal(takes(scene).length, 1);
  });

  it('sends nothing without the venue\'s word for a margined account, and asks again', async () => {
    const scene = sceneForSale();
    scene.venue.allowance = 1_000_000n;
    scene.receipt = undefined;
    const bidder = scene.bidder();
    const made = await look(scene, bidder);
    scene.venue.time += 60;
    await look(scene, bidder, made);
    assert.equal(takes(scene).length, 0);
    scene.receipt = '0xbb';
    await look(scene, bidder, made);
    assert.equal(takes(scene)[0]?.receipt, '0xbb');
  });

  it('never bids for its own account, nor for one that is healthy again', async () => {
    const scene = new CrashScene();
    scene.venue.allowance = 1_000_000n;
    scene.hold(OWN, SUNK, { standing: 'liquidating' });
    scene.hold(2n, accountOf({ [CASH]: 90_000n, [ENTRY]: -600_000n, [PERP]: 1_000n }), { standing: 'liquidating' });
    await look(scene, scene.bidder());
    assert.deepEqual(scene.venue.done, []);
  });

  it('[P-260] logs no holding, nonce or key of either account', async () => {
    const scene = sceneForSale();
    scene.venue.allowance = 1_000_000n;
    const bidder = scene.bidder();
    const made = await look(scene, bidder);
    scene.venue.time += 100;
    await look(scene, bidder, made);
    assert.equal(takes(scene).length, 1);
    for (const secret of ['600000', '10000000', '4242424242', '9191919191', '31313131313', '5555555555']) assert.doesNotMatch(scene.lines.text() + made.lines.text(), new RegExp(secret));
  });
});
