import assert from 'node:assert/strict';
import { Challenger } from '../../src/keeper/challenger.js';
import type { Duty } from '../../src/keeper/duty.js';
import type { ChallengerConfig } from '../../src/keeper/keeper-config.js';
import { keeperOf, NEVER, StateInMemory } from './support/keeper-of.js';
import { BOND, KEEPER, PretendedVenue, StoodClock } from './support/pretended-venue.js';

const ALL: ChallengerConfig = { watch: { rule: 'all' }, mostOpen: 10, mostBond: 8n * BOND };
const OTHER = '0x00000000000000000000000000000000000000B2';

function venueOf(...handles: readonly bigint[]): PretendedVenue {
  const venue = new PretendedVenue();
  handles.forEach((handle) => venue.add(handle));
  return venue;
}

function challengerOf(venue: PretendedVenue, address = KEEPER): Duty {
  return new Challenger(venue, ALL, address);
}

describe('a keeper', () => {
  it('[P-258] sends a challenge once, though it is stopped between sending and the block, and started again', async () => {
    const venue = venueOf(1n, 2n);
    const store = new StateInMemory();
    await (await keeperOf(venue, [challengerOf(venue)], { store })).keeper.look(NEVER);
    assert.equal(venue.waiting, 2);
    const { keeper } = await keeperOf(venue, [challengerOf(venue)], { store });
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 2, 'what waits is known from the state');
    venue.mine();
    await keeper.look(NEVER);
    assert.deepEqual(venue.done.map(({ reverted }) => reverted), [false, false]);
    assert.deepEqual(store.saved?.sent, []);
  });

  it('[P-258] keeps a transaction on disk before it leaves: one that may have left is not made a second time', async () => {
    const venue = venueOf(1n);
    const store = new StateInMemory();
    const sender = venue.senderFor(KEEPER);
    const dies = { ...sender, prepare: async (...args: Parameters<typeof sender.prepare>) => ({ ...await sender.prepare(...args), broadcast: () => Promise.reject(new Error('killed')) }) };
    await (await keeperOf(venue, [challengerOf(venue)], { store, sender: dies })).keeper.look(NEVER);
    assert.deepEqual(store.saved?.sent.map(({ key }) => key), ['challenge:1']);
    const clock = new StoodClock();
    const { keeper } = await keeperOf(venue, [challengerOf(venue)], { store, clock });
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 0, 'it may be under way');
    clock.milliseconds += 30_000;
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 1, 'no node knew it for so long');
  });

  it('sends the very same transaction again where nodes lost it', async () => {
    const venue = venueOf(1n);
    const store = new StateInMemory();
    const { keeper } = await keeperOf(venue, [challengerOf(venue)], { store });
    await keeper.look(NEVER);
    const hash = store.saved?.sent[0]?.hash;
    venue.forgetWaiting();
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 1);
    assert.deepEqual(store.saved?.sent.map((sent) => sent.hash), [hash]);
  });

  it('[P-259] is ended by no fault: it waits longer after each, and goes on', async () => {
    const venue = venueOf(1n);
    venue.faults = 4;
    const clock = new StoodClock();
    const stop = new AbortController();
    clock.onWait = (count) => {
      if (count === 6) stop.abort();
    };
    const { keeper, lines, metrics } = await keeperOf(venue, [challengerOf(venue)], { clock });
    await keeper.run(stop.signal);
    assert.deepEqual(clock.waits, [1_000, 2_000, 4_000, 8_000, 5_000, 5_000]);
    assert.deepEqual(lines.of('look-failed').map(({ code, faults }) => [code, faults]), [1, 2, 3, 4].map((faults) => ['CHAIN_UNREACHABLE', faults]));
    assert.equal(venue.waiting, 1);
    assert.match(await metrics.text(), /clearproof_keeper_faults_total\{code="CHAIN_UNREACHABLE"\} 4/);
  });

  it('[P-259] is ended by no defect of a role either, whatever is thrown', async () => {
    const venue = venueOf(1n);
    const clock = new StoodClock();
    const stop = new AbortController();
    clock.onWait = () => stop.abort();
    const broken: Duty = { role: 'guard', look: () => Promise.reject(new TypeError('holds 17 quanta of BTC')) };
    const { keeper, lines } = await keeperOf(venue, [broken], { clock });
    await keeper.run(stop.signal);
    assert.deepEqual(lines.of('look-failed').map(({ code, name }) => [code, name]), [['DEFECT', 'TypeError']]);
    assert.doesNotMatch(lines.text(), /17 quanta/);
  });

  it('lets an action that fails keep no other from being done, unless nobody answers', async () => {
    const venue = venueOf(1n, 2n);
    const sender = venue.senderFor(KEEPER);
    const halting = { ...sender, prepare: (...[action, gas]: Parameters<typeof sender.prepare>) => (action.kind === 'challenge' && action.handle === 1n ? Promise.reject(new Error('no')) : sender.prepare(action, gas)) };
    const { keeper, lines } = await keeperOf(venue, [challengerOf(venue)], { sender: halting });
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 1);
    assert.deepEqual(lines.of('action-failed').map(({ handle }) => handle), ['1']);
  });

  it('[P-257] races with others at no cost: who comes second rehearses a refusal and sends nothing', async () => {
    const venue = venueOf(1n);
    const { keeper: first } = await keeperOf(venue, [challengerOf(venue)]);
    const { keeper: second, lines } = await keeperOf(venue, [challengerOf(venue, OTHER), late()], { sender: venue.senderFor(OTHER) });
    await first.look(NEVER);
    venue.mine();
    await second.look(NEVER);
    assert.equal(venue.waiting, 0);
    assert.deepEqual(lines.of('action-refused').map(({ refusal }) => refusal), ['AlreadyChallenged']);
    assert.deepEqual(venue.done.map(({ from, reverted }) => [from, reverted]), [[KEEPER, false]]);
  });

  it('gets over a transaction that another one came before in the block', async () => {
    const venue = venueOf(1n);
    const store = new StateInMemory();
    const { keeper: first } = await keeperOf(venue, [challengerOf(venue)]);
    const { keeper: second, lines } = await keeperOf(venue, [challengerOf(venue, OTHER)], { sender: venue.senderFor(OTHER), store });
    await first.look(NEVER);
    await second.look(NEVER);
    venue.mine();
    await second.look(NEVER);
    assert.deepEqual(venue.done.map(({ from, reverted }) => [from, reverted]), [[KEEPER, false], [OTHER, true]]);
    assert.equal(lines.of('action-reverted').length, 1);
    assert.deepEqual(store.saved?.sent, []);
  });

  it('sends nothing in a dry run, and tells what it would have sent', async () => {
    const venue = venueOf(1n);
    const store = new StateInMemory();
    const { keeper, lines, metrics } = await keeperOf(venue, [challengerOf(venue)], { store, settings: { dryRun: true } });
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 0);
    assert.deepEqual(store.saved?.sent, []);
    assert.deepEqual(lines.of('action-rehearsed').map(({ action, handle }) => [action, handle]), [['challenge', '1']]);
    assert.match(await metrics.text(), /clearproof_keeper_actions_total\{role="challenger",kind="challenge",outcome="rehearsed"\} 1/);
  });

  it('waits with all but answers while gas costs more than it may pay', async () => {
    const venue = venueOf(1n);
    venue.gas = 101n;
    const answer: Duty = {
      role: 'guard', look: () => Promise.resolve([{
        role: 'guard', kind: 'answer', key: 'answer:2', handle: 2n,
        build: () => Promise.resolve({ kind: 'answer', handle: 2n, claim: { circuitId: 1n, marketCommitment: 500n, proof: { a: [1n, 2n], b: [[1n, 2n], [3n, 4n]], c: [1n, 2n] } } }),
      }]),
    };
    venue.add(2n, { standing: 'challenged', deadline: venue.time + 100 });
    const { keeper } = await keeperOf(venue, [challengerOf(venue), answer]);
    await keeper.look(NEVER);
    venue.mine();
    assert.deepEqual(venue.done.map(({ action }) => action.kind), ['answer']);
  });

  it('stops between two actions when it is told to', async () => {
    const venue = venueOf(1n, 2n);
    const stop = new AbortController();
    const sender = venue.senderFor(KEEPER);
    const stopping = { ...sender, rehearse: (...args: Parameters<typeof sender.rehearse>) => (stop.abort(), sender.rehearse(...args)) };
    const { keeper } = await keeperOf(venue, [challengerOf(venue)], { sender: stopping });
    await keeper.look(stop.signal);
    assert.equal(venue.waiting, 1);
  });
});

/** Wants what somebody else has done. */
function late(): Duty {
  return {
    role: 'challenger', look: () => Promise.resolve([{
      role: 'challenger', kind: 'challenge', key: 'challenge:1', handle: 1n, build: () => Promise.resolve({ kind: 'challenge', handle: 1n, marketCommitment: 500n, bond: BOND }),
    }]),
  };
}
