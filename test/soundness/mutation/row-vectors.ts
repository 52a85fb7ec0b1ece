import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import type { Vectors } from './vectors.js';

const RATE = 10n ** 6n;
const WHOLE = 10n ** 18n;
const TOP = 2n ** 47n;

/** A call between 35 and 105 and a put between 35 and 100, at both ends and one beyond. */
export function optionVectors(): Vectors {
  const call = { option: 1n, put: 0n, base: 100n, strike: 60n, gap: 5n, mark: 50n, pnl: [0n] };
  const put = { ...call, put: 1n, base: 60n, strike: 100n };
  const marks = (option: CircuitInput, list: readonly bigint[]): CircuitInput[] => list.map((mark) => ({ ...option, mark }));
  const high = { ...call, base: TOP - 1n, strike: TOP - 1n };
  return {
    accepted: [
      call, put, ...marks(call, [35n, 105n]), ...marks(put, [35n, 100n]), { ...call, strike: 200n, mark: 0n }, { ...high, mark: TOP - 1n, pnl: [-TOP] }, { ...put, base: 0n, strike: TOP - 1n, gap: 2n ** 44n - 1n, mark: TOP - 1n, pnl: [-1n] },
      { ...call, pnl: [-51n] }, { ...call, pnl: [TOP - 52n] }, { ...call, option: 0n, mark: -7n, pnl: [-(TOP * TOP)] }, { ...put, option: 0n, base: TOP - 1n, strike: 0n, mark: TOP },
    ],
    refused: [
      ...marks(call, [34n, 106n]), ...marks(put, [34n, 101n]), { ...call, strike: 200n, mark: -1n, pnl: [5n] }, { ...high, mark: TOP, pnl: [-TOP] }, { ...call, pnl: [-52n] }, { ...call, pnl: [TOP - 51n] },
    ],
  };
}

/** Two tiers and a row outside the region, and what breaks one rule of theirs. */
export function linkVectors(): Vectors {
  const tiers = {
    listed: [1n, 1n, 1n], continues: [0n, 1n, 0n], tiered: [1n, 1n, 0n], option: [0n, 0n, 1n], capped: [1n, 0n, 0n], cap: [5n, 0n, 0n],
    price: [7n, 7n, 9n], multiplier: [3n, 3n, 4n], shared: [11n, 11n, 12n], long: [1n, 2n, 1n], short: [4n, 4n, 3n],
  };
  const change = (other: CircuitInput): CircuitInput => ({ ...tiers, ...other });
  const apart = { continues: [0n, 0n, 0n], price: [7n, 8n, 9n], shared: [11n, 10n, 12n], long: [3n, 2n, 1n], short: [5n, 4n, 3n] };
  return {
    accepted: [
      tiers, change({ cap: [2n ** 64n - 1n, 0n, 0n] }), change({ cap: [1n, 0n, 0n] }), change({ capped: [1n, 1n, 0n], cap: [5n, 6n, 0n] }), change({ long: [1n, 2n ** 24n, 1n], short: [1n, 2n ** 24n, 1n] }), change({ long: [2n, 2n, 1n] }),
      change({ ...apart, tiered: [1n, 1n, 1n], capped: [1n, 0n, 1n], cap: [5n, 0n, 8n] }), change({ ...apart, tiered: [1n, 0n, 0n] }), change({ listed: [1n, 1n, 0n], option: [0n, 0n, 0n] }), change({ ...apart, tiered: [0n, 0n, 0n], capped: [0n, 0n, 0n], cap: [0n, 0n, 0n] }),
      change({ continues: [0n, 1n, 1n], tiered: [1n, 1n, 1n], option: [0n, 0n, 0n], price: [7n, 7n, 7n], multiplier: [3n, 3n, 3n], shared: [11n, 11n, 11n], long: [1n, 2n, 4n], short: [1n, 2n, 3n] }),
    ],
    refused: [
      change({ cap: [2n ** 64n, 0n, 0n] }), change({ cap: [0n, 0n, 0n] }), change({ cap: [-1n, 0n, 0n] }), change({ cap: [5n, 0n, 6n] }), change({ capped: [2n, 0n, 0n] }), change({ capped: [0n, 0n, 0n] }),
      change({ ...apart, listed: [1n, 1n, 0n], tiered: [1n, 1n, 1n], capped: [1n, 0n, 1n], cap: [5n, 0n, 8n] }), change({ tiered: [1n, 1n, 1n] }), change({ ...apart, tiered: [1n, 1n, 0n] }), change({ ...apart, tiered: [0n, 0n, 1n], capped: [0n, 0n, 0n], cap: [0n, 0n, 0n] }),
      change({ listed: [1n, 0n, 0n], capped: [1n, 0n, 0n] }), change({ option: [0n, 1n, 0n] }), change({ price: [7n, 8n, 9n] }), change({ multiplier: [3n, 2n, 4n] }), change({ shared: [11n, 12n, 12n] }),
      change({ long: [1n, 0n, 1n] }), change({ short: [4n, 3n, 3n] }), change({ continues: [1n, 1n, 0n] }), change({ long: [1n, 2n ** 24n + 1n, 1n] }), change({ short: [1n, 2n ** 24n + 1n, 1n] }),
    ],
  };
}

