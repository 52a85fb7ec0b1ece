import assert from 'node:assert/strict';
import type { HandleChange } from '../../../src/chain/clearing-trace.js';
import type { Deployment } from '../../../src/chain/deployment.js';
import { followAccount, tablesByCommitment, type SoldIn, type ToldChanges } from '../../../src/cli/clearing/follow-account.js';
import { openingsOf, submissionOf } from '../../../src/cli/clearing/submission.js';
import { sidesOfBid } from '../../../src/cli/liquidation/bid-sides.js';
import { LiquidationProver } from '../../../src/cli/liquidation/liquidation-prover.js';
import { makeBid, type BidToMake } from '../../../src/cli/liquidation/make-bid.js';
import type { ClearedAccountFile } from '../../../src/clearing/opening-file.js';
import { baseOfVenue } from '../../../src/attestation/venue-base.js';
import { clearedCommitment, type ClearedOpening } from '../../../src/commitment/cleared-account.js';
import { keyOf, ownerOf } from '../../../src/commitment/identity.js';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { tradeCommitment } from '../../../src/commitment/trade-commitment.js';
import type { CircuitDefinition } from '../../../src/groth16/circuit-list.js';
import { sliceUpTo } from '../../../src/liquidation/largest-slice.js';
import { tradeOfSlice } from '../../../src/liquidation/slice-trade.js';
import { packTransitionTerms } from '../../../src/statement/transition-terms.js';
import { BAND, HOUSE, PERIOD } from '../../builders/cleared.js';
import { HANDLE, accountOf, liquidationRules, lotOf, maintenanceTable, perpetualAccount, saleTable } from '../../builders/liquidation.js';
import { TIERED_ROWS } from '../../builders/tiered-market.js';
import { StandInProver } from '../../proving/support.js';

const poseidon = await bulkPoseidon();
const { USDC } = TIERED_ROWS;
const SLOTS = 8;
const [initial, maintenance, rules] = [saleTable(), maintenanceTable(), liquidationRules()];
const definition = (name: string, template: string, parameters: Readonly<Record<string, number>>): CircuitDefinition =>
  ({ name, template, parameters: Object.entries(parameters).map(([of, value]) => ({ name: of, value })), publicSignals: [], use: 'test', file: 'none.circom' }) as unknown as CircuitDefinition;
const CATALOGUE = [
  definition('account-margin-other', 'AccountMargin', { K: SLOTS, S: 2, DEPTH: 2 }), definition('account-margin-known', 'AccountMargin', { K: SLOTS, S: 2, DEPTH: 3 }),
  definition('account-transition-known', 'AccountTransition', { K: SLOTS, S: 2 }),
];
const deployment = {
  ...HOUSE.venue, clearing: { house: HOUSE.house },
  circuits: [{ name: 'account-margin-known', kind: 'account-margin' }, { name: 'account-transition-known', kind: 'account-transition' }],
} as unknown as Deployment;

const OWNER = { secret: 5n, signingKeyDigest: 6n };
const account: ClearedAccountFile = { ...HOUSE, handle: 9n, owner: ownerOf(poseidon, OWNER.secret, OWNER.signingKeyDigest), userId: 'dealer', subAccount: 0, openings: [] };
const rich: ClearedOpening = { ...accountOf({ [USDC]: 5_000_000n }), key: keyOf(poseidon, account) };
/** Below what ten perpetuals need at maintenance level. */
const sold = perpetualAccount(60_000n);
const slice = sliceUpTo({ initial, rules, band: BAND, period: PERIOD }, sold, lotOf(), 5_000);

function wanted(change: Partial<BidToMake> = {}): BidToMake {
  return {
    deployment, lot: lotOf(), quantity: slice.quantity, payment: slice.payment, subsidy: 0n, expiry: 1_790_000_600, sold, bidder: { account, opening: rich, owner: OWNER },
    initial, maintenance, context: 7n, band: BAND, period: PERIOD, dust: false, ...change,
  };
}

function proverOf(prover = new StandInProver()): LiquidationProver {
  return new LiquidationProver(prover, poseidon, CATALOGUE, deployment);
}

