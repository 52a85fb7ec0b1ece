import assert from 'node:assert/strict';
import { openingOf } from '../../src/attestation/balance-opening.js';
import type { SignedBalance } from '../../src/attestation/balance-receipt.js';
import { contextOf, requestAction } from '../../src/chain/account-actions.js';
import { askChain } from '../../src/chain/ask-chain.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { vaultOf } from '../../src/chain/deployment.js';
import { OtcOptions } from '../../src/chain/example-consumers.js';
import { SolvencyGateClient } from '../../src/chain/gate-client.js';
import type { InclusionClaim } from '../../src/chain/omission-client.js';
import { signAccountOrder, type AccountOrder } from '../../src/chain/omission-signatures.js';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { circuitIdOf, digestOf } from '../../src/commitment/digest.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { defaultProver } from '../../src/groth16/prover-choice.js';
import { ProverPool } from '../../src/groth16/prover-pool.js';
import { placesOf } from '../../src/proving/epoch-plan.js';
import { accountOfPlan, proveInclusion } from '../../src/proving/prove-inclusion.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { KEYS, onChainVenue } from '../builders/on-chain-epoch.js';
import { DISPUTES, depositAll, nextEpoch, ownedAccount, signPromise, startOmissionVenue, type OmissionVenue, type PlannedTree } from './support/omission-on-chain.js';
import { RULES, acceptEpoch, treeOf } from './support/vault-on-chain.js';
import { ARTIFACTS, VENUE_ID, assertReverts, passTime, restoreAfterEach, statedMarket } from './support/venue-on-chain.js';

const [USD, ETH] = [0, 4];
const ORDER_DIGEST = `0x${'c'.repeat(64)}`;
const CODE_OF_WITHDRAW_ONLY = '2';

type User = 'alice' | 'bob' | 'carol';

