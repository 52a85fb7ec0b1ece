import type { Poseidon } from '../../../src/commitment/poseidon.js';
import type { TransitionAct } from '../../../src/statement/transition.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { smallMarket } from '../../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../../builders/tiered-market.js';
import { LIQUIDATION, OWNED, PERIOD, REDUCING, TRANSITION_SHAPE, UNMARGINED, UNOWNED, buys, deposit, expires, funds, sells, transition, transitionInput, withdraw } from '../../builders/transition.js';
import { slots, type Pairs } from '../../circuits/support/transition-forgery.js';
import type { Target } from './targets.js';
import type { Vectors } from './vectors.js';

const MILLION = 1_000_000n;
const TOP = 2n ** 64n;

/** Fields of a terms word in order, lowest first, with their bits. */
const TERMS: readonly (readonly [name: string, bits: number])[] = [
  ['kind', 2], ['seller', 1], ['owned', 1], ['reducing', 1], ['unmargined', 1], ['opens', 1], ['unused', 1], ['period', 32], ['band', 24], ['first', 64], ['second', 64], ['expiry', 40],
];
type Fields = Readonly<Record<string, bigint>>;

function word(fields: readonly (readonly [name: string, bits: number])[], values: Fields): bigint {
  let [sum, place] = [0n, 0n];
  for (const [name, bits] of fields) {
    sum += (values[name] ?? 0n) << place;
    place += BigInt(bits);
  }
  return sum;
}

const largest = (fields: readonly (readonly [name: string, bits: number])[]): Fields => Object.fromEntries(fields.map(([name, bits]) => [name, (1n << BigInt(bits)) - 1n]));

/** Words of every kind and flag that may be said, and those of flags that contradict each other. */
export function termsVectors(): Vectors {
  const of = (values: Fields): CircuitInput => ({ terms: word(TERMS, values) });
  const full = { ...largest(TERMS), unused: 0n, opens: 0n, kind: 1n };
  const [deposit, trade, expiry, funding] = [{ kind: 0n, owned: 1n }, { kind: 1n, owned: 1n }, { kind: 2n, owned: 1n }, { kind: 3n, owned: 1n }];
  return {
    accepted: [
      full, deposit, trade, expiry, funding, { ...deposit, opens: 1n }, { ...deposit, unmargined: 1n, first: TOP - 1n, second: 5n }, { ...trade, seller: 1n }, { ...trade, reducing: 1n },
      { kind: 1n, reducing: 1n }, { kind: 2n }, { kind: 3n }, { ...deposit, period: 2n ** 32n - 1n }, { ...trade, band: 2n ** 24n - 1n, expiry: 2n ** 40n - 1n }, { ...expiry, seller: 1n }, { ...funding, first: 7n, second: 3n },
    ].map(of),
    refused: [
      ...[{ ...deposit, unused: 1n }, { kind: 0n }, { kind: 0n, opens: 1n }, { kind: 1n }, { ...deposit, reducing: 1n }, { ...expiry, reducing: 1n }, { ...funding, reducing: 1n }, { kind: 0n, reducing: 1n }, { kind: 2n, reducing: 1n },
        { ...trade, opens: 1n }, { ...expiry, opens: 1n }, { ...funding, opens: 1n }].map(of),
      { terms: (of(trade).terms as bigint) + (1n << 232n) }, { terms: -1n },
    ],
  };
}

/** Quanta of the pay row for a worth and a unit, and the ones beside them. */
export function settledVectors(): Vectors {
  const floor = (worth: bigint, unit: bigint): bigint => (worth >= 0n ? worth / unit : -((-worth + unit - 1n) / unit));
  const pairs: readonly (readonly [bigint, bigint])[] = [
    [0n, 1n], [7n, 1n], [-7n, 1n], [7n, 3n], [-7n, 3n], [-6n, 3n], [999_999n, MILLION], [-999_999n, MILLION], [-1n, 2n ** 48n - 1n], [2n ** 113n, 2n ** 47n], [-(2n ** 113n), 2n ** 47n + 1n],
  ];
  const of = ([worth, unit]: readonly [bigint, bigint], more = 0n): CircuitInput => ({ worth, unit, amount: floor(worth, unit) + more });
  return {
    accepted: pairs.map((pair) => of(pair)),
    refused: [...pairs.flatMap((pair) => [of(pair, 1n), of(pair, -1n)]), { worth: 0n, unit: 0n, amount: 0n }, { worth: 5n, unit: 0n, amount: 0n }],
  };
}

