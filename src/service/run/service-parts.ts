import { join } from 'node:path';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import type { CheckedConfig } from '../config/check-config.js';
import type { Log } from '../log.js';
import { ReceiptDesk } from '../receipts/receipt-desk.js';
import { ReceiptKey } from '../../store/receipt-keys.js';
import { openServiceStore, type ServiceStore } from './service-store.js';

/** What the program brings to a configuration. */
export interface Program {
  /** Name and version; workers of one store have the same. */
  readonly version: string;
  /** All circuits there are. */
  readonly catalogue: readonly CircuitDefinition[];
  readonly log: Log;
}

/** What API, worker, publisher and local commands share. */
export interface ServiceParts {
  readonly checked: CheckedConfig;
  readonly program: Program;
  readonly store: ServiceStore;
  readonly desk: ReceiptDesk;
  close(): Promise<void>;
}

/** @throws what openServiceStore throws; ReceiptKeyError */
export async function openServiceParts(checked: CheckedConfig, program: Program): Promise<ServiceParts> {
  const { config, deployment } = checked;
  const store = await openServiceStore(config, deployment);
  try {
    const desk = new ReceiptDesk({
      database: store.database, venue: store.venue, poseidon: await bulkPoseidon(), key: await ReceiptKey.load(config.receipts.keyFile),
      treeFolder: join(config.dataFolder, 'trees'), circuits: program.catalogue,
      locationOf: (epoch) => `${config.api.publicUrl ?? ''}/v1/attestations/${epoch}`,
    });
    return {
      checked, program, store, desk,
      close: async () => {
        await desk.close();
        await store.close();
      },
    };
  } catch (cause) {
    await store.close();
    throw cause;
  }
}
