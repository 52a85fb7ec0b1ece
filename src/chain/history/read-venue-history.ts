import { getAddress, toQuantity } from 'ethers';
import { chainError } from '../contract-call.js';
import { quantity } from '../node-answers.js';
import { HistoryRangeError, NodeContradictionError } from './history-errors.js';
import { REGISTRY_HISTORY } from './history-events.js';
import { LogReader, readBlock, reorganised } from './log-reader.js';
import { PinnedState } from './pinned-state.js';
import { readDisputes } from './read-disputes.js';
import { readEpochs } from './read-epochs.js';
import { gateOf } from './read-gate.js';
import { marketGaps, readMarkets } from './read-markets.js';
import { readPrices } from './read-prices.js';
import type { HistoryPlace } from './history-place.js';
import { readRegistry } from './read-registry.js';
import { readLimits, readReserves } from './read-reserves.js';
import { RpcReader, type RpcLimits, type RpcSource } from './rpc-source.js';
import type { HistoryGap, VenueHistory } from './venue-history.js';

export interface HistoryQuestion extends RpcLimits {
  readonly registry: string;
  readonly venueId: bigint;
  /** First block whose events are read; 0 unless told. What a venue did before is then known from state alone. */
  readonly fromBlock?: number;
  /** Block everything is read at; the newest unless told. */
  readonly toBlock?: number;
  readonly onProgress?: (progress: HistoryProgress) => void;
}

export type HistoryPart = 'registry' | 'epochs' | 'markets' | 'prices' | 'reserves' | 'disputes' | 'check';

export interface HistoryProgress {
  /** What is being read. */
  readonly part: HistoryPart;
  /** Requests sent so far. */
  readonly requests: number;
  /** Blocks whose events were read, of all contracts together. */
  readonly blocksRead: number;
  /** Blocks between the first and the last. */
  readonly blocks: number;
}

/**
 * Reads everything public about a venue from its contracts, all of it as of one block.
 *
 * State is asked for by that block's hash. A node that contradicts itself is an error, and so is a chain that was reorganised
 * meanwhile; what a node does not give is a gap. Runs in browsers; sends only what asks for contracts, blocks and transactions.
 *
 * @param source a JSON-RPC end point, such as an ethers JsonRpcProvider
 * @throws NodeContradictionError, ChainReorganisedError, HistoryRangeError, ChainUnreachableError, ChainAnswerError, ChainRequestError,
 *   NoContractError, ContractRevertedError (UnknownVenue)
 */
export async function readVenueHistory(source: RpcSource, question: HistoryQuestion): Promise<VenueHistory> {
  const rpc = new RpcReader(source, question);
  const { venueId, fromBlock = 0 } = question;
  const registry = getAddress(question.registry);
  const readAt = await readBlock(rpc, question.toBlock === undefined ? 'latest' : toQuantity(question.toBlock));
  if (fromBlock > readAt.number) throw new HistoryRangeError(`block ${fromBlock} lies after block ${readAt.number}, at which the history is read: choose an earlier first block`, { fromBlock, readAt: readAt.number });
  let part: HistoryPart = 'registry';
  const logs: LogReader = new LogReader(rpc, fromBlock, readAt.number, () => report(part));
  const report = (now: HistoryPart): void => {
    part = now;
    question.onProgress?.({ part, requests: rpc.requests, blocksRead: logs.blocksRead, blocks: readAt.number - fromBlock + 1 });
  };
  const chainId = await readChainId(rpc);
  const state = new PinnedState(rpc, readAt);
  const history = await readParts({ registry, venueId, state, logs, fromBlock }, rpc, report);
  report('check');
  const now = await readBlock(rpc, toQuantity(readAt.number));
  if (now.hash !== readAt.hash) throw reorganised(readAt.number);
  if (await readChainId(rpc) !== chainId) throw new NodeContradictionError('the end point changed chains while it was being read: ask another node');
  return Object.freeze({ chainId, registry, venueId, readAt, fromBlock, ...history });
}

async function readParts(place: HistoryPlace, rpc: RpcReader, report: (part: HistoryPart) => void): Promise<Omit<VenueHistory, 'chainId' | 'registry' | 'venueId' | 'readAt' | 'fromBlock'>> {
  const { events, gaps: registryGaps, ...registry } = await readRegistry(place);
  report('epochs');
  const announced = await readEpochs(place, { events, base: registry.base, config: registry.config });
  report('markets');
  const { markets, priceBoard, changes: marketChanges } = await readMarkets(place, registry.config.markets);
  report('prices');
  const prices = priceBoard === undefined ? undefined : await readPrices(place, priceBoard);
  report('reserves');
  const reserves = await readReserves(place, rpc, { ...registry, events, gaps: registryGaps });
  const limited = await readLimits(place, rpc, reserves, announced.epochs);
  report('disputes');
  const disputes = registry.config.disputes === undefined ? undefined : await readDisputes(place, registry.config.disputes);
  const mode = await place.state.value(place.registry, REGISTRY_HISTORY, 'mode', [place.venueId]) as bigint;
  const { gate, gaps: gateGaps } = gateOf(mode, registry, limited.epochs.at(-1), markets, reserves.reserves.state, disputes?.disputedSince, place.state.block);
  const gaps: HistoryGap[] = [
    ...registryGaps, ...announced.gaps, ...marketGaps(markets, limited.epochs, place.fromBlock), ...(prices?.gaps ?? []), ...reserves.gaps, ...limited.gaps, ...gateGaps,
  ];
  const changes = [...marketChanges, ...(prices?.changes ?? []), ...reserves.changes]
    .sort((one, other) => one.proposed.block - other.proposed.block || one.proposed.logIndex - other.proposed.logIndex);
  return { ...registry, epochs: limited.epochs, markets, prices: prices?.prices, reserves: reserves.reserves, changes, disputes, gate, gaps };
}

async function readChainId(rpc: RpcReader): Promise<bigint> {
  const answer = await rpc.ask('eth_chainId', []).catch((cause: unknown) => {
    throw chainError(cause, 'asking for the chain id');
  });
  return quantity('eth_chainId', answer);
}
