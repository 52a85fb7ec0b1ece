import assert from 'node:assert/strict';
import { ZeroAddress, type ContractRunner, type Interface, type Provider, type Result, type TransactionRequest } from 'ethers';
import type { MarkClaim } from '../../src/chain/account-claims.js';
import { DEFAULT_FUND_INTERFACE } from '../../src/chain/default-fund-abi.js';
import { DefaultFundClient } from '../../src/chain/default-fund-client.js';
import { LIQUIDATION_BIDDERS_INTERFACE } from '../../src/chain/liquidation-bidders-abi.js';
import { LiquidationBiddersClient, postedOpenings } from '../../src/chain/liquidation-bidders-client.js';
import { liquidationEvents, soldSlices } from '../../src/chain/liquidation-history.js';
import { LIQUIDATIONS_INTERFACE } from '../../src/chain/liquidations-abi.js';
import { LiquidationsClient } from '../../src/chain/liquidations-client.js';
import { verdictContext } from '../../src/chain/verdict-context.js';
import type { ProvenTransition } from '../../src/clearing/proven-transition.js';
import type { Bid, ProvenVerdict } from '../../src/liquidation/bid.js';
import { HOUSE } from '../builders/cleared.js';
import { liquidationRules, lotOf } from '../builders/liquidation.js';

const ADDRESS = HOUSE.house;
const OTHER = HOUSE.venue.registry;
const PROOF = { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] } as const;
const VERDICT: ProvenVerdict = { circuitId: 4n, marketCommitment: 6n, proof: PROOF };
const MARK: MarkClaim = { circuitId: 2n, row: 3, mark: 9n, proof: PROOF };
const SIDE: ProvenTransition = { circuitId: 5n, marketCommitment: 6n, newCommitment: 7n, reducing: true, unmargined: false, owned: false, proof: PROOF };
const BID: Bid = {
  lot: lotOf(), quantity: 6n, payment: 7n, nonce: 8n, subsidy: 9n, settlement: { trade: { buyer: 9n, seller: 5n, expiry: 10, commitment: 11n }, buyerSide: SIDE, sellerSide: SIDE },
  underWater: VERDICT, stillBelow: undefined,
};
const AUCTION = { marketCommitment: 6n, mark: 1n, payMark: 2n, feeMark: 3n, extra: 4n, since: 5, tableTime: 6 };

/** A node that answers calls with what it is given, and hears the first transaction and then is gone. */
class DeafRunner implements ContractRunner {
  readonly provider = null;
  readonly heard: TransactionRequest[] = [];
  constructor(private readonly answer?: string) {}
  estimateGas = (sent: TransactionRequest): Promise<bigint> => this.hear(sent);
  call = (sent: TransactionRequest): Promise<string> => (this.answer === undefined ? this.hear(sent) : Promise.resolve(this.answer));
  sendTransaction = (): Promise<never> => Promise.reject(new Error('nothing is sent'));

  private hear(sent: TransactionRequest): Promise<never> {
    this.heard.push(sent);
    return Promise.reject(new Error('the node is gone'));
  }
}

interface Asked { readonly name: string; readonly args: Result; readonly value: bigint }

async function asked(abi: Interface, call: (runner: ContractRunner) => Promise<unknown>): Promise<Asked> {
  const runner = new DeafRunner();
  await assert.rejects(call(runner), { code: 'CHAIN_REQUEST', message: /the node is gone/ });
  const found = abi.parseTransaction({ data: runner.heard[0]?.data ?? '0x' });
  assert.ok(found !== null, 'a call that the contract has');
  return { name: found.name, args: found.args, value: BigInt(runner.heard[0]?.value ?? 0) };
}

const liquidations = (call: (client: LiquidationsClient) => Promise<unknown>): Promise<Asked> => asked(LIQUIDATIONS_INTERFACE, (runner) => call(new LiquidationsClient(ADDRESS, 1n, runner)));
const fund = (call: (client: DefaultFundClient) => Promise<unknown>): Promise<Asked> => asked(DEFAULT_FUND_INTERFACE, (runner) => call(new DefaultFundClient(ADDRESS, 1n, runner)));
const bidders = (call: (client: LiquidationBiddersClient) => Promise<unknown>): Promise<Asked> => asked(LIQUIDATION_BIDDERS_INTERFACE, (runner) => call(new LiquidationBiddersClient(ADDRESS, 1n, runner)));
const answering = (abi: Interface, name: string, values: readonly unknown[]): ContractRunner => new DeafRunner(abi.encodeFunctionResult(name, values));

function logsOf(abi: Interface, events: readonly (readonly [string, readonly unknown[]])[]): { readonly provider: Provider; readonly asks: unknown[] } {
  const asks: unknown[] = [];
  const logs = events.map(([name, args], place) => ({ ...abi.encodeEventLog(name, args), transactionHash: `0x${place}`, blockNumber: place }));
  return { asks, provider: { getLogs: (filter: unknown) => { asks.push(filter); return Promise.resolve(logs); } } as unknown as Provider };
}

