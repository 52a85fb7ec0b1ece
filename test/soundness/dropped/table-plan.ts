import { FIELD_MODULUS, toField } from '../../../src/field/scalar-field.js';
import type { Choice } from '../determinism.js';
import { mod, type System } from '../sparse-system.js';

const BASE_DIVISOR = 10n ** 18n;
const RATE_DIVISOR = 10n ** 6n;
const UNIT_DIVISOR = 60n * RATE_DIVISOR;
const [CASH, SPOT, PERPETUAL, OPTION] = [1n, 2n, 4n, 6n];
const [CONTINUES, TIERED] = [8n, 16n];
const WIDEST_MOVE = 255n;
const HALF = FIELD_MODULUS / 2n;

/** Inputs of one row by name; P&L has a place behind it. */
type Row = ReadonlyMap<string, bigint>;
type Setting = ReadonlyMap<number, bigint>;

export interface TablePlan {
  /** Quotients and what is made from them follow prices, rates and moves. */
  readonly chosen: ReadonlyMap<number, Choice>;
  readonly settings: readonly Setting[];
  /** Values tried for an input where one more and one less would not do. */
  readonly tries: ReadonlyMap<number, (value: bigint) => readonly bigint[]>;
}

/** How a market table is searched. @param inputs wires of the main component's inputs by name */
export function tablePlan(system: System, inputs: ReadonlyMap<string, number>, witness: readonly bigint[]): TablePlan {
  const table = new Table(system, inputs, witness);
  return { chosen: table.choices(), settings: table.settings(), tries: table.tries() };
}

class Table {
  private readonly wires: ReadonlyMap<string, number>;
  private readonly ROWS: number;
  private readonly S: number;
  private readonly withTiers: boolean;

  constructor({ names }: System, private readonly inputs: ReadonlyMap<string, number>, private readonly witness: readonly bigint[]) {
    this.wires = new Map(names.map((name, wire) => [name, wire]));
    const count = (list: string): number => [...inputs.keys()].filter((name) => name.startsWith(`main.${list}[`)).length;
    this.ROWS = count('class');
    this.S = count('scanMove');
    this.withTiers = inputs.has('main.cap[0]');
  }

  choices(): ReadonlyMap<number, Choice> {
    const of = Array.from({ length: this.ROWS }, (_, row) => {
      const values = `main.row[${row}].values`;
      const quotient = (input: string, numerator: string, divide: (value: bigint) => bigint): readonly [number, Choice] => {
        const wire = this.wire(`${values}.${numerator}.numerator`);
        return [this.wire(`main.${input}[${row}]`), { reads: [wire], value: (all) => divide(all[wire] as bigint) }];
      };
      // A numerator that a missed constraint makes negative is rounded up to 0 or below.
      const ceiling = (divisor: bigint) => (value: bigint): bigint => (value > HALF ? mod((value - FIELD_MODULUS) / divisor) : (value + divisor - 1n) / divisor);
      return [
        quotient('base', 'baseValue', (value) => value / BASE_DIVISOR), quotient('longCharge', 'charge[0]', ceiling(RATE_DIVISOR)), quotient('shortCharge', 'charge[1]', ceiling(RATE_DIVISOR)),
        quotient('scanUnit', 'unit[0]', ceiling(UNIT_DIVISOR)), quotient('basisUnit', 'unit[1]', ceiling(UNIT_DIVISOR)),
        this.volatility(row), this.unlessOption(row, `main.mark[${row}]`, [`main.base[${row}]`]),
        ...Array.from({ length: this.S }, (_unused, scenario) => this.unlessOption(row, `main.pnl[${row}][${scenario}]`, [`${values}.scanPart[${scenario}]`, `${values}.basisPart[${scenario}]`])),
      ];
    });
    return new Map([...of.flat(), ...(this.withTiers ? Array.from({ length: this.ROWS }, (_, row) => this.capChoices(row)).flat() : [])]);
  }

