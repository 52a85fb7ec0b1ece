import assert from 'node:assert/strict';
import { chiSquaredTail, christoffersen, kupiec } from '../../../src/risk/backtest/likelihood-ratio.js';

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);

/** A record with exceedances on the given days. */
const record = (days: number, hits: readonly number[]): boolean[] => Array.from({ length: days }, (_, i) => hits.includes(i));

describe('chi-squared tail', () => {
  it('agrees with tables', () => {
    near(chiSquaredTail(3.841458820694124, 1), 0.05, 1e-6);
    near(chiSquaredTail(6.6348966010212145, 1), 0.01, 1e-6);
    near(chiSquaredTail(5.991464547107979, 2), 0.05, 1e-9);
    near(chiSquaredTail(0.5, 1), 0.47950012218695337, 1e-6);
    assert.deepEqual([chiSquaredTail(0, 1), chiSquaredTail(0, 2)], [1, 1]);
  });
});

describe('Kupiec\'s test', () => {
  // Statistic and p-value computed apart with scipy 1.17 from the likelihoods of the binomial.
  const known: readonly (readonly [number, number, number, number, number])[] = [
    [4, 250, 0.01, 0.7691383643858458, 0.380483738238954],
    [17, 1000, 0.01, 4.090972554545601, 0.043112828006510305],
    [0, 255, 0.01, 5.12567128528574, 0.023574450485913],
    [10, 1000, 0.01, 0, 1],
    [40, 500, 0.05, 8.079040952278433, 0.004478013824518449],
  ];
  for (const [exceedances, days, rate, statistic, pValue] of known) {
    it(`gives ${statistic.toFixed(3)} for ${exceedances} exceedances in ${days} days at ${rate}`, () => {
      const found = kupiec(exceedances, days, rate);
      near(found.statistic, statistic, 1e-9);
      near(found.pValue, pValue, 1e-6);
    });
  }

  it('accepts the numbers of Kupiec\'s table of non-rejection regions at 95 %', () => {
    // Kupiec (1995), as reprinted in Jorion, Value at Risk: at a rate of 1 %, N < 7 of 255, 1 < N < 11 of 510, 4 < N < 17 of 1000.
    // The table lets N = 0 of 255 pass, whose ratio is 5.13 and above the bound of 3.84: it is left out here.
    for (const [days, above, below] of [[255, 0, 7], [510, 1, 11], [1000, 4, 17]] as const) {
      for (let n = 0; n < 30; n += 1) assert.equal(kupiec(n, days, 0.01).pValue >= 0.05, n > above && n < below, `${n} of ${days}`);
    }
  });
});

describe('Christoffersen\'s tests', () => {
  it('reject exceedances in a row', () => {
    const { independence, conditionalCoverage } = christoffersen(record(500, [100, 101, 102, 103, 104, 300, 301, 302, 303, 304]), 0.01);
    near(independence.statistic, 62.00194842120353, 1e-9);
    near(conditionalCoverage.statistic, 65.91556799766477, 1e-9);
    assert.ok(independence.pValue < 1e-6 && conditionalCoverage.pValue < 1e-6);
  });

  it('accept exceedances far apart', () => {
    const { independence, conditionalCoverage } = christoffersen(record(500, [25, 75, 125, 175, 225, 275, 325, 375, 425, 475]), 0.01);
    near(independence.statistic, 0.40902646682280874, 1e-9);
    near(independence.pValue, 0.5224640463355669, 1e-6);
    near(conditionalCoverage.statistic, 4.3226460432840526, 1e-9);
    near(conditionalCoverage.pValue, 0.11517264429431692, 1e-9);
  });

  it('are finite for a record without exceedances, of exceedances alone, and of one day', () => {
    for (const hits of [record(300, []), new Array<boolean>(50).fill(true), [false], [true]]) {
      const { independence, conditionalCoverage } = christoffersen(hits, 0.01);
      assert.ok([independence, conditionalCoverage].every(({ statistic, pValue }) => Number.isFinite(statistic) && pValue >= 0 && pValue <= 1));
    }
    assert.equal(christoffersen(record(300, []), 0.01).independence.pValue, 1);
  });
});
