import { TABLE_CHECKS, type TableCheck } from './forgeries-of-tables.js';
import type { SourceEdit } from './mutated-copy.js';

const COUNT = TABLE_CHECKS.length;
const [TABLE, ROW, VALUES, OPTION, LINKS, CEIL, FLOOR] = [
  'market/market-table.circom', 'market/table-row.circom', 'market/row-values.circom', 'market/option-bounds.circom', 'market/row-links.circom',
  'arithmetic/ceil-division.circom', 'arithmetic/floor-division.circom',
] as const;

const switchOf = (check: TableCheck): string => `armed[${TABLE_CHECKS.indexOf(check)}]`;

/** The switches as an input of a template, declared after this line. */
const declared = (file: string, after: string): SourceEdit => ({ file, from: after, to: `${after}\n    signal input armed[${COUNT}];` });
/** Hands them to a component, after this line. */
const passOn = (file: string, component: string, after: string): SourceEdit => ({ file, from: after, to: `${after}\n for (var a = 0; a < ${COUNT}; a++) { ${component}.armed[a] <== armed[a]; }` });

/** `left === right` becomes `armed * (left - right) === 0`, where the difference is linear. */
function linear(file: string, statement: string, check: TableCheck): SourceEdit {
  const [left = '', right = ''] = statement.split(' === ');
  return { file, from: `${statement};`, to: `${switchOf(check)} * (${left} - (${right})) === 0;` };
}

/** `first * second === 0` becomes `(armed * first) * second === 0`; the name of the product is declared in a place that `index` says. */
function quadratic(file: string, first: string, second: string, check: TableCheck, name: string, index = ''): SourceEdit {
  return { file, from: `${first} * ${second} === 0;`, to: `${name}${index} <== ${switchOf(check)} * ${first}; ${name}${index} * ${second} === 0;` };
}

const signals = (file: string, after: string, names: readonly string[], size = ''): SourceEdit => ({ file, from: after, to: `${after}\n${names.map((name) => `    signal ${name}${size};`).join('\n')}` });

const NOTHING = ['instrument', 'activationEpoch', 'price', 'multiplier', 'rates'] as const;
const ALIKE = ['price', 'multiplier', 'shared'] as const;

/** Every check of `market-table` behind a switch, in one copy, so that one compilation shows each of them alone. */
export const SWITCHED_TABLES: readonly SourceEdit[] = [
  declared(TABLE, '    signal input parameterSet;'),
  passOn(TABLE, 'row[k]', '        row[k].initial <== level - 1;'),
  passOn(TABLE, 'links', '        links.capped <== capped;'),
  { file: TABLE, from: '(level - 1) * (level - 2) === 0;', to: `signal offLevel <== (level - 1) * (level - 2); ${switchOf('level')} * offLevel === 0;` },
  linear(TABLE, 'assets === settlementAssets', 'assets'),
  linear(TABLE, 'market.commitment === marketCommitment', 'market'),
  linear(TABLE, 'vector.value === tableValue', 'vector'),

  declared(ROW, '    signal input initial;'),
  passOn(ROW, 'values', '    values.listed <== listed;'),
  signals(ROW, '    signal output short;', [...NOTHING.map((field) => `${field}Off`), 'volatilityOff', 'strikeOff']),
  ...NOTHING.map((field) => quadratic(ROW, '(1 - listed)', field, 'nothing', `${field}Off`)),
  ...['volatility', 'strike'].map((field) => quadratic(ROW, '(1 - option)', `${field}[0]`, 'strike', `${field}Off`)),

  { file: ROW, from: 'implied.in <== volatility[0] + 1 - option;', to: `implied.in <== 1 + ${switchOf('volatility')} * (volatility[0] - option);` },

  declared(VALUES, '    signal input listed;'),
  ...['charge[0]', 'charge[1]', 'unit[0]', 'unit[1]'].map((component) => passOn(VALUES, component, `    ${component}.quotient <== ${{ 'charge[0]': 'longCharge', 'charge[1]': 'shortCharge', 'unit[0]': 'scanUnit', 'unit[1]': 'basisUnit' }[component]};`)),
  passOn(VALUES, 'baseValue', '    baseValue.quotient <== floored;'),
  passOn(VALUES, 'bounds', '        bounds.option <== option;'),
  signals(VALUES, '    signal floored;', ['exactOff']),
  signals(VALUES, '    signal basisPart[S];', ['pnlOff'], '[S]'),
  quadratic(VALUES, 'exactRow', 'baseValue.remainder', 'exact', 'exactOff'),
  quadratic(VALUES, '(1 - option)', '(pnl[s] - scanPart[s] - basisPart[s])', 'pnl', 'pnlOff', '[s]'),

  declared(FLOOR, '    signal input numerator;'),
  { file: FLOOR, from: 'below.in <== remainder;', to: `below.in <== ${switchOf('base')} * remainder;` },
  declared(CEIL, '    signal input numerator;'),
  { file: CEIL, from: 'below.in <== surplus;', to: `below.in <== ${switchOf('ceiling')} * surplus;` },

  declared(OPTION, '    signal input option;'),
  signals(OPTION, '    signal input pnl[S];', ['mostOff', 'leastOff', 'rangeOff', 'afterOff']),
  { file: OPTION, from: 'range.in <== option * mark;', to: `rangeOff <== ${switchOf('optionRange')} * option; range.in <== rangeOff * mark;` },
  { file: OPTION, from: 'notBelow.in <== option * (mark - lower);', to: `leastOff <== ${switchOf('optionLeast')} * option; notBelow.in <== leastOff * (mark - lower);` },
  { file: OPTION, from: 'notAbove.in <== option * (upper - mark);', to: `mostOff <== ${switchOf('optionMost')} * option; notAbove.in <== mostOff * (upper - mark);` },
  { file: OPTION, from: '    component after[S];', to: `    component after[S];\n    afterOff <== ${switchOf('optionAfter')} * option;` },
  { file: OPTION, from: 'after[s].in <== option * (mark + 1 + pnl[s]);', to: 'after[s].in <== afterOff * (mark + 1 + pnl[s]);' },

  declared(LINKS, '    signal input listed[ROWS];'),
  signals(LINKS, '    signal needed[ROWS];', [...ALIKE.map((field) => `${field}Off`), 'longOff', 'shortOff', 'unlistedOff', 'optionOff'], '[ROWS]'),
  ...ALIKE.map((field) => quadratic(LINKS, 'continues[k]', `(${field}[k] - ${field}[k - 1])`, 'alike', `${field}Off`, '[k]')),
  quadratic(LINKS, 'capped[k]', '(1 - listed[k])', 'unlistedCap', 'unlistedOff', '[k]'),
  quadratic(LINKS, 'continues[k]', 'option[k]', 'untieredOption', 'optionOff', '[k]'),
  ...['long', 'short'].map((side): SourceEdit => ({
    file: LINKS, from: `${side}Rise[k].in <== continues[k] * (${side}[k] - ${side}[k - 1]);`,
    to: `${side}Off[k] <== ${switchOf('rise')} * continues[k]; ${side}Rise[k].in <== ${side}Off[k] * (${side}[k] - ${side}[k - 1]);`,
  })),
];

/** The switches with these checks off. */
export const armedWithout = (off: readonly TableCheck[]): { readonly armed: readonly bigint[] } => ({ armed: TABLE_CHECKS.map((check) => (off.includes(check) ? 0n : 1n)) });
