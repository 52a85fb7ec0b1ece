import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import type { ServiceOperations } from '../operations.js';
import { authorize, rateLimits, type TokenCheck } from './access.js';
import { DEFAULT_LIMITS, type ApiLimits } from './api-limits.js';
import { logOptions, type LogLevel, type LogSink } from './api-log.js';
import { answerBrokenRequest, countRequests } from './broken-request.js';
import { NO_ROUTE, replyOf, traceOf } from './error-answer.js';
import { openApiDocument } from './openapi.js';
import { OpenStreams } from './open-streams.js';
import { checkBodyHeaders, readJsonBody, streamBody } from './request-body.js';
import { requestValidator } from './request-validator.js';
import type { Caller, Route, RouteTools, StreamTiming } from './route.js';
import { routeHandler } from './route-handler.js';
import { ROUTE_LIST } from './routes.js';
import { ServiceMetrics } from './service-metrics.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent where nothing is found. */
    readonly route?: Route;
  }
  interface FastifyRequest {
    /** Who asks, once known. */
    caller: Caller | undefined;
  }
}

export interface ApiOptions {
  readonly operations: ServiceOperations;
  readonly checkToken: TokenCheck;
  /** Of the program, for the API's description. */
  readonly version: string;
  readonly limits?: Partial<ApiLimits>;
  /** Addresses of proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies?: readonly string[];
  readonly logLevel?: LogLevel;
  /** Standard output by default. */
  readonly logSink?: LogSink;
  readonly streamTiming?: StreamTiming;
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': 'default-src \'none\'; frame-ancestors \'none\'',
  'referrer-policy': 'no-referrer',
  // Public answers that may be kept say so themselves.
  'cache-control': 'no-store',
};
/** Longer than any parameter of a route. */
const MAX_PARAMETER = 200;

/** The HTTP API over a service's operations. */
export class ApiServer {
  private constructor(
    private readonly app: FastifyInstance,
    readonly metrics: ServiceMetrics,
    private readonly patience: number,
  ) {}

  /** Ready to listen. */
  static async make(options: ApiOptions): Promise<ApiServer> {
    const limits: ApiLimits = { ...DEFAULT_LIMITS, ...options.limits };
    const app = Fastify(serverOptions(options, limits)) as unknown as FastifyInstance;
    const metrics = new ServiceMetrics(options.operations);
    app.server.maxConnections = limits.connections;
    countRequests(app.server);
    app.decorateRequest('caller', undefined);
    await app.register(rateLimit, { global: false });
    addAccess(app, options.checkToken, limits);
    addBodies(app, limits);
    addErrors(app);
    addMeasures(app, metrics, limits);
    addRoutes(app, options, limits, metrics);
    await app.ready();
    return new ApiServer(app, metrics, limits.closing);
  }

  /** @param port 0 for any that is free. Gives the address to call. */
  async listen(host: string, port: number): Promise<{ readonly host: string; readonly port: number }> {
    await this.app.listen({ host, port });
    const { address, port: bound } = this.app.server.address() as AddressInfo;
    return { host: address, port: bound };
  }

  /** Takes no more requests, ends progress streams, waits for what is under way, within bounds. */
  async close(): Promise<void> {
    const late = setTimeout(() => this.app.server.closeAllConnections(), this.patience);
    try {
      await this.app.close();
    } finally {
      clearTimeout(late);
    }
  }
}

function serverOptions(options: ApiOptions, limits: ApiLimits): FastifyServerOptions<Server> & { readonly http: object } {
  return {
    logger: logOptions(options.logLevel ?? 'info', options.logSink),
    // The framework's lines hold URLs; addMeasures writes one line a request.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustedProxies === undefined || options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    // An id from outside could forge lines of the log.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_PARAMETER, ignoreTrailingSlash: false, caseSensitive: true },
    keepAliveTimeout: limits.keepAlive,
    connectionTimeout: limits.stalled,
    // Bodies have their own time, see request-body.ts: an upload may take hours.
    requestTimeout: 0,
    http: { headersTimeout: limits.headersTimeout, connectionsCheckingInterval: limits.timeoutCheck },
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerFrameworkError,
  };
}

