import { getAddress, toQuantity, type Interface, type Result } from 'ethers';
import { chainError } from '../contract-call.js';
import { ChainUnreachableError } from '../errors.js';
import { ChainAnswerError, bytes, count, hash, objectOrNull } from '../node-answers.js';
import { ChainReorganisedError } from './history-errors.js';
import type { RpcReader } from './rpc-source.js';
import type { BlockPlace, EventPlace } from './event-place.js';

/** One event, decoded. */
export interface HistoryEvent {
  readonly name: string;
  readonly args: Result;
  readonly at: EventPlace;
}

export type Topics = readonly (string | readonly string[] | null)[];

interface RawLog {
  readonly block: number;
  readonly blockHash: string;
  readonly time: number | undefined;
  readonly transaction: string;
  readonly logIndex: number;
  readonly topics: readonly string[];
  readonly data: string;
}

/** Reads events of contracts between two blocks, in ranges as large as the node takes. */
export class LogReader {
  /** Most blocks asked for at once: halved by refusals, doubled by answers. */
  private span: number;
  private readonly blocks = new Map<number, Promise<BlockPlace>>();
  /** Blocks answered for, of all questions. */
  blocksRead = 0;

  constructor(
    private readonly rpc: RpcReader,
    private readonly from: number,
    private readonly to: number,
    private readonly onRange: () => void = () => undefined,
  ) {
    this.span = Math.max(1, to - from + 1);
  }

  /** Events of one contract in chain order; those the interface does not know are left out. */
  async read(address: string, events: Interface, topics: Topics): Promise<HistoryEvent[]> {
    const logs = await this.range(address, topics, this.from, this.to);
    logs.sort((one, other) => one.block - other.block || one.logIndex - other.logIndex);
    requireOneChain(logs);
    const decoded: HistoryEvent[] = [];
    for (const log of logs) {
      const parsed = parse(events, log, address);
      if (parsed !== undefined) decoded.push({ ...parsed, at: await this.placeOf(log) });
    }
    return decoded;
  }

  /** A block by its number, asked once. */
  block(number: number): Promise<BlockPlace> {
    const known = this.blocks.get(number);
    if (known !== undefined) return known;
    const asked = readBlock(this.rpc, toQuantity(number));
    this.blocks.set(number, asked);
    return asked;
  }

  private async range(address: string, topics: Topics, from: number, to: number): Promise<RawLog[]> {
    if (from > to) return [];
    const size = to - from + 1;
    if (size <= this.span) {
      const logs = await this.ask(address, topics, from, to);
      if (logs !== undefined) {
        this.span = Math.min(Math.max(this.span, size * 2), this.to - this.from + 1);
        this.blocksRead += size;
        this.onRange();
        return logs;
      }
      this.span = Math.max(1, Math.floor(size / 2));
    }
    const middle = from + Math.min(this.span, Math.ceil(size / 2)) - 1;
    const first = await this.range(address, topics, from, middle);
    return [...first, ...await this.range(address, topics, middle + 1, to)];
  }

  /** Undefined when the node refuses a range that can be halved: too many blocks, or too many events. */
  private async ask(address: string, topics: Topics, from: number, to: number): Promise<RawLog[] | undefined> {
    const method = 'eth_getLogs';
    let answer: unknown;
    try {
      answer = await this.rpc.ask(method, [{ address, topics, fromBlock: toQuantity(from), toBlock: toQuantity(to) }]);
    } catch (cause) {
      const error = chainError(cause, `reading events of ${address} in blocks ${from} to ${to}`);
      if (from === to || (error instanceof ChainUnreachableError && !isTimeout(cause))) throw error;
      return undefined;
    }
    if (!Array.isArray(answer)) throw new ChainAnswerError(`the node's answer to ${method} is not a list: ask another node, or what stands between`, { method });
    return answer.map((log) => readLog(method, log, address, from, to));
  }

  private async placeOf(log: RawLog): Promise<EventPlace> {
    const { block, blockHash, transaction, logIndex } = log;
    if (log.time !== undefined) return { block, blockHash, time: log.time, transaction, logIndex };
    const header = await this.block(block);
    if (header.hash !== blockHash) throw reorganised(block);
    return { block, blockHash, time: header.time, transaction, logIndex };
  }
}

/** One block. @param which number as a quantity, or a tag */
export async function readBlock(rpc: RpcReader, which: string): Promise<BlockPlace> {
  const method = 'eth_getBlockByNumber';
  const answer = await rpc.ask(method, [which, false]).catch((cause: unknown) => {
    throw chainError(cause, `reading block ${which}`);
  });
  const block = objectOrNull(method, answer);
  if (block === undefined) throw new ChainAnswerError(`the node has no block ${which}: it is behind, or the block is not there yet`, { method, block: which });
  return { number: count(method, block['number']), hash: hash(method, block['hash']), time: count(method, block['timestamp']) };
}

export function reorganised(block: number): ChainReorganisedError {
  return new ChainReorganisedError(`block ${block} was replaced while the history was being read, or the node answers from two chains: read again`, { block });
}

function readLog(method: string, answer: unknown, address: string, from: number, to: number): RawLog {
  const log = objectOrNull(method, answer);
  const topics = log?.['topics'];
  if (log === undefined || !Array.isArray(topics)) throw new ChainAnswerError(`the node's answer to ${method} holds something that is no event: ask another node`, { method });
  const block = count(method, log['blockNumber']);
  if (log['removed'] === true) throw reorganised(block);
  if (block < from || block > to || typeof log['address'] !== 'string' || getAddress(log['address']) !== getAddress(address)) {
    throw new ChainAnswerError(`the node answered ${method} with an event of another contract or block than it was asked for: ask another node`, { method, block });
  }
  return {
    block, blockHash: hash(method, log['blockHash']), transaction: hash(method, log['transactionHash']), logIndex: count(method, log['logIndex']),
    time: log['blockTimestamp'] === undefined || log['blockTimestamp'] === null ? undefined : count(method, log['blockTimestamp']),
    topics: topics.map((topic) => hash(method, topic)), data: bytes(method, log['data']),
  };
}

/** Events of one block have one block hash, and no two one place. */
function requireOneChain(logs: readonly RawLog[]): void {
  logs.forEach((log, place) => {
    const before = logs[place - 1];
    if (before?.block !== log.block) return;
    if (before.blockHash !== log.blockHash || before.logIndex === log.logIndex) throw reorganised(log.block);
  });
}

function parse(events: Interface, { topics, data, block }: RawLog, address: string): Pick<HistoryEvent, 'name' | 'args'> | undefined {
  try {
    const parsed = events.parseLog({ topics, data });
    // Touches every value: ethers decodes some only when they are looked at.
    parsed?.args.toArray(true);
    return parsed === null ? undefined : { name: parsed.name, args: parsed.args };
  } catch (cause) {
    throw new ChainAnswerError(`an event of ${address} in block ${block} is not what its first topic says: ask another node`, { address, block }, { cause });
  }
}

function isTimeout(cause: unknown): boolean {
  return /timeout|timed out/i.test(cause instanceof Error ? cause.message : '');
}
