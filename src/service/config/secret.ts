import { inspect } from 'node:util';

/** A value that must not be printed: whatever turns it into text says only that it is set. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return 'set';
  }

  toJSON(): string {
    return 'set';
  }

  [inspect.custom](): string {
    return 'Secret(set)';
  }
}
