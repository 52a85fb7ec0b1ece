import { messageOf } from '../error/clearproof-error.js';
import { parseInteger } from '../fixed-point/decimal.js';
import { JsonShapeError, JsonSyntaxError } from './import-errors.js';
import { quoted, type Place } from './place.js';

const STRING_OR_MARK = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;

/**
 * A JSON value that knows where it stands, read strictly: unknown and repeated fields are refused and every number is
 * a string, because JSON numbers lose digits. Keys go through maps, so `__proto__` is a key like any other. Runs in browsers.
 */
export class JsonNode {
  private constructor(
    private readonly value: unknown,
    readonly place: Place,
  ) {}

  /** @throws JsonSyntaxError */
  static parse(text: string, place: Place): JsonNode {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new JsonSyntaxError(place, `not JSON (${messageOf(cause)}): correct the syntax`, { cause });
    }
    refuseRepeatedKeys(text, place);
    return new JsonNode(value, place);
  }

  /** A value that came out of a larger document. Repeated keys can no longer be seen in it. */
  static of(value: unknown, place: Place): JsonNode {
    return new JsonNode(value, place);
  }

  /** This value as an object with no other fields than `known`. */
  object(known: readonly string[]): JsonObject {
    const members = new Map(this.members());
    for (const name of members.keys()) {
      if (!known.includes(name)) throw this.refuse(`unknown field ${quoted(name)}: remove it; known are ${known.join(', ')}`, name);
    }
    return new JsonObject(members, this);
  }

  /** This value as an object of someone else's format: fields that are not read are let pass. */
  foreignObject(): JsonObject {
    return new JsonObject(new Map(this.members()), this);
  }

  isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** The members of this object whatever their names. */
  members(): (readonly [string, JsonNode])[] {
    if (!this.isObject()) throw this.refuse(`expected an object, found ${typeName(this.value)}`);
    return Object.entries(this.value as Record<string, unknown>).map(([name, value]) => [name, new JsonNode(value, this.inside(name))] as const);
  }

  list(limits: { readonly atMost: number; readonly atLeast?: number }): JsonNode[] {
    if (!Array.isArray(this.value)) throw this.refuse(`expected a list, found ${typeName(this.value)}`);
    const { atMost, atLeast = 0 } = limits;
    if (this.value.length > atMost || this.value.length < atLeast) {
      throw this.refuse(`has ${this.value.length} entries: it must have ${atLeast} to ${atMost}`);
    }
    return this.value.map((value, place) => new JsonNode(value, { ...this.place, field: `${this.place.field ?? ''}[${place}]` }));
  }

  text(): string {
    if (typeof this.value === 'number') throw this.refuse('is a JSON number, which can lose digits: write it as a string, in quotes');
    if (typeof this.value !== 'string') throw this.refuse(`expected a string, found ${typeName(this.value)}`);
    return this.value;
  }

  /** A text that `pattern` matches; `rule` describes it. */
  textLike(pattern: RegExp, rule: string): string {
    const text = this.text();
    if (!pattern.test(text)) throw this.refuse(`${quoted(text)} is not ${rule}`);
    return text;
  }

  choice<T extends string>(options: readonly T[]): T {
    const text = this.text();
    const found = options.find((option) => option === text);
    if (found === undefined) throw this.refuse(`${quoted(text)} is not one of ${options.join(', ')}`);
    return found;
  }

  /** An integer written as a string, `least <= n <= most`. */
  bigInteger(least: bigint, most: bigint): bigint {
    const text = this.text();
    let value: bigint;
    try {
      value = parseInteger(text);
    } catch (cause) {
      throw new JsonShapeError(this.place, `${quoted(text)} is not an integer: write digits only, as in "12"`, { cause });
    }
    if (value < least || value > most) throw this.refuse(`${text} is out of range: it must lie in [${least}, ${most}]`);
    return value;
  }

  /** A count or index written as a string, `least <= n <= most <= 2^53`. */
  integer(least: number, most: number): number {
    return Number(this.bigInteger(BigInt(least), BigInt(most)));
  }

  /** A count that someone else's format writes as a JSON number; such a number is exact below 2^53. */
  numberedCount(least: number, most: number): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value)) throw this.refuse(`expected a whole number, found ${typeName(this.value)}`);
    if (this.value < least || this.value > most) throw this.refuse(`${this.value} is out of range: it must lie in [${least}, ${most}]`);
    return this.value;
  }

  /** What someone else's format writes as a string, a whole JSON number or true and false; undefined for null. */
  foreignText(): string | undefined {
    if (this.value === null) return undefined;
    if (typeof this.value === 'boolean') return this.value ? 'true' : 'false';
    if (typeof this.value === 'number' && Number.isSafeInteger(this.value) && !Object.is(this.value, -0)) return this.value.toString();
    return this.text();
  }

  /** The parsed value as it is, for what is passed on unread. */
  raw(): unknown {
    return this.value;
  }

  isList(): boolean {
    return Array.isArray(this.value);
  }

  refuse(sentence: string, member?: string): JsonShapeError {
    return new JsonShapeError(member === undefined ? this.place : this.inside(member), sentence);
  }

  private inside(name: string): Place {
    return { ...this.place, field: this.place.field === undefined ? name : `${this.place.field}.${name}` };
  }
}

/** An object whose field names were checked. */
export class JsonObject {
  constructor(
    private readonly members: ReadonlyMap<string, JsonNode>,
    private readonly node: JsonNode,
  ) {}

  /** @throws JsonShapeError when the field is missing */
  field(name: string): JsonNode {
    const found = this.members.get(name);
    if (found === undefined) throw this.node.refuse('is missing: add it', name);
    return found;
  }

  optional(name: string): JsonNode | undefined {
    return this.members.get(name);
  }
}

/** JSON.parse keeps the last of two equal keys without a word. Requires `text` to be valid JSON. */
function refuseRepeatedKeys(text: string, place: Place): void {
  const open: (Set<string> | undefined)[] = [];
  let lastString = '""';
  for (const [token] of text.matchAll(STRING_OR_MARK)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(lastString) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) throw new JsonSyntaxError(place, `the key ${quoted(key)} stands twice in one object: remove one`);
      keys?.add(key);
    } else if (token !== ',') lastString = token;
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}
