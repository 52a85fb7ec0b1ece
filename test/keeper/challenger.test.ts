import assert from 'node:assert/strict';
import { Challenger } from '../../src/keeper/challenger.js';
import type { ChallengerConfig } from '../../src/keeper/keeper-config.js';
import { keeperOf, NEVER, StateInMemory } from './support/keeper-of.js';
import { BOND, KEEPER, PretendedVenue } from './support/pretended-venue.js';

const MOVED: ChallengerConfig = { watch: { rule: 'price-move', ppm: 50_000 }, mostOpen: 3, mostBond: BOND };

function venueOf(...handles: readonly bigint[]): PretendedVenue {
  const venue = new PretendedVenue();
  venue.tell({ kind: 'round', prices: [100n, 2_000n] });
  handles.forEach((handle) => venue.add(handle));
  return venue;
}

function challenged(venue: PretendedVenue): readonly bigint[] {
  return venue.done.filter(({ reverted }) => !reverted).flatMap(({ action }) => (action.kind === 'challenge' ? [action.handle] : []));
}

async function look(venue: PretendedVenue, config = MOVED, store = new StateInMemory()): Promise<ReturnType<typeof keeperOf>> {
  const made = await keeperOf(venue, [new Challenger(venue, config, KEEPER)], { store });
  await made.keeper.look(NEVER);
  venue.mine();
  return made;
}

describe('a challenger', () => {
  it('[P-257] challenges an account since whose last change a price has moved by the rule, and no other', async () => {
    const venue = venueOf(1n);
    venue.reprice([100n, 1_901n]);
    venue.add(2n);
    const store = new StateInMemory();
    await look(venue, MOVED, store);
    assert.deepEqual(challenged(venue), [], '4.95 % of handle 1, nothing of handle 2');
    venue.reprice([100n, 1_900n]);
    await look(venue, MOVED, store);
    assert.deepEqual(challenged(venue), [1n]);
  });

  it('takes the account whose prices moved most first, and has no more challenges open than it may', async () => {
    const venue = venueOf(1n);
    venue.reprice([100n, 1_900n]);
    venue.add(2n);
    venue.reprice([90n, 1_600n]);
    await look(venue, { ...MOVED, mostOpen: 1 });
    assert.deepEqual(challenged(venue), [1n]);
    await look(venue, { ...MOVED, mostOpen: 1 });
    assert.deepEqual(challenged(venue), [1n]);
  });

  it('challenges no account anew under prices that it was shown healthy under', async () => {
    const venue = venueOf(1n);
    const store = new StateInMemory();
    const { keeper } = await look(venue, { ...MOVED, watch: { rule: 'all' }, mostBond: 8n * BOND }, store);
    assert.deepEqual(challenged(venue), [1n]);
    const account = venue.accounts.get(1n);
    assert.ok(account);
    venue.accounts.set(1n, { ...account, standing: 'sound', soundAt: venue.time, soundTableTime: venue.maintenance.time });
    venue.tell({ kind: 'sound', handle: 1n });
    await keeper.look(NEVER);
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 0);
    venue.reprice([100n, 2_000n]);
    await keeper.look(NEVER);
    assert.equal(venue.waiting, 1);
  });

  it('puts up no bond above its bound, and none while tables are old or prices are stopped', async () => {
    const venue = venueOf(1n);
    venue.reprice([50n, 2_000n]);
    await look(venue, { ...MOVED, mostBond: BOND - 1n });
    venue.open = false;
    await look(venue);
    venue.open = true;
    venue.time += 301;
    await look(venue);
    assert.deepEqual(challenged(venue), []);
    venue.time -= 1;
    await look(venue);
    assert.deepEqual(challenged(venue), [1n]);
  });

  it('freezes what nobody answered in time, whoever challenged it', async () => {
    const venue = venueOf(1n);
    venue.add(1n, { standing: 'challenged', keeper: '0x00000000000000000000000000000000000000B2', deadline: venue.time });
    venue.tell({ kind: 'challenged', handle: 1n });
    const store = new StateInMemory();
    await look(venue, MOVED, store);
    assert.equal(venue.accounts.get(1n)?.standing, 'challenged');
    venue.time += 1;
    await look(venue, MOVED, store);
    assert.equal(venue.accounts.get(1n)?.standing, 'frozen');
  });

  it('takes its bonds out once they are worth the gas', async () => {
    const venue = venueOf();
    venue.bonds.set(KEEPER, 399_999n);
    const { lines } = await look(venue);
    assert.equal(lines.of('action-too-dear').length, 1);
    venue.bonds.set(KEEPER, 400_000n);
    await look(venue);
    assert.equal(venue.bonds.has(KEEPER), false);
  });
});
