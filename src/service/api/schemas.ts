import { Type, type Static, type TSchema } from 'typebox';

/*
 * The values of operations.ts as schemas, requests and answers. Objects are closed. Integers come in as decimal strings of
 * bounded length, never as JSON numbers; answers keep counts as JSON numbers, field elements and amounts as decimal strings.
 */

export type ReadonlyValue<Value> = Value extends readonly (infer Entry)[]
  ? readonly ReadonlyValue<Entry>[]
  : Value extends object ? { readonly [Name in keyof Value]: ReadonlyValue<Value[Name]> } : Value;
/** What a schema describes, immutable. */
export type ValueOf<Schema extends TSchema> = ReadonlyValue<Static<Schema>>;

const closed = { additionalProperties: false };

/** 1 to 10^15 - 1, below 2^53. */
export const EPOCH = Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'Number of an epoch, from 1.' });
export const FIELD_ELEMENT = Type.String({ pattern: '^(0|[1-9][0-9]{0,77})$', description: 'Field element, decimal.' });
export const UUID = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', description: 'UUID, lower case.' });
export const STEP_NAME = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}(:[a-z0-9-]{1,64})?$', description: 'Name of a step, such as "prove:batch-000003".' });
export const EVENT_ID = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$', description: 'Id of an event, "0" before the first.' });
/** Below 2^16: more rows than a table has. */
export const ROW = Type.String({ pattern: '^(0|[1-9][0-9]{0,4})$', description: 'Row of the market table, from 0.' });
export const DAYS = Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: 'Days until the token expires.' });
export const UPLOAD_NAME = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$', description: 'What messages call the file.' });
/** No control characters, so that a label cannot forge lines where it is shown. */
export const LABEL = Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]{1,100}$', description: 'What the token is for.' });
export const USER_ID = Type.String({ minLength: 1, maxLength: 256, description: 'User id as in the snapshots.' });
/** Any text: one that opens nothing is not told apart by its form. */
export const RECEIPT_TOKEN = Type.String({ maxLength: 256, description: 'The token that the venue sent.' });

const TIME = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$', description: 'ISO 8601, UTC.' });
const SHA256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const HASH = Type.String({ pattern: '^0x[0-9a-f]{64}$' });
const COUNT = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const oneOf = <const Values extends string[]>(values: [...Values]) => Type.Enum(values);

export const NOTHING = Type.Object({}, closed);
export const ROLE = oneOf(['operator', 'publisher', 'auditor', 'user']);
const EPOCH_STATE = oneOf(['planning', 'proving', 'publishing', 'published', 'final', 'failed']);
const WORK_STATE = oneOf(['ready', 'active', 'done', 'dead']);
const OUTBOX_KIND = oneOf(['open-snapshot', 'submit-epoch']);

/** Why something was given up: a stable code and a sentence without secrets. */
const FAILURE = orNull(Type.Object({ code: Type.String(), message: Type.String() }, closed));

export const ERROR_ANSWER = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'Stable, for programs.' }),
    message: Type.String({ description: 'What is wrong and what to do about it.' }),
    details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  }, closed),
}, closed);

export const LIVE = Type.Object({ live: Type.Literal(true) }, closed);

export const HEALTH = Type.Object({
  database: oneOf(['ok', 'unavailable']),
  chain: oneOf(['ok', 'unavailable', 'not configured']),
  keys: oneOf(['ok', 'refused']),
  ready: Type.Boolean(),
  insecureKeys: Type.Boolean(),
}, closed);

export const MARKET_TABLE = Type.Object({
  commitment: FIELD_ELEMENT,
  level: oneOf(['maintenance', 'initial']),
  snapshotTime: COUNT,
  rows: COUNT,
  addedAt: TIME,
}, closed);

export const SNAPSHOT = Type.Object({
  id: UUID,
  market: FIELD_ELEMENT,
  accounts: COUNT,
  sha256: SHA256,
  findings: Type.Array(Type.String()),
  created: Type.Boolean(),
}, closed);

const EPOCH_FIELDS = {
  epoch: COUNT,
  state: EPOCH_STATE,
  snapshot: UUID,
  market: FIELD_ELEMENT,
  circuits: Type.Array(Type.String()),
  accountsRoot: orNull(FIELD_ELEMENT),
  requestedAt: TIME,
  finishedAt: orNull(TIME),
  transaction: orNull(HASH),
  attestationSha256: orNull(SHA256),
};
export const EPOCH_SUMMARY = Type.Object(EPOCH_FIELDS, closed);
export const STARTED_EPOCH = Type.Object({ ...EPOCH_FIELDS, created: Type.Boolean() }, closed);

const STEP_FIELDS = { name: Type.String(), kind: Type.String(), state: WORK_STATE, attempts: COUNT, error: FAILURE };
export const STEP = Type.Object(STEP_FIELDS, closed);
export const DEAD_STEP = Type.Object({ ...STEP_FIELDS, epoch: COUNT }, closed);

export const PROGRESS = Type.Object({
  epoch: COUNT,
  state: EPOCH_STATE,
  proofsDone: COUNT,
  proofsTotal: COUNT,
  remainingSeconds: orNull(Type.Number({ minimum: 0 })),
  steps: Type.Object({ ready: COUNT, active: COUNT, done: COUNT, dead: COUNT }, closed),
}, closed);

export const EVENT = Type.Object({
  id: EVENT_ID,
  at: TIME,
  kind: Type.String(),
  detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
}, closed);

export const OUTBOX_ENTRY = Type.Object({
  epoch: COUNT,
  kind: OUTBOX_KIND,
  state: oneOf(['pending', 'sent', 'mined', 'final', 'dead']),
  transaction: orNull(HASH),
  block: orNull(COUNT),
  attempts: COUNT,
  error: FAILURE,
}, closed);

export const ACCOUNT_PROOF = Type.Object({
  id: UUID,
  kind: oneOf(['row-mark']),
  state: WORK_STATE,
  result: Type.Unknown(),
  error: FAILURE,
}, closed);

export const WORKER = Type.Object({
  id: UUID,
  host: Type.String(),
  process: COUNT,
  kinds: Type.Array(Type.String()),
  startedAt: TIME,
  seenAt: TIME,
  stoppedAt: orNull(TIME),
}, closed);

const TOKEN_FIELDS = { id: UUID, role: ROLE, userId: orNull(USER_ID), label: Type.String(), expiresAt: orNull(TIME), revokedAt: orNull(TIME) };
export const TOKEN = Type.Object(TOKEN_FIELDS, closed);
export const NEW_TOKEN = Type.Object({ ...TOKEN_FIELDS, token: Type.String() }, closed);
