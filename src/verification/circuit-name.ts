import { ClearproofError } from '../error/clearproof-error.js';

/** What the name of a batch circuit states: accounts, slots an account, scenarios, tiered slots. */
export interface BatchName {
  readonly accounts: number;
  readonly slots: number;
  readonly scenarios: number;
  readonly tieredSlots: number;
}

/** What the name of a close or of a part states: rows, scenarios and tiered slots. */
export interface CloseName {
  readonly rows: number;
  readonly scenarios: number;
  readonly tieredSlots: number;
}

/** What the name of the end of a close in parts states. */
export interface CloseEndName {
  readonly scenarios: number;
  readonly depth: number;
  readonly tieredSlots: number;
}

/** A circuit's name does not state the shape that names of its kind state. */
export class CircuitNameError extends ClearproofError {
  readonly code = 'CIRCUIT_NAME';
}

const COUNT = '([1-9][0-9]{0,5})';
const SCENARIOS = '(0|[1-9][0-9]{0,2})';
const TIERS = '(?:-t([1-9][0-9]{0,3}))?';
/** Further words may follow the shape, for parameters that verification does not look at; they are no second shape. */
const FURTHER = '(?:-(?!t[0-9])[a-z0-9]+)*';
const BATCH = new RegExp(`^solvency-batch-n${COUNT}-k${COUNT}-s${SCENARIOS}${TIERS}${FURTHER}$`);
const CLOSE = new RegExp(`^solvency-close-u${COUNT}-s${SCENARIOS}${TIERS}${FURTHER}$`);
const PART = new RegExp(`^solvency-close-part-r${COUNT}-s${SCENARIOS}${TIERS}${FURTHER}$`);
const END = new RegExp(`^solvency-close-end-s${SCENARIOS}-d${COUNT}${TIERS}${FURTHER}$`);

/** @throws CircuitNameError */
export function readBatchName(circuit: string): BatchName {
  const [accounts = 0, slots = 0, scenarios = 0, tieredSlots = 0] = numbersOf(BATCH, circuit, 'solvency-batch-n<accounts>-k<slots>-s<scenarios>[-t<tiered slots>]');
  return { accounts, slots, scenarios, tieredSlots };
}

/** @throws CircuitNameError */
export function readCloseName(circuit: string): CloseName {
  const [rows = 0, scenarios = 0, tieredSlots = 0] = numbersOf(CLOSE, circuit, 'solvency-close-u<rows>-s<scenarios>[-t<tiered slots>]');
  return { rows, scenarios, tieredSlots };
}

/** @throws CircuitNameError */
export function readClosePartName(circuit: string): CloseName {
  const [rows = 0, scenarios = 0, tieredSlots = 0] = numbersOf(PART, circuit, 'solvency-close-part-r<rows>-s<scenarios>[-t<tiered slots>]');
  return { rows, scenarios, tieredSlots };
}

/** @throws CircuitNameError */
export function readCloseEndName(circuit: string): CloseEndName {
  const [scenarios = 0, depth = 0, tieredSlots = 0] = numbersOf(END, circuit, 'solvency-close-end-s<scenarios>-d<depth>[-t<tiered slots>]');
  return { scenarios, depth, tieredSlots };
}

function numbersOf(pattern: RegExp, circuit: string, form: string): number[] {
  const match = pattern.exec(circuit);
  if (match === null) throw new CircuitNameError(`the circuit is called "${circuit}", expected ${form}: this is no circuit of such a statement`, { circuit });
  return match.slice(1).map((digits) => Number(digits ?? 0));
}
