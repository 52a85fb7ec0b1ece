import { Contract, EventLog, type ContractRunner } from 'ethers';
import { chainError, readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';
import { VAULT_INTERFACE } from './vault-abi.js';

/** A transaction that made something with a number. */
export interface Numbered {
  readonly receipt: ChainReceipt;
  readonly id: bigint;
}

/** One venue at one CollateralVault: what its clients share. Errors as SolvencyRegistryClient. */
export abstract class VaultContract {
  protected readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly vault: string,
    readonly venueId: bigint,
    protected readonly runner: ContractRunner,
  ) {
    this.contract = new Contract(vault, VAULT_INTERFACE, runner);
  }

  /** @param value wei to send along */
  protected send(action: string, method: string, args: readonly unknown[], value?: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, this.named(action), method, args, value === undefined ? {} : { value });
  }

  protected read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, this.named(action), method, args);
  }

  /** The number that the only `event` of a transaction gives in `field`. */
  protected async numbered(receipt: ChainReceipt, event: string, field: string): Promise<Numbered> {
    const mined = await this.runner.provider?.getTransactionReceipt(receipt.transactionHash);
    for (const log of mined?.logs ?? []) {
      const parsed = VAULT_INTERFACE.parseLog(log);
      if (parsed?.name === event) return { receipt, id: parsed.args.getValue(field) as bigint };
    }
    throw new ChainRequestError(`the vault took a transaction but its ${event} is not to be found: ask the node for the transaction`, {
      transactionHash: receipt.transactionHash,
    });
  }

  /** A field of the last event of a kind, whose indexed arguments are `topics`; undefined where there is none. */
  protected async lastOf(event: string, topics: readonly unknown[], field: string): Promise<string | undefined> {
    const filter = this.contract.filters[event];
    if (filter === undefined) throw new ChainRequestError(`the vault's interface lacks ${event}`);
    const action = this.named(`looking for ${event}`);
    const logs = await this.contract.queryFilter(filter(...topics)).catch((cause: unknown) => {
      throw chainError(cause, action, VAULT_INTERFACE);
    });
    const last = logs.at(-1);
    return last instanceof EventLog ? (last.args.getValue(field) as string) : undefined;
  }

  private named(action: string): string {
    return `${action} (venue ${this.venueId})`;
  }
}
