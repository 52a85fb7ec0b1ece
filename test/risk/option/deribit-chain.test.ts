import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { parseDecimal } from '../../../src/fixed-point/decimal.js';
import { naturalLog, normalDensity, ONE, over, squareRoot, times } from '../../../src/fixed-point/real.js';
import { blackPrice, type BlackTerms } from '../../../src/risk/option/black-76.js';

const CHAIN = '../shared/data/options-deribit-20251206/deribit_btc_options.csv';
const SCALE = 36;
/** Half a unit of the last digit that the file has: volatility in hundredths of a percent, years in 10^-5, marks in 10^-8 BTC. */
const HALF_VOLATILITY = ONE / 20_000n;
const HALF_YEARS = ONE / 200_000n;
const HALF_MARK = ONE / (2n * 10n ** 8n);

interface Quote extends BlackTerms {
  readonly name: string;
  /** Price of one option in BTC, a real. */
  readonly markBtc: bigint;
  /** The index or forward that the file has beside it, some seconds older or newer than the mark. */
  readonly listedForward: bigint;
}

const real = (text: string): bigint => (parseDecimal(text, SCALE, 'floor') * ONE) / 10n ** BigInt(SCALE);
/** Small numbers in the file have exponents: "3.555e-05". */
const scientific = (text: string): bigint => {
  const [mantissa = '', exponent = '0'] = text.split('e');
  return Number(exponent) < 0 ? real(mantissa) / 10n ** BigInt(-Number(exponent)) : real(mantissa);
};

function chain(): Quote[] {
  const quotes = readFileSync(CHAIN, 'utf8').trimEnd().split('\n').slice(1).map((line): Quote => {
    const [name = '', type, , strike = '', years = '', forward = '', mark = '', , volatility = ''] = line.split(',');
    return {
      name, put: type === 'put', strike: real(strike), years: real(years), forward: 0n, listedForward: real(forward), discount: ONE,
      volatility: real(volatility) / 100n, markBtc: scientific(mark),
    };
  });
  const forwards = new Map([...new Set(quotes.map(({ years }) => years))].map((years) => [years, median(impliedForwards(quotes.filter((one) => one.years === years)))]));
  return quotes.map((quote) => ({ ...quote, forward: forwards.get(quote.years) ?? 0n }));
}

/** In BTC, call - put = 1 - K/F at discount 1: each strike with both gives a forward. */
function impliedForwards(quotes: readonly Quote[]): bigint[] {
  return quotes.filter(({ put }) => !put).flatMap((call) => {
    const put = quotes.find((one) => one.put && one.strike === call.strike);
    return put === undefined ? [] : [over(call.strike, ONE - call.markBtc + put.markBtc)];
  });
}

function median(values: readonly bigint[]): bigint {
  return [...values].sort((a, b) => (a < b ? -1 : 1))[values.length >> 1] ?? 0n;
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);
const errorOf = (quote: Quote): bigint => size(over(blackPrice(quote), quote.forward) - quote.markBtc);

/** How much of the price, in BTC, the digits that the file leaves out can make, to first order. */
function roundingOf({ forward, strike, volatility, years }: Quote): bigint {
  const root = squareRoot(years);
  const deviation = times(volatility, root);
  const density = normalDensity(over(naturalLog(over(forward, strike)), deviation) + deviation / 2n);
  return times(times(density, root), HALF_VOLATILITY) + times(over(times(density, volatility), 2n * root), HALF_YEARS) + HALF_MARK;
}

// A skipped test counts as failed; this file need not be there.
if (existsSync(CHAIN)) describe('the Bitcoin option chain of Deribit on 6 December 2025', () => {
  let quotes: Quote[] = [];
  before(() => {
    quotes = chain();
  });

  it('has 676 options of 11 expiries', () => {
    assert.equal(quotes.length, 676);
    assert.equal(new Set(quotes.map(({ years }) => years)).size, 11);
  });

  it('gives one forward at discount 1 to each expiry: strikes agree within 0.04 USD, and with the listed forward within 0.6 USD', () => {
    for (const years of new Set(quotes.map((quote) => quote.years))) {
      const expiry = quotes.filter((quote) => quote.years === years);
      const implied = impliedForwards(expiry);
      assert.ok(implied.length > 10);
      for (const one of implied) assert.ok(size(one - (expiry[0]?.forward ?? 0n)) * 25n < ONE);
      for (const { forward, listedForward } of expiry) assert.ok(size(forward - listedForward) * 10n < 6n * ONE);
    }
  });

  it('comes out within 1.7e-5 BTC (1.55 USD) of each mark from its volatility, half of them within 1.4e-6', () => {
    const errors = quotes.map(errorOf).sort((a, b) => (a < b ? -1 : 1));
    const at = (percent: number): number => Number((errors[Math.min(errors.length - 1, Math.floor((errors.length * percent) / 100))] ?? 0n) / 10n ** 30n) / 1e10;
    assert.ok(at(50) < 1.4e-6 && at(90) < 5.8e-6 && at(99) < 1.4e-5 && at(100) < 1.7e-5, `50, 90, 99, 100 %: ${[50, 90, 99, 100].map(at).join(', ')}`);
    const inDollars = quotes.map((quote) => times(errorOf(quote), quote.forward));
    assert.ok(inDollars.every((one) => one * 100n < 155n * ONE));
  });

  it('differs from its marks by no more than the digits it leaves out', () => {
    for (const quote of quotes) assert.ok(errorOf(quote) <= roundingOf(quote), quote.name);
  });
});
