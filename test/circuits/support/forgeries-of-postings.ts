import { payIn } from '../../../src/statement/transition.js';
import { smallMarket } from '../../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../../builders/tiered-market.js';
import { LIQUIDATION, REDUCING, UNOWNED, buys, deposit, expires, funds, sells, withdraw } from '../../builders/transition.js';
import { replaced } from './forgery.js';
import { below, inPart, tooWide } from './forgeries-of-accounts.js';
import { both, opens, placed, set, told, trading, type Pairs, type TransitionForgery } from './transition-forgery.js';

const [CASH, COIN, ENTRY, PERPETUAL, CALL, DUST] = [0, 1, 2, 3, 4, 5] as const;
const { PERP, PERP2, USDC } = TIERED_ROWS;
const MILLION = 10n ** 6n;
/** Cash quanta of a coin, and of a perpetual on it. */
const PRICE = 60_000n;
const PERPETUAL_GROUP = 3;
const RICH: Pairs = [[CASH, MILLION], [PERPETUAL, -5n]];
const OPTION: Pairs = [[CASH, 10n], [CALL, 3n]];
const WRITER: Pairs = [[CASH, MILLION], [CALL, -5n]];
const isZero = (template: string, statement: string): TransitionForgery['at'] => below(inPart('Inverse', 'out * in === 1'), template, statement);
const unequal = (template: string, statement: string): TransitionForgery['at'] => below(inPart('NonZero', '(1 - flag) * in === 0'), template, statement);
const inRules = (statement: string): TransitionForgery['at'] => inPart('TransitionRules', statement);

const TOO_MUCH = { at: tooWide('SettledAmount', 'notNegative.in <== remainder'), check: 'settledUp' } as const;
const TOO_LITTLE = { at: tooWide('SettledAmount', 'below.in <== unit - 1 - remainder'), check: 'settledDown' } as const;
const EXEMPT = [{ group: PERPETUAL_GROUP, rate: 3n * MILLION }];
const CREDITED = [{ group: PERPETUAL_GROUP, rate: -MILLION }];

