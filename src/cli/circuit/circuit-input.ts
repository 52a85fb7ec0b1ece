import { join } from 'node:path';
import type { CircuitKind, Deployment } from '../../chain/deployment.js';
import { circuitIdOf } from '../../commitment/digest.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { CIRCUIT_LIST, readCircuitList } from '../../groth16/circuit-list.js';
import { circuitToDeploy } from '../gated-circuits.js';
import { projectRoot } from '../project.js';

/** A circuit is not where the command needs it: not proposed, not added, of another kind. `details.name`. */
export class CircuitStateError extends ClearproofError {
  readonly code = 'CIRCUIT_STATE';
}

export interface NamedCircuit {
  readonly name: string;
  readonly circuitId: bigint;
  readonly kind: CircuitKind;
}

/** A circuit by its name, which need not stand in circuits.json: a rotated key has a name of its own. @throws CircuitKindError */
export function circuitNamed(name: string): NamedCircuit {
  return { ...circuitToDeploy(name), circuitId: circuitIdOf(name) };
}

/** Names by id, of what the deployment file and circuits.json know. */
export async function knownNames({ circuits }: Deployment): Promise<ReadonlyMap<bigint, string>> {
  const listed = await readCircuitList(join(projectRoot(), CIRCUIT_LIST));
  return new Map([...listed, ...circuits].map(({ name }) => [circuitIdOf(name), name]));
}
