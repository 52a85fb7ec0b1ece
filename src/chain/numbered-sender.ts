import { Contract, isError, Transaction, type Interface } from 'ethers';
import { chainError } from './contract-call.js';
import { gasPriceOf } from './chain-time.js';
import { ChainRequestError } from './errors.js';
import type { ConnectedSigner } from './wallet.js';

/** A call to be sent, of a contract by its interface. */
export interface NumberedCall {
  /** For messages: "delivering message 0x…". */
  readonly what: string;
  readonly to: string;
  readonly contract: Interface;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly value?: bigint;
}

/** 'occupied': another transaction of that number is under way, or was: look anew. 'dear': gas costs more than allowed. */
export type NumberedOutcome = 'done' | 'reverted' | 'waiting' | 'occupied' | 'dear';

const GAS_MARGIN = 4n;
const POLL_MS = 250;
/** As a share of what a node asks of a replacement. */
const BUMP_PERCENT = 25n;
const MOST_BUMPS = 20n;
const ALREADY_THERE = /already known|already imported|known transaction/i;
const UNDERPRICED = /replacement transaction underpriced|replacement fee too low|underpriced/i;
const TOO_LOW = /nonce too low|nonce has already been used/i;

/**
 * Sends one transaction at a time, each under the number that the chain expects next. Whoever asks for the number, looks what is to be done, and
 * sends under it, does nothing twice: of all transactions that this key ever signed under a number, one comes into a block. So nothing has to be
 * remembered of what was sent, and a process may be killed between sending and block.
 */
export class NumberedSender {
  private stuck: { readonly nonce: number; readonly since: number; bumps: bigint } | undefined;

  constructor(
    readonly signer: ConnectedSigner,
    private readonly settings: {
      /** Most wei a unit of gas. */
      readonly maxGasPrice: bigint;
      /** How long a look waits for a block, milliseconds. */
      readonly patienceMs: number;
      /** After how long a transaction is sent again with higher fees, milliseconds. */
      readonly bumpAfterMs: number;
    },
    private readonly now: () => number = () => Date.now(),
  ) {}

  get address(): string {
    return this.signer.address;
  }

  /** The number of the next transaction: ask for it before looking what is to be done. */
  async number(): Promise<number> {
    return this.signer.getNonce('latest').catch((cause: unknown) => {
      throw chainError(cause, 'asking for the number of the next transaction');
    });
  }

  /** @throws ContractRevertedError where the contract would refuse it now, and the errors of sendTransaction */
  async send({ what, to, contract, method, args, value = 0n }: NumberedCall, nonce: number): Promise<NumberedOutcome> {
    try {
      const called = new Contract(to, contract, this.signer);
      const gas = await called.getFunction(method).estimateGas(...args, { value });
      if (await gasPriceOf(this.signer.provider) > this.settings.maxGasPrice) return 'dear';
      const draft = await this.signer.populateTransaction({ to, data: contract.encodeFunctionData(method, args), value, gasLimit: gas + gas / GAS_MARGIN, nonce });
      delete draft.from;
      this.bump(draft, nonce);
      const raw = await this.signer.signTransaction(draft);
      const { hash } = Transaction.from(raw);
      if (hash === null) throw new ChainRequestError(`${what}: the signer signed nothing: use another key store`);
      return await this.broadcast(raw, what) ?? await this.outcome(hash, nonce);
    } catch (cause) {
      throw chainError(cause, what, contract);
    }
  }

  /** Higher fees than the transaction that will not move; never above what is allowed. */
  private bump(draft: { maxFeePerGas?: unknown; maxPriorityFeePerGas?: unknown; gasPrice?: unknown }, nonce: number): void {
    if (this.stuck?.nonce !== nonce) this.stuck = { nonce, since: this.now(), bumps: 0n };
    else if (this.now() - this.stuck.since > this.settings.bumpAfterMs * Number(this.stuck.bumps + 1n) && this.stuck.bumps < MOST_BUMPS) this.stuck.bumps += 1n;
    const { bumps } = this.stuck;
    if (bumps === 0n) return;
    for (const fee of ['maxFeePerGas', 'maxPriorityFeePerGas', 'gasPrice'] as const) {
      const advised = draft[fee];
      if (typeof advised !== 'bigint') continue;
      const raised = advised * (100n + BUMP_PERCENT) ** bumps / 100n ** bumps;
      draft[fee] = raised < this.settings.maxGasPrice ? raised : this.settings.maxGasPrice;
    }
  }

  /** Undefined when the node has it. */
  private async broadcast(raw: string, what: string): Promise<NumberedOutcome | undefined> {
    try {
      await this.signer.provider.broadcastTransaction(raw);
      return undefined;
    } catch (cause) {
      const text = `${JSON.stringify(cause instanceof Error && 'error' in cause ? cause.error : undefined)} ${String(cause)}`;
      if (ALREADY_THERE.test(text)) return undefined;
      if (UNDERPRICED.test(text) || isError(cause, 'REPLACEMENT_UNDERPRICED')) return 'occupied';
      if (TOO_LOW.test(text) || isError(cause, 'NONCE_EXPIRED')) return 'occupied';
      throw chainError(cause, what);
    }
  }

  private async outcome(hash: string, nonce: number): Promise<NumberedOutcome> {
    const end = this.now() + this.settings.patienceMs;
    for (;;) {
      const receipt = await this.signer.provider.getTransactionReceipt(hash);
      if (receipt !== null) return receipt.status === 1 ? 'done' : 'reverted';
      if (await this.number() > nonce) {
        // Mined between the two questions, or another one of this number was.
        const late = await this.signer.provider.getTransactionReceipt(hash);
        if (late === null) return 'occupied';
        return late.status === 1 ? 'done' : 'reverted';
      }
      if (this.now() >= end) return 'waiting';
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
