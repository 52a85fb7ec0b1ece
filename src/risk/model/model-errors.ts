import { ClearproofError } from '../../error/clearproof-error.js';

/** A setting of the risk model lies outside what it can be. */
export class ModelSettingsError extends ClearproofError {
  readonly code = 'MODEL_SETTINGS';
}

/** Fewer days of history than the model needs before its first forecast. */
export class ShortHistoryError extends ClearproofError {
  readonly code = 'SHORT_HISTORY';
}

/** A statistic came out as no finite number of at least zero: it must not become a parameter. */
export class ModelNumberError extends ClearproofError {
  readonly code = 'MODEL_NUMBER';
}
