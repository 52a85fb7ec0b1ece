import { Contract, EventLog, ZeroAddress, decodeBytes32String, type ContractRunner } from 'ethers';
import type { BalanceReceipt } from '../attestation/balance-receipt.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { chainError, readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { toSolidityProof } from './epoch-submission.js';
import { ChainRequestError, NoDisputesError, OnChainRecordError } from './errors.js';
import { OMISSION_INTERFACE } from './omission-abi.js';
import type { AccountOrder } from './omission-signatures.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';

/** In the order of the contract's codes. */
const CHALLENGE_STATUSES = ['none', 'open', 'answered', 'lost', 'cured'] as const;

export type ChallengeStatus = Exclude<(typeof CHALLENGE_STATUSES)[number], 'none'>;

/** "The account is in the tree with at least what was promised": IOmissionChallenges.InclusionClaim. */
export interface InclusionClaim {
  readonly circuitId: bigint;
  readonly proof: Groth16Proof;
}

/** A challenge as the contract has it. Times in Unix seconds. */
export interface OmissionChallenge {
  readonly receipt: BalanceReceipt;
  readonly epoch: number;
  readonly challengedAt: number;
  readonly status: ChallengeStatus;
  readonly bondReclaimed: boolean;
  readonly challenger: string;
}

/** What the contract holds for good: seconds, and wei. */
export interface ChallengeTerms {
  readonly challengeWindow: number;
  readonly answerWindow: number;
  readonly bond: bigint;
}

/** One venue at one OmissionChallenges contract. Errors as SolvencyRegistryClient. */
export class OmissionChallengesClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly disputes: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(disputes, OMISSION_INTERFACE, runner);
  }

  /** The sender must be the venue's admin, as for retiring. */
  nameReceiptSigner(signer: string): Promise<ChainReceipt> {
    return this.send('naming a receipt signer', 'nameReceiptSigner', [this.venueId, signer]);
  }

  /** What the signer signed before stays good. */
  retireReceiptSigner(signer: string): Promise<ChainReceipt> {
    return this.send('retiring a receipt signer', 'retireReceiptSigner', [this.venueId, signer]);
  }

  /** @param bond wei, what the contract asks for */
  async challenge(
    epoch: number, receipt: BalanceReceipt, { receiptSigner, signature }: { readonly receiptSigner: string; readonly signature: string }, bond: bigint,
  ): Promise<{ readonly receipt: ChainReceipt; readonly id: bigint }> {
    const sent = await this.send(`challenging epoch ${epoch}`, 'challenge', [epoch, receipt, receiptSigner, signature], bond);
    return { receipt: sent, id: await this.challengeIdOf(epoch, receipt) };
  }

  /** Answers an open challenge, or cures a lost one. The sender must be the venue's operator, as for all answers. */
  answerWithInclusion(challengeId: bigint, { circuitId, proof }: InclusionClaim): Promise<ChainReceipt> {
    return this.send('answering with a proof of inclusion', 'answerWithInclusion', [challengeId, { circuitId, proof: toSolidityProof(proof) }]);
  }

  answerWithOrder(challengeId: bigint, order: AccountOrder, signature: string): Promise<ChainReceipt> {
    return this.send('answering with an order', 'answerWithOrder', [challengeId, order, signature]);
  }

  answerWithRequest(challengeId: bigint, requestId: bigint): Promise<ChainReceipt> {
    return this.send('answering with a withdrawal request', 'answerWithRequest', [challengeId, requestId]);
  }

  settle(challengeId: bigint): Promise<ChainReceipt> {
    return this.send('settling a challenge', 'settle', [challengeId]);
  }

  reclaimBond(challengeId: bigint): Promise<ChainReceipt> {
    return this.send('reclaiming the bond of a challenge', 'reclaimBond', [challengeId]);
  }

  async terms(): Promise<ChallengeTerms> {
    const read = (method: string): Promise<unknown> => this.read('reading windows and bond', method, []);
    const [challengeWindow, answerWindow, bond] = (await Promise.all(['CHALLENGE_WINDOW', 'ANSWER_WINDOW', 'BOND'].map(read))) as [bigint, bigint, bigint];
    return { challengeWindow: Number(challengeWindow), answerWindow: Number(answerWindow), bond };
  }

  /** Registry of the venues that can be challenged here. */
  async registry(): Promise<string> {
    return (await this.read('reading the registry of challenges', 'REGISTRY', [])) as string;
  }

  /** Undefined for an id that nobody opened, and for one of another venue. */
  async challengeAt(challengeId: bigint): Promise<OmissionChallenge | undefined> {
    const found = (await this.read('reading a challenge', 'challengeAt', [challengeId])) as SolidityChallenge;
    const status = CHALLENGE_STATUSES[Number(found.status)];
    if (status === undefined) throw new OnChainRecordError(`challenge ${challengeId} has status ${found.status}, which this version does not know`, { code: found.status });
    if (status === 'none' || found.receipt.venueId !== this.venueId) return undefined;
    return {
      receipt: receiptOf(found.receipt), epoch: Number(found.epoch), challengedAt: Number(found.challengedAt), status,
      bondReclaimed: found.bondReclaimed, challenger: found.challenger,
    };
  }

  async challengeIdOf(epoch: number, receipt: BalanceReceipt): Promise<bigint> {
    return (await this.read('reading the id of a challenge', 'challengeIdOf', [epoch, receipt])) as bigint;
  }

  /** Ids of the venue's challenges, oldest first. @param fromBlock none was opened before it */
  async challengeIds(fromBlock: number): Promise<readonly bigint[]> {
    return (await this.events('EpochChallenged', [this.venueId], fromBlock)).map(({ args }) => args.getValue('challengeId') as bigint);
  }

  /** What a challenge was answered or cured with, as the contract names it; undefined while it is neither. */
  async answerOf(challengeId: bigint, fromBlock: number): Promise<string | undefined> {
    const [answered, cured] = await Promise.all(['ChallengeAnswered', 'ChallengeCured'].map((event) => this.events(event, [this.venueId, challengeId], fromBlock)));
    const last = [...(answered ?? []), ...(cured ?? [])].at(-1);
    return last === undefined ? undefined : decodeBytes32String(last.args.getValue('how') as string);
  }

  /** Whether a receipt signed at `issuedAt` counts. */
  async isReceiptSigner(signer: string, issuedAt: number): Promise<boolean> {
    return (await this.read('reading a receipt signer', 'isReceiptSigner', [this.venueId, signer, issuedAt])) as boolean;
  }

  /** Whether a challenge of the epoch is open or was lost. */
  async isContested(epoch: number): Promise<boolean> {
    return (await this.read(`reading whether epoch ${epoch} is contested`, 'isContested', [this.venueId, epoch])) as boolean;
  }

  /** Since when a lost challenge has waited for its cure; undefined where none does. */
  async disputedSince(): Promise<number | undefined> {
    const since = (await this.read('reading whether the venue is disputed', 'disputedSince', [this.venueId])) as bigint;
    return since === 0n ? undefined : Number(since);
  }

  private async events(event: string, topics: readonly unknown[], fromBlock: number): Promise<readonly EventLog[]> {
    const filter = this.contract.filters[event];
    if (filter === undefined) throw new ChainRequestError(`the interface of challenges lacks ${event}`);
    const logs = await this.contract.queryFilter(filter(...topics), fromBlock).catch((cause: unknown) => {
      throw chainError(cause, this.named(`looking for ${event}`), OMISSION_INTERFACE);
    });
    return logs.filter((log): log is EventLog => log instanceof EventLog);
  }

  private send(action: string, method: string, args: readonly unknown[], value?: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, this.named(action), method, args, value === undefined ? {} : { value });
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, this.named(action), method, args);
  }

  private named(action: string): string {
    return `${action} (venue ${this.venueId})`;
  }
}

