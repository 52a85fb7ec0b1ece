import type { OnChainRecord } from '../attestation/on-chain-record.js';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { connectChain, type ChainConnection } from './connection.js';
import { ContractRevertedError, OnChainRecordError } from './errors.js';
import { OmissionChallengesClient, disputesOfVenue } from './omission-client.js';
import { readOnChainRecord } from './read-on-chain-record.js';
import { SolvencyRegistryClient } from './registry-client.js';
import { readRetiredCircuits, type RetiredCircuit } from './retired-circuits.js';
import { readVerifierCodes } from './verifier-codes.js';

/** Which epoch of which venue is asked about. All that the end point learns. */
export interface RecordPlace {
  readonly registry: string;
  readonly venueId: bigint;
  readonly epoch: number;
}

/** What a chain said of an epoch. */
export type ChainAnswer =
  | {
    readonly source: 'chain';
    readonly record: OnChainRecord;
    /** Number of the venue's last accepted epoch. */
    readonly latestEpoch: number;
    /** Whether a challenge of the epoch is open or was lost; undefined where that cannot be asked. */
    readonly contested?: boolean;
    /** keccak256 of the code of the record's verifiers, by circuit id; where it was asked for. */
    readonly verifierCodes?: ReadonlyMap<bigint, string>;
    /** Circuits that the epoch rests on and that were retired since. */
    readonly retired: readonly RetiredCircuit[];
  }
  /** The contract answered that there is no such epoch, or contradicts itself. */
  | { readonly source: 'refused'; readonly reason: string }
  /** No answer: that says nothing about the venue. */
  | { readonly source: 'none'; readonly reason: string };

/**
 * Asks an end point what the registry recorded of an epoch. Runs in browsers. What goes wrong is an answer too, never an exception.
 *
 * @param wanted whether to ask for the verifiers' code too
 */
export async function askChain(rpc: string, { registry, venueId, epoch }: RecordPlace, wanted: { readonly verifierCodes?: boolean } = {}): Promise<ChainAnswer> {
  try {
    const chain = await connectChain(rpc);
    try {
      const record = await readOnChainRecord(chain.provider, registry, venueId, epoch);
      const latestEpoch = await new SolvencyRegistryClient(registry, venueId, chain.provider).latestEpoch();
      const contested = await isContested(chain, { registry, venueId, epoch });
      const retired = await readRetiredCircuits(chain.provider, record);
      const circuits = [...record.batchCircuits, ...record.partCircuits, record.closeCircuit].map(({ circuitId }) => circuitId);
      const verifierCodes = wanted.verifierCodes === true ? await readVerifierCodes(chain.provider, registry, circuits) : undefined;
      return { source: 'chain', record, latestEpoch, retired, ...(contested === undefined ? {} : { contested }), ...(verifierCodes === undefined ? {} : { verifierCodes }) };
    } finally {
      chain.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    const denied = thrown instanceof OnChainRecordError || (thrown instanceof ContractRevertedError && thrown.errorName !== undefined);
    return { source: denied ? 'refused' : 'none', reason: messageOf(thrown) };
  }
}

/** The venue chose the contract: that it does not answer must not keep a reader from what the registry says. */
async function isContested({ provider }: ChainConnection, { registry, venueId, epoch }: RecordPlace): Promise<boolean | undefined> {
  try {
    const disputes = await disputesOfVenue(provider, registry, venueId);
    return disputes === undefined ? undefined : await new OmissionChallengesClient(disputes, venueId, provider).isContested(epoch);
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return undefined;
  }
}
