import { clearedCommitment } from '../../../src/commitment/cleared-account.js';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { tradeCommitment } from '../../../src/commitment/trade-commitment.js';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import type { InputValue } from '../../../src/witness/circuit-input.js';
import { OWNER } from '../../builders/account.js';
import { smallMarket } from '../../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../../builders/tiered-market.js';
import { BUYER, OWNED, PERIOD, REDUCING, SELLER, UNMARGINED, UNOWNED, buys, clearedOpening, deposit, expires, funds, withdraw } from '../../builders/transition.js';
import { below, inPart, tooWide } from './forgeries-of-accounts.js';
import { FORGERIES_OF_POSTINGS } from './forgeries-of-postings.js';
import { both, opens, placed, raised, set, slots, told, trading, type Edit, type Pairs, type TransitionForgery } from './transition-forgery.js';

const [CASH, COIN, ENTRY, PERPETUAL, CALL, DUST] = [0, 1, 2, 3, 4, 5] as const;
const { BTC, PERP, USDC } = TIERED_ROWS;
const RICH: Pairs = [[CASH, 10n ** 6n], [PERPETUAL, -5n]];
const SOME: Pairs = [[CASH, 100n]];
const inMain = (statement: string): TransitionForgery['at'] => inPart('AccountTransition', statement);
const inTerms = (statement: string): TransitionForgery['at'] => inPart('TransitionTerms', statement);
const unequal = (template: string, statement: string): TransitionForgery['at'] => below(inPart('NonZero', '(1 - flag) * in === 0'), template, statement);
const isZero = (template: string, statement: string): TransitionForgery['at'] => below(inPart('Inverse', 'out * in === 1'), template, statement);

const OWNERLESS = inTerms('(1 - owned) * (opens + trade - reducing) === 0');

const OF_TERMS: readonly TransitionForgery[] = [
  { name: 'a word with the bit that means nothing', at: inTerms('word.field[7] === 0'), check: 'unusedBit', make: told(RICH, deposit(CASH, 5n), { edit: raised('terms', 128n) }) },
  { name: 'a word of 233 bits', at: tooWide('WordFields', 'bits.in <== word'), make: told(RICH, deposit(CASH, 5n), { edit: raised('terms', 1n << 232n) }) },
  { name: 'a deposit that reduces risk', at: inTerms('reducing * (1 - trade) === 0'), check: 'tradesReduce', make: told(RICH, deposit(CASH, 5n), { flags: REDUCING }) },
  {
    name: 'an account that is opened by a trade', at: inTerms('opens * (1 - collateral) === 0'), check: 'collateralOpens',
    make: told([], buys(CASH, ENTRY, 100n, 100n), { edit: both(raised('terms', 64n), set({ oldCommitment: 0n })) }),
  },
  { name: 'a trade that does not reduce risk, without the owner', at: OWNERLESS, check: 'ownerless', make: told(RICH, buys(PERPETUAL, CASH, 2n, 120_000n), { flags: UNOWNED }) },
  { name: 'an account that is opened under somebody\'s key', at: OWNERLESS, make: told([], deposit(CASH, 7n, true), { flags: UNOWNED }) },
  { name: 'an account that is opened under somebody\'s key with nothing', at: OWNERLESS, make: told([], { kind: 'collateral', opens: true, context: 0n }, { flags: UNOWNED }) },
  { name: 'a deposit with something above its amounts', at: inPart('TransitionDelta', '(collateral + trade) * (parts.field[8]'), check: 'aboveAmounts', make: told(RICH, deposit(CASH, 5n), { edit: raised('delta', 1n << 160n) }) },
  { name: 'a trade with something above its amounts', at: inPart('TransitionDelta', '(collateral + trade) * (parts.field[8]'), check: 'aboveAmounts', make: told(RICH, buys(PERPETUAL, CASH, 2n, 120_000n), { edit: trading({}, 1n << 200n) }) },
  { name: 'an expiry with something above its parts', at: inPart('TransitionDelta', 'expires * parts.field[10] === 0'), check: 'aboveExpiry', make: told([[CASH, 9n], [CALL, 3n]], expires(CALL, CASH, 7n), { edit: raised('delta', 1n << 178n) }) },
  { name: 'a word of funding of 241 bits', at: tooWide('WordFields', 'bits.in <== word'), make: told(RICH, funds(CASH, [{ group: 3, rate: 5n }]), { edit: raised('delta', 1n << 240n) }) },
];

