import { ClearproofError } from '../../error/clearproof-error.js';

/** Fields of a relayer's or validator's configuration that contradict each other or what the chains say. `details.field`. */
export class RelayConfigError extends ClearproofError {
  readonly code = 'RELAY_CONFIG';
}

/** A relayer's state is of other routes than it is started for. */
export class RelayStateError extends ClearproofError {
  readonly code = 'RELAY_STATE';
}

/** A journal of signatures is damaged, or another validator's. */
export class JournalError extends ClearproofError {
  readonly code = 'SIGNATURE_JOURNAL';
}

/** The source chain says another thing of an index than what was signed: a signature would stand against one that is out. Ends the validator. */
export class SourceReorganisedError extends ClearproofError {
  readonly code = 'SOURCE_REORGANISED';
}

/** The node contradicts itself, or lacks messages that its tree has: nothing was signed, and it is asked again. */
export class SourceUnsteadyError extends ClearproofError {
  readonly code = 'SOURCE_UNSTEADY';
}

/** A validator's signature cannot be read, or is none. `details.index`. */
export class SignatureSourceError extends ClearproofError {
  readonly code = 'SIGNATURE_SOURCE';
}
