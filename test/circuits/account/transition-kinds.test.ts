import assert from 'node:assert/strict';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { evaluate } from '../../../src/margin/margin.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { payIn, type CollateralAct, type TransitionAct, type TransitionFlags } from '../../../src/statement/transition.js';
import type { Holding } from '../../../src/venue/account.js';
import type { TransitionStatement } from '../../../src/witness/account-transition-input.js';
import { smallMarket } from '../../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../../builders/tiered-market.js';
import {
  OWNED, PERIOD, REDUCING, TRANSITION_SHAPE, UNMARGINED, UNOWNED, clearedOpening, deposit, expires, funds, transition, transitionInput, withdraw,
} from '../../builders/transition.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { below, inPart, tooWide } from '../support/forgeries-of-accounts.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../support/refusal.js';

const [CASH, COIN, ENTRY, PERPETUAL, CALL, DUST] = [0, 1, 2, 3, 4, 5] as const;
/** Groups of the perpetuals. */
const [PERPETUAL_GROUP, TIERED_PERPETUAL_GROUP] = [3, 1] as const;
const MOST = 2n ** 64n - 1n;
const small = smallMarket();
const tiered = tieredMarket();
const ONLY_DEBT = inPart('AccountTransition', '(paysIn + converts) * positive === 0');
/** Cash quanta of a coin. */
const COIN_PRICE = 60_000n;

const held = (...pairs: readonly (readonly [number, bigint])[]): Holding[] => pairs.map(([index, quantity]) => ({ index, quantity }));

