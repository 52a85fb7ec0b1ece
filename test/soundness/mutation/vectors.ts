import { FIELD_MODULUS, invertInField, multiplyInField } from '../../../src/field/scalar-field.js';
import { GrowingTree, cellCount, subtreeCells } from '../../../src/tree/batch-insertion.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { linkVectors, optionVectors, valueVectors } from './row-vectors.js';
import { transitionTargets } from './transition-vectors.js';
import type { Target } from './targets.js';

const HALF = (FIELD_MODULUS - 1n) / 2n;
/** Where the rules of the book stand before the first row. */
const START = [0n, 0n, 1n, 1n, 7n, 0n, 0n];
const [SPOT, PERPETUAL, OPTION] = [2n, 4n, 6n];
const [CONTINUES, TIERED] = [8n, 16n];

export interface Vectors {
  readonly accepted: readonly CircuitInput[];
  readonly refused: readonly CircuitInput[];
}

function target(source: string, template: string, parameters: readonly number[], { accepted, refused }: Vectors): Target {
  return { name: `${template}(${parameters.join(', ')})`, source, template, parameters, publicSignals: [], accepted, refused: refused.map((input, place) => ({ name: `vector ${place}`, input })) };
}

/** The same signal at each of these values. */
function values(signal: string, list: readonly bigint[]): CircuitInput[] {
  return list.map((value) => ({ [signal]: value }));
}

const bitsOf = (place: number, count: number): bigint[] => Array.from({ length: count }, (_, bit) => BigInt((place >> bit) & 1));
const indices = (list: readonly (readonly number[])[], least = 0n): CircuitInput[] => list.map((index) => ({ index: index.map(BigInt), least }));

/**
 * Templates alone, at the limits of what they take: 0, the largest, the first beyond it on either side, p - 1.
 *
 * @param poseidon the hash that the circuits are compiled with
 */