/** A path that cannot even be decoded: no hook has run. */
function answerFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, answer } = replyOf(error, request.id);
  void reply.code(status).headers(SECURITY_HEADERS).type('application/json; charset=utf-8').send(JSON.stringify(answer));
}

/** In this order: headers for every answer, limit of the address, who it is, limit of the token, what the body claims to be. */
function addAccess(app: FastifyInstance, checkToken: TokenCheck, limits: ApiLimits): void {
  const rates = rateLimits(app, limits);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id });
    await rates.address(request);
    const { route } = request.routeOptions.config;
    if (route === undefined) return;
    request.caller = await authorize(route, request.headers.authorization, checkToken);
    if (request.caller !== undefined) await rates.token(request, route.cost);
    checkBodyHeaders(request.raw, route.body, limits);
  });
}

function addBodies(app: FastifyInstance, limits: ApiLimits): void {
  app.removeAllContentTypeParsers();
  // The type has been held against the route's by then.
  app.addContentTypeParser(/^/, async (request: FastifyRequest) => {
    const body = request.routeOptions.config.route?.body ?? { kind: 'none' };
    switch (body.kind) {
      case 'none':
        return undefined;
      case 'stream':
        return streamBody(request.raw, limits);
      case 'json':
      case 'json-text':
        return readJsonBody(request.raw, body, limits);
    }
  });
  app.addHook('preValidation', (request, _reply, done) => {
    done(request.routeOptions.config.route?.refuse?.(request.body));
  });
  app.setValidatorCompiler(requestValidator);
}

function addErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, answer, headers, hidden } = replyOf(error, request.id);
    if (hidden) request.log.error({ requestId: request.id, route: request.routeOptions.url, trace: traceOf(error) }, 'request failed');
    return reply.code(status).headers({ ...headers, 'cache-control': 'no-store' }).type('application/json; charset=utf-8').send(JSON.stringify(answer));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('application/json; charset=utf-8').send(JSON.stringify(NO_ROUTE)));
}

function addMeasures(app: FastifyInstance, metrics: ServiceMetrics, limits: ApiLimits): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    metrics.measure({ method: route === 'none' ? 'any' : method, route, status, seconds: reply.elapsedTime / 1000 });
    const role = request.caller?.role ?? 'none';
    request.log.info({ requestId: request.id, method, route, status, role, milliseconds: Math.round(reply.elapsedTime) }, 'answered');
    if (!request.raw.complete) dropRest(request.raw, limits.linger);
    done();
  });
}

/** Reads on for a moment after a body was refused: closing at once would reset the connection before the answer is read. */
function dropRest(request: IncomingMessage, linger: number): void {
  const timer = setTimeout(() => request.destroy(), linger);
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.resume();
}

function addRoutes(app: FastifyInstance, options: ApiOptions, limits: ApiLimits, metrics: ServiceMetrics): void {
  const closing = new AbortController();
  app.addHook('preClose', (done) => {
    closing.abort();
    done();
  });
  // An answer under way must not leave a connection behind that closing would wait for.
  app.addHook('onSend', async (_request, reply) => {
    if (closing.signal.aborted) reply.header('connection', 'close');
  });
  const streams = new OpenStreams(limits.streams, metrics);
  const document = openApiDocument(options.version);
  const tools: RouteTools = {
    metrics: () => metrics.text(),
    openApi: () => document,
    openStream: (until) => streams.take(until),
    streamTiming: options.streamTiming ?? { poll: 1_000, heartbeat: 15_000 },
  };
  for (const [name, route] of ROUTE_LIST) {
    app.route({
      method: route.method,
      url: route.url,
      config: { route },
      schema: { params: route.params, querystring: route.query, ...(route.body.kind === 'json' ? { body: route.body.schema } : {}) },
      handler: routeHandler(name, route, options.operations, tools, closing.signal),
    });
  }
}
