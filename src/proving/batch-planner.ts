import { ClearproofError } from '../error/clearproof-error.js';

/** What an account takes of a batch circuit. */
export interface AccountNeed {
  readonly slots: number;
  /** Slots in the tiered region, part of `slots`. */
  readonly tiered: number;
}

/** A batch circuit to choose: N accounts of up to K slots, T of them tiered. */
export interface BatchOption {
  readonly N: number;
  readonly K: number;
  readonly T: number;
  /** What one batch costs, in any unit, above 0. */
  readonly cost: number;
}

/** One batch. */
export interface BatchAssignment {
  /** Place of the circuit among the options. */
  readonly option: number;
  /** N of them: the account's place among the needs, or undefined for padding. */
  readonly places: readonly (number | undefined)[];
}

/** No choice of batches holds these accounts. */
export class NoBatchPlanError extends ClearproofError {
  readonly code = 'NO_BATCH_PLAN';
}

/** Options of one width, and the accounts that fit into no narrower one. */
interface Level {
  readonly options: readonly number[];
  readonly accounts: number[];
}

type Shuffle = <Item>(items: readonly Item[]) => Item[];

/**
 * Chooses how many batches of each circuit to prove, so that all accounts find room at least cost, and which account
 * stands where. Exact: there is no cheaper choice.
 *
 * The largest batches come first, so that each stands at a multiple of its N (every N is 16*2^a). Accounts of narrower need
 * fill what room the wider batches have left, those of the next width first; the rest of the room is padding. Within all
 * batches of one width, places are in the order that `shuffle` gives.
 *
 * @param options  widest first, each at least as wide in K and in T as the next
 * @param capacity places of the accounts tree
 * @throws NoBatchPlanError when an account fits into no option, or the batches do not fit into the tree
 */
export function planBatches(
  needs: readonly AccountNeed[], options: readonly BatchOption[], capacity: number, shuffle: Shuffle = (items) => [...items],
): BatchAssignment[] {
  const levels = levelsOf(needs, options);
  const counts = leastCost(levels, options, capacity);
  const batches = assign(levels, options, counts, shuffle);
  // Stable: batches of one size stay widest first.
  return batches.sort((a, b) => (options[b.option] as BatchOption).N - (options[a.option] as BatchOption).N);
}

function levelsOf(needs: readonly AccountNeed[], options: readonly BatchOption[]): Level[] {
  const levels: Level[] = [];
  options.forEach((option, place) => {
    const before = options[place - 1];
    if (before !== undefined && (before.K < option.K || before.T < option.T)) {
      throw new NoBatchPlanError(`batch circuit ${place} is wider than the one before it: give the widest first, each at least as wide in K and T as the next`);
    }
    if (before?.K === option.K && before.T === option.T) levels[levels.length - 1] = { options: [...(levels[levels.length - 1] as Level).options, place], accounts: [] };
    else levels.push({ options: [place], accounts: [] });
  });
  needs.forEach(({ slots, tiered }, account) => {
    const level = levels.findLast(({ options: [first = 0] }) => slots <= (options[first] as BatchOption).K && tiered <= (options[first] as BatchOption).T);
    if (level === undefined) throw new NoBatchPlanError(`account ${account} needs ${slots} slots, ${tiered} of them tiered: no batch circuit has as many`, { account });
    level.accounts.push(account);
  });
  return levels;
}

/**
 * How many batches of each option. The widths form a chain, so accounts find room exactly when for each width all batches
 * of it and of wider ones have room for all accounts that need as much; that is a sum over batches, widest first, and the
 * least cost of each sum follows from that of smaller ones.
 */
function leastCost(levels: readonly Level[], options: readonly BatchOption[], capacity: number): number[] {
  const unit = options.map(({ N }) => N).reduce(greatestCommonDivisor, 0);
  const accounts = levels.reduce((sum, level) => sum + level.accounts.length, 0);
  // Without its narrowest batch a choice with a whole largest batch to spare would still do and cost less.
  const most = Math.ceil(accounts / unit) + Math.max(...options.map(({ N }) => N)) / unit;
  const sums = Math.min(Math.floor(capacity / unit), most) + 1;
  const least = new Float64Array(sums).fill(Infinity);
  least[0] = 0;
  const takes = options.map(() => new Uint8Array(sums));
  let demand = 0;
  for (const level of levels) {
    for (const option of level.options) extend(least, takes[option] as Uint8Array, (options[option] as BatchOption).N / unit, (options[option] as BatchOption).cost);
    demand += level.accounts.length;
    least.fill(Infinity, 0, Math.min(sums, Math.ceil(demand / unit)));
  }
  const best = least.reduce((found, cost, sum) => (cost < (least[found] as number) ? sum : found), 0);
  if (least[best] === Infinity) {
    throw new NoBatchPlanError(`the batches that ${accounts} accounts need do not fit into a tree of ${capacity} places: take circuits with smaller batches or a deeper tree`);
  }
  return countsOf(best, options.map(({ N }) => N / unit), takes);
}

/** Lets each sum be reached by one more batch too, as often as that is cheaper. */
function extend(least: Float64Array, taken: Uint8Array, size: number, cost: number): void {
  for (let sum = size; sum < least.length; sum += 1) {
    const with_ = (least[sum - size] as number) + cost;
    if (with_ >= (least[sum] as number)) continue;
    least[sum] = with_;
    taken[sum] = 1;
  }
}

function countsOf(best: number, sizes: readonly number[], takes: readonly Uint8Array[]): number[] {
  const counts = sizes.map(() => 0);
  let sum = best;
  for (let option = sizes.length - 1; option >= 0; option -= 1) {
    for (; (takes[option] as Uint8Array)[sum] === 1; sum -= sizes[option] as number) counts[option] = (counts[option] as number) + 1;
  }
  return counts;
}

function assign(levels: readonly Level[], options: readonly BatchOption[], counts: readonly number[], shuffle: Shuffle): BatchAssignment[] {
  const waiting = levels.map(({ accounts }) => ({ accounts: shuffle(accounts), next: 0 }));
  return levels.flatMap((level, place) => {
    const room = level.options.reduce((sum, option) => sum + (counts[option] as number) * (options[option] as BatchOption).N, 0);
    const chosen: (number | undefined)[] = [];
    for (const queue of waiting.slice(place)) {
      for (; chosen.length < room && queue.next < queue.accounts.length; queue.next += 1) chosen.push(queue.accounts[queue.next]);
    }
    while (chosen.length < room) chosen.push(undefined);
    const places = shuffle(chosen);
    let next = 0;
    return level.options.flatMap((option) => Array.from({ length: counts[option] as number }, () => {
      next += (options[option] as BatchOption).N;
      return { option, places: places.slice(next - (options[option] as BatchOption).N, next) };
    }));
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
