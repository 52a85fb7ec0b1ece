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

/** How far an agreement is. */
export interface AgreementState {
  readonly registered: boolean;
  readonly closed: boolean;
  readonly buyerPresented: boolean;
  readonly sellerPresented: boolean;
  readonly buyerController: string;
  readonly sellerController: string;
  readonly bond: bigint;
  /** What the accounts were when their sides were presented. */
  readonly buyerCommitment: bigint;
  readonly sellerCommitment: bigint;
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
    const digest = await this.digest(agreement);
    const found = (await this.read('reading an agreement', 'stateOf', [digest])) as AgreementState;
    if (!found.registered) return undefined;
    const { registered, closed, buyerPresented, sellerPresented, buyerController, sellerController, bond, buyerCommitment, sellerCommitment } = found;
    return { registered, closed, buyerPresented, sellerPresented, buyerController, sellerController, bond, buyerCommitment, sellerCommitment };
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, action, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, action, method, args);
  }
}
