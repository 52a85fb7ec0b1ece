/** Where an account stands, in the order of the codes of LiquidationTypes.Standing. */
export const STANDINGS = ['sound', 'challenged', 'frozen', 'liquidating'] as const;

export type Standing = (typeof STANDINGS)[number];

/** What the chain knows of an account's standing: LiquidationTypes.AccountStanding. Times in Unix seconds, 0 where there is none. */
export interface AccountStanding {
  readonly standing: Standing;
  /** Number of its liquidations so far; auctions are of one. */
  readonly liquidation: number;
  /** Who challenged, or showed it under water; the zero address of nobody. */
  readonly keeper: string;
  /** Wei held; 0 where no challenge waits. */
  readonly bond: bigint;
  /** Last second of the answer. */
  readonly deadline: number;
  /** Of the prices that it was last doubted, or shown under water, by: an answer is under none older. */
  readonly tableTime: number;
  /** Of the last healthy answer, and of the prices it was under. */
  readonly soundAt: number;
  readonly soundTableTime: number;
  /** Slices sold in this liquidation without a proof that they did not go too far. */
  readonly dust: number;
  /** Of the challenge that waits. */
  readonly challengedAt: number;
}
