import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSignedBalance, serializeSignedBalance } from '../../src/attestation/balance-receipt-format.js';
import { serializeReceipt } from '../../src/attestation/receipt-format.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { writeDeployment } from '../../src/chain/deployment-file.js';
import { digestOf } from '../../src/commitment/digest.js';
import { ownerOf } from '../../src/commitment/identity.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { writePlan } from '../../src/proving/plan-file.js';
import { receiptsOf } from '../../src/proving/receipts.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import { writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { instrumentsOf } from '../../src/risk/tiers.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { DISPUTES, depositAll, nextEpoch, ownedAccount, startOmissionVenue, type OmissionVenue, type PlannedTree } from '../flows/support/omission-on-chain.js';
import { RULES } from '../flows/support/vault-on-chain.js';
import { passTime } from '../flows/support/venue-on-chain.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

/** Accounts 0, 1 and 2 of anvil's public mnemonic. */
const KEYS = {
  venue: 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  alice: '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  bob: '5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
} as const;
const DIGEST = `0x${'6'.repeat(64)}`;
const OTHERS_MAY = 0o077;

describe('balance receipts and challenges, through the command line', function () {
  this.timeout(600_000);
  const market = onChainVenue().table;
  let venue: OmissionVenue;
  let folder: string;
  let remove: () => Promise<void>;
  let epochs: readonly PlannedTree[];
  let issuedAt: number;
  const at = (name: string): string => join(folder, name);
  const chain = (): string[] => ['--deployment', at('deployment.json'), '--rpc', venue.anvilUrl, '--json'];
  const as = (who: keyof typeof KEYS, ...args: readonly string[]): Promise<Ended> => clearproof(...args, ...chain(), '--key-file', at(`${who}.key`));
  const done = (ended: Ended): Record<string, unknown> => {
    assert.equal(ended.code, 0, `${ended.stdout}${ended.stderr}`);
    return oneJson(ended);
  };
  const show = async (): Promise<Record<string, unknown>> => done(await clearproof('challenge', 'show', ...chain()));
  const statuses = async (): Promise<unknown[]> => ((await show())['challenges'] as readonly Record<string, unknown>[]).map(({ status }) => status);
  const files = { alice: '', bob: '' };

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    venue = await startOmissionVenue(market);
    const [alice, bob] = [
      ownedAccount('alice', 1_001n, venue.user(1).address, [{ index: 0, quantity: 300_000_000n }]),
      ownedAccount('bob', 1_002n, venue.user(2).address, [{ index: 0, quantity: 200_000_000n }]),
    ];
    await depositAll(venue, market, [alice, bob]);
    const one = await nextEpoch(venue, 1, market, [alice, bob], true);
    issuedAt = await latestTimestamp(venue.connection.provider);
    // In the very second of its signature a receipt is not yet sure: blocks may all be of one second.
    await passTime(venue, 2);
    epochs = [one, await nextEpoch(venue, 2, market, [bob])];
    for (const [name, key] of Object.entries(KEYS)) await writeFile(at(`${name}.key`), key, { mode: 0o600 });
    await writeDeployment(at('deployment.json'), venue.deployment);
    await writeFile(at('table.json'), serializeMarketTable(market));
    // Carol has no owner commitment of her own, mallory owes.
    const accounts = [
      alice, bob, { userId: 'carol', subAccount: 0, owner: undefined, holdings: [{ index: 0, quantity: 1n }] }, { ...bob, userId: 'mallory', holdings: [{ index: 0, quantity: -1n }] },
    ];
    await writeFile(at('accounts.ndjson'), Array.from(writeSnapshotNdjson(accounts, instrumentsOf(market))).join(''));
    await writeFile(at('keys.ndjson'), [alice, bob].map(({ userId }, place) => JSON.stringify({ user: userId, signer: venue.user(place + 1).address, sequence: '4' })).join('\n'));
    for (const [place, { plan, tree }] of epochs.entries()) {
      await mkdir(at(`epoch-${place + 1}`));
      await writePlan(at(`epoch-${place + 1}`), plan);
      for (const receipt of receiptsOf(plan, tree, { sha256: '0'.repeat(64), location: 'none' })) await writeFile(at(`${receipt.userId}-${place + 1}.json`), serializeReceipt(receipt));
    }
  });
  after(async () => {
    await (venue as OmissionVenue | undefined)?.stop();
    await remove();
    await releaseCurves();
  });

  const sign = (who: keyof typeof KEYS, ...args: readonly string[]): Promise<Ended> => as(
    who, 'balance', 'sign', '--accounts', at('accounts.ndjson'), '--market', at('table.json'), '--signing-keys', at('keys.ndjson'), '--issued-at', String(issuedAt), '--valid-for', '86400', ...args,
  );

  it('signs a folder of receipts that nobody else may read, passing over who has no owner, and with a named key only', async () => {
    assert.equal(errorOf(await sign('bob', '--out', at('never.ndjson'))).code, 'RECEIPT_SIGNER');
    const made = done(await sign('venue', '--out-dir', at('balances')));
    assert.deepEqual([made['receipts'], made['presenceOnly'], made['passedOver']], [3, 1, 1]);
    assert.equal((await stat(at('balances'))).mode & OTHERS_MAY, 0);
    for (const name of await readdir(at('balances'))) {
      assert.equal((await stat(at(join('balances', name)))).mode & OTHERS_MAY, 0, name);
      const { opening: { userId }, receipt } = parseSignedBalance(await readFile(at(join('balances', name)), 'utf8'));
      if (userId === 'alice' || userId === 'bob') files[userId] = at(join('balances', name));
      assert.equal(receipt.sequence, userId === 'mallory' ? 0n : 4n);
    }
    assert.equal(errorOf(await sign('venue', '--out-dir', at('balances'))).code, 'SECRET_FILE');
    assert.equal(errorOf(await sign('venue', '--user', 'mallory', '--instrument', 'USD', '--amount', '1', '--out', at('never.json'))).code, 'BALANCE_PROMISE');
  });

  it('checks one with exit code 0 for verified, 1 for not verified, 2 for what nobody can tell', async () => {
    const check = (file: string, ...args: readonly string[]): Promise<Ended> => clearproof('balance', 'check', file, '--registry', venue.deployment.registry, '--json', ...args);
    const online = ['--rpc', venue.anvilUrl];
    const honest = await check(files.alice, ...online, '--user', 'alice', '--instrument', 'USD', '--amount', '300', '--signer', venue.user(1).address, '--sequence', '4');
    assert.deepEqual([honest.code, oneJson(honest)['verdict']], [0, 'verified'], honest.stdout);
    const short = await check(files.alice, ...online, '--instrument', 'USD', '--amount', '300.000001');
    assert.deepEqual([short.code, oneJson(short)['verdict']], [1, 'not-verified']);
    const offline = await check(files.alice, '--user', 'alice');
    assert.deepEqual([offline.code, oneJson(offline)['verdict']], [2, 'cannot-tell']);
    const signed = parseSignedBalance(await readFile(files.alice, 'utf8'));
    await writeFile(at('bent.json'), serializeSignedBalance({ ...signed, receipt: { ...signed.receipt, validUntil: signed.receipt.validUntil + 1 } }));
    assert.equal((await check(at('bent.json'), ...online)).code, 1);
    assert.equal((await check(at('none.json'))).code, 2);
  });

  it('opens no challenge that its own receipt shows to be lost, nor with a receipt that was changed', async () => {
    const kept = errorOf(await as('bob', 'challenge', 'open', '--balance', files.bob, '--receipt', at('bob-2.json')));
    assert.deepEqual([kept.code, /take your bond/.test(kept.message)], ['PROMISE_KEPT', true]);
    assert.match(errorOf(await as('bob', 'challenge', 'open', '--balance', files.bob, '--receipt', at('bob-1.json'))).message, /is of epoch 1, challenged is epoch 2/);
    assert.match(errorOf(await as('alice', 'challenge', 'open', '--balance', at('bent.json'))).message, /is not signed by/);
    assert.match(errorOf(await as('alice', 'challenge', 'open', '--balance', files.alice, '--epoch', '1')).message, /the snapshot of epoch 1 was at .*, the receipt promises from/);
    assert.deepEqual(await statuses(), []);
  });

  let [ofAlice, ofBob] = ['', ''];
  it('opens one for an account that was left out, and answers one for an account that is there with a proof from the epoch\'s folder', async () => {
    const opened = done(await as('alice', 'challenge', 'open', '--balance', files.alice));
    ofAlice = String(opened['challenge']);
    assert.deepEqual([opened['epoch'], opened['bond']], [2, String(DISPUTES.bond)]);
    assert.equal(errorOf(await as('alice', 'challenge', 'open', '--balance', files.alice)).code, 'CHALLENGE');
    ofBob = String(done(await as('bob', 'challenge', 'open', '--balance', files.bob))['challenge']);
    assert.deepEqual(await statuses(), ['open', 'open']);

    const answer = (challenge: string, epoch: string): Promise<Ended> => as('venue', 'challenge', 'answer', '--challenge', challenge, '--epoch-dir', at(epoch), '--balances', at('balances'));
    assert.match(errorOf(await answer(ofBob, 'epoch-1')).message, /holds epoch 1 of venue 7, the answer is about epoch 2/);
    const omitted = await answer(ofAlice, 'epoch-2');
    assert.equal(errorOf(omitted).code, 'ACCOUNT_OMITTED');
    assert.doesNotMatch(omitted.stdout, /alice/);
    const { challenge, status, epoch } = done(await answer(ofBob, 'epoch-2'));
    assert.deepEqual([challenge, status, epoch], [ofBob, 'answered', 2]);
  });

  it('settles what was not answered in time, shows the dispute, pays the bond back and takes an order for a cure', async () => {
    assert.match(errorOf(await as('bob', 'challenge', 'settle', '--challenge', ofAlice)).message, /AnswerStillDue/);
    await passTime(venue, DISPUTES.answerWindow);
    assert.deepEqual(await statuses(), ['overdue', 'answered']);
    assert.match(errorOf(await as('venue', 'challenge', 'answer', '--challenge', ofAlice, '--request', '1')).message, /could be answered until .*: have it settled, then cure it/);
    assert.equal(done(await as('bob', 'challenge', 'settle', '--challenge', ofAlice))['status'], 'lost');
    const shown = await show();
    assert.deepEqual([shown['gateMode'], typeof shown['disputedSince']], ['WITHDRAW_ONLY', 'number']);
    assert.equal(done(await as('bob', 'challenge', 'reclaim', '--challenge', ofAlice))['bondReclaimed'], true);

    const order = (who: keyof typeof KEYS, sequence: string): Promise<Ended> => as(
      who, 'balance', 'order', '--balance', files.alice, '--sequence', sequence, '--order-digest', DIGEST, '--ordered-at', String(issuedAt), '--out', at('order.json'),
    );
    assert.equal(errorOf(await order('bob', '5')).code, 'ACCOUNT_ORDER');
    assert.equal(errorOf(await order('alice', '4')).code, 'ACCOUNT_ORDER');
    assert.equal(done(await order('alice', '5'))['sequence'], '5');
    assert.equal(done(await as('venue', 'challenge', 'answer', '--challenge', ofAlice, '--order', at('order.json')))['status'], 'cured');
    const cured = await show();
    assert.deepEqual([cured['disputedSince'], (cured['challenges'] as readonly Record<string, unknown>[]).map(({ status, answer }) => [status, answer])], [null, [['cured', 'order'], ['answered', 'inclusion']]]);
  });

  it('requests a withdrawal with the signing key alone, and says so before anything is proven', async () => {
    const signer = venue.user(1).address;
    const [secret, signingKeyDigest] = [1_001n, digestOf(signer)];
    const content = { format: 'clearproof-owner', version: 1, secret: `${secret}`, signingKeyDigest: `${signingKeyDigest}`, owner: `${ownerOf(portablePoseidon, secret, signingKeyDigest)}` };
    await writeFile(at('owner.json'), JSON.stringify(content), { mode: 0o600 });
    const request = ['account', 'withdraw', '--receipt', at('alice-1.json'), '--owner', at('owner.json'), '--table', at('table.json'), '--instrument', 'USD', '--amount', '1', '--keys', at('nowhere')];
    const { code, message } = errorOf(await as('bob', ...request, '--signer', signer));
    assert.deepEqual([code, message.includes(`take the key file of ${signer}`)], ['WITHDRAWAL', true], message);
    // Written in small letters it is the same key, and goes on to where keys are looked for.
    assert.notEqual(errorOf(await as('alice', ...request, '--signer', signer.toLowerCase())).code, 'WITHDRAWAL');
  });

  it('names a receipt signer and retires it: what it signs from then on counts for nothing', async () => {
    const signer = venue.user(2).address;
    assert.equal(done(await as('venue', 'balance', 'signer', 'name', '--signer', signer))['state'], 'named');
    const now = await latestTimestamp(venue.connection.provider);
    await passTime(venue, RULES.answerWindow);
    assert.equal(await venue.disputesAs(venue.operator).isReceiptSigner(signer, now), true);
    assert.equal(done(await as('venue', 'balance', 'signer', 'retire', '--signer', signer))['state'], 'retired');
    const later = await latestTimestamp(venue.connection.provider);
    assert.deepEqual(await Promise.all([now, later].map((time) => venue.disputesAs(venue.operator).isReceiptSigner(signer, time))), [true, false]);
    assert.match(errorOf(await as('bob', 'balance', 'signer', 'name', '--signer', venue.user(3).address)).message, /NotVenueAdmin/);
  });
});
