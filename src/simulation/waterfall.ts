import { PPM } from '../risk/model/parts-per-million.js';

/** Bounds of an epoch, ppm: of what a tranche held, and of the cleared ledger. */
export interface WaterfallBounds {
  readonly firstLoss: bigint;
  readonly insurance: bigint;
  readonly shared: bigint;
}

/** Penalty's parts, ppm; the rest is first loss. */
export interface PenaltyShares {
  readonly keeper: bigint;
  readonly fund: bigint;
}

export const BOUNDS: WaterfallBounds = { firstLoss: 500_000n, insurance: 500_000n, shared: 20_000n };
export const SHARES: PenaltyShares = { keeper: 200_000n, fund: 500_000n };

interface Drawn {
  readonly firstLoss: bigint;
  readonly insurance: bigint;
  readonly shared: bigint;
}

/** The venue's first loss, the insurance fund and loss sharing of docs/decisions/0010, in one asset. Quanta of cash. */
export class Waterfall {
  shortfall = 0n;
  paidFirstLoss = 0n;
  paidInsurance = 0n;
  shared = 0n;
  debts = 0n;
  subsidies = 0n;
  penalties = 0n;
  rewards = 0n;
  /** What this epoch's bounds still let go. */
  private room: Drawn | undefined;

  constructor(public firstLoss: bigint, public insurance: bigint, private readonly bounds: WaterfallBounds = BOUNDS, private readonly shares: PenaltyShares = SHARES) {}

  /** Bounds count anew. */
  nextEpoch(): void {
    this.room = undefined;
  }

  /** Pays as much of a debt as the bounds leave, in order; what it paid. */
  pay(debt: bigint, ledger: bigint): bigint {
    const room = this.roomOf(ledger);
    const firstLoss = least(debt, room.firstLoss, this.firstLoss);
    const insurance = least(debt - firstLoss, room.insurance, this.insurance);
    const shared = least(debt - firstLoss - insurance, room.shared);
    this.take(room, { firstLoss, insurance, shared });
    this.shortfall += shared;
    this.shared += shared;
    this.debts += firstLoss + insurance + shared;
    return firstLoss + insurance + shared;
  }

  /** What of a subsidy the tranches' bounds leave; nothing is taken. */
  subsidyRoom(wanted: bigint, ledger: bigint): bigint {
    const room = this.roomOf(ledger);
    return least(wanted, least(room.firstLoss, this.firstLoss) + least(room.insurance, this.insurance));
  }

  /** Requires `amount` within subsidyRoom. */
  subsidise(amount: bigint, ledger: bigint): void {
    const room = this.roomOf(ledger);
    const firstLoss = least(amount, room.firstLoss, this.firstLoss);
    this.take(room, { firstLoss, insurance: amount - firstLoss, shared: 0n });
    this.subsidies += amount;
  }

  takePenalty(amount: bigint): void {
    const keeper = (amount * this.shares.keeper) / PPM;
    const fund = (amount * this.shares.fund) / PPM;
    this.rewards += keeper;
    this.insurance += fund;
    this.firstLoss += amount - keeper - fund;
    this.penalties += amount;
  }

  private roomOf(ledger: bigint): Drawn {
    this.room ??= {
      firstLoss: (this.firstLoss * this.bounds.firstLoss) / PPM, insurance: (this.insurance * this.bounds.insurance) / PPM, shared: (ledger * this.bounds.shared) / PPM,
    };
    return this.room;
  }

  private take(room: Drawn, { firstLoss, insurance, shared }: Drawn): void {
    this.firstLoss -= firstLoss;
    this.insurance -= insurance;
    this.paidFirstLoss += firstLoss;
    this.paidInsurance += insurance;
    this.room = { firstLoss: room.firstLoss - firstLoss, insurance: room.insurance - insurance, shared: room.shared - shared };
  }
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (a < b ? a : b));
}
