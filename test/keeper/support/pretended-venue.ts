import { ChainUnreachableError } from '../../../src/chain/errors.js';
import type { KeeperAction } from '../../../src/keeper/keeper-action.js';
import type { AssetNow, KeeperChain, KeeperClock, KeeperSender, PreparedTransaction, Rehearsal, SentState, VenueNow } from '../../../src/keeper/keeper-ports.js';
import type { AccountNow, VenueChange } from '../../../src/keeper/venue-view.js';
import type { ApprovedBidder } from '../../../src/chain/liquidation-bidders-client.js';
import type { FundingAct } from '../../../src/statement/transition.js';
import { clockAfter, isPriceMet, mostSubsidy } from '../../../src/liquidation/auction-price.js';
import type { Bid } from '../../../src/liquidation/bid.js';
import type { Auction, Lot } from '../../../src/liquidation/auction.js';
import type { LiquidationRules } from '../../../src/liquidation/liquidation-rules.js';

export const START = 1_800_000_000;
export const BOND = 1_000n;
export const KEEPER = '0x00000000000000000000000000000000000000A1';

export const RULES: LiquidationRules = Object.freeze({
  timelock: 60, bond: BOND, quiet: 600, windows: [600, 300, 120, 60] as const, fall: 100, maxDiscount: 20_000, maxSubsidy: 5_000, penalty: 10_000, keeperShare: 200_000,
  fundShare: 300_000, strikeShare: 50_000, feeRow: 0, minLot: 1_000n,
});

const NOBODY = '0x0000000000000000000000000000000000000000';
const GAS = 100_000n;

/** A clock that stands still until somebody waits. */
export class StoodClock implements KeeperClock {
  milliseconds = START * 1_000;
  readonly waits: number[] = [];
  /** Told of each wait; may stop the keeper. */
  onWait: (count: number) => void = () => undefined;

  now(): number {
    return this.milliseconds;
  }

  wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.milliseconds += milliseconds;
    this.onWait(this.waits.length);
    return Promise.resolve();
  }
}

/** A venue's contracts as far as keepers look at them, in memory: standings and their rules, a mempool, and blocks that are made when told. */
export class PretendedVenue implements KeeperChain {
  block = 10;
  time = START;
  open = true;
  gas = 1n;
  readonly accounts = new Map<bigint, AccountNow>();
  readonly auctions = new Map<string, Auction>();
  readonly bonds = new Map<string, bigint>();
  maintenance = { commitment: 500n, level: 'maintenance' as const, time: START - 10 };
  initial = { commitment: 600n, level: 'initial' as const, time: START - 10 };
  /** Requests that fail before the next is answered. */
  faults = 0;
  /** What was put into blocks. */
  readonly done: { readonly from: string; readonly action: KeeperAction; readonly reverted: boolean }[] = [];
  /** Senders that contexts were asked for. */
  readonly contextsFor: (string | undefined)[] = [];
  readonly approved: ApprovedBidder[] = [];
  allowance = 0n;
  room = { firstLoss: 1_000_000n, insurance: 1_000_000n, shared: 1_000_000n };
  private readonly happened: (readonly [block: number, change: VenueChange])[] = [];
  private readonly mempool = new Map<string, { readonly from: string; readonly action: KeeperAction }>();
  private readonly mined = new Map<string, 'done' | 'reverted'>();

  add(handle: bigint, change: Partial<AccountNow> = {}): void {
    const { controller = NOBODY, commitment = handle * 1_000n, ...rest } = change;
    this.accounts.set(handle, {
      standing: 'sound', liquidation: 0, keeper: NOBODY, bond: 0n, deadline: 0, tableTime: 0, soundAt: 0, soundTableTime: 0, dust: 0, challengedAt: 0, handle, commitment, controller, ...rest,
    });
    this.tell({ kind: 'account', handle });
  }

  tell(change: VenueChange): void {
    this.block += 1;
    this.happened.push([this.block, change]);
  }

