import { resolve } from 'node:path';
import type { JsonNode } from '../../venue/json-node.js';
import type { Secret } from './secret.js';

/** What a value may be, how it is read, and how it is shown. */
export interface Kind<Value> {
  /** Continues the sentence "it must be …". */
  readonly rule: string;
  /** @param base folder that relative paths start from. @throws JsonShapeError naming the place */
  readonly read: (node: JsonNode, base: string) => Value;
  readonly show: (value: Value) => string;
  /** Given as a list in the file and separated by commas in the environment. */
  readonly list: boolean;
}

/** A field of the configuration. */
export class Field<Value> {
  constructor(
    readonly kind: Kind<Value>,
    readonly need: Need,
    /** For the operator's table: what it does, with its unit. */
    readonly meaning: string,
    /** Environment variable where it is not named after the field. */
    readonly variable?: string,
  ) {}
}

export type Need =
  | { readonly of: 'required' }
  /** @param otherwise what happens without it, for the table */
  | { readonly of: 'optional'; readonly otherwise: string }
  /** @param text as it would stand in the file */
  | { readonly of: 'fallback'; readonly text: string | readonly string[] }
  /** Never in the file. @param fileField the field beside it that names a file with it */
  | { readonly of: 'secret'; readonly fileField: string };

export function required<Value>(kind: Kind<Value>, meaning: string): Field<Value> {
  return new Field(kind, { of: 'required' }, meaning);
}

export function optional<Value>(kind: Kind<Value>, otherwise: string, meaning: string): Field<Value | undefined> {
  return new Field(kind as Kind<Value | undefined>, { of: 'optional', otherwise }, meaning);
}

export function fallback<Value>(kind: Kind<Value>, text: string | readonly string[], meaning: string): Field<Value> {
  return new Field(kind, { of: 'fallback', text }, meaning);
}

export function secret(kind: Kind<Secret>, fileField: string, meaning: string, variable?: string): Field<Secret | undefined> {
  return new Field(kind as Kind<Secret | undefined>, { of: 'secret', fileField }, meaning, variable);
}

function kindOf<Value>(rule: string, read: Kind<Value>['read'], show: (value: Value) => string = String): Kind<Value> {
  return { rule, read, show, list: false };
}

export function choice<const Option extends string>(options: readonly Option[]): Kind<Option> {
  return kindOf(options.join(' or '), (node) => node.choice(options));
}

export function count(least: number, most: number): Kind<number> {
  return kindOf(`${least} to ${most}`, (node) => node.integer(least, most));
}

/** An amount of wei. */
export function wei(least: bigint, most: bigint): Kind<bigint> {
  return kindOf(`${least} to ${most}`, (node) => node.bigInteger(least, most));
}

export const TOGGLE: Kind<boolean> = kindOf('true or false', (node) => {
  const text = node.foreignText();
  if (text !== 'true' && text !== 'false') throw node.refuse('must be true or false');
  return text === 'true';
});

/** A path, absolute once read. */
export const PATH: Kind<string> = kindOf('a path', (node, base) => {
  const text = node.text();
  // Not repeated in the message: who puts a URL here may have put its password here.
  if (text.includes('://')) throw node.refuse('holds a URL, and must be a path: put the URL into a file of mode 600 and name that file here');
  if (text.trim() === '' || text.includes('\0')) throw node.refuse('must be a path: it is empty');
  return resolve(base, text);
});

export function text(pattern: RegExp, rule: string): Kind<string> {
  return kindOf(rule, (node) => node.textLike(pattern, rule));
}

/** At least one text, none twice. */
export function texts<Item extends string>(item: Kind<Item>, atMost: number): Kind<readonly Item[]> {
  const read = (node: JsonNode, base: string): readonly Item[] => {
    const items = node.list({ atLeast: 1, atMost }).map((one) => item.read(one, base));
    const twice = items.find((one, place) => items.indexOf(one) !== place);
    if (twice !== undefined) throw node.refuse(`has ${twice} twice: remove one`);
    return items;
  };
  return { rule: `a list, each ${item.rule}`, read, show: (items) => items.join(', '), list: true };
}
