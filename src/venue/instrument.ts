/** Kinds of instrument, in the order of their codes in a committed row (0 is "no row"). */
export const INSTRUMENT_KINDS = ['none', 'cash', 'spot', 'entry', 'perpetual', 'future', 'option'] as const;

export type InstrumentKind = Exclude<(typeof INSTRUMENT_KINDS)[number], 'none'>;

/** One row of the market table, seen as something an account can hold. */
export interface Instrument {
  /** Index k of its row, 0 <= k < U. Never changes once listed. */
  readonly index: number;
  /** Symbol, unique in the list: 1 to 32 characters of A-Z a-z 0-9 . _ - */
  readonly id: string;
  readonly kind: InstrumentKind;
  /** Name of the settlement asset behind a cash or spot row, of the currency of every other row. */
  readonly asset: string;
  /** One quantum is 10^-quantityDecimals of the instrument's unit; 0..18. */
  readonly quantityDecimals: number;
}

/** Cash and spot rows are settlement assets: their deposits and loans are published and held against reserves. */
export function isSettlementKind(kind: InstrumentKind): boolean {
  return kind === 'cash' || kind === 'spot';
}

/** Rows whose quantities net to zero over all accounts: entry rows and every derivative. */
export function isMatchedKind(kind: InstrumentKind): boolean {
  return !isSettlementKind(kind);
}

/** Code of a kind in a committed row. */
export function kindCode(kind: InstrumentKind): number {
  return INSTRUMENT_KINDS.indexOf(kind);
}