describe('an epoch that leaves an account out, with real proofs of inclusion on a real chain', function () {
  this.timeout(300_000);
  const market = onChainVenue().table;
  let venue: OmissionVenue;
  let pool: ProverPool;
  let users: Readonly<Record<User, ConnectedSigner>>;
  let accounts: Readonly<Record<User, ReturnType<typeof ownedAccount>>>;
  let receipts: Readonly<Record<User, SignedBalance>>;
  let first: PlannedTree;
  let second: PlannedTree;
  /** Unix seconds of the receipts. */
  let issuedAt: number;

  before(async () => {
    venue = await startOmissionVenue(market);
    pool = new ProverPool(await defaultProver(KEYS), { workers: 1, threads: 'all' });
    users = { alice: venue.user(1), bob: venue.user(2), carol: venue.user(3) };
    accounts = {
      alice: ownedAccount('alice', 1_001n, users.alice.address, [{ index: USD, quantity: 300_000_000n }, { index: ETH, quantity: 5_000_000n }]),
      bob: ownedAccount('bob', 1_002n, users.bob.address, [{ index: USD, quantity: 200_000_000n }]),
      carol: ownedAccount('carol', 1_003n, users.carol.address, [{ index: USD, quantity: 70_000_000n }, { index: ETH, quantity: 2_000_000n }]),
    };
    await depositAll(venue, market, Object.values(accounts));
    first = await nextEpoch(venue, 1, market, Object.values(accounts), true);
    issuedAt = await latestTimestamp(venue.connection.provider);
    const promise = (user: User, row: number, amount: bigint): Promise<SignedBalance> => signPromise(venue, {
      account: accounts[user], signer: users[user].address, issuedAt, sequence: 5n,
      promised: { instrument: market.rows[row]?.id ?? '', quantityDecimals: market.rows[row]?.quantityDecimals ?? 0, firstRow: row, lastRow: row, amount },
    });
    receipts = { alice: await promise('alice', USD, 300_000_000n), bob: await promise('bob', USD, 200_000_000n), carol: await promise('carol', ETH, 2_000_000n) };
    // Alice is left out, of bob's dollars half is missing, carol is all there.
    second = await nextEpoch(venue, 2, market, [{ ...accounts.bob, holdings: [{ index: USD, quantity: 100_000_000n }] }, accounts.carol]);
  });
  after(async () => {
    await (pool as ProverPool | undefined)?.close();
    await (venue as OmissionVenue | undefined)?.stop();
    await releaseCurves();
  });
  restoreAfterEach(() => venue);

  const asVenue = (): ReturnType<OmissionVenue['disputesAs']> => venue.disputesAs(venue.operator);
  const challenge = async (user: User, epoch = 2): Promise<bigint> => {
    const signed = receipts[user];
    return (await venue.disputesAs(users[user]).challenge(epoch, signed.receipt, signed, DISPUTES.bond)).id;
  };
  /** What the venue can prove of a user's receipt in an epoch of its own. */
  const inclusion = async ({ plan, tree }: PlannedTree, user: User): Promise<InclusionClaim> => {
    const poseidon = await bulkPoseidon();
    const { opening } = receipts[user];
    const { circuit, proof } = await proveInclusion(pool, poseidon, await readCircuitList(), accountOfPlan(poseidon, plan, tree, opening), openingOf(poseidon, opening));
    return { circuitId: circuitIdOf(circuit), proof };
  };
  const statusOf = async (id: bigint): Promise<string | undefined> => (await asVenue().challengeAt(id))?.status;
  const lose = async (id: bigint): Promise<void> => {
    await passTime(venue, DISPUTES.answerWindow);
    await venue.disputesAs(venue.stranger).settle(id);
  };
  const order = (change: Partial<AccountOrder> = {}): AccountOrder => ({
    venueId: VENUE_ID, account: receipts.bob.receipt.account, sequence: 6n, orderedAt: issuedAt, orderDigest: ORDER_DIGEST, ...change,
  });
  const signed = (signer: ConnectedSigner, one: AccountOrder): Promise<string> =>
    signAccountOrder(signer, { chainId: venue.deployment.chainId, disputes: asVenue().disputes }, one);

  it('cannot be defended by its venue: no proof of the account can be made, and no other proof is taken', async () => {
    const id = await challenge('alice');
    await assert.rejects(inclusion(second, 'alice'), { code: 'ACCOUNT_OMITTED' });
    const [ofCarol, ofEarlier] = [await inclusion(second, 'carol'), await inclusion(first, 'alice')];
    await assertReverts(asVenue().answerWithInclusion(id, ofCarol), 'InclusionProofRejected');
    await assertReverts(asVenue().answerWithInclusion(id, ofEarlier), 'InclusionProofRejected');
    await assertReverts(asVenue().answerWithInclusion(id, { ...ofCarol, circuitId: circuitIdOf('solvency-batch-n16-k3-s2') }), 'WrongCircuit');
    assert.equal(await statusOf(id), 'open');
  });

  it('cannot be defended either where the account has less than was promised', async () => {
    const contested = async (): Promise<boolean | undefined> => {
      const answer = await askChain(venue.anvilUrl, { registry: venue.deployment.registry, venueId: VENUE_ID, epoch: 2 });
      return answer.source === 'chain' ? answer.contested : undefined;
    };
    assert.equal(await contested(), false);
    const id = await challenge('bob');
    assert.equal(await contested(), true, 'who verifies is told');
    const { disputes } = asVenue();
    const code = await venue.connection.provider.getCode(disputes);
    await venue.connection.provider.send('anvil_setCode', [disputes, '0xfe']);
    const silent = await askChain(venue.anvilUrl, { registry: venue.deployment.registry, venueId: VENUE_ID, epoch: 2 });
    assert.deepEqual([silent.source, 'contested' in silent], ['chain', false], 'a contract of the venue\'s that does not answer hides nothing of the registry');
    await venue.connection.provider.send('anvil_setCode', [disputes, code]);
    await assert.rejects(inclusion(second, 'bob'), { code: 'BALANCE_SHORT' });
    await assertReverts(asVenue().answerWithInclusion(id, await inclusion(first, 'bob')), 'InclusionProofRejected');
    await lose(id);
    assert.equal(await statusOf(id), 'lost');
  });

  it('is disputed for good once time is over, shuts the gate on consumers, and is made good by the account\'s return in a later epoch', async () => {
    const gate = new SolvencyGateClient(venue.deployment.gate, VENUE_ID, venue.operator);
    const consumer = await OtcOptions.deploy(venue.operator, { ...venue.deployment, artifacts: ARTIFACTS, maxTableAge: 3_600 });
    assert.equal(await gate.mode(), 'OPEN');
    const id = await challenge('alice');
    await assertReverts(venue.disputesAs(users.alice).settle(id), 'AnswerStillDue');
    await lose(id);
    const since = await asVenue().disputedSince();
    assert.deepEqual([await statusOf(id), await gate.mode(), await asVenue().isContested(2), since !== undefined], ['lost', 'WITHDRAW_ONLY', true, true]);
    await assertReverts(askConsumer(consumer), 'GateClosed', { mode: CODE_OF_WITHDRAW_ONLY });
    await assertReverts(asVenue().answerWithInclusion(id, await inclusion(first, 'alice')), 'InclusionProofRejected');

    const before = await venue.connection.provider.getBalance(users.alice.address);
    await venue.disputesAs(venue.operator).reclaimBond(id);
    assert.equal((await venue.connection.provider.getBalance(users.alice.address)) - before, DISPUTES.bond);
    await assertReverts(asVenue().reclaimBond(id), 'BondNotReclaimable');

    await passTime(venue, RULES.demandWindow + RULES.answerWindow);
    const third = await nextEpoch(venue, 3, market, Object.values(accounts));
    // An epoch that includes her does not lift it by itself: the venue has to show that it does.
    assert.equal(await gate.mode(), 'WITHDRAW_ONLY');
    await asVenue().answerWithInclusion(id, await inclusion(third, 'alice'));
    assert.deepEqual([await statusOf(id), await gate.mode(), await asVenue().disputedSince()], ['cured', 'OPEN', undefined]);
    await assertReverts(askConsumer(consumer), 'NotWriter');
    assert.deepEqual([await asVenue().answerOf(id, 0), await asVenue().isContested(2)], ['inclusion', true]);
    await passTime(venue, RULES.demandWindow + RULES.answerWindow);
    const vault = venue.vaultAs(users.alice);
    assert.deepEqual([await vault.stands(2), await vault.stands(3)], [false, true]);
  });

  it('costs whoever challenges for an account that is there the bond, which goes to the venue', async () => {
    const id = await challenge('carol');
    const claim = await inclusion(second, 'carol');
    await assertReverts(venue.disputesAs(users.carol).answerWithInclusion(id, claim), 'NotOperator');
    const { provider } = venue.connection;
    const before = await provider.getBalance(venue.operator.address);
    const { transactionHash } = await asVenue().answerWithInclusion(id, claim);
    const mined = await provider.getTransactionReceipt(transactionHash);
    assert.equal((await provider.getBalance(venue.operator.address)) - before, DISPUTES.bond - (mined?.fee ?? 0n));
    assert.deepEqual([await statusOf(id), await asVenue().isContested(2)], ['answered', false]);
    await passTime(venue, DISPUTES.answerWindow);
    await assertReverts(asVenue().settle(id), 'WrongChallengeStatus');
    await assertReverts(asVenue().reclaimBond(id), 'BondNotReclaimable');
    assert.equal((await new SolvencyGateClient(venue.deployment.gate, VENUE_ID, venue.operator).mode()), 'OPEN');
  });

  it('is explained by a later order of the account\'s own key between receipt and snapshot, and by no other', async () => {
    const id = await challenge('bob');
    const answer = async (one: AccountOrder, signer: ConnectedSigner = users.bob): Promise<unknown> => asVenue().answerWithOrder(id, one, await signed(signer, one));
    await assertReverts(answer(order(), venue.operator), 'OrderNotSignedBy', { signer: users.bob.address });
    await assertReverts(answer(order({ sequence: 5n })), 'OrderNotLater', { sequence: '5', counted: '5' });
    await assertReverts(answer(order({ orderedAt: issuedAt - 1 })), 'OrderOutsideTime');
    const { snapshotTime } = await readOnChainRecord(venue.connection.provider, venue.deployment.registry, VENUE_ID, 2);
    await assertReverts(answer(order({ orderedAt: snapshotTime + 1 })), 'OrderOutsideTime');
    await assertReverts(answer(order({ account: receipts.carol.receipt.account })), 'OrderOfAnotherAccount');
    await answer(order({ orderedAt: snapshotTime }));
    assert.deepEqual([await statusOf(id), await asVenue().answerOf(id, 0)], ['answered', 'order']);
  });

  it('is explained by a withdrawal that the account\'s owner proved and requested, and by nobody else\'s', async () => {
    await passTime(venue, RULES.demandWindow + RULES.answerWindow);
    // Accounts of four slots, as the account circuits of the tests have them.
    const members = (['alice', 'bob'] as const).map((name) => ({ name, secret: name === 'alice' ? 1_001n : 1_002n, signer: users[name].address, holdings: accounts[name].holdings }));
    await venue.client.openSnapshot();
    const now: MarketTable = { ...market, snapshotTime: await latestTimestamp(venue.connection.provider) };
    for (const table of [now, { ...now, level: 'initial' as const }]) await venue.markets.state(statedMarket(table));
    const tree = treeOf(venue, 3, now, members);
    await acceptEpoch(venue, 3, now, tree.root, [500_000_000n, 0n, 0n, 0n, 5_000_000n, 0n]);
    const later = await latestTimestamp(venue.connection.provider);
    const promised = await Promise.all((['alice', 'bob'] as const).map((name) => signPromise(venue, {
      account: accounts[name], signer: users[name].address, issuedAt: later,
      promised: { instrument: 'USD', quantityDecimals: 6, firstRow: USD, lastRow: USD, amount: 200_000_000n },
    })));
    const [owned, recipient, deadline] = [tree.owned('bob'), users.bob.address, now.snapshotTime + 86_400];
    const context = contextOf(vaultOf(venue.deployment), requestAction(recipient, deadline));
    const claim = await venue.prover.margin(owned, { ...now, level: 'initial' }, { verdict: 'healthy', withdrawal: { row: USD, amount: 60_000_000n }, unmargined: false, scope: 0n, context });
    const link = await venue.prover.signer(owned, { epoch: 3, laterEpoch: 3 }, recipient);
    const { id: request } = await venue.vaultAs(users.bob).requestWithdrawal({ claim, unmargined: false, row: USD, amount: 60_000_000n, recipient, deadline }, link);
    await nextEpoch(venue, 4, market, [{ ...accounts.alice, holdings: [{ index: USD, quantity: 100_000_000n }] }, { ...accounts.bob, holdings: [{ index: USD, quantity: 140_000_000n }] }]);
    const [ofAlice, id] = await Promise.all(promised.map((one) => asVenue().challengeIdOf(4, one.receipt))) as [bigint, bigint];
    for (const one of promised) await venue.disputesAs(users.bob).challenge(4, one.receipt, one, DISPUTES.bond);
    await assertReverts(asVenue().answerWithRequest(ofAlice, request), 'RequestDoesNotAnswer', { requestId: String(request) });
    await asVenue().answerWithRequest(id, request);
    assert.deepEqual([await statusOf(id), await asVenue().answerOf(id, 0)], ['answered', 'request']);
  });

  it('leaves nothing on chain that says who challenged it, of what, or how much', async () => {
    const ids = [await challenge('carol'), await challenge('bob'), await challenge('alice')];
    await asVenue().answerWithInclusion(ids[0] as bigint, await inclusion(second, 'carol'));
    await asVenue().answerWithOrder(ids[1] as bigint, order(), await signed(users.bob, order()));
    await lose(ids[2] as bigint);
    await asVenue().reclaimBond(ids[2] as bigint);

    const seen = await everythingSeen(asVenue().disputes);
    assert.ok(seen.length > 5_000, 'calldata and events were read');
    for (const { receipt } of Object.values(receipts)) assert.ok(seen.includes(word(receipt.balance)), 'the walk finds what is there');
    for (const [name, value] of await secrets()) assert.ok(!seen.includes(value), name);
  });

  /** Calldata and events of every transaction that a contract was sent, as one hex text. */
  async function everythingSeen(contract: string): Promise<string> {
    const { provider } = venue.connection;
    const texts: string[] = [];
    for (let number = venue.deployment.deployedInBlock; number <= (await provider.getBlockNumber()); number += 1) {
      const block = await provider.getBlock(number, true);
      for (const transaction of block?.prefetchedTransactions ?? []) {
        if (transaction.to !== contract) continue;
        const mined = await transaction.wait();
        texts.push(transaction.data, ...(mined?.logs ?? []).flatMap(({ topics, data }) => [...topics, data]));
      }
    }
    return texts.map((text) => text.slice(2)).join('|');
  }

  /** What nobody but user and venue knows, as it would stand in calldata. */
  async function secrets(): Promise<readonly (readonly [string, string])[]> {
    const poseidon = await bulkPoseidon();
    const salts = [...placesOf(first.plan), ...placesOf(second.plan)].map(({ salt }) => ['a salt', word(salt)] as const);
    return [...salts, ...Object.entries(receipts).flatMap(([name, { opening }]) => {
      const { key, amount, blinding } = openingOf(poseidon, opening);
      const userId = Buffer.from(opening.userId, 'utf8').toString('hex');
      return [
        [`${name}'s key`, word(key)], [`${name}'s owner`, word(opening.owner)], [`${name}'s blinding`, word(blinding)], [`${name}'s amount`, word(amount)],
        [`${name}'s user id`, userId], [`${name}'s user id digest`, word(digestOf(opening.userId))],
      ] as const;
    })];
  }

  /** Asks the consumer for what the gate must be open for; it is told no writer. */
  function askConsumer(consumer: OtcOptions): Promise<unknown> {
    const nobody = users.carol.address;
    const terms = {
      buyer: nobody, writer: nobody, token: venue.tokens[0] as string, premium: 1n, bond: 1n, oracle: nobody, maxPriceAge: 1, kind: 0, strike: 1n, quantity: 1n, offerUntil: 0,
      expiry: 0, topUpWindow: 0, salt: 0n,
    } as const;
    const proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] } as const;
    return consumer.write(users.alice, terms, { circuitId: 1n, epoch: 1, marketCommitment: 1n, nullifier: 1n, nullifierNext: 0n, proof });
  }
});

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}