const commitmentOf = (name: string, held: Pairs): Edit => (input, poseidon) => ({ ...input, [name]: clearedCommitment(poseidon, clearedOpening(poseidon, slots(held))) });
const atOld = { at: inMain('oldCommitment === (1 - said.opens) * old.leaf'), check: 'old' } as const;

const OF_ACCOUNTS: readonly TransitionForgery[] = [
  { name: 'another account than the handle has', ...atOld, make: told(RICH, deposit(CASH, 5n), { edit: commitmentOf('oldCommitment', SOME) }) },
  { name: 'an account that is opened over another', ...atOld, make: told([], deposit(CASH, 5n, true), { edit: commitmentOf('oldCommitment', SOME) }) },
  { name: 'a handle without an account that becomes one', ...atOld, make: told(SOME, deposit(CASH, 5n), { edit: set({ oldCommitment: 0n }) }) },
  { name: 'another account than was shown', at: inMain('newCommitment === new.leaf'), check: 'new', make: told(SOME, deposit(CASH, 5n), { edit: commitmentOf('newCommitment', [[CASH, 10n ** 9n]]) }) },
  ...([['secret', { secret: OWNER.secret + 1n }], ['signing key', { signer: 0n }], ['sub-account', { subAccount: 4 }]] as const).map(([what, other]): TransitionForgery => ({
    name: `another ${what}`, at: inMain('said.owned * (key - own.key) === 0'), check: 'key', make: told(RICH, withdraw(CASH, 7n), { change: () => ({ owner: { ...OWNER, ...other } }) }),
  })),
  {
    name: 'a nonce that the owner does not know, without the owner', at: inMain('(1 - said.owned) * (nonce - derived.derived) === 0'), check: 'derived',
    make: (poseidon) => told([[CASH, 9n], [CALL, 3n]], expires(CALL, CASH, 1_000_000n), { flags: UNOWNED, change: () => ({ after: { ...clearedOpening(poseidon, slots([[CASH, 12n], [CALL, 0n]])), nonce: 5n } }) })(poseidon),
  },
  { name: 'an account that is opened with what it holds', at: inMain('said.opens * heldSlots === 0'), check: 'empty', make: told(SOME, deposit(CASH, 5n, true)) },
  { name: 'a debt that is passed off as an unused slot', at: unequal('AccountSlots', 'holds[slot].flag'), check: 'used', make: told([[CASH, -7n], [COIN, 5n]], deposit(COIN, 1n), { slots: [[COIN, 6n], [2, 0n], [3, 0n], [4, 0n]], edit: placed('oldUsed', 0, 0n) }) },
  { name: 'a debt that stands in no slot any more', at: inPart('MatchedSlots', 'places === used[before]'), check: 'places', make: told([[CASH, -7n], [COIN, 5n]], deposit(COIN, 1n), { slots: [[COIN, 6n], [2, 0n], [3, 0n], [4, 0n]] }) },
  { name: 'a short option that is lost', at: inPart('MatchedSlots', 'places === used[before]'), check: 'places', make: told([[CASH, 10n ** 6n], [CALL, -5n]], withdraw(CASH, 10n ** 6n), { slots: [[CASH, 0n], [1, 0n], [2, 0n], [3, 0n]] }) },
  { name: 'cash that counts twice', at: inPart('MatchedSlots', 'places === used[before]'), check: 'places', make: told(SOME, deposit(CASH, 5n), { slots: [[CASH, 205n], [1, 0n], [2, 0n], [3, 0n]], edit: placed('match', 0, 2n, 0) }) },
  {
    name: 'cash that was coins', at: inPart('MatchedSlots', 'match[before][after] * (index[before] - newIndex[after]) === 0'), check: 'match',
    make: told(SOME, deposit(COIN, 1n), { slots: [[COIN, 101n], [2, 0n], [3, 0n], [4, 0n]], edit: placed('match', 0, 1n, 0) }),
  },
  {
    name: 'a row twice, each up to its cap', at: tooWide('StrictlyIncreasing', 'gaps[i].in'), check: 'increasing',
    make: told([], deposit(BTC, 150n), { table: tieredMarket(), slots: [[BTC, 100n], [BTC, 50n], [1, 0n], [2, 0n]], edit: placed('at', 0, [1n, 0n, 0n, 0n]) }),
  },
  { name: 'a quantity of 65 bits', at: tooWide('SignedQuantity', 'bits.in <== offset'), make: told([[CASH, 2n ** 64n - 2n]], deposit(CASH, 1n), { edit: both(raised('delta', 1n << 16n), placed('quantity', 0, 2n ** 64n)) }) },
  { name: 'random indices in an empty account', at: inPart('CanonicalSlots', '(1 - needed[slot]) * index[slot] === 0'), check: 'canonicalFirst', make: told([], { kind: 'collateral', opens: true, context: 1n }, { slots: [[7, 0n], [8, 0n], [9, 0n], [10, 0n]] }) },
  {
    name: 'a random index behind what is held, without the owner', at: inPart('CanonicalSlots', '(1 - needed[slot]) * (index[slot] - index[slot - 1] - 1) === 0'), check: 'canonicalNext',
    make: told([[CASH, 9n], [CALL, 3n]], expires(CALL, CASH, 1_000_000n), { flags: UNOWNED, slots: [[CASH, 12n], [CALL, 0n], [900, 0n], [901, 0n]] }),
  },
  { name: 'an unused slot before what is held', at: inPart('CanonicalSlots', '(1 - needed[slot - 1]) * needed[slot] === 0'), check: 'canonicalLast', make: told([[COIN, 5n]], deposit(COIN, 5n), { slots: [[0, 0n], [COIN, 10n], [2, 0n], [3, 0n]] }) },
];