const OF_AMOUNTS: readonly TransitionForgery[] = [
  {
    name: 'a trade of two quanta in which five arrive', at: inPart('TransitionPostings', '(1 - expires) * held === 0'), check: 'heldOnly',
    make: told(RICH, buys(PERPETUAL, CASH, 2n, 2n * PRICE), { slots: [[CASH, 880_000n], [PERPETUAL, 0n], [4, 0n], [5, 0n]], edit: set({ held: -3n }) }),
  },
  { name: 'an option that pays one quantum more', ...TOO_MUCH, make: told(OPTION, expires(CALL, CASH, 500_001n), { slots: [[CASH, 12n], [CALL, 0n], [5, 0n], [6, 0n]], edit: set({ settled: 2n }) }) },
  { name: 'an option whose writer pays one quantum less', ...TOO_MUCH, make: told(WRITER, expires(CALL, CASH, 500_001n), { slots: [[CASH, MILLION - 2n], [CALL, 0n], [5, 0n], [6, 0n]], edit: set({ settled: -2n }) }) },
  { name: 'an option that pays one quantum less, without the owner', ...TOO_LITTLE, make: told(OPTION, expires(CALL, CASH, 700_001n), { flags: UNOWNED, slots: [[CASH, 11n], [CALL, 0n], [5, 0n], [6, 0n]], edit: set({ settled: 1n }) }) },
  { name: 'funding whose payer pays one quantum less', ...TOO_MUCH, make: told(RICH, funds(CASH, [{ group: PERPETUAL_GROUP, rate: -300_000n }]), { slots: [[CASH, MILLION - 1n], [PERPETUAL, -5n], [4, 0n], [5, 0n]], edit: set({ settled: -1n }) }) },
  {
    name: 'a perpetual that is of no listed group', at: isZero('FundingDue', 'differs[slot][place].flag'), check: 'rate',
    make: told([[CASH, MILLION], [PERPETUAL, 5n]], funds(CASH, EXEMPT), { slots: [[CASH, MILLION], [PERPETUAL, 5n], [4, 0n], [5, 0n]], edit: both(set({ settled: 0n }), placed('other', 1, 1n, 0), placed('at', 1, [0n, 0n, 0n, 0n])) }),
  },
  {
    name: 'cash that funding is paid for', at: unequal('FundingDue', 'differs[slot][place].flag'), check: 'rate',
    make: told([[CASH, MILLION], [PERPETUAL, 1n]], funds(CASH, CREDITED), { slots: [[CASH, 2n * MILLION + 1n], [PERPETUAL, 1n], [4, 0n], [5, 0n]], edit: both(set({ settled: MILLION + 1n }), placed('other', 0, 0n, 0)) }),
  },
  { name: 'dust that arrives as coins', at: inPart('NamedSlot', 'at[slot] * (index[slot] - row) === 0'), check: 'namedRow', make: told([[COIN, 1n]], deposit(DUST, 5n), { slots: [[COIN, 6n], [2, 0n], [3, 0n], [4, 0n]], edit: placed('at', 0, 1n, 0) }) },
  {
    name: 'a price beyond the band that the short charge of a second tier would take in', at: inPart('NamedSlot', 'at[slot] * predecessor[slot] === 0'), check: 'firstTier',
    make: told([[PERP, 40n], [PERP2, 3n], [USDC, 10n ** 9n]], buys(PERP, USDC, 2n, 126_100n), { table: tieredMarket(), edit: both(trading({ row: PERP2 }), placed('at', 0, [0n, 1n, 0n, 0n])) }),
  },
  { name: 'a deposit that arrives twice', at: inPart('NamedSlot', 'named * (1 - named) === 0'), make: told([[CASH, 1n]], deposit(CASH, 5n), { slots: [[CASH, 11n], [1, 0n], [2, 0n], [3, 0n]], edit: placed('at', 0, 2n, 0) }) },
  {
    name: 'a gift of what is worth one quantum, by a pay row with three times its mark', at: inPart('NamedSlot', 'named * (1 - named) === 0'), check: 'namedBit',
    make: told([[CASH, MILLION], [DUST, 400_000n]], sells(DUST, CASH, 400_000n, 0n), { edit: placed('at', 1, 3n, 0) }),
  },
  { name: 'a withdrawal that leaves no slot', at: inPart('NamedSlot', '(1 - named) * total === 0'), check: 'namedTotal', make: told(RICH, withdraw(CASH, 7n), { slots: [[CASH, MILLION], [PERPETUAL, -5n], [4, 0n], [5, 0n]], edit: placed('at', 1, [0n, 0n, 0n, 0n]) }) },
  {
    name: 'an exercised option whose writer does not deliver', at: inPart('NamedSlot', '(1 - named) * total === 0'), check: 'namedTotal',
    make: told([[CASH, MILLION], [COIN, 9n], [CALL, -5n]], expires(CALL, CASH, -MILLION, { deliverRow: COIN, deliver: 1n }), { slots: [[CASH, MILLION + 5n], [COIN, 9n], [CALL, 0n], [5, 0n]], edit: placed('at', 2, [0n, 0n, 0n, 0n]) }),
  },
  { name: 'cash that arrives as coins', at: inPart('GroupSums', 'carry[slot - 1] * (group[slot] - group[slot - 1]) === 0'), check: 'oneGroup', make: told([[CASH, 1n], [COIN, 1n]], deposit(CASH, 5n), { slots: [[CASH, 1n], [COIN, 6n], [2, 0n], [3, 0n]] }) },
  { name: 'one quantum more in the last slot', at: inPart('GroupSums', 'carry[K - 1] === 0'), check: 'allPosted', make: told([[CASH, MILLION], [COIN, 1n], [CALL, 1n], [DUST, 1n]], deposit(DUST, 5n), { slots: [[CASH, MILLION], [COIN, 1n], [CALL, 1n], [DUST, 7n]] }) },
  {
    name: 'an option of which some stays short after its end', at: inRules('expires * after[0] === 0'), check: 'nothingLeft',
    make: told(WRITER, expires(CALL, CASH, 2n * MILLION), { slots: [[CASH, MILLION - 6n], [CALL, -2n], [5, 0n], [6, 0n]], edit: set({ held: -3n, settled: -6n }) }),
  },
  {
    name: 'an option of which more ends than was held', at: inRules('expires * after[0] === 0'), check: 'nothingLeft',
    make: told(OPTION, expires(CALL, CASH, 2n * MILLION), { slots: [[CASH, 26n], [CALL, -5n], [5, 0n], [6, 0n]], edit: set({ held: 8n, settled: 16n }) }),
  },
];

