import { Contract, type ContractRunner, type Provider } from 'ethers';
import { LEVEL_CODE } from '../commitment/market-commitment.js';
import { toSolidityClaim, type AccountTerms, type MarginClaim } from './account-claims.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { toSoliditySubmission, type EpochSubmission } from './epoch-submission.js';
import { OnChainRecordError } from './errors.js';
import type { MarginQuestion } from './gate-client.js';
import { MIRROR_INTERFACE } from './mirror-abi.js';
import { GATE_MODES, type GateMode } from './registry-client.js';
import { splitLogs } from './split-logs.js';

/** What a mirror holds of a venue: ISolvencyMirror.MirroredVenue. Times are Unix seconds. */
export interface MirroredVenue {
  /** Latest taken; 0 before the first. */
  readonly epoch: number;
  /** Latest at home, as the newest standing says. */
  readonly homeEpoch: number;
  readonly sequence: bigint;
  /** When the newest message was sent, home's time. */
  readonly standingAt: number;
  readonly openedAt: number;
  /** Seconds. */
  readonly staleAfter: number;
  /** Seconds. */
  readonly haltAfter: number;
  /** Home's gate then. */
  readonly mode: GateMode;
  readonly conflict: boolean;
  /** Bit a circuit, by its place at home. */
  readonly retired: bigint;
}

/** What coverage of an epoch is decided by, as its message has it: CrossChainMessages.CoverageFacts. Base units; limits in quanta. */
export interface CoverageFacts {
  readonly fund: bigint;
  readonly valueUnitsPerFundUnit: bigint;
  readonly reserves: readonly bigint[];
  readonly unitsPerQuantum: readonly bigint[];
  readonly limits: readonly { readonly maxDeposits: bigint; readonly maxLoans: bigint }[];
}

/** One venue at one SolvencyMirror, or ProvenSolvencyMirror. Errors as SolvencyRegistryClient. */
export class SolvencyMirrorClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly mirror: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(mirror, MIRROR_INTERFACE, runner);
  }

  /** What the venue's latest epoch allows at the latest block's time, as far as this chain knows. */
  async mode(): Promise<GateMode> {
    return modeOf(await this.read('reading a mirror', 'mode', []));
  }

  /** Epoch that claims must be of; 0 before the first. */
  async latestEpoch(): Promise<number> {
    return Number(await this.read('reading the latest epoch of a mirror', 'latestEpoch', []));
  }

  async venue(): Promise<MirroredVenue> {
    const [epoch, homeEpoch, sequence, standingAt, openedAt, staleAfter, haltAfter, mode, conflict, retired] = (await this.read('reading a mirrored venue', 'venueOf', [])) as
      readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, boolean, bigint];
    return {
      epoch: Number(epoch), homeEpoch: Number(homeEpoch), sequence, standingAt: Number(standingAt), openedAt: Number(openedAt),
      staleAfter: Number(staleAfter), haltAfter: Number(haltAfter), mode: modeOf(mode), conflict, retired,
    };
  }

  /** Computes the frame of an epoch and a table once for everybody; later checks under it cost less. Anybody may. */
  recordFrame(circuitId: bigint, epoch: number, marketCommitment: bigint): Promise<ChainReceipt> {
    return this.send('recording a frame', 'recordFrame', [circuitId, epoch, marketCommitment]);
  }

  /** Whether a consumer's question is answered; asked as the caller of this client's runner. @returns the account's nullifier */
  async requireMargin(claim: MarginClaim, { level, maxTableAge, action }: MarginQuestion): Promise<bigint> {
    return (await this.read('asking for margin', 'requireMargin', [toSolidityClaim(claim), LEVEL_CODE[level], maxTableAge, action])) as bigint;
  }

  /** Throws ContractRevertedError unless the proof says `terms`. */
  async checkMargin(claim: MarginClaim, terms: AccountTerms): Promise<void> {
    await this.read('checking margin', 'checkMargin', [toSolidityClaim(claim), terms]);
  }

  /** Verifies a mirrored epoch by its proofs. Anybody may; of a ProvenSolvencyMirror alone. @param facts as `coverageFacts` finds them */
  proveEpoch(submission: EpochSubmission, facts: CoverageFacts): Promise<ChainReceipt> {
    return this.send(`proving epoch ${submission.epoch}`, 'proveEpoch', [toSoliditySubmission(submission), facts]);
  }

  /** Of a ProvenSolvencyMirror alone; 0 before the first. */
  async provenEpoch(): Promise<number> {
    return Number(await this.read('reading the proven epoch', 'provenEpoch', []));
  }

  /** The facts of an epoch that came last, in blocks `from` to `to`; undefined where none came. */
  async coverageFacts(provider: Provider, epoch: number, from: number, to: number): Promise<CoverageFacts | undefined> {
    const topics = MIRROR_INTERFACE.encodeFilterTopics('CoverageFactsHeard', [this.venueId, epoch]);
    const logs = await splitLogs(provider, { address: this.mirror, topics, fromBlock: from, toBlock: to }, `reading what epoch ${epoch} is covered by`);
    const last = logs.at(-1);
    if (last === undefined) return undefined;
    const [fund, valueUnitsPerFundUnit, reserves, unitsPerQuantum, limits] = MIRROR_INTERFACE.decodeEventLog('CoverageFactsHeard', last.data, last.topics)['facts'] as
      readonly [bigint, bigint, readonly bigint[], readonly bigint[], readonly (readonly [bigint, bigint])[]];
    return {
      fund, valueUnitsPerFundUnit, reserves: [...reserves], unitsPerQuantum: [...unitsPerQuantum],
      limits: [...limits].map(([maxDeposits, maxLoans]) => ({ maxDeposits, maxLoans })),
    };
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} at a mirror (venue ${this.venueId})`, method, [this.venueId, ...args]);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, [this.venueId, ...args]);
  }
}

function modeOf(answer: unknown): GateMode {
  const code = Number(answer);
  const mode = GATE_MODES[code];
  if (mode === undefined) throw new OnChainRecordError(`the mirror is in mode ${code}, which this version does not know`, { code });
  return mode;
}
