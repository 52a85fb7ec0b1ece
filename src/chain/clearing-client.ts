import { Contract, ZeroAddress, type ContractRunner, type Signer } from 'ethers';
import type { CollateralRequest, ProvenTransition, PublicTrade } from '../clearing/proven-transition.js';
import { CLEARING_HOUSE_INTERFACE } from './clearing-abi.js';
import { toSolidityCollateral, toSoliditySettlement, toSolidityTransition, type TradeSettlement } from './clearing-solidity.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';
import { approveToken } from './escrow-client.js';

/** An account as the chain has it. */
export interface OnChainAccount {
  readonly commitment: bigint;
  readonly controller: string;
  readonly venueId: bigint;
}

/** Tokens that the sender pays in: approved for the clearing house before it is called. */
export interface TokenPayment {
  readonly signer: Signer;
  readonly token: string;
  /** Token base units. */
  readonly amount: bigint;
}

/** Collateral from one account to another: ClearingTypes.Transfer. */
export interface AccountTransfer {
  readonly from: bigint;
  readonly to: bigint;
  readonly row: number;
  /** Quanta, at least 1. */
  readonly amount: bigint;
  /** Last Unix second at which it is done. */
  readonly deadline: number;
}

/** Where nobody has to sign for openings. */
export const NO_RECEIPT = '0x';

