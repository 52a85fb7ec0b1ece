import assert from 'node:assert/strict';
import { requestAction, contextOf } from '../../src/chain/account-actions.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import type { ChainReceipt } from '../../src/chain/contract-call.js';
import { vaultOf } from '../../src/chain/deployment.js';
import { OmissionChallengesClient, type InclusionClaim } from '../../src/chain/omission-client.js';
import { signAccountOrder, signBalanceReceipt, type DisputeTarget } from '../../src/chain/omission-signatures.js';
import { circuitIdOf, digestOf } from '../../src/commitment/digest.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { INCLUSION_SHAPE } from '../builders/inclusion.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { domainOf } from '../chain/mock-prover.js';
import { assertGas } from './support/gas-snapshot.js';
import { proofSimulator } from './support/simulated-proof.js';
import { RULES, acceptEpoch, depositHoldings, startVault, treeOf, type AccountsTree, type TestAccount, type VaultOnChain } from './support/vault-on-chain.js';
import { VENUE_ID, passTime, statedMarket } from './support/venue-on-chain.js';

const USD = 0;
const DEADLINE = 2_000_000_000;
const WORDS = [500_000_000n, 10_000_000n, 0n, 0n, 7_000_000n, 0n];
const DISPUTES = { challengeWindow: RULES.demandWindow, answerWindow: RULES.answerWindow, bond: 10n ** 16n } as const;
const ACCOUNT = `0x${'a'.repeat(64)}`;
interface Challenge {
  readonly id: bigint;
  readonly balance: bigint;
}

/** Gas of a challenge and of what answers, settles and cures it, in a venue with a vault; and what the operator named at the deployment signs. */
describe('gas of omission challenges', function () {
  this.timeout(300_000);
  const market = onChainVenue().table;
  const initial: MarketTable = { ...market, level: 'initial' };
  const gas: Record<string, number> = {};
  let venue: VaultOnChain;
  let bob: ConnectedSigner;
  let tree: AccountsTree;
  let omissions: OmissionChallengesClient;
  let target: DisputeTarget;
  let challenges = 0;

  before(async () => {
    venue = await startVault(market, { proofs: 'simulated', disputes: DISPUTES });
    bob = venue.user(2);
    const { chainId, omissionChallenges: disputes = '' } = venue.deployment;
    target = { chainId, disputes };
    omissions = new OmissionChallengesClient(disputes, VENUE_ID, venue.operator);
    const accounts: readonly TestAccount[] = [{ name: 'bob', secret: 1_002n, signer: bob.address, holdings: [{ index: USD, quantity: 500_000_000n }] }];
    for (const table of [market, initial]) await venue.markets.state(statedMarket(table));
    await depositHoldings(venue, bob, market, accounts[0]?.holdings ?? []);
    tree = treeOf(venue, 1, market, accounts);
    await venue.client.openSnapshot();
    await acceptEpoch(venue, 1, market, tree.root, WORDS);
    for (const [step, { gasUsed }] of venue.steps) if (step === 'deploy OmissionChallenges' || step === 'nameReceiptSigner') note(step, gasUsed);
  });
  after(async () => {
    await (venue as VaultOnChain | undefined)?.stop();
    await releaseCurves();
  });

  it('is measured for signers of receipts', async () => {
    const { address } = venue.user(4);
    await omissions.nameReceiptSigner(address);
    note('retireReceiptSigner', await omissions.retireReceiptSigner(address));
  });

  it('is measured for challenges, answers, losses and cures', async () => {
    const issuedAt = await latestTimestamp(venue.connection.provider);
    const requestId = await request();
    const orderedAt = await latestTimestamp(venue.connection.provider);
    await nextEpoch(2);
    const [first, second, third, fourth] = [await challenge(2, issuedAt), await challenge(2, issuedAt), await challenge(2, issuedAt), await challenge(2, issuedAt)] as const;
    note('answerWithInclusion', await omissions.answerWithInclusion(first.id, await inclusion(first)));
    const order = { venueId: VENUE_ID, account: ACCOUNT, sequence: 6n, orderedAt, orderDigest: `0x${'c'.repeat(64)}` };
    note('answerWithOrder', await omissions.answerWithOrder(second.id, order, await signAccountOrder(bob, target, order)));
    note('answerWithRequest', await omissions.answerWithRequest(third.id, requestId));
    await passTime(venue, RULES.answerWindow);
    note('settle', await omissions.settle(fourth.id));
    assert.equal(await venue.client.gateMode(), 'WITHDRAW_ONLY');
    note('reclaimBond', await omissions.reclaimBond(fourth.id));
    await passTime(venue, RULES.answerWindow);
    await nextEpoch(3);
    note('answerWithInclusion, a cure', await omissions.answerWithInclusion(fourth.id, await inclusion(fourth)));
    assert.equal(await omissions.disputedSince(), undefined);
  });

  it('of every entry point is within half a percent of the snapshot', async () => {
    await assertGas(Object.fromEntries(Object.entries(gas).sort(([left], [right]) => (left < right ? -1 : 1))), 'test/flows/omission-gas.test.ts', 'disputes');
  });

  async function challenge(epoch: number, issuedAt: number): Promise<Challenge> {
    challenges += 1;
    const receipt = { venueId: VENUE_ID, balance: digestOf(`balance ${challenges}`), account: ACCOUNT, signer: bob.address, sequence: 5n, issuedAt, validUntil: DEADLINE };
    const signature = await signBalanceReceipt(venue.operator, target, receipt);
    const made = await omissions.challenge(epoch, receipt, { receiptSigner: venue.operator.address, signature }, DISPUTES.bond);
    note(challenges === 1 ? 'challenge, first of an epoch' : 'challenge', made.receipt);
    return { id: made.id, balance: receipt.balance };
  }

  /** Of the one root that all epochs here have. */
  async function inclusion({ balance }: Challenge): Promise<InclusionClaim> {
    const circuitId = circuitIdOf(INCLUSION_SHAPE.circuit);
    const prove = await proofSimulator(INCLUSION_SHAPE.circuit);
    return { circuitId, proof: prove([domainOf(venue.deployment, circuitId), tree.root, balance]) };
  }

  async function nextEpoch(epoch: number): Promise<void> {
    const table = { ...market, snapshotTime: await latestTimestamp(venue.connection.provider) };
    await venue.markets.state(statedMarket(table));
    await venue.client.openSnapshot();
    await acceptEpoch(venue, epoch, table, tree.root, WORDS, false);
  }

  async function request(): Promise<bigint> {
    const [vault, amount] = [vaultOf(venue.deployment), 50_000_000n];
    const claim = await venue.prover.margin(tree.owned('bob'), initial, {
      verdict: 'healthy', withdrawal: { row: USD, amount }, unmargined: false, scope: 0n, context: contextOf(vault, requestAction(bob.address, DEADLINE)),
    });
    const signer = await venue.prover.signer(tree.owned('bob'), { epoch: 1, laterEpoch: 1 }, bob.address);
    return (await venue.vaultAs(bob).requestWithdrawal({ claim, unmargined: false, row: USD, amount, recipient: bob.address, deadline: DEADLINE }, signer)).id;
  }

  function note(entry: string, cost: ChainReceipt | bigint): void {
    gas[entry] = Number(typeof cost === 'bigint' ? cost : cost.gasUsed);
  }
});