describe('account-transition', function () {
  this.timeout(1_200_000);
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    circuit = await listedCircuit(TRANSITION_SHAPE.circuit);
  });

  type Change = Partial<TransitionStatement>;
  const accepts = async (table: MarketTable, holdings: readonly Holding[], act: TransitionAct, flags?: TransitionFlags, change?: Change): Promise<readonly Holding[]> => {
    const statement = transition(poseidon, table, holdings, act, flags, change);
    await assertAccepted(circuit, transitionInput(poseidon, statement));
    return statement.after.slots.filter(({ quantity }) => quantity !== 0n);
  };
  const refuses = (at: ExpectedRefusal, table: MarketTable, holdings: readonly Holding[], act: TransitionAct, flags?: TransitionFlags, change?: Change): Promise<void> =>
    assertRefused(circuit, transitionInput(poseidon, transition(poseidon, table, holdings, act, flags, change)), at);

  describe('with collateral', () => {
    const opensEmpty: CollateralAct = { kind: 'collateral', opens: true, context: 1n };

    it('opens an account with nothing, with cash and with a coin over three tiers, and says that it is unmargined', async () => {
      await accepts(small, [], opensEmpty);
      await accepts(small, [], deposit(CASH, MOST, true), UNMARGINED);
      assert.deepEqual(await accepts(tiered, [], deposit(TIERED_ROWS.BTC, 151n, true), UNMARGINED), held([0, 100n], [1, 50n], [2, 1n]));
    });

    it('opens nothing over an account that holds something, and opens without the owner nothing', async () => {
      await refuses(inPart('AccountTransition', 'said.opens * heldSlots === 0'), small, held([CASH, 1n]), deposit(CASH, 1n, true));
      await refuses(inPart('TransitionTerms', '(1 - owned) * (opens + trade - reducing) === 0'), small, [], deposit(CASH, 1n, true), UNOWNED);
    });

    it('takes collateral in whatever the account is worth, and without the owner none that it does not owe', async () => {
      const deepInDebt = held([CASH, -(10n ** 9n)], [CALL, -7n]);
      assert.deepEqual(await accepts(small, deepInDebt, deposit(CASH, 5n)), held([CASH, 5n - 10n ** 9n], [CALL, -7n]));
      await accepts(small, deepInDebt, deposit(CASH, 5n), UNOWNED);
      await refuses(ONLY_DEBT, small, held([CASH, 1n], [CALL, -7n]), deposit(CASH, 5n), UNOWNED);
    });

    it('takes others\' payment of a debt of an account with nothing left to sell: some of it, all of it and not a quantum more', async () => {
      const owes = held([CASH, -7n], [DUST, -3n]);
      assert.deepEqual(await accepts(small, owes, payIn(CASH, 1n), UNOWNED), held([CASH, -6n], [DUST, -3n]));
      assert.deepEqual(await accepts(small, owes, payIn(DUST, 3n), UNOWNED), held([CASH, -7n]));
      assert.deepEqual(await accepts(small, held([CASH, -7n]), payIn(CASH, 7n), { ...UNOWNED, unmargined: true }), []);
      assert.deepEqual(await accepts(small, held([CASH, -(2n ** 64n)]), payIn(CASH, MOST), UNOWNED), held([CASH, -1n]));
      await refuses(ONLY_DEBT, small, owes, payIn(CASH, 8n), UNOWNED);
      await refuses(ONLY_DEBT, small, held([CASH, -7n], [COIN, 1n]), payIn(CASH, 7n), UNOWNED);
      await refuses(ONLY_DEBT, small, owes, payIn(COIN, 1n), UNOWNED);
    });

    it('takes it of an account that is split over tiers, and fills them anew', async () => {
      const { BTC, BTC2, USDC } = TIERED_ROWS;
      assert.deepEqual(await accepts(tiered, held([BTC, -100n], [BTC2, -20n], [USDC, -5n]), payIn(BTC, 30n), UNOWNED), held([BTC, -90n], [USDC, -5n]));
    });

    it('leaves by others\' payment an account that its owner can open, of funding that is settled', async () => {
      const owes = held([CASH, -7n], [PERPETUAL, -1n]);
      const statement = transition(poseidon, small, owes, payIn(CASH, 7n), UNOWNED);
      await refuses(inPart('AccountTransition', '(1 - said.owned) * (nonce - derived.derived) === 0'), small, owes, statement.act, UNOWNED, { after: { ...statement.after, nonce: 3n } });
      await refuses(inPart('AccountTransition', '(1 - said.funds) * lag === 0'), small, [], statement.act, UNOWNED, { before: clearedOpening(poseidon, owes, { period: PERIOD - 1 }) });
    });

    it('takes a debt back to nothing and beyond, and fills all slots', async () => {
      assert.deepEqual(await accepts(small, held([CASH, -5n]), deposit(CASH, 5n)), []);
      await accepts(small, held([CASH, 3n], [ENTRY, 1n], [CALL, -1n]), deposit(COIN, 1n));
    });

    it('takes out all that margin leaves and not a quantum more', async () => {
      const account = held([CASH, 30_000n], [ENTRY, -COIN_PRICE], [PERPETUAL, 1n], [CALL, 2n]);
      const { equity, requirement } = evaluate(small, account);
      const most = (equity - requirement) / 1_000_000n;
      const left = evaluate(small, await accepts(small, account, withdraw(CASH, most)));
      assert.ok(most > 0n && left.equity === left.requirement, 'the limit must be met exactly');
      await refuses(tooWide('TransitionMargin', 'above[s].in'), small, account, withdraw(CASH, most + 1n));
    });

    it('lends nothing: what is not there does not go out, however rich the account is', async () => {
      await accepts(small, held([CASH, 7n], [COIN, 9n]), withdraw(CASH, 7n));
      await refuses(inPart('TransitionRules', 'borrowed * paid === 0'), small, held([CASH, 7n], [COIN, 9n]), withdraw(CASH, 8n));
    });

    it('exchanges one asset for another, and within one row', async () => {
      const exchange = (coming: bigint, leaving: bigint, row: number): CollateralAct => ({ ...deposit(COIN, coming), out: { row, amount: leaving } });
      assert.deepEqual(await accepts(small, held([CASH, 500_000n], [CALL, -1n]), exchange(3n, 100_000n, CASH)), held([CASH, 400_000n], [COIN, 3n], [CALL, -1n]));
      assert.deepEqual(await accepts(small, held([COIN, 5n]), exchange(3n, 8n, COIN)), []);
      await refuses(tooWide('TransitionMargin', 'above[s].in'), small, held([CASH, 500_000n], [CALL, -100n]), exchange(1n, 499_999n, CASH));
    });

    it('leaves an account unmargined only when nothing is owed and nothing but cash and spot is held', async () => {
      await accepts(small, held([CASH, 7n], [COIN, 9n]), withdraw(CASH, 7n), UNMARGINED);
      await refuses(inPart('AccountTransition', 'promised[slot] * unpayable[slot] === 0'), small, held([CASH, 10n ** 6n], [ENTRY, 1n]), withdraw(CASH, 7n), UNMARGINED);
      await refuses(inPart('AccountTransition', 'said.unmargined * owed === 0'), small, held([CASH, 10n ** 6n], [DUST, -1n]), withdraw(CASH, 7n), UNMARGINED);
    });

    it('moves cash and spot only, named by their first tier', async () => {
      await refuses(inPart('TransitionRules', 'moved[l] * unpayable[l] === 0'), small, held([CASH, 9n]), deposit(ENTRY, 1n));
      await refuses(inPart('TransitionRules', 'moved[l] * unpayable[l] === 0'), small, held([ENTRY, 9n]), withdraw(ENTRY, 1n));
      const slots = held([TIERED_ROWS.BTC, 100n], [TIERED_ROWS.BTC2, 2n], [TIERED_ROWS.BTC2 + 1, 0n], [TIERED_ROWS.BTC2 + 2, 0n]);
      const before = clearedOpening(poseidon, held([TIERED_ROWS.BTC, 100n], [TIERED_ROWS.BTC2, 1n]));
      await refuses(inPart('NamedSlot', 'at[slot] * predecessor[slot] === 0'), tiered, [], deposit(TIERED_ROWS.BTC2, 1n), OWNED, { before, after: { ...before, nonce: 1n, slots } });
    });

    it('lets only trades reduce risk', async () => {
      await refuses(inPart('TransitionTerms', 'reducing * (1 - trade) === 0'), small, held([CASH, 7n]), withdraw(CASH, 7n), REDUCING);
    });
  });

  describe('at an expiry', () => {
    it('pays a long and takes from a short, and rounds so that who pays pays up', async () => {
      const act = expires(CALL, CASH, 2_500_000n);
      assert.deepEqual(await accepts(small, held([CALL, 3n]), act), held([CASH, 7n]));
      assert.deepEqual(await accepts(small, held([CASH, 1n], [CALL, -3n]), act), held([CASH, -7n]));
      assert.deepEqual(await accepts(small, held([CALL, 3n]), expires(CALL, CASH, -2_500_000n)), held([CASH, -8n]));
    });

    it('asks for no slot of the pay row where nothing is paid', async () => {
      assert.deepEqual(await accepts(small, held([CASH, 1n], [COIN, 1n], [PERPETUAL, 1n], [CALL, -3n]), expires(CALL, CASH, 0n)), held([CASH, 1n], [COIN, 1n], [PERPETUAL, 1n]));
    });

    it('delivers coins for the strike', async () => {
      const act = expires(CALL, CASH, -50_000n * 1_000_000n, { deliverRow: COIN, deliver: 2n });
      assert.deepEqual(await accepts(small, held([CASH, 10n], [CALL, 3n]), act), held([CASH, 10n - 150_000n], [COIN, 6n]));
      assert.deepEqual(await accepts(small, held([CALL, -3n]), act), held([CASH, 150_000n], [COIN, -6n]));
    });

    it('takes the largest numbers there are', async () => {
      await accepts(small, held([CALL, MOST]), expires(CALL, CASH, 2n ** 48n - 1n, { unit: 2n ** 48n - 1n }));
      await accepts(small, held([CALL, -(2n ** 64n)]), expires(CALL, CASH, 2n ** 48n - 1n, { unit: 2n ** 48n - 1n }));
      await accepts(small, held([CALL, 2n ** 31n]), expires(CALL, CASH, -(2n ** 48n), { deliverRow: COIN, deliver: -(2n ** 32n) }));
      const [before, tooMuch] = [clearedOpening(poseidon, held([CALL, 2n ** 63n])), held([CASH, 2n ** 64n], [CALL, 0n], [CALL + 1, 0n], [CALL + 2, 0n])];
      await refuses(tooWide('SignedQuantity', 'bits.in'), small, [], expires(CALL, CASH, 2n, { unit: 1n }), OWNED, { before, after: { ...before, slots: tooMuch } });
    });

    it('empties all tiers of an instrument at once', async () => {
      assert.deepEqual(await accepts(tiered, held([TIERED_ROWS.PERP, 40n], [TIERED_ROWS.PERP2, 2n]), expires(TIERED_ROWS.PERP, TIERED_ROWS.USDC, 1_000_000n)), held([TIERED_ROWS.USDC, 42n]));
    });

    it('needs neither the owner nor margin, but something to settle', async () => {
      await accepts(small, held([CALL, -3n]), expires(CALL, CASH, 2_500_000n), UNOWNED);
      const nothing = clearedOpening(poseidon, held([CASH, 1n]));
      await refuses(below(inPart('Inverse', 'out * in === 1'), 'TransitionRules', 'something.in'), small, [], expires(CALL, CASH, 0n), UNOWNED, { before: nothing });
    });
  });

  describe('with funding', () => {
    const act = funds(CASH, [{ group: PERPETUAL_GROUP, rate: 1_500_000n }]);

    it('takes from longs and pays shorts, rounded so that who pays pays up', async () => {
      assert.deepEqual(await accepts(small, held([PERPETUAL, 3n]), act), held([CASH, -5n], [PERPETUAL, 3n]));
      assert.deepEqual(await accepts(small, held([PERPETUAL, -3n]), act), held([CASH, 4n], [PERPETUAL, -3n]));
    });

    it('sums over tiers, over three perpetuals, and charges a perpetual that is not listed nothing', async () => {
      const rates = [{ group: TIERED_PERPETUAL_GROUP, rate: -1_000_000n }, { group: 2, rate: 3_000_000n }, { group: 65_535, rate: 7n }];
      const account = held([TIERED_ROWS.PERP, 40n], [TIERED_ROWS.PERP2, 2n], [TIERED_ROWS.ETH, -5n]);
      assert.deepEqual(await accepts(tiered, account, funds(TIERED_ROWS.USDC, rates)), [...account, { index: TIERED_ROWS.USDC, quantity: 57n }]);
      assert.deepEqual(await accepts(tiered, account, funds(TIERED_ROWS.USDC, [{ group: 2, rate: -1_000_000n }])), [...account, { index: TIERED_ROWS.USDC, quantity: -5n }]);
      assert.deepEqual(await accepts(small, held([PERPETUAL, 3n]), funds(CASH, [])), held([PERPETUAL, 3n]));
    });

    it('takes the largest rates there are', async () => {
      for (const [rate, quantity] of [[-(2n ** 63n), 2n], [2n ** 63n - 1n, 2n], [2n ** 63n - 1n, -2n]] as const) {
        await accepts(small, held([PERPETUAL, quantity]), funds(CASH, [{ group: PERPETUAL_GROUP, rate }]));
      }
    });

    it('needs neither the owner nor margin, but a perpetual in an earlier period', async () => {
      await accepts(small, held([PERPETUAL, 3n]), act, UNOWNED);
      const laterFails = below(inPart('Inverse', 'out * in === 1'), 'AccountTransition', 'later.in');
      await refuses(laterFails, small, held([PERPETUAL, 3n]), funds(CASH, [], PERIOD));
      await refuses(laterFails, small, held([CALL, 3n]), funds(CASH, []));
    });

    it('starts from the period that the account is in', async () => {
      const before = clearedOpening(poseidon, held([PERPETUAL, 3n]), { period: PERIOD - 2 });
      await refuses(inPart('AccountTransition', 'said.funds * (oldPeriod - said.second) === 0'), small, [], act, OWNED, { before });
    });

    it('comes before anything else happens to an account that holds a perpetual, and is asked of no other', async () => {
      const late = { period: PERIOD - 1 };
      await accepts(small, [], deposit(CASH, 1n), OWNED, { before: clearedOpening(poseidon, held([CALL, 3n]), late) });
      for (const one of [deposit(CASH, 1n), expires(CALL, CASH, 1_000_000n)]) {
        const before = clearedOpening(poseidon, held([PERPETUAL, 1n], [CALL, 3n]), late);
        await refuses(inPart('AccountTransition', '(1 - said.funds) * lag === 0'), small, [], one, OWNED, { before });
      }
    });
  });

  describe('of whom and where', () => {
    const act = deposit(CASH, 5n);
    const account = held([COIN, 2n]);

    it('is the owner\'s, who knows the secret', async () => {
      const { owner } = transition(poseidon, small, account, act);
      await refuses(inPart('AccountTransition', 'said.owned * (key - own.key) === 0'), small, account, act, OWNED, { owner: { ...(owner as NonNullable<typeof owner>), secret: 5n } });
    });

    it('without the owner leaves an account that the owner can open', async () => {
      const statement = transition(poseidon, small, held([CALL, 1n]), expires(CALL, CASH, 1_000_000n), UNOWNED);
      const { after } = statement;
      await refuses(inPart('AccountTransition', '(1 - said.owned) * (nonce - derived.derived) === 0'), small, held([CALL, 1n]), statement.act, UNOWNED, { after: { ...after, nonce: 3n } });
      const hidden = after.slots.map((slot, place) => (place === 3 ? { ...slot, index: 40_000 } : slot));
      await refuses(inPart('CanonicalSlots', '(1 - needed[slot]) * (index[slot] - index[slot - 1] - 1) === 0'), small, held([CALL, 1n]), statement.act, UNOWNED, { after: { ...after, slots: hidden } });
    });

    it('is of one circuit, venue and table', async () => {
      const frameFails = inPart('AccountTransition', 'where.frame === frame');
      const honest = transition(poseidon, small, account, act);
      const { frame } = transitionInput(poseidon, honest);
      for (const change of [{ base: 1n }, { circuitId: circuitIdOf('another') }, { table: { ...small, snapshotTime: 1 } }]) {
        await assertRefused(circuit, { ...transitionInput(poseidon, transition(poseidon, small, account, act, OWNED, change)), frame: frame as bigint }, frameFails);
      }
    });

    it('leaves the commitments that were there and are there', async () => {
      const input = transitionInput(poseidon, transition(poseidon, small, account, act));
      await assertRefused(circuit, { ...input, oldCommitment: 1n }, inPart('AccountTransition', 'oldCommitment === (1 - said.opens) * old.leaf'));
      await assertRefused(circuit, { ...input, newCommitment: 1n }, inPart('AccountTransition', 'newCommitment === new.leaf'));
    });

    it('keeps every row to its cap and every instrument split from its lowest tier up', async () => {
      const { BTC, BTC2, USDC } = TIERED_ROWS;
      const before = clearedOpening(poseidon, held([BTC, 100n]));
      const other = (slots: readonly Holding[]): Change => ({ before, after: { ...before, nonce: 4n, slots } });
      await refuses(tooWide('RowCaps', 'headroom[slot].in'), tiered, [], deposit(BTC, 1n), OWNED, other(held([BTC, 101n], [BTC + 1, 0n], [BTC + 2, 0n], [BTC + 3, 0n])));
      await refuses(inPart('GreedySplit', 'further[slot] * (magnitude[slot - 1] - cap[slot - 1]) === 0'), tiered, [], deposit(BTC, 1n), OWNED, other(held([BTC, 99n], [BTC2, 2n], [BTC2 + 1, 0n], [BTC2 + 2, 0n])));
      await refuses(inPart('GroupSums', 'carry[slot - 1] * (group[slot] - group[slot - 1]) === 0'), tiered, [], deposit(BTC, 1n), OWNED, other(held([BTC, 100n], [USDC, 1n], [USDC + 1, 0n], [USDC + 2, 0n])));
    });
  });
});
