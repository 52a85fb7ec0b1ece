import { Contract, type ContractRunner, type Signer } from 'ethers';
import { abiDigest } from './abi-digest.js';
import { toSolidityClaim, type MarginClaim } from './account-claims.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { approveToken } from './escrow-client.js';
import { madeMessage, type MadeReceipt } from './made-message.js';
import { SATELLITE_VAULT_INTERFACE } from './satellite-abi.js';

/** What a satellite takes a token for: ISatelliteVault.SatelliteToken. */
export interface SatelliteToken {
  readonly token: string;
  /** Row of the venue's tables, and settlement asset at home, of the claim token. */
  readonly row: number;
  readonly asset: number;
  /** Base units of a quantum. */
  readonly unitsPerQuantum: bigint;
  /** Base units that can be collected in a limit window. */
  readonly payoutLimit: bigint;
  /** Least base units of a deposit; a quantum or more. */
  readonly minDeposit: bigint;
}

/** Seconds: ISatelliteVault.SatelliteRules. */
export interface SatelliteRules {
  /** After the newest home message was sent: the hatch can be opened. */
  readonly hatchAfter: number;
  readonly claimWindow: number;
  readonly limitWindow: number;
  /** Oldest initial table in the hatch, before the newest home message. */
  readonly tableAge: number;
}

/** Base units since the beginning: SatelliteTotals. */
export interface SatelliteTotals {
  readonly deposited: bigint;
  readonly paid: bigint;
  /** There and not promised to anybody. */
  readonly held: bigint;
}

/** What a satellite heard of home. Unix seconds. */
export interface HomeHeard {
  /** Undefined before the first message. */
  readonly sentAt: number | undefined;
  readonly standsEpoch: number;
  readonly depositsSeen: bigint;
  /** Undefined while it is open. */
  readonly closedAt: number | undefined;
}

export interface SatelliteDeposit {
  readonly depositor: string;
  readonly token: number;
  readonly refunded: boolean;
  readonly madeAt: number;
  /** Base units. */
  readonly amount: bigint;
}

/** A withdrawal proven on the hatch's base epoch: ISatelliteVault.SatelliteExit. */
export interface SatelliteExit {
  readonly claim: MarginClaim;
  readonly unmargined: boolean;
  readonly token: number;
  readonly quanta: bigint;
  readonly recipient: string;
}

/** What the proof of a hatch exit is made for, as SatelliteVault.exitAction: 32 bytes in hex. */
export function satelliteExitAction(token: number, recipient: string): string {
  return abiDigest(['string', 'uint16', 'address'], ['clearproof.satellite.exit', token, recipient]);
}

/** One satellite, on its own chain. Amounts are token base units; tokens are indices into its list. Errors as sendTransaction. */
export class SatelliteVaultClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(readonly satellite: string, private readonly runner: ContractRunner) {
    this.contract = new Contract(satellite, SATELLITE_VAULT_INTERFACE, runner);
  }

  /** Approves and deposits from the signer's balance. @param homeOwner who gets the claim tokens at home: an address that the depositor controls there */
  async deposit(signer: Signer, token: number, amount: bigint, homeOwner: string): Promise<MadeReceipt> {
    const { token: address } = await this.token(token);
    await approveToken(signer, address, this.satellite, amount);
    return this.made(await this.send(`depositing ${address}`, 'deposit', [token, amount, homeOwner]), 'SatelliteDeposited');
  }

  async makeCheckpoint(): Promise<MadeReceipt> {
    return this.made(await this.send('making a checkpoint', 'makeCheckpoint', []));
  }

  /** Sends what orders credited, as far as the limit lets. Anybody may. */
  collect(token: number, recipient: string): Promise<ChainReceipt> {
    return this.send(`collecting for ${recipient}`, 'collect', [token, recipient]);
  }

  openHatch(): Promise<ChainReceipt> {
    return this.send('opening the hatch', 'openHatch', []);
  }

  registerExit(exit: SatelliteExit): Promise<ChainReceipt> {
    return this.send('registering an exit', 'registerExit', [{ ...exit, claim: toSolidityClaim(exit.claim) }]);
  }

  settleHatch(token: number): Promise<ChainReceipt> {
    return this.send('settling the round', 'settleHatch', [token]);
  }

  collectExit(nullifier: bigint, token: number): Promise<ChainReceipt> {
    return this.send('collecting an exit', 'collectExit', [nullifier, token]);
  }

  /** Of a deposit that home never heard of, after the round. The depositor's signer only. */
  refundDeposit(number: bigint, to: string): Promise<ChainReceipt> {
    return this.send(`refunding deposit ${number}`, 'refundDeposit', [number, to]);
  }

  async tokens(): Promise<readonly SatelliteToken[]> {
    const found = (await this.read('reading the tokens', 'tokens', [])) as readonly Record<keyof SatelliteToken, bigint | string>[];
    return found.map(({ token, row, asset, unitsPerQuantum, payoutLimit, minDeposit }) => ({
      token: String(token), row: Number(row), asset: Number(asset), unitsPerQuantum: BigInt(unitsPerQuantum), payoutLimit: BigInt(payoutLimit),
      minDeposit: BigInt(minDeposit),
    }));
  }

  async rules(): Promise<SatelliteRules> {
    const { hatchAfter, claimWindow, limitWindow, tableAge } = (await this.read('reading the rules', 'rules', [])) as Record<keyof SatelliteRules, bigint>;
    return { hatchAfter: Number(hatchAfter), claimWindow: Number(claimWindow), limitWindow: Number(limitWindow), tableAge: Number(tableAge) };
  }

  async totals(token: number): Promise<SatelliteTotals> {
    const { deposited, paid, held } = (await this.read('reading totals', 'totalsOf', [token])) as SatelliteTotals;
    return { deposited, paid, held };
  }

  async home(): Promise<HomeHeard> {
    const { sentAt, standsEpoch, depositsSeen, closedAt } = (await this.read('reading what it heard', 'home', [])) as Record<string, bigint>;
    return { sentAt: timeOf(sentAt), standsEpoch: Number(standsEpoch), depositsSeen: BigInt(depositsSeen ?? 0n), closedAt: timeOf(closedAt) };
  }

  async owed(token: number, recipient: string): Promise<bigint> {
    return (await this.read('reading what is owed', 'owedTo', [token, recipient])) as bigint;
  }

  async depositAt(number: bigint): Promise<SatelliteDeposit> {
    const { depositor, token, refunded, madeAt, amount } = (await this.read('reading a deposit', 'depositAt', [number])) as SolidityDeposit;
    return { depositor, token: Number(token), refunded, madeAt: Number(madeAt), amount };
  }

  async isOrderTaken(number: bigint): Promise<boolean> {
    return (await this.read('reading an order', 'isOrderTaken', [number])) as boolean;
  }

  private async token(token: number): Promise<SatelliteToken> {
    const found = (await this.tokens())[token];
    if (found === undefined) throw new RangeError(`the satellite has no token ${token}`);
    return found;
  }

  private made(receipt: ChainReceipt, event?: string): Promise<MadeReceipt> {
    return madeMessage(this.runner, SATELLITE_VAULT_INTERFACE, this.satellite, receipt, event);
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (satellite)`, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} of a satellite`, method, args);
  }
}

type SolidityDeposit = Omit<SatelliteDeposit, 'token' | 'madeAt'> & { readonly token: bigint; readonly madeAt: bigint };

function timeOf(seconds: bigint | undefined): number | undefined {
  return seconds === undefined || seconds === 0n ? undefined : Number(seconds);
}
