/**
 * Domain tags: what every hash but the tree node starts from.
 *
 * A tag is `kind + a*2^16 + b*2^32 + c*2^48 + d*2^64 + e*2^80`, where a..e are the shape parameters that fix how many
 * elements follow; so each tag belongs to one input length.
 * The same numbers stand in circuits/commitment/tags.circom; test/agreement compares them.
 */
export const TAG = {
  owner: 1,
  key: 2,
  leaf: 3,
  chain: 4,
  claims: 5,
  chainStart: 6,
  accumulator: 7,
  challenges: 8,
  book: 9,
  alpha: 10,
  r: 11,
  weightedBook: 12,
  row: 13,
  rowDetail: 14,
  market: 15,
  base: 16,
  domain: 17,
  rows: 18,
  bookRows: 19,
  weightedRows: 20,
  tableState: 21,
  scenarios: 22,
  nullifier: 23,
  frame: 24,
  balance: 25,
  clearedSalt: 26,
  derivedNonce: 27,
  transitionFrame: 28,
  trade: 29,
} as const;

export type TagName = keyof typeof TAG;

const PARAMETER_BITS = 16n;

/** The tag of a hash with up to five shape parameters, each in [0, 2^16). */
export function tagOf(name: TagName, ...parameters: readonly number[]): bigint {
  return parameters.reduce(
    (tag, parameter, place) => tag + (BigInt(parameter) << (PARAMETER_BITS * BigInt(place + 1))),
    BigInt(TAG[name]),
  );
}
