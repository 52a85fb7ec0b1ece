import assert from 'node:assert/strict';
import { Contract } from 'ethers';
import { encryptReceipt } from '../../src/attestation/encrypted-receipt.js';
import { newEncryptionKeyPair } from '../../src/attestation/sealed-box.js';
import { confirmAction, contextOf, demandAction, moveAction, payoutAction, requestAction, scopeOf } from '../../src/chain/account-actions.js';
import { toSolidityClaim, type Payout } from '../../src/chain/account-claims.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { sendTransaction, type ChainReceipt } from '../../src/chain/contract-call.js';
import { vaultOf } from '../../src/chain/deployment.js';
import { approveToken, mintTestToken } from '../../src/chain/escrow-client.js';
import { GATE_INTERFACE } from '../../src/chain/gate-abi.js';
import { SolvencyGateClient } from '../../src/chain/gate-client.js';
import { signLaterOrder, signMoveApproval, signPayoutApproval } from '../../src/chain/vault-signatures.js';
import { VaultVenueClient } from '../../src/chain/vault-venue-client.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { hexOf } from '../../src/cli/account/encryption-key-file.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { packTerms, termsParts, type AccountTerms } from '../../src/statement/account-terms.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { assertGas } from './support/gas-snapshot.js';
import { RULES, acceptEpoch, depositHoldings, noLimits, startVault, treeOf, type AccountsTree, type TestAccount, type VaultOnChain } from './support/vault-on-chain.js';
import { VENUE_ID, passTime, statedMarket } from './support/venue-on-chain.js';

const [USD, ETH] = [0, 4];
const DEADLINE = 2_000_000_000;
const REFERENCE = `0x${'5'.repeat(64)}`;
const WORDS = [500_000_000n, 10_000_000n, 0n, 0n, 7_000_000n, 0n];
/** What a consumer's check may cost as a whole transaction, with its calldata. */
const MARGIN_BAR = 260_000n;

