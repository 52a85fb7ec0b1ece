import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planBatches, type AccountNeed, type BatchAssignment, type BatchOption } from '../../src/proving/batch-planner.js';

const CAPACITY = 256;
const WIDE: BatchOption = Object.freeze({ N: 16, K: 5, T: 2, cost: 23 });
const NARROW: BatchOption = Object.freeze({ N: 16, K: 3, T: 0, cost: 17 });
const MANY: BatchOption = Object.freeze({ N: 32, K: 3, T: 0, cost: 30 });

const needs = (count: number, slots: number, tiered = 0): AccountNeed[] => Array.from({ length: count }, () => ({ slots, tiered }));
const costOf = (batches: readonly BatchAssignment[], options: readonly BatchOption[]): number =>
  batches.reduce((sum, { option }) => sum + (options[option] as BatchOption).cost, 0);
const circuitsOf = (batches: readonly BatchAssignment[]): number[] => batches.map(({ option }) => option);
const fits = ({ slots, tiered }: AccountNeed, { K, T }: BatchOption): boolean => slots <= K && tiered <= T;

/** Up to four options, each at least as wide as the next, and accounts that fit somewhere. */
const questions = fc.array(fc.record({ more: fc.nat(2), tiers: fc.nat(1), N: fc.constantFrom(16, 32, 64), cost: fc.integer({ min: 1, max: 60 }) }), { minLength: 1, maxLength: 4 })
  .map((steps) => {
    let [K, T] = [1, 0];
    return steps.map(({ more, tiers, N, cost }): BatchOption => {
      [K, T] = [K + more, T + tiers];
      return { N, K, T, cost };
    }).reverse();
  })
  .chain((options) => fc.record({
    options: fc.constant(options),
    accounts: fc.array(fc.constantFrom(...options).chain(({ K, T }) => fc.record({ slots: fc.nat(K), tiered: fc.nat(T) })), { minLength: 1, maxLength: 150 }),
  }));

/** A sum of batches of each option for every choice of at most `most` batches each. */
function* choices(options: readonly BatchOption[], most: number): Generator<number[]> {
  if (options.length === 0) {
    yield [];
    return;
  }
  for (const rest of choices(options.slice(1), most)) for (let count = 0; count <= most; count += 1) yield [count, ...rest];
}

/** Hall's condition over all sets of options: accounts that fit only into these find room in these. */
function holds(counts: readonly number[], options: readonly BatchOption[], accounts: readonly AccountNeed[]): boolean {
  for (let set = 0; set < 2 ** options.length; set += 1) {
    const inside = (option: number): boolean => (set >> option) % 2 === 1;
    const room = counts.reduce((sum, count, option) => sum + (inside(option) ? count * (options[option] as BatchOption).N : 0), 0);
    if (accounts.filter((account) => options.every((option, place) => !fits(account, option) || inside(place))).length > room) return false;
  }
  return true;
}