/** Prices at both ends of a band, one payment beyond, and anything where none is wanted. */
export function bandVectors(): Vectors {
  // A band of 5 % of 100 and a charge of 20: 60 quanta at 100 may cost 5,640 to 6,360, and one quantum of 2 more or less.
  const at = (payment: bigint, other: CircuitInput = {}): CircuitInput => ({ wanted: 1n, band: 50_000n, quantity: 60n, payment, mark: 100n, charge: 20n, payMark: 2n, ...other });
  const option = { mark: 0n, charge: 20n };
  return {
    accepted: [
      at(3_000n), at(3_181n), at(2_819n), at(30n, option), at(31n, option), at(0n, option), at(9_999n, { wanted: 0n }), at(0n, { wanted: 0n }), at(3_000n, { band: 0n }), at(3_001n, { band: 0n }), at(2_999n, { band: 0n }),
      at(TOP - 1n, { quantity: TOP - 1n, mark: 2n ** 47n - 1n, charge: 2n ** 47n - 1n, payMark: 2n ** 47n - 1n, band: 2n ** 24n - 1n }),
    ],
    refused: [at(3_182n), at(2_818n), at(32n, option), at(3_002n, { band: 0n }), at(2_998n, { band: 0n }), at(0n), at(3_182n, { wanted: 2n }), at(2_818n, { wanted: 2n })],
  };
}

/** A row among three slots, of its first tier, or nowhere where nothing is posted. */
export function namedVectors(): Vectors {
  const honest = { row: 5n, total: -7n, at: [0n, 1n, 0n], index: [3n, 5n, 9n], predecessor: [0n, 0n, 9n] };
  const change = (other: CircuitInput): CircuitInput => ({ ...honest, ...other });
  return {
    accepted: [honest, change({ total: 0n }), change({ total: 0n, at: [0n, 0n, 0n], row: 77n }), change({ row: 3n, at: [1n, 0n, 0n] }), change({ row: 9n, at: [0n, 0n, 1n], predecessor: [1n, 1n, 0n] })],
    refused: [change({ at: [0n, 0n, 0n] }), change({ at: [1n, 0n, 0n] }), change({ at: [0n, 2n, 0n] }), change({ at: [0n, -1n, 0n] }), change({ row: 9n, at: [0n, 0n, 1n] }), change({ at: [0n, 1n, 1n] }), change({ total: 0n, at: [0n, 2n, 0n] })],
  };
}

/** Changes within one instrument, over several slots and with an empty one between; and across two. */
export function groupVectors(): Vectors {
  const honest = { before: [40n, 0n, 5n, 0n], after: [40n, 2n, 5n, 0n], posted: [2n, 0n, 0n, 0n], group: [1n, 1n, 2n, 8n] };
  const change = (other: CircuitInput): CircuitInput => ({ ...honest, ...other });
  return {
    accepted: [
      honest, change({ after: [42n, 0n, 5n, 0n] }), change({ posted: [2n, 0n, 3n, 0n], after: [40n, 2n, 8n, 0n] }), change({ group: [1n, 1n, 1n, 1n], before: [40n, 0n, 0n, 5n], posted: [2n, 0n, 0n, -5n], after: [42n, 0n, 0n, 0n] }),
      change({ before: [0n, 0n, 5n, 3n], after: [0n, 0n, 9n, 0n], posted: [0n, 0n, 0n, 1n], group: [7n, 1n, 2n, 2n] }),
    ],
    refused: [
      change({ after: [40n, 2n, 6n, 0n] }), change({ after: [40n, 3n, 4n, 0n] }), change({ after: [41n, 2n, 4n, 0n] }), change({ after: [40n, 1n, 5n, 1n] }), change({ after: [40n, 0n, 7n, 0n], group: [1n, 9n, 2n, 8n] }),
      change({ posted: [0n, 0n, 0n, 2n], after: [40n, 2n, 5n, 0n] }), change({ posted: [1n, 0n, 1n, 0n] }), change({ after: [42n, 0n, 5n, 1n] }),
    ],
  };
}

