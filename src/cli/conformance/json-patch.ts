import { ClearproofError } from '../../error/clearproof-error.js';
import type { JsonNode } from '../../venue/json-node.js';

/** A patch does not fit its document. */
export class JsonPatchError extends ClearproofError {
  readonly code = 'JSON_PATCH';
}

/** Operations of RFC 6902 that cases use. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'copy' | 'move'; readonly path: string; readonly from: string };

const POINTER = /^(\/([^~/]|~0|~1)*)+$/;
const POINTER_RULE = 'a JSON pointer to a place inside the document';

export function readOperation(node: JsonNode): PatchOperation {
  const fields = node.object(['op', 'path', 'from', 'value']);
  const op = fields.field('op').choice(['add', 'replace', 'remove', 'copy', 'move'] as const);
  const path = fields.field('path').textLike(POINTER, POINTER_RULE);
  if (op === 'remove') return { op, path };
  if (op === 'copy' || op === 'move') return { op, path, from: fields.field('from').textLike(POINTER, POINTER_RULE) };
  return { op, path, value: fields.field('value').raw() };
}

/** A changed copy of a document. @throws JsonPatchError for a place that is not there */
export function patched(document: unknown, operations: readonly PatchOperation[]): unknown {
  const copy = structuredClone(document);
  for (const operation of operations) apply(copy, operation);
  return copy;
}

function apply(document: unknown, operation: PatchOperation): void {
  const target = placeOf(document, operation.path);
  switch (operation.op) {
    case 'remove':
      target.requireThere();
      target.remove();
      return;
    case 'replace':
      target.requireThere();
      target.set(structuredClone(operation.value));
      return;
    case 'add':
      target.insert(structuredClone(operation.value));
      return;
    case 'copy':
    case 'move': {
      const source = placeOf(document, operation.from);
      source.requireThere();
      const value = structuredClone(source.value());
      if (operation.op === 'move') source.remove();
      placeOf(document, operation.path).insert(value);
    }
  }
}

interface Place {
  requireThere(): void;
  value(): unknown;
  set(value: unknown): void;
  insert(value: unknown): void;
  remove(): void;
}

function placeOf(document: unknown, pointer: string): Place {
  const steps = pointer.slice(1).split('/').map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  const last = steps.pop() ?? '';
  const parent = steps.reduce<unknown>((value, step) => (isContainer(value) ? (value as Record<string, unknown>)[step] : undefined), document);
  if (!isContainer(parent)) throw new JsonPatchError(`the document has nothing at ${pointer}`);
  return Array.isArray(parent) ? inList(parent, last, pointer) : inObject(parent as Record<string, unknown>, last, pointer);
}

function inList(parent: unknown[], step: string, pointer: string): Place {
  const at = step === '-' ? parent.length : Number(step);
  if (!Number.isSafeInteger(at) || at < 0 || at > parent.length) throw new JsonPatchError(`the list has no place ${pointer}`);
  return {
    requireThere: () => {
      if (at >= parent.length) throw new JsonPatchError(`the list ends before ${pointer}`);
    },
    value: () => parent[at],
    set: (value) => void (parent[at] = value),
    insert: (value) => void parent.splice(at, 0, value),
    remove: () => void parent.splice(at, 1),
  };
}

function inObject(parent: Record<string, unknown>, step: string, pointer: string): Place {
  const set = (value: unknown): void => void Object.defineProperty(parent, step, { value, enumerable: true, writable: true, configurable: true });
  return {
    requireThere: () => {
      if (!Object.hasOwn(parent, step)) throw new JsonPatchError(`the object has no ${pointer}`);
    },
    value: () => parent[step],
    set,
    insert: set,
    remove: () => void Reflect.deleteProperty(parent, step),
  };
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
