import { ClearproofError } from '../error/clearproof-error.js';
import type { BatchShape } from '../commitment/epoch-chain.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';

/** The circuits of an epoch and what they fix. */
export interface EpochShape {
  readonly batchCircuit: string;
  readonly closeCircuit: string;
  readonly batch: BatchShape;
  readonly indexBits: number;
  /** Depth of the accounts tree. */
  readonly depth: number;
  /** Rows the close can take. */
  readonly U: number;
}

/** Batch and close circuits that cannot stand in one epoch. */
export class ShapeMismatchError extends ClearproofError {
  readonly code = 'SHAPE_MISMATCH';
}

/**
 * The shape that a batch and a close circuit make together.
 *
 * @throws ShapeMismatchError when they differ in scenarios or depth, or indices are too narrow for the rows
 */
export function epochShape(batch: CircuitDefinition, close: CircuitDefinition): EpochShape {
  const of = (circuit: CircuitDefinition, parameter: string): number => {
    const value = circuit.parameters.find(({ name }) => name === parameter)?.value;
    if (value === undefined) throw new ShapeMismatchError(`circuit ${circuit.name} has no parameter ${parameter}`, { circuit: circuit.name, parameter });
    return value;
  };
  for (const parameter of ['S', 'DEPTH']) {
    if (of(batch, parameter) !== of(close, parameter)) {
      throw new ShapeMismatchError(
        `${batch.name} and ${close.name} differ in ${parameter}: take circuits made for each other`, { batch: batch.name, close: close.name, parameter },
      );
    }
  }
  const [N, K, S, W] = [of(batch, 'N'), of(batch, 'K'), of(batch, 'S'), of(batch, 'W')];
  const [U, indexBits] = [of(close, 'U'), of(batch, 'INDEX_BITS')];
  if (2 ** indexBits < U + K) {
    throw new ShapeMismatchError(`${batch.name} has ${indexBits} index bits, ${U} rows and ${K} slots need 2^bits >= ${U + K}`, { batch: batch.name });
  }
  return { batchCircuit: batch.name, closeCircuit: close.name, batch: { N, K, S, W }, indexBits, depth: of(batch, 'DEPTH'), U };
}
