import { assertPinned } from '../../store/pins.js';
import { ApiServer } from '../api/api-server.js';
import { MetricsListener } from '../api/metrics-listener.js';
import { storeTokenCheck } from '../api/store-token-check.js';
import type { CheckedConfig } from '../config/check-config.js';
import { requireDeployedVerifiers } from '../config/check-live.js';
import type { LogSink } from '../api/api-log.js';
import { apiLimits } from './api-options.js';
import { localOperations } from './local-operations.js';
import { pinOf } from './pin-of.js';
import { runPublisher } from './run-publisher.js';
import { runConfiguredWorker } from './run-worker-process.js';
import { openServiceParts, type Program, type ServiceParts } from './service-parts.js';

/** What a process does of a service. Publishing follows from worker.kinds. */
export interface ServiceDuties {
  readonly api: boolean;
}

/** A service at work in this process. */
export interface RunningService {
  /** Where the API listens; undefined without one. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  /** Ends when the service was stopped; rejects, after it ended all, with what keeps a part from going on. */
  readonly done: Promise<void>;
  /** Answers what was asked, finishes or hands back what is under way, and closes the store. Harmless when repeated. */
  stop(): Promise<void>;
}

/** Starts what a configuration asks for, pinning a new store. @throws WorkerRefusedError; what opening the store throws, what listening does, and what requireDeployedVerifiers does */
export async function startService(checked: CheckedConfig, program: Program, duties: ServiceDuties, accessLog?: LogSink): Promise<RunningService> {
  const parts = await openServiceParts(checked, program);
  const stop = new AbortController();
  let api: Listeners | undefined;
  try {
    // Before anything is asked of it: epochs are of the program and keys that the store is pinned to.
    await assertPinned(parts.store.database, await pinOf(parts));
    await requireDeployedVerifiers(checked, parts.program.log);
    api = duties.api ? await listen(parts, accessLog) : undefined;
    const { address } = api ?? {};
    const done = runParts(parts, api, stop);
    // Whoever awaits `done` hears of it; nobody need to.
    done.catch(() => undefined);
    return {
      address, done,
      stop: async () => {
        stop.abort();
        await done.catch(() => undefined);
      },
    };
  } catch (cause) {
    await api?.close();
    await parts.close();
    throw cause;
  }
}

interface Listeners {
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

async function listen(parts: ServiceParts, accessLog: LogSink | undefined): Promise<Listeners> {
  const { host, port, metricsPort } = parts.checked.config.api;
  const api = await makeApi(parts, accessLog);
  try {
    const address = await api.listen(host, port);
    const metrics = metricsPort === undefined ? undefined : await MetricsListener.start(api.metrics, '127.0.0.1', metricsPort);
    return { address, close: async () => void (await Promise.all([api.close(), metrics?.close()])) };
  } catch (cause) {
    await api.close();
    throw cause;
  }
}

async function makeApi(parts: ServiceParts, accessLog: LogSink | undefined): Promise<ApiServer> {
  const { checked: { config }, program, store } = parts;
  return ApiServer.make({
    operations: await localOperations(parts),
    checkToken: storeTokenCheck(store.database),
    version: program.version,
    limits: apiLimits(config),
    logLevel: config.log.level,
    ...(config.api.trustedProxies === undefined ? {} : { trustedProxies: config.api.trustedProxies }),
    ...(accessLog === undefined ? {} : { logSink: accessLog }),
  });
}

/** Until told to stop, or until one part cannot go on: then all stop, so that whoever watches the process sees it. */
async function runParts(parts: ServiceParts, api: Listeners | undefined, stop: AbortController): Promise<void> {
  const { checked, program: { log }, store } = parts;
  const { worker } = checked.config;
  const works = worker.processes > 0;
  const failures: unknown[] = [];
  const part = (run: Promise<void>): Promise<void> => run.catch((cause: unknown) => {
    failures.push(cause);
    stop.abort();
  });
  try {
    await Promise.all([
      untilAborted(stop.signal).then(() => api?.close()),
      ...(works ? [part(runConfiguredWorker(parts, stop.signal))] : []),
      ...(works && worker.kinds.includes('publish') ? [part(runPublisher(checked, store, log, stop.signal))] : []),
    ]);
  } finally {
    await parts.close();
  }
  if (failures.length > 0) throw failures[0];
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
