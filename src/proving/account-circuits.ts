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
  requireShapes(catalogue, chosen, wantedBy(chosen), 'accounts of these batches and tables could not leave the vault');
}

/**
 * Every account that the circuits take in has a circuit to be shown by, so that a venue can answer whoever challenges an omission.
 *
 * A registry's circuits are fixed when it is made: without one for a batch's shape, a venue that omitted nobody would be disputed all the same.
 *
 * @param names circuits that a registry of a venue with disputes shall know
 * @throws AccountCircuitsMissingError naming what is missing, CircuitListError for a name that is no circuit
 */
export function requireInclusionCircuits(catalogue: readonly CircuitDefinition[], names: readonly string[]): void {
  const chosen = names.map((name) => findCircuit(catalogue, name));
  const wanted = chosen.filter(({ template }) => template === 'SolvencyBatch').map((batch) => inclusionShape(parameterOf(batch, 'K'), parameterOf(batch, 'DEPTH')));
  requireShapes(catalogue, chosen, distinct(wanted), 'accounts of these batches could not be shown to whoever challenges an omission');
}

/**
 * Every table that the circuits take in has a circuit in which cleared accounts change under it: a trade under another would wait for one to be
 * proposed.
 *
 * @param names circuits that a registry of a venue with a clearing house shall know
 * @throws AccountCircuitsMissingError naming what is missing, CircuitListError for a name that is no circuit
 */
export function requireTransitionCircuits(catalogue: readonly CircuitDefinition[], names: readonly string[]): void {
  const chosen = names.map((name) => findCircuit(catalogue, name));
  const transitions = (list: readonly CircuitDefinition[], S: number): readonly CircuitDefinition[] =>
    list.filter((circuit) => circuit.template === 'AccountTransition' && parameterOf(circuit, 'S') === S);
  const closes = chosen.filter(({ template }) => template === 'SolvencyClose' || template === 'SolvencyCloseEnd');
  const missing = [...new Set(closes.map((close) => parameterOf(close, 'S')))].filter((S) => transitions(chosen, S).length === 0);
  if (missing.length === 0) return;
  const list = missing.map((S) => transitions(catalogue, S).map(({ name }) => name).join(' or ') || `AccountTransition S = ${S} (none in circuits.json)`);
  throw new AccountCircuitsMissingError(`cleared accounts could not trade under these tables: add ${list.join(', ')}, or deploy without a clearing house`, { missing: list.join(' ') });
}

/** Shape of the circuit that shows leaves of K slots in trees of this depth. */
export function inclusionShape(K: number, DEPTH: number): CircuitShape {
  return { template: 'AccountInclusion', parameters: { K, DEPTH } };
}

function requireShapes(catalogue: readonly CircuitDefinition[], chosen: readonly CircuitDefinition[], wanted: readonly CircuitShape[], problem: string): void {
  const missing = wanted.filter((shape) => circuitOfShape(chosen, shape) === undefined);
  if (missing.length === 0) return;
  const list = missing.map((shape) => circuitOfShape(catalogue, shape)?.name ?? `${describeShape(shape)} (none in circuits.json)`);
  throw new AccountCircuitsMissingError(`${problem}: add ${list.join(', ')}, or leave out the batch circuits of that shape`, { missing: list.join(' ') });
}

/** Any batch can stand under any close of its depth. */
function wantedBy(chosen: readonly CircuitDefinition[]): readonly CircuitShape[] {
  const wanted: CircuitShape[] = [{ template: 'AccountSigner', parameters: {} }];
  for (const close of chosen.filter(({ template }) => template === 'SolvencyClose' || template === 'SolvencyCloseEnd')) {
    const [S, DEPTH] = [parameterOf(close, 'S'), parameterOf(close, 'DEPTH')];
    wanted.push({ template: 'RowMark', parameters: { S } });
    for (const batch of chosen.filter((circuit) => circuit.template === 'SolvencyBatch' && parameterOf(circuit, 'DEPTH') === DEPTH)) {
      wanted.push(...['AccountMargin', 'AccountExit'].map((template) => ({ template, parameters: { K: parameterOf(batch, 'K'), S, DEPTH } })));
    }
  }
  return distinct(wanted);
}

function distinct(shapes: readonly CircuitShape[]): readonly CircuitShape[] {
  return [...new Map(shapes.map((shape) => [describeShape(shape), shape])).values()];
}

/** The circuit of a list that has this shape. */
export function circuitOfShape(circuits: readonly CircuitDefinition[], wanted: CircuitShape): CircuitDefinition | undefined {
  return circuits.find(({ template, parameters }) => template === wanted.template && parameters.every(({ name, value }) => value === wanted.parameters[name]));
}

export function describeShape({ template, parameters }: CircuitShape): string {
  return [template, ...Object.entries(parameters).map(([name, value]) => `${name} = ${value}`)].join(' ');
}
