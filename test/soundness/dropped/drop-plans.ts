import { NO_CAP } from '../../../src/commitment/table-digests.js';
import { ALLOWED_DIVISIONS, ALLOWED_UNNEEDED, type Allowed } from '../allowed.js';
import { textOf, type System } from '../sparse-system.js';
import { isExplained, type DropPlan } from './dropped-constraints.js';
import { tablePlan } from './table-plan.js';

/** Hashes that a circuit compares with what it computes, and what follows from them: taken as results, they are whatever the rest makes them. */
const DERIVED = /^main\.(accumulatorBefore|accumulatorAfter|rootBefore|children\[[1-9]\]\[0\]|genesisAccumulator|finalAccumulator|marketCommitment|tableBefore|tableAfter|tableStart|tableEnd|settlementValue|settlementAssets|tableValue)$/;
/** Children that paths run through. */
const ON_PATHS = 'children\\[\\d\\]\\[0\\]|rowChildren(\\[0\\])?\\[\\d\\]\\[0\\]|top\\[0\\]';
/** The same of proofs about one account. */
const DERIVED_BY_TEMPLATE: Readonly<Record<string, RegExp>> = {
  AccountMargin: new RegExp(`^main\\.(frame|terms|nullifier|nullifierNext|${ON_PATHS})$`), AccountExit: new RegExp(`^main\\.(frame|equity|nullifier|${ON_PATHS})$`),
  AccountSigner: /^main\.(domain|epochs|nullifier|laterNullifier)$/, RowMark: new RegExp(`^main\\.(marketCommitment|${ON_PATHS})$`),
  AccountInclusion: new RegExp(`^main\\.(accountsRoot|balance|${ON_PATHS})$`),
};
/** Running sums that the circuit computes itself: all from its rows, or the one that indices beyond the last row add to. */
const DERIVED_SUMS: Readonly<Record<string, RegExp>> = { SolvencyClose: /^main\.accumulated\[\d\]$/, SolvencyCloseEnd: /^main\.accumulated\[5\]$/ };

const DIVISIONS: readonly Allowed[] = [
  ...ALLOWED_DIVISIONS,
  { signal: /^main\.settlementValue$/, proof: 'computed from other inputs, by a division by z^2, which is not 0 in the witnesses here' },
  { signal: /^main\.(children\[\d\]\[0\]|rowChildren(\[0\])?\[\d\]\[0\]|top\[0\])$/, proof: 'computed from the node below; its selector is 1 in the witnesses here, which stand in the first places of their trees' },
];

const [SPOT, PERPETUAL, CONTINUES, TIERED] = [2n, 4n, 8n, 16n];

/** How each circuit of circuits.json is searched. */
export function dropPlan(system: System, template: string, witness: readonly bigint[]): DropPlan {
  const wires = inputWires(system);
  const table = template === 'MarketTable' ? tablePlan(system, wires, witness) : undefined;
  const results = DERIVED_BY_TEMPLATE[template] ?? DERIVED;
  const derived = [...wires].filter(([name]) => results.test(name) || DERIVED_SUMS[template]?.test(name)).map(([, wire]) => wire);
  const classes = new Set([...wires].filter(([name]) => name.startsWith('main.class[')).map(([, wire]) => wire));
  return {
    derived: new Set(derived), divisions: DIVISIONS, ...(table === undefined ? {} : { chosen: table.chosen }),
    settings: table?.settings ?? accountSettings(template, wires) ?? (wires.has('main.class[0]') ? rowSettings(wires) : positionSettings(wires)),
    explained: new Set([...system.constraints.keys()].filter((constraint) => isExplained(textOf(system, constraint), template, ALLOWED_UNNEEDED))),
    tries: (wire, value) => table?.tries.get(wire)?.(value) ?? (classes.has(wire) ? Array.from({ length: 32 }, (_, rowClass) => BigInt(rowClass)) : [value + 1n, value - 1n, value + 2n ** 64n]),
  };
}

/** Changes of an account proof, each on top of those before: where only presence is promised, and without holdings. */
const ACCOUNT_SETTINGS: Readonly<Record<string, readonly (readonly string[])[]>> = { AccountExit: [['quantity', 'used']], AccountInclusion: [['amount', 'promises'], ['quantity', 'used']] };

function accountSettings(template: string, wires: ReadonlyMap<string, number>): ReadonlyMap<number, bigint>[] | undefined {
  return ACCOUNT_SETTINGS[template]?.map((zeros) => new Map([...wires].filter(([name]) => zeros.some((zero) => name === `main.${zero}` || name.startsWith(`main.${zero}[`))).map(([, wire]) => [wire, 0n])));
}

/** Tables without holdings and caps: the first rows of one class, the others not listed. The ends first, they show most. */
function rowSettings(wires: ReadonlyMap<string, number>): ReadonlyMap<number, bigint>[] {
  const rows = countOf(wires, 'class');
  const withTiers = wires.has('main.cap[0]');
  const kinds = withTiers ? [SPOT, SPOT + TIERED, SPOT + CONTINUES + TIERED, PERPETUAL, PERPETUAL + TIERED, PERPETUAL + CONTINUES + TIERED] : [SPOT, PERPETUAL];
  const lengths = [0, rows, ...Array.from({ length: rows - 1 }, (_, place) => place + 1)];
  return lengths.flatMap((length) => (length === 0 ? kinds.slice(0, 1) : kinds).map((rowClass) => {
    const inputs = Array.from({ length: rows }, (_, row): (readonly [string, bigint])[] => [
      [`class[${row}]`, row < length ? classAt(row, rowClass, wires) : 0n], [`net[${row}]`, 0n], [`gross[${row}]`, 0n], [`cap[${row}]`, NO_CAP],
    ]).flat();
    // Of a part, the row before: of the same group.
    const before = [1n, 1n, rowClass % CONTINUES, 0n, 0n].map((rule, place) => [`rulesBefore[${place + 2}]`, rule] as const);
    return new Map([...inputs, ...before].map(([name, value]) => [wires.get(`main.${name}`), value] as const).filter((entry): entry is readonly [number, bigint] => entry[0] !== undefined));
  }));
}

/** Nothing stands before the first row of a close, so it continues nothing. */
function classAt(row: number, rowClass: bigint, wires: ReadonlyMap<string, number>): bigint {
  return row === 0 && !wires.has('main.rulesBefore[4]') ? rowClass - (rowClass & CONTINUES) : rowClass;
}

/** The batch in each group of the lowest node. */
function positionSettings(wires: ReadonlyMap<string, number>): ReadonlyMap<number, bigint>[] {
  const position = wires.get('main.positionsBefore');
  if (position === undefined) return [];
  const accounts = countOf(wires, 'key');
  return Array.from({ length: 16 }, (_, group) => new Map([[position, BigInt(group * accounts)]]));
}

function inputWires({ inputs, names }: System): ReadonlyMap<string, number> {
  return new Map([...inputs].map((wire) => [names[wire] as string, wire]));
}

function countOf(wires: ReadonlyMap<string, number>, list: string): number {
  return [...wires.keys()].filter((name) => name.startsWith(`main.${list}[`)).length;
}
