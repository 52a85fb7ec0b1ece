import { ClearproofError } from '../error/clearproof-error.js';
import { findCircuit, type CircuitDefinition } from '../groth16/circuit-list.js';
import { parameterOf } from './circuit-advice.js';

/** A list of circuits that takes in accounts which could prove nothing afterwards. */
export class AccountCircuitsMissingError extends ClearproofError {
  readonly code = 'ACCOUNT_CIRCUITS_MISSING';
}

interface Wanted {
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
  const missing = wantedBy(chosen).filter((wanted) => !chosen.some((circuit) => isThe(circuit, wanted)));
  if (missing.length === 0) return;
  const list = missing.map((wanted) => catalogue.find((circuit) => isThe(circuit, wanted))?.name ?? `${describe(wanted)} (none in circuits.json)`);
  throw new AccountCircuitsMissingError(
    `accounts of these batches and tables could not leave the vault: add ${list.join(', ')}, or leave out the batch circuits of that shape`, { missing: list.join(' ') },
  );
}

/** Any batch can stand under any close of its depth. */
function wantedBy(chosen: readonly CircuitDefinition[]): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  const want = (template: string, parameters: Wanted['parameters']): void => void wanted.set(describe({ template, parameters }), { template, parameters });
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

function isThe({ template, parameters }: CircuitDefinition, wanted: Wanted): boolean {
  return template === wanted.template && parameters.every(({ name, value }) => value === wanted.parameters[name]);
}

function describe({ template, parameters }: Wanted): string {
  return [template, ...Object.entries(parameters).map(([name, value]) => `${name} = ${value}`)].join(' ');
}
