import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { TObject, TSchema } from 'typebox';
import type { ClearproofError } from '../../error/clearproof-error.js';
import type { Role, ServiceOperations } from '../operations.js';
import { NOTHING, type ValueOf } from './schemas.js';

/** Who a token belongs to. */
export interface Caller {
  /** Of the token, not the token. */
  readonly id: string;
  readonly role: Role;
  /** Of role `user`, undefined for the others. */
  readonly userId: string | undefined;
}

/** A body on its way in. Reading it to the end, or failing to, is the operation's part. */
export interface IncomingBody {
  /** Decompressed, and cut off with TooLargeError where the limits end. */
  readonly bytes: Readable;
  readonly mediaType: string;
}

/** `json`: checked against a schema. `json-text`: read by the operation's own strict parser. `stream`: handed on as it comes in. */
export type BodyRule<Body extends TSchema> =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly schema: Body; readonly maxBytes: number }
  | { readonly kind: 'json-text'; readonly maxBytes: number; readonly description: string }
  | { readonly kind: 'stream'; readonly mediaTypes: readonly string[]; readonly description: string };

/** What comes back when all is well. Error answers are the same everywhere. */
export interface AnswerRule<Value extends TSchema> {
  /** Success by status. */
  readonly statuses: Readonly<Record<number, string>>;
  readonly mediaType: 'application/json' | 'application/x-ndjson' | 'text/event-stream' | 'text/plain';
  /** Of a JSON answer, or of one line or event. */
  readonly schema: Value;
}

export interface HeaderRule {
  readonly name: string;
  readonly description: string;
}

/** What the server offers a route beside the operations. */
export interface RouteTools {
  metrics(): Promise<string>;
  openApi(): unknown;
  /** Takes one of the progress streams until the signal fires. @throws TooManyStreamsError */
  openStream(until: AbortSignal): void;
  readonly streamTiming: StreamTiming;
}

/** Milliseconds. */
export interface StreamTiming {
  readonly poll: number;
  readonly heartbeat: number;
}

export interface Call<Params extends TObject, Query extends TObject, Body extends TSchema> {
  readonly operations: ServiceOperations;
  readonly tools: RouteTools;
  /** Always there on a route that is not public. */
  readonly caller: Caller | undefined;
  readonly params: ValueOf<Params>;
  readonly query: ValueOf<Query>;
  readonly body: ValueOf<Body>;
  /** Of `json-text`. */
  readonly text: string;
  /** Of `stream`. */
  readonly incoming: IncomingBody | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Fires when the caller went away or the server closes. */
  readonly signal: AbortSignal;
}

/** `json` is checked against the schema before it leaves; `text` and `stream` are sent as they are. */
export type Answer<Value extends TSchema> = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
} & (
  | { readonly json: ValueOf<Value> }
  | { readonly text: string }
  | { readonly stream: AsyncIterable<string> }
);

/**
 * One line of the API's table: server, OpenAPI document, client and the tests' role matrix are made from it.
 * `run` knows operations and plain values, nothing of the HTTP library.
 */
export interface Route<
  Params extends TObject = TObject, Query extends TObject = TObject, Body extends TSchema = TSchema, Value extends TSchema = TSchema,
> {
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Whole path; `:name` for a parameter. */
  readonly url: string;
  readonly access: 'public' | readonly Role[];
  readonly params: Params;
  readonly query: Query;
  readonly headers: readonly HeaderRule[];
  readonly body: BodyRule<Body>;
  readonly answer: AnswerRule<Value>;
  /** Statuses of errors beside those that follow from access, input and body. */
  readonly errors: readonly number[];
  /** `heavy` has a limit of its own, a tenth of the token's. */
  readonly cost: 'light' | 'heavy';
  /** Looks at a JSON body before its schema does, to refuse with a better reason. */
  refuse?(body: unknown): ClearproofError | undefined;
  run(call: Call<Params, Query, Body>): Promise<Answer<Value>>;
}

type Defaults = 'params' | 'query' | 'headers' | 'body' | 'errors' | 'cost';

/** A route with what most do without left out. */
export function route<
  Params extends TObject = typeof NOTHING, Query extends TObject = typeof NOTHING, Body extends TSchema = typeof NOTHING, Value extends TSchema = TSchema,
>(
  definition: Omit<Route<Params, Query, Body, Value>, Defaults> & Partial<Pick<Route<Params, Query, Body, Value>, Defaults>>,
): Route<Params, Query, Body, Value> {
  const defaults = { params: NOTHING, query: NOTHING, headers: [], body: { kind: 'none' }, errors: [], cost: 'light' };
  // The defaults stand only where the type parameters have theirs.
  return Object.freeze({ ...defaults, ...definition }) as unknown as Route<Params, Query, Body, Value>;
}

/** An ordinary JSON answer. */
export function ok<Value extends TSchema>(schema: Value, description = 'As asked for.'): AnswerRule<Value> {
  return { statuses: { 200: description }, mediaType: 'application/json', schema };
}

/** Most bytes of a JSON body with a few fields. */
export const SMALL_BODY = 16_384;

/** A JSON body of a few fields. */
export function json<Body extends TSchema>(schema: Body): BodyRule<Body> {
  return { kind: 'json', schema, maxBytes: SMALL_BODY };
}
