/** Ppm of the whole. */
export const PPM = 1_000_000n;

/** Bonds that a challenge holds soon after a healthy answer: LiquidationBounds.sol. */
export const PRESSING = 8n;

/** Seconds that a window has at least: LiquidationBounds.sol. */
export const MIN_WINDOW = 60;

/** Slices that one liquidation sells at most without a proof that it did not go too far: LiquidationBounds.sol. */
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
  /** At most what of the penalty is not the keeper's. */
  readonly maxSubsidy: number;
  /** Of a slice's value, to the tranches and the keeper. */
  readonly penalty: number;
  /** Of the penalty, to who challenged or showed the account under water. */
  readonly keeperShare: number;
  /** Of the penalty, to the insurance fund. */
  readonly fundShare: number;
  /** Of the strike of an option that is bought back: what counts beside its mark. */
  readonly strikeShare: number;
  /** Cash row in which penalties and subsidies are counted. */
  readonly feeRow: number;
  /** Value units; a slice below it is dust. */
  readonly minLot: bigint;
}
