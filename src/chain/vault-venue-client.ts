import { ZeroAddress } from 'ethers';
import type { ChainReceipt } from './contract-call.js';
import { changeCode, pendingChangeOf, type PendingChange, type VaultChangeKind } from './pending-change.js';
import { VaultContract } from './vault-contract.js';

/** A venue's rules for its vault; fields as in ICollateralVault.VaultRules. Times in seconds, the bond in wei. */
export interface VaultRules {
  readonly timelock: number;
  readonly payoutTableAge: number;
  readonly demandWindow: number;
  readonly answerWindow: number;
  readonly requestDelay: number;
  readonly hatchAfter: number;
  readonly claimWindow: number;
  readonly limitWindow: number;
  readonly demandBond: bigint;
}

/** Limits of one settlement asset; fields as in ICollateralVault.VaultLimit. */
export interface VaultLimit {
  readonly asset: number;
  /** Quanta of the asset's row. */
  readonly coverage: { readonly maxDeposits: bigint; readonly maxLoans: bigint };
  /** Token base units that may be paid at once per `limitWindow`. */
  readonly payoutLimit: bigint;
}

/** What a venue's roles send to its vault. */
export class VaultVenueClient extends VaultContract {
  /** The first rules and limits, active at once. The signer must be the parameter admin, as in all that follow to `activateFundWithdrawal`. */
  setRules(rules: VaultRules, limits: readonly VaultLimit[]): Promise<ChainReceipt> {
    return this.send('setting rules', 'setRules', [this.venueId, rules, limits]);
  }

  proposeRules(rules: VaultRules): Promise<ChainReceipt> {
    return this.send('proposing rules', 'proposeRules', [this.venueId, rules]);
  }

  activateRules(rules: VaultRules): Promise<ChainReceipt> {
    return this.send('activating rules', 'activateRules', [this.venueId, rules]);
  }

  proposeLimits(limits: readonly VaultLimit[]): Promise<ChainReceipt> {
    return this.send('proposing limits', 'proposeLimits', [this.venueId, limits]);
  }

  activateLimits(limits: readonly VaultLimit[]): Promise<ChainReceipt> {
    return this.send('activating limits', 'activateLimits', [this.venueId, limits]);
  }

  proposeClearingHouse(clearingHouse: string): Promise<ChainReceipt> {
    return this.send('proposing a clearing house', 'proposeClearingHouse', [this.venueId, clearingHouse]);
  }

  activateClearingHouse(clearingHouse: string): Promise<ChainReceipt> {
    return this.send('activating a clearing house', 'activateClearingHouse', [this.venueId, clearingHouse]);
  }

  proposeFundWithdrawal(amount: bigint): Promise<ChainReceipt> {
    return this.send('proposing a withdrawal from the fund', 'proposeFundWithdrawal', [this.venueId, amount]);
  }

  activateFundWithdrawal(amount: bigint): Promise<ChainReceipt> {
    return this.send('withdrawing from the fund', 'activateFundWithdrawal', [this.venueId, amount]);
  }

  /** Drops a pending change. The signer must be the venue's admin. */
  cancelChange(kind: VaultChangeKind): Promise<ChainReceipt> {
    return this.send('cancelling a change', 'cancelChange', [this.venueId, changeCode(kind)]);
  }

  /** The signer must be the venue's admin or operator. */
  setPaused(paused: boolean): Promise<ChainReceipt> {
    return this.send(paused ? 'pausing' : 'ending a pause', 'setPaused', [this.venueId, paused]);
  }

  /** The signer must be the operator. @param orderDigest 32 bytes in hex; @param signature of the request's signing key */
  deferRequest(requestId: bigint, sequence: bigint, orderDigest: string, signature: string): Promise<ChainReceipt> {
    return this.send(`deferring request ${requestId}`, 'deferRequest', [requestId, sequence, orderDigest, signature]);
  }

  /** The signer must be the operator. @param encryptedReceipt bytes in hex */
  answerDemand(demandId: bigint, encryptedReceipt: string): Promise<ChainReceipt> {
    return this.send(`answering demand ${demandId}`, 'answerDemand', [demandId, encryptedReceipt]);
  }

  /** The signer must be the clearing house, as in moveToTree and payCleared, and the vault allowed to take the amount, token base units. */
  depositCleared(asset: number, amount: bigint): Promise<ChainReceipt> {
    return this.send('depositing into the cleared sub-ledger', 'depositCleared', [this.venueId, asset, amount]);
  }

  /** @param depositor who has the deposit refunded if the venue closes before a leaf has it; @param beneficiary 32 bytes in hex */
  moveToTree(asset: number, amount: bigint, depositor: string, beneficiary: string): Promise<ChainReceipt> {
    return this.send('moving to the tree sub-ledger', 'moveToTree', [this.venueId, asset, amount, depositor, beneficiary]);
  }

  payCleared(asset: number, amount: bigint, recipient: string): Promise<ChainReceipt> {
    return this.send('paying from the cleared sub-ledger', 'payCleared', [this.venueId, asset, amount, recipient]);
  }

  /** Undefined before the first. */
  async rules(): Promise<VaultRules | undefined> {
    const fields = (await this.read('reading rules', 'rulesOf', [this.venueId])) as readonly bigint[];
    const [timelock, payoutTableAge, demandWindow, answerWindow, requestDelay, hatchAfter, claimWindow, limitWindow] = fields.map(Number) as SomeRules;
    if (timelock === 0) return undefined;
    return {
      timelock, payoutTableAge, demandWindow, answerWindow, requestDelay, hatchAfter, claimWindow, limitWindow, demandBond: fields[8] as bigint,
    };
  }

  async limit(asset: number): Promise<VaultLimit> {
    const [number, [maxDeposits, maxLoans], payoutLimit] = (await this.read('reading limits', 'limitOf', [this.venueId, asset])) as SolidityLimit;
    return { asset: Number(number), coverage: { maxDeposits, maxLoans }, payoutLimit };
  }

  /** Undefined before the first. */
  async clearingHouse(): Promise<string | undefined> {
    const address = (await this.read('reading the clearing house', 'clearingHouseOf', [this.venueId])) as string;
    return address === ZeroAddress ? undefined : address;
  }

  async pending(kind: VaultChangeKind): Promise<PendingChange | undefined> {
    return pendingChangeOf((await this.read('reading what is proposed', 'pendingChange', [this.venueId, changeCode(kind)])) as readonly [string, bigint]);
  }
}

type SomeRules = [number, number, number, number, number, number, number, number];
type SolidityLimit = readonly [bigint, readonly [bigint, bigint], bigint];
