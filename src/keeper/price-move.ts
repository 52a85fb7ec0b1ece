const PPM = 1_000_000n;

/**
 * The largest move of any price since then, ppm of what it was, rounded down; a price that was 0 or not there has not moved.
 * Up or down alike: who is long and who is short is not known.
 */
export function largestMove(since: readonly bigint[], now: readonly bigint[]): bigint {
  return since.reduce((largest, before, feed) => {
    const price = now[feed];
    if (price === undefined || before <= 0n) return largest;
    const moved = ((price > before ? price - before : before - price) * PPM) / before;
    return moved > largest ? moved : largest;
  }, 0n);
}
