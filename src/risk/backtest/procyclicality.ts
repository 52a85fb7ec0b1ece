/** How much a margin moves with the market: what holders must find, and how fast. Plain ratios. */
export interface Procyclicality {
  /** Largest margin over the least. */
  readonly peakToTrough: number;
  /** Largest rise over so many days, of the margin before it: 0.3 is 30 % more. */
  readonly largestRise: Readonly<Record<RiseSpan, number>>;
}

export type RiseSpan = 1 | 5 | 30;

/** @param margins at least one, oldest first */
export function procyclicality(margins: readonly bigint[]): Procyclicality {
  const values = margins.map(Number);
  const [most, least] = [values.reduce((a, b) => Math.max(a, b)), values.reduce((a, b) => Math.min(a, b))];
  const rise = (span: RiseSpan): number => values.slice(span).reduce((largest, value, i) => Math.max(largest, ratio(value, values[i] as number) - 1), 0);
  return { peakToTrough: ratio(most, least), largestRise: { 1: rise(1), 5: rise(5), 30: rise(30) } };
}

/** 1 where both are nothing: a margin of 0 that stays 0 does not move. */
function ratio(after: number, before: number): number {
  return after === before ? 1 : after / before;
}