  /** A newer round, and tables made from it. */
  reprice(prices: readonly bigint[]): void {
    this.time += 10;
    this.maintenance = { ...this.maintenance, commitment: this.maintenance.commitment + 1n, time: this.time };
    this.initial = { ...this.initial, commitment: this.initial.commitment + 1n, time: this.time };
    this.tell({ kind: 'round', prices });
  }

  /** Puts all that waits into a block. */
  mine(): void {
    this.block += 1;
    for (const [hash, sent] of this.mempool) {
      const refusal = this.refusal(sent.from, sent.action);
      if (refusal === undefined) this.apply(sent.from, sent.action);
      this.done.push({ ...sent, reverted: refusal !== undefined });
      this.mined.set(hash, refusal === undefined ? 'done' : 'reverted');
    }
    this.mempool.clear();
  }

  /** As a node does that is started anew. */
  forgetWaiting(): void {
    this.mempool.clear();
  }

  get waiting(): number {
    return this.mempool.size;
  }

  now(): Promise<VenueNow> {
    return this.answer(() => ({
      block: this.block, time: this.time, rules: RULES, tableMaxAge: 300, band: 50_000, period: 7, open: this.open, maintenance: this.maintenance, initial: this.initial,
    }));
  }

  changes(from: number, to: number): Promise<readonly VenueChange[]> {
    return this.answer(() => this.happened.filter(([block]) => block >= from && block <= to).map(([, change]) => change));
  }

  account(handle: bigint): Promise<AccountNow | undefined> {
    return this.answer(() => this.accounts.get(handle));
  }

  challengeBond(handle: bigint): Promise<bigint> {
    return this.answer(() => this.bondOf(handle));
  }

  verdictContext(handle: bigint, sender?: string): Promise<bigint> {
    this.contextsFor.push(sender);
    return this.answer(() => handle + 7n);
  }

  auction(lot: Lot): Promise<Auction | undefined> {
    return this.answer(() => this.auctions.get(keyOf(lot)));
  }

  asset(): Promise<AssetNow> {
    return this.answer(() => ({ unitsPerQuantum: 1n, room: this.room, allowance: this.allowance }));
  }

  bidders(): Promise<readonly ApprovedBidder[]> {
    return this.answer(() => this.approved);
  }

  fundingAct(fromPeriod: number): Promise<FundingAct> {
    return this.answer(() => ({ kind: 'funding', payRow: 0, fromPeriod, rates: [] }));
  }

  bondsOf(address: string): Promise<bigint> {
    return this.answer(() => this.bonds.get(address) ?? 0n);
  }

  gasPrice(): Promise<bigint> {
    return this.answer(() => this.gas);
  }

  /** Who sends from an address. */
  senderFor(address: string): KeeperSender {
    return {
      address,
      rehearse: (action) => this.answer((): Rehearsal => {
        const reason = this.refusal(address, action);
        return reason === undefined ? { passes: true, gas: GAS } : { passes: false, reason };
      }),
      prepare: (action) => this.answer(() => this.prepared(address, action)),
      stateOf: (hash) => this.answer((): SentState => this.mined.get(hash) ?? (this.mempool.has(hash) ? 'waiting' : 'lost')),
    };
  }

  private prepared(from: string, action: KeeperAction): PreparedTransaction {
    const hash = `0x${(this.done.length * 4_096 + this.mempool.size + this.block * 65_536).toString(16).padStart(64, '0')}`;
    return { hash, broadcast: () => this.answer(() => void this.mempool.set(hash, { from, action })) };
  }

  private answer<Value>(value: () => Value): Promise<Value> {
    if (this.faults === 0) return Promise.resolve(value());
    this.faults -= 1;
    return Promise.reject(new ChainUnreachableError('the chain does not answer'));
  }

  private bondOf(handle: bigint): bigint {
    const soundAt = this.accounts.get(handle)?.soundAt ?? 0;
    return soundAt > 0 && this.time <= soundAt + RULES.quiet ? 8n * BOND : BOND;
  }

