import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to one request. 'hang': no answer. 'lost': forwarded, and the answer swallowed. 'closed': the connection breaks.
 * A function answers in the node's place, given its real result.
 */
export type Fault = 'hang' | 'lost' | 'closed' | 'http-500' | 'garbage' | 'empty' | 'node-error' | 'no-form' | ((result: unknown) => unknown);

interface Plan { readonly method: string | undefined; left: number; skip: number; readonly fault: Fault }

/** Stands between a publisher and its node, and fails as told. */
export class FaultyProxy {
  /** Methods as they were asked for, in order. */
  readonly asked: string[] = [];
  private plans: Plan[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {}

  static async start(target: string): Promise<FaultyProxy> {
    const server = createServer();
    const proxy = new FaultyProxy(server, target);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void proxy.serve(request, response).catch(() => response.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next `times` requests of a method, or of any, after letting `skip` pass. */
  plan(fault: Fault, { method, times = 1, skip = 0 }: { method?: string; times?: number; skip?: number } = {}): void {
    this.plans.push({ method, left: times, skip, fault });
  }

  /** How many planned faults did not happen. */
  get left(): number {
    return this.plans.reduce((sum, { left }) => sum + (left === Infinity ? 0 : left), 0);
  }

  heal(): void {
    this.plans = [];
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { id, method } = JSON.parse(body) as { id: number; method: string };
    this.asked.push(method);
    const fault = this.next(method);
    const say = (status: number, text: string): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    if (fault === 'hang') return;
    if (fault === 'closed') return void response.destroy();
    if (fault === 'http-500') return say(500, 'Internal Server Error');
    if (fault === 'garbage') return say(200, '<html><body>Just a moment…</body></html>');
    if (fault === 'empty') return say(200, '');
    if (fault === 'node-error') return say(200, JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message: 'internal error: out of memory' } }));
    if (fault === 'no-form') return say(200, JSON.stringify({ jsonrpc: '2.0', id, result: { strange: [true] } }));
    const answer = await fetch(this.target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await answer.text();
    if (fault === 'lost') return;
    if (fault === undefined) return say(answer.status, text);
    const { result } = JSON.parse(text) as { result: unknown };
    say(200, JSON.stringify({ jsonrpc: '2.0', id, result: fault(result) ?? null }));
  }

  private next(method: string): Fault | undefined {
    const plan = this.plans.find((candidate) => candidate.left > 0 && (candidate.method === undefined || candidate.method === method));
    if (plan === undefined) return undefined;
    if (plan.skip > 0) {
      plan.skip -= 1;
      return undefined;
    }
    plan.left -= 1;
    return plan.fault;
  }
}