export function vectorTargets(poseidon: Poseidon): Target[] {
  const top = 2n ** 64n;
  return [
    target('arithmetic/range-check.circom', 'RangeCheck', [8], { accepted: values('in', [0n, 1n, 255n]), refused: values('in', [256n, -1n, HALF]) }),
    ...[2, 6, 11, 511, 100, 174, 330].map((bound) => target('arithmetic/below-constant.circom', 'BelowConstant', [bound], boundVectors(BigInt(bound)))),
    target('arithmetic/bit-fields.circom', 'BitFields', [2, 3, 1], { accepted: values('word', [0n, 1n, 8n, 64n, 0b1_101_011n, 127n]), refused: values('word', [128n, -1n, HALF]) }),
    target('arithmetic/floor-division.circom', 'FloorDivision', [100, 6], divisionVectors((numerator) => numerator / 100n)),
    target('arithmetic/ceil-division.circom', 'CeilDivision', [100, 6], divisionVectors((numerator) => (numerator + 99n) / 100n)),
    target('arithmetic/signed-excess.circom', 'SignedExcess', [8], { accepted: values('excess', [0n, -1n, 127n, -128n]), refused: values('excess', [128n, -129n, HALF]) }),
    target('arithmetic/signed-quantity.circom', 'SignedQuantity', [], { accepted: values('quantity', [0n, 1n, -1n, top - 1n, -top]), refused: values('quantity', [top, -top - 1n, HALF + 1n]) }),
    target('arithmetic/strictly-increasing.circom', 'StrictlyIncreasing', [3, 4], {
      accepted: [...indices([[0, 1, 2], [13, 14, 15], [0, 7, 15], [0, 14, 15], [0, 1, 15]]), ...indices([[7, 8, 15]], 7n)],
      refused: [...indices([[3, 3, 4], [3, 4, 4], [5, 4, 6], [0, 17, 18], [2, 1, 15], [-1, 0, 1], [16, 17, 18], [14, 15, 16], [15, 31, 47]]), ...indices([[6, 8, 15]], 7n)],
    }),
    target('arithmetic/strictly-increasing.circom', 'StrictlyIncreasing', [1, 4], { accepted: indices([[0], [15]]), refused: indices([[16], [-1]]) }),
    target('arithmetic/one-hot.circom', 'OneHot', [3], { accepted: Array.from({ length: 8 }, (_, place) => ({ bits: bitsOf(place, 3) })), refused: [] }),
    target('arithmetic/hex-digits.circom', 'HexDigits', [2], { accepted: values('number', [0n, 1n, 15n, 16n, 37n, 255n]), refused: values('number', [256n, -1n, HALF]) }),
    target('arithmetic/non-zero.circom', 'NonZero', [], {
      accepted: [{ in: 0n, flag: 0n }, { in: 1n, flag: 1n }, { in: -1n, flag: 1n }, { in: 7n, flag: 1n }],
      refused: [{ in: 0n, flag: 1n }, { in: 1n, flag: 0n }, { in: 7n, flag: 2n }, { in: 0n, flag: 2n }, { in: 0n, flag: -1n }],
    }),
    target('tree/chosen-child.circom', 'ChosenChild', [], { accepted: [0, 7, 15].map((place) => ({ selected: Array.from({ length: 16 }, (_, at) => (at === place ? 1n : 0n)), children: Array.from({ length: 16 }, (_, at) => BigInt(3 * at + 1)) })), refused: [] }),
    target('lookup/inverse.circom', 'Inverse', [], { accepted: values('in', [1n, -1n, 5n]), refused: values('in', [0n]) }),
    target('lookup/powers.circom', 'Powers', [4], { accepted: values('base', [0n, 3n, -1n]), refused: [] }),
    target('lookup/fractions-beyond.circom', 'FractionsBeyond', [2], {
      accepted: [{ rows: 16n, beta: 977n, beyond: [5n, 7n] }], refused: [{ rows: 976n, beta: 977n, beyond: [0n, 0n] }, { rows: 977n, beta: 977n, beyond: [0n, 0n] }],
    }),
    target('lookup/slot-fractions.circom', 'SlotFractions', [2], { accepted: [{ index: [3n, 9n], quantity: [-7n, 2n], magnitude: [7n, 2n], beta: 977n }], refused: [] }),
    target('lookup/tiered-slots.circom', 'TieredSlots', [2], headroomVectors()),
    target('market/row-class.circom', 'RowClass', [0], { accepted: values('class', [0n, 1n, 2n, 3n, 4n, 5n, 6n]), refused: values('class', [7n, 8n, -1n]) }),
    target('market/row-class.circom', 'RowClass', [1], { accepted: values('class', Array.from({ length: 32 }, (_, one) => BigInt(one)).filter((one) => one % 8n !== 7n)), refused: values('class', [7n, 15n, 23n, 31n, 32n, -1n]) }),
    target('market/scenario-moves.circom', 'ScenarioMoves', [1], {
      accepted: [-255n, -1n, 0n, 1n, 255n].flatMap((move) => [{ scanMove: [move], basisMove: [2n] }, { scanMove: [3n], basisMove: [move] }]),
      refused: [-256n, 256n].flatMap((move) => [{ scanMove: [move], basisMove: [2n] }, { scanMove: [3n], basisMove: [move] }]),
    }),
    target('market/option-bounds.circom', 'OptionBounds', [1], optionVectors()),
    target('market/row-links.circom', 'RowLinks', [3], linkVectors()),
    target('market/row-values.circom', 'RowValues', [1, 1], valueVectors(1)),
    target('market/row-values.circom', 'RowValues', [1, 0], valueVectors(0)),
    target('market/table-rules.circom', 'TableRules', [4, 1], rulesWithTiers()),
    target('market/table-rules.circom', 'TableRules', [4, 0], rulesWithoutTiers()),
    ...([[16, 2], [32, 3], [128, 3]] as const).map(([N, depth]) => target('tree/subtree-insertion.circom', 'SubtreeInsertion', [N, depth], insertionVectors(poseidon, N, depth))),
    target('commitment/claims.circom', 'Claims', [2, 3, 2, 1, 84], { accepted: [{ offset: [[1n, 2n], [3n, 2n ** 84n - 1n]], headroom: [[5n, 6n], [7n, 2n ** 65n - 1n]] }], refused: [] }),
    target('commitment/account-leaf.circom', 'AccountLeaf', [4], { accepted: [{ key: 11n, salt: 12n, index: [1n, 2n, 3n, 65_535n], offset: [5n, 6n, 7n, 2n ** 65n - 1n] }], refused: [] }),
    ...[0, 1].map((T) => target('solvency/account-claim.circom', 'AccountClaim', [3, T, 1, 8, 4], accountVectors(T))),
    target('commitment/table-pages.circom', 'TablePages', [16, 1, 1], { accepted: [{ before: [1n, 2n, 3n], ...rowsFrom(16) }], refused: [] }),
    target('lookup/table-identities.circom', 'TableIdentities', [3, 1, 1], { accepted: [{ before: leavesFrom(30, 7), r: 31n, beta: 977n, firstRow: 16n, ...without(rowsFrom(3), 'class') }], refused: [] }),
    target('solvency/table-start.circom', 'TableStart', [1, 1], { accepted: [{ rows: 16n }], refused: [] }),
    ...[1, 14, 15, 29, 43].map((length) => target('commitment/absorb.circom', 'Absorb', [length], { accepted: [{ state: 9n, elements: leavesFrom(20, length) }], refused: [] })),
    ...transitionTargets(target),
    ...[32, 256, 512].map((N) => target('tree/subtree-cells.circom', 'SubtreeCells', [N], { accepted: [{ leaves: leavesFrom(5, N) }], refused: [] })),
  ];
}