  /** A row that starts a group in the tiered region is capped, a row outside is not; a capped row has a cap. */
  private capChoices(row: number): (readonly [number, Choice])[] {
    const [rowClass, capped, cap] = ['class', 'capped', 'cap'].map((name) => this.wire(`main.${name}[${row}]`)) as [number, number, number];
    const isCapped = (all: readonly bigint[]): bigint => {
      const value = all[rowClass] as bigint;
      return (value & TIERED) === 0n ? 0n : (value & CONTINUES) === 0n ? 1n : (all[capped] as bigint);
    };
    return [[capped, { reads: [rowClass], value: isCapped }], [cap, { reads: [capped], value: (all) => (all[capped] === 1n ? (all[cap] as bigint) || 1n : 0n) }]];
  }

  /** Classes that differ in a flag or in whether the row stands for something; rates with another scan range. */
  tries(): ReadonlyMap<number, (value: bigint) => readonly bigint[]> {
    const flags = this.withTiers ? [CONTINUES, TIERED, CONTINUES + TIERED] : [];
    const flagged = this.withTiers ? Array.from({ length: this.ROWS }, (_, row) => [this.wire(`main.capped[${row}]`), (value: bigint) => [1n - value, 2n]] as const) : [];
    return new Map([...flagged, ...Array.from({ length: this.ROWS }, (_, row) => [
      [this.wire(`main.class[${row}]`), (value: bigint) => [0n, SPOT, PERPETUAL, ...flags.map((flag) => value ^ flag), ...(this.withTiers ? [SPOT + TIERED] : [])]] as const,
      [this.wire(`main.rates[${row}]`), (value: bigint) => [value + 1n, value + 2n ** 24n, value + 2n ** 96n]] as const,
    ]).flat()]);
  }

  /** An option's is not 0, and no other row has one. */
  private volatility(row: number): readonly [number, Choice] {
    const own = this.wire(`main.volatility[${row}]`);
    const option = this.option(row);
    return [own, { reads: [option], value: (all) => (all[option] === 1n ? (all[own] as bigint) || 1n : 0n) }];
  }

  private option(row: number): number {
    return this.wire(`main.row[${row}].option`, `main.links.option[${row}]`);
  }

  /** The sum of these wires; of an option the venue's word, which stays. */
  private unlessOption(row: number, name: string, parts: readonly string[]): readonly [number, Choice] {
    const own = this.wire(name);
    const option = this.option(row);
    const summands = parts.map((part) => this.wire(part));
    return [own, { reads: [option, ...summands], value: (all) => (all[option] === 1n ? (all[own] as bigint) : mod(summands.reduce((sum, wire) => sum + (all[wire] as bigint), 0n))) }];
  }

  settings(): Setting[] {
    const honest = Array.from({ length: this.ROWS }, (_, row) => this.honestRow(row)).filter((row) => row.get('class') !== 0n);
    const [lengths, whole] = [this.lengths(), [this.ROWS]];
    const kinds: readonly (readonly [bigint, readonly number[]])[] = this.withTiers
      ? [[SPOT, lengths], [CASH + TIERED, lengths], [SPOT + TIERED + CONTINUES, lengths], [PERPETUAL, whole]] : [[SPOT, lengths], [PERPETUAL, lengths]];
    const options = honest.filter((row) => row.get('class') === OPTION).slice(0, this.withTiers ? 1 : 0);
    return [
      ...honest.map((row) => this.setting(() => row)),
      ...options.map((row) => this.setting(() => new Map([...row, ['class', OPTION + TIERED]]))),
      ...(this.withTiers ? [0, 1] : []).map((odd) => this.setting((row) => this.bare(SPOT + TIERED + (row % 2 === odd ? CONTINUES : 0n)))),
      ...this.numbers().map((row) => this.setting(() => row)),
      ...[WIDEST_MOVE, -WIDEST_MOVE].map((move) => new Map([...this.setting(() => this.bare(0n)), ...this.moves(move)])),
      ...kinds.flatMap(([kind, of]) => of.map((length) => this.setting((row) => (row < length ? this.bare(kind) : this.bare(0n))))),
    ];
  }

  /** The ends first, they show most. */
  private lengths(): number[] {
    return [this.ROWS, ...Array.from({ length: this.ROWS - 1 }, (_, place) => place + 1)];
  }