describe('a bid for a slice', () => {
  it('is both sides of one trade, what is sold without its owner, and two verdicts of what is sold [P-254]', async () => {
    const stand = new StandInProver();
    const { bid, bidderAfter, soldAfter } = await makeBid(proverOf(stand), wanted());
    assert.deepEqual(stand.circuits, ['account-transition-known', 'account-margin-known', 'account-margin-known', 'account-transition-known'], 'circuits of the registry');
    const { trade, buyerSide, sellerSide } = bid.settlement;
    assert.deepEqual([trade.seller, trade.buyer, sellerSide.owned, buyerSide.owned], [HANDLE, 9n, false, true]);
    const terms = tradeOfSlice(bid.lot, { bidder: 9n, quantity: bid.quantity, payment: bid.payment, expiry: trade.expiry, nonce: bid.nonce });
    assert.equal(trade.commitment, tradeCommitment(poseidon, baseOfVenue(poseidon, HOUSE.venue), marketCommitment(poseidon, initial), terms));
    assert.deepEqual([clearedCommitment(poseidon, soldAfter), clearedCommitment(poseidon, bidderAfter)], [sellerSide.newCommitment, buyerSide.newCommitment]);
    assert.deepEqual([bid.underWater.marketCommitment, bid.stillBelow?.marketCommitment], [maintenance, initial].map((table) => marketCommitment(poseidon, table)));
  });

  it('shows nothing twice, and of dust nothing after it', async () => {
    const stand = new StandInProver();
    const before = (await makeBid(proverOf(), wanted())).bid.underWater;
    const { bid } = await makeBid(proverOf(stand), wanted({ underWater: before, dust: true }));
    assert.deepEqual([bid.underWater, bid.stillBelow], [before, undefined]);
    assert.deepEqual(stand.circuits, ['account-transition-known', 'account-transition-known']);
  });

  it('has no proof of an account that meets its margin, nor of a slice that goes too far, and the bidder proves nothing then [P-254]', async () => {
    const stand = new StandInProver();
    await assert.rejects(makeBid(proverOf(stand), wanted({ sold: perpetualAccount(200_000n) })), { code: 'NOT_UNDER_WATER' });
    assert.deepEqual(stand.circuits, []);
    // Ten at the mark: nothing that needs margin is left.
    await assert.rejects(makeBid(proverOf(stand), wanted({ quantity: 10n, payment: 600_000n })), { code: 'ACCOUNT_HEALTHY' });
    assert.deepEqual(stand.circuits, ['account-transition-known']);
  });

  it('is not proven in a circuit that the registry has not, whatever the program knows', async () => {
    const poor = { ...deployment, circuits: [{ name: 'account-transition-known', kind: 'account-transition' }] } as unknown as Deployment;
    const prover = new LiquidationProver(new StandInProver(), poseidon, CATALOGUE, poor);
    await assert.rejects(makeBid(prover, wanted({ deployment: poor })), { code: 'ACCOUNT_CIRCUIT', message: /the registry has no account-margin circuit of 8 slots and 2 scenarios/ });
  });

  it('is signed for by the venue where the bidder is margined afterwards, and of what is sold by nobody', async () => {
    const { bid } = await makeBid(proverOf(), wanted());
    const sides = sidesOfBid({ ...HOUSE, liquidations: HOUSE.house, bid }, 'bid.json');
    assert.deepEqual(openingsOf(submissionOf(sides)), [{ handle: 9n, commitment: bid.settlement.buyerSide.newCommitment }]);
  });
});

describe('the owner of an account that was sold', () => {
  const owned: ClearedAccountFile = { ...HOUSE, handle: HANDLE, owner: account.owner, userId: 'levered', subAccount: 1, openings: [] };
  const own = { ...sold, key: keyOf(poseidon, owned) };
  const file: ClearedAccountFile = { ...owned, openings: [own] };
  const tables = tablesByCommitment([initial]);
  let told: ToldChanges;
  let after: ClearedOpening;

  before(async () => {
    const { bid, soldAfter } = await makeBid(proverOf(), wanted({ sold: own }));
    const { trade, sellerSide } = bid.settlement;
    const terms = tradeOfSlice(bid.lot, { bidder: 9n, quantity: bid.quantity, payment: bid.payment, expiry: trade.expiry, nonce: bid.nonce });
    const flags = { owned: false, reducing: true, unmargined: false, period: PERIOD };
    const change: HandleChange = {
      oldCommitment: clearedCommitment(poseidon, own), newCommitment: sellerSide.newCommitment, marketCommitment: marketCommitment(poseidon, initial),
      terms: packTransitionTerms({ kind: 'trade', seller: true, trade: terms, band: BAND }, flags), delta: trade.commitment, transaction: '0x01', block: 12,
    };
    const slice1: SoldIn = { ...bid.lot, bidder: 9n, quantity: bid.quantity, payment: bid.payment, nonce: bid.nonce, penalty: 1n, subsidy: 0n, transaction: '0x01' };
    told = { changes: [change], sold: [{ ...slice1, quantity: slice1.quantity - 1n, transaction: '0x00' }, { ...slice1, quantity: slice1.quantity - 1n }, slice1] };
    after = soldAfter;
  });

  it('finds what is left from the chain alone, each change by the slice that it follows from [P-256]', () => {
    const { account: followed, followed: changes } = followAccount(file, told, tables);
    assert.equal(changes, 1);
    assert.deepEqual(followed.openings.at(-1), { nonce: after.nonce, period: after.period, slots: after.slots });
    assert.equal(followAccount(followed, told, tables).followed, 0, 'once');
  });

  it('is told which table is missing, and that other terms are not the sale\'s', () => {
    assert.throws(() => followAccount(file, told, new Map()), { code: 'OPENING_UNKNOWN', message: /in block 12 under the table .*, which is not among --tables/ });
    assert.throws(() => followAccount(file, { ...told, sold: told.sold.slice(0, 2) }, tables), { code: 'OPENING_UNKNOWN', message: /does not follow from its opening/ });
    assert.throws(() => followAccount(file, { ...told, sold: [] }, tables), { code: 'OPENING_UNKNOWN' });
  });
});
