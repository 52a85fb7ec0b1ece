import { Contract, type ContractRunner } from 'ethers';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { toSoliditySubmission, type EpochSubmission } from './epoch-submission.js';
import { OnChainRecordError } from './errors.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';

/** Modes of ISolvencyGate in the order of their codes. */
export const GATE_MODES = ['OPEN', 'REDUCE_ONLY', 'WITHDRAW_ONLY', 'HALT'] as const;

export type GateMode = (typeof GATE_MODES)[number];

/** Where the reserves of one cash or spot row are held. */
export interface SettlementAsset {
  /** Address of the token. */
  readonly token: string;
  /** Token base units that one quantum of the row is worth; 1 to 2^128 - 1. */
  readonly unitsPerQuantum: bigint;
}

/** A checkpoint of reserves, taken when a snapshot was opened. */
export interface ReserveSnapshot {
  readonly epoch: number;
  /** Unix seconds. */
  readonly openedAt: number;
  /** Base units of the fund's token. */
  readonly fund: bigint;
  /** Base units of each settlement asset's token, in row order. */
  readonly reserves: readonly bigint[];
}

/** One venue at one registry. Every method throws ContractRevertedError, ChainUnreachableError, ChainRequestError or NoContractError. */
export class SolvencyRegistryClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    registry: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(registry, REGISTRY_INTERFACE, runner);
  }

  /** Takes the reserve checkpoint that the next epoch is held against. The signer must be the operator. */
  async openSnapshot(): Promise<{ readonly receipt: ChainReceipt; readonly snapshot: ReserveSnapshot }> {
    const receipt = await this.send('opening a snapshot', 'openSnapshot', [this.venueId]);
    return { receipt, snapshot: await this.lastSnapshot() };
  }

  /** Appends settlement assets, in the order of the cash and spot rows. The signer must be the parameter admin. */
  registerAssets(assets: readonly SettlementAsset[]): Promise<ChainReceipt> {
    return this.send('registering settlement assets', 'registerSettlementAssets', [this.venueId, assets]);
  }

  /** Submits a proven epoch. The signer must be the operator. */
  submitEpoch(submission: EpochSubmission): Promise<ChainReceipt> {
    return this.send(`submitting epoch ${submission.epoch}`, 'submitEpoch', [this.venueId, toSoliditySubmission(submission)]);
  }

  /** What the gate allows at the latest block's time. */
  async gateMode(): Promise<GateMode> {
    const code = Number(await this.read('reading the gate', 'mode', [this.venueId]));
    const mode = GATE_MODES[code];
    if (mode === undefined) throw new OnChainRecordError(`the registry's gate is in mode ${code}, which this version does not know`, { code });
    return mode;
  }

  /** Number of the latest accepted epoch, 0 before the first. */
  async latestEpoch(): Promise<number> {
    return Number(await this.read('reading the latest epoch', 'latestEpoch', [this.venueId]));
  }

  /** Whether reserves and fund covered an accepted epoch. Throws ContractRevertedError (UnknownEpoch) for any other. */
  async isCovered(epoch: number): Promise<boolean> {
    const record = (await this.read(`reading epoch ${epoch}`, 'epochAt', [this.venueId, epoch])) as readonly unknown[];
    return record.at(-1) === true;
  }

  /** H(tag, chain id, registry, venue id, version) as the registry computes it. */
  async base(): Promise<bigint> {
    return (await this.read('reading the base', 'baseOf', [this.venueId])) as bigint;
  }

  /** H(tag, base, circuit id) as the registry computes it. */
  async domain(circuitId: bigint): Promise<bigint> {
    return (await this.read('reading a domain', 'domainOf', [this.venueId, circuitId])) as bigint;
  }

  /** Registered settlement assets in row order. */
  async settlementAssets(): Promise<readonly SettlementAsset[]> {
    const rows = (await this.read('reading settlement assets', 'settlementAssets', [this.venueId])) as readonly (readonly [string, bigint])[];
    return rows.map(([token, unitsPerQuantum]) => ({ token, unitsPerQuantum }));
  }

  /** The last checkpoint taken; epoch 0 when there is none. */
  async lastSnapshot(): Promise<ReserveSnapshot> {
    const fields = (await this.read('reading the last snapshot', 'lastSnapshot', [this.venueId])) as readonly [bigint, bigint, bigint, readonly bigint[]];
    const [epoch, openedAt, fund, reserves] = fields;
    return { epoch: Number(epoch), openedAt: Number(openedAt), fund, reserves: [...reserves] };
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }
}