  /**
   * Rows in which one more or one less of a quotient has a remainder that is too large by as little as one run of the
   * divisor's zeros can tell, and a row with remainder 0.
   */
  private numbers(): Row[] {
    const charges = justAbove(RATE_DIVISOR);
    const rows = justAbove(BASE_DIVISOR).map((remainder, place) => {
      const surplus = charges[place % charges.length] as bigint;
      const [long, short] = [RATE_DIVISOR - surplus, (RATE_DIVISOR - surplus) / 2n];
      return this.bare(SPOT, { price: BASE_DIVISOR + remainder, multiplier: 1n, rates: packed([long, short, long, short, 0n, 0n, 0n]) });
    });
    const units = justAbove(UNIT_DIVISOR).map((surplus) => this.bare(SPOT, { price: (UNIT_DIVISOR - surplus) * BASE_DIVISOR, multiplier: 1n, rates: packed([0n, 0n, 0n, 0n, 1n, 1n, 1n]) }));
    return [...rows, ...units];
  }

  /** A row of this class, all else 0 but what is given. */
  private bare(rowClass: bigint, given: Readonly<Record<string, bigint>> = {}): Row {
    const row = new Map([...this.honestRow(0).keys()].map((name) => [name, 0n]));
    row.set('class', rowClass);
    for (const [name, value] of Object.entries(given)) row.set(name, value);
    return row;
  }

  private honestRow(row: number): Row {
    const own = [...this.inputs].map(([name, wire]) => [new RegExp(`^main\\.(\\w+)\\[${row}\\](\\[\\d+\\])?$`).exec(name), wire] as const);
    return new Map(own.flatMap(([match, wire]) => (match === null || /Move$/.test(match[1] as string) ? [] : [[`${match[1]}${match[2] ?? ''}`, this.witness[wire] as bigint] as const])));
  }

  /** What is chosen follows, but for an option's values. Nothing stands before the first row, so it continues nothing. */
  private setting(rowAt: (row: number) => Row): Setting {
    const entries = Array.from({ length: this.ROWS }, (_, at) => {
      const row = rowAt(at);
      const isOption = (row.get('class') as bigint) % CONTINUES === OPTION;
      return [...row].flatMap(([name, value]): (readonly [number, bigint])[] => {
        if (/^(base|scanUnit|basisUnit|longCharge|shortCharge)$/.test(name) || (!isOption && /^(mark|pnl)/.test(name))) return [];
        if (/^(capped|cap)$/.test(name)) return [];
        const [, column, place] = /^(\w+)(.*)$/.exec(name) as unknown as [string, string, string];
        return [[this.wire(`main.${column}[${at}]${place}`), name === 'class' && at === 0 ? value - (value & CONTINUES) : value]];
      });
    });
    return new Map(entries.flat());
  }

  private moves(move: bigint): Setting {
    return new Map(['scanMove', 'basisMove'].flatMap((list) => Array.from({ length: this.S }, (_, scenario) => [this.wire(`main.${list}[${scenario}]`), toField(move)] as const)));
  }

  /** @param names what the compiler may call it */
  private wire(...names: readonly string[]): number {
    const wire = names.map((name) => this.wires.get(name)).find((found) => found !== undefined);
    if (wire === undefined) throw new Error(`no wire is called ${names.join(' or ')}`);
    return wire;
  }
}

/** 0, and for each run of zeros in divisor - 1 the least remainder beyond the divisor that this run tells, less the divisor. */
function justAbove(divisor: bigint): bigint[] {
  const most = divisor - 1n;
  const digits = most.toString(2).length;
  const runs = Array.from({ length: digits }, (_, place) => BigInt(place)).filter((place) => ((most >> place) & 1n) === 0n && (place === 0n || ((most >> (place - 1n)) & 1n) === 1n));
  const least = runs.map((place) => (((most >> place) | 1n) << place) - divisor);
  return [...new Set([0n, ...least])];
}

/** Seven rates of 24 bits as one word. */
function packed(rates: readonly bigint[]): bigint {
  return rates.reduce((word, rate, place) => word + (rate << BigInt(24 * place)), 0n);
}
