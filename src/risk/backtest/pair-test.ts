import { divide } from '../../fixed-point/decimal.js';
import { basisParameters, type BasisParameters } from '../model/adaptive-model.js';
import { chargePpm, PPM, ratioOf } from '../model/parts-per-million.js';
import type { ModelSettings } from '../model/settings.js';
import { logMoves, type AssetTest } from './asset-test.js';
import { score, type Score, type ScoredDay } from './coverage.js';
import type { DailyMove, MoveSeries } from './daily-moves.js';

/** Two assets held against each other. */
export interface Pair {
  readonly a: MoveSeries;
  readonly b: MoveSeries;
}

export interface PairTest {
  readonly pair: string;
  readonly days: readonly ScoredDay[];
  /** Long one, short the other for the same value, either way round, against both scan ranges less the credit. */
  readonly hedged: Score;
  /** The ratio of both prices against the basis range. */
  readonly basis: Score;
  /** Average credit, ppm of both scan ranges. */
  readonly averageCredit: bigint;
  /** For the day after the last. */
  readonly next: BasisParameters;
}

/**
 * The offset of a pair, walked day by day like an asset, on the days that both have moves of.
 * @param tests of both assets: they hold the scan ranges
 * @throws ShortHistoryError when the common days are fewer than the warm-up
 */
export function testPair({ a, b }: Pair, tests: { readonly a: AssetTest; readonly b: AssetTest }, settings: ModelSettings): PairTest {
  const pair = `${a.asset}/${b.asset}`;
  const common = commonMoves(a, b);
  const all = basisParameters(pair, logMoves(common.map((one) => one.a)), logMoves(common.map((one) => one.b)), settings);
  const tested = common.slice(settings.warmUpDays).map((moves, i) => ({ moves, parameters: all[i] as BasisParameters }));
  const scanA = scanRanges(tests.a);
  const scanB = scanRanges(tests.b);
  const hedged = tested.flatMap(({ moves, parameters }): ScoredDay[] => {
    const [ofA, ofB] = [scanA.get(moves.a.day), scanB.get(moves.a.day)];
    if (ofA === undefined || ofB === undefined) return [];
    return [{
      day: moves.a.day,
      margin: divide((ofA + ofB) * (PPM - parameters.credit), PPM, 'ceil'),
      loss: chargePpm(Math.abs(moves.a.to / moves.a.from - moves.b.to / moves.b.from)),
    }];
  });
  const basis = tested.map(({ moves, parameters }): ScoredDay => ({
    day: moves.a.day,
    margin: parameters.basisRange,
    loss: chargePpm(Math.abs((moves.a.to / moves.a.from) / (moves.b.to / moves.b.from) - 1)),
  }));
  const rate = 1 - ratioOf(settings.confidencePpm);
  return {
    pair,
    days: hedged,
    hedged: score(hedged, rate),
    basis: score(basis, rate),
    averageCredit: divide(tested.reduce((sum, one) => sum + one.parameters.credit, 0n), BigInt(tested.length), 'floor'),
    next: all.at(-1) as BasisParameters,
  };
}

/** Moves of the days that both series have. */
export function commonMoves(a: MoveSeries, b: MoveSeries): readonly { readonly a: DailyMove; readonly b: DailyMove }[] {
  const ofB = new Map(b.moves.map((move) => [move.day, move]));
  return a.moves.flatMap((move) => {
    const other = ofB.get(move.day);
    return other === undefined ? [] : [{ a: move, b: other }];
  });
}

function scanRanges(test: AssetTest): ReadonlyMap<number, bigint> {
  return new Map(test.scanRange.days.map((one) => [one.day, one.margin]));
}
