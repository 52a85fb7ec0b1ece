import { requireFit } from '../../service/config/check-config.js';
import { ServiceClient } from '../../service/client/service-client.js';
import { localOperations } from '../../service/run/local-operations.js';
import { openServiceParts, type ServiceParts } from '../../service/run/service-parts.js';
import { StoreLockedError } from '../../store/database.js';
import { readSecretText } from '../files.js';
import { configOf } from './config-command.js';
import type { ServiceConnection, TargetOptions } from './target.js';
import { thisProgram } from './this-program.js';

/** The service that a command line names. @throws errors of the configuration, of the store, of the client */
export async function connectService(options: TargetOptions): Promise<ServiceConnection> {
  const { service, tokenFile } = options;
  if (service !== undefined) {
    const token = tokenFile === undefined ? {} : { token: (await readSecretText(tokenFile)).trim() };
    return { operations: new ServiceClient({ url: service, ...token }), close: () => Promise.resolve() };
  }
  const parts = await openLocal(options);
  return { operations: await localOperations(parts), close: () => parts.close() };
}

/** The store of a configuration, in this process. @throws StoreLockedError saying what to do while a service runs on it */
export async function openLocal(options: { readonly config?: string }): Promise<ServiceParts> {
  const loaded = await configOf(options);
  // This process neither proves nor publishes: it needs no secret for that.
  const checked = await requireFit({ ...loaded, config: { ...loaded.config, worker: { ...loaded.config.worker, processes: 0 } } });
  try {
    return await openServiceParts(checked, await thisProgram('warn'));
  } catch (cause) {
    if (!(cause instanceof StoreLockedError)) throw cause;
    throw new StoreLockedError(
      `process ${String(cause.details['process'])} runs on this store: ask it, with --service http://${checked.config.api.host}:${checked.config.api.port} --token-file FILE`, cause.details, { cause },
    );
  }
}
