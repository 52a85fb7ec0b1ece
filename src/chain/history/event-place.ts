export interface BlockPlace {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. */
  readonly time: number;
}

/** Where an event stands. */
export interface EventPlace {
  readonly block: number;
  readonly blockHash: string;
  /** Unix seconds of the block. */
  readonly time: number;
  readonly transaction: string;
  readonly logIndex: number;
}
