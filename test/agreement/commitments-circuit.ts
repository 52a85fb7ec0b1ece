/** Lengths around the borders of the blocks of a hash list: 14, 27 and 40 elements fill one, two and three blocks. */
export const LIST_LENGTHS = [1, 13, 14, 15, 27, 28, 40] as const;
export const LEAF_SLOTS = [1, 3, 8, 50] as const;
export const MARKET_ROWS = [3, 17] as const;
export const SCENARIOS = 2;
export const BOOK_ROWS = 8;
export const LIST_TAG = 77n;
/** Accounts, slots, scenarios, bits: three excesses a word at W = 84, two at W = 96. */
export const CLAIM_SHAPES = [{ N: 16, K: 3, S: 2, W: 84 }, { N: 2, K: 5, S: 1, W: 96 }] as const;

/** One template, Commitments, around every commitment and table of circuits/, so that one compilation serves all comparisons. */
export function commitmentsTemplate(): string {
  return `pragma circom 2.2.3;
include "commitment/hash-list.circom";
include "commitment/account-leaf.circom";
include "commitment/accumulator.circom";
include "commitment/claims.circom";
include "commitment/market-commitment.circom";
include "lookup/epoch-challenges.circom";
include "lookup/powers.circom";
include "solvency/settlement-vector.circom";
include "tree/empty-node.circom";

template Commitments() {
${[lists(), leaves(), claims(), markets(), epoch(), tables()].join('\n')}
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
  const each = CLAIM_SHAPES.map(({ N, K, S, W }, place) => `
    signal input claim${place}[${N}][${S + 1}];
    component claims${place} = Claims(${N}, ${K}, ${S}, ${W});
    claims${place}.offset <== claim${place};
    claimsHash[${place}] <== claims${place}.hash;`);
  return `    signal output claimsHash[${CLAIM_SHAPES.length}];${each.join('')}`;
}

function markets(): string {
  const header = ['level', 'snapshotTime', 'valueScale', 'listedRows', 'instrumentList', 'parameterSet'];
  const rows = ['detail', 'kind', 'listed', 'mark', 'longCharge', 'shortCharge'];
  const each = MARKET_ROWS.map((U, place) => {
    const signals = [...header.map((name) => [name, '']), ...rows.map((name) => [name, `[${U}]`]), ['pnl', `[${U}][${SCENARIOS}]`]];
    const wired = signals.map(([name, size]) => `
    signal input market${place}_${name}${size};
    market${place}.${name} <== market${place}_${name};`);
    return `
    component market${place} = MarketCommitment(${U}, ${SCENARIOS});${wired.join('')}
    marketCommitment[${place}] <== market${place}.commitment;`;
  });
  return `    signal output marketCommitment[${MARKET_ROWS.length}];${each.join('')}`;
}

function epoch(): string {
  const state = ['blinding', 'root', 'positions', 'unhealthy', 'shortfall', 'chain', 'challenges', 'power'];
  const book = ['net', 'gross', 'weightedNet', 'weightedGross'];
  return `    component accumulator = Accumulator();${state.map((name) => `
    signal input ${name};
    accumulator.${name} <== ${name};`).join('')}
    signal input sums[5];
    accumulator.sums <== sums;
    signal output accumulatorHash <== accumulator.hash;
    signal input market;
    component drawn = EpochChallenges(${BOOK_ROWS});
    drawn.marketCommitment <== market;
    drawn.finalChain <== chain;${book.map((name) => `
    signal input ${name}[${BOOK_ROWS}];
    drawn.${name} <== ${name};`).join('')}
    signal output drawnChallenges[4] <== [drawn.alpha, drawn.r, drawn.beta, drawn.hash];
    signal input z;
    signal input settlement[${BOOK_ROWS}];
    component vector = SettlementVector(${BOOK_ROWS});
    vector.z <== z;
    vector.settlement <== settlement;
    vector.net <== net;
    vector.gross <== gross;
    signal output settlementValue <== vector.value;
    component powers = Powers(4);
    powers.base <== z;
    signal output powersOfZ[4] <== powers.power;`;
}

function tables(): string {
  return `    signal output emptyNodes[9];
    for (var level = 0; level <= 8; level++) { emptyNodes[level] <== emptyNode(level); }
    signal output tag <== tagOf(tagChain(), 3, 16, 2, 84);`;
}
