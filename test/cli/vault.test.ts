import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serializeReceipt } from '../../src/attestation/receipt-format.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { mintTestToken, tokenBalance } from '../../src/chain/escrow-client.js';
import { writeDeployment } from '../../src/chain/deployment-file.js';
import type { VaultRules } from '../../src/chain/vault-venue-client.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { digestOf } from '../../src/commitment/digest.js';
import { ownerOf } from '../../src/commitment/identity.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { RULES, acceptEpoch, depositHoldings, startVault, treeOf, type VaultOnChain } from '../flows/support/vault-on-chain.js';
import { passTime, statedMarket } from '../flows/support/venue-on-chain.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

/** Accounts 0 and 1 of anvil's public mnemonic. */
const VENUE_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const USER_KEY = '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const SECRET = 1_001n;
const BENEFICIARY = `0x${'7'.repeat(64)}`;
const ORDER = `0x${'6'.repeat(64)}`;

/** As docs/formats.md has it. */
function configOf(rules: VaultRules, payoutLimit: bigint): string {
  const limits = [0, 1, 2].map((asset) => ({ asset: String(asset), maxDeposits: String(2n ** 100n), maxLoans: String(2n ** 100n), payoutLimit: String(payoutLimit) }));
  return JSON.stringify({ formatVersion: '1', rules: Object.fromEntries(Object.entries(rules).map(([name, value]) => [name, String(value)])), limits });
}

