import { ClearproofError } from '../error/clearproof-error.js';

/** What the name of a batch circuit states: accounts, slots an account, scenarios. */
export interface BatchName {
  readonly accounts: number;
  readonly slots: number;
  readonly scenarios: number;
}

/** What the name of a close circuit states: rows and scenarios. */
export interface CloseName {
  readonly rows: number;
  readonly scenarios: number;
}

/** A circuit's name does not state the shape that names of its kind state. */
export class CircuitNameError extends ClearproofError {
  readonly code = 'CIRCUIT_NAME';
}

/** Further words may follow the shape, for parameters that verification does not look at. */
const BATCH = /^solvency-batch-n([1-9][0-9]{0,5})-k([1-9][0-9]{0,3})-s(0|[1-9][0-9]{0,2})(-[a-z0-9]+)*$/;
const CLOSE = /^solvency-close-u([1-9][0-9]{0,3})-s(0|[1-9][0-9]{0,2})(-[a-z0-9]+)*$/;

/** @throws CircuitNameError */
export function readBatchName(circuit: string): BatchName {
  const [accounts, slots, scenarios] = numbersOf(BATCH, circuit, 'solvency-batch-n<accounts>-k<slots>-s<scenarios>');
  return { accounts: accounts as number, slots: slots as number, scenarios: scenarios as number };
}

/** @throws CircuitNameError */
export function readCloseName(circuit: string): CloseName {
  const [rows, scenarios] = numbersOf(CLOSE, circuit, 'solvency-close-u<rows>-s<scenarios>');
  return { rows: rows as number, scenarios: scenarios as number };
}

function numbersOf(pattern: RegExp, circuit: string, form: string): number[] {
  const match = pattern.exec(circuit);
  if (match === null) throw new CircuitNameError(`the circuit is called "${circuit}", expected ${form}: this is no circuit of such a statement`, { circuit });
  return match.slice(1, -1).map(Number);
}