/** Every number below the bound, and the first ones that are not, on both sides. */
function boundVectors(bound: bigint): Vectors {
  const below = Array.from({ length: Number(bound) }, (_, value) => BigInt(value)).filter((value) => value < 8n || value >= bound - 8n || value % 7n === 0n);
  return { accepted: values('in', below), refused: values('in', [...Array.from({ length: 160 }, (_, more) => bound + BigInt(more)), -1n, HALF]) };
}

/** Numerators around multiples of 100, with the quotient and with those beside it; quotients of 6 bits and the first ones beyond. */
function divisionVectors(quotientOf: (numerator: bigint) => bigint): Vectors {
  const numerators = [0n, 1n, 50n, 99n, 100n, 101n, 199n, 200n, 3_500n, 6_299n, 6_300n];
  const of = (numerator: bigint, more: bigint): CircuitInput => ({ numerator, quotient: quotientOf(numerator) + more });
  const wrapped = multiplyInField(99n, invertInField(100n));
  return {
    accepted: numerators.map((numerator) => of(numerator, 0n)),
    refused: [...numerators.flatMap((numerator) => [of(numerator, 1n), of(numerator, -1n)]), of(6_400n, 0n), of(12_800n, 0n), { numerator: 99n, quotient: wrapped }],
  };
}

function headroomVectors(): Vectors {
  const input = { index: [3n, 9n], magnitude: [40n, 0n], headroom: [60n, 2n ** 64n], beta: 977n, rPower: [1n, 31n] };
  const headrooms = (first: bigint, second: bigint): CircuitInput => ({ ...input, headroom: [first, second] });
  return {
    accepted: [input, headrooms(0n, 2n ** 65n - 1n), headrooms(2n ** 65n - 1n, 0n)],
    refused: [headrooms(-1n, 0n), headrooms(0n, -1n), headrooms(2n ** 65n, 0n), headrooms(0n, 2n ** 65n), { ...input, beta: 9n }],
  };
}

/** Rows of one scenario with caps, every number another one. */
function rowsFrom(count: number): CircuitInput {
  const names = ['class', 'mark', 'longCharge', 'shortCharge', 'cap', 'net', 'gross', 'weightedNet', 'weightedGross', 'weightedTiers'];
  return {
    listed: Array.from({ length: count }, (_, row) => (row < count - 1 ? 1n : 0n)), pnl: leavesFrom(9000, count).map((value) => [value]),
    ...Object.fromEntries(names.map((name, place) => [name, leavesFrom(100 * place, count)])),
  };
}

function without(input: CircuitInput, name: string): CircuitInput {
  return Object.fromEntries(Object.entries(input).filter(([other]) => other !== name));
}

