import { ClearproofError } from '../../error/clearproof-error.js';

/** Two answers of a node cannot both be true: event and state, hash and content. `details` name them. Ask another node. */
export class NodeContradictionError extends ClearproofError {
  readonly code = 'NODE_CONTRADICTION';
}

/** The chain that was being read is no longer the node's chain. `details.block`. Read again. */
export class ChainReorganisedError extends ClearproofError {
  readonly code = 'CHAIN_REORGANISED';
}

/** The block range to read makes no sense on this chain. */
export class HistoryRangeError extends ClearproofError {
  readonly code = 'HISTORY_RANGE';
}
