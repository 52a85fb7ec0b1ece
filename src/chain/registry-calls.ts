import { getBytes, hexlify, isError } from 'ethers';
import { ClearproofError } from '../error/clearproof-error.js';
import { toSoliditySubmission, type EpochSubmission } from './epoch-submission.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';

/** Bytes that were to be sent to a registry are no call of it that this version makes. */
export class RegistryCallError extends ClearproofError {
  readonly code = 'REGISTRY_CALL';
}

/** What a submitted epoch is told by: any other epoch differs in one of these. */
export interface EpochClaim {
  readonly marketCommitment: bigint;
  readonly genesisAccumulator: bigint;
  readonly finalAccumulator: bigint;
  readonly accountsRoot: bigint;
}

/** What a call to the registry would do. */
export type RegistryCall =
  | { readonly kind: 'open-snapshot'; readonly venueId: bigint }
  | { readonly kind: 'submit-epoch'; readonly venueId: bigint; readonly epoch: number; readonly claim: EpochClaim };

/** Calldata of `openSnapshot`. */
export function openSnapshotCall(venueId: bigint): Uint8Array {
  return getBytes(REGISTRY_INTERFACE.encodeFunctionData('openSnapshot', [venueId]));
}

/** Calldata of `submitEpoch`. */
export function submitEpochCall(venueId: bigint, submission: EpochSubmission): Uint8Array {
  return getBytes(REGISTRY_INTERFACE.encodeFunctionData('submitEpoch', [venueId, toSoliditySubmission(submission)]));
}

/** Reads calldata back. @throws RegistryCallError for bytes that neither of the above made */
export function readRegistryCall(calldata: Uint8Array): RegistryCall {
  const data = hexlify(calldata);
  try {
    const call = REGISTRY_INTERFACE.parseTransaction({ data });
    if (call?.name === 'openSnapshot') return { kind: 'open-snapshot', venueId: call.args[0] as bigint };
    if (call?.name === 'submitEpoch') return readSubmission(call.args[0] as bigint, call.args[1] as DecodedSubmission);
  } catch (cause) {
    if (!isError(cause, 'BUFFER_OVERRUN') && !isError(cause, 'INVALID_ARGUMENT')) throw cause;
    throw new RegistryCallError(`${calldata.length} bytes begin like a call of the registry and do not end like one: the stored entry is damaged`, {}, { cause });
  }
  throw new RegistryCallError(`${data.slice(0, 10)} is the selector of no call that a publisher makes: the stored entry is damaged`);
}

interface DecodedSubmission {
  readonly epoch: bigint;
  readonly marketCommitment: bigint;
  readonly genesisAccumulator: bigint;
  readonly batches: readonly { readonly accumulatorAfter: bigint }[];
  readonly close: { readonly accountsRoot: bigint };
}

function readSubmission(venueId: bigint, { epoch, marketCommitment, genesisAccumulator, batches, close }: DecodedSubmission): RegistryCall {
  const last = batches[batches.length - 1];
  const claim = { marketCommitment, genesisAccumulator, finalAccumulator: last?.accumulatorAfter ?? genesisAccumulator, accountsRoot: close.accountsRoot };
  return { kind: 'submit-epoch', venueId, epoch: Number(epoch), claim };
}
