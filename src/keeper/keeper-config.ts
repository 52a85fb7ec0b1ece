/** Which accounts a challenger doubts. */
export type WatchRule =
  /** Those since whose last change, or last healthy answer, a price has moved by this many ppm. */
  | { readonly rule: 'price-move'; readonly ppm: number }
  | { readonly rule: 'list'; readonly handles: readonly bigint[] }
  | { readonly rule: 'all' };

/** Who knows nothing but what is public. */
export interface ChallengerConfig {
  readonly watch: WatchRule;
  /** Challenges of its own that may wait for answers at once. */
  readonly mostOpen: number;
  /** Largest bond that it puts up for one, wei. */
  readonly mostBond: bigint;
}

/** Who has openings: the venue, or an owner for his own. */
export interface GuardConfig {
  /** Folder of account files, mode 600. */
  readonly accounts: string;
  readonly answer: boolean;
  readonly start: boolean;
  readonly seal: boolean;
  readonly mark: boolean;
  readonly payDebts: boolean;
}

/** Who buys slices for an account of its own. */
export interface BidderConfig {
  /** Its account at the clearing house; what it becomes is added to the file. */
  readonly account: string;
  readonly owner: string;
  /** X25519 key file: openings are sealed to it. */
  readonly encryptionKey: string;
  /** Least gain of a bid, value units, after penalty and gas. */
  readonly minProfit: bigint;
  /** Least gain as a share of what the slice is worth, ppm. */
  readonly minMargin: number;
  /** Value units of 10^18 wei: what gas costs is counted with it. */
  readonly valueOfEther: bigint;
  /** Token base units of penalties that the liquidation contract may pull at most: approved anew whenever less is left than a bid needs. */
  readonly mostPenalty: bigint;
  /** Where the venue's signature for the bidder's opening comes from. */
  readonly receipts: ReceiptConfig;
}

export type ReceiptConfig =
  /** The bidder is the venue's: its operator key signs. */
  | { readonly from: 'operator'; readonly keyFile: string }
  /** The venue watches a folder, and puts the receipt beside what it is asked for. */
  | { readonly from: 'folder'; readonly folder: string };

/** What a keeper does. Paths are absolute. */
export interface KeeperConfig {
  readonly stateFile: string;
  /** Folder of market tables that the venue published. */
  readonly tables: string;
  /** Folder of proving keys; the program's own where undefined. */
  readonly keys: string | undefined;
  /** Between looks, milliseconds. */
  readonly pollMs: number;
  /** Most wei a unit of gas; beyond, only answers are sent. */
  readonly maxGasPrice: bigint;
  /** Loopback port of the metrics; none where undefined. */
  readonly metricsPort: number | undefined;
  readonly dryRun: boolean;
  readonly challenger: ChallengerConfig | undefined;
  readonly guard: GuardConfig | undefined;
  readonly bidder: BidderConfig | undefined;
}
