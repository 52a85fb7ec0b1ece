import { Contract, EventLog, type ContractRunner } from 'ethers';
import type { ProvenTransition, PublicTrade } from '../clearing/proven-transition.js';
import { fromSolidityTransition, toSolidityTransition, type SolidityTransition } from './clearing-solidity.js';
import { chainError, readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';
import { TRADE_BONDS_INTERFACE } from './trade-bonds-abi.js';

/** An agreed trade with the bond of each side, wei: ITradeBonds.Agreement. */
export interface BondedTrade {
  readonly trade: PublicTrade;
  readonly bond: bigint;
}

/** One side of an agreement: ITradeBonds.AgreementSide. */
export interface AgreementSide {
  /** Whose bond is held. */
  readonly controller: string;
  /** Unix seconds since which it is presented; undefined before. */
  readonly presentedAt: number | undefined;
  /** The house took new risk then. */
  readonly open: boolean;
  /** It was taken again after the response window. */
  readonly confirmed: boolean;
  /** What the account was when the side was presented; 0 before. */
  readonly commitment: bigint;
}

/** How far an agreement is. */
export interface AgreementState {
  readonly closed: boolean;
  /** Both sides were there at once: both bonds go back. */
  readonly met: boolean;
  readonly bond: bigint;
  readonly buyer: AgreementSide;
  readonly seller: AgreementSide;
}

/** One TradeBonds contract. Errors as SolvencyRegistryClient. */
export class TradeBondsClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly bonds: string,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(bonds, TRADE_BONDS_INTERFACE, runner);
  }

  /** @param amount wei */
  addBond(amount: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, 'adding a bond', 'addBond', [], { value: amount });
  }

  withdrawBond(amount: bigint): Promise<ChainReceipt> {
    return this.send('withdrawing a bond', 'withdrawBond', [amount]);
  }

  /** What an account has that is not held for an agreement, wei. */
  async bondOf(account: string): Promise<bigint> {
    return (await this.read('reading a bond', 'bondOf', [account])) as bigint;
  }

  /** Holds both bonds. Signatures of both controllers: signAgreement. */
  register(agreement: BondedTrade, buyerSignature: string, sellerSignature: string): Promise<ChainReceipt> {
    return this.send('registering an agreement', 'register', [agreement, buyerSignature, sellerSignature]);
  }

  /** Of an agreement that is not registered: the sender's signature is worth nothing from now on. */
  cancel(agreement: BondedTrade): Promise<ChainReceipt> {
    return this.send('cancelling an agreement', 'cancel', [agreement]);
  }

  /** Brings one side's proof; with the second the trade settles. @param receipt the operator's, of both sides; needed by the second */
  present(agreement: BondedTrade, seller: boolean, side: ProvenTransition, receipt: string): Promise<ChainReceipt> {
    return this.send(`presenting the ${seller ? 'seller' : 'buyer'}'s side`, 'present', [agreement, seller, toSolidityTransition(side), receipt]);
  }

  close(agreement: BondedTrade): Promise<ChainReceipt> {
    return this.send('closing an agreement', 'close', [agreement]);
  }

  /** EIP-712 digest: what the contract knows an agreement by, 32 bytes in hex. */
  async digest(agreement: BondedTrade): Promise<string> {
    return (await this.read('reading the digest of an agreement', 'agreementDigest', [agreement])) as string;
  }

  /** Undefined for one that nobody registered. */
  async state(agreement: BondedTrade): Promise<AgreementState | undefined> {
    const found = (await this.read('reading an agreement', 'stateOf', [await this.digest(agreement)])) as SolidityState;
    if (!found.registered) return undefined;
    const { closed, met, bond, buyer, seller } = found;
    return { closed, met, bond, buyer: sideOf(buyer), seller: sideOf(seller) };
  }

  /** Seconds that a side has to answer a presented one. */
  async responseWindow(): Promise<number> {
    return Number(await this.read('reading the response window', 'RESPONSE_WINDOW', []));
  }

  /** The proof that a side last presented, with which anybody who has the other settles; undefined before. @param fromBlock no earlier than the agreement */
  async presentedSide(agreement: BondedTrade, seller: boolean, fromBlock: number): Promise<ProvenTransition | undefined> {
    const filter = this.contract.filters['SidePresented'];
    if (filter === undefined) throw new ChainRequestError('the interface of trade bonds lacks SidePresented');
    const logs = await this.contract.queryFilter(filter(await this.digest(agreement)), fromBlock).catch((cause: unknown) => {
      throw chainError(cause, 'looking for presented sides', TRADE_BONDS_INTERFACE);
    });
    const sides = logs.filter((log): log is EventLog => log instanceof EventLog && log.args.getValue('seller') === seller);
    const last = sides.at(-1);
    return last === undefined ? undefined : fromSolidityTransition(last.args.getValue('side') as SolidityTransition);
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, action, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, action, method, args);
  }
}

interface SolidityState {
  readonly registered: boolean;
  readonly closed: boolean;
  readonly met: boolean;
  readonly bond: bigint;
  readonly buyer: SoliditySide;
  readonly seller: SoliditySide;
}
type SoliditySide = Omit<AgreementSide, 'presentedAt'> & { readonly presentedAt: bigint };

function sideOf({ controller, presentedAt, open, confirmed, commitment }: SoliditySide): AgreementSide {
  return { controller, presentedAt: presentedAt === 0n ? undefined : Number(presentedAt), open, confirmed, commitment };
}
