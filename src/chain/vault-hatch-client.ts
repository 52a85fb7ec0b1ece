import { toSolidityClaim, type ExitClaim, type MarkClaim } from './account-claims.js';
import type { ChainReceipt } from './contract-call.js';
import { VaultContract } from './vault-contract.js';

/** A venue being wound up. Times in Unix seconds. */
export interface Hatch {
  /** Whose accounts are paid out; 0 where no epoch ever stood, and all deposits are refunded. */
  readonly baseEpoch: number;
  readonly openedAt: number;
  /** Of claims now open; it closes at `roundClosesAt`. */
  readonly round: number;
  readonly roundClosesAt: number;
}

/** Sums of a round in value units; a claim gets claim / denominator of each asset. */
export interface ExitRound {
  readonly claims: bigint;
  /** Undefined until settled. */
  readonly denominator: bigint | undefined;
}

export interface RegisteredExit {
  readonly round: number;
  readonly recipient: string;
  /** Value units, less what was paid since the base epoch. */
  readonly amount: bigint;
}

/** The escape hatch of one venue's vault; any account may send all of it but a refund. */
export class VaultHatchClient extends VaultContract {
  /** @param baseEpoch the newest epoch that stands */
  openHatch(baseEpoch: number): Promise<ChainReceipt> {
    return this.send('opening the hatch', 'openHatch', [this.venueId, baseEpoch]);
  }

  reportMark(asset: number, claim: MarkClaim): Promise<ChainReceipt> {
    return this.send(`reporting the mark of asset ${asset}`, 'reportMark', [this.venueId, asset, toSolidityClaim(claim)]);
  }

  registerExit(claim: ExitClaim): Promise<ChainReceipt> {
    return this.send('registering an exit', 'registerExit', [this.venueId, toSolidityClaim(claim)]);
  }

  settleRound(): Promise<ChainReceipt> {
    return this.send('settling a round', 'settleRound', [this.venueId]);
  }

  collectExit(nullifier: bigint, assets: readonly number[]): Promise<ChainReceipt> {
    return this.send('collecting an exit', 'collectExit', [this.venueId, nullifier, assets]);
  }

  /** The signer must be the depositor. */
  refundDeposit(depositId: bigint, to: string): Promise<ChainReceipt> {
    return this.send(`refunding deposit ${depositId}`, 'refundDeposit', [depositId, to]);
  }

  /** Undefined while the venue lives. */
  async hatch(): Promise<Hatch | undefined> {
    const { baseEpoch, openedAt, round, roundClosesAt } = (await this.read('reading the hatch', 'hatchOf', [this.venueId])) as Readonly<Record<keyof Hatch, bigint>>;
    if (openedAt === 0n) return undefined;
    return { baseEpoch: Number(baseEpoch), openedAt: Number(openedAt), round: Number(round), roundClosesAt: Number(roundClosesAt) };
  }

  async round(round: number): Promise<ExitRound> {
    const [claims, denominator] = (await this.read(`reading round ${round}`, 'roundAt', [this.venueId, round])) as readonly [bigint, bigint];
    return { claims, denominator: denominator === 0n ? undefined : denominator };
  }

  /** Undefined before it is registered. */
  async exit(nullifier: bigint): Promise<RegisteredExit | undefined> {
    const [round, recipient, amount] = (await this.read('reading an exit', 'exitOf', [this.venueId, nullifier])) as readonly [bigint, string, bigint];
    return round === 0n ? undefined : { round: Number(round), recipient, amount };
  }
}
