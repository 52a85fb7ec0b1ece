import { connect, type Socket } from 'node:net';
import type { ApiLimits } from '../../../src/service/api/api-limits.js';
import { ApiServer, type ApiOptions } from '../../../src/service/api/api-server.js';
import type { Caller } from '../../../src/service/api/route.js';
import type { Role } from '../../../src/service/operations.js';
import { ScriptedService } from './scripted-service.js';

/** A token for each role and state. */
export const TOKENS = {
  operator: 'cp_operator', publisher: 'cp_publisher', auditor: 'cp_auditor', user: 'cp_alice', bob: 'cp_bob', expired: 'cp_expired', revoked: 'cp_revoked',
} as const;
export const ROLES: readonly Role[] = ['operator', 'publisher', 'auditor', 'user'];

const CALLERS: Readonly<Record<string, Caller>> = {
  [TOKENS.operator]: { id: '1', role: 'operator', userId: undefined },
  [TOKENS.publisher]: { id: '2', role: 'publisher', userId: undefined },
  [TOKENS.auditor]: { id: '3', role: 'auditor', userId: undefined },
  [TOKENS.user]: { id: '4', role: 'user', userId: 'alice' },
  [TOKENS.bob]: { id: '5', role: 'user', userId: 'bob' },
};

/** An API on a free port of this machine, and what its log holds. */
export interface RunningApi {
  readonly service: ScriptedService;
  readonly server: ApiServer;
  readonly url: string;
  readonly port: number;
  readonly log: string[];
  call(path: string, options?: CallOptions): Promise<Answered>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
  /** Sent as JSON with its type. */
  readonly json?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** error.code of an error answer. */
  readonly code: string | undefined;
}

/** No limit that a test does not ask for itself. */
const WIDE: Partial<ApiLimits> = { perAddress: 1_000_000, perToken: 1_000_000 };

export async function runApi(limits: Partial<ApiLimits> = {}, options: Partial<ApiOptions> = {}, onPort = 0): Promise<RunningApi> {
  const service = options.operations instanceof ScriptedService ? options.operations : new ScriptedService();
  const log: string[] = [];
  const server = await ApiServer.make({
    operations: service, checkToken: (token) => Promise.resolve(CALLERS[token]), version: '0.0.0-test', logSink: { write: (line) => void log.push(line) },
    limits: { ...WIDE, ...limits }, streamTiming: { poll: 5, heartbeat: 20 }, ...options,
  });
  const { port } = await server.listen('127.0.0.1', onPort);
  const url = `http://127.0.0.1:${port}`;
  return { service, server, url, port, log, call: (path, call) => callApi(url, path, call), stop: () => server.close() };
}

async function callApi(url: string, path: string, { method, token, headers, body, json }: CallOptions = {}): Promise<Answered> {
  const sent = json === undefined ? body : JSON.stringify(json);
  const response = await fetch(url + path, {
    method: method ?? (sent === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent, duplex: 'half' }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, code: codeOf(text) };
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { code?: string } } | null)?.error?.code;
  } catch {
    return undefined;
  }
}

/** A bare connection, and all it received until the other side closed it. */
export class RawConnection {
  received = '';
  readonly closed: Promise<void>;

  private constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (piece) => { this.received += piece.toString(); });
    socket.on('error', () => undefined);
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawConnection(socket)));
    });
  }

  write(text: string): void {
    this.socket.write(text);
  }
}
