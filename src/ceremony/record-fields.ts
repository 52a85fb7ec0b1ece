import { ClearproofError, messageOf } from '../error/clearproof-error.js';

/** A file of a ceremony is not JSON, or a field of it is not what it must be. `details.file`, `details.field`. */
export class CeremonyRecordError extends ClearproofError {
  readonly code = 'CEREMONY_RECORD';
}

/** A file of a ceremony says something valid in another text than the one this format has for it: its hash would be another. */
export class CeremonyTextError extends ClearproofError {
  readonly code = 'CEREMONY_TEXT';
}

type Members = Readonly<Record<string, unknown>>;

/** Hex digits of SHA-256 and of blake2b-512. */
export const SHA256_DIGITS = 64;
export const BLAKE2B_DIGITS = 128;

/**
 * What people may put into a record that others print: letters, digits, marks, punctuation, symbols and single spaces between them.
 * No control characters (terminal escapes), no line ends, nothing invisible and nothing that turns the direction of the text.
 */
const VISIBLE = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{P}\p{S}]+( [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u;
/** As in circuits.json: the names of files are made of it. */
const CIRCUIT_NAME = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const SIGNATURE = /^0x[0-9a-f]{130}$/;

/** JSON text into a value; what it means the caller checks. @throws CeremonyRecordError */
export function parseRecordText(text: string, file: string): RecordField {
  try {
    return new RecordField(JSON.parse(text) as unknown, file, '');
  } catch (cause) {
    throw new CeremonyRecordError(`${file} is not JSON (${messageOf(cause)}): get the file again from where the ceremony is published`, { file }, { cause });
  }
}

/** One place of a record, whose errors name file and field. */
export class RecordField {
  constructor(
    private readonly value: unknown,
    readonly file: string,
    private readonly place: string,
  ) {}

  wrong(problem: string): CeremonyRecordError {
    const subject = this.place === '' ? this.file : `${this.file}: ${this.place}`;
    return new CeremonyRecordError(`${subject} ${problem}`, { file: this.file, field: this.place });
  }

  /** The members of an object that has all of `names`, may have `optional`, and has no other. */
  members(names: readonly string[], optional: readonly string[] = []): (name: string) => RecordField {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) throw this.wrong('must be an object');
    const record = this.value as Members;
    const missing = names.find((name) => !Object.hasOwn(record, name));
    if (missing !== undefined) throw this.wrong(`lacks "${missing}"`);
    const surplus = Object.keys(record).find((name) => !names.includes(name) && !optional.includes(name));
    if (surplus !== undefined) throw this.wrong(`has ${JSON.stringify(surplus.slice(0, 40))}, which means nothing here`);
    return (name) => new RecordField(Object.hasOwn(record, name) ? record[name] : undefined, this.file, this.place === '' ? name : `${this.place}.${name}`);
  }

  get isThere(): boolean {
    return this.value !== undefined;
  }

  /** At least one entry. */
  list<Entry>(atMost: number, read: (entry: RecordField) => Entry): readonly Entry[] {
    if (!Array.isArray(this.value) || this.value.length === 0 || this.value.length > atMost) throw this.wrong(`must be an array of 1 to ${atMost} entries`);
    return Object.freeze(this.value.map((entry, index) => read(new RecordField(entry, this.file, `${this.place}[${index}]`))));
  }

  exactly<Value extends string | number>(expected: Value): Value {
    if (this.value !== expected) throw this.wrong(`must be ${JSON.stringify(expected)}: give the file of the right kind, or take the program that made it`);
    return expected;
  }

  oneOf<Value extends string>(choices: readonly Value[]): Value {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.wrong(`must be one of ${choices.join(', ')}`);
    return found;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.wrong('must be true or false');
    return this.value;
  }

  integer(least: number, most: number): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value) || this.value < least || this.value > most) {
      throw this.wrong(`must be a whole number from ${least} to ${most}`);
    }
    return this.value;
  }

  hex(digits: number): string {
    return this.matching(new RegExp(`^[0-9a-f]{${digits}}$`), `${digits} lower-case hex digits`);
  }

  circuitName(): string {
    return this.matching(CIRCUIT_NAME, 'the name of a circuit: lower-case words joined by hyphens, at most 64 characters');
  }

  address(): string {
    return this.matching(ADDRESS, 'an address: 0x and 40 hex digits');
  }

  /** keccak256 as contracts write it. */
  keccak(): string {
    return this.matching(/^0x[0-9a-f]{64}$/, '0x and 64 lower-case hex digits');
  }

  signature(): string {
    return this.matching(SIGNATURE, 'a signature: 0x and 130 lower-case hex digits');
  }

  /** Text for people, at most `most` UTF-16 code units. */
  visible(most: number): string {
    if (typeof this.value !== 'string' || !isVisible(this.value, most)) throw this.wrong(visibleRule(most));
    return this.value;
  }

  /** The name of a file, without folders. */
  fileName(): string {
    const name = this.visible(255);
    if (/[/\\]/.test(name) || /^\.+$/.test(name)) throw this.wrong('must be the name of a file, without folders');
    return name;
  }

  private matching(pattern: RegExp, what: string): string {
    if (typeof this.value !== 'string' || !pattern.test(this.value)) throw this.wrong(`must be ${what}`);
    return this.value;
  }
}

/** Whether a text may stand in a record as the name of a person or a ceremony. */
export function isVisible(text: string, most: number): boolean {
  return text.length <= most && VISIBLE.test(text);
}

/** Whether a text names a circuit: it becomes part of paths. */
export function isCircuitName(text: string): boolean {
  return CIRCUIT_NAME.test(text);
}

export function visibleRule(most: number): string {
  return `must be 1 to ${most} characters: letters, digits, punctuation and single spaces, nothing invisible`;
}