describe('clients of liquidations', () => {
  it('send and simulate one and the same call [P-253]', async () => {
    const acts = ['send', 'simulate'] as const;
    for (const act of acts) {
      const { name, args, value } = await liquidations((client) => client[act].challenge(5n, 6n, 77n));
      assert.deepEqual([name, [...args], value], ['challenge', [5n, 6n], 77n]);
      assert.deepEqual((await fund((client) => client[act].contribute(2, 'insurance', 9n))).args.toArray(), [1n, 2n, 1n, 9n]);
      assert.equal((await bidders((client) => client[act].remove(OTHER))).name, 'remove');
    }
  });

  it('bring a bid as it was put together, and of dust no second verdict', async () => {
    const { name, args } = await liquidations((client) => client.send.take(BID, '0x12'));
    const [bid, receipt] = args as unknown as readonly [{ readonly lot: Result; readonly underWater: { readonly circuitId: bigint; readonly proof: { readonly b: readonly (readonly bigint[])[] } }; readonly stillBelow: { readonly circuitId: bigint } }, string];
    assert.deepEqual([name, receipt, [...bid.lot], bid.underWater.circuitId, bid.stillBelow.circuitId], ['take', '0x12', [5n, 3n, 8n, true], 4n, 0n]);
    // Solidity has the parts of G2 coordinates the other way round.
    assert.deepEqual(bid.underWater.proof.b.map((pair) => [...pair]), [[4n, 3n], [6n, 5n]]);
  });

  it('call what they are named after', async () => {
    const called = await Promise.all([
      liquidations((client) => client.send.answer(5n, VERDICT)), liquidations((client) => client.send.start(5n, VERDICT)), liquidations((client) => client.send.freeze(5n, 6n)),
      liquidations((client) => client.send.release(5n)), liquidations((client) => client.send.withdrawBonds()),
      liquidations((client) => client.send.markAuction(lotOf(), { marketCommitment: 6n, mark: MARK, payMark: MARK }, VERDICT)),
      liquidations((client) => client.send.payDebt(5n, 7, 8n, SIDE)), liquidations((client) => client.send.proposeRules(liquidationRules())),
      liquidations((client) => client.send.activateRules(liquidationRules())), liquidations((client) => client.send.cancelRules()),
      fund((client) => client.send.cover(2)), fund((client) => client.send.withdrawReward(OTHER)), fund((client) => client.send.proposeRules({ timelock: 1, firstLossBound: 2, insuranceBound: 3, sharedBound: 4 })),
      fund((client) => client.send.activateWithdrawal({ asset: 2, tranche: 'first-loss', amount: 3n, to: OTHER })), fund((client) => client.send.cancelChange('default-fund-withdrawal')),
      bidders((client) => client.send.approve(OTHER, new Uint8Array(32).fill(7))), bidders((client) => client.send.sealOpening(5n, 6n, [new Uint8Array([1, 2])])),
    ]);
    assert.deepEqual(called.map(({ name }) => name), [
      'answer', 'start', 'freeze', 'release', 'withdrawBonds', 'markAuction', 'payDebt', 'proposeRules', 'activateRules', 'cancelChange', 'cover', 'withdrawReward', 'proposeRules',
      'activateWithdrawal', 'cancelChange', 'approve', 'sealOpening',
    ]);
    // LIQUIDATION_RULES and DEFAULT_FUND_WITHDRAWAL of IVenueTimelock's kinds.
    assert.deepEqual([called[9]?.args[1], called[14]?.args[1]], [12n, 14n]);
    assert.deepEqual([called[13]?.args.toArray(), called[16]?.args.toArray().map(String)], [[1n, 2n, 0n, 3n, OTHER], ['5', '6', '0x0102']]);
    assert.equal((called[5]?.args[4] as { readonly circuitId: bigint }).circuitId, 0n, 'no mark of the fee row where it is the pay row');
  });

  it('read rules, standings, auctions and funds back as they were written', async () => {
    const rules = liquidationRules();
    assert.deepEqual(await new LiquidationsClient(ADDRESS, 1n, answering(LIQUIDATIONS_INTERFACE, 'rulesOf', [rules])).rules(), rules);
    assert.equal(await new LiquidationsClient(ADDRESS, 1n, answering(LIQUIDATIONS_INTERFACE, 'rulesOf', [{ ...rules, timelock: 0 }])).rules(), undefined);
    const standing = { standing: 'frozen', liquidation: 2, keeper: OTHER, bond: 3n, deadline: 4, tableTime: 5, soundAt: 6, soundTableTime: 7, dust: 8, challengedAt: 9 } as const;
    const stands = (code: number) => new LiquidationsClient(ADDRESS, 1n, answering(LIQUIDATIONS_INTERFACE, 'standingOf', [{ ...standing, standing: code }])).standing(5n);
    assert.deepEqual(await stands(2), standing);
    await assert.rejects(stands(4), { code: 'ON_CHAIN_RECORD', message: /handle 5 stands at 4/ });
    const auction = (value: object) => new LiquidationsClient(ADDRESS, 1n, answering(LIQUIDATIONS_INTERFACE, 'auctionOf', [value])).auction(lotOf());
    assert.deepEqual([await auction(AUCTION), await auction({ ...AUCTION, marketCommitment: 0n })], [AUCTION, undefined]);
    const tranches = { firstLoss: 1n, insurance: 2n, shortfall: 3n, paidFirstLoss: 4n, paidInsurance: 5n, shared: 6n, debts: 7n, subsidies: 8n };
    assert.deepEqual(await new DefaultFundClient(ADDRESS, 1n, answering(DEFAULT_FUND_INTERFACE, 'tranchesOf', [tranches])).tranches(2), tranches);
    const key = `0x${'07'.repeat(32)}`;
    assert.deepEqual(await new LiquidationBiddersClient(ADDRESS, 1n, answering(LIQUIDATION_BIDDERS_INTERFACE, 'biddersOf', [[OTHER], [key]])).bidders(), [{ bidder: OTHER, encryptionKey: new Uint8Array(32).fill(7) }]);
  });

  it('make verdicts for a handle at a contract, and of a start for its sender', () => {
    const contexts = [verdictContext(ADDRESS, 5n), verdictContext(ADDRESS, 6n), verdictContext(OTHER, 5n), verdictContext(ADDRESS, 5n, OTHER)];
    assert.equal(new Set(contexts).size, 4);
    assert.equal(verdictContext(ADDRESS, 5n, ZeroAddress), contexts[0]);
    assert.ok(contexts.every((one) => one > 0n && one < 2n ** 128n));
  });
});

