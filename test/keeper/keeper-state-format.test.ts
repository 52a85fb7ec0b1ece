import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksumAddress } from '../../src/attestation/checksum-address.js';
import { KeeperStateError } from '../../src/keeper/keeper-errors.js';
import { newState, withChanges, withSent, type KeeperIdentity } from '../../src/keeper/keeper-state.js';
import { KeeperStateFile, parseKeeperState, serializeKeeperState } from '../../src/keeper/keeper-state-format.js';
import { JsonShapeError } from '../../src/venue/import-errors.js';

const IDENTITY: KeeperIdentity = { chainId: 31_337n, liquidations: checksumAddress(`0x${'1c'.repeat(20)}`), venueId: 1n, keeper: checksumAddress(`0x${'a1'.repeat(20)}`) };
const HASH = `0x${'ab'.repeat(32)}`;

function someState(): ReturnType<typeof newState> {
  const followed = withChanges(newState(IDENTITY, 5), [
    { kind: 'round', prices: [1n, 2n] }, { kind: 'account', handle: 1n }, { kind: 'account', handle: 2n }, { kind: 'challenged', handle: 2n }, { kind: 'started', handle: 2n },
    { kind: 'sealed', handle: 2n }, { kind: 'round', prices: [3n, 4n] },
  ], 9);
  return withSent(followed, { key: 'challenge:1', role: 'challenger', kind: 'challenge', handle: 1n, hash: HASH, sentAt: 1_800_000_000_000 });
}

describe('a keeper\'s state', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'keeper-state-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('follows what happened: prices since an account\'s last change, its standing, whether its opening was posted', () => {
    const { accounts, prices, block } = someState();
    assert.deepEqual([...accounts], [[1n, { since: [1n, 2n], standing: 'sound', sealed: false }], [2n, { since: [1n, 2n], standing: 'liquidating', sealed: true }]]);
    assert.deepEqual([prices, block], [[3n, 4n], 9]);
    const after = withChanges(someState(), [{ kind: 'sound', handle: 2n }], 10);
    assert.deepEqual(after.accounts.get(2n), { since: [3n, 4n], standing: 'sound', sealed: false });
  });

  it('reads back what it wrote, whole, and leaves nothing beside it', async () => {
    const file = join(folder, 'state.json');
    const store = new KeeperStateFile(file);
    assert.deepEqual(await store.load(IDENTITY, 4), newState(IDENTITY, 4), 'there was none');
    await store.save(someState());
    assert.deepEqual(await store.load(IDENTITY, 0), someState());
    assert.deepEqual(await readdir(folder), ['state.json']);
  });

  it('refuses the state of another keeper, venue or chain, and names the field', async () => {
    const file = join(folder, 'state.json');
    const store = new KeeperStateFile(file);
    await store.save(someState());
    for (const [field, other] of [['chainId', 1n], ['venueId', 2n], ['keeper', IDENTITY.liquidations]] as const) {
      await assert.rejects(store.load({ ...IDENTITY, [field]: other }, 0), (error) => error instanceof KeeperStateError && error.details['field'] === field && error.message.includes('name another stateFile'));
    }
  });

  it('refuses a damaged state rather than begin anew', async () => {
    const file = join(folder, 'state.json');
    await writeFile(file, serializeKeeperState(someState()).replace('"liquidating"', '"sunk"'));
    await assert.rejects(new KeeperStateFile(file).load(IDENTITY, 0), (error) => error instanceof JsonShapeError && /accounts\[1\]\.standing/.test(error.message));
    assert.throws(() => parseKeeperState(serializeKeeperState(someState()).replace(HASH, '0xab')), (error) => error instanceof JsonShapeError && /sent\[0\]\.hash/.test(error.message));
  });
});
