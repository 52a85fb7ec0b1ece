import { ContractRevertedError, MarketNotAcceptedError, NoContractError, OnChainRecordError, WrongChainError } from '../../chain/errors.js';
import { RegistryCallError } from '../../chain/registry-calls.js';
import type { ClearproofError } from '../../error/clearproof-error.js';
import { DatabaseUnavailableError, StorageError } from '../../store/database.js';
import { EpochPublishedOtherwiseError, MisplacedEntryError, NodeContradictionError, TransactionRevertedError } from './publication-errors.js';

/**
 * What an error means for the entry it happened to. 'stop': for no entry anything can be done. 'dead': trying again cannot help.
 * 'refused': it may pass, and is counted. 'failed': nothing was said about the entry; tried again without end.
 */
export type Consequence = 'stop' | 'dead' | 'refused' | 'failed';

/** Refusals of the registry that others, or time, can take away. WrongEpoch is one: what stands decides whether it is too early or too late. */
const PASSING: ReadonlySet<string> = new Set(['SnapshotNotOpened', 'UnknownMarket', 'WrongEpoch']);

export function consequenceOf(error: ClearproofError): Consequence {
  if (error instanceof WrongChainError || error instanceof NodeContradictionError || error instanceof NoContractError || error instanceof OnChainRecordError) return 'stop';
  if (error instanceof DatabaseUnavailableError || error instanceof StorageError) return 'stop';
  if (error instanceof EpochPublishedOtherwiseError || error instanceof MisplacedEntryError || error instanceof RegistryCallError) return 'dead';
  if (error instanceof MarketNotAcceptedError || error instanceof TransactionRevertedError) return 'refused';
  if (error instanceof ContractRevertedError) return error.errorName === undefined || PASSING.has(error.errorName) ? 'refused' : 'dead';
  return 'failed';
}
