import { Contract, type Signer } from 'ethers';
import { toSolidityClaim, type MarginClaim } from './account-claims.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { deployContract, type DeployedContract } from './deploy-contract.js';
import { approveToken } from './escrow-client.js';
import { GATE_ABI } from './gate-abi.js';

/** What the contracts of contracts/examples are deployed with. */
export interface ExampleSetting {
  readonly artifacts: string;
  readonly gate: string;
  readonly registry: string;
  readonly venueId: bigint;
  /** Oldest prices behind a proof, seconds. */
  readonly maxTableAge: number;
}

/** An option that a buyer offers to a writer; fields as in IOtcOptionSettlement.OptionTerms. */
export interface OptionTerms {
  readonly buyer: string;
  readonly writer: string;
  readonly token: string;
  readonly premium: bigint;
  readonly bond: bigint;
  readonly oracle: string;
  readonly maxPriceAge: number;
  /** 0 call, 1 put. */
  readonly kind: 0 | 1;
  readonly strike: bigint;
  readonly quantity: bigint;
  readonly offerUntil: number;
  readonly expiry: number;
  readonly topUpWindow: number;
  readonly salt: bigint;
}

/** A loan that a lender offers to a borrower; fields as in ICreditSupportLender.LoanOffer. */
export interface LoanOffer {
  readonly lender: string;
  readonly borrower: string;
  readonly token: string;
  readonly principal: bigint;
  /** ppm of the principal. */
  readonly yearlyRate: number;
  readonly offerUntil: number;
  readonly duration: number;
}

/** OtcOptionSettlement: writes an option to whoever has a proven account. */
export class OtcOptions {
  private constructor(private readonly contract: Contract, readonly address: string) {}

  static async deploy(signer: Signer, { artifacts, gate, venueId, maxTableAge }: ExampleSetting): Promise<OtcOptions> {
    const deployed = await deployContract(signer, artifacts, 'OtcOptionSettlement', [gate, venueId, maxTableAge]);
    return new OtcOptions(withGateErrors(deployed, signer), deployed.address);
  }

  /** What a writer's proof is made for. */
  async writeAction(terms: OptionTerms): Promise<string> {
    return (await readContract(this.contract, 'reading what a proof is for', 'writeAction', [terms])) as string;
  }

  async offer(buyer: Signer, terms: OptionTerms): Promise<ChainReceipt> {
    await approveToken(buyer, terms.token, this.address, terms.premium);
    return sendTransaction(this.contract.connect(buyer) as Contract, 'offering an option', 'offer', [terms]);
  }

  async write(writer: Signer, terms: OptionTerms, claim: MarginClaim): Promise<ChainReceipt> {
    await approveToken(writer, terms.token, this.address, terms.bond);
    return sendTransaction(this.contract.connect(writer) as Contract, 'writing an option', 'write', [terms, toSolidityClaim(claim)]);
  }
}

/** CreditSupportLender: lends to whoever has a proven account. */
export class CreditSupport {
  private constructor(private readonly contract: Contract, readonly address: string) {}

  /** @param grace seconds after an epoch's acceptance in which its proof is awaited; @param repayWindow seconds after a call */
  static async deploy(signer: Signer, { artifacts, gate, registry, venueId, maxTableAge }: ExampleSetting, grace: number, repayWindow: number): Promise<CreditSupport> {
    const deployed = await deployContract(signer, artifacts, 'CreditSupportLender', [gate, registry, venueId, maxTableAge, grace, repayWindow]);
    return new CreditSupport(withGateErrors(deployed, signer), deployed.address);
  }

  /** What the proof that takes a loan is made for. Loans are numbered from 1. */
  async borrowAction(loanId: bigint): Promise<string> {
    return (await readContract(this.contract, 'reading what a proof is for', 'borrowAction', [loanId])) as string;
  }

  async offer(lender: Signer, offer: LoanOffer): Promise<ChainReceipt> {
    await approveToken(lender, offer.token, this.address, offer.principal);
    return sendTransaction(this.contract.connect(lender) as Contract, 'offering a loan', 'offerLoan', [offer]);
  }

  borrow(borrower: Signer, loanId: bigint, claim: MarginClaim): Promise<ChainReceipt> {
    return sendTransaction(this.contract.connect(borrower) as Contract, 'taking a loan', 'borrow', [loanId, toSolidityClaim(claim)]);
  }
}

/** What the gate says comes through the consumer as it is. */
function withGateErrors({ address, contract }: DeployedContract, signer: Signer): Contract {
  return new Contract(address, [...contract.interface.fragments, ...GATE_ABI.filter((line) => line.startsWith('error '))], signer);
}
