import type { SourceEdit } from './mutated-copy.js';
import { switchesOf } from './switches.js';

/** Checks that broken-transitions.test.ts can switch off one at a time in a copy of the circuit. */
export const TRANSITION_CHECKS = [
  'old', 'new', 'key', 'derived', 'empty', 'place', 'period', 'from', 'later', 'frame', 'trade', 'payableOnly', 'owed', 'perpetual', 'greedy', 'cap',
  'increasing', 'used', 'top', 'leaf', 'path', 'match', 'places', 'needed', 'canonicalFirst', 'canonicalNext', 'canonicalLast',
  'unusedBit', 'tradesReduce', 'collateralOpens', 'ownerless', 'aboveAmounts', 'aboveExpiry', 'heldOnly', 'settledUp', 'settledDown', 'rate',
  'namedRow', 'firstTier', 'namedBit', 'namedTotal', 'oneGroup', 'allPosted', 'collateralKind', 'payKind', 'apart', 'something',
  'nothingLeft', 'valued', 'lent', 'crossed', 'posted', 'nothingOut', 'onlyDebt', 'convertsBit', 'convertsTrade', 'convertsEntry', 'convertsCash', 'bandAbove', 'bandBelow', 'leastZero', 'excess', 'worstBit', 'worstOne', 'fall', 'paid',
] as const;
export type TransitionCheck = (typeof TRANSITION_CHECKS)[number];

const { switchOf, declared, passOn, linear, quadratic, muted, signals } = switchesOf(TRANSITION_CHECKS);
const [TRANSITION, SLOTS, MATCHED, CANONICAL, TERMS, DELTA, POSTINGS, SETTLED, FUNDING, NAMED, SUMS, RULES, CONVERSION, BAND, MARGIN, CAPS] = [
  'account-transition', 'account-slots', 'matched-slots', 'canonical-slots', 'transition-terms', 'transition-delta', 'transition-postings', 'settled-amount', 'funding-due',
  'named-slot', 'group-sums', 'transition-rules', 'entry-conversion', 'price-band', 'transition-margin', 'row-caps',
].map((name) => `account/${name}.circom`) as [string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string];
const [OPENING, PATH, RISING, FLAG] = ['tree/row-opening.circom', 'tree/tree-path.circom', 'arithmetic/strictly-increasing.circom', 'arithmetic/non-zero.circom'] as const;

/** `statement`s with a product on one side, each with its check and a name for what it says is 0. */
type Products = readonly (readonly [statement: string, check: TransitionCheck, name: string])[];

const IN_TRANSITION: Products = [
  ['oldCommitment === (1 - said.opens) * old.leaf', 'old', 'oldOff'], ['said.owned * (key - own.key) === 0', 'key', 'keyOff'],
  ['(1 - said.owned) * (nonce - derived.derived) === 0', 'derived', 'derivedOff'], ['said.opens * heldSlots === 0', 'empty', 'emptyOff'],
  ['(1 - said.funds) * lag === 0', 'period', 'periodOff'], ['said.funds * (oldPeriod - said.second) === 0', 'from', 'fromOff'],
  ['said.unmargined * owed === 0', 'owed', 'owedOff'], ['(paysIn + converts) * positive === 0', 'onlyDebt', 'positiveOff'], ['said.trade * (delta - trade.commitment) === 0', 'trade', 'tradeOff'],
];
const IN_TERMS: Products = [
  ['reducing * (1 - trade) === 0', 'tradesReduce', 'reducingOff'], ['opens * (1 - collateral) === 0', 'collateralOpens', 'opensOff'],
  ['(1 - owned) * (opens + trade - reducing) === 0', 'ownerless', 'ownerlessOff'],
];
const IN_RULES: Products = [
  ['trade * strange === 0', 'payKind', 'strangeOff'], ['expires * after[0] === 0', 'nothingLeft', 'leftOff'],
  ['borrowed * paid === 0', 'lent', 'lentOff'], ['taken * crossed === 0', 'crossed', 'crossedOff'],
  ['paysIn * amount[1] === 0', 'nothingOut', 'outOff'],
];
const IN_CONVERSION: Products = [
  ['converts * (1 - converts) === 0', 'convertsBit', 'bitOff'], ['converts * (1 - taken) === 0', 'convertsTrade', 'takenOff'],
  ['converts * (kind[0] - 3) === 0', 'convertsEntry', 'entryOff'], ['converts * (kind[1] - 1) === 0', 'convertsCash', 'cashOff'],
];
const flagged = (file: string, line: string, component: string, wanted: string): SourceEdit => ({ file, from: `${line}\n`, to: `${line}\n        ${component}.wanted <== ${wanted};\n` });
/** `component.in <== product + rest` with the rest linear, which becomes 1 without the switch. */
const inverted = (file: string, from: string, product: string, less: string, check: TransitionCheck, name: string): SourceEdit => ({
  file, from: `${from} <== ${product} + 1 - ${less};`, to: `${name} <== ${product} - (${less}); ${from} <== 1 + ${switchOf(check)} * ${name};`,
});

