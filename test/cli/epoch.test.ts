import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { mintTestToken } from '../../src/chain/escrow-client.js';
import { parseReceipt, serializeReceipt } from '../../src/attestation/receipt-format.js';
import { startAnvil } from '../../src/chain/anvil.js';
import { deployDemoVenue, fundDemoVenue, startDemoChain, type DemoChain } from '../../src/cli/demo/demo-chain.js';
import { serializeKeyManifest, type KeyRecord, type VerifierCode } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord } from '../../src/groth16/key-manifest.js';
import { circuitsOf } from '../../src/proving/epoch-shape.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { placesOf } from '../../src/proving/epoch-plan.js';
import { readPlan } from '../../src/proving/plan-file.js';
import { writeStaticMarket } from '../../src/risk/static-market.js';
import { writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { testShape } from '../proving/support.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

/** First account of anvil's public mnemonic. */
const OPERATOR_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const CIRCUITS = `${TEST_SHAPE.batchCircuit},${TEST_SHAPE.closeCircuit}`;
const CANARY_USER = 'canary-user-7f3a';

describe('an epoch through the command line', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let chain: DemoChain | undefined;
  let rpc = '';
  let early: Ended | undefined;
  const said: string[] = [];
  const at = (...parts: readonly string[]): string => join(folder, ...parts);

  async function run(...args: readonly string[]): Promise<Ended> {
    const ended = await clearproof(...args);
    said.push(ended.stdout, ended.stderr);
    return ended;
  }
  async function succeed(...args: readonly string[]): Promise<Record<string, unknown>> {
    const ended = await run(...args, '--json');
    assert.equal(ended.code, 0, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    return oneJson(ended);
  }
  const onChain = (): string[] => ['--deployment', at('deployment.json'), '--rpc', rpc, '--key-file', at('operator.key')];
  const proving = (epoch: string): string[] => ['prove', '--snapshot', at('snapshot'), '--deployment', at('deployment.json'), '--epoch', epoch, '--circuits', CIRCUITS, '--out', at('epoch-1')];

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    const { node, connection, now } = await startDemoChain();
    rpc = node.url;
    const venue = syntheticVenue({ seed: 'cli epoch', accounts: 24, slots: 3, instruments: 8, scenarios: 2, snapshotTime: now });
    const accounts = venue.accounts.map((account, place) => (place === 2 ? { ...account, userId: CANARY_USER } : account));
    await mkdir(at('input'));
    await writeFile(at('input', 'market.json'), writeStaticMarket(venue.market));
    await writeFile(at('input', 'accounts.ndjson'), [...writeSnapshotNdjson(accounts, venue.table.rows)].join(''));
    await writeFile(at('operator.key'), OPERATOR_KEY, { mode: 0o600 });
    chain = await deployDemoVenue(node, connection, { circuits: circuitsOf(await testShape()), table: venue.table, markets: 'stated', file: at('deployment.json') });
    await fundDemoVenue(chain, { snapshot: { accounts }, market: venue.table });
    // Not listened to below: its report names accounts to the venue on purpose.
    const imported = await clearproof('snapshot', 'import', '--input', at('input', 'accounts.ndjson'), '--market', at('input', 'market.json'), '--slots', '3', '--out', at('snapshot'));
    assert.equal(imported.code, 0, imported.stderr);
    assert.equal((await succeed('open', ...onChain()))['epoch'], 1);
    const proven = await succeed(...proving('1'));
    assert.deepEqual(proven, { attestation: at('epoch-1', 'attestation.json'), batches: 2, receipts: 24 });
    early = await run('publish', '--epoch-dir', at('epoch-1'), ...onChain(), '--json');
    await succeed('state-market', '--epoch-dir', at('epoch-1'), ...onChain());
    const published = (await succeed('publish', '--epoch-dir', at('epoch-1'), ...onChain())) as { record: { epoch: number; covered: boolean } };
    assert.deepEqual([published.record.epoch, published.record.covered], [1, true]);
    await succeed('receipt', '--epoch-dir', at('epoch-1'), '--user', CANARY_USER, '--out', at('receipt.json'));
    await succeed('verify', at('receipt.json'), '--rpc', rpc, '--save-record', at('record.json'));
  });
  after(async () => {
    chain?.connection.close();
    await chain?.node.stop();
    await remove();
  });

  /** Writes a changed copy of the receipt and returns its file. */
  async function changed(name: string, change: (receipt: ReturnType<typeof parseReceipt>) => ReturnType<typeof parseReceipt>): Promise<string> {
    const receipt = parseReceipt(await readFile(at('receipt.json'), 'utf8'));
    await writeFile(at(name), serializeReceipt(change(receipt)));
    return at(name);
  }

  it('keeps what is secret to its owner: plan, receipts, snapshot', async () => {
    const files = ['receipt.json', join('epoch-1', 'plan.json'), join('epoch-1', 'plan-places.ndjson'), join('snapshot', 'accounts.ndjson')];
    const receipts = (await readdir(at('epoch-1', 'receipts'))).map((name) => join('epoch-1', 'receipts', name));
    for (const file of [...files, ...receipts]) assert.equal((await stat(at(file))).mode & 0o777, 0o600, file);
    for (const secret of ['epoch-1', 'snapshot', join('epoch-1', 'receipts')]) assert.equal((await stat(at(secret))).mode & 0o777, 0o700, secret);
  });

  it('verifies against the chain: ends with 0', async () => {
    const ended = await run('verify', at('receipt.json'), '--rpc', rpc, '--user', CANARY_USER, '--attestation', at('epoch-1', 'attestation.json'));
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.doesNotMatch(ended.stdout, /FAIL/);
  });

  it('verifies offline against the saved record: ends with 0', async () => {
    const ended = await run('verify', at('receipt.json'), '--record', at('record.json'), '--json');
    assert.equal(ended.code, 0, ended.stdout);
    assert.equal(oneJson(ended)['verdict'], 'verified');
  });

  it('verifies an attestation alone: ends with 0', async () => {
    assert.equal((await run('verify', '--attestation', at('epoch-1', 'attestation.json'), '--record', at('record.json'))).code, 0);
  });

  /** The manifest of the keys in use, changed. */
  async function manifestWith(name: string, change: (record: KeyRecord) => KeyRecord): Promise<string> {
    const manifest = await readKeyManifest('build/keys');
    const { closeCircuit } = TEST_SHAPE;
    await writeFile(at(name), serializeKeyManifest({ ...manifest, keys: { ...manifest.keys, [closeCircuit]: change(requireRecord(manifest, 'build/keys', closeCircuit)) } }));
    return at(name);
  }

  it('verifies with the keys of a manifest alone, and with --rpc with its verifiers alone [S8]', async () => {
    const verify = (...args: readonly string[]): Promise<Ended> => run('verify', at('receipt.json'), '--attestation', at('epoch-1', 'attestation.json'), ...args);
    const good = await verify('--rpc', rpc, '--manifest', 'build/keys/manifest.json');
    assert.equal(good.code, 0, good.stdout);
    assert.match(good.stdout, /2 keys, each the one the registry verifies with, each trusted; the code of 2 of 2 verifiers is the trusted one/);
    const otherKey = await verify('--record', at('record.json'), '--manifest', await manifestWith('other-key.json', (record) => ({ ...record, verificationKeyHash: `0x${'1'.repeat(64)}` })));
    assert.equal(otherKey.code, 1);
    assert.match(otherKey.stdout, new RegExp(`FAIL .*the key of ${TEST_SHAPE.closeCircuit} has hash 0x[0-9a-f]{64}, the trusted one has 0x1{64}`));
    const otherCode = await manifestWith('other-code.json', (record) => {
      assert.ok(record.verifier);
      return { ...record, verifier: { ...record.verifier, runtimeCodeHash: `0x${'2'.repeat(64)}` } };
    });
    const refused = await verify('--rpc', rpc, '--manifest', otherCode);
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, new RegExp(`FAIL .*the verifier of ${TEST_SHAPE.closeCircuit} on the chain has code with hash 0x[0-9a-f]{64}, the trusted one has 0x2{64}`));
    assert.equal((await verify('--record', at('record.json'), '--manifest', otherCode)).code, 0, 'a saved record says nothing of code');
  });

  it('shows of keys what stands on the chain, and refuses a deployment whose verifiers are not the manifest\'s or not the registry\'s [S8]', async () => {
    const keys = await linkedKeys('keys', {});
    const look = (folderOfKeys: string, deployment = at('deployment.json')): Promise<Ended> =>
      clearproof('keys', '--keys', folderOfKeys, '--circuits', 'build/circuits', '--deployment', deployment, '--rpc', rpc, '--json');
    const good = oneJson(await look(keys)) as { keys: { rebuilt: boolean }[]; verifiers: { refused: number; controls: number }[] };
    assert.deepEqual(good.keys.map(({ rebuilt }) => rebuilt), [true, true]);
    assert.deepEqual(good.verifiers.map(({ refused, controls }) => [refused, controls]), [[2, 2], [2, 2]]);
    const deployment = JSON.parse(await readFile(at('deployment.json'), 'utf8')) as { circuits: { verifier: string }[] };
    const [one, two] = deployment.circuits;
    assert.ok(one && two);
    await writeFile(at('swapped.json'), JSON.stringify({ ...deployment, circuits: [{ ...one, verifier: two.verifier }, two] }));
    const swapped = errorOf(await look(keys, at('swapped.json')));
    assert.deepEqual([swapped.code, /the registry 0x\w+ verifies .* with 0x\w+, the deployment file says/.test(swapped.message)], ['VERIFIER_CODE', true], swapped.message);
    const other = errorOf(await look(await linkedKeys('other-code', { runtimeCodeHash: `0x${'2'.repeat(64)}` })));
    assert.deepEqual([other.code, /the manifest says 0x2{64}/.test(other.message)], ['VERIFIER_CODE', true], other.message);
  });

  /** The keys in use as links, with a manifest of them alone in which the verifiers' code is said to be another. */
  async function linkedKeys(name: string, code: Partial<VerifierCode>): Promise<string> {
    const names = circuitsOf(await testShape());
    await mkdir(at(name));
    const manifest = await readKeyManifest('build/keys');
    const records = names.map((circuit) => {
      const record = requireRecord(manifest, 'build/keys', circuit);
      assert.ok(record.verifier);
      return [circuit, { ...record, verifier: { ...record.verifier, ...code } }] as const;
    });
    await writeFile(keyPaths.manifest(at(name)), serializeKeyManifest({ ...manifest, keys: Object.fromEntries(records) }));
    for (const circuit of names) {
      for (const path of [keyPaths.zkey, keyPaths.vkey, keyPaths.wasm]) await symlink(resolve(path('build/keys', circuit)), path(at(name), circuit));
    }
    return at(name);
  }

  it('cannot tell when the chain does not answer: ends with 2 and a plain sentence', async () => {
    const ended = await run('verify', at('receipt.json'), '--rpc', 'http://127.0.0.1:1');
    assert.equal(ended.code, 2, ended.stdout);
    assert.match(ended.stdout, /127\.0\.0\.1:1/);
    assert.doesNotMatch(ended.stdout + ended.stderr, /\n\s+at /, 'no stack');
  });

  it('cannot tell from another chain, where there is no such registry: never ends with 0 or 1', async () => {
    const other = await startAnvil({ chainId: 99 });
    try {
      const ended = await run('verify', at('receipt.json'), '--rpc', other.url, '--json');
      assert.equal(ended.code, 2, ended.stdout);
      assert.equal(oneJson(ended)['verdict'], 'cannot-tell');
    } finally {
      await other.stop();
    }
  });

  it('refuses a receipt with one balance changed: ends with 1 and names the failing step', async () => {
    const file = await changed('tampered.json', (receipt) => {
      const [first, ...others] = receipt.holdings;
      return { ...receipt, holdings: [{ index: first?.index ?? 0, quantity: (first?.quantity ?? 0n) + 1n }, ...others] };
    });
    const ended = await run('verify', file, '--record', at('record.json'));
    assert.equal(ended.code, 1);
    assert.match(ended.stdout, /^FAIL /m);
  });

  it('refuses a receipt that says it is of another epoch: ends with 1', async () => {
    const file = await changed('epoch-2.json', (receipt) => ({ ...receipt, epoch: 2 }));
    assert.equal((await run('verify', file, '--record', at('record.json'))).code, 1);
  });

  it('refuses the receipt of somebody else: ends with 1', async () => {
    assert.equal((await run('verify', at('receipt.json'), '--record', at('record.json'), '--user', 'somebody')).code, 1);
  });

  it('names a file that is missing and cannot tell without it', async () => {
    for (const args of [[at('missing.json')], [at('receipt.json'), '--record', at('missing.json')]]) {
      const ended = await run('verify', ...args, '--json');
      assert.equal(ended.code, 2);
      assert.equal(errorOf(ended).code, 'FILE_READ');
      assert.ok(errorOf(ended).message.includes(at('missing.json')));
    }
  });

  it('goes on with finished proofs, says the same, and ends by itself', async function () {
    // Two stored proofs are checked at once; a curve made twice would leave threads that keep the process alive.
    this.timeout(60_000);
    assert.deepEqual(await succeed(...proving('1')), { attestation: at('epoch-1', 'attestation.json'), batches: 2, receipts: 24 });
    assert.match(said.at(-1) ?? '', /3 from an earlier run/);
  });

  it('deposits to the fund, and ends with 1 for an address that is no token', async () => {
    assert.ok(chain !== undefined);
    const { operator, deployment } = chain;
    await mintTestToken(operator, deployment.fundToken, operator.address, 5n);
    const deposit = ['deposit', '--ledger', 'fund', '--amount', '5', ...onChain(), '--token'];
    assert.equal(typeof (await succeed(...deposit, deployment.fundToken))['gasUsed'], 'string');
    const refused = await run(...deposit, deployment.registry, '--json');
    assert.equal(refused.code, 1);
  });

  it('refuses --venue without the registry it is a venue of', async () => {
    const ended = await run('verify', at('receipt.json'), '--record', at('record.json'), '--venue', '999');
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /--venue and --chain need --registry/);
  });

  it('refuses to prove another epoch into the folder, and leaves it as it is', async () => {
    const before = await readFile(at('epoch-1', 'plan.json'));
    const ended = await run(...proving('2'), '--json');
    assert.equal(ended.code, 1);
    assert.equal(errorOf(ended).code, 'OTHER_EPOCH');
    assert.match(errorOf(ended).message, /holds epoch 1 of venue 7 on chain 31337: use an empty folder/);
    assert.deepEqual(await readFile(at('epoch-1', 'plan.json')), before);
  });

  it('has no receipt for a user who is not in the epoch, and does not say who is', async () => {
    const ended = await run('receipt', '--epoch-dir', at('epoch-1'), '--user', 'nobody', '--out', at('nobody.json'), '--json');
    assert.equal(errorOf(ended).code, 'ACCOUNT_NOT_FOUND');
    await assert.rejects(stat(at('nobody.json')), { code: 'ENOENT' });
  });

  it('refuses to publish an epoch whose market table was not accepted, and names the table', () => {
    assert.ok(early !== undefined);
    assert.equal(early.code, 1);
    const { code, message, details } = errorOf(early);
    assert.equal(code, 'MARKET_NOT_ACCEPTED');
    assert.match(String(details['commitment']), /^[0-9]{60,77}$/);
    assert.ok(message.includes(`market commitment ${String(details['commitment'])}: have it accepted first`), message);
  });

  it('states a market table once', async () => {
    const ended = await run('state-market', '--epoch-dir', at('epoch-1'), ...onChain(), '--json');
    assert.equal(ended.code, 1);
    assert.match(errorOf(ended).message, /MarketExists/);
  });

  it('refuses to publish an epoch twice, with the contract\'s reason', async () => {
    const ended = await run('publish', '--epoch-dir', at('epoch-1'), ...onChain(), '--json');
    assert.equal(ended.code, 1);
    assert.equal(errorOf(ended).code, 'CONTRACT_REVERTED');
  });

  it('refuses a signing key that others can read', async () => {
    await writeFile(at('open.key'), OPERATOR_KEY);
    await chmod(at('open.key'), 0o644);
    const ended = await run('open', '--deployment', at('deployment.json'), '--rpc', rpc, '--key-file', at('open.key'), '--json');
    assert.equal(errorOf(ended).code, 'KEY_FILE');
  });

  it('says no secret in anything above: key, salts, blindings, owners of padding, other users', async () => {
    const plan = await readPlan(at('epoch-1'));
    assert.ok(plan !== undefined && said.length >= 30);
    const places = placesOf(plan).flatMap((place) => (place.kind === 'padding'
      ? [['key of padding', `${place.key}`], ['salt of padding', `${place.salt}`]]
      // The reader of a receipt is told the owner in it.
      : [['salt', `${place.salt}`], ...(place.userId === CANARY_USER ? [] : [['owner of another', `${place.owner}`]]),
        ...([CANARY_USER, 'house'].includes(place.userId) ? [] : [['other user', place.userId]])]));
    const text = said.join('\n');
    const blindings = plan.blindings.map((blinding) => ['blinding', `${blinding}`]);
    for (const [what = '', secret = ''] of [['signing key', OPERATOR_KEY], ...blindings, ...places]) assert.ok(!text.includes(secret), `said: ${what}`);
  });
});
