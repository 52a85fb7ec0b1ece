import assert from 'node:assert/strict';
import fc from 'fast-check';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { tradeCommitment } from '../../../src/commitment/trade-commitment.js';
import { WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import { evaluate } from '../../../src/margin/margin.js';
import type { MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import type { TradeAct, TransitionAct, TransitionFlags } from '../../../src/statement/transition.js';
import type { Holding } from '../../../src/venue/account.js';
import { accountTransitionSignals, type TransitionStatement } from '../../../src/witness/account-transition-input.js';
import { smallMarket } from '../../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../../builders/tiered-market.js';
import {
  BAND, BUYER, LIQUIDATION, OWNED, REDUCING, SELLER, TRANSITION_SHAPE, UNMARGINED, UNOWNED, buys, sells, transition, transitionInput,
} from '../../builders/transition.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { below, inPart, tooWide } from '../support/forgeries-of-accounts.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../support/refusal.js';

const [CASH, COIN, ENTRY, PERPETUAL, CALL] = [0, 1, 2, 3, 4] as const;
const MOST = 2n ** 64n - 1n;
const small = smallMarket();
const tiered = tieredMarket();
/** Cash quanta that one quantum is marked at. */
const [COIN_PRICE, CALL_PRICE] = [60_000n, 4_000n];
const BELOW_LEAST = tooWide('TransitionMargin', 'above[s].in');
const RISK_RISES = tooWide('TransitionMargin', 'falls.in');
const PAID_TOO_MUCH = tooWide('TransitionMargin', 'paid.in');
const OUTSIDE_BAND = tooWide('PriceBand', 'notAbove.in');
const BELOW_BAND = tooWide('PriceBand', 'notBelow.in');
const BORROWS = inPart('TransitionRules', 'borrowed * paid === 0');
const CROSSES = inPart('TransitionRules', 'taken * crossed === 0');

const held = (...pairs: readonly (readonly [number, bigint])[]): Holding[] => pairs.map(([index, quantity]) => ({ index, quantity }));
/** The market with another row. */
const withRow = (table: MarketTable, index: number, change: Partial<MarketRow>): MarketTable => ({ ...table, rows: table.rows.map((row) => (row.index === index ? { ...row, ...change } : row)) });

describe('one side of a trade', function () {
  this.timeout(1_200_000);
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    circuit = await listedCircuit(TRANSITION_SHAPE.circuit);
  });

  type Change = Partial<TransitionStatement> & { readonly K?: number };
  const accepts = async (table: MarketTable, holdings: readonly Holding[], act: TransitionAct, flags?: TransitionFlags, change?: Change): Promise<readonly Holding[]> => {
    const statement = transition(poseidon, table, holdings, act, flags, change);
    await assertAccepted(circuit, transitionInput(poseidon, statement));
    return statement.after.slots.filter(({ quantity }) => quantity !== 0n);
  };
  const refuses = (at: ExpectedRefusal, table: MarketTable, holdings: readonly Holding[], act: TransitionAct, flags?: TransitionFlags, change?: Change): Promise<void> =>
    assertRefused(circuit, transitionInput(poseidon, transition(poseidon, table, holdings, act, flags, change)), at);

  it('gives the buyer what is traded and takes the payment, and the other way round', async () => {
    const [buyer, seller] = [held([CASH, 50_000n]), held([CASH, 50_000n])];
    assert.deepEqual(await accepts(small, buyer, buys(CALL, CASH, 2n, 8_100n)), held([CASH, 41_900n], [CALL, 2n]));
    assert.deepEqual(await accepts(small, seller, sells(CALL, CASH, 2n, 8_100n)), held([CASH, 58_100n], [CALL, -2n]));
  });

  it('is paid in entries, in a coin, and not in a derivative or in itself', async () => {
    assert.deepEqual(await accepts(small, held([CASH, 50_000n]), buys(PERPETUAL, ENTRY, 1n, COIN_PRICE)), held([CASH, 50_000n], [ENTRY, -COIN_PRICE], [PERPETUAL, 1n]));
    await accepts(small, held([COIN, 5n]), buys(CALL, COIN, 15n, 1n));
    await refuses(inPart('TransitionRules', 'trade * strange === 0'), small, held([CASH, 10n ** 6n]), buys(COIN, PERPETUAL, 1n, 1n));
    await refuses(below(inPart('Inverse', 'out * in === 1'), 'TransitionRules', 'differs.in'), small, held([CASH, 50_000n]), buys(CASH, CASH, 2n, 2n));
  });

  it('opens a position for nothing where the band allows it, and names the pay row all the same', async () => {
    const worthless = withRow(small, CALL, { mark: 0n, longCharge: 0n, pnl: [0n, 10n] });
    assert.deepEqual(await accepts(worthless, held([COIN, 5n]), buys(CALL, CASH, 1n, 0n)), held([COIN, 5n], [CALL, 1n]));
    const statement = transition(poseidon, worthless, held([COIN, 5n]), buys(CALL, CASH, 1n, 0n));
    const unnamed = { ...statement, after: { ...statement.after, slots: held([COIN, 5n], [CALL, 1n], [CALL + 1, 0n], [CALL + 2, 0n]) } };
    await assertRefused(circuit, transitionInput(poseidon, unnamed), inPart('TransitionRules', 'trade * strange === 0'));
  });

  it('has something to trade', async () => {
    // A row that is named for nothing; forgeries-of-postings.ts has a trade of nothing that names none.
    const something = below(inPart('Inverse', 'out * in === 1'), 'NamedSlot', 'posted.in');
    const statement = transition(poseidon, small, held([CASH, 50_000n]), buys(CALL, CASH, 1n, 1n));
    const act: TradeAct = { ...buys(CALL, CASH, 1n, 0n), trade: { ...buys(CALL, CASH, 1n, 0n).trade } };
    const input = transitionInput(poseidon, { ...statement, act, after: { ...statement.after, slots: held([CASH, 50_000n], [CALL, 0n], [CALL + 1, 0n], [CALL + 2, 0n]) } });
    const trade = { ...act.trade, quantity: 0n };
    const forged = { amounts: (input.amounts as bigint) - (1n << 32n), delta: tradeCommitment(poseidon, statement.base, marketCommitment(poseidon, small), trade) };
    await assertRefused(circuit, { ...input, ...forged }, something);
  });

  it('closes a position into an account that is full, and keeps its slot until the next transition', async () => {
    const full = held([CASH, 90_000n], [COIN, 1n], [ENTRY, -1n], [CALL, 2n]);
    assert.deepEqual(await accepts(small, full, sells(CALL, CASH, 2n, 8_000n)), held([CASH, 98_000n], [COIN, 1n], [ENTRY, -1n]));
    const { after } = transition(poseidon, small, full, sells(CALL, CASH, 2n, 8_000n));
    assert.deepEqual(after.slots[3], { index: CALL, quantity: 0n });
  });

  it('fills tiers from the lowest up and empties them from the highest down', async () => {
    const { PERP, PERP2, USDC } = TIERED_ROWS;
    const price = 41n * COIN_PRICE;
    const [rich, long] = [held([USDC, 10n ** 7n]), held([PERP, 40n], [PERP2, 1n], [USDC, 10n ** 7n - price])];
    assert.deepEqual(await accepts(tiered, rich, buys(PERP, USDC, 41n, price)), long);
    assert.deepEqual(await accepts(tiered, long, sells(PERP, USDC, 2n, 2n * COIN_PRICE)), held([PERP, 39n], [USDC, 10n ** 7n - 39n * COIN_PRICE]));
    assert.deepEqual(await accepts(tiered, held([PERP, -39n], [USDC, 10n ** 7n]), buys(PERP, USDC, 80n, 80n * COIN_PRICE)), held([PERP, 40n], [PERP2, 1n], [USDC, 10n ** 7n - 80n * COIN_PRICE]));
  });

  it('meets initial margin to the quantum', async () => {
    // A call sold at its mark asks for 4,700 + 90 in cash.
    await accepts(small, held([CASH, 4_790n]), sells(CALL, CASH, 1n, CALL_PRICE));
    await refuses(BELOW_LEAST, small, held([CASH, 4_789n]), sells(CALL, CASH, 1n, CALL_PRICE));
  });

  it('lends the payer nothing, who may stay in debt as it is if nothing is paid', async () => {
    await refuses(BORROWS, small, held([CASH, CALL_PRICE - 1n], [COIN, 3n]), buys(CALL, CASH, 1n, CALL_PRICE));
    await refuses(BORROWS, small, held([CASH, 10n ** 6n]), sells(COIN, CASH, 1n, COIN_PRICE));
    await accepts(small, held([CASH, CALL_PRICE], [COIN, 3n]), buys(CALL, CASH, 1n, CALL_PRICE));
    const worthless = withRow(small, CALL, { mark: 0n, pnl: [0n, 10n] });
    await accepts(worthless, held([CASH, -9n], [COIN, 3n]), buys(CALL, CASH, 1n, 0n));
    await accepts(small, held([CASH, -9n * CALL_PRICE], [COIN, 3n]), sells(CALL, CASH, 1n, CALL_PRICE));
  });

  it('keeps its price in the band to the quantum, on both ends', async () => {
    // 5 % of 100 times mark and short charge, 4,090 in cash, and one quantum of rounding.
    const [fair, room] = [100n * CALL_PRICE, 20_450n + 1n];
    const rich = held([CASH, 10n ** 7n]);
    for (const side of [buys, sells]) {
      await accepts(small, rich, side(CALL, CASH, 100n, fair + room));
      await accepts(small, rich, side(CALL, CASH, 100n, fair - room));
      await refuses(OUTSIDE_BAND, small, rich, side(CALL, CASH, 100n, fair + room + 1n));
      await refuses(BELOW_BAND, small, rich, side(CALL, CASH, 100n, fair - room - 1n));
    }
    await refuses(OUTSIDE_BAND, small, rich, buys(CALL, CASH, 100n, fair + room, BAND - 1));
  });

  it('holds its price against a mark: nothing is paid in what has none', async () => {
    const worthless = withRow(small, CASH, { mark: 0n });
    await refuses(tooWide('TransitionRules', 'valued.in'), worthless, held([CASH, 10n ** 6n], [COIN, 5n]), buys(CALL, CASH, 1n, 4_000n));
  });

  it('takes the largest quantities and payments there are, and no others', async () => {
    const [giant, equal] = [withRow(withRow(small, CASH, { mark: 1n }), CALL, { mark: 1n, longCharge: 0n, shortCharge: 0n, pnl: [0n, 0n] }), held([CASH, MOST])];
    assert.deepEqual(await accepts(giant, equal, buys(CALL, CASH, MOST, MOST)), held([CALL, MOST]));
    assert.deepEqual(await accepts(giant, held([CALL, MOST]), sells(CALL, CASH, MOST, MOST)), held([CASH, MOST]));
  });

  it('says the same as the other side, in an account of another shape too', async () => {
    const [buyer, seller] = [
      transition(poseidon, small, held([CASH, 50_000n]), buys(CALL, CASH, 2n, 8_000n)), transition(poseidon, small, held([CASH, 50_000n]), sells(CALL, CASH, 2n, 8_000n), OWNED, { K: TRANSITION_SHAPE.widerK }),
    ];
    const [bought, sold] = [accountTransitionSignals(poseidon, buyer), accountTransitionSignals(poseidon, seller)];
    assert.equal(bought.delta, sold.delta);
    assert.notEqual(bought.frame, sold.frame);
    await assertAccepted(await listedCircuit(TRANSITION_SHAPE.widerCircuit), transitionInput(poseidon, seller));
  });

  it('is of the parties, the amounts, the venue and the table that its commitment names, and of its own side', async () => {
    const statement = transition(poseidon, small, held([CASH, 10n ** 6n]), buys(CALL, CASH, 2n, 8_000n));
    const input = transitionInput(poseidon, statement);
    const { trade } = statement.act as TradeAct;
    const market = marketCommitment(poseidon, small);
    const others = [
      { ...trade, buyer: SELLER, seller: BUYER }, { ...trade, expiry: trade.expiry + 1 }, { ...trade, row: COIN }, { ...trade, payRow: ENTRY }, { ...trade, quantity: 3n }, { ...trade, payment: 8_001n }, { ...trade, nonce: 1n },
    ].map((other) => tradeCommitment(poseidon, statement.base, market, other));
    for (const delta of [...others, tradeCommitment(poseidon, 1n, market, trade), tradeCommitment(poseidon, statement.base, 1n, trade)]) {
      await assertRefused(circuit, { ...input, delta }, inPart('AccountTransition', 'said.trade * (delta - trade.commitment) === 0'));
    }
    await assertRefused(circuit, { ...input, terms: (input.terms as bigint) + 4n }, inPart('GroupSums', 'carry[slot - 1] * (group[slot] - group[slot - 1]) === 0'));
  });

  describe('that only reduces risk', () => {
    // Short calls with too little cash: each charged 90 and up to 4,700 in loss.
    const poor = held([CASH, 30_000n], [CALL, -10n]);

    it('leaves an account that does not meet its margin, and is refused where it says that it does', async () => {
      assert.equal(evaluate(small, poor).healthy, false);
      await accepts(small, poor, buys(CALL, CASH, 1n, CALL_PRICE), REDUCING);
      await refuses(BELOW_LEAST, small, poor, buys(CALL, CASH, 1n, CALL_PRICE));
    });

    it('pays no more than half of what the risk falls by, to the quantum', async () => {
      // Of ten calls one less: 4,790 less at risk, so 2,395 above the mark may be paid; a band as wide lets it.
      const most = CALL_PRICE + 2_395n;
      const wide = 999_999;
      await accepts(small, poor, buys(CALL, CASH, 1n, most, wide), REDUCING);
      await refuses(PAID_TOO_MUCH, small, poor, buys(CALL, CASH, 1n, most + 1n, wide), REDUCING);
    });

    it('does not raise the requirement by a unit', async () => {
      await refuses(RISK_RISES, small, poor, sells(CALL, CASH, 1n, CALL_PRICE), REDUCING);
      // As much of one risk as of the other: the requirement stays what it was.
      const twin = withRow(small, COIN, { mark: 4_000_000_000n, longCharge: 10_000_000n, shortCharge: 90_000_000n, pnl: [-2_500_000_000n, 4_700_000_000n] });
      assert.deepEqual(await accepts(twin, held([CASH, 1n], [COIN, -1n]), sells(CALL, COIN, 1n, 1n), REDUCING), held([CASH, 1n], [CALL, -1n]));
      const riskier = withRow(twin, CALL, { shortCharge: 90_000_001n });
      await refuses(RISK_RISES, riskier, held([CASH, 1n], [COIN, -1n]), sells(CALL, COIN, 1n, 1n), REDUCING);
    });

    it('may open another position that hedges, and crosses zero with the owner\'s proof', async () => {
      await accepts(small, held([CASH, 30_000n], [CALL, -10n]), buys(PERPETUAL, ENTRY, 1n, COIN_PRICE), REDUCING);
      await accepts(small, held([CASH, 60_000n], [CALL, -10n]), buys(CALL, CASH, 12n, 12n * CALL_PRICE), REDUCING);
    });

    it('is no way to keep from saying unmargined what is margined', async () => {
      await refuses(inPart('AccountTransition', 'promised[slot] * unpayable[slot] === 0'), small, poor, buys(CALL, CASH, 1n, CALL_PRICE), { ...REDUCING, unmargined: true });
      await accepts(small, held([CASH, 10n ** 6n], [CALL, -10n]), buys(CALL, CASH, 10n, 10n * CALL_PRICE), UNMARGINED);
    });
  });

  describe('without the owner', () => {
    const poor = held([CASH, 30_000n], [CALL, -10n]);

    it('moves what is traded towards zero and no further, into debt if need be', async () => {
      await accepts(small, poor, buys(CALL, CASH, 10n, 40_000n), LIQUIDATION);
      await accepts(small, held([CASH, 3n], [CALL, 10n]), sells(CALL, CASH, 10n, 40_000n), LIQUIDATION);
      await refuses(CROSSES, small, poor, buys(CALL, CASH, 11n, 44_000n), LIQUIDATION);
      await refuses(CROSSES, small, held([CASH, 30_000n], [CALL, 10n]), sells(CALL, CASH, 11n, 44_000n), LIQUIDATION);
    });

    it('takes an entry for cash that the account then owes, where nothing is left to sell, though more is at risk by it', async () => {
      const owes = held([CASH, -7n], [ENTRY, -100n]);
      assert.deepEqual(await accepts(small, owes, buys(ENTRY, CASH, 100n, 100n), LIQUIDATION), held([CASH, -107n]));
      assert.deepEqual(await accepts(small, owes, buys(ENTRY, CASH, 1n, 1n), LIQUIDATION), held([CASH, -8n], [ENTRY, -99n]));
      assert.deepEqual(await accepts(small, held([CASH, 100n], [ENTRY, -100n]), buys(ENTRY, CASH, 100n, 100n), LIQUIDATION), []);
      await refuses(RISK_RISES, small, held([CASH, 99n], [COIN, 1n], [ENTRY, -100n]), buys(ENTRY, CASH, 100n, 100n), LIQUIDATION);
    });

    it('hedges nothing and meets no margin instead of reducing risk', async () => {
      await refuses(CROSSES, small, poor, buys(PERPETUAL, ENTRY, 1n, COIN_PRICE), LIQUIDATION);
      await refuses(inPart('TransitionTerms', '(1 - owned) * (opens + trade - reducing) === 0'), small, held([CASH, 10n ** 6n], [CALL, -10n]), buys(CALL, CASH, 1n, CALL_PRICE), UNOWNED);
    });
  });

  it('is accepted of random accounts exactly where the reference says so', async () => {
    const quantity = fc.bigInt(-9n, 9n);
    const sample = fc.record({
      cash: fc.bigInt(-5_000n, 800_000n), entry: fc.bigInt(-200_000n, 200_000n), position: quantity, row: fc.constantFrom(COIN, PERPETUAL, CALL), other: fc.bigInt(-3n, 3n),
      traded: fc.bigInt(1n, 6n), off: fc.integer({ min: -60, max: 60 }), seller: fc.boolean(), payRow: fc.constantFrom(CASH, ENTRY), flags: fc.constantFrom(OWNED, OWNED, REDUCING, LIQUIDATION),
    });
    let taken = 0;
    await fc.assert(fc.asyncProperty(sample, async ({ cash, entry, position, row, other, traded, off, seller, payRow, flags }) => {
      const account = held([CASH, cash], [ENTRY, entry], [row, position], ...(row === CALL ? [] : [[CALL, other] as const])).filter((one) => one.quantity !== 0n).sort((one, next) => one.index - next.index);
      const mark = (small.rows[row]?.mark ?? 0n) / 1_000_000n;
      const act = (seller ? sells : buys)(row, payRow, traded, traded * mark + (traded * mark * BigInt(off)) / 1_000n);
      const statement = transition(poseidon, small, account, act, flags);
      const expected = isAllowed(small, statement);
      taken += expected ? 1 : 0;
      assert.equal(await isAccepted(circuit, poseidon, statement), expected);
    }), { numRuns: 30, seed: 7 });
    assert.ok(taken > 6 && taken < 24, `${taken} of 30 were taken: neither answer may be rare`);
  });
});