describe('what the chain tells of liquidations', () => {
  it('is read event by event, of one account or of all [P-253]', async () => {
    const { provider, asks } = logsOf(LIQUIDATIONS_INTERFACE, [
      ['Challenged', [5n, OTHER, 6n, 7n, 8n]], ['Defended', [5n, 6n, 8n]], ['Frozen', [5n]], ['Released', [5n, OTHER, 8n]], ['LiquidationStarted', [5n, 2, OTHER, 6n]],
      ['AuctionMarked', [5n, 3, 8, true, 2, AUCTION]], ['SliceSold', [5n, 9n, 3, 8, true, 6n, 7n, 44n, 10n, 11n]], ['DebtPaid', [5n, 7, 8n, 9n, 10n]], ['LiquidationEnded', [5n, 2, 6n]],
    ]);
    const events = await liquidationEvents(provider, ADDRESS, { handle: 5n, fromBlock: 3 });
    assert.deepEqual(events.map(({ kind, block }) => [kind, block]), [
      ['challenged', 0], ['defended', 1], ['frozen', 2], ['released', 3], ['started', 4], ['marked', 5], ['sold', 6], ['paid', 7], ['ended', 8],
    ]);
    const slice = { handle: 5n, bidder: 9n, row: 3, payRow: 8, accountSells: true, quantity: 6n, payment: 7n, nonce: 44n, penalty: 10n, subsidy: 11n };
    assert.deepEqual(events[0], { handle: 5n, transaction: '0x0', block: 0, kind: 'challenged', keeper: OTHER, marketCommitment: 6n, deadline: 7, bond: 8n });
    assert.deepEqual(events[5], { handle: 5n, transaction: '0x5', block: 5, kind: 'marked', row: 3, payRow: 8, accountSells: true, liquidation: 2, auction: AUCTION });
    assert.deepEqual(events[6], { handle: 5n, transaction: '0x6', block: 6, kind: 'sold', slice });
    assert.deepEqual(await soldSlices(provider, ADDRESS, 5n, 3), [{ ...slice, transaction: '0x6' }]);
    await liquidationEvents(provider, ADDRESS, { fromBlock: 3, toBlock: 9 });
    const [one, , all] = asks as readonly { readonly topics: readonly unknown[]; readonly toBlock: unknown; readonly fromBlock: number }[];
    assert.deepEqual([one?.topics[1], one?.fromBlock, one?.toBlock], [`0x${'0'.repeat(63)}5`, 3, 'latest']);
    assert.deepEqual([all?.topics.length, all?.toBlock], [1, 9]);
  });

  it('has each bidder\'s ciphertext of an opening that was posted', async () => {
    const { provider } = logsOf(LIQUIDATION_BIDDERS_INTERFACE, [['OpeningSealed', [5n, 6n, [OTHER, ADDRESS], ['0x01', '0x0203']]]]);
    assert.deepEqual(await postedOpenings(provider, ADDRESS, 5n, 0), [
      { handle: 5n, commitment: 6n, block: 0, ciphertexts: [{ bidder: OTHER, ciphertext: new Uint8Array([1]) }, { bidder: ADDRESS, ciphertext: new Uint8Array([2, 3]) }] },
    ]);
  });
});
