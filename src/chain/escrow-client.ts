import { Contract, type ContractRunner, type Signer } from 'ethers';
import type { ContractAction } from './contract-action.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';

const ESCROW_ABI: readonly string[] = [
  'function depositReserves(uint256 venueId, address token, uint256 amount)',
  'function depositFund(uint256 venueId, address token, uint256 amount)',
  'function withdrawReserves(uint256 venueId, address token, uint256 amount, address to)',
  'function withdrawFund(uint256 venueId, address token, uint256 amount, address to)',
  'error TokenNotAllowed(address token)',
  'error NothingReceived(address token, uint256 asked)',
  'error BalanceFell(address token, uint256 before, uint256 afterwards)',
  'error LedgerTooSmall(uint256 venueId, address token, uint256 held, uint256 asked)',
  'error NotVenueAdmin(uint256 venueId, address caller)',
  'error CheckpointInThisBlock(uint256 venueId, uint256 blockNumber)',
  'error UnknownVenue(uint256 venueId)',
];

/** What clients ask of an ERC-20, and of one that deployTestToken made. */
const TOKEN_ABI: readonly string[] = [
  'function allowance(address owner, address spender) view returns (uint256)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
  'function mint(address to, uint256 amount)',
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
];

/** Which ledger of the escrow an amount belongs to. */
export type EscrowLedger = 'reserves' | 'fund';

/** A venue's reserves and fund in the escrow. Amounts are token base units. Errors as SolvencyRegistryClient. */
export class ReserveEscrowClient {
  private readonly contract: Contract;

  constructor(
    private readonly escrow: string,
    readonly venueId: bigint,
    private readonly signer: Signer,
  ) {
    this.contract = new Contract(escrow, ESCROW_ABI, signer);
  }

  /** Approves and deposits from the signer's balance. */
  async deposit(ledger: EscrowLedger, token: string, amount: bigint): Promise<ChainReceipt> {
    await approveToken(this.signer, token, this.escrow, amount);
    const method = ledger === 'fund' ? 'depositFund' : 'depositReserves';
    return sendTransaction(this.contract, `depositing ${token} (venue ${this.venueId})`, method, [this.venueId, token, amount]);
  }

  /** Pays out to `to`. The signer must be the venue's admin. */
  withdraw(ledger: EscrowLedger, token: string, amount: bigint, to: string): Promise<ChainReceipt> {
    const method = ledger === 'fund' ? 'withdrawFund' : 'withdrawReserves';
    return sendTransaction(this.contract, `withdrawing ${token} (venue ${this.venueId})`, method, [this.venueId, token, amount, to]);
  }
}

/** Lets `spender` take so much of the signer's tokens. */
export async function approveToken(signer: Signer, token: string, spender: string, amount: bigint): Promise<void> {
  await sendTransaction(new Contract(token, TOKEN_ABI, signer), `approving ${token}`, 'approve', [spender, amount]);
}

/** Mints a token that deployTestToken made. */
export function mintTestToken(signer: Signer, token: string, to: string, amount: bigint): Promise<ChainReceipt> {
  return sendTransaction(new Contract(token, TOKEN_ABI, signer), `minting ${token}`, 'mint', [to, amount]);
}

/** Lets `spender` take so much of the sender's tokens: what is sent, for who simulates or signs it first. */
export function tokenApproval(runner: ContractRunner, token: string, spender: string, amount: bigint): { readonly contract: Contract; readonly action: ContractAction } {
  return { contract: new Contract(token, TOKEN_ABI, runner), action: { what: `approving ${token}`, method: 'approve', args: [spender, amount] } };
}

/** Base units of a token that `spender` may take of an account. */
export async function tokenAllowance(runner: ContractRunner, token: string, account: string, spender: string): Promise<bigint> {
  return (await readContract(new Contract(token, TOKEN_ABI, runner), `reading what ${spender} may take of ${token}`, 'allowance', [account, spender])) as bigint;
}

/** Base units of a token that an account holds. */
export async function tokenBalance(runner: ContractRunner, token: string, account: string): Promise<bigint> {
  return (await readContract(new Contract(token, TOKEN_ABI, runner), `reading the balance of ${token}`, 'balanceOf', [account])) as bigint;
}
