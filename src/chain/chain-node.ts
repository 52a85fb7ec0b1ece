import { hexlify, isError, toQuantity, type Interface, type JsonRpcProvider } from 'ethers';
import { chainError } from './contract-call.js';
import { ChainRequestError, WrongChainError } from './errors.js';
import { bytes, count, hash, objectOrNull, quantity } from './node-answers.js';

/** One block. Its hash pins it: questions about it are answered by this block's state or not at all, also across a reorg. */
export interface BlockMark {
  readonly number: number;
  readonly hash: string;
}

/** The newest block. */
export interface ChainHead extends BlockMark {
  /** Wei a unit of gas. */
  readonly baseFee: bigint;
  /** Gas that a block takes. */
  readonly gasLimit: bigint;
}

/** What became of a transaction that is in a block. */
export interface TransactionReceipt {
  readonly hash: string;
  readonly block: BlockMark;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
}

/** A call as an account would make it. */
export interface CallDraft {
  readonly from: string;
  readonly to: string;
  readonly data: Uint8Array;
}

/**
 * What a node said of bytes it was sent. 'sent': it has them. 'nonce-used': a block holds another, or the same, transaction of this
 * nonce. 'underpriced': it holds another of this nonce that pays nearly as much, or wants more for any.
 */
export type SendAnswer = 'sent' | 'nonce-used' | 'underpriced';

/** As a share of the estimate: blocks between estimate and transaction change what storage costs. */
const GAS_MARGIN = 4n;
const ALREADY_THERE = /already known|already imported|known transaction/i;
const NONCE_USED = /nonce too low|nonce is too low|old nonce/i;
const UNDERPRICED = /underpriced|max fee per gas less than block base fee|fee too low|feetoolow/i;

/**
 * A node, question by question, nothing cached and every answer checked for its form. What it says is a claim all the same.
 * Every method throws ChainUnreachableError, ChainAnswerError or ChainRequestError.
 */
export class ChainNode {
  constructor(
    private readonly provider: JsonRpcProvider,
    readonly chainId: bigint,
  ) {}

  /** Asked anew each time: an end point may be pointed at another chain while this process runs. @throws WrongChainError */
  async requireChain(): Promise<void> {
    const actual = quantity('eth_chainId', await this.ask('eth_chainId', []));
    if (actual !== this.chainId) {
      throw new WrongChainError(
        `the end point now serves chain ${actual}, expected chain ${this.chainId}: nothing was signed; point at a node of chain ${this.chainId}`,
        { expected: this.chainId, actual },
      );
    }
  }

  async head(): Promise<ChainHead> {
    const method = 'eth_getBlockByNumber';
    const block = objectOrNull(method, await this.ask(method, ['latest', false]));
    if (block === undefined) throw new ChainRequestError('the chain has no block: ask the node for its state');
    if (block['baseFeePerGas'] === undefined) throw new ChainRequestError('blocks of this chain have no base fee (EIP-1559): it is older than the transactions of a publisher');
    return {
      number: count(method, block['number']), hash: hash(method, block['hash']),
      baseFee: quantity(method, block['baseFeePerGas']), gasLimit: quantity(method, block['gasLimit']),
    };
  }

  /** Hash of the block that now has a number; undefined beyond the newest. */
  async blockHash(number: number): Promise<string | undefined> {
    const method = 'eth_getBlockByNumber';
    const block = objectOrNull(method, await this.ask(method, [toQuantity(number), false]));
    return block === undefined ? undefined : hash(method, block['hash']);
  }

  /** Number of the newest block that consensus made final. */
  async finalizedNumber(): Promise<number> {
    const method = 'eth_getBlockByNumber';
    const block = objectOrNull(method, await this.ask(method, ['finalized', false]));
    if (block === undefined) throw new ChainRequestError('the node names no finalized block: configure a number of confirmations instead');
    return count(method, block['number']);
  }

  /** Transactions of an account up to a block: its next nonce there. */
  async nonceAt(account: string, { hash: blockHash }: BlockMark): Promise<number> {
    const method = 'eth_getTransactionCount';
    return count(method, await this.ask(method, [account, { blockHash, requireCanonical: true }]));
  }

