import { serializeBoard } from '../../audit/board/board-json.js';
import type { CheckingContext } from '../../audit/board/check-documents.js';
import type { BoardDocument } from '../../audit/board/documents.js';
import { readBoard } from '../../audit/board/read-board.js';
import { MAX_ATTESTATION_LENGTH } from '../../attestation/attestation-format.js';
import { connectChain } from '../../chain/connection.js';
import { ClearproofError, messageOf } from '../../error/clearproof-error.js';
import type { BoardRequest, Told } from './protocol.js';

/** Room for the head of a stress attestation; what is larger is not even read. */
const MAX_BYTES = MAX_ATTESTATION_LENGTH + 4_096;

/** Makes a board and tells how that goes. Never rejects: whatever happens is told. */
export async function answer(request: BoardRequest, context: Omit<CheckingContext, 'onChecked'>, tell: (told: Told) => void): Promise<void> {
  try {
    const documents = await Promise.all(request.files.map(documentOf));
    const chain = await connectChain(request.rpc, request.chainId === undefined ? {} : { expectedChainId: request.chainId });
    try {
      const board = await readBoard(chain.provider, {
        registry: request.registry, venueId: request.venueId, documents, ...(request.fromBlock === undefined ? {} : { fromBlock: request.fromBlock }),
        onReading: ({ part, requests, blocksRead }) => tell({ kind: 'reading', part, requests, blocksRead }),
        checking: { ...context, onChecked: (done, of) => tell({ kind: 'checked', done, of }) },
      });
      tell({ kind: 'board', board, text: serializeBoard(board) });
    } finally {
      chain.close();
    }
  } catch (thrown) {
    if (thrown instanceof ClearproofError) tell({ kind: 'refused', code: thrown.code, message: thrown.message });
    else tell({ kind: 'fault', message: messageOf(thrown) });
  }
}

/** A file's text; one too large is handed on empty, so that it is named as unreadable. */
async function documentOf(file: File): Promise<BoardDocument> {
  if (file.size > MAX_BYTES) return { file: file.name, text: '' };
  return { file: file.name, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer()) };
}
