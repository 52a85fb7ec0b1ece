import { Contract, type ContractRunner } from 'ethers';
import { LEVEL_CODE } from '../commitment/market-commitment.js';
import type { MarginLevel } from '../risk/market-table.js';
import { toSolidityClaim, type AccountTerms, type ExitClaim, type MarginClaim, type MarkClaim, type SignerClaim } from './account-claims.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { OnChainRecordError } from './errors.js';
import { GATE_INTERFACE } from './gate-abi.js';
import { GATE_MODES, type GateMode } from './registry-client.js';

/** What a contract asks of an account: IAccountProofs.requireMargin. */
export interface MarginQuestion {
  readonly level: MarginLevel;
  /** Oldest prices, seconds. */
  readonly maxTableAge: number;
  /** 32 bytes in hex: what the proof was made for. */
  readonly action: string;
}

/** One venue at one SolvencyGate. Errors as SolvencyRegistryClient. */
export class SolvencyGateClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly gate: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(gate, GATE_INTERFACE, runner);
  }

  /** What the venue's latest epoch allows at the latest block's time. */
  async mode(): Promise<GateMode> {
    const code = Number(await this.read('reading the gate', 'mode', []));
    const mode = GATE_MODES[code];
    if (mode === undefined) throw new OnChainRecordError(`the gate is in mode ${code}, which this version does not know`, { code });
    return mode;
  }

  /** Computes the frame of an epoch and a table once for everybody; later checks under it cost less. Anybody may. */
  recordFrame(circuitId: bigint, epoch: number, marketCommitment: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `recording a frame (venue ${this.venueId})`, 'recordFrame', [this.venueId, circuitId, epoch, marketCommitment]);
  }

  /** H(tag, domain, epoch, accounts root, market commitment) as the contract computes it. */
  async frame(circuitId: bigint, epoch: number, marketCommitment: bigint): Promise<bigint> {
    const [value] = (await this.read('reading a frame', 'frameOf', [circuitId, epoch, marketCommitment])) as readonly [bigint];
    return value;
  }

  /** Whether a consumer's question is answered; asked as the caller of this client's runner. @returns the account's nullifier */
  async requireMargin(claim: MarginClaim, { level, maxTableAge, action }: MarginQuestion): Promise<bigint> {
    return (await this.read('asking for margin', 'requireMargin', [toSolidityClaim(claim), LEVEL_CODE[level], maxTableAge, action])) as bigint;
  }

  /** Throws ContractRevertedError unless the proof says `terms`. */
  async checkMargin(claim: MarginClaim, terms: AccountTerms): Promise<void> {
    await this.read('checking margin', 'checkMargin', [toSolidityClaim(claim), terms]);
  }

  async checkExit(epoch: number, claim: ExitClaim): Promise<void> {
    await this.read('checking an exit', 'checkExit', [epoch, toSolidityClaim(claim)]);
  }

  async checkSigner(claim: SignerClaim): Promise<void> {
    await this.read('checking a signing key', 'checkSigner', [toSolidityClaim(claim)]);
  }

  async checkMark(marketCommitment: bigint, claim: MarkClaim): Promise<void> {
    await this.read('checking a mark', 'checkMark', [marketCommitment, toSolidityClaim(claim)]);
  }

  /** Scope of the nullifiers that a contract sees. */
  async scopeOf(consumer: string): Promise<bigint> {
    return (await readContract(this.contract, 'reading a scope', 'scopeOf', [consumer])) as bigint;
  }

  /** Context of a proof made for a contract and an action. */
  async contextOf(consumer: string, action: string): Promise<bigint> {
    return (await readContract(this.contract, 'reading a context', 'contextOf', [consumer, action])) as bigint;
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, [this.venueId, ...args]);
  }
}
