import assert from 'node:assert/strict';
import { ZeroAddress, type ContractRunner, type Interface, type Provider, type Result, type TransactionRequest } from 'ethers';
import { CLEARING_HOUSE_INTERFACE } from '../../src/chain/clearing-abi.js';
import { ClearingHouseClient } from '../../src/chain/clearing-client.js';
import { fromSolidityTransition, type SolidityTransition } from '../../src/chain/clearing-solidity.js';
import { CLEARING_TERMS_INTERFACE } from '../../src/chain/clearing-terms-abi.js';
import { ClearingTermsClient, NO_ROUND } from '../../src/chain/clearing-terms-client.js';
import { handleChanges } from '../../src/chain/clearing-trace.js';
import { NO_PARAMETERS } from '../../src/chain/market-board-client.js';
import { TRADE_BONDS_INTERFACE } from '../../src/chain/trade-bonds-abi.js';
import { TradeBondsClient } from '../../src/chain/trade-bonds-client.js';
import { NO_BENEFICIARY, type ProvenTransition } from '../../src/clearing/proven-transition.js';
import { HOUSE } from '../builders/cleared.js';

const ADDRESS = HOUSE.house;
const OTHER = HOUSE.venue.registry;
const SIDE: ProvenTransition = {
  circuitId: 1n, marketCommitment: 2n, newCommitment: 3n, reducing: true, unmargined: false, owned: true, proof: { a: [4n, 5n], b: [[6n, 7n], [8n, 9n]], c: [10n, 11n] },
};
const TRADE = { buyer: 1n, seller: 2n, expiry: 9, commitment: 5n };
const COLLATERAL = { in: { row: 7, amount: 5n }, beneficiary: NO_BENEFICIARY, deadline: 8 };
const BONDED = { trade: TRADE, bond: 6n };

/** A node that hears the first call and then is gone. */
class DeafRunner implements ContractRunner {
  readonly provider = null;
  readonly heard: TransactionRequest[] = [];
  estimateGas = (sent: TransactionRequest): Promise<bigint> => this.hear(sent);
  call = (sent: TransactionRequest): Promise<string> => this.hear(sent);
  sendTransaction = (): Promise<never> => Promise.reject(new Error('nothing is sent'));

  private hear(sent: TransactionRequest): Promise<never> {
    this.heard.push(sent);
    return Promise.reject(new Error('the node is gone'));
  }
}

/** What a client's call asks of the contract, by name and decoded arguments. */
async function asked(abi: Interface, call: (runner: ContractRunner) => Promise<unknown>): Promise<{ readonly name: string; readonly args: Result }> {
  const runner = new DeafRunner();
  await assert.rejects(call(runner), { code: 'CHAIN_REQUEST', message: /the node is gone/ });
  const found = abi.parseTransaction({ data: runner.heard[0]?.data ?? '0x' });
  assert.ok(found !== null, 'a call that the contract has');
  return found;
}

