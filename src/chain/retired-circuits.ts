import { Contract, type Provider } from 'ethers';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { CircuitClient } from './circuit-client.js';
import { readContract } from './contract-call.js';
import { MarketSourceClient } from './market-source.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';

/** A circuit that an epoch rests on and that the registry's owner has ended since. */
export interface RetiredCircuit {
  readonly circuitId: bigint;
  /** `table`: the epoch's market table was proven in it, `epoch`: one of its own proofs. */
  readonly proved: 'epoch' | 'table';
  /** Unix seconds from which nothing new is proven in it. */
  readonly retiredAt: number;
}

/**
 * Which of the circuits that an accepted epoch rests on are retired now. Runs in browsers. The circuit of its table is left out where the
 * venue's market source does not say it: the venue chose that contract, and it must not hide what the registry says.
 *
 * @throws as CircuitClient
 */
export async function readRetiredCircuits(provider: Provider, record: OnChainRecord): Promise<readonly RetiredCircuit[]> {
  const client = new CircuitClient(record.registry, provider);
  const proven = new Set([...record.batchCircuits, ...record.partCircuits, record.closeCircuit].map(({ circuitId }) => circuitId));
  const table = await tableCircuit(provider, record);
  const restsOn = [...[...proven].map((circuitId) => ({ circuitId, proved: 'epoch' as const })), ...(table === undefined ? [] : [{ circuitId: table, proved: 'table' as const }])];
  const found = await Promise.all(restsOn.map(async (one) => ({ ...one, retiredAt: (await client.circuit(one.circuitId))?.retiredAt })));
  return found.flatMap(({ retiredAt, ...one }) => (retiredAt === undefined ? [] : [{ ...one, retiredAt }]));
}

/** Undefined for a table that was stated, not proven, and where the source does not answer. */
async function tableCircuit(provider: Provider, { registry, venueId, marketCommitment }: OnChainRecord): Promise<bigint | undefined> {
  try {
    const action = `reading the circuit of a market table (venue ${venueId})`;
    const venue = (await readContract(new Contract(registry, REGISTRY_INTERFACE, provider), action, 'venue', [venueId])) as { readonly markets: string };
    return await new MarketSourceClient(venue.markets, venueId, provider).circuitOf(marketCommitment);
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return undefined;
  }
}
