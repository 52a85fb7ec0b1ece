import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serializeReceipt } from '../../src/attestation/receipt-format.js';
import { contextOf, scopeOf } from '../../src/chain/account-actions.js';
import { writeDeployment } from '../../src/chain/deployment-file.js';
import { mirrorContextOf, mirrorScopeOf } from '../../src/chain/mirror-scope.js';
import { vaultOf } from '../../src/chain/deployment.js';
import { tokenBalance } from '../../src/chain/escrow-client.js';
import { orderSignerOf, signPayoutApproval, type PayoutApproval } from '../../src/chain/vault-signatures.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { vaultNullifier } from '../../src/cli/account/account-prover.js';
import { writeApproval } from '../../src/cli/vault/approval-file.js';
import { readOrder } from '../../src/cli/vault/order-file.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { RULES, acceptEpoch, depositHoldings, startVault, treeOf, type AccountsTree, type TestAccount, type VaultOnChain } from '../flows/support/vault-on-chain.js';
import { VENUE_ID, passTime, statedMarket } from '../flows/support/venue-on-chain.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

/** Account 1 of anvil's public mnemonic. */
const USER_KEY = '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const ACTION = `0x${'a'.repeat(64)}`;
const CONSUMER = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

describe('the owner of an account, through the command line', function () {
  this.timeout(600_000);
  const market = onChainVenue().table;
  const initial: MarketTable = { ...market, level: 'initial' };
  let venue: VaultOnChain;
  let tree: AccountsTree;
  let user: ConnectedSigner;
  let folder: string;
  let remove: () => Promise<void>;
  const at = (name: string): string => join(folder, name);
  const ofAlice = (): string[] => ['--receipt', at('receipt.json'), '--owner', at('owner.json'), '--table', at('initial.json')];
  const onChain = (): string[] => ['--deployment', at('deployment.json'), '--rpc', venue.anvilUrl, '--key-file', at('user.key')];
  const prove = (...args: readonly string[]): Promise<Ended> => clearproof('account', 'prove-margin', ...args, '--out', at('claim.json'), '--json');

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    venue = await startVault(market);
    user = venue.user(1);
    const accounts: readonly TestAccount[] = [
      { name: 'alice', secret: 1_001n, signer: user.address, holdings: [{ index: 0, quantity: 300_000_000n }] },
      { name: 'bob', secret: 1_002n, signer: user.address, holdings: [{ index: 0, quantity: 200_000_000n }] },
    ];
    for (const table of [market, initial]) await venue.markets.state(statedMarket(table));
    for (const { holdings } of accounts) await depositHoldings(venue, user, market, holdings);
    await venue.client.openSnapshot();
    tree = treeOf(venue, 1, market, accounts);
    await acceptEpoch(venue, 1, market, tree.root, [500_000_000n, 0n, 0n, 0n, 0n, 0n]);
    for (const [name, suffix] of [['alice', ''], ['bob', '-of-bob']] as const) {
      const { receipt, owner } = tree.owned(name);
      await writeFile(at(`receipt${suffix}.json`), serializeReceipt(receipt));
      const content = { format: 'clearproof-owner', version: 1, secret: String(owner.secret), signingKeyDigest: String(owner.signingKeyDigest), owner: String(receipt.owner) };
      await writeFile(at(`owner${suffix}.json`), JSON.stringify(content), { mode: 0o600 });
    }
    await writeFile(at('initial.json'), serializeMarketTable(initial));
    await writeFile(at('user.key'), USER_KEY, { mode: 0o600 });
    await writeDeployment(at('deployment.json'), venue.deployment);
  });
  after(async () => {
    await (venue as VaultOnChain | undefined)?.stop();
    await remove();
    await releaseCurves();
  });

  it('is refused without a purpose, with another\'s owner file, or with one that others may read', async () => {
    assert.equal(errorOf(await prove(...ofAlice(), '--consumer', CONSUMER)).code, 'PROOF_PURPOSE');
    const purpose = ['--consumer', CONSUMER, '--action', ACTION];
    assert.equal(errorOf(await prove(...ofAlice(), '--owner', at('owner-of-bob.json'), ...purpose)).code, 'OWNER_MISMATCH');
    await chmod(at('owner-of-bob.json'), 0o644);
    const readable = await prove(...ofAlice(), '--owner', at('owner-of-bob.json'), ...purpose);
    assert.deepEqual([readable.code, errorOf(readable).code], [1, 'SECRET_FILE']);
    assert.ok(!`${readable.stdout}${readable.stderr}`.includes('1002'), 'the secret is not shown');
  });

  it('proves to a contract that the account meets its margin; the contract takes what the file holds', async () => {
    const ended = await prove(...ofAlice(), '--consumer', CONSUMER, '--action', ACTION, '--deployment', at('deployment.json'));
    assert.equal(ended.code, 0, ended.stderr);
    const { claim, scope, context, level, format } = JSON.parse(await readFile(at('claim.json'), 'utf8')) as Record<string, unknown> & { claim: object };
    assert.deepEqual([format, level, scope, context], ['clearproof-margin-claim', 'initial', String(scopeOf(CONSUMER)), String(contextOf(CONSUMER, ACTION))]);
    assert.equal(oneJson(ended)['nullifier'], (claim as { nullifier: string }).nullifier);
    const terms = { healthy: true, held: false, withdraws: false, unmargined: false, payload: scopeOf(CONSUMER), context: contextOf(CONSUMER, ACTION) };
    const gate = venue.gateContract();
    await gate.getFunction('checkMargin').staticCall(VENUE_ID, claim, terms);
    await assert.rejects(gate.getFunction('checkMargin').staticCall(VENUE_ID, claim, { ...terms, context: terms.context + 1n }), /MarginProofRejected/);
  });

  it('[P-289] proves to a contract behind a mirror on another chain, and to no other', async () => {
    const [mirror, chainId] = ['0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512', 8_453n];
    const place = { chainId, mirror };
    const purpose = ['--consumer', CONSUMER, '--action', ACTION];
    const ended = await prove(...ofAlice(), '--mirror', `${chainId}:${mirror}`, ...purpose);
    assert.equal(ended.code, 0, ended.stderr);
    const { claim, scope, context } = JSON.parse(await readFile(at('claim.json'), 'utf8')) as Record<string, unknown>;
    const terms = { healthy: true, held: false, withdraws: false, unmargined: false, payload: mirrorScopeOf(place, CONSUMER), context: mirrorContextOf(place, CONSUMER, ACTION) };
    assert.deepEqual([scope, context], [String(terms.payload), String(terms.context)]);
    const gate = venue.gateContract();
    await gate.getFunction('checkMargin').staticCall(VENUE_ID, claim, terms);
    for (const other of [{ payload: scopeOf(CONSUMER), context: contextOf(CONSUMER, ACTION) }, { payload: mirrorScopeOf({ ...place, chainId: chainId + 1n }, CONSUMER) }]) {
      await assert.rejects(gate.getFunction('checkMargin').staticCall(VENUE_ID, claim, { ...terms, ...other }), /MarginProofRejected/);
    }
    for (const wrong of [mirror, `8453:${mirror}:1`, `0:${mirror}`, '8453:0x12', `x:${mirror}`]) {
      assert.notEqual((await prove(...ofAlice(), '--mirror', wrong, ...purpose)).code, 0, wrong);
    }
    assert.notEqual((await prove(...ofAlice(), '--mirror', `${chainId}:${mirror}`, '--scope', '5', '--context', '7')).code, 0, 'a scope of one\'s own');
    assert.equal(errorOf(await prove(...ofAlice(), '--mirror', `${chainId}:${mirror}`)).code, 'PROOF_PURPOSE');
  });

  it('shows the venue which key signs its orders, and the venue takes no other key and no other account', async () => {
    const ofSigner = ['--receipt', at('receipt.json'), '--owner', at('owner.json'), '--out', at('signer.json')];
    const check = (receipt: string): Promise<Ended> =>
      clearproof('vault', 'check-signer', '--receipt', at(receipt), '--proof', at('signer.json'), '--deployment', at('deployment.json'), '--rpc', venue.anvilUrl, '--json');
    assert.equal(errorOf(await clearproof('account', 'prove-signer', ...ofSigner, '--signer', CONSUMER, '--json')).code, 'SIGNING_KEY');
    const proven = await clearproof('account', 'prove-signer', ...ofSigner, '--signer', user.address, '--json');
    assert.equal(proven.code, 0, proven.stderr);
    const checked = oneJson(await check('receipt.json'));
    assert.deepEqual([checked['userId'], checked['signer']], ['alice', user.address]);
    assert.match(errorOf(await check('receipt-of-bob.json')).message, /SignerProofRejected/);
    const text = await readFile(at('signer.json'), 'utf8');
    await writeFile(at('signer.json'), text.replace(user.address, CONSUMER));
    assert.match(errorOf(await check('receipt.json')).message, /SignerProofRejected/);
    await writeFile(at('signer.json'), text.replace('"epoch":"1"', '"epoch":"2"'));
    assert.equal(errorOf(await check('receipt.json')).code, 'ANSWER');
  });

  it('withdraws with the venue\'s approval, and not with one for another account', async () => {
    const target = { chainId: venue.deployment.chainId, vault: vaultOf(venue.deployment) };
    for (const [name, suffix] of [['alice', ''], ['bob', '-of-bob']] as const) {
      const approval: PayoutApproval = {
        venueId: VENUE_ID, nullifier: vaultNullifier(tree.owned(name).receipt), row: 0, amount: 120_000_000n, recipient: user.address, deadline: 2_000_000_000,
      };
      await writeApproval(at(`approval${suffix}.json`), target, { approval, signature: await signPayoutApproval(venue.operator, target, approval) });
    }
    const withdraw = (...args: readonly string[]): Promise<Ended> => clearproof('account', 'withdraw', ...ofAlice(), ...args, ...onChain(), '--json');
    assert.equal(errorOf(await withdraw('--venue-signature', at('approval-of-bob.json'))).code, 'APPROVAL');
    const paid = await withdraw('--venue-signature', at('approval.json'));
    assert.equal(paid.code, 0, paid.stderr);
    assert.deepEqual([oneJson(paid)['status'], await tokenBalance(user, venue.tokens[0] as string, user.address)], ['paid', 120_000_000n]);
    const twice = errorOf(await withdraw('--venue-signature', at('approval.json')));
    assert.deepEqual([twice.code, /NullifierUsedBefore/.test(twice.message)], ['CONTRACT_REVERTED', true]);
    const tooMuch = await withdraw('--instrument', 'USD', '--amount', '300.000001', '--signer', user.address);
    assert.deepEqual([tooMuch.code, errorOf(tooMuch).code], [1, 'WITHDRAWAL']);
  });

  it('signs an order that follows its receipt\'s snapshot, or one that it has no receipt of yet', async () => {
    const sign = async (...epoch: readonly string[]): Promise<bigint> => {
      const signed = await clearproof('account', 'sign-order', '--receipt', at('receipt.json'), '--sequence', '7', '--order-digest', ACTION, ...epoch, '--out', at('order.json'), ...onChain(), '--json');
      assert.equal(signed.code, 0, signed.stderr);
      const { order, signature } = await readOrder(at('order.json'));
      assert.deepEqual([order.venueId, order.sequence, order.orderDigest], [VENUE_ID, 7n, ACTION]);
      assert.equal(orderSignerOf({ chainId: venue.deployment.chainId, vault: vaultOf(venue.deployment) }, order, signature), user.address);
      return order.nullifier;
    };
    const { receipt } = tree.owned('alice');
    assert.equal(await sign(), vaultNullifier(receipt));
    assert.equal(await sign('--epoch', '2'), vaultNullifier({ ...receipt, epoch: 2 }));
    assert.notEqual(vaultNullifier({ ...receipt, epoch: 2 }), vaultNullifier(receipt));
  });

  it('requests without the venue, and has the request paid when it is due', async () => {
    const ofBob = ['--receipt', at('receipt-of-bob.json'), '--owner', at('owner-of-bob.json'), '--table', at('initial.json')];
    await chmod(at('owner-of-bob.json'), 0o600);
    const requested = await clearproof('account', 'withdraw', ...ofBob, '--instrument', 'USD', '--amount', '50', '--signer', user.address, ...onChain(), '--json');
    assert.equal(requested.code, 0, requested.stderr);
    const number = String(oneJson(requested)['request']);
    const early = errorOf(await clearproof('account', 'request', 'pay', '--request', number, ...onChain(), '--json'));
    assert.match(early.message, /RequestNotDue/);
    await passTime(venue, RULES.requestDelay);
    assert.equal(oneJson(await clearproof('account', 'request', 'pay', '--request', number, ...onChain(), '--json'))['status'], 'paid');
    const none = await clearproof('account', 'request', 'status', '--request', '99', '--deployment', at('deployment.json'), '--rpc', venue.anvilUrl, '--json');
    assert.equal(errorOf(none).code, 'REQUEST');
  });

  it('leaves a silent venue step by step', async () => {
    const exit = async (step: string, ...args: readonly string[]): Promise<Record<string, unknown>> => oneJson(await clearproof('account', 'exit', step, ...args, ...onChain(), '--json'));
    const receipt = ['--receipt', at('receipt-of-bob.json')];
    assert.equal(((await exit('register', ...receipt, '--owner', at('owner-of-bob.json')))['error'] as { code: string }).code, 'EXIT');
    await passTime(venue, RULES.hatchAfter);
    assert.equal((await exit('open'))['baseEpoch'], 1);
    assert.equal(((await exit('marks', ...receipt))['reported'] as unknown[]).length, 3);
    // Two hundred dollars, of which fifty were requested and paid.
    assert.equal((await exit('register', ...receipt, '--owner', at('owner-of-bob.json')))['amount'], '150000000000000');
    await passTime(venue, RULES.claimWindow);
    assert.equal((await exit('settle'))['claims'], '150000000000000');
    assert.equal(((await exit('collect', ...receipt))['collected'] as unknown[]).length, 3);
    assert.deepEqual((await exit('collect', ...receipt))['collected'], []);
  });
});