const NOTHING = { at: isZero('TransitionRules', 'something.in'), check: 'something' } as const;
const LENT = { at: inRules('borrowed * paid === 0'), check: 'lent' } as const;
const worthless = (): ReturnType<typeof smallMarket> => {
  const table = smallMarket();
  return { ...table, rows: replaced(replaced(table.rows, CALL, (row) => ({ ...row, mark: 0n })), DUST, (row) => ({ ...row, mark: 0n })) };
};

const OF_RULES: readonly TransitionForgery[] = [
  { name: 'a deposit of perpetuals', at: inRules('moved[l] * unpayable[l] === 0'), check: 'collateralKind', make: told(RICH, deposit(PERPETUAL, 5n)) },
  { name: 'a withdrawal of an entry', at: inRules('moved[l] * unpayable[l] === 0'), check: 'collateralKind', make: told(RICH, withdraw(ENTRY, 5n)) },
  { name: 'a trade that is paid in options', at: inRules('trade * strange === 0'), check: 'payKind', make: told(RICH, buys(PERPETUAL, CALL, 2n, 30n)) },
  { name: 'a trade of cash for cash', at: isZero('TransitionRules', 'differs.in'), check: 'apart', make: told(RICH, buys(CASH, CASH, 100n, 95n)) },
  { name: 'a trade of nothing for something', ...NOTHING, make: told(RICH, sells(PERPETUAL, ENTRY, 1n, PRICE), { slots: [[CASH, MILLION], [ENTRY, 1n], [PERPETUAL, -5n], [4, 0n]], edit: both(trading({ quantity: 0n, payment: 1n }), placed('at', 0, [0n, 0n, 0n, 0n])) }) },
  { name: 'an expiry of what is not held, to void the owner\'s proofs', ...NOTHING, make: told([[CASH, 10n]], expires(CALL, CASH, MILLION), { flags: UNOWNED, slots: [[CASH, 10n], [1, 0n], [2, 0n], [3, 0n]] }) },
  { name: 'a payment in what is worth nothing', at: tooWide('TransitionRules', 'valued.in'), check: 'valued', make: told(RICH, sells(CALL, DUST, 1n, 10n ** 9n), { table: worthless() }) },
  {
    name: 'a payment of nothing in no row', at: inRules('trade * strange === 0'),
    make: told([[CASH, MILLION]], buys(CALL, COIN, 1n, 1n), { table: worthless(), slots: [[CASH, MILLION], [CALL, 1n], [5, 0n], [6, 0n]], edit: both(trading({ payment: 0n }), placed('at', 1, [0n, 0n, 0n, 0n])) }),
  },
  { name: 'perpetuals that are paid with a debt', ...LENT, make: told([[COIN, 100n]], buys(PERPETUAL, CASH, 2n, 2n * PRICE)) },
  { name: 'coins that are sold without being held', ...LENT, make: told([[CASH, 10n ** 9n]], sells(COIN, CASH, 5n, 5n * PRICE)) },
  { name: 'a withdrawal of cash against coins', ...LENT, make: told([[COIN, 100n]], withdraw(CASH, 7n)) },
  { name: 'a debt that another withdrawal deepens', ...LENT, make: told([[CASH, -7n], [COIN, 100n]], withdraw(CASH, 7n)) },
  { name: 'a liquidation that turns a short into a long', at: inRules('taken * crossed === 0'), check: 'crossed', make: told(RICH, buys(PERPETUAL, CASH, 7n, 7n * PRICE), { flags: LIQUIDATION }) },
  { name: 'a liquidation that turns a long into a short', at: inRules('taken * crossed === 0'), check: 'crossed', make: told([[CASH, MILLION], [PERPETUAL, 5n]], sells(PERPETUAL, CASH, 7n, 7n * PRICE), { flags: LIQUIDATION }) },
  { name: 'a price one quantum above the band', at: tooWide('PriceBand', 'notAbove.in'), check: 'bandAbove', make: told(RICH, buys(PERPETUAL, CASH, 2n, 126_122n)) },
  { name: 'a price one quantum above what mark and short charge leave', at: tooWide('PriceBand', 'notAbove.in'), check: 'bandAbove', make: told(RICH, sells(CALL, DUST, 10n, 10_972_857_144n, 900_000)) },
  { name: 'a price one quantum below the band', at: tooWide('PriceBand', 'notBelow.in'), check: 'bandBelow', make: told(RICH, buys(PERPETUAL, CASH, 2n, 113_878n)) },
  { name: 'a gift without a price', at: tooWide('PriceBand', 'notBelow.in'), check: 'bandBelow', make: told([[CASH, MILLION], [COIN, 5n]], sells(COIN, CASH, 5n, 0n)) },
];

