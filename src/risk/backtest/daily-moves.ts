import { dateOf } from './calendar.js';
import type { PricePoint } from './price-file.js';
import { SeriesDisagreementError, SeriesGapError } from './series-errors.js';

/** What to do where days are missing: refuse the file, or leave the move across them out. */
export type GapPolicy = 'refuse' | 'skip';

/** From one day's close to the next day's. */
export interface DailyMove {
  /** The later day. */
  readonly day: number;
  readonly from: number;
  readonly to: number;
  /** Traded value of the later day, where known. */
  readonly volume: number | undefined;
}

/** Days that are missing between two that are there. */
export interface Gap {
  readonly after: string;
  readonly before: string;
}

export interface MoveSeries {
  readonly asset: string;
  /** Oldest first; neighbours in the list are neighbours in time but for the gaps. */
  readonly moves: readonly DailyMove[];
  readonly gaps: readonly Gap[];
}

/** A gap longer than this ends what stands before it: month-end points are no daily series. */
const LONGEST_GAP_DAYS = 7;
/** Most by which two files may differ on one day, of the earlier file's price. */
const MOST_DISAGREEMENT = 0.05;

/**
 * The moves of an asset from its files, the first file's price counting where several have a day.
 * @throws SeriesGapError under `refuse`, SeriesDisagreementError
 */
export function dailyMoves(asset: string, files: readonly (readonly PricePoint[])[], policy: GapPolicy): MoveSeries {
  const points = afterLongGap(files.map((points) => afterLongGap(points, policy)).reduce(joined, []), policy);
  const [moves, gaps]: [DailyMove[], Gap[]] = [[], []];
  points.slice(1).forEach((point, i) => {
    const before = points[i] as PricePoint;
    if (point.day !== before.day + 1) gaps.push({ after: dateOf(before.day), before: dateOf(point.day) });
    else moves.push({ day: point.day, from: before.price, to: point.price, volume: point.volume });
  });
  return { asset, moves, gaps };
}

/** All days under `refuse`, of which none may be missing; under `skip` those after the last long gap. */
function afterLongGap(points: readonly PricePoint[], policy: GapPolicy): readonly PricePoint[] {
  let start = 0;
  points.slice(1).forEach((point, i) => {
    const missing = point.day - (points[i] as PricePoint).day - 1;
    if (missing === 0) return;
    if (policy === 'refuse') {
      throw new SeriesGapError(point.place, `${missing} ${missing === 1 ? 'day is' : 'days are'} missing before ${dateOf(point.day)}: fill them in, or leave moves across gaps out with --gaps skip`);
    }
    if (missing >= LONGEST_GAP_DAYS) start = i + 1;
  });
  return points.slice(start);
}

function joined(first: readonly PricePoint[], second: readonly PricePoint[]): readonly PricePoint[] {
  const byDay = new Map(first.map((point) => [point.day, point]));
  for (const point of second) {
    const known = byDay.get(point.day);
    if (known === undefined) byDay.set(point.day, point);
    else if (Math.abs(point.price / known.price - 1) > MOST_DISAGREEMENT) {
      throw new SeriesDisagreementError(point.place, `the price of ${dateOf(point.day)} is ${point.price}, but ${known.price} in ${known.place.file}: keep the file that is right`);
    }
  }
  return [...byDay.values()].sort((a, b) => a.day - b.day);
}