/** Three slots of 4-bit indices, one of them tiered or none, and two excesses of 8 bits. */
function accountVectors(T: number): Vectors {
  const honest = { key: 5n, salt: 6n, index: [0n, 2n, 15n], quantity: [7n, -8n, 0n], headroom: new Array<bigint>(T).fill(9n), excess: [-5n, 3n], beta: 977n, rPower: [1n, 31n], tieredRows: T === 0 ? 0n : 2n };
  const change = (other: CircuitInput): CircuitInput => ({ ...honest, ...other });
  return {
    accepted: [
      honest, change({ excess: [5n, -3n] }), change({ excess: [0n, 0n] }), change({ excess: [-128n, 127n] }), change({ excess: [127n, -128n] }), change({ index: [0n, 14n, 15n], tieredRows: 0n }),
      change({ index: [13n, 14n, 15n], tieredRows: T === 0 ? 13n : 14n }), change({ index: [0n, 1n, 2n], tieredRows: T === 0 ? 0n : 1n }), change({ quantity: [2n ** 64n - 1n, -(2n ** 64n), 1n] }),
    ],
    refused: [
      change({ excess: [128n, 0n] }), change({ excess: [0n, -129n] }), change({ index: [-1n, 2n, 15n] }), change({ index: [0n, 2n, 16n] }), change({ index: [0n, 0n, 15n] }), change({ index: [3n, 2n, 15n] }),
      change({ index: [0n, 1n, 2n], tieredRows: T === 0 ? 1n : 2n }), change({ quantity: [2n ** 64n, 0n, 0n] }), change({ quantity: [0n, 0n, -(2n ** 64n) - 1n] }), ...(T === 0 ? [] : [change({ headroom: [-1n] }), change({ headroom: [2n ** 65n] })]),
    ],
  };
}

function rulesWithTiers(): Vectors {
  const rows = (rowClass: readonly bigint[], net: readonly bigint[] = [0n, 0n, 0n, 0n], gross = net, before = START, cap: readonly bigint[] = new Array<bigint>(4).fill(2n ** 64n)): CircuitInput => ({ before, class: rowClass, cap, net, gross });
  const group = [PERPETUAL + TIERED, PERPETUAL + CONTINUES + TIERED];
  return {
    accepted: [
      rows([SPOT + TIERED, SPOT + CONTINUES + TIERED, PERPETUAL, 0n], [5n, -2n, 0n, 0n], [5n, 2n, 8n, 0n]), rows([...group, OPTION, OPTION], [7n, -7n, 0n, 0n], [9n, 7n, 0n, 0n]),
      rows([SPOT + TIERED, SPOT + CONTINUES + TIERED, ...group], [0n, 0n, 4n, 2n]), rows([PERPETUAL + CONTINUES + TIERED, OPTION, OPTION, 0n], [-6n, 0n, 0n, 0n], [6n, 0n, 0n, 0n], [4n, 4n, 1n, 1n, 4n, 6n, 6n]),
      rows([SPOT, SPOT, SPOT, PERPETUAL], [1n, 2n, 3n, 5n]), rows([0n, 0n, 0n, 0n], [0n, 0n, 0n, 0n], [0n, 0n, 0n, 0n], [4n, 2n, 0n, 0n, 0n, 0n, 0n]),
      rows([SPOT, OPTION, 0n, 0n], [3n, 0n, 0n, 0n], [3n, 2n, 0n, 0n], [2n, 0n, 1n, 0n, 2n, 6n, 0n]),
      rows(new Array<bigint>(4).fill(SPOT + CONTINUES + TIERED), [1n, 2n, 0n, 0n], [1n, 2n, 0n, 0n], [2n, 2n, 1n, 1n, 2n, 6n, 0n]), rows([SPOT, SPOT, SPOT, SPOT], [1n, 2n, 3n, 5n]),
    ],
    refused: [
      rows([SPOT, 0n, SPOT, 0n]), rows([SPOT, 0n, 0n, 0n], [0n, 5n, 0n, 0n]), rows([SPOT, SPOT + TIERED, 0n, 0n]), rows([SPOT + TIERED, TIERED, 0n, 0n]),
      rows([SPOT + TIERED, PERPETUAL + CONTINUES + TIERED, 0n, 0n]), rows([SPOT + CONTINUES + TIERED, 0n, 0n, 0n]), rows([...group, OPTION, 0n], [7n, -6n, 0n, 0n], [7n, 6n, 0n, 0n]),
      rows([PERPETUAL + TIERED, OPTION, OPTION, 0n], [-6n, 0n, 0n, 0n], [6n, 0n, 0n, 0n], [4n, 4n, 1n, 1n, 4n, 6n, 6n]), rows([SPOT, 0n, 0n, 0n], undefined, undefined, [4n, 2n, 0n, 0n, 0n, 0n, 0n]),
      rows([SPOT + TIERED, SPOT + CONTINUES, 0n, 0n]), rows([SPOT + TIERED, SPOT, 0n, 0n], undefined, undefined, undefined, [5n, 2n ** 64n - 1n, 0n, 0n]),
    ],
  };
}

