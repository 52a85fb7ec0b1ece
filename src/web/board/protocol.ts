import type { Board } from '../../audit/board/board.js';
import type { HistoryPart } from '../../chain/history/read-venue-history.js';

/** What a reader asks the board page for. */
export interface BoardRequest {
  /** End point of a chain. */
  readonly rpc: string;
  /** Undefined for any chain. */
  readonly chainId: bigint | undefined;
  readonly registry: string;
  readonly venueId: bigint;
  readonly fromBlock: number | undefined;
  readonly files: readonly File[];
}

/** What the worker tells while it works; the last is `board`, `refused` or `fault`. */
export type Told =
  | { readonly kind: 'reading'; readonly part: HistoryPart; readonly requests: number; readonly blocksRead: number }
  | { readonly kind: 'checked'; readonly done: number; readonly of: number }
  /** @property text the board as it is exported */
  | { readonly kind: 'board'; readonly board: Board; readonly text: string }
  /** No board, for a reason with a code. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** The program itself failed. */
  | { readonly kind: 'fault'; readonly message: string };
