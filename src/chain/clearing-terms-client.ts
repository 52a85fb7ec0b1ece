import { Contract, ZeroAddress, type ContractRunner } from 'ethers';
import type { ExpiryAct, FundingAct } from '../statement/transition.js';
import { CLEARING_TERMS_INTERFACE } from './clearing-terms-abi.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import type { ParameterSetWords } from './market-board-client.js';
import { changeCode, pendingChangeOf, type ClearingChangeKind, type PendingChange } from './pending-change.js';
import type { PriceRound } from './price-board-client.js';

/** A venue's rules for its clearing house: ClearingTypes.ClearingRules. Seconds and ppm. */
export interface ClearingRules {
  readonly timelock: number;
  readonly tableMaxAge: number;
  readonly band: number;
}

/** What a dated row becomes at its end: ClearingTypes.ExpiryTerms. */
export interface ExpiryTerms {
  readonly row: number;
  readonly payRow: number;
  readonly deliverRow: number;
  /** Quanta of `deliverRow` for one quantum; 0 of cash settlement. */
  readonly deliver: number;
  /** Unix seconds. */
  readonly expiry: number;
}

/** What a quantum of an expired row is worth: ClearingTypes.ExpirySettlement. */
export interface ExpirySettlement {
  readonly value: bigint;
  readonly unit: bigint;
  readonly deliver: bigint;
  readonly round: number;
}

/** A perpetual that is funded: ClearingTypes.PerpetualTerms. */
export interface PerpetualTerms {
  readonly row: number;
  readonly indexFeed: number;
  readonly interval: number;
  /** Ppm of the index value an interval. */
  readonly maxRate: number;
}

/** The one before the first: a round that is not there. */
export const NO_ROUND: PriceRound = { id: 0, time: 0, prices: [] };

