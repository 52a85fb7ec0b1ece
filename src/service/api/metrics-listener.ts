import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { ServiceMetrics } from './service-metrics.js';

/** Metrics without a token are for this machine only. */
export class MetricsAddressError extends ClearproofError {
  readonly code = 'METRICS_ADDRESS';
}

const LOOPBACK = ['127.0.0.1', '::1'];
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Metrics for a Prometheus on this machine that has no token: `/metrics` and nothing else. */
export class MetricsListener {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port 0 for any that is free. @throws MetricsAddressError for any address but 127.0.0.1 and ::1 */
  static async start(metrics: ServiceMetrics, host: string, port: number): Promise<MetricsListener> {
    if (!LOOPBACK.includes(host)) {
      throw new MetricsAddressError(`metrics without a token are given on ${LOOPBACK.join(' or ')} only, not on ${host}: give Prometheus an auditor's token and let it ask the API`, { host });
    }
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
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    return new MetricsListener(server, (server.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