  /** Next nonce after those that wait in this node, without a gap. */
  async pendingNonce(account: string): Promise<number> {
    return count('eth_getTransactionCount', await this.ask('eth_getTransactionCount', [account, 'pending']));
  }

  /** What a view function returns by a block's state, in hex. */
  async call(to: string, data: string, { hash: blockHash }: BlockMark, action: string, contract: Interface): Promise<string> {
    return bytes('eth_call', await this.ask('eth_call', [{ to, data }, { blockHash, requireCanonical: true }], action, contract));
  }

  /** Undefined while no block that this node knows holds the transaction. */
  async receipt(transactionHash: string): Promise<TransactionReceipt | undefined> {
    const method = 'eth_getTransactionReceipt';
    const receipt = objectOrNull(method, await this.ask(method, [transactionHash]));
    if (receipt === undefined) return undefined;
    return {
      hash: hash(method, receipt['transactionHash']),
      block: { number: count(method, receipt['blockNumber']), hash: hash(method, receipt['blockHash']) },
      succeeded: quantity(method, receipt['status']) === 1n,
      gasUsed: quantity(method, receipt['gasUsed']),
    };
  }

  /** Whether the node holds a transaction, in a block or waiting. */
  async knows(transactionHash: string): Promise<boolean> {
    return objectOrNull('eth_getTransactionByHash', await this.ask('eth_getTransactionByHash', [transactionHash])) !== undefined;
  }

  /** Wei a unit of gas that the node advises; 0 where it does not advise. */
  async suggestedPriorityFee(): Promise<bigint> {
    try {
      return quantity('eth_maxPriorityFeePerGas', await this.ask('eth_maxPriorityFeePerGas', []));
    } catch (cause) {
      // Not every node has the method; the caller's floor decides then.
      if (cause instanceof ChainRequestError) return 0n;
      throw cause;
    }
  }

  /** Gas limit for a call: its estimate and a quarter more, at most a block's. @throws ContractRevertedError when it would be refused now */
  async gasLimit({ from, to, data }: CallDraft, head: ChainHead, action: string, contract: Interface): Promise<bigint> {
    const call = { from, to, data: hexlify(data) };
    // By the newest block, not by what waits: an earlier attempt that waits would make the same call fail.
    const estimate = quantity('eth_estimateGas', await this.ask('eth_estimateGas', [call, 'latest'], action, contract));
    const wanted = estimate + estimate / GAS_MARGIN;
    return wanted <= head.gasLimit || estimate > head.gasLimit ? wanted : head.gasLimit;
  }

  /** Sends bytes that were signed and stored before. An error means that they may have arrived or not. */
  async send(raw: string): Promise<SendAnswer> {
    try {
      await this.provider.send('eth_sendRawTransaction', [raw]);
      return 'sent';
    } catch (cause) {
      const said = saidBy(cause);
      if (ALREADY_THERE.test(said)) return 'sent';
      if (isError(cause, 'NONCE_EXPIRED') || NONCE_USED.test(said)) return 'nonce-used';
      if (isError(cause, 'REPLACEMENT_UNDERPRICED') || UNDERPRICED.test(said)) return 'underpriced';
      throw chainError(cause, 'sending a signed transaction');
    }
  }

  private async ask(method: string, params: unknown[], action = `asking the node (${method})`, contract?: Interface): Promise<unknown> {
    try {
      return (await this.provider.send(method, params)) as unknown;
    } catch (cause) {
      if (isNodeFailure(cause)) throw new ChainRequestError(`${action}: the node refused to answer (${saidBy(cause) || 'no reason given'})`, { action }, { cause });
      throw chainError(cause, action, contract);
    }
  }
}

/** The node's own words, which ethers keeps beside its own; empty where no node spoke. */
function saidBy(cause: unknown): string {
  const holder = memberOf(cause, 'info') ?? cause;
  const message = memberOf(memberOf(holder, 'error'), 'message');
  return typeof message === 'string' ? message.slice(0, 500) : '';
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;
}

/** ethers takes whatever a node complains of in a call for a refusal by the contract: a pruned state, a limit of requests. */
function isNodeFailure(cause: unknown): boolean {
  return isError(cause, 'CALL_EXCEPTION') && (cause.data === null || cause.data === '0x') && !/revert|out of gas|invalid opcode/i.test(saidBy(cause));
}