const UNMET = { at: tooWide('TransitionMargin', 'above[s].in'), check: 'excess' } as const;
const MORE_RISK = { flags: REDUCING } as const;
const WIDE = 900_000;

const OF_MARGIN: readonly TransitionForgery[] = [
  { name: 'a trade that breaks the margin', ...UNMET, make: told([[CASH, MILLION]], buys(PERPETUAL, ENTRY, 1_000n, 1_000n * PRICE)) },
  { name: 'a trade that only a scenario breaks', ...UNMET, make: told([[CASH, 12_000n]], buys(PERPETUAL, ENTRY, 2n, 2n * PRICE)) },
  { name: 'a withdrawal that leaves the account short', ...UNMET, make: told(RICH, withdraw(CASH, MILLION - 350_999n)) },
  { name: 'a least excess below 0 where none is reduced', at: inPart('TransitionMargin', '(1 - reducing) * least === 0'), check: 'leastZero', make: told([[CASH, MILLION]], buys(PERPETUAL, ENTRY, 1_000n, 1_000n * PRICE), { edit: set({ least: -(2n ** 80n) }) }) },
  { name: 'a worst scenario that is a mixture', at: inPart('TransitionMargin', 'worst[s] * (1 - worst[s]) === 0'), check: 'worstBit', make: told(RICH, sells(PERPETUAL, CASH, 5n, 5n * PRICE), { ...MORE_RISK, edit: set({ worst: [11n, -10n, 0n] }) }) },
  { name: 'no worst scenario', at: inPart('TransitionMargin', 'flags === 1'), check: 'worstOne', make: told(RICH, sells(PERPETUAL, CASH, 5n, 5n * PRICE), { ...MORE_RISK, edit: set({ worst: [0n, 0n, 0n] }) }) },
  { name: 'more risk at a good price that passes for less', at: tooWide('TransitionMargin', 'falls.in'), check: 'fall', make: told(RICH, sells(PERPETUAL, CASH, 5n, 5n * PRICE + 26_000n, WIDE), MORE_RISK) },
  { name: 'one quantum more for an accomplice than half of the risk that goes', at: tooWide('TransitionMargin', 'paid.in'), check: 'paid', make: told(RICH, buys(PERPETUAL, CASH, 5n, 5n * PRICE + 25_501n, WIDE), MORE_RISK) },
  { name: 'a liquidation at a price that takes more than half of the risk that goes', at: tooWide('TransitionMargin', 'paid.in'), check: 'paid', make: told(RICH, buys(PERPETUAL, CASH, 5n, 5n * PRICE + 25_501n, WIDE), { flags: LIQUIDATION }) },
];

const without = { flags: UNOWNED } as const;
const ONLY_DEBT = { at: inPart('AccountTransition', '(paysIn + converts) * positive === 0'), check: 'onlyDebt' } as const;
const OWES: Pairs = [[CASH, -7n]];

const OF_DEBTS: readonly TransitionForgery[] = [
  { name: 'a deposit without the owner, whose proofs it voids', ...ONLY_DEBT, make: told(RICH, deposit(CASH, 7n), without) },
  { name: 'one quantum more than the debt', ...ONLY_DEBT, make: told(OWES, payIn(CASH, 8n), without) },
  { name: 'the debt of an account that has something to sell', ...ONLY_DEBT, make: told([[CASH, -7n], [COIN, 1n]], payIn(CASH, 7n), without) },
  { name: 'the debt of an account that has an option to sell in its last slot', ...ONLY_DEBT, make: told([[CASH, -7n], [COIN, -1n], [ENTRY, -1n], [CALL, 1n]], payIn(CASH, 7n), without) },
  { name: 'coins that leave for a debt that is paid', at: inRules('paysIn * amount[1] === 0'), check: 'nothingOut', make: told([[CASH, -7n], [COIN, 5n]], { ...payIn(CASH, 7n), out: { row: COIN, amount: 5n } }, without) },
  { name: 'a withdrawal without the owner', at: NOTHING.at, make: told([[COIN, 5n]], withdraw(COIN, 5n), without) },
  { name: 'a change by nothing, to void its owner\'s proofs', ...NOTHING, make: told(OWES, { kind: 'collateral', opens: false, context: 0n }, without) },
  { name: 'options that are taken back for nobody', at: inRules('moved[l] * unpayable[l] === 0'), check: 'collateralKind', make: told([[CALL, -7n]], payIn(CALL, 7n), without) },
];

