import { Contract, type ContractRunner } from 'ethers';
import { abiDigest } from './abi-digest.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { madeMessage, type MadeReceipt } from './made-message.js';
import { SATELLITE_HUB_INTERFACE } from './satellite-abi.js';
import type { SatelliteTotals } from './satellite-vault-client.js';

/** A satellite's token as its hub enrols it: ISatelliteHub.HubToken. */
export interface HubToken {
  readonly token: string;
  /** Of the token and its claim token. */
  readonly decimals: number;
  /** Base units that can be credited in a limit window. */
  readonly mintLimit: bigint;
  readonly name: string;
  readonly symbol: string;
}

/** ISatelliteHub.SatelliteTerms. Seconds. */
export interface SatelliteTerms {
  readonly venueId: bigint;
  readonly chainId: bigint;
  readonly satellite: string;
  readonly hatchAfter: number;
  readonly maxCheckpointAge: number;
  readonly freezeAfter: number;
  readonly limitWindow: number;
  readonly tokens: readonly HubToken[];
  readonly gateways: { readonly gateways: readonly string[]; readonly threshold: number };
}

/** What the hub knows of a satellite. Unix seconds. */
export interface SatelliteStanding {
  /** When the newest checkpoint was sent; undefined before the first. */
  readonly checkpointAt: number | undefined;
  /** When the newest home message that the satellite is known to have was sent; undefined before the first. */
  readonly homeSentAt: number | undefined;
  readonly depositsSeen: bigint;
  /** Up to it deposits can be credited. */
  readonly depositsSure: bigint;
  readonly orders: bigint;
  readonly closed: boolean;
  /** Its rows, assets and quanta are the venue's. */
  readonly suits: boolean;
  readonly broken: boolean;
}

/** Base units of a claim token since the beginning. */
export interface ClaimTotals {
  readonly minted: bigint;
  readonly burnt: bigint;
  readonly treeFloor: bigint;
  readonly last: SatelliteTotals;
}

/** Address without a key at which claims wait for an order, as SatelliteHub.outboxOf. @param chainId of the hub's chain */
export function outboxOf(chainId: bigint, hub: string, satelliteId: bigint, recipient: string): string {
  const seed = abiDigest(['string', 'uint256', 'address', 'uint256', 'address'], ['clearproof.outbox', chainId, hub, satelliteId, recipient]);
  return `0x${seed.slice(-40)}`;
}

/** The hub of a registry, on the home chain. Amounts are token base units. Errors as sendTransaction. */
export class SatelliteHubClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(readonly hub: string, private readonly runner: ContractRunner) {
    this.contract = new Contract(hub, SATELLITE_HUB_INTERFACE, runner);
  }

  /** The signer must be the venue's parameter admin, here and in the next. */
  proposeSatellite(terms: SatelliteTerms): Promise<ChainReceipt> {
    return this.send('proposing a satellite', 'proposeSatellite', [terms]);
  }

  /** @returns the satellite's number, and its claim tokens in the order of its tokens */
  async activateSatellite(terms: SatelliteTerms): Promise<{ readonly receipt: ChainReceipt; readonly satelliteId: bigint; readonly claims: readonly string[] }> {
    const receipt = await this.send('enrolling a satellite', 'activateSatellite', [terms]);
    const satelliteId = (await this.read('counting satellites', 'satelliteCount', [])) as bigint;
    const claims = await Promise.all(terms.tokens.map((_, token) => this.claim(satelliteId, token)));
    return { receipt, satelliteId, claims };
  }

  /** Mints the claims of deposits, or as much of them as the limit lets. Anybody may. */
  creditDeposits(satelliteId: bigint, numbers: readonly bigint[]): Promise<ChainReceipt> {
    return this.send('crediting deposits', 'creditDeposits', [satelliteId, numbers]);
  }

  /** Burns claims of the signer's. */
  async order(satelliteId: bigint, token: number, amount: bigint, recipient: string): Promise<MadeReceipt> {
    return this.made(await this.send('ordering', 'order', [satelliteId, token, amount, recipient]), 'OrderMade');
  }

  /** Burns what a payout left at the recipient's outbox. Anybody may. */
  async orderFromOutbox(satelliteId: bigint, token: number, recipient: string): Promise<MadeReceipt> {
    return this.made(await this.send('ordering from an outbox', 'orderFromOutbox', [satelliteId, token, recipient]), 'OrderMade');
  }

  async makeLease(satelliteId: bigint): Promise<MadeReceipt> {
    return this.made(await this.send('making a lease', 'makeLease', [satelliteId]));
  }

  /** @param nullifiers that the venue's vault used up; 64 at most */
  async makeUsed(satelliteId: bigint, nullifiers: readonly bigint[]): Promise<MadeReceipt> {
    return this.made(await this.send('telling of nullifiers', 'makeUsed', [satelliteId, nullifiers]));
  }

  /** What of `held` a snapshot would count now. */
  async countable(venueId: bigint, token: string, held: bigint): Promise<bigint> {
    return (await this.read('reading what counts', 'countable', [venueId, token, held])) as bigint;
  }

  /** Whether claims move into the vault and out of it, and orders are made. */
  async isLive(satelliteId: bigint): Promise<boolean> {
    return (await this.read('reading whether it is live', 'isLive', [satelliteId])) as boolean;
  }

  async claim(satelliteId: bigint, token: number): Promise<string> {
    return (await this.read('reading a claim token', 'claimOf', [satelliteId, token])) as string;
  }

  async isDepositCredited(satelliteId: bigint, number: bigint): Promise<boolean> {
    return (await this.read('reading a deposit', 'isDepositCredited', [satelliteId, number])) as boolean;
  }

  async standing(satelliteId: bigint): Promise<SatelliteStanding> {
    const found = (await this.read('reading a satellite', 'stateOf', [satelliteId])) as SolidityState;
    const { depositsSeen, depositsSure, orders, closed, suits, broken } = found;
    return { checkpointAt: timeOf(found.checkpointAt), homeSentAt: timeOf(found.homeSentAt), depositsSeen, depositsSure, orders, closed, suits, broken };
  }

  async totals(satelliteId: bigint, token: number): Promise<ClaimTotals> {
    const { minted, burnt, treeFloor, last } = (await this.read('reading totals', 'totalsOf', [satelliteId, token])) as ClaimTotals;
    return { minted, burnt, treeFloor, last: { deposited: last.deposited, paid: last.paid, held: last.held } };
  }

  private made(receipt: ChainReceipt, event?: string): Promise<MadeReceipt> {
    return madeMessage(this.runner, SATELLITE_HUB_INTERFACE, this.hub, receipt, event);
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (hub)`, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} of a hub`, method, args);
  }
}

interface SolidityState extends Pick<SatelliteStanding, 'depositsSeen' | 'depositsSure' | 'orders' | 'closed' | 'suits' | 'broken'> {
  readonly checkpointAt: bigint;
  readonly homeSentAt: bigint;
}

function timeOf(seconds: bigint): number | undefined {
  return seconds === 0n ? undefined : Number(seconds);
}
