import { isError } from 'ethers';
import { chainError } from '../contract-call.js';
import { ChainUnreachableError } from '../errors.js';

/** What a history is read from: one JSON-RPC end point. An ethers JsonRpcProvider is one. */
export interface RpcSource {
  send(method: string, params: unknown[]): Promise<unknown>;
}

export interface RpcLimits {
  /** Requests under way at once; 6 unless told. */
  readonly concurrency?: number;
  /** How often one request is asked again where no answer came; 4 unless told. */
  readonly retries?: number;
  /** Waits between attempts; real time unless a test says otherwise. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

const CONCURRENCY = 6;
const RETRIES = 4;
const FIRST_WAIT_MS = 250;

/** Asks a node with so many requests at once and so many attempts each. Answers are not looked at here. */
export class RpcReader {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly concurrency: number;
  private readonly retries: number;
  private readonly wait: (milliseconds: number) => Promise<void>;
  /** Requests sent, attempts included. */
  requests = 0;

  constructor(private readonly source: RpcSource, limits: RpcLimits = {}) {
    this.concurrency = Math.max(1, limits.concurrency ?? CONCURRENCY);
    this.retries = limits.retries ?? RETRIES;
    this.wait = limits.wait ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  }

  /** The answer to one request. @throws ChainUnreachableError after the last attempt; what the node refuses, as ethers throws it */
  async ask(method: string, params: unknown[]): Promise<unknown> {
    await this.enter();
    try {
      return await this.attempt(method, params);
    } finally {
      this.leave();
    }
  }

  private async attempt(method: string, params: unknown[]): Promise<unknown> {
    for (let attempt = 0; ; attempt += 1) {
      this.requests += 1;
      try {
        return await this.source.send(method, params);
      } catch (cause) {
        if (!isTransient(cause)) throw cause;
        if (attempt >= this.retries) throw chainError(cause, `asking the node (${method}, ${attempt + 1} times)`);
        await this.wait(FIRST_WAIT_MS * 2 ** attempt);
      }
    }
  }

  private async enter(): Promise<void> {
    if (this.running >= this.concurrency) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}

/** No answer came, or one that says "later": the same question may be answered yet. */
function isTransient(cause: unknown): boolean {
  return isError(cause, 'NETWORK_ERROR') || isError(cause, 'SERVER_ERROR') || isError(cause, 'TIMEOUT')
    || chainError(cause, '') instanceof ChainUnreachableError || unknownBlock(cause);
}

/** Behind one address stand several nodes, of which some are a block late. */
function unknownBlock(cause: unknown): boolean {
  return /header not found|unknown block|block not found|BlockOutOfRange|block.{0,20}does not exist/i.test(nodeMessage(cause));
}

/** Whether a contract refused, rather than the node: ethers calls both a call exception. */
export function isContractRefusal(cause: unknown): boolean {
  if (!isError(cause, 'CALL_EXCEPTION')) return false;
  return (cause.data !== null && cause.data !== '0x') || /revert|invalid opcode|out of gas|invalid jump|stack (under|over)flow/i.test(nodeMessage(cause));
}

/** What the node itself said, as far as ethers kept it. */
function nodeMessage(cause: unknown): string {
  if (!isError(cause, 'UNKNOWN_ERROR') && !isError(cause, 'CALL_EXCEPTION')) return '';
  return JSON.stringify([cause.info?.['error'], 'error' in cause ? cause.error : undefined]);
}
