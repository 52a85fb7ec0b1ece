import { ClearproofError } from '../error/clearproof-error.js';
import { requireFieldElement } from '../field/scalar-field.js';

/** Public signals of a proof do not have the number or range their circuit has. */
export class SignalsShapeError extends ClearproofError {
  readonly code = 'SIGNALS_SHAPE';
}

/** Public signals of one circuit by name. */
export type NamedSignals<Name extends string> = Readonly<Record<Name, bigint>>;

/** Signals in the circuit's order. */
export function orderSignals<Name extends string>(names: readonly Name[], signals: NamedSignals<Name>): bigint[] {
  return names.map((name) => requireFieldElement(signals[name], `public signal ${name}`));
}

/** @throws SignalsShapeError when the count differs, FieldRangeError when one is not below p */
export function nameSignals<Name extends string>(names: readonly Name[], values: readonly bigint[]): NamedSignals<Name> {
  if (values.length !== names.length) {
    throw new SignalsShapeError(`the proof has ${values.length} public signals, its circuit has ${names.length}`);
  }
  const entries = names.map((name, place) => [name, requireFieldElement(values[place] as bigint, `public signal ${name}`)]);
  return Object.fromEntries(entries) as NamedSignals<Name>;
}
