import assert from 'node:assert/strict';
import { BOUNDARIES, boundaryWorld, type BoundaryWorld } from './boundary-vectors.js';
import { acceptRandomAccounts } from './random-accounts.js';

/** `make soundness` takes 10,000. */
const ACCOUNTS = 64;

describe('at the limits of what circuit and file take,', function () {
  this.timeout(1_200_000);
  let world: BoundaryWorld;
  before(async () => { world = await boundaryWorld(); });

  for (const { name, check } of BOUNDARIES) it(name, () => check(world));
});

describe('random accounts', () => {
  it('are accepted by batch and close with the excesses of the reference engine', async function () {
    this.timeout(1_200_000);
    const { accounts, batches } = await acceptRandomAccounts(ACCOUNTS, 7);
    assert.deepEqual([accounts, batches], [ACCOUNTS, 4]);
  });
});
