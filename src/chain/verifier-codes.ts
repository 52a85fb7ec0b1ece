import type { Provider } from 'ethers';
import { CircuitClient } from './circuit-client.js';

/**
 * keccak256 of the code of the verifiers that a registry has for these circuits, by circuit id; hex with 0x. A circuit that the registry
 * does not know has no entry. Browser-safe.
 *
 * @throws ContractRevertedError, ChainUnreachableError, ChainRequestError, NoContractError
 */
export async function readVerifierCodes(provider: Provider, registry: string, circuitIds: Iterable<bigint>): Promise<ReadonlyMap<bigint, string>> {
  const client = new CircuitClient(registry, provider);
  const codes = new Map<bigint, string>();
  for (const circuitId of new Set(circuitIds)) {
    const circuit = await client.circuit(circuitId);
    if (circuit !== undefined) codes.set(circuitId, await client.codeHash(circuit.verifier));
  }
  return codes;
}
