/** Ppm of the whole. */
export const PPM = 1_000_000n;

/** Bonds that a challenge holds soon after a healthy answer: PRESSING of Liquidations.sol. */
export const PRESSING = 8n;

/** Seconds that a window has at least: MIN_WINDOW of Liquidations.sol. */
export const MIN_WINDOW = 60;

/** Slices below `minLot` that one liquidation sells at most: MOST_DUST of Liquidations.sol. */
export const MOST_DUST = 16;

/** A venue's rules for liquidations: LiquidationTypes.LiquidationRules. Times in seconds, rates in ppm. */
export interface LiquidationRules {
  readonly timelock: number;
  /** Wei that a challenge holds. */
  readonly bond: bigint;
  /** After a healthy answer: a challenge within it holds PRESSING bonds. */
  readonly quiet: number;
  /** To answer in, by gate mode from OPEN to HALT; none longer than the one before. */
  readonly windows: readonly [number, number, number, number];
  /** In which the discount rises to its most, and then the subsidy. */
  readonly fall: number;
  readonly maxDiscount: number;
  readonly maxSubsidy: number;
  /** Of a slice's value. */
  readonly penalty: number;
  /** Of the penalty, to who challenged or showed the account under water. */
  readonly keeperShare: number;
  /** Of the penalty, to the insurance fund. */
  readonly fundShare: number;
  /** Value units; a slice below it is dust. */
  readonly minLot: bigint;
}
