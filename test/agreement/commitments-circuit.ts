/** Lengths around the borders of the calls of a list hash: 14, 28 and 42 elements fill one, two and three. */
export const LIST_LENGTHS = [1, 13, 14, 15, 28, 29, 42] as const;
export const LEAF_SLOTS = [1, 3, 8, 50] as const;
export const SCENARIOS = 2;
export const BOOK_ROWS = 8;
export const LIST_TAG = 77n;
/** Accounts, slots, tiered slots, scenarios, bits: three excesses a word at W = 84, two at W = 96. */
export const CLAIM_SHAPES = [{ N: 16, K: 3, T: 0, S: 2, W: 84 }, { N: 2, K: 5, T: 2, S: 1, W: 96 }] as const;
/** Rows and tiered slots of the digests, two pages each. */
export const PAGE_SHAPES = [{ U: 32, T: 0 }, { U: 32, T: 2 }] as const;

/** One template, Commitments, around every commitment and table of circuits/, so that one compilation serves all comparisons. */
export function commitmentsTemplate(): string {
  return `pragma circom 2.2.3;
include "commitment/hash-list.circom";
include "commitment/account-leaf.circom";
include "commitment/accumulator.circom";
include "commitment/claims.circom";
include "commitment/epoch-challenges.circom";
include "commitment/market-commitment.circom";
include "commitment/table-pages.circom";
include "commitment/table-state.circom";
include "lookup/powers.circom";
include "market/table-rules.circom";
include "solvency/settlement-vector.circom";
include "solvency/table-start.circom";
include "tree/empty-node.circom";

template Commitments() {
${[lists(), leaves(), claims(), pages(), epoch(), tables()].join('\n')}
}
`;
}

function lists(): string {
  const longest = Math.max(...LIST_LENGTHS);
  const each = LIST_LENGTHS.map((length, place) => `
    component list${place} = HashList(${LIST_TAG}, ${length});
    for (var i = 0; i < ${length}; i++) { list${place}.elements[i] <== element[i]; }
    listHash[${place}] <== list${place}.hash;`);
  return `    signal input element[${longest}];\n    signal output listHash[${LIST_LENGTHS.length}];${each.join('')}`;
}

function leaves(): string {
  const most = Math.max(...LEAF_SLOTS);
  const each = LEAF_SLOTS.map((K, place) => `
    component leaf${place} = AccountLeaf(${K});
    leaf${place}.key <== key;
    leaf${place}.salt <== salt;
    for (var i = 0; i < ${K}; i++) { leaf${place}.index[i] <== index[i]; leaf${place}.offset[i] <== offset[i]; }
    leaf[${place}] <== leaf${place}.leaf;`);
  return `    signal input key;\n    signal input salt;\n    signal input index[${most}];\n    signal input offset[${most}];
    signal output leaf[${LEAF_SLOTS.length}];${each.join('')}`;
}

function claims(): string {
  const each = CLAIM_SHAPES.map(({ N, K, T, S, W }, place) => `
    signal input claim${place}[${N}][${S + 1}];
    signal input headroom${place}[${N}][${T}];
    component claims${place} = Claims(${N}, ${K}, ${T}, ${S}, ${W});
    claims${place}.offset <== claim${place};
    claims${place}.headroom <== headroom${place};
    claimsHash[${place}] <== claims${place}.hash;`);
  return `    signal output claimsHash[${CLAIM_SHAPES.length}];${each.join('')}`;
}