/** Gas of what users, venue and consumers send to vault and gate, three settlement assets, frames recorded unless said otherwise. */
describe('gas of vault and gate', function () {
  this.timeout(300_000);
  const market = onChainVenue().table;
  const initial: MarketTable = { ...market, level: 'initial' };
  let venue: VaultOnChain;
  let [vault, chainId] = ['', 0n];
  let accounts: readonly TestAccount[];
  let tree: AccountsTree;
  let [alice, bob]: readonly [ConnectedSigner, ConnectedSigner] = [] as never;
  const gas: Record<string, number> = {};

  before(async () => {
    venue = await startVault(market, { proofs: 'simulated' });
    [vault, chainId] = [vaultOf(venue.deployment), venue.deployment.chainId];
    [alice, bob] = [venue.user(1), venue.user(2)];
    accounts = [
      { name: 'alice', secret: 1_001n, signer: alice.address, holdings: [{ index: USD, quantity: 300_000_000n }, { index: ETH, quantity: 5_000_000n }] },
      { name: 'bob', secret: 1_002n, signer: bob.address, holdings: [{ index: USD, quantity: 200_000_000n }] },
    ];
    note('vault: setRules', venue.setRules);
    for (const table of [market, initial]) await venue.markets.state(statedMarket(table));
  });
  after(async () => {
    await (venue as VaultOnChain | undefined)?.stop();
    await releaseCurves();
  });

  it('is measured for everything before a withdrawal', async () => {
    await measureChanges();
    const token = venue.tokens[0] as string;
    await mintTestToken(venue.operator, token, bob.address, 300_000_000n);
    note('vault: deposit, first of an asset', (await venue.vaultAs(bob).deposit(bob, 0, token, 100_000_000n, REFERENCE)).receipt);
    note('vault: deposit', (await venue.vaultAs(bob).deposit(bob, 0, token, 100_000_000n, REFERENCE)).receipt);
    await depositHoldings(venue, alice, market, accounts[0]?.holdings ?? []);
    await mintTestToken(venue.operator, venue.deployment.fundToken, alice.address, 1_000n);
    note('vault: depositFund', await venue.vaultAs(alice).depositFund(alice, venue.deployment.fundToken, 1_000n));
    note('vault: openSnapshot', (await venue.client.openSnapshot()).receipt);
    tree = treeOf(venue, 1, market, accounts);
    await acceptEpoch(venue, 1, market, tree.root, WORDS);
  });

  it('of a consumer\'s check with a real statement is at most 260,000, all in', async () => {
    const gate = new SolvencyGateClient(venue.deployment.gate, VENUE_ID, alice);
    const action = `0x${'a'.repeat(64)}`;
    const terms: AccountTerms = { verdict: 'healthy', unmargined: false, scope: scopeOf(alice.address), context: contextOf(alice.address, action) };
    const claim = await venue.prover.margin(tree.owned('alice'), initial, terms);
    const { healthy, held, withdraws, unmargined } = termsParts(terms);
    const struct = { healthy: healthy === 1n, held: held === 1n, withdraws: withdraws === 1n, unmargined: unmargined === 1n, payload: terms.scope, context: terms.context };
    assert.ok(packTerms(terms) > 0n);
    const contract = new Contract(venue.deployment.gate, GATE_INTERFACE, alice);
    const send = (method: string, ...args: readonly unknown[]): Promise<ChainReceipt> => sendTransaction(contract, method, method, [VENUE_ID, ...args]);
    note('gate: requireMargin, frame not recorded', await send('requireMargin', toSolidityClaim(claim), 2, RULES.payoutTableAge, action));
    note('gate: recordFrame', await gate.recordFrame(claim.circuitId, claim.epoch, claim.marketCommitment));
    const check = await send('requireMargin', toSolidityClaim(claim), 2, RULES.payoutTableAge, action);
    note('gate: requireMargin', check);
    assert.ok(check.gasUsed <= MARGIN_BAR, `${check.gasUsed}`);
    note('gate: checkMargin', await send('checkMargin', toSolidityClaim(claim), struct));
    note('gate: checkExit, frame not recorded', await send('checkExit', 1, toSolidityClaim(await venue.prover.exit(tree.owned('bob'), bob.address))));
    note('gate: checkSigner', await send('checkSigner', toSolidityClaim(await venue.prover.signer(tree.owned('bob'), { epoch: 1, laterEpoch: 1 }, bob.address))));
    note('gate: checkMark', await send('checkMark', statedMarket(market).commitment, toSolidityClaim(await venue.prover.mark(venue.location, market, USD))));
  });

  it('is measured for payouts, moves and requests', async () => {
    await undone(async () => {
      const payout = await prove('alice', payoutAction(alice.address, DEADLINE), alice);
      const { nullifier } = payout.claim;
      const signature = await signPayoutApproval(venue.operator, { chainId, vault }, { venueId: VENUE_ID, nullifier, row: USD, amount: payout.amount, recipient: alice.address, deadline: DEADLINE });
      note('vault: withdraw', await venue.vaultAs(alice).withdraw(payout, signature));
    });
    await undone(measureCleared);
    await undone(measureRequests);
  });

  it('is measured for demands', async () => {
    await undone(async () => {
      const later = await nextEpoch(2, tree.owned('alice').receipt.holdings, false);
      const keys = newEncryptionKeyPair();
      const encryptionKey = hexOf(keys.publicKey.map(() => 7));
      const context = contextOf(vault, demandAction(2, encryptionKey));
      const claim = await venue.prover.margin(tree.owned('alice'), market, { verdict: 'held', unmargined: false, scope: scopeOf(vault), context });
      const demand = await venue.vaultAs(alice).demandReceipt(2, claim, encryptionKey, RULES.demandBond);
      note('vault: demandReceipt', demand.receipt);
      const ofDeposit = await venue.vaultAs(bob).demandReceiptOfDeposit(2, later.deposit, encryptionKey, RULES.demandBond);
      note('vault: demandReceiptOfDeposit', ofDeposit.receipt);
      const page = encryptReceipt('{}', keys.publicKey, { chainId, vault, demandId: demand.id }).map(() => 7);
      note('vault: answerDemand, one page', await venue.venueVault.answerDemand(demand.id, hexOf(page)));
      await passTime(venue, RULES.answerWindow);
      note('vault: reclaimBond', await venue.vaultAs(bob).reclaimBond(ofDeposit.id));
    });
  });

  it('is measured for a venue that is wound up', async () => {
    await undone(async () => {
      const [late] = await depositHoldings(venue, bob, market, [{ index: USD, quantity: 77n }]);
      await passTime(venue, RULES.hatchAfter);
      const hatch = venue.hatchAs(alice);
      note('vault: openHatch', await hatch.openHatch(1));
      for (const [asset, row] of [0, 2, 4].entries()) note('vault: reportMark', await hatch.reportMark(asset, await venue.prover.mark(venue.location, market, row)));
      const exits = [await venue.prover.exit(tree.owned('alice'), alice.address), await venue.prover.exit(tree.owned('bob'), bob.address)] as const;
      for (const exit of exits) note('vault: registerExit', await hatch.registerExit(exit));
      await passTime(venue, RULES.claimWindow);
      note('vault: settleRound, 3 assets', await hatch.settleRound());
      note('vault: collectExit, 1 asset', await hatch.collectExit(exits[1].nullifier, [0]));
      note('vault: collectExit, 3 assets', await hatch.collectExit(exits[0].nullifier, [0, 1, 2]));
      note('vault: refundDeposit', await venue.hatchAs(bob).refundDeposit(late as bigint, bob.address));
    });
  });

  it('of every entry point is within half a percent of the snapshot', async () => {
    for (const prefix of ['vault', 'gate']) {
      const own = Object.entries(gas).filter(([entry]) => entry.startsWith(`${prefix}: `)).map(([entry, cost]) => [entry.slice(prefix.length + 2), cost] as const);
      await assertGas(Object.fromEntries(own.sort(([left], [right]) => (left < right ? -1 : 1))), 'test/flows/vault-gas.test.ts', prefix);
    }
  });

  async function measureChanges(): Promise<void> {
    const { venueVault, operator } = venue;
    const [rules, limits] = [{ ...RULES, limitWindow: RULES.limitWindow + 1 }, noLimits(venue)];
    await undone(async () => {
      await mintTestToken(operator, venue.deployment.fundToken, operator.address, 1_000n);
      await venue.vaultAs(operator).depositFund(operator, venue.deployment.fundToken, 1_000n);
      note('vault: proposeRules', await venueVault.proposeRules(rules));
      note('vault: proposeLimits', await venueVault.proposeLimits(limits));
      note('vault: proposeClearingHouse', await venueVault.proposeClearingHouse(bob.address));
      note('vault: proposeFundWithdrawal', await venueVault.proposeFundWithdrawal(100n));
      await passTime(venue, RULES.timelock);
      note('vault: activateLimits, 3 assets', await venueVault.activateLimits(limits));
      note('vault: activateClearingHouse', await venueVault.activateClearingHouse(bob.address));
      note('vault: activateFundWithdrawal', await venueVault.activateFundWithdrawal(100n));
      note('vault: activateRules', await venueVault.activateRules(rules));
      await venueVault.proposeLimits(limits);
      note('vault: cancelChange', await venueVault.cancelChange('vault-limits'));
      note('vault: setPaused', await venueVault.setPaused(true));
    });
  }

  async function measureCleared(): Promise<void> {
    const house = venue.user(5);
    await venue.venueVault.proposeClearingHouse(house.address);
    await passTime(venue, RULES.timelock);
    await venue.venueVault.activateClearingHouse(house.address);
    const payout = { ...(await prove('bob', moveAction(REFERENCE, DEADLINE), bob, true)), unmargined: true };
    const { nullifier } = payout.claim;
    const signature = await signMoveApproval(venue.operator, { chainId, vault }, { venueId: VENUE_ID, nullifier, row: USD, amount: payout.amount, handle: REFERENCE, deadline: DEADLINE });
    // A house that takes every credit and stops at once: what a real one does with it is its own cost.
    await venue.connection.provider.send('anvil_setCode', [house.address, '0x00']);
    note('vault: moveToCleared', await venue.vaultAs(bob).moveToCleared(payout, REFERENCE, signature));
    await venue.connection.provider.send('anvil_setCode', [house.address, '0x']);
    const clearing = new VaultVenueClient(vault, VENUE_ID, house);
    note('vault: moveToTree', await clearing.moveToTree(0, 1_000n, bob.address, REFERENCE));
    await mintTestToken(venue.operator, venue.tokens[0] as string, house.address, 1_000n);
    await approveToken(house, venue.tokens[0] as string, vault, 1_000n);
    note('vault: depositCleared', await clearing.depositCleared(0, 1_000n));
    note('vault: payCleared', await clearing.payCleared(0, 1_000n, house.address));
  }

  async function measureRequests(): Promise<void> {
    const client = venue.vaultAs(bob);
    const payout = await prove('bob', requestAction(bob.address, DEADLINE), bob);
    const signer = await venue.prover.signer(tree.owned('bob'), { epoch: 1, laterEpoch: 1 }, bob.address);
    const { id, receipt } = await client.requestWithdrawal(payout, signer);
    note('vault: requestWithdrawal', receipt);
    await undone(async () => note('vault: cancelRequest', await client.cancelRequest(id)));
    await undone(async () => {
      await passTime(venue, RULES.requestDelay);
      note('vault: payRequest', await client.payRequest(id));
    });
    const order = { venueId: VENUE_ID, nullifier: payout.claim.nullifier, sequence: 3n, orderDigest: `0x${'c'.repeat(64)}` };
    note('vault: deferRequest', await venue.venueVault.deferRequest(id, order.sequence, order.orderDigest, await signLaterOrder(bob, { chainId, vault }, order)));
    const { tree: next, initial: table } = await nextEpoch(2, [{ index: USD, quantity: 150_000_000n }], true);
    const claim = await venue.prover.margin(next.owned('bob'), table, { verdict: 'healthy', unmargined: false, scope: 0n, context: contextOf(vault, confirmAction(id)) });
    note('vault: confirmRequest, frame not recorded', await client.confirmRequest(id, claim, await venue.prover.signer(next.owned('bob'), { epoch: 1, laterEpoch: 2 }, bob.address)));
  }

  /** Fifty million quanta of the account's dollars, proven for an action. */
  async function prove(name: string, action: string, recipient: ConnectedSigner, unmargined = false): Promise<Payout> {
    const amount = 50_000_000n;
    const claim = await venue.prover.margin(tree.owned(name), initial, {
      verdict: 'healthy', withdrawal: { row: USD, amount }, unmargined, scope: 0n, context: contextOf(vault, action),
    });
    return { claim, unmargined, row: USD, amount, recipient: recipient.address, deadline: DEADLINE };
  }

  /** An epoch over a new table, with a deposit that first counts in it. */
  async function nextEpoch(epoch: number, bobs: TestAccount['holdings'], stands: boolean): Promise<{ tree: AccountsTree; initial: MarketTable; deposit: bigint }> {
    const [deposit] = await depositHoldings(venue, bob, market, [{ index: USD, quantity: 5n }]);
    const snapshotTime = await latestTimestamp(venue.connection.provider);
    const [table, strict] = [{ ...market, snapshotTime }, { ...initial, snapshotTime }];
    for (const one of [table, strict]) await venue.markets.state(statedMarket(one));
    await venue.client.openSnapshot();
    const later = treeOf(venue, epoch, table, accounts.map((one) => (one.name === 'bob' ? { ...one, holdings: bobs } : one)));
    await acceptEpoch(venue, epoch, table, later.root, WORDS, stands);
    return { tree: later, initial: strict, deposit: deposit as bigint };
  }

  /** Puts the chain back afterwards. */
  async function undone(work: () => Promise<unknown>): Promise<void> {
    const { provider } = venue.connection;
    const checkpoint: unknown = await provider.send('evm_snapshot', []);
    await work();
    assert.equal(await provider.send('evm_revert', [checkpoint]), true);
  }

  function note(entry: string, cost: ChainReceipt | bigint): void {
    gas[entry] = Number(typeof cost === 'bigint' ? cost : cost.gasUsed);
  }
});