function rulesWithoutTiers(): Vectors {
  const rows = { before: START, class: [SPOT, PERPETUAL, OPTION, 0n], cap: [], gross: [5n, 9n, 0n, 0n] };
  return {
    accepted: [{ ...rows, net: [5n, 0n, 0n, 0n] }, { ...rows, class: [SPOT, SPOT, SPOT, PERPETUAL], gross: [1n, 1n, 1n, 3n], net: [1n, 1n, 1n, 3n] }],
    refused: [{ ...rows, net: [5n, 1n, 0n, 0n] }, { ...rows, class: [SPOT + TIERED, PERPETUAL, OPTION, 0n], net: [5n, 0n, 0n, 0n] }, { ...rows, class: [SPOT, 0n, SPOT, 0n], net: [0n, 0n, 0n, 0n], gross: [0n, 0n, 0n, 0n] }],
  };
}

function leavesFrom(first: number, count: number): bigint[] {
  return Array.from({ length: count }, (_, place) => BigInt(1 + first + place));
}

function insertionAt(poseidon: Poseidon, N: number, depth: number, positions: readonly number[]): { readonly input: CircuitInput; readonly children: readonly (readonly bigint[])[]; readonly rootAfter: bigint } {
  const tree = new GrowingTree(poseidon, depth);
  const steps = positions.map((position) => {
    const cells = subtreeCells(poseidon, leavesFrom(position, N));
    const { rootBefore, children, rootAfter } = tree.insert(N, position, cells);
    return { input: { rootBefore, position: BigInt(position), cells, children }, children, rootAfter };
  });
  return steps[steps.length - 1] as (typeof steps)[number];
}

function insertionVectors(poseidon: Poseidon, N: number, depth: number): Vectors {
  const last = 16 ** depth - N;
  const { input, rootAfter } = insertionAt(poseidon, N, depth, [0]);
  const second = insertionAt(poseidon, N, depth, [0, N]);
  const otherChild = (level: number, child: number): CircuitInput => ({
    ...second.input, children: second.children.map((nodes, at) => nodes.map((node, place) => (at === level && place === child ? node + 1n : node))),
  });
  return {
    accepted: [input, second.input, insertionAt(poseidon, N, depth, [0, 2 * N, 5 * N].filter((position) => position <= last)).input, insertionAt(poseidon, N, depth, [0, last]).input],
    refused: [
      ...[BigInt(last + N), FIELD_MODULUS - BigInt(N), 1n, BigInt(N) - 1n, BigInt(N) + 1n, multiplyInField(3n, invertInField(2n))].map((position) => ({ ...input, position })),
      { ...input, rootBefore: rootAfter, children: second.children }, { ...input, rootBefore: rootAfter }, { ...second.input, position: BigInt(2 * N), rootBefore: input.rootBefore as bigint },
      ...second.children.flatMap((_, level) => [0, 1, 15].map((child) => otherChild(level, child))),
      takenPlace(poseidon, N, depth, 0), takenPlace(poseidon, N, depth, Math.min(last, N * (16 / cellCount(N) - 1))),
    ],
  };
}

/** The same batch once more at a place below the lowest node of the path, as if nothing stood there. */
function takenPlace(poseidon: Poseidon, N: number, depth: number, position: number): CircuitInput {
  const { input, children, rootAfter } = insertionAt(poseidon, N, depth, position === 0 ? [0] : [0, position]);
  const group = position / N;
  const cells = input.cells as bigint[];
  const lowest = (children[0] as readonly bigint[]).map((node, child) => (Math.floor(child / cells.length) === group ? (cells[child % cells.length] as bigint) : node));
  const filled = [lowest];
  for (const nodes of children.slice(1)) filled.push(nodes.map((node, child) => (child === 0 ? poseidon.hash(filled[filled.length - 1] as bigint[]) : node)));
  return { ...input, rootBefore: rootAfter, children: filled };
}
