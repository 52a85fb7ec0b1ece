import type { Log, Provider, Result } from 'ethers';
import type { Auction } from '../liquidation/auction.js';
import type { SoldSlice } from '../liquidation/sold-slice.js';
import { LIQUIDATIONS_INTERFACE } from './liquidations-abi.js';
import { auctionOf, type SolidityAuction } from './liquidations-client.js';
import { splitLogs } from './split-logs.js';

/** Where an event stands. */
export interface LiquidationPlace {
  readonly handle: bigint;
  readonly transaction: string;
  readonly block: number;
}

/** What happened to an account, as its liquidation contract told it. Amounts of bonds are wei. */
export type LiquidationEvent = LiquidationPlace & (
  | { readonly kind: 'challenged'; readonly keeper: string; readonly marketCommitment: bigint; readonly deadline: number; readonly bond: bigint }
  | { readonly kind: 'defended'; readonly marketCommitment: bigint; readonly bond: bigint }
  | { readonly kind: 'frozen' }
  | { readonly kind: 'released'; readonly keeper: string; readonly bond: bigint }
  | { readonly kind: 'started'; readonly liquidation: number; readonly keeper: string; readonly marketCommitment: bigint }
  | { readonly kind: 'ended'; readonly liquidation: number; readonly marketCommitment: bigint }
  | { readonly kind: 'marked'; readonly row: number; readonly payRow: number; readonly accountSells: boolean; readonly liquidation: number; readonly auction: Auction }
  | { readonly kind: 'sold'; readonly slice: SoldSlice }
  | { readonly kind: 'paid'; readonly row: number; readonly quanta: bigint; readonly amount: bigint; readonly covered: bigint }
);

export type LiquidationEventKind = LiquidationEvent['kind'];

/** Which events to read. */
export interface EventSpan {
  /** Undefined: of all accounts. */
  readonly handle?: bigint;
  readonly fromBlock: number;
  /** The latest unless given. */
  readonly toBlock?: number;
}

const KINDS: Readonly<Record<string, LiquidationEventKind>> = {
  Challenged: 'challenged', Defended: 'defended', Frozen: 'frozen', Released: 'released', LiquidationStarted: 'started', LiquidationEnded: 'ended', AuctionMarked: 'marked', SliceSold: 'sold',
  DebtPaid: 'paid',
};

/** What happened to accounts, oldest first. @throws ChainUnreachableError, ChainRequestError */
export async function liquidationEvents(provider: Provider, liquidations: string, { handle, fromBlock, toBlock }: EventSpan): Promise<readonly LiquidationEvent[]> {
  const names = Object.keys(KINDS).map((name) => LIQUIDATIONS_INTERFACE.getEvent(name)?.topicHash ?? '');
  const topics = [names, ...(handle === undefined ? [] : [`0x${handle.toString(16).padStart(64, '0')}`])];
  const logs = await splitLogs(provider, { address: liquidations, topics, fromBlock, toBlock: toBlock ?? 'latest' }, handle === undefined ? 'reading liquidations' : `reading what happened to handle ${handle}`);
  return logs.map(eventOf);
}

/** Slices that were sold of an account, oldest first, with the transaction that each was sold in. */
export async function soldSlices(provider: Provider, liquidations: string, handle: bigint, fromBlock: number): Promise<readonly (SoldSlice & { readonly transaction: string })[]> {
  const events = await liquidationEvents(provider, liquidations, { handle, fromBlock });
  return events.flatMap((event) => (event.kind === 'sold' ? [{ ...event.slice, transaction: event.transaction }] : []));
}

function eventOf({ data, topics, transactionHash, blockNumber }: Log): LiquidationEvent {
  const { name, args } = LIQUIDATIONS_INTERFACE.parseLog({ topics: [...topics], data }) as unknown as { readonly name: string; readonly args: Result };
  const value = (field: string): bigint => args.getValue(field) as bigint;
  const number = (field: string): number => Number(value(field));
  const text = (field: string): string => args.getValue(field) as string;
  const flag = (field: string): boolean => args.getValue(field) as boolean;
  const place = { handle: value('handle'), transaction: transactionHash, block: blockNumber };
  const kind = KINDS[name] as LiquidationEventKind;
  switch (kind) {
    case 'challenged':
      return { ...place, kind, keeper: text('keeper'), marketCommitment: value('marketCommitment'), deadline: number('deadline'), bond: value('bond') };
    case 'defended':
      return { ...place, kind, marketCommitment: value('marketCommitment'), bond: value('bond') };
    case 'frozen':
      return { ...place, kind };
    case 'released':
      return { ...place, kind, keeper: text('keeper'), bond: value('bond') };
    case 'started':
      return { ...place, kind, liquidation: number('liquidation'), keeper: text('keeper'), marketCommitment: value('marketCommitment') };
    case 'ended':
      return { ...place, kind, liquidation: number('liquidation'), marketCommitment: value('marketCommitment') };
    case 'marked':
      return {
        ...place, kind, row: number('row'), payRow: number('payRow'), accountSells: flag('accountSells'), liquidation: number('liquidation'),
        auction: auctionOf(args.getValue('auction') as SolidityAuction),
      };
    case 'sold':
      return {
        ...place, kind,
        slice: {
          handle: place.handle, bidder: value('bidder'), row: number('row'), payRow: number('payRow'), accountSells: flag('accountSells'), quantity: value('quantity'),
          payment: value('payment'), nonce: value('nonce'), penalty: value('penalty'), subsidy: value('subsidy'),
        },
      };
    case 'paid':
      return { ...place, kind, row: number('row'), quanta: value('quanta'), amount: value('amount'), covered: value('covered') };
  }
}