describe('clients of the clearing house', () => {
  const house = (call: (client: ClearingHouseClient) => Promise<unknown>) => asked(CLEARING_HOUSE_INTERFACE, (runner) => call(new ClearingHouseClient(ADDRESS, 1n, runner)));
  const terms = (call: (client: ClearingTermsClient) => Promise<unknown>) => asked(CLEARING_TERMS_INTERFACE, (runner) => call(new ClearingTermsClient(ADDRESS, 1n, runner)));
  const bonds = (call: (client: TradeBondsClient) => Promise<unknown>) => asked(TRADE_BONDS_INTERFACE, (runner) => call(new TradeBondsClient(ADDRESS, runner)));

  it('bring a transition as it was proven', async () => {
    const { args } = await house((client) => client.settle({ trade: TRADE, buyerSide: SIDE, sellerSide: { ...SIDE, owned: false } }, '0x12'));
    const [settlement, receipt] = args as unknown as readonly [{ readonly buyerSide: SolidityTransition; readonly sellerSide: SolidityTransition }, string];
    assert.deepEqual([fromSolidityTransition(settlement.buyerSide), fromSolidityTransition(settlement.sellerSide).owned, receipt], [SIDE, false, '0x12']);
    // Solidity has the parts of G2 coordinates the other way round.
    assert.deepEqual([...settlement.buyerSide.proof.b].map((pair) => [...pair]), [[7n, 6n], [9n, 8n]]);
  });

  it('name nobody and no row where there is none', async () => {
    const { name, args } = await house((client) => client.open(OTHER, COLLATERAL, SIDE));
    const [venueId, controller, collateral] = args as unknown as readonly [bigint, string, Result];
    assert.deepEqual([name, venueId, controller, [...collateral]], ['open', 1n, OTHER, [7n, 5n, 0n, 0n, ZeroAddress, NO_BENEFICIARY, 8n]]);
  });

  it('call what they are named after', async () => {
    const moved = { from: 1n, to: 2n, row: 7, amount: 5n, deadline: 8 };
    const ofHouse = [
      house((client) => client.adjust(1n, COLLATERAL, SIDE, '0x')), house((client) => client.transfer(moved, SIDE, SIDE, '0x')), house((client) => client.setController(1n, OTHER)),
      house((client) => client.settleBatch([{ trade: TRADE, buyerSide: SIDE, sellerSide: SIDE }], '0x')), house((client) => client.settleExpiry(1n, 9, SIDE, '0x')),
      house((client) => client.settleFunding(1n, 4, SIDE, '0x')), house((client) => client.checkSide(TRADE, true, SIDE)), house((client) => client.account(1n)),
      house((client) => client.collateralContext({ payer: OTHER }, COLLATERAL)), house((client) => client.transferContext(moved)), house((client) => client.frame(1n, 2n)),
    ];
    assert.deepEqual((await Promise.all(ofHouse)).map(({ name }) => name), [
      'adjust', 'transfer', 'setController', 'settleBatch', 'settleExpiry', 'settleFunding', 'checkSide', 'accountOf', 'collateralContext', 'transferContext', 'frameOf',
    ]);
    const ofTerms = [
      terms((client) => client.proposeRules({ timelock: 1, tableMaxAge: 2, band: 3 })), terms((client) => client.proposeExpiry({ row: 9, payRow: 7, deliverRow: 0, deliver: 0, expiry: 5 })),
      terms((client) => client.activatePerpetual({ row: 3, indexFeed: 1, interval: 3_600, maxRate: 5 }, 7)), terms((client) => client.recordExpiry(9, NO_ROUND, NO_ROUND, NO_PARAMETERS)),
      terms((client) => client.accrueFunding(NO_ROUND, NO_PARAMETERS)), terms((client) => client.cancelChange('perpetuals')), terms((client) => client.fundingAct(4)),
    ];
    const heard = await Promise.all(ofTerms);
    assert.deepEqual(heard.map(({ name }) => name), ['proposeRules', 'proposeExpiry', 'activatePerpetual', 'recordExpiry', 'accrueFunding', 'cancelChange', 'fundingSince']);
    assert.ok(heard.every(({ args }) => args[0] === 1n), 'of the venue');
    // PERPETUALS is the last of IVenueTimelock's kinds.
    assert.equal(heard[5]?.args[1], 11n);
    const ofBonds = [
      bonds((client) => client.addBond(5n)), bonds((client) => client.register(BONDED, '0x01', '0x02')), bonds((client) => client.cancel(BONDED)),
      bonds((client) => client.present(BONDED, true, SIDE, '0x')), bonds((client) => client.close(BONDED)), bonds((client) => client.state(BONDED)),
    ];
    assert.deepEqual((await Promise.all(ofBonds)).map(({ name }) => name), ['addBond', 'register', 'cancel', 'present', 'close', 'agreementDigest']);
  });

  it('read the changes of one handle of one house', async () => {
    const { data, topics } = CLEARING_HOUSE_INTERFACE.encodeEventLog('AccountChanged', [3n, 10n, 11n, 12n, 13n, 14n]);
    const asks: unknown[] = [];
    const provider = { getLogs: (filter: unknown) => { asks.push(filter); return Promise.resolve([{ data, topics, transactionHash: '0x77', blockNumber: 8 }]); } } as unknown as Provider;
    assert.deepEqual(await handleChanges(provider, ADDRESS, 3n, 5), [
      { oldCommitment: 10n, newCommitment: 11n, marketCommitment: 12n, terms: 13n, delta: 14n, transaction: '0x77', block: 8 },
    ]);
    assert.deepEqual(asks, [{ address: ADDRESS, topics, fromBlock: 5, toBlock: 'latest' }]);
  });
});