const unasked = set({ converts: 1n, least: 0n });
const inConversion = (statement: string): TransitionForgery['at'] => inPart('EntryConversion', statement);

const OF_CONVERSIONS: readonly TransitionForgery[] = [
  { name: 'an owner who gives entries away below their price without a test of risk', at: inConversion('converts * (1 - taken) === 0'), check: 'convertsTrade', make: told([[CASH, -107n], [ENTRY, 100n]], sells(ENTRY, CASH, 100n, 95n), { flags: REDUCING, edit: unasked }) },
  { name: 'a perpetual of a bankrupt account that goes at any price in the band', at: inConversion('converts * (kind[0] - 3) === 0'), check: 'convertsEntry', make: told([[CASH, -7n], [PERPETUAL, -5n]], buys(PERPETUAL, CASH, 5n, 5n * PRICE + 25_501n, WIDE), { flags: LIQUIDATION, edit: unasked }) },
  { name: 'entries that are bought back with coins nobody has', at: inConversion('converts * (kind[1] - 1) === 0'), check: 'convertsCash', make: told([[COIN, -1n], [ENTRY, -PRICE]], buys(ENTRY, COIN, PRICE, 1n), { flags: LIQUIDATION, edit: unasked }) },
  { name: 'entries that are bought back above their price by an account that has cash left', at: inPart('AccountTransition', '(paysIn + converts) * positive === 0'), check: 'onlyDebt', make: told([[CASH, 100n], [ENTRY, -100n]], buys(ENTRY, CASH, 50n, 52n), { flags: LIQUIDATION, edit: unasked }) },
  { name: 'a test of risk that is made twice over', at: inConversion('converts * (1 - converts) === 0'), check: 'convertsBit', make: told([[CASH, 100n], [ENTRY, -100n]], buys(ENTRY, CASH, 100n, 100n), { flags: LIQUIDATION, edit: set({ converts: -1n, least: 0n }) }) },
];

const POSTED = { at: isZero('NamedSlot', 'posted.in'), check: 'posted' } as const;

const OF_NAMES: readonly TransitionForgery[] = [
  {
    name: 'an empty slot of a pay row that nothing is paid in, which whoever follows does not expect', ...POSTED,
    make: told([[CALL, 3n]], expires(CALL, CASH, 0n), { ...without, slots: [[CASH, 0n], [CALL, 0n], [5, 0n], [6, 0n]], edit: both(placed('at', 1, [1n, 0n, 0n, 0n]), placed('needed', 0, 1n)) }),
  },
  {
    name: 'an empty slot of the row that the low bits of what is liquidated name', ...POSTED,
    make: told(RICH, buys(PERPETUAL, CASH, 2n, 2n * PRICE), {
      flags: LIQUIDATION, slots: [[CASH, MILLION - 2n * PRICE], [ENTRY, 0n], [PERPETUAL, -3n], [4, 0n]], edit: both(opens(1, ENTRY), placed('at', 2, [0n, 1n, 0n, 0n]), placed('needed', 1, 1n)),
    }),
  },
  {
    name: 'an empty slot of row 0 that a payment of debts takes nothing out of', at: below(inPart('Inverse', 'out * in === 1'), 'NamedSlot', 'posted.in'),
    make: told([[COIN, -7n]], payIn(COIN, 2n), { ...without, slots: [[CASH, 0n], [COIN, -5n], [2, 0n], [3, 0n]], edit: both(placed('at', 1, [1n, 0n, 0n, 0n]), placed('needed', 0, 1n)) }),
  },
];

/** Every lie about what is posted, to which rows, and what the account is worth after. */
export const FORGERIES_OF_POSTINGS: readonly TransitionForgery[] = [...OF_AMOUNTS, ...OF_RULES, ...OF_MARGIN, ...OF_DEBTS, ...OF_CONVERSIONS, ...OF_NAMES];
