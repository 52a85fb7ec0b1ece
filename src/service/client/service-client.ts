import type { TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Route } from '../api/route.js';
import { ROUTES } from '../api/routes.js';
import type { ValueOf } from '../api/schemas.js';
import type {
  AccountProofRequest, AccountProofSummary, EpochEvent, EpochProgress, EpochSummary, MarketTableSummary, OutboxSummary, Role, ServiceHealth,
  ServiceOperations, SnapshotSummary, SnapshotUpload, StartedEpoch, StepSummary, TokenSummary, WorkerSummary,
} from '../operations.js';
import { ServiceAnswerError, ServiceRefusedError } from './client-errors.js';
import { followStream, linesOf, type RemoteSighting } from './event-reader.js';
import { HttpConnection, type ConnectionOptions, type Outgoing } from './http-connection.js';

interface Input<Params extends TObject, Query extends TObject, Body extends TSchema> {
  readonly params?: ValueOf<Params>;
  readonly query?: ValueOf<Query>;
  readonly body?: ValueOf<Body>;
}

/** The operations of a service elsewhere. Its refusals are thrown with their own codes. */
export class ServiceClient implements ServiceOperations {
  private readonly connection: HttpConnection;

  /** @throws ServiceUrlError */
  constructor(options: ConnectionOptions) {
    this.connection = new HttpConnection(options);
  }

  health(): Promise<ServiceHealth> {
    return this.call(ROUTES.health, {});
  }

  async addMarketTable(json: string): Promise<MarketTableSummary> {
    const { method, url, answer } = ROUTES.addMarketTable;
    return this.checked(ROUTES.addMarketTable, await this.text({ method, path: url, body: json }, statusesOf(answer)));
  }

  marketTables(): Promise<readonly MarketTableSummary[]> {
    return this.call(ROUTES.marketTables, {});
  }

  marketTable(commitment: string): Promise<string> {
    return this.callText(ROUTES.marketTable, { params: { commitment } });
  }

  async uploadSnapshot({ bytes, format, market, name }: SnapshotUpload): Promise<SnapshotSummary> {
    const route = ROUTES.uploadSnapshot;
    const path = pathOf(route, { query: { market, name: nameFor(name) } });
    const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
    return this.checked(route, await this.connection.upload(path, type, bytes, statusesOf(route.answer)));
  }

  snapshots(): Promise<readonly SnapshotSummary[]> {
    return this.call(ROUTES.snapshots, {});
  }

  openSnapshot(epoch: number): Promise<OutboxSummary> {
    return this.call(ROUTES.openSnapshot, ofEpoch(epoch));
  }

  startEpoch({ epoch, snapshot }: { readonly epoch: number; readonly snapshot: string }): Promise<StartedEpoch> {
    return this.call(ROUTES.startEpoch, { body: { epoch: epoch.toString(), snapshot } });
  }

  epochs(): Promise<readonly EpochSummary[]> {
    return this.call(ROUTES.epochs, {});
  }

  epoch(number: number): Promise<EpochSummary> {
    return this.call(ROUTES.epoch, ofEpoch(number));
  }

  steps(number: number): Promise<readonly StepSummary[]> {
    return this.call(ROUTES.steps, ofEpoch(number));
  }

  progress(number: number): Promise<EpochProgress> {
    return this.call(ROUTES.progress, ofEpoch(number));
  }

  events(number: number, after: string): Promise<readonly EpochEvent[]> {
    return this.call(ROUTES.events, { ...ofEpoch(number), query: { after } });
  }

  /**
   * Events and progress as they come, until the epoch ends or the signal fires. A connection that breaks is made again after
   * `pause` milliseconds, from the last event seen.
   */
  follow(number: number, options: { readonly after?: string; readonly signal?: AbortSignal; readonly pause?: number } = {}): AsyncIterable<RemoteSighting> {
    const { method, answer } = ROUTES.eventStream;
    const path = pathOf(ROUTES.eventStream, ofEpoch(number));
    const open = (after: string): Promise<Response> => this.connection.send({
      method, path, headers: { 'last-event-id': after }, ...(options.signal === undefined ? {} : { signal: options.signal }),
    }, statusesOf(answer));
    return followStream(open, { after: options.after ?? '0', pause: options.pause ?? 1_000, signal: options.signal });
  }

  outbox(): Promise<readonly OutboxSummary[]> {
    return this.call(ROUTES.outbox, {});
  }

  deadLetters(): Promise<readonly (StepSummary & { readonly epoch: number })[]> {
    return this.call(ROUTES.deadLetters, {});
  }

  retry(epoch: number, step: string): Promise<StepSummary> {
    return this.call(ROUTES.retry, { params: { epoch: epoch.toString(), step } });
  }

