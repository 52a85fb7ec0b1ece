import { ACCOUNT_CHECKS, type AccountCheck } from './forgeries-of-accounts.js';
import type { SourceEdit } from './mutated-copy.js';
import { switchesOf } from './switches.js';

const [MARGIN, EXIT, SIGNER, MARK, TERMS, SLOTS, WITHDRAWAL, VERDICT, CAPS, SPLIT, ANCHOR, FRAME, OPENING, PATH, RISING, FLAG, INCLUSION] = [
  'account/account-margin.circom', 'account/account-exit.circom', 'account/account-signer.circom', 'market/row-mark.circom', 'account/account-terms.circom',
  'account/account-slots.circom', 'account/account-withdrawal.circom', 'account/account-verdict.circom', 'account/row-caps.circom', 'account/greedy-split.circom',
  'account/account-anchor.circom', 'commitment/account-frame.circom', 'tree/row-opening.circom', 'tree/tree-path.circom',
  'arithmetic/strictly-increasing.circom', 'arithmetic/non-zero.circom', 'account/account-inclusion.circom',
] as const;

const { switchOf, declared, passOn, linear, quadratic, muted, signals } = switchesOf(ACCOUNT_CHECKS);

const IN_SPLIT: readonly (readonly [string, AccountCheck, string])[] = [
  ['further[slot] * (index[slot - 1] - predecessor[slot] + 1) === 0', 'splitBelow', 'belowOff'],
  ['further[slot] * (1 - used[slot - 1]) === 0', 'splitUsed', 'usedOff'],
  ['further[slot] * (magnitude[slot - 1] - cap[slot - 1]) === 0', 'splitFull', 'fullOff'],
  ['further[slot] * (here[slot] - below[slot]) === 0', 'splitSign', 'signOff'],
];
const IN_TERMS: readonly (readonly [string, AccountCheck, string])[] = [
  ['held * (1 - held) === 0', 'heldBit', 'heldOff'], ['withdraws * (1 - withdraws) === 0', 'withdrawsBit', 'withdrawsOff'],
  ['unmargined * (1 - unmargined) === 0', 'unmarginedBit', 'unmarginedOff'], ['healthy * held === 0', 'exclusive', 'exclusiveOff'],
  ['watched * (1 - watched) === 0', 'watchedBit', 'watchedOff'], ['watched * (1 - healthy) === 0', 'watchedHealthy', 'watchedHealthyOff'],
  ['(1 - owned) * payload === 0', 'silent', 'silentOff'], ['withdraws * (1 - healthy) === 0', 'payer', 'payerOff'],
];
const IN_MARGIN: readonly (readonly [string, AccountCheck, string])[] = [
  ['said.owned * (key - own.key) === 0', 'key', 'keyOff'], ['unmargined * owed === 0', 'owed', 'owedOff'],
  ['(1 - said.owned) * (1 - source) === 0', 'alone', 'aloneOff'],
  ['source * (1 - source) === 0', 'source', 'sourceOff'], ['nullifier === said.owned * names[0].hash', 'nullifier', 'nameOff'],
  ['nullifierNext === said.owned * names[1].hash', 'nullifierNext', 'nextOff'],
];
const OPENED = 'used[slot] * (place[slot] - index[slot]) === 0';

