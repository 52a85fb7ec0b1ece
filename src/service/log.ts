/** What a log line may tell: public values only. Never a user id, a holding, a salt, a key or an error text of foreign origin. */
export type LogFields = Readonly<Record<string, string | number | bigint | boolean | null>>;

/** Where the service tells what happens. */
export interface Log {
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
}
