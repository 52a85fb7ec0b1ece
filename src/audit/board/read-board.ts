import { readVenueHistory, type HistoryProgress, type HistoryQuestion } from '../../chain/history/read-venue-history.js';
import type { RpcSource } from '../../chain/history/rpc-source.js';
import type { Board } from './board.js';
import { boardOf } from './board-of.js';
import { checkDocuments, type CheckingContext } from './check-documents.js';
import type { BoardDocument } from './documents.js';

/** What a board is made from, and who wants to know how far it is. */
export interface BoardQuestion extends Omit<HistoryQuestion, 'onProgress'> {
  /** Attestations and stress attestations. */
  readonly documents: readonly BoardDocument[];
  readonly checking: CheckingContext;
  readonly onReading?: (progress: HistoryProgress) => void;
}

/**
 * Reads a venue's history as of one block, checks the files against it, and makes the board. Behind page and command line alike: the
 * same block and files give the same board.
 *
 * @throws as readVenueHistory
 */
export async function readBoard(source: RpcSource, { documents, checking, onReading, ...question }: BoardQuestion): Promise<Board> {
  const history = await readVenueHistory(source, { ...question, ...(onReading === undefined ? {} : { onProgress: onReading }) });
  return boardOf(history, await checkDocuments(history, documents, checking));
}