async function isAccepted(circuit: TestCircuit, poseidon: Poseidon, statement: TransitionStatement): Promise<boolean> {
  try {
    await circuit.calculate(transitionInput(poseidon, statement));
    return true;
  } catch (thrown) {
    if (thrown instanceof WitnessRefusedError) return false;
    throw thrown;
  }
}

/** Rules 6 and 7 of docs/decisions/0009 in plain words, of a table without tiers. */
function isAllowed(table: MarketTable, { before, after, act, flags: { owned, reducing } }: TransitionStatement): boolean {
  const { seller, band, trade: { row, payRow, quantity, payment } } = act as TradeAct;
  const [traded, paid] = [table.rows[row] as MarketRow, table.rows[payRow] as MarketRow];
  const of = (slots: readonly Holding[], index: number): bigint => slots.find((slot) => slot.index === index)?.quantity ?? 0n;
  const difference = payment * paid.mark - quantity * traded.mark;
  const inBand = (difference < 0n ? -difference : difference) * 1_000_000n <= BigInt(band) * quantity * (traded.mark + traded.shortCharge) + 1_000_000n * paid.mark;
  const [old, now] = [before, after].map(({ slots }) => evaluate(table, slots.filter((slot) => slot.quantity !== 0n))) as [ReturnType<typeof evaluate>, ReturnType<typeof evaluate>];
  const relief = old.requirement - now.requirement;
  const margin = reducing ? relief >= 0n && 2n * (now.equity - old.equity) + relief >= 0n : now.healthy;
  const gives = seller ? row : payRow;
  const lent = ['cash', 'spot'].includes(table.rows[gives]?.kind ?? '') && of(after.slots, gives) < 0n;
  const [was, is] = [of(before.slots, row), of(after.slots, row)];
  const towardsZero = was < 0n ? is >= was && is <= 0n : is <= was && is >= 0n;
  return inBand && margin && (owned ? !lent : towardsZero);
}
