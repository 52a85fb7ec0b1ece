import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { dayOf } from '../../src/risk/backtest/calendar.js';
import { crashAt, fallOf, worstDays } from '../../src/simulation/crash-days.js';
import { readDays, type DayPrices } from '../../src/simulation/day-prices.js';
import { INVENTED_CRASH } from '../../src/simulation/invented-crash.js';
import { readPath } from '../../src/simulation/path-file.js';
import { pathOf } from '../../src/simulation/price-path.js';

const HEAD = 'Date,Open,High,Low,Close,Volume';

function file(name: string, lines: readonly string[]) {
  return { name, bytes: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]) as AsyncIterable<Uint8Array> };
}

/** 60 days from 2020-01-01 at 100, of which the given ones fall to a low. */
function calmDays(lows: Readonly<Record<number, bigint>>): DayPrices[] {
  return Array.from({ length: 60 }, (_, i) => ({ day: (dayOf('2020-01-01') as number) + i, open: 100n, high: 102n, low: lows[i] ?? 99n, close: 100n + BigInt(i % 2) }));
}

describe('prices of a simulation', () => {
  it('are read with all four of a day, and digits beyond 10^-8 are cut off', async () => {
    assert.deepEqual(await readDays(file('BTC-USD.csv', [HEAD, '2020-03-12 00:00:00+00:00,7913.616210937512,7929.1,4860.35,4970.7,1'])), [
      { day: dayOf('2020-03-12'), open: 791_361_621_093n, high: 792_910_000_000n, low: 486_035_000_000n, close: 497_070_000_000n },
    ]);
  });

  const bad: readonly (readonly [string, readonly string[], string, RegExp])[] = [
    ['a close above the high', ['2020-03-12,10,11,9,12,1'], 'DAY_RANGE', /^BTC-USD\.csv, row 2, field Close: lies outside/],
    ['an open below the low', ['2020-03-12,8,11,9,10,1'], 'DAY_RANGE', /row 2, field Open/],
    ['a price with an exponent', ['2020-03-12,10,1e1,9,10,1'], 'SERIES_PRICE', /row 2, field High: "1e1" is not a price/],
    ['a price of nothing', ['2020-03-12,10,11,0.000000001,10,1'], 'SERIES_PRICE', /row 2, field Low/],
    ['a day that is none', ['2020-02-30,10,11,9,10,1'], 'SERIES_DATE', /row 2, field Date/],
    ['a day twice', ['2020-03-12,10,11,9,10,1', '2020-03-12,10,11,9,10,1'], 'SERIES_ORDER', /row 3, field Date/],
  ];
  for (const [title, rows, code, words] of bad) {
    it(`are refused with file, row and field: ${title}`, async () => {
      await assert.rejects(readDays(file('BTC-USD.csv', [HEAD, ...rows])), (error: Error & { code?: string }) => error.code === code && words.test(error.message));
    });
  }

  it('name the days that fell furthest below their open, a crash once, and none without a month before it', () => {
    const days = calmDays({ 10: 10n, 40: 60n, 42: 55n, 50: 70n });
    const first = days[0]?.day ?? 0;
    assert.deepEqual(worstDays(days, 2, 7), [first + 42, first + 50]);
    assert.equal(fallOf(days[42] as DayPrices), 450_000n);
  });

  it('know of the volatility what the evening before knew, and nothing of the crash', () => {
    const history = (low: bigint) => new Map([['BTC', calmDays({ 45: low })], ['NEW', calmDays({}).slice(40)]]);
    const crash = crashAt(history(20n), (dayOf('2020-01-01') as number) + 45, 2);
    assert.deepEqual(crash.assets.map(({ asset, volatility }) => [asset, volatility]), [['BTC', crashAt(history(99n), crash.assets[0]?.days[0]?.day ?? 0, 2).assets[0]?.volatility]]);
    assert.throws(() => crashAt(history(20n), dayOf('2020-01-05') as number, 2), (error: Error & { code?: string }) => error.code === 'SIMULATED_DAY' && /2020-01-05/.test(error.message));
  });
});

describe('a path within a day', () => {
  it('meets open, high, low and close of every day, leaves its range at no step, and is another with another seed', () => {
    const steps = 86_400 / 60;
    for (const seed of ['1', '2', '3', '4']) {
      const path = pathOf(INVENTED_CRASH, seed, 60);
      INVENTED_CRASH.assets.forEach(({ days }, i) => days.forEach((day, number) => {
        const part = path.prices[i]?.slice(number * steps, (number + 1) * steps) ?? [];
        const [least, most] = [part.reduce((a, b) => (a < b ? a : b)), part.reduce((a, b) => (a > b ? a : b))];
        assert.deepEqual([part.length, part[0], part.at(-1), least, most], [steps, day.open, day.close, day.low, day.high], `seed ${seed}, day ${number}`);
      }));
    }
    assert.deepEqual(pathOf(INVENTED_CRASH, '1', 60), pathOf(INVENTED_CRASH, '1', 60));
    assert.notDeepEqual(pathOf(INVENTED_CRASH, '1', 60).prices, pathOf(INVENTED_CRASH, '2', 60).prices);
  });

  it('is refused for steps that do not divide a day', () => {
    assert.throws(() => pathOf(INVENTED_CRASH, '1', 7), (error: Error & { code?: string }) => error.code === 'SIMULATION_SHAPE' && /steps of 7 seconds/.test(error.message));
  });

  it('is read from traded prices, of which the last counts at each step', async () => {
    const path = await readPath(file('day.csv', ['time,asset,price', '100,BTC,10', '100,ETH,1', '125,BTC,11', '160,BTC,12']), 30);
    assert.deepEqual([path.assets, path.prices], [['BTC', 'ETH'], [[1_000_000_000n, 1_100_000_000n, 1_200_000_000n], [100_000_000n, 100_000_000n, 100_000_000n]]]);
  });

  const bad: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['times that go back', ['100,BTC,10', '90,BTC,11'], /^day\.csv, row 3, field time: is before the row above/],
    ['two prices at once', ['100,BTC,10', '100,BTC,11'], /row 3, field time: BTC has two prices at 100/],
    ['an asset that comes later', ['100,BTC,10', '130,ETH,11'], /row 3, field asset: ETH has no price at 100/],
    ['a time that is none', ['noon,BTC,10'], /row 2, field time: "noon" is no time/],
    ['a single price', ['100,BTC,10'], /^day\.csv: holds less than two steps/],
    ['more steps than are held', ['100,BTC,10', '9000100,BTC,10'], /300001 steps/],
  ];
  for (const [title, rows, words] of bad) {
    it(`is refused with file, row and field: ${title}`, async () => {
      await assert.rejects(readPath(file('day.csv', ['time,asset,price', ...rows]), 30), (error: Error & { code?: string }) => error.code === 'PRICE_PATH' && words.test(error.message));
    });
  }
});