type SolidityReceipt =
  & Readonly<Record<'venueId' | 'balance' | 'sequence' | 'issuedAt' | 'validUntil', bigint>>
  & Readonly<Record<'account' | 'signer', string>>;
type SolidityChallenge =
  & Readonly<Record<'epoch' | 'challengedAt' | 'status', bigint>>
  & { readonly receipt: SolidityReceipt; readonly bondReclaimed: boolean; readonly challenger: string };

function receiptOf({ venueId, balance, account, signer, sequence, issuedAt, validUntil }: SolidityReceipt): BalanceReceipt {
  return { venueId, balance, account, signer, sequence, issuedAt: Number(issuedAt), validUntil: Number(validUntil) };
}

/** The contract that a venue named for its disputes; undefined where it named none. */
export async function disputesOfVenue(runner: ContractRunner, registry: string, venueId: bigint): Promise<string | undefined> {
  const named = (await readContract(new Contract(registry, REGISTRY_INTERFACE, runner), `reading where disputes of venue ${venueId} are held`, 'disputesOf', [venueId])) as string;
  return named === ZeroAddress ? undefined : named;
}

/** A client of the contract that a venue named. @throws NoDisputesError */
export async function disputesClient(runner: ContractRunner, { registry, venueId }: { readonly registry: string; readonly venueId: bigint }): Promise<OmissionChallengesClient> {
  const named = await disputesOfVenue(runner, registry, venueId);
  if (named !== undefined) return new OmissionChallengesClient(named, venueId, runner);
  throw new NoDisputesError(`venue ${venueId} named no contract for disputes when it was registered: omissions cannot be challenged at it`, { venueId });
}
