import { Contract, type ContractRunner } from 'ethers';
import { TRANCHES, type FundRoom, type FundRules, type FundTranches, type Tranche } from '../liquidation/fund.js';
import type { TokenPayment } from './clearing-client.js';
import { sendingTo, simulatingAt, type Perform } from './contract-action.js';
import { readContract, type ChainReceipt } from './contract-call.js';
import { DEFAULT_FUND_INTERFACE } from './default-fund-abi.js';
import { approveToken } from './escrow-client.js';
import { changeCode, pendingChangeOf, type LiquidationChangeKind, type PendingChange } from './pending-change.js';

/** What leaves a tranche, through the timelock. */
export interface FundWithdrawal {
  /** Settlement asset. */
  readonly asset: number;
  readonly tranche: Tranche;
  /** Token base units. */
  readonly amount: bigint;
  readonly to: string;
}

/** What can be sent to a DefaultFund, or simulated. Amounts are token base units of a settlement asset. */
export class DefaultFundActions<Outcome> {
  constructor(
    private readonly perform: Perform<Outcome>,
    private readonly venueId: bigint,
  ) {}

  /** From the sender, who approved the fund for it before. */
  contribute(asset: number, tranche: Tranche, amount: bigint): Promise<Outcome> {
    return this.ofVenue('contributing to the default fund', 'contribute', [asset, TRANCHES.indexOf(tranche), amount]);
  }

  /** Pays a shortfall from the tranches. */
  cover(asset: number): Promise<Outcome> {
    return this.ofVenue(`covering the shortfall of asset ${asset}`, 'cover', [asset]);
  }

  /** What penalties earned the sender. */
  withdrawReward(token: string): Promise<Outcome> {
    return this.perform({ what: `withdrawing rewards in ${token}`, method: 'withdrawReward', args: [token] });
  }

  /** The first rules are active at once. The signer must be the parameter admin. */
  proposeRules(rules: FundRules): Promise<Outcome> {
    return this.ofVenue('proposing fund rules', 'proposeRules', [rules]);
  }

  activateRules(rules: FundRules): Promise<Outcome> {
    return this.ofVenue('activating fund rules', 'activateRules', [rules]);
  }

  /** The signer must be the venue's admin. */
  proposeWithdrawal({ asset, tranche, amount, to }: FundWithdrawal): Promise<Outcome> {
    return this.ofVenue('proposing a withdrawal from the default fund', 'proposeWithdrawal', [asset, TRANCHES.indexOf(tranche), amount, to]);
  }

  activateWithdrawal({ asset, tranche, amount, to }: FundWithdrawal): Promise<Outcome> {
    return this.ofVenue('withdrawing from the default fund', 'activateWithdrawal', [asset, TRANCHES.indexOf(tranche), amount, to]);
  }

  /** The signer must be the venue's admin. */
  cancelChange(kind: Exclude<LiquidationChangeKind, 'liquidation-rules'>): Promise<Outcome> {
    return this.ofVenue('cancelling a change of the default fund', 'cancelChange', [changeCode(kind)]);
  }

  private ofVenue(what: string, method: string, args: readonly unknown[]): Promise<Outcome> {
    return this.perform({ what: `${what} (venue ${this.venueId})`, method, args: [this.venueId, ...args] });
  }
}

/** One venue at one DefaultFund. Errors as SolvencyRegistryClient. */
export class DefaultFundClient {
  /** Sends and waits for the block. */
  readonly send: DefaultFundActions<ChainReceipt>;
  /** Gas it would use now, or what stands in the way; sends nothing. */
  readonly simulate: DefaultFundActions<bigint>;
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly fund: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(fund, DEFAULT_FUND_INTERFACE, runner);
    this.send = new DefaultFundActions(sendingTo(this.contract), venueId);
    this.simulate = new DefaultFundActions(simulatingAt(this.contract), venueId);
  }

  /** Lets the fund pull a contribution from the signer. */
  async approve({ signer, token, amount }: TokenPayment): Promise<void> {
    if (amount > 0n) await approveToken(signer, token, this.fund, amount);
  }

  /** Undefined before the first. */
  async rules(): Promise<FundRules | undefined> {
    const [timelock, firstLossBound, insuranceBound, sharedBound] = ((await this.read('reading fund rules', 'rulesOf', [this.venueId])) as readonly bigint[]).map(Number) as [number, number, number, number];
    return timelock === 0 ? undefined : { timelock, firstLossBound, insuranceBound, sharedBound };
  }

  async tranches(asset: number): Promise<FundTranches> {
    const found = (await this.read(`reading the default fund in asset ${asset}`, 'tranchesOf', [this.venueId, asset])) as FundTranches;
    const { firstLoss, insurance, shortfall, paidFirstLoss, paidInsurance, shared, debts, subsidies } = found;
    return { firstLoss, insurance, shortfall, paidFirstLoss, paidInsurance, shared, debts, subsidies };
  }

  async room(asset: number): Promise<FundRoom> {
    const [firstLoss, insurance, shared] = (await this.read(`reading the bounds of asset ${asset}`, 'roomOf', [this.venueId, asset])) as readonly [bigint, bigint, bigint];
    return { firstLoss, insurance, shared };
  }

  /** What penalties earned a keeper, token base units. */
  async reward(keeper: string, token: string): Promise<bigint> {
    return (await this.read('reading a reward', 'rewardOf', [keeper, token])) as bigint;
  }

  async pending(kind: Exclude<LiquidationChangeKind, 'liquidation-rules'>): Promise<PendingChange | undefined> {
    return pendingChangeOf((await this.read('reading what is proposed', 'pendingChange', [this.venueId, changeCode(kind)])) as readonly [string, bigint]);
  }

  /** Address of the clearing house whose venues it is for. */
  async house(): Promise<string> {
    return (await this.read('reading the clearing house of the default fund', 'HOUSE', [])) as string;
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }
}