  attestation(number: number): Promise<string> {
    return this.callText(ROUTES.attestation, ofEpoch(number));
  }

  receiptByToken(token: string): Promise<string | undefined> {
    return orUndefined(this.callText(ROUTES.receiptByPostedToken, { body: { token } }));
  }

  /** The service takes the user from the access token, and answers with nothing when it is not this one. */
  async receiptsOfUser(userId: string, epoch: number): Promise<readonly string[]> {
    const headers = { 'clearproof-user': encodeURIComponent(userId) };
    const text = await orUndefined(this.callText(ROUTES.receiptsOfUser, ofEpoch(epoch), headers));
    return (text ?? '').split('\n').filter((line) => line !== '');
  }

  async* receiptTokens(epoch: number): AsyncIterable<string> {
    const route = ROUTES.receiptTokens;
    const response = await this.connection.send({ method: route.method, path: pathOf(route, ofEpoch(epoch)) }, statusesOf(route.answer));
    yield* linesOf(response, (work) => this.connection.read(work));
  }

  requestAccountProof({ kind, market, row }: AccountProofRequest): Promise<AccountProofSummary> {
    return this.call(ROUTES.requestAccountProof, { body: { kind, market, row: row.toString() } });
  }

  accountProof(id: string): Promise<AccountProofSummary> {
    return this.call(ROUTES.accountProof, { params: { id } });
  }

  workers(): Promise<readonly WorkerSummary[]> {
    return this.call(ROUTES.workers, {});
  }

  createToken(request: { readonly role: Role; readonly userId?: string; readonly label: string; readonly days?: number }): Promise<TokenSummary & { readonly token: string }> {
    const { days, ...rest } = request;
    return this.call(ROUTES.createToken, { body: { ...rest, ...(days === undefined ? {} : { days: days.toString() }) } });
  }

  tokens(): Promise<readonly TokenSummary[]> {
    return this.call(ROUTES.tokens, {});
  }

  revokeToken(id: string): Promise<TokenSummary> {
    return this.call(ROUTES.revokeToken, { params: { id } });
  }

  private async call<Params extends TObject, Query extends TObject, Body extends TSchema, Answer extends TSchema>(
    route: Route<Params, Query, Body, Answer>, input: Input<Params, Query, Body>,
  ): Promise<ValueOf<Answer>> {
    return this.checked(route, await this.callText(route, input));
  }

  private callText<Params extends TObject, Query extends TObject, Body extends TSchema, Answer extends TSchema>(
    route: Route<Params, Query, Body, Answer>, input: Input<Params, Query, Body>, headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const body = input.body === undefined ? {} : { body: JSON.stringify(input.body) };
    return this.text({ method: route.method, path: pathOf(route, input), headers, ...body }, statusesOf(route.answer));
  }

  private async text(outgoing: Outgoing, statuses: readonly number[]): Promise<string> {
    const response = await this.connection.send(outgoing, statuses);
    return this.connection.read(() => response.text());
  }

  /** The value of a JSON answer that is what the route promises. @throws ServiceAnswerError */
  private checked<Answer extends TSchema>({ answer, url }: Pick<Route<TObject, TObject, TSchema, Answer>, 'answer' | 'url'>, text: string): ValueOf<Answer> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new ServiceAnswerError(`the answer of ${url} is not JSON: check the address`, {}, { cause });
    }
    if (!Value.Check(answer.schema, value)) throw new ServiceAnswerError(`the answer of ${url} is not what this version expects: use the same version on both sides`);
    return value as ValueOf<Answer>;
  }
}

function pathOf(route: Pick<Route, 'url'>, { params, query }: { readonly params?: object; readonly query?: object }): string {
  const values = params as Readonly<Record<string, string>> | undefined;
  const path = route.url.replace(/:([A-Za-z]+)/g, (_match, name: string) => encodeURIComponent(values?.[name] ?? ''));
  const search = new URLSearchParams(query as Record<string, string> | undefined).toString();
  return search === '' ? path : `${path}?${search}`;
}

function statusesOf(answer: Route['answer']): readonly number[] {
  return Object.keys(answer.statuses).map(Number);
}

function ofEpoch(epoch: number): { readonly params: { readonly epoch: string } } {
  return { params: { epoch: epoch.toString() } };
}

/** A file's name as the service takes it: what stands before the last slash stays here. */
function nameFor(name: string): string {
  const safe = (name.split(/[\\/]/).pop() ?? '').replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 100);
  return safe === '' ? 'upload' : safe;
}

async function orUndefined<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found;
  } catch (thrown) {
    if (thrown instanceof ServiceRefusedError && thrown.status === 404) return undefined;
    throw thrown;
  }
}