/** Every check of `account-transition` behind a switch, in one copy, so that one compilation shows each of them alone. */
export const SWITCHED_TRANSITIONS: readonly SourceEdit[] = [
  declared(TRANSITION, '    signal input other[K][3];'),
  signals(TRANSITION, '    component said = TransitionTerms();', [...IN_TRANSITION.map(([, , name]) => name), 'laterOff']),
  signals(TRANSITION, '    component marketRow[K];', ['placeOff'], '[K]'),
  signals(TRANSITION, '    signal promised[K];', ['payableOff'], '[K]'),
  ...IN_TRANSITION.map(([statement, check, name]) => quadratic(TRANSITION, statement, check, name)),
  linear(TRANSITION, 'newCommitment === new.leaf', 'new'),
  linear(TRANSITION, 'where.frame === frame', 'frame'),
  quadratic(TRANSITION, 'needed[slot] * (place[slot] - index[slot]) === 0', 'place', 'placeOff', '[slot]'),
  quadratic(TRANSITION, 'promised[slot] * unpayable[slot] === 0', 'payableOnly', 'payableOff', '[slot]'),
  inverted(TRANSITION, 'later.in', 'said.funds * lag', 'said.funds', 'later', 'laterOff'),
  { file: TRANSITION, from: 'split.wanted <== 1;', to: `split.wanted <== ${switchOf('greedy')};` },
  flagged(TRANSITION, '        different[slot].flag <== notPerpetual[slot];', 'different[slot]', `[${switchOf('perpetual')}, ${switchOf('perpetual')}]`),
  ...([['said', '    said.terms <== terms;'], ['change', '    change.funds <== said.funds;'], ['old', '    old.index <== oldIndex;'], ['new', '    new.index <== index;'], ['matched', '    matched.index <== oldIndex;'],
    ['canonical', '    canonical.index <== index;'], ['opening[slot]', '        opening[slot].place <== place[slot];'], ['posting', '    posting.funds <== said.funds;'], ['target[l]', '        target[l].at <== at[l];'],
    ['sums', '    sums.after <== quantity;'], ['caps', '    caps.capped <== capped;'], ['rules', '    rules.held <== held;'], ['conversion', '    conversion.owned <== said.owned;'], ['margin', '    margin.least <== least;']] as const)
    .map(([component, after]) => passOn(TRANSITION, component, after)),

  declared(SLOTS, '    signal input used[K];'),
  passOn(SLOTS, 'increasing', '    increasing.least <== 0;'),
  flagged(SLOTS, '        holds[slot].flag <== used[slot];', 'holds[slot]', `[${switchOf('used')}, 1]`),
  declared(MATCHED, '    signal input match[K][K];'),
  signals(MATCHED, '    signal output quantityAt[K];', ['matchOff'], '[K][K]'),
  quadratic(MATCHED, 'match[before][after] * (index[before] - newIndex[after]) === 0', 'match', 'matchOff', '[before][after]'),
  linear(MATCHED, 'places === used[before]', 'places'),
  declared(CANONICAL, '    signal input needed[K];'),
  signals(CANONICAL, '    component any[K];', ['nextOff', 'lastOff'], '[K]'),
  flagged(CANONICAL, '        any[slot].flag <== needed[slot];', 'any[slot]', `[${switchOf('needed')}, ${switchOf('needed')}]`),
  quadratic(CANONICAL, '(1 - needed[slot]) * index[slot] === 0', 'canonicalFirst', 'nextOff', '[slot]'),
  quadratic(CANONICAL, '(1 - needed[slot]) * (index[slot] - index[slot - 1] - 1) === 0', 'canonicalNext', 'nextOff', '[slot]'),
  quadratic(CANONICAL, '(1 - needed[slot - 1]) * needed[slot] === 0', 'canonicalLast', 'lastOff', '[slot]'),

  { file: CANONICAL, from: '        if (slot == 0) {\n', to: '        if (slot == 0) {\n            lastOff[0] <== 0;\n' },

  declared(TERMS, '    signal input terms;'),
  signals(TERMS, '    component word = WordFields(13, [1, 1, 1, 1, 1, 1, 1, 1, 32, 24, 64, 64, 40]);', IN_TERMS.map(([, , name]) => name)),
  linear(TERMS, 'word.field[7] === 0', 'unusedBit'),
  ...IN_TERMS.map(([statement, check, name]) => quadratic(TERMS, statement, check, name)),
  declared(DELTA, '    signal input fundingRow;'),
  signals(DELTA, '    signal outRow <== collateral * parts.field[4];', ['aboveOff', 'aboveExpiryOff']),
  quadratic(DELTA, '(collateral + trade) * (parts.field[8] + from176to240 * (1 << 16)) === 0', 'aboveAmounts', 'aboveOff'),
  quadratic(DELTA, 'expires * parts.field[10] === 0', 'aboveExpiry', 'aboveExpiryOff'),
  declared(POSTINGS, '    signal input held;'),
  signals(POSTINGS, '    signal output total[3];', ['heldOff']),
  quadratic(POSTINGS, '(1 - expires) * held === 0', 'heldOnly', 'heldOff'),
  passOn(POSTINGS, 'funding', '    funding.rate <== rate;'),
  passOn(POSTINGS, 'quotient', '    quotient.amount <== settled;'),
  declared(SETTLED, '    signal input amount;'),
  muted(SETTLED, 'notNegative.in', 'remainder', 'settledUp'),
  muted(SETTLED, 'below.in', 'unit - 1 - remainder', 'settledDown'),
  declared(FUNDING, '    signal input rate[3];'),
  flagged(FUNDING, '            differs[slot][place].flag <== other[slot][place];', 'differs[slot][place]', `[${switchOf('rate')}, ${switchOf('rate')}]`),
  declared(NAMED, '    signal input total;'),
  signals(NAMED, '    var flags = 0;', ['rowOff', 'tierOff'], '[K]'),
  signals(NAMED, '    named <== flags;', ['bitOff', 'totalOff']),
  quadratic(NAMED, 'at[slot] * (index[slot] - row) === 0', 'namedRow', 'rowOff', '[slot]'),
  quadratic(NAMED, 'at[slot] * predecessor[slot] === 0', 'firstTier', 'tierOff', '[slot]'),
  quadratic(NAMED, 'named * (1 - named) === 0', 'namedBit', 'bitOff'),
  quadratic(NAMED, '(1 - named) * total === 0', 'namedTotal', 'totalOff'),
  { file: NAMED, from: 'posted.in <== idle + 1;', to: `posted.in <== 1 + ${switchOf('posted')} * idle;` },
  declared(SUMS, '    signal input before[K];'),
  signals(SUMS, '    signal carry[K];', ['groupOff'], '[K]'),
  quadratic(SUMS, 'carry[slot - 1] * (group[slot] - group[slot - 1]) === 0', 'oneGroup', 'groupOff', '[slot]'),
  linear(SUMS, 'carry[K - 1] === 0', 'allPosted'),
  { file: SUMS, from: '        if (slot == 0) {\n', to: '        if (slot == 0) {\n            groupOff[0] <== 0;\n' },

  declared(RULES, '    signal input held;'),
  signals(RULES, '    signal unpayable[2];', [...IN_RULES.map(([, , name]) => name), 'apartOff', 'somethingOff', 'movedOff[2]']),
  ...IN_RULES.map(([statement, check, name]) => quadratic(RULES, statement, check, name)),
  quadratic(RULES, 'moved[l] * unpayable[l] === 0', 'collateralKind', 'movedOff', '[l]'),
  { file: RULES, from: 'differs.in <== apart + 1 - trade;', to: `differs.in <== 1 + ${switchOf('apart')} * (apart - trade);` },
  { file: RULES, from: 'something.in <== moving + held + 1 - trade - paysIn - expires;', to: `something.in <== 1 + ${switchOf('something')} * (moving + held - trade - paysIn - expires);` },
  { file: RULES, from: 'valued.in <== trade * (mark[1] - 1);', to: `apartOff <== ${switchOf('valued')} * trade; valued.in <== apartOff * (mark[1] - 1);` },
  passOn(RULES, 'price', '    price.payMark <== mark[1];'),
  declared(CONVERSION, '    signal input kind[2];'),
  signals(CONVERSION, '    signal taken <== trade * (1 - owned);', IN_CONVERSION.map(([, , name]) => name)),
  ...IN_CONVERSION.map(([statement, check, name]) => quadratic(CONVERSION, statement, check, name)),
  declared(BAND, '    signal input payMark;'),
  signals(BAND, '    component notAbove = RangeCheck(138);', ['aboveOff', 'belowOff']),
  { file: BAND, from: 'notAbove.in <== wanted * (room - off);', to: `aboveOff <== ${switchOf('bandAbove')} * wanted; notAbove.in <== aboveOff * (room - off);` },
  { file: BAND, from: 'notBelow.in <== wanted * (room + off);', to: `belowOff <== ${switchOf('bandBelow')} * wanted; notBelow.in <== belowOff * (room + off);` },
  declared(MARGIN, '    signal input least;'),
  signals(MARGIN, '    signal gain[K];', ['leastOff', 'aboveOff', 'worstOff[S + 1]']),
  quadratic(MARGIN, '(1 - reducing) * least === 0', 'leastZero', 'leastOff'),
  { file: MARGIN, from: '    component above[S + 1];\n', to: `    component above[S + 1];\n    aboveOff <== ${switchOf('excess')} * tested;\n` },
  { file: MARGIN, from: 'above[s].in <== tested * (new.excess[s] - least);', to: 'above[s].in <== aboveOff * (new.excess[s] - least);' },
  quadratic(MARGIN, 'worst[s] * (1 - worst[s]) === 0', 'worstBit', 'worstOff', '[s]'),
  linear(MARGIN, 'flags === 1', 'worstOne'),
  muted(MARGIN, 'falls.in', 'fall', 'fall'),
  muted(MARGIN, 'paid.in', '2 * worth + fall', 'paid'),

  { file: CAPS, from: '    component headroom[K];\n', to: `    component headroom[K];\n    signal cappedOff[K];\n` },
  declared(CAPS, '    signal input capped[K];'),
  flagged(CAPS, '        isCapped[slot].flag <== capped[slot];', 'isCapped[slot]', `[${switchOf('cap')}, 1]`),
  { file: CAPS, from: 'headroom[slot].in <== capped[slot] * (cap[slot] - magnitude[slot]);', to: `cappedOff[slot] <== ${switchOf('cap')} * capped[slot]; headroom[slot].in <== cappedOff[slot] * (cap[slot] - magnitude[slot]);` },
  { file: FLAG, from: '    signal input flag;\n', to: '    signal input flag;\n    signal input wanted[2];\n    signal off;\n' },
  { file: FLAG, from: '(1 - flag) * in === 0;', to: 'off <== (1 - flag) * in; wanted[0] * off === 0;' },
  { file: FLAG, from: 'inverse.in <== in + 1 - flag;', to: 'inverse.in <== 1 + wanted[1] * (in - flag);' },
  declared(RISING, '    signal input least;'),
  muted(RISING, 'gaps[i].in', 'index[i + 1] - index[i] - 1', 'increasing'),
  muted(RISING, 'last.in', 'index[K - 1]', 'increasing'),
  declared(OPENING, '    signal input place;'),
  passOn(OPENING, 'path', '    path.leaf <== leaf;'),
  linear(OPENING, 'chosen.child === path.node', 'top'),
  declared(PATH, '    signal input leaf;'),
  linear(PATH, 'chosen[level].child === leaf', 'leaf'),
  linear(PATH, 'chosen[level].child === parent[level - 1].out', 'path'),
];

/** The switches with these checks off. */
export const transitionsArmedWithout = (off: readonly TransitionCheck[]): { readonly armed: readonly bigint[] } => ({ armed: TRANSITION_CHECKS.map((check) => (off.includes(check) ? 0n : 1n)) });
