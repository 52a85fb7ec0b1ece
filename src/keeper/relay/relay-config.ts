/** A chain that a relayer or validator knows. */
export interface RelayChainConfig {
  readonly name: string;
  readonly chainId: bigint;
  /** Hyperlane's contracts there. */
  readonly mailbox: string;
  readonly hook: string;
  /** Before it nothing was made or dispatched. */
  readonly fromBlock: number;
}

/** A pair of adapters: the one that sends, and its counterpart that delivers. */
export interface GatewayPair {
  readonly sends: string;
  readonly delivers: string;
  /** Folders, or URLs of folders, that validators put signatures into. */
  readonly signatures: readonly string[];
}

/** What a relayer does besides relaying. */
export type KeepConfig =
  /** The route is a beacon's to a mirror: epochs that nobody made, and standings before they are old. */
  | { readonly kind: 'mirror'; readonly venueId: bigint }
  /** A hub's to a satellite: leases, and claims for sure deposits. */
  | { readonly kind: 'satellite'; readonly satelliteId: bigint }
  /** A satellite's to a hub: checkpoints. */
  | { readonly kind: 'hub'; readonly satelliteId: bigint };

/** From one origin to one recipient. */
export interface RouteConfig {
  readonly name: string;
  /** Names of chains. */
  readonly from: string;
  readonly to: string;
  readonly origin: string;
  readonly recipient: string;
  readonly gateways: readonly GatewayPair[];
  readonly keep: KeepConfig | undefined;
}

/** Paths are absolute. */
export interface RelayerConfig {
  readonly stateFile: string;
  readonly pollMs: number;
  /** Most wei a unit of gas. */
  readonly maxGasPrice: bigint;
  /** Loopback port of the metrics; none where undefined. */
  readonly metricsPort: number | undefined;
  readonly chains: readonly RelayChainConfig[];
  readonly routes: readonly RouteConfig[];
}

/** One key, one chain. Paths are absolute. */
export interface ValidatorConfig {
  readonly journal: string;
  /** Folder that others read. */
  readonly signatures: string;
  readonly chain: Omit<RelayChainConfig, 'name'>;
  /** Adapters whose messages it signs. */
  readonly gateways: readonly string[];
  /** Blocks on top of one that is final; the chain's own word for it where undefined. */
  readonly confirmations: number | undefined;
  readonly pollMs: number;
  readonly metricsPort: number | undefined;
}
