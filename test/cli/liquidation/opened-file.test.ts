import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDisclosedOpening, writeBid, writeDisclosedOpening, readBid } from '../../../src/cli/liquidation/opened-file.js';
import type { BidFile } from '../../../src/liquidation/bid.js';
import { HOUSE } from '../../builders/cleared.js';
import { HANDLE, lotOf, perpetualAccount } from '../../builders/liquidation.js';
import { standInProof } from '../../proving/support.js';

const verdict = { circuitId: 3n, marketCommitment: 4n, proof: standInProof(1) };
const side = { circuitId: 5n, marketCommitment: 4n, newCommitment: 6n, reducing: true, unmargined: false, owned: false, proof: standInProof(2) };
const file: BidFile = {
  ...HOUSE, liquidations: HOUSE.house,
  bid: {
    lot: lotOf(), quantity: 4n, payment: 9n, nonce: 8n, subsidy: 0n, underWater: verdict, stillBelow: undefined,
    settlement: { trade: { commitment: 7n, buyer: 9n, seller: HANDLE, expiry: 1_790_000_600 }, buyerSide: { ...side, owned: true }, sellerSide: side },
  },
};

describe('what a bidder was shown, and what it bids', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-opened-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('are in files that only their owner reads, and come back as they were [P-256]', async () => {
    const [opened, bid] = [join(folder, 'opened.json'), join(folder, 'bid.json')];
    const disclosed = { ...HOUSE, handle: HANDLE, opening: perpetualAccount(60_000n) };
    await writeDisclosedOpening(opened, disclosed);
    await writeBid(bid, file);
    for (const one of [opened, bid]) assert.equal((await stat(one)).mode & 0o777, 0o600, one);
    assert.deepEqual(await readDisclosedOpening(opened), disclosed);
    assert.deepEqual(await readBid(bid), file);
  });

  it('are not read from files that others may read', async () => {
    const opened = join(folder, 'shown.json');
    await writeDisclosedOpening(opened, { ...HOUSE, handle: HANDLE, opening: perpetualAccount(60_000n) });
    await chmod(opened, 0o640);
    await assert.rejects(readDisclosedOpening(opened), { code: 'SECRET_FILE' });
    await assert.rejects(readBid(opened), { code: 'SECRET_FILE' });
  });
});
