import { getAddress, type Provider } from 'ethers';
import type { ForgeryAttempts } from '../groth16/key-gates.js';
import { CircuitClient } from './circuit-client.js';
import type { DeployedCircuit, Deployment } from './deployment.js';
import { attemptOnVerifier, VerifierCodeError, type ExpectedVerifier } from './forgery-attempt.js';

/**
 * Holds the verifiers of a deployment against keys and manifest: the registry verifies with the contract that the deployment file names,
 * its code is what was expected, and it refuses forgeries. Nothing is sent.
 *
 * @param circuits those of the deployment to look at
 * @param expected key and code of a circuit, by name
 * @throws VerifierCodeError, what attemptOnVerifier throws, and what `expected` throws
 */
export async function attemptOnDeployment(
  provider: Provider,
  { registry }: Pick<Deployment, 'registry'>,
  circuits: readonly DeployedCircuit[],
  expected: (circuit: string) => Promise<ExpectedVerifier>,
): Promise<readonly ForgeryAttempts[]> {
  const client = new CircuitClient(registry, provider);
  const attempts: ForgeryAttempts[] = [];
  for (const { name, circuitId, verifier } of circuits) {
    const wanted = await expected(name);
    const registered = (await client.circuit(circuitId))?.verifier;
    // A file can name a good contract beside the one that decides.
    if (registered === undefined || getAddress(registered) !== getAddress(verifier)) {
      throw new VerifierCodeError(
        `the registry ${registry} verifies ${name} with ${registered ?? 'nothing'}, the deployment file says ${verifier}: do not use this file`, { name, verifier, registered: registered ?? 'nothing' },
      );
    }
    attempts.push(await attemptOnVerifier(provider, verifier, wanted, name));
  }
  return attempts;
}
