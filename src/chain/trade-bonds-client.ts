import { Contract, type ContractRunner } from 'ethers';
import type { ProvenTransition, PublicTrade } from '../clearing/proven-transition.js';
import { toSolidityTransition } from './clearing-solidity.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { TRADE_BONDS_INTERFACE } from './trade-bonds-abi.js';

/** An agreed trade with the bond of each side, wei: ITradeBonds.Agreement. */
export interface BondedTrade {
  readonly trade: PublicTrade;
  readonly bond: bigint;
}

/** How far one side of an agreement is: ITradeBonds.AgreementSide. */
export interface AgreementSide {
  /** Whose bond is held. */
  readonly controller: string;
  /** Unix seconds since which the side, of this commitment, is presented; undefined if it never was. */
  readonly presentedAt: number | undefined;
  /** The house took new risk then, so that the other side could come too. */
  readonly open: boolean;
  /** Presented again, the response window or more later: only then does it take the bond of a side that stays away. */
  readonly confirmed: boolean;
  /** What the account was when the side was presented. */
  readonly commitment: bigint;
}

/** How far an agreement is: ITradeBonds.AgreementState. */
export interface AgreementState {
  readonly registered: boolean;
  readonly closed: boolean;
  /** Both sides were there at once: nobody loses a bond any more. */
  readonly met: boolean;
  /** Of each side, wei. */
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

  /**
   * Brings one side's proof; with the second the trade settles. Again, the response window later, to confirm it.
   *
   * @param receipt the operator's, of both sides: without it the second is there, and the trade settles later
   */
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
    const digest = await this.digest(agreement);
    const found = (await this.read('reading an agreement', 'stateOf', [digest])) as SolidityState;
    if (!found.registered) return undefined;
    const { registered, closed, met, bond, buyer, seller } = found;
    return { registered, closed, met, bond, buyer: toSide(buyer), seller: toSide(seller) };
  }

  /** Seconds after which a presented side can be confirmed. */
  async responseWindow(): Promise<number> {
    return Number(await this.read('reading the response window', 'RESPONSE_WINDOW', []));
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, action, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, action, method, args);
  }
}

type SoliditySide = Omit<AgreementSide, 'presentedAt'> & { readonly presentedAt: bigint };
type SolidityState = Omit<AgreementState, 'buyer' | 'seller'> & Readonly<Record<'buyer' | 'seller', SoliditySide>>;

function toSide({ controller, presentedAt, open, confirmed, commitment }: SoliditySide): AgreementSide {
  return { controller, presentedAt: presentedAt === 0n ? undefined : Number(presentedAt), open, confirmed, commitment };
}
