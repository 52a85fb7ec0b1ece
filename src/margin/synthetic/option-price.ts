const BASIS = 10_000n;

/** What an option's price follows from. */
export interface OptionTerms {
  readonly side: 'call' | 'put';
  /** Same unit as the spot price. */
  readonly strike: bigint;
  /** Standard deviation of the underlying until expiry, in basis points of its price: volatility times root of time. */
  readonly deviation: bigint;
}

/**
 * A made-up but arbitrage-free option price in whole units of the spot price: (x + sqrt(x^2 + w^2)) / 2 with x the intrinsic
 * side and w = 0.8 * spot * deviation. Convex and monotone in the strike, never negative, keeps put-call parity, and equals
 * the usual 0.4 * spot * deviation at the money; integers only, so every machine computes the same.
 */
export function optionPrice(terms: OptionTerms, spot: bigint): bigint {
  const intrinsic = terms.side === 'call' ? spot - terms.strike : terms.strike - spot;
  const width = (8n * spot * terms.deviation) / (10n * BASIS);
  return (intrinsic + squareRoot(intrinsic * intrinsic + width * width)) / 2n;
}

/** Floor of the square root. Requires value >= 0. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