const PRICED: Pairs = [[CASH, 10n ** 6n], [CALL, -1n], [DUST, 5_000_000n]];

/** A market whose rows are worth twice as much, in the same places. */
function richerMarket(): MarketTable {
  const table = smallMarket();
  return { ...table, rows: table.rows.map((row) => ({ ...row, mark: 2n * row.mark })) };
}

const OF_ROWS: readonly TransitionForgery[] = [
  { name: 'dust that opens the row of a coin', at: inMain('needed[slot] * (place[slot] - index[slot]) === 0'), check: 'place', make: told([[DUST, 5_000_000n]], buys(PERPETUAL, ENTRY, 2n, 120_000n), { edit: opens(2, COIN) }) },
  {
    name: 'dust that nothing needs, counted as coins', at: unequal('CanonicalSlots', 'any[slot].flag'), check: 'needed',
    make: told(PRICED, withdraw(CASH, 10n ** 6n), { slots: [[CASH, 0n], [CALL, -1n], [DUST, 5_000_000n], [6, 0n]], edit: both(opens(2, COIN), placed('needed', 2, 0n)) }),
  },
  { name: 'a row with another mark', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'RowOpening', 'path.'), check: 'leaf', make: told(RICH, withdraw(CASH, 7n), { edit: placed('mark', 0, 2_000_000n) }) },
  {
    name: 'a leaf of another market under a node of this one', at: below(inPart('TreePath', 'chosen[level].child === parent[level - 1].out'), 'RowOpening', 'path.'), check: 'path',
    make: told(RICH, withdraw(CASH, 7n), { edit: (input, poseidon, statement) => {
      const bent = opens(0, CASH, richerMarket())(input, poseidon, statement);
      const children = (name: typeof input): InputValue[] => (name.rowChildren as InputValue[])[0] as InputValue[];
      return placed('rowChildren', 0, [children(bent)[0] as InputValue, children(input)[1] as InputValue])(bent, poseidon, statement);
    } }),
  },
  { name: 'a row of another market', at: inPart('RowOpening', 'chosen.child === path.node'), check: 'top', make: told(RICH, withdraw(CASH, 7n), { edit: opens(0, CASH, richerMarket()) }) },
  { name: 'one quantum more than a row\'s cap', at: tooWide('RowCaps', 'headroom[slot].in'), check: 'cap', make: told([], deposit(BTC, 101n), { table: tieredMarket(), slots: [[BTC, 101n], [1, 0n], [2, 0n], [3, 0n]] }) },
  { name: 'a cap that is said not to be one', at: unequal('RowCaps', 'isCapped[slot].flag'), check: 'cap', make: told([], deposit(BTC, 101n), { table: tieredMarket(), slots: [[BTC, 101n], [1, 0n], [2, 0n], [3, 0n]], edit: placed('capped', 0, 0n) }) },
  { name: 'a second tier behind a first that has room', at: inPart('GreedySplit', 'further[slot] * (magnitude[slot - 1] - cap[slot - 1]) === 0'), check: 'greedy', make: told([], deposit(BTC, 90n), { table: tieredMarket(), slots: [[BTC, 89n], [1, 1n], [2, 0n], [3, 0n]] }) },
  { name: 'risk that is blown up by a long and a short tier of what is paid in', at: inPart('GreedySplit', 'further[slot] * (here[slot] - below[slot]) === 0'), check: 'greedy', make: told([], deposit(BTC, 60n), { table: tieredMarket(), slots: [[BTC, 100n], [1, -40n], [2, 0n], [3, 0n]] }) },
  {
    name: 'risk that is blown up by a long and a short tier of a perpetual, in a deposit', at: inPart('GreedySplit', 'further[slot] * (here[slot] - below[slot]) === 0'), check: 'greedy',
    make: told([[PERP, 2n], [USDC, 10n ** 6n]], deposit(USDC, 1n), { table: tieredMarket(), slots: [[PERP, 40n], [PERP + 1, -38n], [USDC, 10n ** 6n + 1n], [8, 0n]] }),
  },
  { name: '"unmargined" with a perpetual', at: inMain('promised[slot] * unpayable[slot] === 0'), check: 'payableOnly', make: told([[CASH, 10n ** 6n], [PERPETUAL, 5n]], deposit(CASH, 5n), { flags: UNMARGINED }) },
  { name: '"unmargined" with a loan', at: inMain('said.unmargined * owed === 0'), check: 'owed', make: told([[CASH, -7n], [COIN, 5n]], deposit(COIN, 1n), { flags: UNMARGINED }) },
];

