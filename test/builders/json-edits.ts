import type { JsonObjectValue, JsonValue } from '../../src/attestation/canonical-json.js';

export type Step = string | number;

/** A value inside a JSON document, and where. */
export interface JsonPath {
  readonly path: readonly Step[];
  /** As error messages write it: `market.rows[1].mark`; empty for the document. */
  readonly text: string;
  readonly value: JsonValue;
}

/** Every value of a document, outermost first. */
export function allPlaces(value: JsonValue, path: readonly Step[] = []): JsonPath[] {
  const here = { path, text: pathText(path), value };
  if (typeof value !== 'object') return [here];
  const steps: readonly (readonly [Step, JsonValue])[] = Array.isArray(value)
    ? (value as readonly JsonValue[]).map((entry, index) => [index, entry] as const)
    : Object.entries(value as JsonObjectValue);
  return [here, ...steps.flatMap(([step, inner]) => allPlaces(inner, [...path, step]))];
}

/** A copy of the document with another value at `path`. */
export function withValue(document: JsonValue, path: readonly Step[], value: JsonValue): JsonValue {
  return edited(document, path, (parent, step) => {
    (parent as Record<Step, JsonValue>)[step] = value;
  });
}

/** A copy of the document without the member at `path`. */
export function without(document: JsonValue, path: readonly Step[]): JsonValue {
  return edited(document, path, (parent, step) => {
    if (Array.isArray(parent)) parent.splice(step as number, 1);
    else delete (parent as Record<Step, JsonValue>)[step];
  });
}

/** The value at `path`. */
export function valueAt(document: JsonValue, path: readonly Step[]): JsonValue {
  return path.reduce((value, step) => (value as Record<Step, JsonValue>)[step] as JsonValue, document);
}

function edited(document: JsonValue, path: readonly Step[], edit: (parent: JsonValue, step: Step) => void): JsonValue {
  const copy = structuredClone(document);
  const last = path.at(-1);
  if (last === undefined) throw new RangeError('an edit needs a place inside the document');
  edit(valueAt(copy, path.slice(0, -1)), last);
  return copy;
}

function pathText(path: readonly Step[]): string {
  return path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '');
}