/** Every check of the account circuits behind a switch, in one copy, so that one compilation a circuit shows each of them alone. */
export const SWITCHED_ACCOUNTS: readonly SourceEdit[] = [
  declared(MARGIN, '    signal input pnl[K][S];'),
  signals(MARGIN, '    signal unpayable[K];', IN_MARGIN.slice(1).map(([, , name]) => name)),
  signals(MARGIN, '    component slots = AccountSlots(K);', ['keyOff']),
  signals(MARGIN, '    component marketRow[K];', ['placeOff'], '[K]'),
  signals(MARGIN, '    signal promised[K];', ['payableOff'], '[K]'),
  ...IN_MARGIN.map(([statement, check, name]) => quadratic(MARGIN, statement, check, name)),
  quadratic(MARGIN, OPENED, 'place', 'placeOff', '[slot]'),
  quadratic(MARGIN, 'promised[slot] * unpayable[slot] === 0', 'payableOnly', 'payableOff', '[slot]'),
  linear(MARGIN, 'where.frame === frame', 'frame'),
  ...([['said', '    said.terms <== terms;'], ['slots', '    slots.key <== key;'], ['opening[slot]', '        opening[slot].place <== place[slot];'], ['caps', '    caps.cap <== cap;'],
    ['withdrawal', '    withdrawal.row <== row;'], ['verdict', '    verdict.healthy <== healthy;'], ['split', '    split.cap <== cap;'], ['tree', '    tree.leaf <== slots.leaf;'],
    ['where', '    where.base <== base;']] as const).map(([component, after]) => passOn(MARGIN, component, after)),

  declared(EXIT, '    signal input pnl[K][S];'),
  signals(EXIT, '    component rowLeaf[K];', ['placeOff'], '[K]'),
  signals(EXIT, '    component sign = SignedExcess(120);', ['equityOff']),
  quadratic(EXIT, OPENED, 'place', 'placeOff', '[slot]'),
  quadratic(EXIT, 'equity === sign.nonNegative * worth', 'equity', 'equityOff'),
  linear(EXIT, 'where.frame === frame', 'frame'),
  linear(EXIT, 'name.hash === nullifier', 'nullifier'),
  ...([['slots', '    slots.key <== own.key;'], ['opening[slot]', '        opening[slot].place <== place[slot];'], ['tree', '    tree.leaf <== slots.leaf;'],
    ['where', '    where.base <== base;']] as const).map(([component, after]) => passOn(EXIT, component, after)),

  declared(SIGNER, '    signal input subAccount;'),
  linear(SIGNER, 'where.domain === domain', 'domain'),
  linear(SIGNER, 'epochs === epoch + (1 << 32) * laterEpoch', 'epochs'),
  linear(SIGNER, '    name.hash === nullifier', 'nullifier'),
  linear(SIGNER, 'laterName.hash === laterNullifier', 'nullifierNext'),
  muted(SIGNER, 'epochRange.in', 'epoch', 'epochRange'),
  muted(SIGNER, 'laterRange.in', 'laterEpoch', 'epochRange'),

  declared(MARK, '    signal input pnl[S];'),
  linear(MARK, 'market.commitment === marketCommitment', 'market'),
  muted(MARK, 'range.in', 'mark', 'markRange'),
  passOn(MARK, 'opening', '    opening.place <== row;'),

  declared(INCLUSION, '    signal input children[DEPTH][16];'),
  signals(INCLUSION, '    component surplus = RangeCheck(W);', ['surplusOff']),
  linear(INCLUSION, 'receipt.hash === balance', 'balance'),
  linear(INCLUSION, 'tree.root === accountsRoot', 'root'),
  muted(INCLUSION, 'firstRange.in', 'firstRow', 'firstRow'),
  muted(INCLUSION, 'lastRange.in', 'lastRow', 'lastRow'),
  muted(INCLUSION, 'inOrder.in', 'lastRow - firstRow', 'inOrder'),
  muted(INCLUSION, 'amountRange.in', 'amount', 'amountRange'),
  muted(INCLUSION, 'fromFirst[slot].excess', 'index[slot] - firstRow', 'fromFirst'),
  muted(INCLUSION, 'upToLast[slot].excess', 'lastRow - index[slot]', 'upToLast'),
  { file: INCLUSION, from: 'surplus.in <== promises * (sum - amount);', to: `surplusOff <== ${switchOf('surplus')} * promises; surplus.in <== surplusOff * (sum - amount);` },
  { file: INCLUSION, from: '    promised.flag <== promises;\n', to: `    promised.flag <== promises;\n    promised.wanted <== [${switchOf('promised')}, ${switchOf('promisedInverse')}];\n` },
  ...([['slots', '    slots.key <== key;'], ['tree', '    tree.leaf <== slots.leaf;']] as const).map(([component, after]) => passOn(INCLUSION, component, after)),

  declared(TERMS, '    signal input context;'),
  signals(TERMS, '    signal output scope;', IN_TERMS.map(([, , name]) => name)),
  ...IN_TERMS.map(([statement, check, name]) => quadratic(TERMS, statement, check, name)),
  linear(TERMS, 'terms === healthy + 2 * held + 4 * withdraws + 8 * unmargined + 16 * payload + (1 << 84) * watched + (1 << 96) * context', 'terms'),
  muted(TERMS, 'rowRange.in', 'row', 'rowRange'),
  muted(TERMS, 'amountRange.in', 'amount', 'amountRange'),
  muted(TERMS, 'contextRange.in', 'context', 'contextRange'),
  { file: TERMS, from: 'notZero.in <== withdrawn + 1 - withdraws;', to: `notZero.in <== 1 + ${switchOf('nothing')} * (withdrawn - withdraws);` },

  declared(SLOTS, '    signal input used[K];'),
  passOn(SLOTS, 'increasing', '    increasing.least <== 0;'),
  { file: SLOTS, from: '        holds[slot].flag <== used[slot];\n', to: `        holds[slot].flag <== used[slot];\n        holds[slot].wanted <== [${switchOf('used')}, ${switchOf('usedInverse')}];\n` },
  declared(CAPS, '    signal input capped[K];'),
  { file: CAPS, from: '        isCapped[slot].flag <== capped[slot];\n', to: `        isCapped[slot].flag <== capped[slot];\n        isCapped[slot].wanted <== [${switchOf('capped')}, 1];\n` },
  { file: CAPS, from: '    component headroom[K];\n', to: '    component headroom[K];\n    signal cappedOff[K];\n' },
  { file: CAPS, from: 'headroom[slot].in <== capped[slot] * (cap[slot] - magnitude[slot]);', to: `cappedOff[slot] <== ${switchOf('cap')} * capped[slot]; headroom[slot].in <== cappedOff[slot] * (cap[slot] - magnitude[slot]);` },
  { file: FLAG, from: '    signal input flag;\n', to: '    signal input flag;\n    signal input wanted[2];\n    signal off;\n' },
  { file: FLAG, from: '(1 - flag) * in === 0;', to: 'off <== (1 - flag) * in; wanted[0] * off === 0;' },
  { file: FLAG, from: 'inverse.in <== in + 1 - flag;', to: 'inverse.in <== 1 + wanted[1] * (in - flag);' },
  declared(RISING, '    signal input least;'),
  muted(RISING, 'gaps[i].in', 'index[i + 1] - index[i] - 1', 'increasing'),
  muted(RISING, 'last.in', 'index[K - 1]', 'increasing'),

  declared(WITHDRAWAL, '    signal input withdraws;'),
  signals(WITHDRAWAL, '    signal taken[K];', ['rowOff', 'unpayableOff'], '[K]'),
  quadratic(WITHDRAWAL, 'from[slot] * (index[slot] - row) === 0', 'rowOf', 'rowOff', '[slot]'),
  quadratic(WITHDRAWAL, 'from[slot] * unpayable[slot] === 0', 'payable', 'unpayableOff', '[slot]'),
  linear(WITHDRAWAL, 'chosen === withdraws', 'chosen'),
  muted(WITHDRAWAL, 'notNegative.in', 'left', 'left'),

  declared(VERDICT, '    signal input held;'),
  signals(VERDICT, '    component claim[S + 1];', ['healthyOff', 'unhealthyOff']),
  quadratic(VERDICT, 'healthy * (1 - healthySoFar[S + 1]) === 0', 'healthy', 'healthyOff'),
  quadratic(VERDICT, 'unhealthy * healthySoFar[S + 1] === 0', 'unhealthy', 'unhealthyOff'),

  declared(SPLIT, '    signal input wanted;'),
  signals(SPLIT, '    signal judged[K];', IN_SPLIT.map(([, , name]) => name), '[K]'),
  linear(SPLIT, 'further[slot] === 0', 'splitFirst'),
  ...IN_SPLIT.map(([statement, check, name]) => quadratic(SPLIT, statement, check, name, '[slot]')),
  { file: SPLIT, from: '            below[slot] <== 0;\n', to: '            below[slot] <== 0;\n            belowOff[0] <== 0; usedOff[0] <== 0; fullOff[0] <== 0; signOff[0] <== 0;\n' },

  declared(ANCHOR, '    signal input position;'),
  passOn(ANCHOR, 'path', '    path.leaf <== leaf;'),
  declared(OPENING, '    signal input place;'),
  passOn(OPENING, 'path', '    path.leaf <== leaf;'),
  linear(OPENING, 'chosen.child === path.node', 'top'),
  declared(PATH, '    signal input leaf;'),
  linear(PATH, 'chosen[level].child === leaf', 'leaf'),
  linear(PATH, 'chosen[level].child === parent[level - 1].out', 'path'),
  declared(FRAME, '    signal input base;'),
  muted(FRAME, 'range.in', 'epoch', 'epoch'),
];

/** The switches with these checks off. */
export const accountsArmedWithout = (off: readonly AccountCheck[]): { readonly armed: readonly bigint[] } => ({ armed: ACCOUNT_CHECKS.map((check) => (off.includes(check) ? 0n : 1n)) });
