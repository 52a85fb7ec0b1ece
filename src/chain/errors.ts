import { ClearproofError } from '../error/clearproof-error.js';

/** No answer from the chain's JSON-RPC end point, or none in time. `details.host`, `details.timeoutMs`. */
export class ChainUnreachableError extends ClearproofError {
  readonly code = 'CHAIN_UNREACHABLE';
}

/** The end point serves another chain than the one asked for. `details.expected`, `details.actual`. */
export class WrongChainError extends ClearproofError {
  readonly code = 'WRONG_CHAIN';
}

/** A contract refused a call. `errorName` is its custom error, or undefined where it gave none that is known here. */
export class ContractRevertedError extends ClearproofError {
  readonly code = 'CONTRACT_REVERTED';
  readonly errorName: string | undefined;
  /** Arguments of the custom error by name; integers in decimal. */
  readonly args: Readonly<Record<string, string>>;

  constructor(action: string, errorName: string | undefined, args: Readonly<Record<string, string>>, options: { cause: unknown }) {
    const values = Object.entries(args).map(([name, value]) => `${name} ${value}`);
    super(`${action} was refused by the contract: ${errorName ?? 'no reason given'}${values.length > 0 ? ` (${values.join(', ')})` : ''}`, { action, ...args }, options);
    this.errorName = errorName;
    this.args = args;
  }
}

/** The chain did not take a transaction for a reason outside the contract: funds, nonce, fees, node failure. */
export class ChainRequestError extends ClearproofError {
  readonly code = 'CHAIN_REQUEST';
}

/** There is no contract of the expected kind at an address. */
export class NoContractError extends ClearproofError {
  readonly code = 'NO_CONTRACT';
}

/** What a registry stores and what it announced of an epoch do not agree, or the announcement is missing. */
export class OnChainRecordError extends ClearproofError {
  readonly code = 'ON_CHAIN_RECORD';
}

/** An epoch was to be published over a market table that the venue's market source has not accepted. `details.commitment`. */
export class MarketNotAcceptedError extends ClearproofError {
  readonly code = 'MARKET_NOT_ACCEPTED';
}

/** A deployment file is missing, not JSON, or not of the form this version reads. `details.file`, `details.field`. */
export class DeploymentFileError extends ClearproofError {
  readonly code = 'DEPLOYMENT_FILE';
}

/** A venue's reserves are of the other kind: an escrow where a vault is needed, or a vault where an escrow is. */
export class ReservesError extends ClearproofError {
  readonly code = 'RESERVES';
}

/** A venue has no contract that its users could challenge an omission at. `details.venueId`. */
export class NoDisputesError extends ClearproofError {
  readonly code = 'NO_DISPUTES';
}

/** A venue's accounts cannot settle on chain: no clearing house was deployed for it. `details.venueId`. */
export class NoClearingHouseError extends ClearproofError {
  readonly code = 'NO_CLEARING_HOUSE';
}

/** A venue's accounts cannot be liquidated: its deployment file is from before anything could. `details.venueId`. */
export class NoLiquidationsError extends ClearproofError {
  readonly code = 'NO_LIQUIDATIONS';
}

/** A compiled contract is missing or damaged. `details.file`. */
export class ContractArtifactError extends ClearproofError {
  readonly code = 'CONTRACT_ARTIFACT';
}

/** The local test chain did not start, or stopped. */
export class AnvilError extends ClearproofError {
  readonly code = 'ANVIL';
}

/** What a venue wants of its boards contradicts what they hold for good, or the active parameters are not the ones named. */
export class BoardChangeError extends ClearproofError {
  readonly code = 'BOARD_CHANGE';
}
