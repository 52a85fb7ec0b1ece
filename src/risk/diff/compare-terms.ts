import { formatDecimal } from '../../fixed-point/decimal.js';
import { isSettlementKind } from '../../venue/instrument.js';
import { instrumentText } from '../instrument-list.js';
import type { LeveledRate } from '../parameter-set/parameter-fields.js';
import type { RiskTerms, TermedRow } from './risk-terms.js';

/** Whether accounts need more or less than before; identity: the board never accepts such a change. */
export type ChangeDirection = 'tighter' | 'looser' | 'neutral' | 'identity';

/** One thing in which two parameter sets differ. */
export interface TermChange {
  /** Row, series or "scenarios". */
  readonly subject: string;
  /** As "haircut at maintenance". */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly direction: ChangeDirection;
}

const NONE = 'none';
const RATE_PERCENT_SCALE = 4;
const percent = (rate: bigint): string => `${formatDecimal(rate, RATE_PERCENT_SCALE)} %`;

/** All that differs, in the order of the older rows; equal changes of a series' options stand once. */
export function compareTerms(before: RiskTerms, after: RiskTerms): TermChange[] {
  return [...headChanges(before, after), ...scenarioChanges(before, after), ...collapse(rowChanges(before, after)), ...volatilityChanges(before, after)];
}

/** A change as a sentence. */
export function changeText({ subject, what, from, to, direction }: TermChange): string {
  const judgement = direction === 'identity' ? ' (the board never accepts this)' : direction === 'neutral' ? '' : ` (${direction})`;
  return `${subject}: ${what} ${from} -> ${to}${judgement}`;
}

function headChanges(before: RiskTerms, after: RiskTerms): TermChange[] {
  const texts = (terms: RiskTerms): [string, string, ChangeDirection][] => [
    ['label', terms.label, 'neutral'], ['currency', terms.currency, 'identity'], ['valueScale', terms.valueScale.toString(), 'identity'],
  ];
  const newer = texts(after);
  return texts(before).flatMap(([what, from, direction], at) => {
    const to = newer[at]?.[1] ?? '';
    return from === to ? [] : [{ subject: 'set', what, from, to, direction }];
  });
}

function scenarioChanges(before: RiskTerms, after: RiskTerms): TermChange[] {
  const gone = [...before.scenarios].filter(([name, moves]) => after.scenarios.get(name) !== moves);
  const changed = gone.map(([name, from]): TermChange => {
    const to = after.scenarios.get(name);
    return { subject: 'scenarios', what: `"${name}"`, from, to: to ?? NONE, direction: to === undefined ? 'identity' : 'neutral' };
  });
  const added = [...after.scenarios].filter(([name]) => !before.scenarios.has(name));
  return [...changed, ...added.map(([name, to]): TermChange => ({ subject: 'scenarios', what: `"${name}"`, from: NONE, to, direction: 'tighter' }))];
}

function rowChanges(before: RiskTerms, after: RiskTerms): TermChange[] {
  const [older, newer] = [before, after].map((terms) => new Map(terms.rows.map((row) => [row.id, row]))) as [Map<string, TermedRow>, Map<string, TermedRow>];
  const kept = [...older.values()].flatMap((row) => {
    const other = newer.get(row.id);
    if (other === undefined) return [{ subject: row.id, what: 'row', from: 'listed', to: NONE, direction: 'identity' as const }];
    return [...identityChanges(row, other), ...rateChanges(row, other)];
  });
  const added = [...newer.values()].filter(({ id }) => !older.has(id));
  return [...kept, ...added.map((row): TermChange => ({ subject: row.id, what: 'row', from: NONE, to: 'listed', direction: 'neutral' }))];
}

function identityChanges(row: TermedRow, other: TermedRow): TermChange[] {
  const facts: [string, string, string][] = [
    ['instrument', instrumentText(row), instrumentText(other)],
    ['multiplier', row.terms.multiplier.toString(), other.terms.multiplier.toString()],
    ['strike', row.terms.strike.toString(), other.terms.strike.toString()],
    ['exactness', String(row.terms.exact), String(other.terms.exact)],
  ];
  return facts.filter(([, from, to]) => from !== to).map(([what, from, to]) => ({ subject: row.id, what, from, to, direction: 'identity' }));
}

/** How the two charges of a kind are called. */
function chargeNames({ kind }: TermedRow): readonly [long: string, short: string] {
  if (isSettlementKind(kind)) return ['haircut', 'borrow factor'];
  return kind === 'option' ? ['long haircut', 'contingency'] : ['long margin', 'short margin'];
}

function rateChanges(row: TermedRow, other: TermedRow): TermChange[] {
  const [long, short] = chargeNames(row);
  const at = (level: 'maintenance' | 'initial'): TermChange[] => [
    ...rateChange(row.id, `${long} at ${level}`, row.terms[level].longRate, other.terms[level].longRate),
    ...rateChange(row.id, `${short} at ${level}`, row.terms[level].shortRate, other.terms[level].shortRate),
    ...rateChange(row.id, `scan range at ${level}`, row.terms[level].scanRate, other.terms[level].scanRate),
  ];
  const isOption = row.kind === 'option';
  const basis = rateChange(row.id, isOption ? 'gap between index and forward' : 'basis', row.terms.basisRate, other.terms.basisRate);
  return [...at('maintenance'), ...at('initial'), ...basis.map((change) => (isOption ? { ...change, direction: 'neutral' as const } : change))];
}

function rateChange(subject: string, what: string, from: bigint, to: bigint): TermChange[] {
  if (from === to) return [];
  return [{ subject, what, from: percent(from), to: percent(to), direction: to > from ? 'tighter' : 'looser' }];
}

function volatilityChanges(before: RiskTerms, after: RiskTerms): TermChange[] {
  const levels: readonly (keyof LeveledRate)[] = ['maintenance', 'initial'];
  return [...before.volatilityScans].flatMap(([series, scans]) => {
    const other = after.volatilityScans.get(series);
    return other === undefined ? [] : levels.flatMap((level) => rateChange(series, `volatility range at ${level}`, scans[level], other[level]));
  });
}

/** Options of one series mostly change alike: "BTC-30JAN26 (6 options)". */
function collapse(changes: readonly TermChange[]): TermChange[] {
  const merged = new Map<string, { readonly change: TermChange; readonly series: string; count: number }>();
  for (const change of changes) {
    const [, series] = /^(.+)-[0-9.]+-[CP]$/.exec(change.subject) ?? [];
    const key = series === undefined || change.what === 'instrument' || change.what === 'strike' ? JSON.stringify(change) : JSON.stringify({ ...change, subject: series });
    const found = merged.get(key);
    if (found === undefined) merged.set(key, { change, series: series ?? '', count: 1 });
    else found.count += 1;
  }
  return [...merged.values()].map(({ change, series, count }) => (count === 1 ? change : { ...change, subject: `${series} (${count} options)` }));
}
