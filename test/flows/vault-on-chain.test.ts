import assert from 'node:assert/strict';
import { Contract } from 'ethers';
import { encryptReceipt, decryptReceipt } from '../../src/attestation/encrypted-receipt.js';
import { newEncryptionKeyPair } from '../../src/attestation/sealed-box.js';
import { parseReceipt, serializeReceipt } from '../../src/attestation/receipt-format.js';
import { confirmAction, contextOf, demandAction, moveAction, payoutAction, requestAction, scopeOf } from '../../src/chain/account-actions.js';
import { toSolidityClaim, type Payout } from '../../src/chain/account-claims.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { readContract, sendTransaction } from '../../src/chain/contract-call.js';
import { GATE_INTERFACE } from '../../src/chain/gate-abi.js';
import { SolvencyGateClient } from '../../src/chain/gate-client.js';
import { VAULT_INTERFACE } from '../../src/chain/vault-abi.js';
import { tokenBalance } from '../../src/chain/escrow-client.js';
import { vaultOf } from '../../src/chain/deployment.js';
import { signLaterOrder, signPayoutApproval } from '../../src/chain/vault-signatures.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { vaultNullifier } from '../../src/cli/account/account-prover.js';
import { bytesOf, hexOf } from '../../src/cli/account/encryption-key-file.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { WithdrawalError } from '../../src/proving/account-errors.js';
import type { OwnedAccount } from '../../src/proving/prove-account.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { settlementRows } from '../../src/risk/tiers.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { RULES, acceptEpoch, depositHoldings, startVault, treeOf, type AccountsTree, type TestAccount, type VaultOnChain } from './support/vault-on-chain.js';
import { VENUE_ID, assertReverts, passTime, restoreAfterEach, statedMarket } from './support/venue-on-chain.js';

const [USD, ETH] = [0, 4];
const DEADLINE = 2_000_000_000;