  /** The name of the contract's error; undefined where it takes the action. */
  private refusal(from: string, action: KeeperAction): string | undefined {
    if (action.kind === 'withdraw-bonds') return this.bonds.has(from) ? undefined : 'NoBond';
    if (action.kind === 'approve') return undefined;
    if (action.kind === 'mark') return this.accounts.get(action.lot.handle)?.standing === 'liquidating' ? undefined : 'NotInStanding';
    if (action.kind === 'take') return this.refusalOfBid(action.bid);
    const account = this.accounts.get(action.handle);
    if (account === undefined) return 'UnknownHandle';
    switch (action.kind) {
      case 'challenge':
        if (account.standing !== 'sound') return 'AlreadyChallenged';
        return action.bond === this.bondOf(action.handle) ? undefined : 'WrongBond';
      case 'freeze': return account.standing === 'challenged' && this.time > account.deadline ? undefined : 'AnswerTime';
      case 'answer': return account.standing === 'sound' ? 'NotInStanding' : undefined;
      case 'start': return account.standing === 'liquidating' ? 'NotInStanding' : undefined;
      case 'seal': return action.commitment === account.commitment ? undefined : 'NotItsCommitment';
      case 'pay-debt':
      case 'settle-funding': return undefined;
    }
  }

  /** The price rule of the contract, by the modules that are held against it elsewhere. */
  private refusalOfBid({ lot, quantity, payment, subsidy }: Bid): string | undefined {
    const auction = this.auctions.get(keyOf(lot));
    if (this.accounts.get(lot.handle)?.standing !== 'liquidating') return 'NotInStanding';
    if (auction === undefined) return 'NoAuction';
    const clock = clockAfter(RULES, this.time - auction.since);
    const price = { accountSells: lot.accountSells, quantity, marks: auction };
    if (!isPriceMet(price, payment, { ...clock, penalty: RULES.penalty })) return lot.accountSells ? 'PriceTooLow' : 'PriceTooHigh';
    return subsidy > mostSubsidy(price, clock) ? 'SubsidyTooLarge' : undefined;
  }

  private apply(from: string, action: KeeperAction): void {
    if (action.kind === 'withdraw-bonds') this.bonds.delete(from);
    if (action.kind === 'mark') {
      const { lot, marketCommitment, marks } = action;
      this.auctions.set(keyOf(lot), { marketCommitment, mark: marks.mark.mark, payMark: marks.payMark.mark, feeMark: marks.feeMark.mark, extra: 0n, since: this.time, tableTime: this.initial.time });
    }
    if (action.kind === 'approve') this.allowance = action.amount;
    if (action.kind === 'take') this.set(action.bid.lot.handle, { commitment: 1n + (this.accounts.get(action.bid.lot.handle)?.commitment ?? 0n) }, 'account');
    if (action.kind === 'challenge') this.set(action.handle, { standing: 'challenged', keeper: from, deadline: this.time + 600, tableTime: this.maintenance.time, bond: action.bond }, 'challenged');
    if (action.kind === 'freeze') this.set(action.handle, { standing: 'frozen' }, 'frozen');
    if (action.kind === 'answer') this.set(action.handle, { standing: 'sound', soundAt: this.time, soundTableTime: this.maintenance.time }, 'sound');
    if (action.kind === 'start') this.set(action.handle, { standing: 'liquidating', keeper: from, liquidation: 1 }, 'started');
    if (action.kind === 'seal') this.set(action.handle, {}, 'sealed');
  }

  private set(handle: bigint, change: Partial<AccountNow>, kind: Exclude<VenueChange['kind'], 'round'>): void {
    const before = this.accounts.get(handle);
    if (before !== undefined) this.accounts.set(handle, { ...before, ...change });
    this.happened.push([this.block, { kind, handle }]);
  }
}

function keyOf({ handle, row, payRow, accountSells }: Lot): string {
  return `${handle}:${row}:${payRow}:${accountSells}`;
}
