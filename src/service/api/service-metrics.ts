import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ServiceOperations } from '../operations.js';

/** How one request went. */
export interface RequestMeasure {
  readonly method: string;
  /** The route's pattern, so that the number of series is bounded. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** The service's metrics; a registry of its own, so that several services fit one process. */
export class ServiceMetrics {
  readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'clearproof_http_requests_total', help: 'Requests answered.', labelNames: ['method', 'route', 'status'], registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'clearproof_http_request_seconds', help: 'Time to answer.', labelNames: ['method', 'route'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600], registers: [this.registry],
  });
  private readonly streams = new Gauge({ name: 'clearproof_http_streams', help: 'Progress streams open.', registers: [this.registry] });
  private readonly up = new Gauge({ name: 'clearproof_up', help: '1 when the part answers.', labelNames: ['part'], registers: [this.registry] });
  private readonly insecure = new Gauge({ name: 'clearproof_insecure_keys', help: '1 while a development key is in use.', registers: [this.registry] });
  private readonly epochs = new Gauge({ name: 'clearproof_epochs', help: 'Epochs by state.', labelNames: ['state'], registers: [this.registry] });
  private readonly entries = new Gauge({
    name: 'clearproof_outbox_entries', help: 'Outbox entries by state.', labelNames: ['state'], registers: [this.registry],
  });
  private readonly dead = new Gauge({ name: 'clearproof_dead_steps', help: 'Steps that were given up.', registers: [this.registry] });
  private readonly workers = new Gauge({ name: 'clearproof_workers', help: 'Workers that have not stopped.', registers: [this.registry] });

  constructor(private readonly operations: ServiceOperations) {
    collectDefaultMetrics({ register: this.registry });
  }

  measure({ method, route, status, seconds }: RequestMeasure): void {
    this.requests.inc({ method, route, status: status.toString() });
    this.seconds.observe({ method, route }, seconds);
  }

  streamOpened(): void {
    this.streams.inc();
  }

  streamClosed(): void {
    this.streams.dec();
  }

  /** Prometheus' text format. What cannot be asked for at the moment is left out, and `clearproof_up` says so. */
  async text(): Promise<string> {
    await this.collect();
    return this.registry.metrics();
  }

  /** What is counted is asked for first: between reset and count nobody else who asks may come in, or all would be counted twice. */
  private async collect(): Promise<void> {
    const health = await this.operations.health();
    const [epochs, outbox, dead, workers] = health.database === 'ok'
      ? await Promise.all([this.operations.epochs(), this.operations.outbox(), this.operations.deadLetters(), this.operations.workers()])
      : [[], [], undefined, undefined];
    for (const gauge of [this.epochs, this.entries, this.dead, this.workers]) gauge.reset();
    this.up.set({ part: 'database' }, health.database === 'ok' ? 1 : 0);
    this.up.set({ part: 'keys' }, health.keys === 'ok' ? 1 : 0);
    if (health.chain !== 'not configured') this.up.set({ part: 'chain' }, health.chain === 'ok' ? 1 : 0);
    this.insecure.set(health.insecureKeys ? 1 : 0);
    for (const { state } of epochs) this.epochs.inc({ state });
    for (const { state } of outbox) this.entries.inc({ state });
    if (dead !== undefined) this.dead.set(dead.length);
    if (workers !== undefined) this.workers.set(workers.filter(({ stoppedAt }) => stoppedAt === null).length);
  }
}