describe('a vault with real proofs on a real chain', function () {
  this.timeout(300_000);
  const market = onChainVenue().table;
  const initial: MarketTable = { ...market, level: 'initial' };
  let venue: VaultOnChain;
  let tree: AccountsTree;
  let vault: string;
  let accounts: readonly TestAccount[];
  let [alice, bob, carol]: ConnectedSigner[] = [];
  before(async () => {
    venue = await startVault(market);
    vault = vaultOf(venue.deployment);
    [alice, bob, carol] = [1, 2, 3].map(venue.user);
    accounts = [
      { name: 'alice', secret: 1_001n, signer: alice?.address ?? '', holdings: [{ index: USD, quantity: 300_000_000n }, { index: ETH, quantity: 5_000_000n }] },
      { name: 'bob', secret: 1_002n, signer: bob?.address ?? '', holdings: [{ index: USD, quantity: 200_000_000n }] },
      { name: 'carol', secret: 1_003n, signer: carol?.address ?? '', holdings: [{ index: USD, quantity: -10_000_000n }, { index: ETH, quantity: 2_000_000n }] },
    ];
    for (const table of [market, initial]) await venue.markets.state(statedMarket(table));
    // The venue lost half of what bob deposited.
    await depositHoldings(venue, alice as ConnectedSigner, market, accounts[0]?.holdings ?? []);
    await depositHoldings(venue, bob as ConnectedSigner, market, [{ index: USD, quantity: 100_000_000n }]);
    await depositHoldings(venue, carol as ConnectedSigner, market, accounts[2]?.holdings ?? []);
    await venue.client.openSnapshot();
    tree = treeOf(venue, 1, market, accounts);
    await acceptEpoch(venue, 1, market, tree.root, [500_000_000n, 10_000_000n, 0n, 0n, 7_000_000n, 0n]);
  });
  after(async () => {
    await (venue as VaultOnChain | undefined)?.stop();
    await releaseCurves();
  });
  restoreAfterEach(() => venue);

  const target = (): { chainId: bigint; vault: string } => ({ chainId: venue.deployment.chainId, vault });
  /** A proven payout of a row's quanta; `change` bends what is sent, not what was proven. */
  const prove = async (owned: OwnedAccount, row: number, amount: bigint, recipient: string, action = payoutAction(recipient, DEADLINE)): Promise<Payout> => ({
    claim: await venue.prover.margin(owned, initial, { verdict: 'healthy', withdrawal: { row, amount }, unmargined: false, scope: 0n, context: contextOf(vault, action) }),
    unmargined: false, row, amount, recipient, deadline: DEADLINE,
  });
  const approve = ({ claim: { nullifier }, row, amount, recipient, deadline }: Payout): Promise<string> =>
    signPayoutApproval(venue.operator, target(), { venueId: VENUE_ID, nullifier, row, amount, recipient, deadline });
  const usdOf = (who: ConnectedSigner): Promise<bigint> => tokenBalance(venue.operator, venue.tokens[0] as string, who.address);
  const as = (who: ConnectedSigner | undefined): ReturnType<VaultOnChain['vaultAs']> => venue.vaultAs(who as ConnectedSigner);

  it('names actions, scopes and contexts as TypeScript does', async () => {
    const contract = new Contract(vault, VAULT_INTERFACE, venue.operator);
    const read = (method: string, ...args: readonly unknown[]): Promise<unknown> => readContract(contract, method, method, args);
    const [who, handle, key] = [alice?.address ?? '', `0x${'d'.repeat(64)}`, '0x0102'];
    const pairs: readonly (readonly [string, Promise<unknown>])[] = [
      [payoutAction(who, DEADLINE), read('payoutAction', who, DEADLINE)], [requestAction(who, DEADLINE), read('requestAction', who, DEADLINE)],
      [confirmAction(9n), read('confirmAction', 9)], [moveAction(handle, DEADLINE), read('moveAction', handle, DEADLINE)], [demandAction(4, key), read('demandAction', 4, key)],
    ];
    for (const [written, asked] of pairs) assert.equal(written, await asked);
    assert.equal(new Set(pairs.map(([written]) => written)).size, pairs.length);
    const gate = new SolvencyGateClient(venue.deployment.gate, VENUE_ID, venue.operator);
    assert.deepEqual([await gate.scopeOf(vault), await gate.contextOf(vault, handle)], [scopeOf(vault), contextOf(vault, handle)]);
  });

  it('answers a consumer for at most 260,000 gas, all in, and nobody else with its proof', async () => {
    const gate = new SolvencyGateClient(venue.deployment.gate, VENUE_ID, alice as ConnectedSigner);
    const [consumer, action] = [alice?.address ?? '', `0x${'a'.repeat(64)}`];
    const claim = await venue.prover.margin(tree.owned('alice'), initial, { verdict: 'healthy', unmargined: false, scope: scopeOf(consumer), context: contextOf(consumer, action) });
    await gate.recordFrame(claim.circuitId, claim.epoch, claim.marketCommitment);
    const contract = new Contract(venue.deployment.gate, GATE_INTERFACE, alice);
    const { gasUsed } = await sendTransaction(contract, 'asking for margin', 'requireMargin', [VENUE_ID, toSolidityClaim(claim), 2, RULES.payoutTableAge, action]);
    assert.ok(gasUsed <= 260_000n, `${gasUsed}`);
    const question = { level: 'initial', maxTableAge: RULES.payoutTableAge, action } as const;
    assert.equal(await gate.requireMargin(claim, question), claim.nullifier);
    await assertReverts(new SolvencyGateClient(venue.deployment.gate, VENUE_ID, bob as ConnectedSigner).requireMargin(claim, question), 'MarginProofRejected');
    await assertReverts(gate.requireMargin(claim, { ...question, level: 'maintenance' }), 'WrongMarginLevel', { got: '2', wanted: '1' });
  });

  it('pays a proven withdrawal that the venue signed, once, and no bent one', async () => {
    const owned = tree.owned('alice');
    const payout = await prove(owned, USD, 120_000_000n, alice?.address ?? '');
    const signature = await approve(payout);
    await assertReverts(as(alice).withdraw({ ...payout, amount: 120_000_001n }, signature), 'MarginProofRejected');
    await assertReverts(as(alice).withdraw({ ...payout, row: 2 }, signature), 'MarginProofRejected');
    await assertReverts(as(bob).withdraw({ ...payout, recipient: bob?.address ?? '' }, signature), 'MarginProofRejected');
    await assertReverts(as(alice).withdraw(payout, await signPayoutApproval(alice as ConnectedSigner, target(), {
      venueId: VENUE_ID, nullifier: payout.claim.nullifier, row: USD, amount: 120_000_000n, recipient: payout.recipient, deadline: DEADLINE,
    })), 'VenueDidNotSign', { venueId: '7' });
    // Anybody may send it: what was proven names who is paid.
    await as(carol).withdraw(payout, signature);
    assert.equal(await usdOf(alice as ConnectedSigner), 120_000_000n);
    assert.deepEqual(await as(alice).paidUnder(vaultNullifier(owned.receipt)), { asset: 0, quanta: 120_000_000n });
    const second = await prove(owned, USD, 1n, alice?.address ?? '');
    await assertReverts(as(alice).withdraw(second, await approve(second)), 'NullifierUsedBefore', { nullifier: String(payout.claim.nullifier) });
  });

  it('is asked for no more than the account has: no proof can be made', async () => {
    await assert.rejects(prove(tree.owned('alice'), USD, 300_000_001n, alice?.address ?? ''), WithdrawalError);
    await assert.rejects(prove(tree.owned('carol'), ETH, 1_800_000n, carol?.address ?? ''), /lacks \d+ value units/);
  });

  it('pays a request that the venue did not sign, when its time is over', async () => {
    const owned = tree.owned('bob');
    const payout = await prove(owned, USD, 50_000_000n, bob?.address ?? '', requestAction(bob?.address ?? '', DEADLINE));
    const link = await venue.prover.signer(owned, { epoch: 1, laterEpoch: 1 }, bob?.address ?? '');
    const { id } = await as(carol).requestWithdrawal(payout, link);
    await assertReverts(as(carol).payRequest(id), 'RequestNotDue', { requestId: String(id) });
    await passTime(venue, RULES.requestDelay);
    await as(carol).payRequest(id);
    assert.deepEqual([await usdOf(bob as ConnectedSigner), (await as(bob).request(id))?.status], [50_000_000n, 'paid']);
    await assertReverts(as(carol).payRequest(id), 'WrongRequestStatus', { requestId: String(id), status: '3' });
  });

  it('lets a request be deferred only with an order of its signing key, and pays it on a proof in an epoch that follows', async () => {
    const owned = tree.owned('bob');
    const payout = await prove(owned, USD, 50_000_000n, bob?.address ?? '', requestAction(bob?.address ?? '', DEADLINE));
    const { id } = await as(bob).requestWithdrawal(payout, await venue.prover.signer(owned, { epoch: 1, laterEpoch: 1 }, bob?.address ?? ''));
    const order = { venueId: VENUE_ID, nullifier: payout.claim.nullifier, sequence: 3n, orderDigest: `0x${'c'.repeat(64)}` };
    const forged = await signLaterOrder(alice as ConnectedSigner, target(), order);
    await assertReverts(venue.venueVault.deferRequest(id, order.sequence, order.orderDigest, forged), 'OrderNotSigned', { signer: bob?.address ?? '' });
    await venue.venueVault.deferRequest(id, order.sequence, order.orderDigest, await signLaterOrder(bob as ConnectedSigner, target(), order));
    await passTime(venue, RULES.requestDelay);
    await assertReverts(as(bob).payRequest(id), 'WrongRequestStatus', { requestId: String(id), status: '2' });

    const snapshotTime = await latestTimestamp(venue.connection.provider);
    const [later, laterInitial]: MarketTable[] = [{ ...market, snapshotTime }, { ...initial, snapshotTime }];
    for (const table of [later, laterInitial] as MarketTable[]) await venue.markets.state(statedMarket(table));
    await venue.client.openSnapshot();
    const debited = accounts.map((one) => (one.name === 'bob' ? { ...one, holdings: [{ index: USD, quantity: 150_000_000n }] } : one));
    const next = treeOf(venue, 2, later as MarketTable, debited);
    await acceptEpoch(venue, 2, later as MarketTable, next.root, [450_000_000n, 10_000_000n, 0n, 0n, 7_000_000n, 0n]);
    const context = contextOf(vault, confirmAction(id));
    const claimOf = (name: string): ReturnType<typeof venue.prover.margin> =>
      venue.prover.margin(next.owned(name), laterInitial as MarketTable, { verdict: 'healthy', unmargined: false, scope: 0n, context });
    const link = await venue.prover.signer(next.owned('bob'), { epoch: 1, laterEpoch: 2 }, bob?.address ?? '');
    await assertReverts(as(bob).confirmRequest(id, await claimOf('alice'), link), 'SignerIsNotTheAccounts');
    await as(bob).confirmRequest(id, await claimOf('bob'), link);
    assert.deepEqual([await usdOf(bob as ConnectedSigner), (await as(bob).request(id))?.status], [50_000_000n, 'paid']);
  });

  it('does not count an epoch whose receipt was demanded until the venue answers, with what only the demander opens', async () => {
    const snapshotTime = await latestTimestamp(venue.connection.provider);
    const later: MarketTable = { ...market, snapshotTime };
    await venue.markets.state(statedMarket(later));
    await venue.client.openSnapshot();
    const next = treeOf(venue, 2, later, accounts);
    await acceptEpoch(venue, 2, later, next.root, [500_000_000n, 10_000_000n, 0n, 0n, 7_000_000n, 0n], false);
    const keys = newEncryptionKeyPair();
    const encryptionKey = hexOf(keys.publicKey);
    const purpose = { scope: scopeOf(vault), context: contextOf(vault, demandAction(2, encryptionKey)) };
    const claim = await venue.prover.margin(tree.owned('alice'), market, { verdict: 'held', unmargined: false, ...purpose });
    const bond = await as(alice).demandBond(2);
    assert.equal(bond, RULES.demandBond);
    const other = hexOf(newEncryptionKeyPair().publicKey);
    await assertReverts(as(alice).demandReceipt(2, claim, other, bond), 'MarginProofRejected');
    await assertReverts(as(alice).demandReceipt(2, claim, encryptionKey, bond - 1n), 'WrongBond', { got: String(bond - 1n), wanted: String(bond) });
    const { id } = await as(alice).demandReceipt(2, claim, encryptionKey, bond);
    const reference = { ...target(), demandId: id };
    assert.equal(await as(alice).encryptionKeyOf(id), encryptionKey);

    await passTime(venue, RULES.answerWindow - 60);
    const answered = serializeReceipt(next.owned('alice').receipt);
    await venue.venueVault.answerDemand(id, hexOf(encryptReceipt(answered, bytesOf(encryptionKey), reference)));
    const answer = await as(alice).answerOf(id);
    assert.equal(decryptReceipt(bytesOf(answer ?? '0x'), keys.privateKey, reference), answered);
    assert.equal(parseReceipt(answered).epoch, 2);
    await passTime(venue, RULES.answerWindow + 120);
    assert.deepEqual([await as(alice).stands(2), await as(alice).newestStanding()], [true, 2]);
  });

  it('leaves an epoch as no base whose demand nobody answered, and returns the bond', async () => {
    const snapshotTime = await latestTimestamp(venue.connection.provider);
    const later: MarketTable = { ...market, snapshotTime };
    await venue.markets.state(statedMarket(later));
    await venue.client.openSnapshot();
    await acceptEpoch(venue, 2, later, treeOf(venue, 2, later, accounts).root, [500_000_000n, 10_000_000n, 0n, 0n, 7_000_000n, 0n], false);
    const encryptionKey = hexOf(newEncryptionKeyPair().publicKey);
    const purpose = { scope: scopeOf(vault), context: contextOf(vault, demandAction(2, encryptionKey)) };
    const claim = await venue.prover.margin(tree.owned('carol'), market, { verdict: 'held', unmargined: false, ...purpose });
    const { id } = await as(carol).demandReceipt(2, claim, encryptionKey, RULES.demandBond);
    await assertReverts(as(carol).reclaimBond(id), 'DemandNotFailed', { demandId: String(id) });
    await passTime(venue, RULES.demandWindow + RULES.answerWindow);
    assert.deepEqual([await as(carol).stands(2), await as(carol).newestStanding()], [false, 1]);
    await as(carol).reclaimBond(id);
    assert.equal((await as(carol).demand(id))?.reclaimed, true);
    await assertReverts(venue.venueVault.answerDemand(id, '0x01'), 'DemandClosed', { demandId: String(id) });
  });

  it('is wound up when the venue falls silent: everybody exits at one factor, less what they took since', async () => {
    const recipients = { alice, bob, carol } as Readonly<Record<string, ConnectedSigner>>;
    const payout = await prove(tree.owned('alice'), USD, 120_000_000n, alice?.address ?? '');
    await as(alice).withdraw(payout, await approve(payout));
    const { id: refundable } = await lateDeposit();
    const hatch = venue.hatchAs(alice as ConnectedSigner);
    await assertReverts(hatch.openHatch(1), 'HatchNotDue');
    await passTime(venue, RULES.hatchAfter);
    await hatch.openHatch(1);
    assert.equal(await venue.client.gateMode(), 'HALT');
    const again = await prove(tree.owned('bob'), USD, 1n, bob?.address ?? '');
    await assertReverts(as(bob).withdraw(again, await approve(again)), 'VenueClosed', { venueId: '7' });

    // What was paid is valued at the base epoch's mark, which somebody has to show.
    const exits = await Promise.all(['alice', 'bob', 'carol'].map((name) => venue.prover.exit(tree.owned(name), recipients[name]?.address ?? '')));
    await assertReverts(hatch.registerExit(exits[0] as (typeof exits)[0]), 'MarksMissing', { asset: '0' });
    for (const [asset, row] of settlementRows(market).entries()) await hatch.reportMark(asset, await venue.prover.mark(venue.location, market, row.index));
    for (const exit of exits) await hatch.registerExit(exit);
    await assertReverts(hatch.registerExit(exits[1] as (typeof exits)[0]), 'ExitRegisteredBefore');
    const claims = { alice: 475_100_000_000_000n - 120_000_000n * 1_000_000n, bob: 200_000_000_000_000n, carol: 60_040_000_000_000n };
    for (const [place, amount] of Object.values(claims).entries()) assert.equal((await hatch.exit(exits[place]?.nullifier ?? 0n))?.amount, amount);
    await assertReverts(hatch.settleRound(), 'RoundOpen');
    await passTime(venue, RULES.claimWindow);
    await hatch.settleRound();

    const total = Object.values(claims).reduce((sum, one) => sum + one, 0n);
    assert.deepEqual(await hatch.round(1), { claims: total, denominator: total });
    // In the vault: 400 USD less 120, and 7 million quanta of ETH; together less than the claims.
    const free = [280_000_000n, 0n, 7_000_000n];
    for (const [place, name] of (['alice', 'bob', 'carol'] as const).entries()) {
      const before = await balancesOf(recipients[name] as ConnectedSigner);
      await hatch.collectExit(exits[place]?.nullifier ?? 0n, [0, 1, 2]);
      const gained = (await balancesOf(recipients[name] as ConnectedSigner)).map((after, asset) => after - (before[asset] ?? 0n));
      assert.deepEqual(gained, free.map((units) => (units * claims[name]) / total), name);
      await assertReverts(hatch.collectExit(exits[place]?.nullifier ?? 0n, [0]), 'CollectedBefore');
    }
    const before = await usdOf(carol as ConnectedSigner);
    await venue.hatchAs(carol as ConnectedSigner).refundDeposit(refundable, carol?.address ?? '');
    assert.equal(await usdOf(carol as ConnectedSigner) - before, 77n);
  });

  it('takes the exit of nobody else, nor for another recipient or amount', async () => {
    await passTime(venue, RULES.hatchAfter);
    const hatch = venue.hatchAs(bob as ConnectedSigner);
    await hatch.openHatch(1);
    const exit = await venue.prover.exit(tree.owned('alice'), alice?.address ?? '');
    await assertReverts(hatch.registerExit({ ...exit, recipient: bob?.address ?? '' }), 'ExitProofRejected');
    await assertReverts(hatch.registerExit({ ...exit, equity: exit.equity + 1n }), 'ExitProofRejected');
    await assertReverts(hatch.registerExit({ ...exit, nullifier: exit.nullifier + 1n }), 'ExitProofRejected');
    const mark = await venue.prover.mark(venue.location, market, USD);
    await assertReverts(hatch.reportMark(0, { ...mark, mark: mark.mark * 2n }), 'MarkProofRejected');
    await assertReverts(hatch.reportMark(1, mark), 'MarkOfAnotherAsset', { row: '0', got: '0', wanted: '1' });
  });

  const balancesOf = (who: ConnectedSigner): Promise<bigint[]> => Promise.all(venue.tokens.map((token) => tokenBalance(venue.operator, token, who.address)));
  const lateDeposit = async (): Promise<{ id: bigint }> => {
    const [id] = await depositHoldings(venue, carol as ConnectedSigner, market, [{ index: USD, quantity: 77n }]);
    return { id: id as bigint };
  };
});