/** One venue at one ClearingTerms. Errors as SolvencyRegistryClient. */
export class ClearingTermsClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly terms: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(terms, CLEARING_TERMS_INTERFACE, runner);
  }

  /** The first rules are active at once. The signer must be the parameter admin, as in all that follow to activatePerpetual. */
  proposeRules(rules: ClearingRules): Promise<ChainReceipt> {
    return this.send('proposing clearing rules', 'proposeRules', [rules]);
  }

  activateRules(rules: ClearingRules): Promise<ChainReceipt> {
    return this.send('activating clearing rules', 'activateRules', [rules]);
  }

  proposeLiquidations(liquidations: string): Promise<ChainReceipt> {
    return this.send('proposing a liquidation contract', 'proposeLiquidations', [liquidations]);
  }

  activateLiquidations(liquidations: string): Promise<ChainReceipt> {
    return this.send('activating a liquidation contract', 'activateLiquidations', [liquidations]);
  }

  proposeExpiry(terms: ExpiryTerms): Promise<ChainReceipt> {
    return this.send(`proposing the expiry of row ${terms.row}`, 'proposeExpiry', [terms]);
  }

  activateExpiry(terms: ExpiryTerms): Promise<ChainReceipt> {
    return this.send(`activating the expiry of row ${terms.row}`, 'activateExpiry', [terms]);
  }

  proposePerpetual(terms: PerpetualTerms, payRow: number): Promise<ChainReceipt> {
    return this.send(`proposing the perpetual of row ${terms.row}`, 'proposePerpetual', [terms, payRow]);
  }

  activatePerpetual(terms: PerpetualTerms, payRow: number): Promise<ChainReceipt> {
    return this.send(`activating the perpetual of row ${terms.row}`, 'activatePerpetual', [terms, payRow]);
  }

  /** Drops a pending change. The signer must be the venue's admin. */
  cancelChange(kind: ClearingChangeKind): Promise<ChainReceipt> {
    return this.send('cancelling a change', 'cancelChange', [changeCode(kind)]);
  }

  /** Anybody. @param round the first at or after the expiry; @param before the one before it, or NO_ROUND */
  recordExpiry(row: number, round: PriceRound, before: PriceRound, parameters: ParameterSetWords): Promise<ChainReceipt> {
    return this.send(`recording the settlement of row ${row}`, 'recordExpiry', [row, round, before, parameters]);
  }

  /** Anybody: the period goes up by one. */
  accrueFunding(round: PriceRound, parameters: ParameterSetWords): Promise<ChainReceipt> {
    return this.send('accruing funding', 'accrueFunding', [round, parameters]);
  }

  /** Undefined before the first. */
  async rules(): Promise<ClearingRules | undefined> {
    const [timelock, tableMaxAge, band] = (await this.read('reading clearing rules', 'rulesOf', [])) as readonly [bigint, bigint, bigint];
    return timelock === 0n ? undefined : { timelock: Number(timelock), tableMaxAge: Number(tableMaxAge), band: Number(band) };
  }

  /** Funding period now. */
  async period(): Promise<number> {
    return Number(await this.read('reading the funding period', 'periodOf', []));
  }

  /** Undefined for a row without terms; its settlement undefined before it is recorded. */
  async expiry(row: number): Promise<{ readonly terms: ExpiryTerms; readonly settlement: ExpirySettlement | undefined } | undefined> {
    const [terms, settlement] = (await this.read(`reading the expiry of row ${row}`, 'expiryOf', [row])) as readonly [SolidityExpiryTerms, SoliditySettlement];
    const [listed, payRow, deliverRow, deliver, expiry] = terms.map(Number) as [number, number, number, number, number];
    if (expiry === 0) return undefined;
    const [value, unit, delivered, round] = settlement;
    return {
      terms: { row: listed, payRow, deliverRow, deliver, expiry },
      settlement: round === 0n ? undefined : { value, unit, deliver: delivered, round: Number(round) },
    };
  }

  /** What an expired row does to whoever holds it; undefined before its settlement is recorded. */
  async expiryAct(row: number): Promise<ExpiryAct | undefined> {
    const found = await this.expiry(row);
    if (found?.settlement === undefined) return undefined;
    const { terms: { payRow, deliverRow }, settlement: { value, unit, deliver } } = found;
    return { kind: 'expiry', row, payRow, deliverRow, value, unit, deliver };
  }

  /** Funded perpetuals with their groups in the tables, and the cash row all are paid in. */
  async perpetuals(): Promise<{ readonly terms: readonly PerpetualTerms[]; readonly groups: readonly number[]; readonly payRow: number }> {
    const [terms, groups, payRow] = (await this.read('reading perpetuals', 'perpetualsOf', [])) as readonly [readonly SolidityPerpetual[], readonly bigint[], bigint];
    return {
      terms: [...terms].map(([row, indexFeed, interval, maxRate]) => ({ row: Number(row), indexFeed: Number(indexFeed), interval: Number(interval), maxRate: Number(maxRate) })),
      groups: [...groups].map(Number), payRow: Number(payRow),
    };
  }

  /** What perpetuals owe since a period, as an act. */
  async fundingAct(fromPeriod: number): Promise<FundingAct> {
    const [payRow, groups, rates] = (await this.read(`reading funding since period ${fromPeriod}`, 'fundingSince', [fromPeriod])) as readonly [bigint, readonly bigint[], readonly bigint[]];
    return { kind: 'funding', payRow: Number(payRow), fromPeriod, rates: [...groups].map((group, place) => ({ group: Number(group), rate: rates[place] ?? 0n })) };
  }

  /** Sum of rates up to a period, of each perpetual. */
  async cumulativeRates(period: number): Promise<readonly bigint[]> {
    return [...((await this.read(`reading rates up to period ${period}`, 'cumulativeRates', [period])) as readonly bigint[])];
  }

  /** Undefined where nothing says so: then nobody is liquidated. */
  async liquidations(): Promise<string | undefined> {
    const address = (await this.read('reading the liquidation contract', 'liquidationsOf', [])) as string;
    return address === ZeroAddress ? undefined : address;
  }

  async pending(kind: ClearingChangeKind): Promise<PendingChange | undefined> {
    return pendingChangeOf((await this.read('reading what is proposed', 'pendingChange', [changeCode(kind)])) as readonly [string, bigint]);
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (venue ${this.venueId})`, method, [this.venueId, ...args]);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, [this.venueId, ...args]);
  }
}

type SolidityExpiryTerms = readonly [bigint, bigint, bigint, bigint, bigint];
type SoliditySettlement = readonly [bigint, bigint, bigint, bigint];
type SolidityPerpetual = readonly [bigint, bigint, bigint, bigint];
