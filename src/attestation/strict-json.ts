import { messageOf } from '../error/clearproof-error.js';
import { JsonSyntaxError } from '../venue/import-errors.js';
import { quoted, type Place } from '../venue/place.js';
import { inList, inObject, type JsonObjectValue, type JsonValue } from './canonical-json.js';
import { JsonSizeError } from './format-errors.js';

/** Deeper than any bundle: the deepest value is a coordinate of a verification key, seven levels down. */
const MAX_DEPTH = 16;
const NUMBER = /-?[0-9][0-9.eE+-]*/y;
const COUNT = /^(0|[1-9][0-9]*)$/;
const WHITE_SPACE = /[ \t\n\r]*/y;

/**
 * Parses a bundle's JSON without any of JSON's leniencies: repeated keys, `__proto__`, null, fractions, exponents, negative
 * numbers and numbers beyond 2^53 are refused, each with its JSON path. White space and the order of keys do not matter.
 *
 * @param maxLength most UTF-16 code units of the text, a bound on work
 * @throws JsonSizeError, JsonSyntaxError
 */
export function parseStrictJson(text: string, place: Place, maxLength: number): JsonValue {
  if (text.length > maxLength) {
    throw new JsonSizeError(place, `the text has ${text.length} characters, at most ${maxLength} are read: this is no such file`);
  }
  return new StrictParser(text, place.file).document(place);
}

class StrictParser {
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  document(place: Place): JsonValue {
    const value = this.value(place, 0);
    this.skipSpace();
    if (this.next !== this.text.length) throw this.wrong({ file: this.file }, 'text follows the end of the value: remove it');
    return value;
  }

  private value(place: Place, depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new JsonSizeError(place, `nested deeper than ${MAX_DEPTH} levels: this is no such file`);
    this.skipSpace();
    const first = this.text.charAt(this.next);
    if (first === '{') return this.object(place, depth);
    if (first === '[') return this.list(place, depth);
    if (first === '"') return this.string(place);
    if (this.take('true')) return true;
    if (this.take('false')) return false;
    if (this.text.startsWith('null', this.next)) throw this.wrong(place, 'is null: write the value or leave the field out');
    return this.count(place);
  }

  private object(place: Place, depth: number): JsonObjectValue {
    const members = new Map<string, JsonValue>();
    this.next += 1;
    for (let more = !this.closes('}'); more; more = this.continues('}', place)) {
      this.skipSpace();
      const name = this.string(place);
      const inside = inObject(place, name);
      if (name === '__proto__') throw this.wrong(place, 'has the key "__proto__": remove it');
      if (members.has(name)) throw this.wrong(place, `the key ${quoted(name)} stands twice in one object: remove one`);
      this.skipSpace();
      if (!this.take(':')) throw this.wrong(inside, 'a colon is missing after the key');
      members.set(name, this.value(inside, depth + 1));
    }
    return Object.fromEntries(members);
  }

  private list(place: Place, depth: number): JsonValue[] {
    const entries: JsonValue[] = [];
    this.next += 1;
    for (let more = !this.closes(']'); more; more = this.continues(']', place)) {
      entries.push(this.value(inList(place, entries.length), depth + 1));
    }
    return entries;
  }

  /** The text between two quotes; escapes and forbidden characters are JSON.parse's business. */
  private string(place: Place): string {
    if (this.text.charAt(this.next) !== '"') throw this.wrong(place, 'a key or value in quotes is missing here');
    let end = this.text.indexOf('"', this.next + 1);
    while (end >= 0 && this.isEscaped(end)) end = this.text.indexOf('"', end + 1);
    if (end < 0) throw this.wrong(place, 'a quote is not closed');
    const literal = this.text.slice(this.next, end + 1);
    this.next = end + 1;
    try {
      return JSON.parse(literal) as string;
    } catch (cause) {
      throw new JsonSyntaxError(place, `not a JSON string (${messageOf(cause)}): correct the syntax`, { cause });
    }
  }

  private isEscaped(quote: number): boolean {
    let backslashes = 0;
    while (this.text.charAt(quote - 1 - backslashes) === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  }

  private count(place: Place): number {
    NUMBER.lastIndex = this.next;
    const [token] = NUMBER.exec(this.text) ?? [];
    if (token === undefined) throw this.wrong(place, 'not JSON: a value is missing or misspelt');
    if (!COUNT.test(token) || !Number.isSafeInteger(Number(token))) {
      throw this.wrong(place, `is the JSON number ${quoted(token)}, which is no plain count: write integers as strings, in quotes`);
    }
    this.next += token.length;
    return Number(token);
  }

  private closes(bracket: string): boolean {
    this.skipSpace();
    return this.take(bracket);
  }

  /** After an entry: true at a comma, false at the closing bracket. */
  private continues(bracket: string, place: Place): boolean {
    if (this.closes(bracket)) return false;
    if (this.take(',')) return true;
    throw this.wrong(place, `not JSON: a comma or "${bracket}" is missing`);
  }

  private take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.next)) return false;
    this.next += expected.length;
    return true;
  }

  private skipSpace(): void {
    WHITE_SPACE.lastIndex = this.next;
    WHITE_SPACE.exec(this.text);
    this.next = WHITE_SPACE.lastIndex;
  }

  private wrong(place: Place, sentence: string): JsonSyntaxError {
    return new JsonSyntaxError(place, `${sentence} (character ${this.next + 1} of the file)`);
  }
}