const late = (period = PERIOD - 1): Parameters<typeof told>[2] => ({ change: (poseidon) => ({ before: clearedOpening(poseidon, slots(RICH), { period }) }) });
const notPerpetual = (slot: number, flag: bigint): Edit => placed('notPerpetual', slot, flag);
const NOTHING_DUE = { at: isZero('AccountTransition', 'later.in'), check: 'later' } as const;

const OF_PERIODS: readonly TransitionForgery[] = [
  { name: 'a deposit to an account that owes funding', at: inMain('(1 - said.funds) * lag === 0'), check: 'period', make: told(RICH, deposit(CASH, 5n), late()) },
  { name: 'a perpetual that is said to be none', at: isZero('AccountTransition', 'different[slot].flag'), check: 'perpetual', make: told(RICH, deposit(CASH, 5n), { ...late(), edit: notPerpetual(1, 1n) }) },
  { name: 'cash that is said to be a perpetual, so that funding is due', at: unequal('AccountTransition', 'different[slot].flag'), check: 'perpetual', make: told(SOME, funds(CASH, [{ group: 3, rate: 5n }]), { flags: UNOWNED, edit: notPerpetual(0, 0n) }) },
  { name: 'funding from a later period than the account\'s', at: inMain('said.funds * (oldPeriod - said.second) === 0'), check: 'from', make: told(RICH, funds(CASH, [{ group: 3, rate: 5n }]), late(PERIOD - 3)) },
  { name: 'funding of an account without perpetuals, to void its owner\'s proofs', ...NOTHING_DUE, make: told(SOME, funds(CASH, [{ group: 3, rate: 5n }]), { flags: UNOWNED }) },
  { name: 'funding of the period that the account is of already', ...NOTHING_DUE, make: told(RICH, funds(CASH, [], PERIOD), { flags: UNOWNED }) },
];

