import { CLEARING_HOUSE_INTERFACE } from '../chain/clearing-abi.js';
import { PRICE_BOARD_INTERFACE } from '../chain/board-abi.js';
import { LogReader, type HistoryEvent } from '../chain/history/log-reader.js';
import { RpcReader, type RpcSource } from '../chain/history/rpc-source.js';
import { LIQUIDATION_BIDDERS_INTERFACE } from '../chain/liquidation-bidders-abi.js';
import { LIQUIDATIONS_INTERFACE } from '../chain/liquidations-abi.js';
import type { VenueChange } from './venue-view.js';

/** Contracts whose events tell what happens at a venue. Addresses. */
export interface WatchedContracts {
  /** Undefined where tables are stated: then no price is known. */
  readonly prices: string | undefined;
  readonly house: string;
  readonly liquidations: string;
  readonly bidders: string;
}

/** Kinds by the contracts' events. A slice that is sold changes the account, which the house tells. */
const KINDS: Readonly<Record<string, Exclude<VenueChange['kind'], 'round'>>> = {
  AccountChanged: 'account', Challenged: 'challenged', Defended: 'sound', Frozen: 'frozen', LiquidationStarted: 'started', LiquidationEnded: 'sound', OpeningSealed: 'sealed',
};

/** What happened in blocks `from` to `to`, in chain order. Of accounts of all venues of the house. @throws ChainUnreachableError, ChainAnswerError */
export async function readVenueChanges(source: RpcSource, { prices, house, liquidations, bidders }: WatchedContracts, venueId: bigint, from: number, to: number): Promise<readonly VenueChange[]> {
  const reader = new LogReader(new RpcReader(source), from, to);
  const named = (names: readonly string[], contract: { getEvent(name: string): { readonly topicHash: string } | null }): string[] => names.map((name) => contract.getEvent(name)?.topicHash ?? '');
  const rounds = prices === undefined ? [] : await reader.read(prices, PRICE_BOARD_INTERFACE, PRICE_BOARD_INTERFACE.encodeFilterTopics('RoundOpened', [venueId]));
  const accounts = await reader.read(house, CLEARING_HOUSE_INTERFACE, [named(['AccountChanged'], CLEARING_HOUSE_INTERFACE)]);
  const standings = await reader.read(
    liquidations, LIQUIDATIONS_INTERFACE, [named(['Challenged', 'Defended', 'Frozen', 'LiquidationStarted', 'LiquidationEnded'], LIQUIDATIONS_INTERFACE)],
  );
  const sealed = await reader.read(bidders, LIQUIDATION_BIDDERS_INTERFACE, [named(['OpeningSealed'], LIQUIDATION_BIDDERS_INTERFACE)]);
  return [...rounds, ...accounts, ...standings, ...sealed]
    .sort(({ at: one }, { at: other }) => one.block - other.block || one.logIndex - other.logIndex).flatMap(changeOf);
}

function changeOf({ name, args }: HistoryEvent): readonly VenueChange[] {
  if (name === 'RoundOpened') return [{ kind: 'round', prices: [...(args.getValue('prices') as readonly bigint[])] }];
  const kind = KINDS[name];
  return kind === undefined ? [] : [{ kind, handle: args.getValue('handle') as bigint }];
}
