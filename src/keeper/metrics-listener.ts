import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KeeperMetricsError } from './keeper-errors.js';

const HOST = '127.0.0.1';
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** What is shown. */
export interface ListedMetrics {
  readonly registry: { readonly contentType: string };
  /** Prometheus' text format. */
  text(): Promise<string>;
}

/** Metrics for a Prometheus on this machine: `/metrics` and nothing else. They have no token, so no other address is listened on. */
export class KeeperMetricsListener {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port 0 for any that is free. @throws KeeperMetricsError where the port cannot be had */
  static async start(metrics: ListedMetrics, port: number): Promise<KeeperMetricsListener> {
    const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404, HEADERS).end();
        return;
      }
      metrics.text().then(
        (text) => response.writeHead(200, { ...HEADERS, 'content-type': metrics.registry.contentType }).end(text),
        () => response.writeHead(500, HEADERS).end(),
      );
    });
    server.maxConnections = 16;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(new KeeperMetricsError(`port ${port} of ${HOST} cannot be listened on: set metricsPort to another one`, { field: 'metricsPort', port }, { cause })));
      server.listen(port, HOST, resolve);
    });
    return new KeeperMetricsListener(server, (server.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
