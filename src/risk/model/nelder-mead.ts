/** Where a search ended. */
export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

/**
 * Least value of `objective` near `start` by the simplex search of Nelder and Mead (1965), standard coefficients.
 * Deterministic. Ends when the simplex is flat to `tolerance`, or after `mostSteps`.
 */
export function nelderMead(objective: (point: readonly number[]) => number, start: readonly number[], options: {
  readonly step?: number; readonly tolerance?: number; readonly mostSteps?: number;
} = {}): Minimum {
  const { step = 0.5, tolerance = 1e-8, mostSteps = 250 * start.length } = options;
  const at = (point: readonly number[]): Vertex => ({ point, value: objective(point) });
  let simplex = [at(start), ...start.map((_, axis) => at(start.map((x, i) => (i === axis ? x + step : x))))].sort(byValue);
  for (let taken = 0; taken < mostSteps; taken += 1) {
    const [best, worst, nextWorst] = [simplex[0], simplex.at(-1), simplex.at(-2)] as [Vertex, Vertex, Vertex];
    if (worst.value - best.value <= tolerance * (1 + Math.abs(best.value))) break;
    const centre = start.map((_, i) => simplex.slice(0, -1).reduce((sum, one) => sum + (one.point[i] as number), 0) / start.length);
    const along = (distance: number): Vertex => at(centre.map((x, i) => x + distance * ((worst.point[i] as number) - x)));
    const replacement = better(along, { best, nextWorst, worst });
    simplex = (replacement === undefined
      ? simplex.map((one) => (one === best ? one : at(one.point.map((x, i) => ((best.point[i] as number) + x) / 2))))
      : [...simplex.slice(0, -1), replacement]).sort(byValue);
  }
  return simplex[0] as Vertex;
}

/** A vertex to take the worst one's place; undefined where the simplex must shrink. */
function better(along: (distance: number) => Vertex, { best, nextWorst, worst }: Readonly<Record<'best' | 'nextWorst' | 'worst', Vertex>>): Vertex | undefined {
  const reflected = along(-1);
  if (reflected.value < best.value) {
    const expanded = along(-2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < nextWorst.value) return reflected;
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : undefined;
}

function byValue(a: Vertex, b: Vertex): number {
  return a.value - b.value;
}
