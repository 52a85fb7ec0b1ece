import type { ClearedOpening } from '../commitment/cleared-account.js';
import { debtsOf, nextSlice } from '../liquidation/liquidation-plan.js';
import { marginOf } from '../liquidation/liquidated-account.js';
import { rowAt } from '../risk/tiers.js';
import { payIn } from '../statement/transition.js';
import type { Duty, Scene } from './duty.js';
import type { NewestTables } from './judged-tables.js';
import type { Intent } from './keeper-action.js';
import type { GuardConfig } from './keeper-config.js';
import { faultFields, type KeeperLog } from './keeper-log.js';
import type { AssetNow, OpeningSource, VenueNow } from './keeper-ports.js';
import { markIntent, needsMark, underWater, type JudgedTables, type LiquidationTools, type SunkAccount } from './mark-auction.js';
import type { AccountNow } from './venue-view.js';

/** Seals an opening to every bidder that the venue approved. */
export interface OpeningSealer {
  seal(account: SunkAccount, encryptionKey: Uint8Array): Uint8Array;
}

export interface GuardParts extends LiquidationTools {
  readonly config: GuardConfig;
  readonly openings: OpeningSource;
  readonly tables: NewestTables;
  readonly sealer: OpeningSealer;
  readonly log: KeeperLog;
  readonly address: string;
}

/**
 * Who has openings: answers for accounts that are healthy, starts the liquidation of those that are not, and then does all that others need to
 * buy from them: openings for bidders, marks, funding that is due, and what the default fund pays where nothing is left to sell.
 */
export class Guard implements Duty {
  readonly role = 'guard';
  /** Commitments whose opening is not known: told once each. */
  private readonly unknown = new Set<bigint>();

  constructor(private readonly parts: GuardParts) {}

  async look(scene: Scene): Promise<readonly Intent[]> {
    const { chain, openings, tables, log } = this.parts;
    const maintenance = await tables.maintenance(scene.now);
    if (maintenance === undefined) return [];
    const intents: Intent[] = [];
    for (const handle of await openings.handles()) {
      const account = await chain.account(handle);
      if (account === undefined) continue;
      try {
        const opening = await openings.openingOf(account);
        if (opening === undefined) this.tellUnknown(account);
        else intents.push(...await this.forAccount(scene, account, opening, maintenance));
      } catch (thrown) {
        // One account that cannot be judged keeps no other from being guarded.
        log.error('account-not-judged', { handle, ...faultFields(thrown) });
      }
    }
    return intents.sort((one, other) => urgency(one) - urgency(other));
  }

  private async forAccount(scene: Scene, account: AccountNow, opening: ClearedOpening, maintenance: JudgedTables['maintenance']): Promise<readonly Intent[]> {
    const { config } = this.parts;
    const { handle, standing, commitment } = account;
    if (marginOf(maintenance.market, opening).healthy) {
      return standing !== 'sound' && config.answer && maintenance.at.time >= account.tableTime ? [this.answer(account, opening, maintenance)] : [];
    }
    if (!scene.now.open) return [];
    const sunk: SunkAccount = { handle, commitment, opening };
    if (standing !== 'liquidating') return config.start ? [this.start(sunk, maintenance)] : [];
    return this.liquidate(scene, sunk, maintenance);
  }

  private async liquidate({ now, state }: Scene, sunk: SunkAccount, maintenance: JudgedTables['maintenance']): Promise<readonly Intent[]> {
    const { config, tables } = this.parts;
    const sealing = config.seal && state.accounts.get(sunk.handle)?.sealed !== true ? await this.seal(sunk) : [];
    const initial = await tables.initial(now);
    if (initial === undefined) return sealing;
    const both = { maintenance, initial };
    if (owesFunding(both, sunk, now)) return [...sealing, this.settleFunding(sunk, both, now)];
    return [...sealing, ...await this.sellOrPay(sunk, both, now)];
  }

