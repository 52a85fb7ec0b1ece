import { ClearproofError } from '../../error/clearproof-error.js';

/** The epoch stands at the registry with other content, for good. `details.epoch`, `details.accountsRoot`. */
export class EpochPublishedOtherwiseError extends ClearproofError {
  readonly code = 'EPOCH_TAKEN';
}

/** A node contradicts itself: no answer of it can be relied on, so nothing more is signed. */
export class NodeContradictionError extends ClearproofError {
  readonly code = 'NODE_CONTRADICTION';
}

/** A transaction of this publisher was mined and refused by the contract. `details.transaction`. */
export class TransactionRevertedError extends ClearproofError {
  readonly code = 'TRANSACTION_REVERTED';
}

/** An entry is for another contract, venue or epoch than this publisher's, or than its own bytes say. */
export class MisplacedEntryError extends ClearproofError {
  readonly code = 'MISPLACED_ENTRY';
}

/** Settings that a publisher cannot work with. `details.setting`. */
export class PublicationSettingsError extends ClearproofError {
  readonly code = 'PUBLICATION_SETTINGS';
}

/** An entry that something waits for is among the dead. `details.epoch`, `details.kind`. Once its cause is gone, it can be tried again. */
export class PublicationGivenUpError extends ClearproofError {
  readonly code = 'PUBLICATION_GIVEN_UP';
}
