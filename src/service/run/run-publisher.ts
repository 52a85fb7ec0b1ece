import { ChainUnreachableError } from '../../chain/errors.js';
import { walletFromFile } from '../../chain/wallet.js';
import type { CheckedConfig } from '../config/check-config.js';
import { attemptOnVerifiers, connectForService } from '../config/check-live.js';
import { SecretMissingError } from '../config/errors.js';
import type { ServiceConfig } from '../config/schema.js';
import type { Log } from '../log.js';
import { startPublication } from '../publication/publication-loop.js';
import { DEFAULT_PUBLICATION, type PublicationSettings } from '../publication/publication-settings.js';
import { createPublisher } from '../publication/publisher.js';
import { Backoff, pause } from '../worker/waiting.js';
import type { ServiceStore } from './service-store.js';

const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

export function publicationSettings({ chain }: Pick<ServiceConfig, 'chain'>): PublicationSettings {
  return {
    ...DEFAULT_PUBLICATION,
    confirmations: chain.confirmations,
    feeCaps: { maxFee: chain.maxFeePerGas, priorityFee: chain.maxPriorityFeePerGas },
    pollMs: chain.pollSeconds * 1000,
    replaceAfterMs: chain.replaceAfterSeconds * 1000,
    refusalLimit: chain.refusalLimit,
  };
}

/**
 * Publishes until it is told to stop. An end point that does not answer is waited for, at the start too.
 *
 * @throws SecretMissingError, KeyFileError, WrongChainError and the like: nothing can be published from this configuration
 */
export async function runPublisher(checked: CheckedConfig, store: ServiceStore, log: Log, stop: AbortSignal): Promise<void> {
  const { publisherKeyFile, rpcUrl } = checked.config.chain;
  if (publisherKeyFile === undefined || rpcUrl === undefined) {
    throw new SecretMissingError('chain.publisherKeyFile and chain.rpcUrlFile are needed to publish: name both', { field: 'chain' });
  }
  const backoff = new Backoff(FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
  while (!stop.aborted) {
    try {
      return await publishOver(checked, store, publisherKeyFile, log, stop);
    } catch (cause) {
      if (!(cause instanceof ChainUnreachableError)) throw cause;
      log.warn('chain-unavailable', { code: cause.code, message: cause.message });
      await pause(backoff.next(), stop);
    }
  }
}

/** Over one connection, until told to stop. @throws ChainUnreachableError when there is none to be had */
async function publishOver({ config, deployment }: CheckedConfig, { database, venue }: ServiceStore, keyFile: string, log: Log, stop: AbortSignal): Promise<void> {
  const connection = await connectForService(config, deployment.chainId);
  try {
    await attemptOnVerifiers(connection, deployment, config);
    const signer = await walletFromFile(keyFile, connection.provider);
    log.info('publisher-started', { chain: deployment.chainId, signer: signer.address });
    const publisher = createPublisher({
      database, connection, deployment, signer, venue, settings: publicationSettings(config),
      report: ({ kind, epoch, state, transactionHash, error }) => log.info('publication', { entry: kind, epoch, state, transaction: transactionHash ?? null, error: error?.code ?? null }),
    });
    const running = startPublication(publisher);
    const end = (): void => void running.stop();
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    await running.done;
    log.info('publisher-stopped', { chain: deployment.chainId });
  } finally {
    connection.close();
  }
}