describe('planning batches', () => {
  it('places every account exactly once, in a batch it fits, each batch whole and at a multiple of its size', () => {
    fc.assert(fc.property(questions, ({ options, accounts }) => {
      const batches = planBatches(accounts, options, 16 ** 4);
      let position = 0;
      for (const { option, places } of batches) {
        const circuit = options[option] as BatchOption;
        assert.equal(places.length, circuit.N);
        assert.equal(position % circuit.N, 0);
        position += circuit.N;
        for (const place of places) if (place !== undefined) assert.ok(fits(accounts[place] as AccountNeed, circuit));
      }
      const placed = batches.flatMap(({ places }) => places.filter((place) => place !== undefined));
      assert.deepEqual([...placed].sort((a, b) => a - b), accounts.map((_, place) => place));
    }));
  });

  it('never costs more than a plan with one circuit that fits all', () => {
    fc.assert(fc.property(questions, ({ options, accounts }) => {
      const cost = costOf(planBatches(accounts, options, 16 ** 4), options);
      for (const option of options) {
        if (accounts.every((account) => fits(account, option))) assert.ok(cost <= Math.ceil(accounts.length / option.N) * option.cost);
      }
    }));
  });

  it('costs as little as the best of all choices of up to ten batches a circuit', () => {
    fc.assert(fc.property(questions, ({ options: all, accounts: some }) => {
      const options = all.slice(0, 3);
      const accounts = some.filter((account) => options.some((option) => fits(account, option)));
      fc.pre(accounts.length > 0);
      const costs = [...choices(options, 10)].filter((counts) => holds(counts, options, accounts))
        .map((counts) => counts.reduce((sum, count, option) => sum + count * (options[option] as BatchOption).cost, 0));
      assert.equal(costOf(planBatches(accounts, options, 16 ** 4), options), Math.min(...costs));
    }), { numRuns: 60 });
  });

  it('finds a plan that fits the tree wherever there is one, though a cheaper one does not', () => {
    fc.assert(fc.property(questions, fc.integer({ min: 1, max: 12 }), ({ options: all, accounts: some }, sixteens) => {
      const options = all.slice(0, 3);
      const accounts = some.filter((account) => options.some((option) => fits(account, option)));
      fc.pre(accounts.length > 0);
      const size = (counts: readonly number[]): number => counts.reduce((sum, count, option) => sum + count * (options[option] as BatchOption).N, 0);
      const costs = [...choices(options, 10)].filter((counts) => size(counts) <= 16 * sixteens && holds(counts, options, accounts))
        .map((counts) => counts.reduce((sum, count, option) => sum + count * (options[option] as BatchOption).cost, 0));
      if (costs.length === 0) assert.throws(() => planBatches(accounts, options, 16 * sixteens), { code: 'NO_BATCH_PLAN', message: /do not fit into a tree of/ });
      else assert.equal(costOf(planBatches(accounts, options, 16 * sixteens), options), Math.min(...costs));
    }), { numRuns: 60 });
  });

  it('fills the room that a wide batch has left with accounts of narrower need', () => {
    const batches = planBatches([...needs(1, 5, 1), ...needs(15, 3)], [WIDE, NARROW], CAPACITY);
    assert.deepEqual(circuitsOf(batches), [0]);
    assert.ok(batches[0]?.places.every((place) => place !== undefined));
  });

  it('takes one more narrow batch when the wide one is full', () => {
    assert.deepEqual(circuitsOf(planBatches([...needs(1, 5, 1), ...needs(16, 3)], [WIDE, NARROW], CAPACITY)), [0, 1]);
  });

  it('leaves room in wide batches to accounts of the next width before those of any narrower one', () => {
    const middle: BatchOption = { N: 16, K: 4, T: 1, cost: 20 };
    const accounts = [...needs(8, 5, 2), ...needs(40, 3), ...needs(24, 4, 1)];
    const batches = planBatches(accounts, [WIDE, middle, NARROW], CAPACITY);
    assert.deepEqual(circuitsOf(batches), [0, 1, 2, 2, 2]);
    assert.equal(batches[0]?.places.filter((place) => accounts[place ?? 0]?.slots === 4).length, 8);
  });

  it('puts larger batches first whatever their width, so that each is aligned', () => {
    const batches = planBatches([...needs(3, 5), ...needs(45, 3)], [WIDE, MANY, NARROW], CAPACITY);
    assert.deepEqual(circuitsOf(batches), [1, 0]);
  });

  it('mixes sizes of one width where that is cheaper', () => {
    assert.deepEqual(circuitsOf(planBatches(needs(48, 3), [MANY, NARROW], CAPACITY)), [0, 1]);
    assert.deepEqual(circuitsOf(planBatches(needs(49, 3), [MANY, NARROW], CAPACITY)), [0, 0]);
  });

  it('leaves the order of places to the shuffle, over all batches of one width', () => {
    const batches = planBatches(needs(20, 3), [NARROW], CAPACITY, (items) => [...items].reverse());
    assert.deepEqual(batches.flatMap(({ places }) => places).slice(0, 13), [...Array<undefined>(12).fill(undefined), 0]);
  });

  it('refuses an account that fits nowhere, by number', () => {
    assert.throws(() => planBatches([...needs(2, 3), ...needs(1, 3, 3)], [WIDE, NARROW], CAPACITY), { code: 'NO_BATCH_PLAN', message: /^account 2 needs 3 slots, 3 of them tiered/ });
    assert.throws(() => planBatches(needs(1, 6), [WIDE, NARROW], CAPACITY), { code: 'NO_BATCH_PLAN', message: /^account 0 needs 6 slots/ });
  });

  it('refuses circuits that are not given widest first, or of which neither is the wider', () => {
    for (const options of [[NARROW, WIDE], [{ ...NARROW, K: 9 }, WIDE]]) {
      assert.throws(() => planBatches(needs(1, 1), options, CAPACITY), { code: 'NO_BATCH_PLAN', message: /^batch circuit 1 is wider than the one before it/ });
    }
  });

  it('plans a million accounts in seconds', function () {
    // By the search itself: with a list copied for each batch this takes minutes.
    this.timeout(60_000);
    const accounts = Array.from({ length: 1_000_000 }, (_, place) => ({ slots: place % 97 === 0 ? 50 : 8, tiered: place % 5 }));
    const batches = planBatches(accounts, [{ N: 32, K: 50, T: 8, cost: 240 }, { N: 32, K: 16, T: 8, cost: 130 }, { N: 64, K: 8, T: 4, cost: 200 }], 16 ** 5);
    assert.equal(batches.filter(({ option }) => option === 0).length, Math.ceil(10_310 / 32));
    assert.ok(batches.filter(({ option }) => option === 1).length <= 1, 'dearer an account, but half a batch');
  });
});