const AGREED = buys(PERPETUAL, CASH, 2n, 120_000n);
/** The trade commitment of other terms, or of the same for another venue or table. */
const committed = (change: Partial<typeof AGREED.trade>, more: { readonly base?: bigint; readonly table?: MarketTable } = {}): Edit => (input, poseidon, { base, table, act }) => ({
  ...input, delta: act.kind === 'trade' ? tradeCommitment(poseidon, more.base ?? base, marketCommitment(poseidon, more.table ?? table), { ...act.trade, ...change }) : 0n,
});
const OTHER_TRADES: readonly (readonly [what: string, edit: Edit])[] = [
  ['of a lower price', committed({ payment: 119_999n })], ['of less', committed({ quantity: 1n })], ['in another row', committed({ row: CALL })], ['paid in another row', committed({ payRow: ENTRY })],
  ['of another buyer', committed({ buyer: BUYER + 1n })], ['with the sides swapped', committed({ buyer: SELLER, seller: BUYER })], ['with itself', committed({ seller: BUYER })],
  ['of a later hour', committed({ expiry: 1_800_000_001 })], ['of another nonce', committed({ nonce: 1n })], ['at another venue', committed({}, { base: 5n })], ['under another table', committed({}, { table: richerMarket() })],
];

const OF_STATEMENTS: readonly TransitionForgery[] = [
  ...OTHER_TRADES.map(([what, edit]): TransitionForgery => ({ name: `a trade ${what} than was agreed`, at: inMain('said.trade * (delta - trade.commitment) === 0'), check: 'trade', make: told(RICH, AGREED, { edit }) })),
  { name: 'a buyer\'s account under the seller\'s word', at: inPart('GroupSums', 'carry[slot - 1] * (group[slot] - group[slot - 1]) === 0'), make: told(RICH, AGREED, { edit: raised('terms', 4n) }) },
  ...([['venue or chain', () => ({ base: 5n })], ['circuit', () => ({ circuitId: circuitIdOf('another') })], ['table', () => ({ table: richerMarket() })]] as const).map(([what, change]): TransitionForgery => ({
    name: `a transition of another ${what}`, at: inMain('where.frame === frame'), check: 'frame',
    make: (poseidon) => ({ ...told(RICH, deposit(CASH, 5n), { flags: OWNED, change })(poseidon), frame: told(RICH, deposit(CASH, 5n))(poseidon).frame as bigint }),
  })),
];

/** Every lie about a transition of a cleared account. */
export const FORGERIES_OF_TRANSITIONS: readonly TransitionForgery[] = [...OF_TERMS, ...OF_ACCOUNTS, ...OF_ROWS, ...OF_PERIODS, ...OF_STATEMENTS, ...FORGERIES_OF_POSTINGS];