function pages(): string {
  return PAGE_SHAPES.map(({ U, T }, place) => {
    const rows = ['class', 'mark', 'longCharge', 'shortCharge', 'net', 'gross', 'weightedNet', 'weightedGross'].map((name) => [name, `[${U}]`]);
    const signals = [...rows, ['cap', `[${T > 0 ? U : 0}]`], ['weightedTiers', `[${T > 0 ? U : 0}]`], ['pnl', `[${U}][${SCENARIOS}]`]];
    return `
    component start${place} = TableStart(${T}, ${SCENARIOS});
    start${place}.rows <== ${U};
    component rules${place} = TableRules(${U}, ${T > 0 ? 1 : 0});
    component pages${place} = TablePages(${U}, ${T}, ${SCENARIOS});
    rules${place}.before <== start${place}.rules;
    pages${place}.before <== start${place}.digests;${signals.map(([name, size]) => `
    signal input rows${place}_${name}${size};
    pages${place}.${name} <== rows${place}_${name};`).join('')}
    rules${place}.class <== rows${place}_class;
    rules${place}.cap <== rows${place}_cap;
    rules${place}.net <== rows${place}_net;
    rules${place}.gross <== rows${place}_gross;
    pages${place}.listed <== rules${place}.listed;
    signal output digests${place}[3] <== pages${place}.after;
    signal output rules${place}After[7] <== rules${place}.after;`;
  }).join('');
}

function epoch(): string {
  const state = ['blinding', 'root', 'positions', 'unhealthy', 'shortfall', 'chain', 'challenges', 'power'];
  const header = ['level', 'snapshotTime', 'valueScale', 'listedRows', 'tieredRows', 'instrumentList', 'parameterSet', 'scenarioDigest', 'rowsDigest', 'rowsRoot'];
  const scalars = (names: readonly string[], component: string): string => names.map((name) => `
    ${component}.${name} <== ${name};`).join('');
  return `${[...state, ...header].map((name) => `    signal input ${name};`).join('\n')}
    component accumulator = Accumulator();${scalars(state, 'accumulator')}
    signal input sums[7];
    accumulator.sums <== sums;
    signal output accumulatorHash <== accumulator.hash;
    component market = MarketCommitment(${SCENARIOS});${scalars(header, 'market')}
    signal output marketName <== market.commitment;
    signal input weightedDigest;
    signal input beyond[2];
    signal output drawnChallenges[2][4];
${[0, 2].map((T, i) => `    component drawn${i} = EpochChallenges(${T});
    drawn${i}.marketCommitment <== root;
    drawn${i}.finalChain <== chain;
    drawn${i}.bookDigest <== rowsDigest;
    drawn${i}.weightedDigest <== weightedDigest;
    drawn${i}.tieredRows <== tieredRows;${T > 0 ? `
    drawn${i}.beyond <== beyond;` : ''}
    drawnChallenges[${i}] <== [drawn${i}.alpha, drawn${i}.r, drawn${i}.beta, drawn${i}.hash];`).join('\n')}
    signal input rules[7];
    signal input digests[3];
    signal input z;
    component table = TableState(2, ${SCENARIOS});
    table.blinding <== blinding;
    table.r <== root;
    table.beta <== chain;
    table.z <== z;
    table.nextRow <== positions;
    table.digests <== digests;
    table.rules <== rules;
    table.sums <== sums;
    table.zPower <== power;
    table.settlementValue <== shortfall;
    signal output tableHash <== table.hash;
    signal input settlement[${BOOK_ROWS}];
    signal input opens[${BOOK_ROWS}];
    signal input net[${BOOK_ROWS}];
    signal input gross[${BOOK_ROWS}];
    component vector = SettlementVector(${BOOK_ROWS});
    vector.z <== z;
    vector.powerBefore <== 1;
    vector.valueBefore <== 0;
    vector.settlement <== settlement;
    vector.opens <== opens;
    vector.net <== net;
    vector.gross <== gross;
    signal output settlementValue <== vector.valueAfter;
    component powers = Powers(4);
    powers.base <== z;
    signal output powersOfZ[4] <== powers.power;`;
}

function tables(): string {
  return `    signal output emptyNodes[9];
    for (var height = 0; height <= 8; height++) { emptyNodes[height] <== emptyNode(height); }
    signal output tag <== tagOf(tagChain(), 3, 16, 2, 84, 5);`;
}