describe('a vault, through the command line', function () {
  this.timeout(600_000);
  const market = onChainVenue().table;
  let venue: VaultOnChain;
  let user: ConnectedSigner;
  let folder: string;
  let remove: () => Promise<void>;
  const at = (name: string): string => join(folder, name);
  const reader = (): string[] => ['--deployment', at('deployment.json'), '--rpc', venue.anvilUrl, '--json'];
  const asVenue = (...args: readonly string[]): Promise<Ended> => clearproof('vault', ...args, ...reader(), '--key-file', at('venue.key'));
  const asUser = (...args: readonly string[]): Promise<Ended> => clearproof(...args, ...reader(), '--key-file', at('user.key'));
  /** Accepts the next epoch, over tables of its own time, and keeps Alice's receipt of it and the table of initial level. */
  async function nextEpoch(epoch: number, quantity: bigint, stands: boolean): Promise<void> {
    await venue.client.openSnapshot();
    const now = { ...market, snapshotTime: await latestTimestamp(venue.connection.provider) };
    for (const table of [now, { ...now, level: 'initial' as const }]) await venue.markets.state(statedMarket(table));
    const tree = treeOf(venue, epoch, now, [{ name: 'alice', secret: SECRET, signer: user.address, holdings: [{ index: 0, quantity }] }]);
    await acceptEpoch(venue, epoch, now, tree.root, [quantity, 0n, 0n, 0n, 0n, 0n], stands);
    await writeFile(at(`receipt-${epoch}.json`), serializeReceipt(tree.owned('alice').receipt));
    await writeFile(at('initial.json'), serializeMarketTable({ ...now, level: 'initial' }));
  }
  const ofAlice = (): string[] => ['--receipt', at('receipt-1.json'), '--owner', at('owner.json')];

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    venue = await startVault(market);
    user = venue.user(1);
    await depositHoldings(venue, user, market, [{ index: 0, quantity: 300_000_000n }]);
    await nextEpoch(1, 300_000_000n, true);
    const signingKeyDigest = digestOf(user.address);
    const owner = ownerOf(portablePoseidon, SECRET, signingKeyDigest);
    const content = { format: 'clearproof-owner', version: 1, secret: String(SECRET), signingKeyDigest: String(signingKeyDigest), owner: String(owner) };
    await writeFile(at('owner.json'), JSON.stringify(content), { mode: 0o600 });
    await writeFile(at('user.key'), USER_KEY, { mode: 0o600 });
    await writeFile(at('venue.key'), VENUE_KEY, { mode: 0o600 });
    await writeDeployment(at('deployment.json'), venue.deployment);
  });
  after(async () => {
    await (venue as VaultOnChain | undefined)?.stop();
    await remove();
    await releaseCurves();
  });

  it('takes deposits of users and for the fund, and none while it is paused', async () => {
    const token = venue.tokens[0] as string;
    await mintTestToken(venue.operator, token, user.address, 5_000_000n);
    const deposit = (amount: string): Promise<Ended> => asUser('vault', 'deposit', '--asset', '0', '--amount', amount, '--beneficiary', BENEFICIARY);
    const made = await deposit('2000000');
    assert.equal(made.code, 0, made.stderr);
    assert.equal(await tokenBalance(user, token, user.address), 3_000_000n);
    assert.equal(oneJson(await asVenue('deposit-fund', '--amount', '1000'))['amount'], '1000');
    assert.equal(oneJson(await asVenue('pause'))['paused'], true);
    assert.match(errorOf(await deposit('1000')).message, /VenuePaused/);
    assert.equal(oneJson(await asVenue('pause', '--off'))['paused'], false);
    assert.equal((await deposit('1000')).code, 0);
    assert.match(errorOf(await asUser('vault', 'pause')).message, /NotVenueAdmin|NotOperator/);
  });

  it('changes its rules only after the wait that a proposal begins, and has nothing to do for rules it has', async () => {
    const rules = (name: string): Promise<Ended> => asVenue('rules', '--config', at(name));
    await writeFile(at('same.json'), configOf(RULES, 2n ** 100n));
    assert.deepEqual(oneJson(await rules('same.json')), { state: 'active' });
    await writeFile(at('slower.json'), configOf({ ...RULES, timelock: RULES.timelock + 60 }, 2n ** 100n));
    assert.equal(oneJson(await rules('slower.json'))['state'], 'proposed');
    assert.equal(oneJson(await rules('slower.json'))['state'], 'waiting');
    await passTime(venue, RULES.timelock);
    assert.equal(oneJson(await rules('slower.json'))['state'], 'active');
    assert.equal((await venue.venueVault.rules())?.timelock, RULES.timelock + 60);
    assert.equal(oneJson(await asVenue('limits', '--config', at('slower.json')))['state'], 'active');
    await writeFile(at('quick.json'), configOf({ ...RULES, timelock: RULES.requestDelay }, 1n));
    assert.match(errorOf(await rules('quick.json')).message, /quick\.json.*timelock.*must be more than requestDelay \+ demandWindow \+ answerWindow/);
  });

  it('answers a demand with a receipt that only the demander opens, and for the epoch that was demanded', async () => {
    await nextEpoch(2, 302_001_000n, false);
    assert.equal((await clearproof('account', 'encryption-key', '--out', at('encryption.json'))).code, 0);

    const demanded = await asUser('account', 'demand-receipt', '--epoch', '2', ...ofAlice(), '--encryption-key', at('encryption.json'));
    assert.equal(demanded.code, 0, `${demanded.stdout}${demanded.stderr}`);
    const { demand, bond } = oneJson(demanded);
    assert.deepEqual([String(bond), await venue.vaultAs(user).stands(2)], [String(RULES.demandBond), false]);
    const wrong = errorOf(await asVenue('answer-demand', '--demand', String(demand), '--receipt', at('receipt-1.json')));
    assert.deepEqual([wrong.code, /for epoch 2, the receipt is of epoch 1/.test(wrong.message)], ['ANSWER', true]);
    const answered = await asVenue('answer-demand', '--demand', String(demand), '--receipt', at('receipt-2.json'));
    assert.equal(answered.code, 0, `${answered.stdout}${answered.stderr}`);

    assert.equal((await clearproof('account', 'encryption-key', '--out', at('other.json'))).code, 0);
    const open = (key: string, out: string): Promise<Ended> => clearproof('account', 'open-answer', '--demand', String(demand), '--encryption-key', at(key), '--out', at(out), ...reader());
    assert.equal((await open('other.json', 'stolen.json')).code, 1);
    await assert.rejects(readFile(at('stolen.json')), { code: 'ENOENT' });
    assert.equal(oneJson(await open('encryption.json', 'opened.json'))['epoch'], 2);
    assert.equal(await readFile(at('opened.json'), 'utf8'), await readFile(at('receipt-2.json'), 'utf8'));
    assert.match(errorOf(await asUser('account', 'reclaim-bond', '--demand', String(demand))).message, /DemandNotFailed|DemandClosed/);
    await passTime(venue, RULES.demandWindow + RULES.answerWindow);
    assert.equal(await venue.vaultAs(user).stands(2), true);
  });

  it('defers a request with an order of the account\'s signer, and with no other', async () => {
    const account = ['--receipt', at('opened.json'), '--owner', at('owner.json'), '--table', at('initial.json'), '--signer', user.address];
    const requested = await asUser('account', 'withdraw', ...account, '--instrument', 'USD', '--amount', '40');
    assert.equal(requested.code, 0, `${requested.stdout}${requested.stderr}`);
    const request = ['--request', String(oneJson(requested)['request'])];
    const sign = (key: string, out: string): Promise<Ended> =>
      clearproof('account', 'sign-order', '--receipt', at('opened.json'), '--sequence', '7', '--order-digest', ORDER, '--out', at(out), ...reader(), '--key-file', at(key));
    assert.equal((await sign('venue.key', 'forged.json')).code, 0);
    assert.equal(errorOf(await asVenue('defer', ...request, '--order', at('forged.json'))).code, 'ANSWER');
    assert.equal((await sign('user.key', 'order.json')).code, 0);
    assert.equal(oneJson(await asVenue('defer', ...request, '--order', at('order.json')))['status'], 'deferred');
    assert.equal(oneJson(await clearproof('account', 'request', 'status', ...request, ...reader()))['status'], 'deferred');
    assert.match(errorOf(await asUser('account', 'request', 'pay', ...request)).message, /WrongRequestStatus/);

    // The venue debited the account: the next snapshot has it without the forty dollars.
    await nextEpoch(3, 262_001_000n, true);
    const before = await tokenBalance(user, venue.tokens[0] as string, user.address);
    const confirmed = await asUser('account', 'request', 'confirm', ...request, '--receipt', at('receipt-3.json'), '--owner', at('owner.json'), '--table', at('initial.json'), '--signer', user.address);
    assert.equal(confirmed.code, 0, `${confirmed.stdout}${confirmed.stderr}`);
    assert.equal((await tokenBalance(user, venue.tokens[0] as string, user.address)) - before, 40_000_000n);
  });

  it('refunds what came in since the last snapshot once the venue is silent', async () => {
    const made = oneJson(await asUser('vault', 'deposit', '--asset', '0', '--amount', '1999000', '--beneficiary', BENEFICIARY));
    const refund = (): Promise<Ended> => asUser('account', 'exit', 'refund', '--deposit', String(made['deposit']));
    assert.match(errorOf(await refund()).message, /VenueNotClosed/);
    await passTime(venue, RULES.hatchAfter);
    assert.equal(oneJson(await asUser('account', 'exit', 'open'))['baseEpoch'], 3);
    const before = await tokenBalance(user, venue.tokens[0] as string, user.address);
    assert.equal((await refund()).code, 0);
    assert.equal((await tokenBalance(user, venue.tokens[0] as string, user.address)) - before, 1_999_000n);
    assert.match(errorOf(await refund()).message, /NothingToRefund/);
    const status = oneJson(await clearproof('account', 'exit', 'status', '--receipt', at('receipt-3.json'), ...reader()));
    assert.deepEqual([(status['hatch'] as { baseEpoch: number }).baseEpoch, status['exit']], [3, null]);
  });
});
