import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ewmaVariances, SEED_DAYS } from '../../../src/risk/model/ewma.js';
import { extendVariances, fitGarch, longRunVariance, varianceOver } from '../../../src/risk/model/garch.js';
import { nelderMead } from '../../../src/risk/model/nelder-mead.js';
import { upperQuantile } from '../../../src/risk/model/quantile.js';
import { coinMoves, garchMoves } from '../../builders/price-series.js';

const near = (actual: number, expected: number, tolerance: number, what = ''): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual} is not within ${tolerance} of ${expected}`);

describe('EWMA', () => {
  it('is the weighted sum of past squares in closed form', () => {
    const returns = coinMoves(7, 60);
    const lambda = 0.94;
    const variances = ewmaVariances(returns, lambda);
    const seed = returns.slice(0, SEED_DAYS).reduce((sum, one) => sum + one * one, 0) / SEED_DAYS;
    const last = returns.length;
    const closed = lambda ** (last - SEED_DAYS) * seed
      + returns.slice(SEED_DAYS).reduce((sum, one, i) => sum + (1 - lambda) * lambda ** (last - 1 - SEED_DAYS - i) * one * one, 0);
    near(variances[last] as number, closed, 1e-15);
    assert.equal(variances.length, returns.length + 1);
    assert.ok(Number.isNaN(variances[SEED_DAYS - 1]));
  });

  it('gives a price that never moves a variance above zero', () => {
    const still = ewmaVariances(new Array<number>(50).fill(0), 0.94);
    assert.ok([...still.slice(SEED_DAYS)].every((one) => one > 0));
  });
});

describe('Nelder and Mead', () => {
  it('finds the bottom of Rosenbrock\'s valley', () => {
    const { point, value } = nelderMead(([x = 0, y = 0]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, [-1.2, 1], { tolerance: 1e-14, mostSteps: 2000 });
    near(point[0] as number, 1, 1e-4);
    near(point[1] as number, 1, 1e-4);
    assert.ok(value < 1e-9);
  });

  it('ends after the steps it is given', () => {
    let asked = 0;
    nelderMead(([x = 0]) => { asked += 1; return -x; }, [0], { mostSteps: 10 });
    assert.ok(asked <= 2 + 10 * 2, String(asked));
  });
});

describe('GARCH(1,1)', () => {
  const truth = { omega: 0.00005, alpha: 0.08, beta: 0.88, freedom: 6 };

  for (const seed of [11, 12]) {
    it(`recovers the parameters of a simulated series (seed ${seed})`, () => {
      const fitted = fitGarch(garchMoves({ seed, count: 8000, ...truth }));
      near(fitted.alpha, truth.alpha, 0.025, 'alpha');
      near(fitted.beta, truth.beta, 0.04, 'beta');
      near(fitted.degreesOfFreedom, truth.freedom, 1.2, 'degrees of freedom');
      const longRun = truth.omega / (1 - truth.alpha - truth.beta);
      near(longRunVariance(fitted) / longRun, 1, 0.25, 'long-run variance');
    });
  }

  it('does not depend on the unit of the moves', () => {
    const moves = coinMoves(3, 600);
    const [one, other] = [fitGarch(moves), fitGarch(moves.map((move) => move * 8))];
    assert.deepEqual({ ...other, omega: other.omega / 64 }, one);
  });

  it('fits a price that never moves, or moved once', () => {
    for (const moves of [new Array<number>(200).fill(0), [...new Array<number>(199).fill(0), 0.5]]) {
      const { omega, alpha, beta } = fitGarch(moves);
      assert.ok([omega, alpha, beta].every((one) => Number.isFinite(one) && one >= 0) && alpha + beta < 1);
    }
  });

  it('sums over days what its recursion expects of each', () => {
    const garch = { omega: 0.00005, alpha: 0.08, beta: 0.88, degreesOfFreedom: 6 };
    let [variance, sum] = [0.004, 0];
    for (let day = 0; day < 10; day += 1) {
      sum += variance;
      variance = garch.omega + (garch.alpha + garch.beta) * variance;
    }
    near(varianceOver(garch, 0.004, 10), sum, 1e-15);
    near(varianceOver(garch, 0.004, 1), 0.004, 1e-15);
  });

  it('updates its variance by omega + alpha r^2 + beta v', () => {
    const variances = new Float64Array([0.001, 0, 0]);
    extendVariances(variances, [0.05, -0.1], { omega: 0.0001, alpha: 0.1, beta: 0.8, degreesOfFreedom: 5 }, 0, 2);
    near(variances[1] as number, 0.0001 + 0.1 * 0.0025 + 0.8 * 0.001, 1e-15);
    near(variances[2] as number, 0.0001 + 0.1 * 0.01 + 0.8 * (variances[1] as number), 1e-15);
  });
});

describe('upper quantile', () => {
  it('takes the order statistic at rank ceil(n * confidence)', () => {
    const values = (): number[] => Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) + 1);
    assert.equal(upperQuantile(values(), 0.99), 990);
    assert.equal(upperQuantile(values(), 0.9901), 991);
    assert.equal(upperQuantile(values(), 0.995), 995);
    assert.equal(upperQuantile([3, 1, 2], 0.99), 3);
    assert.equal(upperQuantile([5], 0.5), 5);
  });

  it('covers at least its share of any values', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }), fc.integer({ min: 500, max: 999 }), (values, permille) => {
      const quantile = upperQuantile([...values], permille / 1000);
      assert.ok(values.filter((one) => one <= quantile).length >= values.length * (permille / 1000) - 1e-6);
    }), { seed: 2021 });
  });
});
