/** What an error adds to its sentence: values a reader needs to find the place, as text. Never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | bigint | boolean>>;

/**
 * Base of every error this project throws on purpose.
 *
 * `code` is stable and meant for programs; `message` says what is wrong and what to do about it;
 * `details` holds the place (file, row, field) and the offending public values. Secrets never enter either.
 */
export abstract class ClearproofError extends Error {
  abstract readonly code: string;
  readonly details: ErrorDetails;

  constructor(message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.details = details;
  }

  /** JSON form for `--json` output and logs: code, message and details, integers as strings. */
  toJSON(): Record<string, unknown> {
    const details = Object.fromEntries(
      Object.entries(this.details).map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]),
    );
    return { code: this.code, message: this.message, details };
  }
}

/** The text of any thrown value, for messages that wrap it; the value itself goes in `cause`. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
