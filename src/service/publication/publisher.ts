import { randomUUID } from 'node:crypto';
import { ChainNode } from '../../chain/chain-node.js';
import type { ChainConnection } from '../../chain/connection.js';
import type { Deployment } from '../../chain/deployment.js';
import { RegistryStanding } from '../../chain/registry-standing.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import type { Database } from '../../store/database.js';
import type { OutboxEntry } from '../../store/outbox.js';
import { requireSettings, type PublicationSettings } from './publication-settings.js';

/** Places between the actions of a publisher, in their order. A process may die at any of them. */
export const PUBLICATION_POINTS = ['leased', 'looked', 'priced', 'signed', 'stored', 'sent', 'noted', 'unmined', 'mined', 'final', 'postponed'] as const;

export type PublicationPoint = (typeof PUBLICATION_POINTS)[number];

/** What a publisher needs, all of one venue at one registry. */
export interface Publisher {
  readonly database: Database;
  readonly node: ChainNode;
  readonly standing: RegistryStanding;
  readonly signer: ConnectedSigner;
  /** Row of the venue. */
  readonly venue: number;
  readonly venueId: bigint;
  readonly registry: string;
  readonly settings: PublicationSettings;
  /** Of this process, a UUID. */
  readonly worker: string;
  /** Told at each point; what it throws passes through as if the process died there. */
  readonly reached: (point: PublicationPoint) => void | Promise<void>;
  /** Told of each entry as it was left. */
  readonly report: (entry: OutboxEntry) => void;
}

export interface PublisherParts {
  readonly database: Database;
  readonly connection: ChainConnection;
  readonly deployment: Pick<Deployment, 'chainId' | 'registry' | 'markets' | 'venueId'>;
  readonly signer: ConnectedSigner;
  readonly venue: number;
  readonly settings: PublicationSettings;
  readonly worker?: string;
  readonly reached?: Publisher['reached'];
  readonly report?: Publisher['report'];
}

/** @throws PublicationSettingsError */
export function createPublisher(parts: PublisherParts): Publisher {
  const { database, connection, deployment, signer, venue } = parts;
  // The deployment's chain id, not what the node says: a signature must never be of use on another chain.
  const node = new ChainNode(connection.provider, deployment.chainId);
  return {
    database, node, signer, venue,
    standing: new RegistryStanding(connection.provider, node, deployment),
    venueId: deployment.venueId,
    registry: deployment.registry,
    settings: requireSettings(parts.settings),
    worker: parts.worker ?? randomUUID(),
    reached: parts.reached ?? (() => undefined),
    report: parts.report ?? (() => undefined),
  };
}
