/** Where a value of a record stands: a CSV column, or members and list places of a JSON value, joined by points: "0.universe". */
export type ValuePath = string;

/** How rates are written. Margin rates and haircuts say what is charged, collateral ratios what is left, leverages one over it. */
export type RateForm = 'collateral-ratio' | 'haircut' | 'margin' | 'max-leverage';

/** Tiers in one text: `open`, then tiers by `template` with `separator` between, then `close`. */
export interface TextTiers {
  readonly form: 'text';
  readonly path: ValuePath;
  readonly open: string;
  readonly close: string;
  readonly separator: string;
  /** "{from}-{upTo}:{rate}", each of the three once; white space around each tier is let pass. */
  readonly template: string;
  /** Bound that means "without end". */
  readonly endless: string | undefined;
}

/** Tiers in a list of tables beside the records, found by a number. */
export interface TableTiers {
  readonly form: 'table';
  /** From the root of the document. */
  readonly tables: ValuePath;
  /** In a table: its number. */
  readonly key: ValuePath;
  /** In a table: its list of tiers. */
  readonly tiers: ValuePath;
  /** In a tier. */
  readonly from: ValuePath;
  readonly rate: ValuePath;
  /** In a record: the number of its table. */
  readonly by: ValuePath;
  /** Numbers below this are no tables: the record's own rate holds at every size. */
  readonly flat: { readonly below: bigint; readonly rate: ValuePath } | undefined;
}

/** One rate for every size, at each level. */
export interface FlatRates {
  readonly form: 'flat';
  readonly maintenance: ValuePath;
  readonly initial: ValuePath;
}

export interface RateMapping {
  readonly as: RateForm;
  /** Decimal places by which a written rate is smaller than a fraction: percent 2, bps 4, ppm 6; of leverages 0. */
  readonly decimals: number;
  readonly source: FlatRates | TextTiers | TableTiers;
  /** What tier bounds count. Values become quantities at the list's price, rounded down. */
  readonly bounds: 'value' | 'quantity';
  /** What holds beyond the last bound: nothing counts, or the last rate. */
  readonly beyond: 'full' | 'last';
  /** What becomes of a symbol without rates. */
  readonly missing: 'full' | 'leave-out' | 'refuse';
}

/** How many decimals an instrument's quantities have. */
export interface DecimalsMapping {
  /** Where the list says so; undefined: as many as keep a quantum worth `quantumWorth`. */
  readonly path: ValuePath | undefined;
  /** 10^-8 of the currency; undefined with a path. */
  readonly quantumWorth: bigint | undefined;
  readonly least: number;
  readonly most: number;
}

/** What debt in an asset is charged, as a fraction: the haircut but at least this much, or this much. */
export interface BorrowMapping {
  readonly likeHaircut: boolean;
  /** ppm. */
  readonly least: bigint;
}

/** How a published list becomes a parameter set; docs/formats.md. */
export interface ImportMapping {
  readonly source:
    | { readonly format: 'csv'; readonly ignored: readonly string[] }
    | { readonly format: 'json'; readonly list: ValuePath; readonly beside: ValuePath | undefined };
  /** What the set has beside the imported instruments, in the set's own format. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly symbol: { readonly path: ValuePath; readonly upperCase: boolean };
  readonly leaveOut: readonly { readonly path: ValuePath; readonly equals: string }[];
  readonly instrument: {
    readonly into: 'assets' | 'markets';
    /** With `{symbol}` in it. */
    readonly id: string;
    readonly kind: 'spot' | 'perpetual';
    /** Symbols that are cash. */
    readonly cash: ReadonlySet<string>;
    /** Of markets. */
    readonly currency: string | undefined;
    readonly quantityDecimals: DecimalsMapping;
    /** In the set's format; nothing when absent. */
    readonly ranges: Readonly<Record<string, unknown>>;
  };
  readonly feed: { readonly id: string; readonly fields: Readonly<Record<string, unknown>> };
  readonly price: { readonly path: ValuePath; readonly decimals: ValuePath | undefined; readonly missing: 'leave-out' | 'refuse' };
  readonly rates: RateMapping;
  /** Of assets. */
  readonly borrow: BorrowMapping;
  readonly file: string;
}

/** The paths of a record that a mapping reads. */
export function pathsOf({ symbol, leaveOut, instrument, price, rates }: ImportMapping): readonly ValuePath[] {
  const { source } = rates;
  const ofRates = source.form === 'flat' ? [source.maintenance, source.initial] : source.form === 'text' ? [source.path]
    : [source.by, ...(source.flat === undefined ? [] : [source.flat.rate])];
  const paths = [symbol.path, ...leaveOut.map(({ path }) => path), instrument.quantityDecimals.path, price.path, price.decimals, ...ofRates];
  return [...new Set(paths.filter((path) => path !== undefined))];
}
