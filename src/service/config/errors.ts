import { ClearproofError } from '../../error/clearproof-error.js';

/** The configuration file, or a file it names, cannot be read. */
export class ConfigReadError extends ClearproofError {
  readonly code = 'CONFIG_READ';
}

/** An environment variable that looks like a field of the configuration and is none. */
export class ConfigVariableError extends ClearproofError {
  readonly code = 'CONFIG_VARIABLE';
}

/** Two fields, each fine by itself, that contradict each other. */
export class ConfigConflictError extends ClearproofError {
  readonly code = 'CONFIG_CONFLICT';
}

/** A secret is needed for what is to run and is not there. */
export class SecretMissingError extends ClearproofError {
  readonly code = 'SECRET_MISSING';
}

/** Others may read a secret, or change what the service trusts. */
export class FileModeError extends ClearproofError {
  readonly code = 'FILE_MODE';
}

/** A key that the venue's registry does not verify with, or a circuit it does not know. */
export class KeyNotDeployedError extends ClearproofError {
  readonly code = 'KEY_NOT_DEPLOYED';
}

/** Tokens would go over a network unencrypted. */
export class UnsafeListenerError extends ClearproofError {
  readonly code = 'UNSAFE_LISTENER';
}

/** Accounts and salts would go to a database over a network unencrypted. */
export class UnsafeDatabaseError extends ClearproofError {
  readonly code = 'UNSAFE_DATABASE';
}

/** The database server answers and does not let the service in, or its certificate is not to be trusted. */
export class DatabaseRefusedError extends ClearproofError {
  readonly code = 'DATABASE_REFUSED';
}