  private async sellOrPay(sunk: SunkAccount, tables: JudgedTables, now: VenueNow): Promise<readonly Intent[]> {
    const { config, chain } = this.parts;
    const { maintenance: { market: maintenance }, initial: { market: initial } } = tables;
    const { rules, band, period } = now;
    const slice = nextSlice({ maintenance, initial, rules, band, period, discount: rules.maxDiscount }, sunk.opening, sunk.handle);
    if (slice !== undefined) {
      if (!config.mark || !needsMark(await chain.auction(slice.lot), tables)) return [];
      return [markIntent(this.role, this.parts, tables, sunk, slice.lot, rules.feeRow)];
    }
    return config.payDebts ? debtsOf(initial, sunk.opening).map((debt) => this.payDebt(sunk, tables, now, debt)) : [];
  }

  private answer({ handle, commitment }: AccountNow, opening: ClearedOpening, { at, market }: JudgedTables['maintenance']): Intent {
    const { chain, prover, memory } = this.parts;
    return {
      role: this.role, kind: 'answer', key: `answer:${handle}`, handle,
      build: async () => ({
        kind: 'answer', handle,
        claim: await memory.once(`healthy:${handle}:${commitment}:${at.commitment}`, async () => prover.verdict(opening, market, true, await chain.verdictContext(handle))),
      }),
    };
  }

  private start(sunk: SunkAccount, maintenance: JudgedTables['maintenance']): Intent {
    const { handle } = sunk;
    return {
      role: this.role, kind: 'start', key: `start:${handle}`, handle,
      build: async () => ({ kind: 'start', handle, claim: await underWater(this.parts, { maintenance }, sunk, this.parts.address) }),
    };
  }

  private async seal(sunk: SunkAccount): Promise<readonly Intent[]> {
    const { chain, sealer } = this.parts;
    const { handle, commitment } = sunk;
    const bidders = await chain.bidders();
    if (bidders.length === 0) return [];
    return [{
      role: this.role, kind: 'seal', key: `seal:${handle}`, handle,
      build: () => Promise.resolve({ kind: 'seal', handle, commitment, ciphertexts: bidders.map(({ encryptionKey }) => sealer.seal(sunk, encryptionKey)) }),
    }];
  }

  private settleFunding({ handle, opening }: SunkAccount, { initial: { market } }: JudgedTables, { period }: VenueNow): Intent {
    const { chain, prover } = this.parts;
    return {
      role: this.role, kind: 'settle-funding', key: `settle-funding:${handle}`, handle,
      build: async () => {
        const { transition } = await prover.transition(opening, market, { act: await chain.fundingAct(opening.period), owned: false, period });
        return { kind: 'settle-funding', handle, fromPeriod: opening.period, transition };
      },
    };
  }

  private payDebt({ handle, opening }: SunkAccount, { initial: { market } }: JudgedTables, { period }: VenueNow, debt: { readonly row: number; readonly quanta: bigint }): Intent {
    const { chain, prover } = this.parts;
    const { row } = debt;
    return {
      // Of whatever account: each payment takes from what the fund may pay, so the next asks when it is known.
      role: this.role, kind: 'pay-debt', key: `pay-debt:${row}`, handle,
      build: async () => {
        const payable = quantaPayable(await chain.asset(row));
        const quanta = debt.quanta < payable ? debt.quanta : payable;
        if (quanta === 0n) return undefined;
        const { transition } = await prover.transition(opening, market, { act: payIn(row, quanta), owned: false, period });
        return { kind: 'pay-debt', handle, row, quanta, transition };
      },
    };
  }

  private tellUnknown({ handle, commitment }: AccountNow): void {
    if (this.unknown.has(commitment)) return;
    this.unknown.add(commitment);
    this.parts.log.warn('opening-unknown', { handle, commitment });
  }
}

/** What the steps of the waterfall pay together now: whole quanta. Who shares pays last, which the fund sees to. */
function quantaPayable({ unitsPerQuantum, room: { firstLoss, insurance, shared } }: AssetNow): bigint {
  return (firstLoss + insurance + shared) / unitsPerQuantum;
}

function owesFunding({ initial: { market } }: JudgedTables, { opening }: SunkAccount, { period }: VenueNow): boolean {
  return opening.period !== period && opening.slots.some(({ index, quantity }) => quantity !== 0n && rowAt(market, index).kind === 'perpetual');
}

/** An account is lost without its answer; after that, what others wait for. */
function urgency({ kind }: Intent): number {
  return ['answer', 'start', 'seal', 'settle-funding', 'mark', 'pay-debt'].indexOf(kind);
}
