import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ExcessRangeError, ZERO_SUMS, accumulatorOf, alphaOf, betaOf, bookHash, chainNext, chainStart, challengesHash, claimsHash, genesisState, packExcesses, packHeadrooms, rOf,
  type AccumulatorState,
} from '../../src/commitment/epoch-chain.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';

const shape = { N: 16, K: 3, T: 0, S: 2, W: 84 } as const;
const excess = (W: number): fc.Arbitrary<bigint> => fc.bigInt({ min: -(2n ** BigInt(W - 1)), max: 2n ** BigInt(W - 1) - 1n });

describe('packed excesses', () => {
  for (const W of [84, 96, 126]) {
    it(`of ${W} bits can be read back and stay below 2^252`, () => {
      fc.assert(fc.property(fc.array(excess(W), { minLength: 1, maxLength: 20 }), (excesses) => {
        const perWord = Math.floor(252 / W);
        const words = packExcesses(excesses, W);
        assert.equal(words.length, Math.ceil(excesses.length / perWord));
        assert.ok(words.every((word) => word >= 0n && word < 2n ** 252n));
        const mask = 2n ** BigInt(W) - 1n;
        const read = excesses.map((_, place) => (((words[Math.floor(place / perWord)] ?? 0n) >> BigInt(W * (place % perWord))) & mask) - 2n ** BigInt(W - 1));
        assert.deepEqual(read, excesses);
      }));
    });
  }
});

describe('an excess beyond its bits', () => {
  for (const [name, value] of [['one too high', 2n ** 83n], ['one too low', -(2n ** 83n) - 1n]] as const) {
    it(`is refused by place instead of carrying into its neighbour: ${name}`, () => {
      assert.throws(() => packExcesses([0n, value], 84), (thrown) => thrown instanceof ExcessRangeError && thrown.message.includes('excess 1 of the batch'));
    });
  }
});

describe('packed headrooms', () => {
  it('are 65 bits each, three to a word', () => {
    assert.deepEqual(packHeadrooms([1n, 2n, 2n ** 65n - 1n, 5n]), [1n + 2n * 2n ** 65n + (2n ** 65n - 1n) * 2n ** 130n, 5n]);
    assert.deepEqual(packHeadrooms([]), []);
  });
  for (const value of [-1n, 2n ** 65n]) {
    it(`refuse ${value}, by place`, () => {
      assert.throws(() => packHeadrooms([0n, value]), (thrown) => thrown instanceof ExcessRangeError && thrown.message.includes('headroom 1 of the batch'));
    });
  }
});

describe('the hashes of an epoch', () => {
  const claims = new Array<bigint>(48).fill(7n);

  it('bind the shape of a batch besides its content', () => {
    const shapes = [shape, { ...shape, K: 8 }, { ...shape, N: 32 }, { ...shape, S: 8 }, { ...shape, T: 2 }];
    assert.equal(new Set(shapes.map((other) => claimsHash(poseidon, other, claims, []))).size, shapes.length);
    assert.equal(new Set(shapes.map((other) => chainNext(poseidon, other, 1n, 0n, [2n], 3n))).size, shapes.length);
  });

  it('bind the link before, the position, the cells and the claims', () => {
    const links = [[1n, 0n, 2n, 3n], [9n, 0n, 2n, 3n], [1n, 16n, 2n, 3n], [1n, 0n, 9n, 3n], [1n, 0n, 2n, 9n]] as const;
    assert.equal(new Set(links.map(([before, position, cell, claim]) => chainNext(poseidon, shape, before, position, [cell], claim))).size, links.length);
    assert.equal(new Set([chainStart(poseidon, 1n, 1n), chainStart(poseidon, 1n, 2n), chainStart(poseidon, 2n, 1n)]).size, 3);
  });

  it('bind every headroom besides the excesses', () => {
    const tiered = { ...shape, T: 1 };
    const headrooms = [[1n, 2n], [2n, 1n], [1n, 3n], [1n, 2n + 2n ** 64n]];
    assert.equal(new Set(headrooms.map((list) => claimsHash(poseidon, tiered, claims, list))).size, headrooms.length);
  });

  it('draw three different challenges', () => {
    const h0 = bookHash(poseidon, 1n, 2n, 3n);
    assert.equal(new Set([h0, alphaOf(poseidon, h0), rOf(poseidon, h0), betaOf(poseidon, h0, 3n, [])]).size, 4);
  });

  it('draw other challenges from another market, chain or book, and another beta from what lies beyond the last row', () => {
    assert.equal(new Set([[1n, 2n, 3n], [9n, 2n, 3n], [1n, 9n, 3n], [1n, 2n, 9n]].map(([market = 0n, chain = 0n, book = 0n]) => bookHash(poseidon, market, chain, book))).size, 4);
    assert.equal(new Set([betaOf(poseidon, 1n, 2n, []), betaOf(poseidon, 9n, 2n, []), betaOf(poseidon, 1n, 9n, []), betaOf(poseidon, 1n, 2n, [0n]), betaOf(poseidon, 1n, 2n, [1n])]).size, 5);
  });

  it('carry the size of the tiered region with the challenges', () => {
    const drawn = { alpha: 1n, r: 2n, beta: 3n, tieredRows: 4n };
    assert.notEqual(challengesHash(poseidon, drawn), challengesHash(poseidon, { ...drawn, tieredRows: 0n }));
  });

  it('bind every part of a state, its blinding and the challenges', () => {
    const state = genesisState(4n, 5n);
    const parts = ['root', 'positions', 'unhealthy', 'shortfall', 'chain', 'power'] as const;
    const states: AccumulatorState[] = [
      state, ...parts.map((part) => ({ ...state, [part]: state[part] + 1n })),
      ...(Object.keys(ZERO_SUMS) as (keyof typeof ZERO_SUMS)[]).map((sum) => ({ ...state, sums: { ...ZERO_SUMS, [sum]: 1n } })),
    ];
    const hashes = [...states.map((one) => accumulatorOf(poseidon, 1n, 2n, one)), accumulatorOf(poseidon, 9n, 2n, state), accumulatorOf(poseidon, 1n, 9n, state)];
    assert.equal(new Set(hashes).size, 16);
  });

  it('start at power 1 with every count and sum 0', () => {
    assert.deepEqual(genesisState(4n, 5n), { root: 4n, positions: 0n, unhealthy: 0n, shortfall: 0n, chain: 5n, power: 1n, sums: { weightedNet: 0n, weightedGross: 0n, net: 0n, gross: 0n, excess: 0n, placed: 0n, filled: 0n } });
  });
});
