import { ClearproofError } from '../error/clearproof-error.js';

/** Fields of a keeper's configuration, each fine by itself, that contradict each other, or a file that one names cannot be used. `details.field`. */
export class KeeperConfigError extends ClearproofError {
  readonly code = 'KEEPER_CONFIG';
}

/** A keeper's state is of another venue, chain or account than it is started for. */
export class KeeperStateError extends ClearproofError {
  readonly code = 'KEEPER_STATE';
}

/** The venue has no rules for liquidations, or no contract for them: there is nothing to keep. */
export class NothingToKeepError extends ClearproofError {
  readonly code = 'NOTHING_TO_KEEP';
}

/** Metrics have no token: they are for this machine only. */
export class KeeperMetricsError extends ClearproofError {
  readonly code = 'KEEPER_METRICS';
}

/** The venue's registry has no circuit of an account's or table's shape. `details.template`. */
export class KeeperCircuitError extends ClearproofError {
  readonly code = 'KEEPER_CIRCUIT';
}
