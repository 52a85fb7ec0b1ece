import { ClearproofError } from '../error/clearproof-error.js';
import { findCircuit, type CircuitDefinition } from '../groth16/circuit-list.js';
import { parameterOf } from './circuit-advice.js';

/** A list of circuits that takes in accounts which could prove nothing afterwards. */
export class AccountCircuitsMissingError extends ClearproofError {
  readonly code = 'ACCOUNT_CIRCUITS_MISSING';
}

/** A template with its parameters by name. */
export interface CircuitShape {
  readonly template: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Every account that the circuits take in has circuits to be paid, to exit and to be valued by.
 *
 * A registry's circuits are fixed when it is made, and the venue chooses the batch that an account stands in: in one whose shape no account circuit
 * has, the owner could neither withdraw, nor demand a receipt, nor leave by the hatch.
 *
 * @param names circuits that a registry with a vault shall know
 * @throws AccountCircuitsMissingError naming what is missing, CircuitListError for a name that is no circuit
 */
export function requireAccountCircuits(catalogue: readonly CircuitDefinition[], names: readonly string[]): void {
  const chosen = names.map((name) => findCircuit(catalogue, name));
  const missing = wantedBy(chosen).filter((wanted) => circuitOfShape(chosen, wanted) === undefined);
  if (missing.length === 0) return;
  const list = missing.map((wanted) => circuitOfShape(catalogue, wanted)?.name ?? `${describeShape(wanted)} (none in circuits.json)`);
  throw new AccountCircuitsMissingError(
    `accounts of these batches and tables could not leave the vault: add ${list.join(', ')}, or leave out the batch circuits of that shape`, { missing: list.join(' ') },
  );
}

/** Any batch can stand under any close of its depth. */
function wantedBy(chosen: readonly CircuitDefinition[]): readonly CircuitShape[] {
  const wanted = new Map<string, CircuitShape>();
  const want = (template: string, parameters: CircuitShape['parameters']): void => void wanted.set(describeShape({ template, parameters }), { template, parameters });
  want('AccountSigner', {});
  for (const close of chosen.filter(({ template }) => template === 'SolvencyClose' || template === 'SolvencyCloseEnd')) {
    const [S, DEPTH] = [parameterOf(close, 'S'), parameterOf(close, 'DEPTH')];
    want('RowMark', { S });
    for (const batch of chosen.filter((circuit) => circuit.template === 'SolvencyBatch' && parameterOf(circuit, 'DEPTH') === DEPTH)) {
      for (const template of ['AccountMargin', 'AccountExit']) want(template, { K: parameterOf(batch, 'K'), S, DEPTH });
    }
  }
  return [...wanted.values()];
}

/** The circuit of a list that has this shape. */
export function circuitOfShape(circuits: readonly CircuitDefinition[], wanted: CircuitShape): CircuitDefinition | undefined {
  return circuits.find(({ template, parameters }) => template === wanted.template && parameters.every(({ name, value }) => value === wanted.parameters[name]));
}

export function describeShape({ template, parameters }: CircuitShape): string {
  return [template, ...Object.entries(parameters).map(([name, value]) => `${name} = ${value}`)].join(' ');
}
