import type { CircuitDefinition } from '../groth16/circuit-list.js';
import { ShapeMismatchError } from './shape-mismatch-error.js';

/** What a batch circuit must have to hold an account. */
export interface BatchNeed {
  readonly S: number;
  readonly depth: number;
  /** Rows of the close. */
  readonly rows: number;
  readonly slots: number;
  readonly tiered: number;
  /** Tiered slots of the close: a batch may have no more. */
  readonly T: number;
}

/** What must close a table. */
export interface CloseNeed {
  readonly S: number;
  readonly depth: number;
  /** Rows of the table. */
  readonly rows: number;
  /** Whether the table has tiers. */
  readonly tiers: boolean;
  /** Tiered slots of the widest batch. */
  readonly T: number;
}

/** Value of a circuit's parameter. @throws ShapeMismatchError when it has none of that name */
export function parameterOf(circuit: CircuitDefinition, parameter: string): number {
  const value = circuit.parameters.find(({ name }) => name === parameter)?.value;
  if (value === undefined) throw new ShapeMismatchError(`circuit ${circuit.name} has no parameter ${parameter}`, { circuit: circuit.name, parameter });
  return value;
}

/** What to do about an account that no chosen circuit holds, as the end of a sentence. */
export function adviceOnBatch(catalogue: readonly CircuitDefinition[], need: BatchNeed): string {
  const found = catalogue.find((circuit) => circuit.template === 'SolvencyBatch' && has(circuit, { S: need.S, DEPTH: need.depth })
    && parameterOf(circuit, 'K') >= need.slots && parameterOf(circuit, 'T') >= need.tiered && parameterOf(circuit, 'T') <= need.T
    && 2 ** parameterOf(circuit, 'INDEX_BITS') >= need.rows + parameterOf(circuit, 'K'));
  return found === undefined ? 'no circuit of circuits.json would do, add a wider one' : `${found.name} would do`;
}

/** What to close a table with, as the end of a sentence. */
export function adviceOnClose(catalogue: readonly CircuitDefinition[], need: CloseNeed): string {
  const tiers = (circuit: CircuitDefinition): boolean => {
    const T = parameterOf(circuit, 'T');
    return need.tiers ? T > 0 && T >= need.T : T === 0;
  };
  const whole = catalogue.find((circuit) => circuit.template === 'SolvencyClose' && has(circuit, { S: need.S, DEPTH: need.depth })
    && parameterOf(circuit, 'U') >= need.rows && tiers(circuit));
  if (whole !== undefined) return `${whole.name} would do`;
  for (const end of catalogue.filter((circuit) => circuit.template === 'SolvencyCloseEnd' && has(circuit, { S: need.S, DEPTH: need.depth }) && tiers(circuit))) {
    const part = catalogue.find((circuit) => circuit.template === 'SolvencyClosePart' && has(circuit, { S: need.S, T: parameterOf(end, 'T') }));
    if (part !== undefined) return `${part.name} with ${end.name} would do`;
  }
  return 'no circuit of circuits.json would do, add one';
}

function has(circuit: CircuitDefinition, values: Readonly<Record<string, number>>): boolean {
  return Object.entries(values).every(([name, value]) => parameterOf(circuit, name) === value);
}