type Row = Readonly<Record<string, bigint>>;

/** A linear row, an exact one, none, and with options a call at both ends of its bounds; then each value one more and one less. */
export function valueVectors(OPTIONS: 0 | 1): Vectors {
  const linear: Row = { listed: 1n, option: 0n, price: 1_234n * WHOLE + 5n, multiplier: 1n, strike: 0n, long: 50_001n, short: 100_003n, scan: 150_007n, basis: 90_011n, exact: 0n, put: 0n, scanMove: -60n, basisMove: 70n };
  const exact: Row = { ...linear, price: 1_234n * WHOLE, exact: 1n };
  const none: Row = { ...linear, listed: 0n, price: 0n, multiplier: 0n, long: 0n, short: 0n, scan: 0n, basis: 0n };
  const rows = [linear, exact, { ...linear, short: 0n }, { ...linear, price: 10n ** 9n, multiplier: 10n ** 10n }, none, { ...linear, price: 600n * RATE * WHOLE }, { ...exact, price: 7n * WHOLE, long: 0n, short: 0n, scan: 2n ** 24n - 1n, basis: 0n }];
  const honest = rows.map((row) => valued(row, OPTIONS));
  const wrong = rows.flatMap((_, place) => ['base', 'scanUnit', 'basisUnit', 'mark', 'longCharge', 'shortCharge', 'pnl'].flatMap((name) => [1n, -1n].map((more) => raised(honest[place] as CircuitInput, name, more))));
  // Quotients of the most bits there are, and of one more.
  const large: Row = { ...exact, price: 2n ** 46n * WHOLE, long: 0n, short: 0n, scan: 0n, basis: 0n };
  const larger = (scale: bigint): Row[] => [{ ...large, price: scale * 2n ** 45n * WHOLE }, { ...large, long: scale * 500_000n }, { ...large, short: scale * 500_000n }, { ...large, scan: scale * 58_593n }, { ...large, basis: scale * 58_593n }];
  honest.push(...larger(3n).map((row) => valued(row, OPTIONS)));
  const refused = [...wrong.filter((input) => !honest.includes(input)), ...larger(5n).map((row) => valued(row, OPTIONS)), { ...(honest[0] as CircuitInput), exact: 1n }];
  if (OPTIONS === 0) return { accepted: honest, refused };
  // The gap is sixty basis units, of 2 each: a call is worth 114 to 1354.
  const call: Row = { ...linear, option: 1n, strike: 1_000n, exact: 1n };
  const at = (mark: bigint, option: Row = call): CircuitInput => valued(option, 1, mark, 7n);
  const put: Row = { ...call, put: 1n, strike: 2_000n };
  return { accepted: [...honest, at(114n), at(1_354n), at(646n, put), at(2_000n, put)], refused: [...refused, at(113n), at(1_355n), at(645n, put), at(2_001n, put), valued(call, 1, 500n, -502n), raised(at(500n), 'scanUnit', 1n)] };
}

/** The values that follow; of an option with this mark and P&L. */
function valued(row: Row, OPTIONS: 0 | 1, optionMark = 0n, optionPnl = 0n): CircuitInput {
  const of = (name: string): bigint => row[name] as bigint;
  const ceiling = (numerator: bigint, divisor: bigint): bigint => (numerator + divisor - 1n) / divisor;
  const base = (of('price') * of('multiplier')) / WHOLE;
  const isLinear = of('listed') - of('option');
  const inexact = of('listed') - of('exact') * isLinear;
  const mark = of('option') === 1n ? optionMark : base;
  const [scanUnit, basisUnit] = [ceiling(base * isLinear * of('scan'), 60n * RATE), ceiling(base * of('basis'), 60n * RATE)];
  const pnl = of('option') === 1n ? optionPnl : scanUnit * of('scanMove') + basisUnit * of('basisMove');
  return {
    ...row, strike: OPTIONS === 1 ? [of('strike')] : [], base: OPTIONS === 1 ? [base] : [], scanUnit, basisUnit, mark, pnl: [pnl], scanMove: [of('scanMove')], basisMove: [of('basisMove')],
    longCharge: ceiling(mark * of('long'), RATE), shortCharge: ceiling((base + inexact) * of('short') + inexact * RATE, RATE),
  };
}

/** The same input when it has no such number. */
function raised(input: CircuitInput, name: string, more: bigint): CircuitInput {
  const value = input[name] as bigint | readonly bigint[];
  if (typeof value === 'bigint') return { ...input, [name]: value + more };
  return value.length === 0 ? input : { ...input, [name]: [(value[0] as bigint) + more] };
}
