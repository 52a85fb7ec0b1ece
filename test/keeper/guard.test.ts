import assert from 'node:assert/strict';
import { accountOf, AFLOAT, CASH, COIN, ENTRY, PERP, SUNK } from './support/crash-market.js';
import { CrashScene } from './support/crash-scene.js';
import { keeperOf, NEVER, type TestKeeper } from './support/keeper-of.js';
import { KEEPER } from './support/pretended-venue.js';
import type { Guard } from '../../src/keeper/guard.js';

async function look(scene: CrashScene, guard: Guard = scene.guard(), made?: TestKeeper): Promise<TestKeeper> {
  const used = made ?? await keeperOf(scene.venue, [guard]);
  await used.keeper.look(NEVER);
  scene.venue.mine();
  return used;
}

const kinds = ({ venue }: CrashScene): readonly string[] => venue.done.map(({ action }) => action.kind);

describe('a guard', () => {
  it('[P-257] answers for a healthy account that is challenged, frozen or in liquidation, and leaves a sound one alone', async () => {
    const scene = new CrashScene();
    scene.hold(1n, AFLOAT, { standing: 'challenged', deadline: scene.venue.time + 100 });
    scene.hold(2n, AFLOAT, { standing: 'frozen' });
    scene.hold(3n, AFLOAT, { standing: 'liquidating' });
    scene.hold(4n, AFLOAT);
    await look(scene);
    assert.deepEqual(scene.venue.done.map(({ action, reverted }) => [action.kind, 'handle' in action ? action.handle : 0n, reverted]), [['answer', 1n, false], ['answer', 2n, false], ['answer', 3n, false]]);
    assert.deepEqual(scene.prover.asked.map(({ what, level, context }) => [what, level, context]), [1n, 2n, 3n].map((handle) => ['healthy', 'maintenance', handle + 7n]));
  });

  it('starts the liquidation of an account under water at once, challenged or not, with a verdict made for its own address', async () => {
    const scene = new CrashScene();
    scene.hold(1n, SUNK);
    scene.hold(2n, SUNK, { standing: 'challenged', deadline: scene.venue.time + 100 });
    await look(scene);
    assert.deepEqual(kinds(scene), ['start', 'start']);
    assert.deepEqual(scene.venue.contextsFor, [KEEPER, KEEPER]);
  });

  it('answers with no table older than the challenge, and starts nothing while liquidation is stopped', async () => {
    const scene = new CrashScene();
    scene.hold(1n, AFLOAT, { standing: 'challenged', deadline: scene.venue.time + 100, tableTime: scene.venue.maintenance.time + 1 });
    scene.hold(2n, SUNK);
    scene.venue.open = false;
    await look(scene);
    assert.deepEqual(kinds(scene), []);
    scene.venue.reprice([1n]);
    scene.publish();
    await look(scene);
    assert.deepEqual(kinds(scene), ['answer'], 'a newer table, and answers need no open market');
  });

  it('seals what it holds to every bidder once, and marks what is sold next, anew under each newer table only', async () => {
    const scene = new CrashScene();
    scene.hold(1n, SUNK, { standing: 'liquidating' });
    scene.venue.approved.push({ bidder: '0xB1', encryptionKey: Uint8Array.from([5]) }, { bidder: '0xB2', encryptionKey: Uint8Array.from([6]) });
    const guard = scene.guard();
    const made = await look(scene, guard);
    assert.deepEqual(kinds(scene), ['seal', 'mark']);
    const [sealed, marked] = scene.venue.done.map(({ action }) => action);
    assert.ok(sealed?.kind === 'seal' && marked?.kind === 'mark');
    assert.deepEqual(sealed.ciphertexts, [Uint8Array.from([1, 5]), Uint8Array.from([1, 6])]);
    assert.deepEqual(marked.lot, { handle: 1n, row: PERP, payRow: ENTRY, accountSells: true });
    assert.deepEqual([marked.marks.mark.mark, marked.marks.payMark.mark, marked.marks.feeMark.row], [60_000n, 100n, CASH]);
    await look(scene, guard, made);
    assert.equal(scene.venue.done.length, 2);
    scene.venue.reprice([1n]);
    scene.publish();
    await look(scene, guard, made);
    assert.deepEqual(kinds(scene), ['seal', 'mark', 'mark']);
  });

  it('settles funding that is due before anything of the account is sold', async () => {
    const scene = new CrashScene();
    scene.hold(1n, { ...SUNK, period: 6 }, { standing: 'liquidating' });
    await look(scene);
    assert.deepEqual(kinds(scene), ['settle-funding']);
  });

  it('has the fund pay where nothing is left to sell, no more than it may pay now, and nothing before', async () => {
    const scene = new CrashScene();
    scene.hold(1n, accountOf({ [CASH]: -500n }), { standing: 'liquidating' });
    scene.hold(2n, accountOf({ [CASH]: -500_000n, [COIN]: 10n }), { standing: 'liquidating' });
    scene.venue.room = { firstLoss: 100n, insurance: 50n, shared: 7n };
    const { lines } = await look(scene);
    const paid = scene.venue.done.flatMap(({ action }) => (action.kind === 'pay-debt' ? [[action.handle, action.row, action.quanta]] : []));
    assert.deepEqual(paid, [[1n, CASH, 157n]]);
    scene.venue.room = { firstLoss: 0n, insurance: 0n, shared: 0n };
    scene.venue.done.length = 0;
    await look(scene);
    assert.deepEqual(kinds(scene).filter((kind) => kind === 'pay-debt'), []);
    assert.equal(lines.of('action-failed').length, 0);
  });

  it('has the next debt of a row paid once a block has the one before: both would ask for what the fund pays once', async () => {
    const scene = new CrashScene();
    for (const handle of [1n, 2n]) scene.hold(handle, accountOf({ [CASH]: -500n }), { standing: 'liquidating' });
    const guard = scene.guard({ seal: false });
    const { keeper } = await keeperOf(scene.venue, [guard]);
    await keeper.look(NEVER);
    await keeper.look(NEVER);
    assert.equal(scene.venue.waiting, 1);
  });

  it('does what it is told to alone', async () => {
    const scene = new CrashScene();
    scene.hold(1n, AFLOAT, { standing: 'frozen' });
    scene.hold(2n, SUNK);
    scene.hold(3n, SUNK, { standing: 'liquidating' });
    scene.venue.approved.push({ bidder: '0xB1', encryptionKey: Uint8Array.from([5]) });
    await look(scene, scene.guard({ answer: false, start: false, seal: false, mark: false, payDebts: false }));
    assert.deepEqual(kinds(scene), []);
  });

  it('[P-260] tells once that an opening is not known, and never what an account holds', async () => {
    const scene = new CrashScene();
    scene.hold(1n, SUNK, { standing: 'liquidating' });
    scene.venue.add(99n);
    const guard = scene.guard();
    const made = await look(scene, guard);
    await look(scene, guard, made);
    assert.deepEqual(scene.lines.of('opening-unknown').map(({ handle }) => handle), ['99']);
    for (const secret of ['600000', '20000', '4242424242', '9191919191']) assert.doesNotMatch(scene.lines.text() + made.lines.text(), new RegExp(secret));
  });

  it('keeps guarding others where one account cannot be judged', async () => {
    const scene = new CrashScene();
    scene.hold(1n, accountOf({ [9]: 5n }));
    scene.hold(2n, SUNK);
    await look(scene);
    assert.deepEqual(kinds(scene), ['start']);
    assert.deepEqual(scene.lines.of('account-not-judged').map(({ handle, code }) => [handle, code]), [['1', 'UNKNOWN_INSTRUMENT']]);
  });
});
