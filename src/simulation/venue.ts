import { Random } from '../margin/synthetic/random.js';
import { PPM } from '../risk/model/parts-per-million.js';
import { after, grossOf, holdingsOf, marginOf, type SimulatedAccount } from './accounts.js';
import { CASH, coinRow, ENTRY, perpetualRow, type Tables } from './market.js';
import { SimulationShapeError } from './simulation-errors.js';

/** What an account's owner wants, whatever the venue's parameters. Whole dollars. */
interface Wish {
  readonly equity: bigint;
  readonly asset: number;
  /** Collateral is the coin itself: it falls with the position. */
  readonly inCoin: boolean;
  readonly long: boolean;
  /** Tenths: 25 is two and a half times the equity. */
  readonly leverage: bigint;
  readonly watched: boolean;
  readonly awake: boolean;
  readonly reservePpm: bigint;
}

/** A venue as it opens, and what it holds against defaults, quanta of cash. */
export interface SimulatedVenue {
  readonly accounts: readonly SimulatedAccount[];
  readonly firstLoss: bigint;
  readonly insurance: bigint;
  /** Value of all longs, value units. */
  readonly openInterest: bigint;
}

export const LEAST_ACCOUNTS = 20;
/** Of all accounts, percent: those who take the other side, and those who only buy what is liquidated. */
const MAKERS = 8;
const KEEPERS = 4;
const DOLLAR = 1_000_000n;
/** Of what traders want to hold, ppm: makers' and keepers' money, first loss, insurance. The same under every parameter set. */
const MAKER_MONEY = 350_000n;
const KEEPER_MONEY = 60_000n;
const FIRST_LOSS = 2_500n;
const INSURANCE = 7_500n;
/** Tenths of the leverage an owner wants, drawn evenly: half want five times or less. */
const LEVERAGES = [10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200].map(BigInt);
/** What of initial margin an owner leaves free when he opens. */
const FREE = 1_020_000n;

/**
 * A seeded venue. Sizes are skewed (Pareto, exponent 1), seven of ten are long, a third have coins as collateral. Each owner's
 * wish, makers' money and funds are alike under every parameter set; a wish is granted as far as initial margin goes.
 * @throws SimulationShapeError
 */
export function openVenue(count: number, assets: readonly string[], tables: Tables, seed: string): SimulatedVenue {
  if (!Number.isInteger(count) || count < LEAST_ACCOUNTS || count > 100_000) {
    throw new SimulationShapeError(`${count} accounts: ask for ${LEAST_ACCOUNTS} to 100000`, { accounts: count });
  }
  const random = Random.fromSeed(`${seed} venue`);
  const [makers, keepers] = [share(count, MAKERS), share(count, KEEPERS)];
  const wishes = Array.from({ length: count - makers - keepers }, () => wishOf(random, assets.length));
  const wanted = wishes.reduce((sum, { equity, leverage }) => sum + (equity * leverage) / 10n, 0n) * DOLLAR;
  const traders = wishes.map((wish, number) => traderOf(wish, number, tables));
  const others = [
    ...Array.from({ length: makers }, (_, i) => makerOf(`maker-${i}`, (wanted * MAKER_MONEY) / PPM / BigInt(makers), tables)),
    ...Array.from({ length: keepers }, (_, i) => makerOf(`keeper-${i}`, (wanted * KEEPER_MONEY) / PPM / BigInt(keepers), tables)),
  ];
  takeOtherSide(traders, others.slice(0, makers), assets.length, tables);
  return {
    accounts: [...traders, ...others], firstLoss: (wanted * FIRST_LOSS) / PPM, insurance: (wanted * INSURANCE) / PPM,
    openInterest: [...traders, ...others].reduce((sum, { quantities }) => sum + grossOf(tables.maintenance, quantities), 0n) / 2n,
  };
}

function share(count: number, percent: number): number {
  return Math.max(2, Math.round((count * percent) / 100));
}

function wishOf(random: Random, assets: number): Wish {
  const size = (1_000n << 32n) / (BigInt(random.next()) + 1n);
  // Every second position is in the first asset by name or the second: venues' interest is not spread evenly.
  const asset = random.chance(50) ? random.below(Math.min(2, assets)) : random.below(assets);
  return {
    equity: size < 1_000_000n ? size : 1_000_000n, asset, inCoin: random.chance(33), long: random.chance(70), leverage: random.pick(LEVERAGES),
    watched: random.chance(80), awake: random.chance(60), reservePpm: random.between(0, 500_000),
  };
}

function traderOf(wish: Wish, number: number, tables: Tables): SimulatedAccount {
  const { equity, asset, inCoin, long, leverage, watched, awake, reservePpm } = wish;
  const [coin, perpetual] = [coinRow(asset), perpetualRow(asset)];
  const [mark, cashMark] = [tables.initial.rows[perpetual]?.mark ?? 1n, tables.initial.rows[CASH]?.mark ?? 1n];
  const money = equity * DOLLAR;
  const collateral: [number, bigint] = inCoin ? [coin, (money * cashMark) / mark] : [CASH, money];
  const account = blank(`trader-${number}`, 'trader', tables, { watched, awake, reserve: (money * reservePpm) / PPM });
  const holding = (notional: bigint): bigint[] => {
    const quantity = (notional * cashMark) / mark;
    const cost = (quantity * mark) / cashMark;
    return after(account.quantities, [collateral, [perpetual, long ? quantity : -quantity], [ENTRY, long ? -cost : cost]]);
  };
  account.quantities = holding(most((money * leverage) / 10n, (notional) => {
    const margin = marginOf(tables.initial, holding(notional));
    return margin.equity * PPM >= margin.requirement * FREE;
  }));
  return account;
}

/** The largest amount up to `limit` that `fits`; 0 fits, and what is below one that fits does too. */
export function most(limit: bigint, fits: (amount: bigint) => boolean): bigint {
  if (fits(limit)) return limit;
  let [low, high] = [0n, limit];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function makerOf(name: string, money: bigint, tables: Tables): SimulatedAccount {
  const account = blank(name, 'maker', tables, { watched: true, awake: true, reserve: 0n });
  account.quantities[CASH] = money;
  return account;
}

function blank(name: string, role: SimulatedAccount['role'], tables: Tables, care: Pick<SimulatedAccount, 'watched' | 'awake' | 'reserve'>): SimulatedAccount {
  return {
    name, role, ...care, quantities: tables.initial.rows.map(() => 0n), standing: 'sound', provenAt: undefined, answeredAt: undefined,
    depositedAt: undefined, deadline: undefined, seenPrices: [], dust: 0, auction: undefined, readyAt: 0, underWaterSince: undefined, inDebtSince: undefined,
  };
}

/** Every perpetual nets to nothing, and what positions cost too. */
function takeOtherSide(traders: readonly SimulatedAccount[], makers: readonly SimulatedAccount[], assets: number, tables: Tables): void {
  const rows = [ENTRY, ...Array.from({ length: assets }, (_, asset) => perpetualRow(asset))];
  for (const row of rows) {
    const open = traders.reduce((sum, { quantities }) => sum + (quantities[row] ?? 0n), 0n);
    const part = open / BigInt(makers.length);
    makers.forEach((maker, i) => {
      maker.quantities[row] = -(i === 0 ? open - part * BigInt(makers.length - 1) : part);
    });
  }
  const short = makers.find(({ quantities }) => !marginOf(tables.initial, quantities).healthy);
  if (short !== undefined) throw new SimulationShapeError(`${short.name} cannot carry what traders want: ask for more accounts`, { holdings: holdingsOf(short.quantities).length });
}
