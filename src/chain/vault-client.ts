import { ZeroAddress, type Signer } from 'ethers';
import { toSolidityClaim, toSolidityPayout, type MarginClaim, type Payout, type SignerClaim } from './account-claims.js';
import type { ChainReceipt } from './contract-call.js';
import { OnChainRecordError } from './errors.js';
import { approveToken } from './escrow-client.js';
import { VaultContract, type Numbered } from './vault-contract.js';

/** In the order of the contract's codes. */
const REQUEST_STATUSES = ['none', 'pending', 'deferred', 'paid', 'cancelled'] as const;

export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** A payout the venue did not sign. Amounts in token base units, times in Unix seconds. */
export interface WithdrawalRequest {
  readonly asset: number;
  readonly amount: bigint;
  readonly recipient: string;
  readonly signer: string;
  /** When the time for showing a later order is over, and when it is paid even if no epoch came. */
  readonly answerBy: number;
  readonly dueAt: number;
  /** Of the leaf; `latestEpoch` the latest accepted one when it was made. */
  readonly epoch: number;
  readonly latestEpoch: number;
  readonly status: RequestStatus;
  readonly nullifier: bigint;
  /** 0 unless it was used up too. */
  readonly nullifierNext: bigint;
}

export interface VaultDeposit {
  readonly depositor: string;
  /** Number of the venue's last checkpoint before it. */
  readonly checkpoint: number;
  readonly refunded: boolean;
  readonly asset: number;
  readonly amount: bigint;
}

export interface ReceiptDemand {
  readonly epoch: number;
  readonly demandedAt: number;
  /** Undefined until answered. */
  readonly answeredAt: number | undefined;
  readonly reclaimed: boolean;
  readonly demander: string;
  /** Wei. */
  readonly bond: bigint;
}

/** What users and anybody else send to a vault. Amounts are token base units unless they say otherwise. */
export class CollateralVaultClient extends VaultContract {
  /** Approves and deposits from the signer's balance. @param beneficiary 32 bytes in hex that name the account to the venue */
  async deposit(signer: Signer, asset: number, token: string, amount: bigint, beneficiary: string): Promise<Numbered> {
    await approveToken(signer, token, this.vault, amount);
    const receipt = await this.send(`depositing ${token}`, 'deposit', [this.venueId, asset, amount, beneficiary]);
    return this.numbered(receipt, 'Deposited', 'depositId');
  }

  /** Approves and adds to the insurance fund. */
  async depositFund(signer: Signer, token: string, amount: bigint): Promise<ChainReceipt> {
    await approveToken(signer, token, this.vault, amount);
    return this.send('depositing to the insurance fund', 'depositFund', [this.venueId, amount]);
  }

  /** Pays at once. @param venueSignature the operator's PayoutApproval */
  withdraw(payout: Payout, venueSignature: string): Promise<ChainReceipt> {
    return this.send('withdrawing', 'withdraw', [this.venueId, toSolidityPayout(payout), venueSignature]);
  }

  /** Without the venue: paid later. */
  async requestWithdrawal(payout: Payout, signer: SignerClaim): Promise<Numbered> {
    const receipt = await this.send('requesting a withdrawal', 'requestWithdrawal', [this.venueId, toSolidityPayout(payout), toSolidityClaim(signer)]);
    return this.numbered(receipt, 'WithdrawalRequested', 'requestId');
  }

  payRequest(requestId: bigint): Promise<ChainReceipt> {
    return this.send(`paying request ${requestId}`, 'payRequest', [requestId]);
  }

  confirmRequest(requestId: bigint, claim: MarginClaim, link: SignerClaim): Promise<ChainReceipt> {
    return this.send(`confirming request ${requestId}`, 'confirmRequest', [requestId, toSolidityClaim(claim), toSolidityClaim(link)]);
  }

  /** The signer must be the recipient. */
  cancelRequest(requestId: bigint): Promise<ChainReceipt> {
    return this.send(`cancelling request ${requestId}`, 'cancelRequest', [requestId]);
  }

  /** Moves an unmargined account's holding to the cleared sub-ledger. @param handle 32 bytes in hex; @param venueSignature the operator's MoveApproval */
  moveToCleared(payout: Payout, handle: string, venueSignature: string): Promise<ChainReceipt> {
    return this.send('moving to the cleared sub-ledger', 'moveToCleared', [this.venueId, toSolidityPayout(payout), handle, venueSignature]);
  }

  /** @param encryptionKey bytes in hex; @param bond wei, what the rules ask for */
  async demandReceipt(epoch: number, claim: MarginClaim, encryptionKey: string, bond: bigint): Promise<Numbered> {
    const receipt = await this.send('demanding a receipt', 'demandReceipt', [this.venueId, epoch, toSolidityClaim(claim), encryptionKey], bond);
    return this.numbered(receipt, 'ReceiptDemanded', 'demandId');
  }

  async demandReceiptOfDeposit(epoch: number, depositId: bigint, encryptionKey: string, bond: bigint): Promise<Numbered> {
    const receipt = await this.send('demanding a receipt', 'demandReceiptOfDeposit', [epoch, depositId, encryptionKey], bond);
    return this.numbered(receipt, 'ReceiptDemanded', 'demandId');
  }

