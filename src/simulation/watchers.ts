import { PPM } from '../risk/model/parts-per-million.js';
import { marginOf, type SimulatedAccount } from './accounts.js';
import { CASH } from './market.js';
import { isCongested, observe, type World } from './world.js';

/** From a table to a proof of how an account stands, in its block; seconds, twice in congestion. */
const GUARD_DELAY = 60;
/** In which owners answer, and in which their deposits arrive. */
const ANSWER_DELAY = 900;
const DEPOSIT_DELAY = 1_800;
/** Of the maintenance requirement, ppm: an owner who watches adds collateral below it. */
const MARGIN_CALL = 1_250_000n;
/** Prices must have moved this far since an account was last seen, ppm; then this percent of such accounts are challenged at each table. */
const CHALLENGE_MOVE = 50_000n;
const CHALLENGED_PERCENT = 3;

/** What follows from a new table, or from the venue's return: who is under water, who hurries, who is doubted. */
export function lookAtAll(world: World): void {
  for (const account of world.accounts) {
    const healthy = observe(world, account);
    if (!healthy || account.standing !== 'sound') proveSoon(world, account);
    warnOwner(world, account);
    challenge(world, account);
  }
}

/** What was on its way and has arrived, and what was not answered. */
export function actAll(world: World): void {
  for (const account of world.accounts) {
    if (arrived(world, account.depositedAt)) deposit(world, account);
    if (arrived(world, account.provenAt)) prove(world, account);
    if (arrived(world, account.answeredAt)) answer(world, account);
    const late = account.deadline !== undefined && world.step > account.deadline;
    if (account.standing === 'challenged' && late && world.feed.allowsLiquidation(world.step)) {
      account.standing = 'frozen';
      world.tally.frozen += 1;
    }
  }
}

/** Whoever has the opening proves how the account stands; of some accounts that is the venue alone. */
export function proveSoon(world: World, account: SimulatedAccount): void {
  if (account.watched || !world.silent) account.provenAt ??= world.step + delayed(world, GUARD_DELAY);
}

function prove(world: World, account: SimulatedAccount): void {
  account.provenAt = undefined;
  if (marginOf(world.feed.tables.maintenance, account.quantities).healthy) {
    if (account.standing !== 'sound') becomeSound(world, account);
    return;
  }
  if (account.standing === 'liquidating' || !world.feed.allowsLiquidation(world.step) || world.gate.modeAt(world.step) === 3) return;
  account.standing = 'liquidating';
  account.deadline = undefined;
  account.dust = 0;
  world.tally.liquidations += 1;
}

function answer(world: World, account: SimulatedAccount): void {
  account.answeredAt = undefined;
  const waits = account.standing === 'challenged' || account.standing === 'frozen';
  if (waits && marginOf(world.feed.tables.maintenance, account.quantities).healthy) becomeSound(world, account);
}

function becomeSound(world: World, account: SimulatedAccount): void {
  if (account.standing === 'challenged' || account.standing === 'frozen') world.tally.defended += 1;
  account.standing = 'sound';
  account.deadline = undefined;
  account.auction = undefined;
  account.seenPrices = world.feed.pricesAt(world.step);
}

function deposit(world: World, account: SimulatedAccount): void {
  account.depositedAt = undefined;
  // The house takes nothing with the owner's secret from an account that is frozen or being sold.
  if (account.standing !== 'sound' && account.standing !== 'challenged') return;
  account.quantities[CASH] = (account.quantities[CASH] ?? 0n) + account.reserve;
  world.tally.deposits += account.reserve;
  account.reserve = 0n;
  account.seenPrices = world.feed.pricesAt(world.step);
  observe(world, account);
}

function warnOwner(world: World, account: SimulatedAccount): void {
  if (!account.awake || account.reserve === 0n || account.depositedAt !== undefined) return;
  const { equity, requirement } = marginOf(world.feed.tables.maintenance, account.quantities);
  if (equity * PPM < requirement * MARGIN_CALL) account.depositedAt = world.step + delayed(world, DEPOSIT_DELAY);
}

/** Challengers know prices and when an account was last seen, and nothing of what it holds. */
function challenge(world: World, account: SimulatedAccount): void {
  const { step, feed, policy, gate } = world;
  if (account.standing !== 'sound' || !feed.allowsLiquidation(step) || !movedSince(account.seenPrices, feed.pricesAt(step))) return;
  if (!world.random.chance(CHALLENGED_PERCENT)) return;
  account.standing = 'challenged';
  account.deadline = step + feed.steps(policy.windows[gate.modeAt(step)]);
  world.tally.challenges += 1;
  proveSoon(world, account);
  if (account.awake) account.answeredAt = step + delayed(world, ANSWER_DELAY);
}

function movedSince(seen: readonly bigint[], now: readonly bigint[]): boolean {
  return now.some((price, i) => {
    const before = seen[i] ?? price;
    return (price > before ? price - before : before - price) * PPM >= before * CHALLENGE_MOVE;
  });
}

function delayed(world: World, seconds: number): number {
  return world.feed.steps(seconds) * (isCongested(world) ? 2 : 1);
}

function arrived({ step }: World, at: number | undefined): boolean {
  return at !== undefined && step >= at;
}