/** Funding of three groups, one of them twice, another not held. */
export function fundingVectors(): Vectors {
  const honest = { quantity: [5n, -3n], group: [4n, 7n], listed: [4n, 7n, 9n], rate: [10n, -20n, 30n], other: [[0n, 1n, 1n], [1n, 0n, 1n]] };
  const change = (other: CircuitInput): CircuitInput => ({ ...honest, ...other });
  return {
    accepted: [honest, change({ listed: [4n, 4n, 0n], other: [[0n, 0n, 1n], [1n, 1n, 1n]] }), change({ group: [1n, 2n], other: [[1n, 1n, 1n], [1n, 1n, 1n]] }), change({ quantity: [-(2n ** 64n), 2n ** 64n - 1n], rate: [-(2n ** 63n), 2n ** 63n - 1n, 0n] })],
    refused: [change({ other: [[1n, 1n, 1n], [1n, 0n, 1n]] }), change({ other: [[0n, 1n, 1n], [1n, 0n, 0n]] }), change({ other: [[0n, 1n, 1n], [1n, 0n, 2n]] })],
  };
}

/** What was held at the indices that slots have now. */
export function matchVectors(): Vectors {
  const honest = { index: [2n, 5n, 6n], quantity: [7n, -9n, 0n], magnitude: [7n, 9n, 0n], used: [1n, 1n, 0n], newIndex: [2n, 4n, 5n], match: [[1n, 0n, 0n], [0n, 0n, 1n], [0n, 0n, 0n]] };
  const change = (other: CircuitInput): CircuitInput => ({ ...honest, ...other });
  return {
    accepted: [honest, change({ newIndex: [2n, 5n, 8n], match: [[1n, 0n, 0n], [0n, 1n, 0n], [0n, 0n, 0n]] })],
    refused: [
      change({ match: [[1n, 0n, 0n], [0n, 0n, 0n], [0n, 0n, 0n]] }), change({ match: [[2n, 0n, 0n], [0n, 0n, 1n], [0n, 0n, 0n]] }), change({ match: [[0n, 1n, 0n], [0n, 0n, 1n], [0n, 0n, 0n]] }),
      change({ match: [[1n, 0n, 0n], [0n, 0n, 1n], [0n, 1n, 0n]] }), change({ match: [[1n, 1n, -1n], [0n, 0n, 1n], [0n, 0n, 0n]] }),
    ],
  };
}

/** Needed slots first, then indices that follow. */
export function canonicalVectors(): Vectors {
  const of = (index: readonly bigint[], reasons: readonly bigint[], needed: readonly bigint[]): CircuitInput => ({ index, reasons, needed });
  return {
    accepted: [of([0n, 1n, 2n], [0n, 0n, 0n], [0n, 0n, 0n]), of([7n, 9n, 10n], [2n, 1n, 0n], [1n, 1n, 0n]), of([7n, 9n, 20n], [2n, 1n, 5n], [1n, 1n, 1n]), of([7n, 8n, 9n], [1n, 0n, 0n], [1n, 0n, 0n])],
    refused: [
      of([1n, 2n, 3n], [0n, 0n, 0n], [0n, 0n, 0n]), of([7n, 9n, 11n], [2n, 1n, 0n], [1n, 1n, 0n]), of([7n, 8n, 20n], [1n, 0n, 1n], [1n, 0n, 1n]), of([7n, 9n, 20n], [1n, 1n, 0n], [1n, 1n, 1n]), of([7n, 8n, 9n], [1n, 1n, 0n], [1n, 0n, 0n]),
      of([0n, 5n, 6n], [0n, 1n, 0n], [0n, 1n, 0n]),
    ],
  };
}

const [CASH, COIN, ENTRY, PERPETUAL, CALL, DUST] = [0, 1, 2, 3, 4, 5] as const;
const SHORT: Pairs = [[CASH, 10n ** 6n], [PERPETUAL, -5n]];