  reclaimBond(demandId: bigint): Promise<ChainReceipt> {
    return this.send(`reclaiming the bond of demand ${demandId}`, 'reclaimBond', [demandId]);
  }

  /** Undefined for a number that no request has. */
  async request(requestId: bigint): Promise<WithdrawalRequest | undefined> {
    const found = (await this.read('reading a request', 'requestAt', [requestId])) as SolidityRequest;
    const { asset, amount, recipient, signer, answerBy, dueAt, epoch, latestEpoch, nullifier, nullifierNext } = found;
    const status = REQUEST_STATUSES[Number(found.status)];
    if (status === undefined) throw new OnChainRecordError(`request ${requestId} has status ${found.status}, which this version does not know`, { code: found.status });
    if (status === 'none') return undefined;
    return {
      asset: Number(asset), amount, recipient, signer, answerBy: Number(answerBy), dueAt: Number(dueAt), epoch: Number(epoch), latestEpoch: Number(latestEpoch),
      status, nullifier, nullifierNext,
    };
  }

  /** Undefined for a number that no deposit has. */
  async depositAt(depositId: bigint): Promise<VaultDeposit | undefined> {
    const { depositor, checkpoint, refunded, asset, amount } = (await this.read('reading a deposit', 'depositAt', [depositId])) as SolidityDeposit;
    return depositor === ZeroAddress ? undefined : { depositor, checkpoint: Number(checkpoint), refunded, asset: Number(asset), amount };
  }

  /** Undefined for a number that no demand has. */
  async demand(demandId: bigint): Promise<ReceiptDemand | undefined> {
    const { epoch, demandedAt, answeredAt, reclaimed, demander, bond } = (await this.read('reading a demand', 'demandAt', [demandId])) as SolidityDemand;
    if (demandedAt === 0n) return undefined;
    return {
      epoch: Number(epoch), demandedAt: Number(demandedAt), answeredAt: answeredAt === 0n ? undefined : Number(answeredAt), reclaimed, demander, bond,
    };
  }

  /** Key a demand wants its answer encrypted to, from its event; undefined where the node has no such event. */
  async encryptionKeyOf(demandId: bigint): Promise<string | undefined> {
    return this.lastOf('ReceiptDemanded', [null, demandId], 'encryptionKey');
  }

  /** What the venue answered a demand, from its event; undefined until it did. */
  async answerOf(demandId: bigint): Promise<string | undefined> {
    return this.lastOf('DemandAnswered', [demandId], 'encryptedReceipt');
  }

  async stands(epoch: number): Promise<boolean> {
    return (await this.read(`reading whether epoch ${epoch} stands`, 'stands', [this.venueId, epoch])) as boolean;
  }

  /** Newest epoch that stands: what is paid from, and what the hatch opens on. 0 where none does. */
  async newestStanding(): Promise<number> {
    return Number(await this.read('reading the newest standing epoch', 'newestStanding', [this.venueId]));
  }

  /** Wei that a demand for an epoch's receipts puts down; rules of later do not change it. */
  async demandBond(epoch: number): Promise<bigint> {
    const { demandBond } = (await this.read(`reading the terms of epoch ${epoch}`, 'termsOf', [this.venueId, epoch])) as { readonly demandBond: bigint };
    return demandBond;
  }

  async isNullifierUsed(nullifier: bigint): Promise<boolean> {
    return (await this.read('reading a nullifier', 'isNullifierUsed', [nullifier])) as boolean;
  }

  /** What was taken under a nullifier, quanta of the asset; 0 where nothing was. */
  async paidUnder(nullifier: bigint): Promise<{ readonly asset: number; readonly quanta: bigint }> {
    const { asset, quanta } = (await this.read('reading what was paid', 'paidUnder', [nullifier])) as Readonly<Record<'asset' | 'quanta', bigint>>;
    return { asset: Number(asset), quanta };
  }

  /** Token base units that cover accounts of the tree, are at the clearing house, or wait for a request. */
  async balances(asset: number): Promise<{ readonly tree: bigint; readonly cleared: bigint; readonly pending: bigint }> {
    const [tree, cleared, pending] = await Promise.all(['treeBalance', 'clearedBalance', 'pendingBalance'].map(
      (method) => this.read('reading balances', method, [this.venueId, asset]),
    )) as [bigint, bigint, bigint];
    return { tree, cleared, pending };
  }
}

type SolidityRequest =
  & Readonly<Record<'asset' | 'amount' | 'answerBy' | 'dueAt' | 'status' | 'epoch' | 'latestEpoch' | 'nullifier' | 'nullifierNext', bigint>>
  & Readonly<Record<'recipient' | 'signer', string>>;
type SolidityDeposit = Readonly<Record<'checkpoint' | 'asset' | 'amount', bigint>> & { readonly depositor: string; readonly refunded: boolean };
type SolidityDemand = Readonly<Record<'epoch' | 'demandedAt' | 'answeredAt' | 'bond', bigint>> & { readonly demander: string; readonly reclaimed: boolean };
