import { toQuantity, type Interface, type Result } from 'ethers';
import { chainError } from '../contract-call.js';
import { ChainRequestError, NoContractError } from '../errors.js';
import { bytes } from '../node-answers.js';
import { readBlock, reorganised } from './log-reader.js';
import { isContractRefusal, type RpcReader } from './rpc-source.js';
import type { BlockPlace } from './event-place.js';

/** State of contracts after one block, named by its hash: a node answers for this block or not at all, also across a reorg. */
export class PinnedState {
  constructor(private readonly rpc: RpcReader, readonly block: BlockPlace) {}

  /** What a view answers, decoded. @throws ContractRevertedError, NoContractError, ChainReorganisedError, ChainUnreachableError, ChainRequestError */
  async call(address: string, contract: Interface, method: string, args: readonly unknown[]): Promise<Result> {
    const action = `reading ${method} of ${address}`;
    try {
      const answer = bytes('eth_call', await this.ask(address, contract, method, args, action));
      if (answer === '0x') throw new NoContractError(`${action}: the address holds no such contract at block ${this.block.number}; check address and chain`, { address });
      return contract.decodeFunctionResult(method, answer);
    } catch (cause) {
      throw chainError(cause, action, contract);
    }
  }

  /** The first value of what a view answers. */
  async value(address: string, contract: Interface, method: string, args: readonly unknown[]): Promise<unknown> {
    return (await this.call(address, contract, method, args))[0];
  }

  /** Undefined where the contract has no such view, refuses, or answers something else: for contracts whose kind is not known. */
  async tryValue(address: string, contract: Interface, method: string, args: readonly unknown[]): Promise<unknown> {
    const action = `reading ${method} of ${address}`;
    let answer: unknown;
    try {
      answer = await this.ask(address, contract, method, args, action);
    } catch (cause) {
      if (isContractRefusal(cause)) return undefined;
      throw chainError(cause, action);
    }
    try {
      return contract.decodeFunctionResult(method, bytes('eth_call', answer))[0] as unknown;
    } catch {
      // A contract of another kind answers in its own way: that is what was asked.
      return undefined;
    }
  }

  private async ask(address: string, contract: Interface, method: string, args: readonly unknown[], action: string): Promise<unknown> {
    const data = contract.encodeFunctionData(method, args);
    try {
      return await this.rpc.ask('eth_call', [{ to: address, data }, { blockHash: this.block.hash, requireCanonical: true }]);
    } catch (cause) {
      if (isContractRefusal(cause)) throw cause;
      const error = chainError(cause, action);
      if (error.code !== 'CONTRACT_REVERTED' && error.code !== 'CHAIN_REQUEST') throw error;
      // The node refused, not the contract: it may not have the block any more.
      if ((await readBlock(this.rpc, toQuantity(this.block.number))).hash !== this.block.hash) throw reorganised(this.block.number);
      throw new ChainRequestError(`${action}: the node gives no state of block ${this.block.number}; name a node that keeps the state of old blocks`, { address, block: this.block.number }, { cause });
    }
  }
}