/** One venue at one ClearingHouse. Errors as SolvencyRegistryClient. */
export class ClearingHouseClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly house: string,
    readonly venueId: bigint,
    private readonly runner: ContractRunner,
  ) {
    this.contract = new Contract(house, CLEARING_HOUSE_INTERFACE, runner);
  }

  /** Opens an account. @param payment of what comes in, unless it is nothing */
  async open(
    controller: string, collateral: CollateralRequest, transition: ProvenTransition, payment?: TokenPayment,
  ): Promise<{ readonly receipt: ChainReceipt; readonly handle: bigint }> {
    await this.approve(payment);
    const receipt = await this.send('opening an account', 'open', [this.venueId, controller, toSolidityCollateral(collateral), toSolidityTransition(transition)]);
    return { receipt, handle: await this.handleOpenedBy(receipt) };
  }

  /** Collateral in, out, or one for another. @param receipt the operator's signature; NO_RECEIPT of an unmargined account */
  async adjust(handle: bigint, collateral: CollateralRequest, transition: ProvenTransition, receipt: string, payment?: TokenPayment): Promise<ChainReceipt> {
    await this.approve(payment);
    return this.send(`moving collateral of handle ${handle}`, 'adjust', [handle, toSolidityCollateral(collateral), toSolidityTransition(transition), receipt]);
  }

  transfer(moved: AccountTransfer, fromSide: ProvenTransition, toSide: ProvenTransition, receipt: string): Promise<ChainReceipt> {
    return this.send(`moving collateral from handle ${moved.from} to ${moved.to}`, 'transfer', [moved, toSolidityTransition(fromSide), toSolidityTransition(toSide), receipt]);
  }

  /** The signer must be the controller. */
  setController(handle: bigint, controller: string): Promise<ChainReceipt> {
    return this.send(`naming a controller of handle ${handle}`, 'setController', [handle, controller]);
  }

  settle(settlement: TradeSettlement, receipt: string): Promise<ChainReceipt> {
    return this.send('settling a trade', 'settle', [toSoliditySettlement(settlement), receipt]);
  }

  /** All or none, in order. */
  settleBatch(settlements: readonly TradeSettlement[], receipt: string): Promise<ChainReceipt> {
    return this.send(`settling ${settlements.length} trades`, 'settleBatch', [settlements.map(toSoliditySettlement), receipt]);
  }

  settleExpiry(handle: bigint, row: number, transition: ProvenTransition, receipt: string): Promise<ChainReceipt> {
    return this.send(`settling expired row ${row} of handle ${handle}`, 'settleExpiry', [handle, row, toSolidityTransition(transition), receipt]);
  }

  settleFunding(handle: bigint, fromPeriod: number, transition: ProvenTransition, receipt: string): Promise<ChainReceipt> {
    return this.send(`settling funding of handle ${handle}`, 'settleFunding', [handle, fromPeriod, toSolidityTransition(transition), receipt]);
  }

  recordFrame(circuitId: bigint, marketCommitment: bigint): Promise<ChainReceipt> {
    return this.send('recording a frame', 'recordFrame', [this.venueId, circuitId, marketCommitment]);
  }

  /** @throws ContractRevertedError with what stands in the way of a side, alone */
  async checkSide(trade: PublicTrade, seller: boolean, side: ProvenTransition): Promise<void> {
    await this.read(`checking the ${seller ? 'seller' : 'buyer'}'s side of a trade`, 'checkSide', [trade, seller, toSolidityTransition(side)]);
  }

  /** Undefined for a handle nobody opened. */
  async account(handle: bigint): Promise<OnChainAccount | undefined> {
    const [commitment, controller, venueId] = (await this.read(`reading handle ${handle}`, 'accountOf', [handle])) as readonly [bigint, string, bigint];
    return commitment === 0n ? undefined : { commitment, controller, venueId };
  }

  /** Handles opened so far, of all venues: 1, 2, … */
  async handleCount(): Promise<bigint> {
    return (await this.read('counting handles', 'handles', [])) as bigint;
  }

  async isFilled(tradeCommitment: bigint): Promise<boolean> {
    return (await this.read('reading whether a trade settled', 'isFilled', [tradeCommitment])) as boolean;
  }

  /** Token base units moved from the tree for a handle and not yet taken in. */
  async credit(handle: bigint, asset: number): Promise<bigint> {
    return (await this.read(`reading what was moved for handle ${handle}`, 'creditOf', [handle, asset])) as bigint;
  }

  async frame(circuitId: bigint, marketCommitment: bigint): Promise<bigint> {
    return (await this.read('reading a frame', 'frameOf', [this.venueId, circuitId, marketCommitment])) as bigint;
  }

  /** Context of a collateral transition. @param handle 0 of an opening; @param controller of an opening; @param payer who sends what comes in, of an opening the caller */
  async collateralContext(
    { handle = 0n, controller = ZeroAddress, payer = ZeroAddress }: { readonly handle?: bigint; readonly controller?: string; readonly payer?: string },
    collateral: CollateralRequest,
  ): Promise<bigint> {
    return (await this.read('reading the context of collateral', 'collateralContext', [handle, controller, payer, toSolidityCollateral(collateral)])) as bigint;
  }

  async transferContext(moved: AccountTransfer): Promise<bigint> {
    return (await this.read('reading the context of a transfer', 'transferContext', [moved])) as bigint;
  }

  /** Addresses of what the clearing house goes by. */
  async parts(): Promise<{ readonly registry: string; readonly terms: string; readonly batch: string }> {
    const [registry, terms, batch] = (await Promise.all(['REGISTRY', 'TERMS', 'BATCH'].map((name) => this.read('reading the parts of the clearing house', name, [])))) as [string, string, string];
    return { registry, terms, batch };
  }

  private async approve(payment: TokenPayment | undefined): Promise<void> {
    if (payment !== undefined && payment.amount > 0n) await approveToken(payment.signer, payment.token, this.house, payment.amount);
  }

  private async handleOpenedBy({ transactionHash }: ChainReceipt): Promise<bigint> {
    const mined = await this.runner.provider?.getTransactionReceipt(transactionHash);
    for (const log of mined?.logs ?? []) {
      const event = CLEARING_HOUSE_INTERFACE.parseLog(log);
      if (event?.name === 'AccountOpened') return event.args.getValue('handle') as bigint;
    }
    throw new ChainRequestError('an account was opened but its handle is not to be found: ask the node for the transaction', { transactionHash });
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }
}
