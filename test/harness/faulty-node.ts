import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a call says, as far as nodes look at it. */
export interface NodeCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type NodeFault =
  | 'none'
  /** Takes connections and never answers. */
  | 'hangs'
  /** Says that it serves chain 1. */
  | 'wrong-chain'
  /** Answers every call with a JSON-RPC error. */
  | 'errors'
  /** Answers as a captive portal does. */
  | 'html'
  /** Answers with text that does not end for HUGE_BYTES. */
  | 'huge'
  /** Honest until asked what the registry recorded, then silent. */
  | 'falls-silent'
  /** One bit of every answer about the registry's record is another. */
  | 'lies-in-storage'
  /** One bit of the event about the record is another. */
  | 'lies-in-events'
  /** Says of every call that nothing is there. */
  | 'forgets';

const HUGE_BYTES = 64 * 1024 * 1024;
const ALLOW = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' } as const;

/** A request as it arrived: everything an operator of a node learns. */
export interface HeardRequest {
  readonly url: string;
  readonly headers: string;
  readonly body: string;
}

/** Stands between a page and a node, hears everything, and misbehaves as told. */
export class FaultyNode {
  fault: NodeFault = 'none';
  /** Which call of `eth_call` is lied about, from 0; all unless told. */
  lieAt: number | undefined;
  readonly heard: HeardRequest[] = [];
  #calls = 0;

  private constructor(private readonly node: string, private readonly server: Server) {}

  /** @param node URL of an honest node */
  static async start(node: string): Promise<FaultyNode> {
    const server = createServer((request, response) => {
      faulty.answer(request, response).catch(() => response.destroy());
    });
    const faulty = new FaultyNode(node, server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return faulty;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Methods of the calls it heard, in order. */
  get methods(): string[] {
    return this.heard.flatMap(({ body }) => (body === '' ? [] : callsIn(body).map(({ method }) => method)));
  }

  reset(fault: NodeFault = 'none', lieAt?: number): void {
    this.fault = fault;
    this.lieAt = lieAt;
    this.heard.length = 0;
    this.#calls = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    this.heard.push({ url: request.url ?? '', headers: request.rawHeaders.join('\n'), body });
    if (request.method === 'OPTIONS') {
      response.writeHead(204, ALLOW).end();
      return;
    }
    if (this.fault === 'hangs') return;
    if (this.fault === 'html') {
      response.writeHead(200, { ...ALLOW, 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title><p>Please sign in.');
      return;
    }
    const json = { ...ALLOW, 'content-type': 'application/json' };
    if (this.fault === 'huge') {
      response.writeHead(200, json);
      response.end(`{"jsonrpc":"2.0","id":1,"result":"0x${'a'.repeat(HUGE_BYTES)}`);
      return;
    }
    const calls = callsIn(body);
    if (this.fault === 'falls-silent' && calls.some(({ method }) => method === 'eth_call')) return;
    const answers = await Promise.all(calls.map((call) => this.reply(call)));
    response.writeHead(200, json).end(JSON.stringify(body.startsWith('[') ? answers : answers[0]));
  }

  private async reply(call: NodeCall): Promise<unknown> {
    const { id, method } = call;
    if (this.fault === 'errors') return { jsonrpc: '2.0', id, error: { code: -32603, message: 'internal error' } };
    if (this.fault === 'wrong-chain' && method === 'eth_chainId') return { jsonrpc: '2.0', id, result: '0x1' };
    if (this.fault === 'forgets' && method === 'eth_getLogs') return { jsonrpc: '2.0', id, result: [] };
    const answer = await fetch(this.node, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', ...call }) });
    const honest = await answer.text();
    if (this.fault === 'lies-in-storage' && method === 'eth_call') {
      const place = this.#calls++;
      return JSON.parse(this.lieAt === undefined || this.lieAt === place ? bent(honest, 3) : honest);
    }
    return JSON.parse(this.fault === 'lies-in-events' && method === 'eth_getLogs' ? bent(honest, 3) : honest);
  }
}

/** The last bit of one 32-byte word of the answer turned: of word `place`, or the last one of shorter answers. */
function bent(answer: string, place: number): string {
  return answer.replace(/"(?:data|result)":"0x([0-9a-f]{64,})"/, (whole, hex: string) => {
    const end = Math.min((place + 1) * 64, hex.length) - 1;
    const turned = (Number.parseInt(hex.charAt(end), 16) ^ 1).toString(16);
    return whole.replace(hex, hex.slice(0, end) + turned + hex.slice(end + 1));
  });
}

function callsIn(body: string): readonly NodeCall[] {
  const parsed = JSON.parse(body) as NodeCall | readonly NodeCall[];
  return Array.isArray(parsed) ? (parsed as readonly NodeCall[]) : [parsed as NodeCall];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