/** A transition of every kind, in and out, bought and sold, long and short, with and without the owner, over tiers. */
export function honestTransitions(poseidon: Poseidon): CircuitInput[] {
  const { BTC, PERP, PERP2, USDC } = TIERED_ROWS;
  const of = (held: Pairs, act: TransitionAct, flags = OWNED, table = smallMarket()): CircuitInput => transitionInput(poseidon, transition(poseidon, table, slots(held), act, flags));
  return [
    of(SHORT, buys(PERPETUAL, CASH, 2n, 120_000n)), of(SHORT, buys(PERPETUAL, CASH, 5n, 325_500n, 900_000), REDUCING), of(SHORT, buys(PERPETUAL, CASH, 5n, 300_000n), LIQUIDATION),
    of([[CASH, 10n ** 6n], [PERPETUAL, 5n]], sells(PERPETUAL, CASH, 5n, 300_000n), LIQUIDATION), of([[CASH, 10n ** 6n], [COIN, 5n]], sells(COIN, CASH, 5n, 300_000n), UNMARGINED), of([[CASH, 10n ** 6n]], buys(PERPETUAL, ENTRY, 2n, 120_000n)),
    of([], deposit(CASH, 2n ** 64n - 1n, true), UNMARGINED), of([[CASH, 9n], [COIN, 2n]], withdraw(CASH, 9n), UNMARGINED), of(SHORT, withdraw(CASH, 649_000n)), of([[CASH, -7n], [COIN, 9n]], deposit(CASH, 5n)),
    of([[CASH, 5n]], { kind: 'collateral', opens: false, in: { row: COIN, amount: 1n }, out: { row: CASH, amount: 5n }, context: 2n ** 128n - 1n }), of([[CASH, 9n], [DUST, 5n]], deposit(DUST, 3n)),
    of([[CASH, 9n], [CALL, 3n]], expires(CALL, CASH, 500_001n), UNOWNED), of([[CASH, 9n], [CALL, 3n]], expires(CALL, CASH, 1_000_000n)),
    of(SHORT, sells(CALL, DUST, 10n, 10_972_857_143n, 900_000)), of([[CASH, 10n ** 6n], [COIN, 9n], [CALL, -5n]], expires(CALL, CASH, -700_001n, { deliverRow: COIN, deliver: 2n })), of([[CALL, -3n]], expires(CALL, CASH, 0n), UNOWNED),
    of(SHORT, funds(CASH, [{ group: 3, rate: 700_001n }, { group: 4, rate: 5n }])), of([[CASH, 10n ** 6n], [PERPETUAL, 5n]], funds(CASH, [{ group: 0, rate: 0n }, { group: 4, rate: 9n }, { group: 3, rate: 700_001n }], PERIOD - 2), UNOWNED),
    of([[BTC, 90n], [USDC, 10n ** 9n]], deposit(BTC, 70n), OWNED, tieredMarket()), of([[PERP, -40n], [PERP2, -2n], [USDC, 10n ** 9n]], buys(PERP, USDC, 5n, 300_000n), REDUCING, tieredMarket()),
  ];
}

/** Five slots that are all needed. */
export function widerTransitions(poseidon: Poseidon): CircuitInput[] {
  const held = slots([[CASH, 10n ** 6n], [COIN, 5n], [CALL, 1n], [DUST, 9n]]);
  const of = (act: TransitionAct): CircuitInput => transitionInput(poseidon, transition(poseidon, smallMarket(), held, act, OWNED, { K: TRANSITION_SHAPE.widerK }));
  return [of(buys(PERPETUAL, CASH, 2n, 120_000n)), of(deposit(DUST, 3n)), of(sells(PERPETUAL, CASH, 2n, 120_000n))];
}

/** Templates of a transition alone. */
export function transitionTargets(target: (source: string, template: string, parameters: readonly number[], vectors: Vectors) => Target): Target[] {
  return [
    target('account/transition-terms.circom', 'TransitionTerms', [], termsVectors()), target('account/settled-amount.circom', 'SettledAmount', [], settledVectors()),
    target('account/price-band.circom', 'PriceBand', [], bandVectors()), target('account/named-slot.circom', 'NamedSlot', [3], namedVectors()), target('account/group-sums.circom', 'GroupSums', [4], groupVectors()),
    target('account/funding-due.circom', 'FundingDue', [2], fundingVectors()), target('account/matched-slots.circom', 'MatchedSlots', [3], matchVectors()), target('account/canonical-slots.circom', 'CanonicalSlots', [3], canonicalVectors()),
  ];
}
