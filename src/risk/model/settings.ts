import { ModelSettingsError } from './model-errors.js';
import { PPM } from './parts-per-million.js';

/** Where the next day's volatility comes from; `larger` takes the larger of both. */
export type VolatilitySource = 'ewma' | 'garch' | 'larger';

/** Everything the model can be told. Fractions are ppm, spans are days. docs/risk-model.md gives the reasons. */
export interface ModelSettings {
  /** Share of days whose move a range must cover. */
  readonly confidencePpm: bigint;
  /** How long closing out a position takes. */
  readonly marginPeriodDays: number;
  readonly volatility: VolatilitySource;
  /** Weight of yesterday's forecast in the EWMA. */
  readonly lambdaPpm: bigint;
  /** Moves before the first forecast. */
  readonly warmUpDays: number;
  /** Standardised moves that the quantile multiplier is read from. */
  readonly residualDays: number;
  /** Moves a GARCH fit sees, and days between fits. */
  readonly garchWindowDays: number;
  readonly garchRefitDays: number;
  /** Moves that the long-run floor looks back on, and the share of its quantile that it keeps. */
  readonly floorDays: number;
  readonly floorSharePpm: bigint;
  /** How far a range may stand above the forecast before it comes down. */
  readonly bufferPpm: bigint;
  /** Most that a range rises or falls in one update, of its former value. */
  readonly maxRisePpm: bigint;
  readonly maxFallPpm: bigint;
  readonly liquidity: LiquiditySettings;
  readonly correlation: CorrelationSettings;
}

export interface LiquiditySettings {
  /** Position whose closing is priced, in whole units of the price's currency. */
  readonly referenceValue: bigint;
  /** Days whose median volume counts. */
  readonly volumeDays: number;
  /** Factor of the square-root law. */
  readonly coefficientPpm: bigint;
  /** Position as a share of a day's volume where no volume is known. */
  readonly assumedParticipationPpm: bigint;
}

export interface CorrelationSettings {
  readonly windowDays: number;
  /** Days between two windows and between two measurements, and how far back the worst window is looked for. */
  readonly stepDays: number;
  readonly lookbackDays: number;
  /** Standard errors below the estimate; 2.33 leaves 1 % beneath. */
  readonly standardErrors: number;
  /** Most of what hedging saves that is given back. */
  readonly creditSharePpm: bigint;
}

/** Least range of anything, ppm: below it the integer steps of a bounded update would stand still. */
export const LEAST_RANGE = 1_000n;

export const DEFAULT_SETTINGS: ModelSettings = {
  confidencePpm: 990_000n,
  marginPeriodDays: 1,
  volatility: 'larger',
  lambdaPpm: 940_000n,
  warmUpDays: 250,
  residualDays: 1000,
  garchWindowDays: 1500,
  garchRefitDays: 63,
  floorDays: 3650,
  floorSharePpm: 750_000n,
  bufferPpm: 250_000n,
  maxRisePpm: 300_000n,
  maxFallPpm: 50_000n,
  liquidity: { referenceValue: 10_000_000n, volumeDays: 30, coefficientPpm: 1_000_000n, assumedParticipationPpm: 100_000n },
  correlation: { windowDays: 90, stepDays: 10, lookbackDays: 730, standardErrors: 2.33, creditSharePpm: 800_000n },
};

/** Least moves before a forecast: the quantile needs some, and the recursions a start. */
const LEAST_WARM_UP = 100;
/** Least standardised moves and moves of a fit for the same reasons. */
const LEAST_WINDOW = 100;

/** @throws ModelSettingsError */
export function checkSettings(settings: ModelSettings): void {
  const fraction = (name: string, value: bigint, most: bigint = PPM): void => {
    if (value < 0n || value > most) throw refusal(name, `${value} ppm is not from 0 to ${most}`);
  };
  const days = (name: string, value: number, least: number): void => {
    if (!Number.isSafeInteger(value) || value < least) throw refusal(name, `${value} is not a whole number of at least ${least}`);
  };
  if (settings.confidencePpm < 500_000n || settings.confidencePpm >= PPM) throw refusal('confidencePpm', 'it must be from 500000 to 999999');
  if (settings.lambdaPpm <= 0n || settings.lambdaPpm >= PPM) throw refusal('lambdaPpm', 'it must be from 1 to 999999');
  days('marginPeriodDays', settings.marginPeriodDays, 1);
  days('warmUpDays', settings.warmUpDays, LEAST_WARM_UP);
  days('residualDays', settings.residualDays, LEAST_WINDOW);
  days('garchWindowDays', settings.garchWindowDays, LEAST_WINDOW);
  days('garchRefitDays', settings.garchRefitDays, 1);
  days('floorDays', settings.floorDays, LEAST_WINDOW);
  fraction('floorSharePpm', settings.floorSharePpm);
  fraction('bufferPpm', settings.bufferPpm);
  fraction('maxRisePpm', settings.maxRisePpm, 10n * PPM);
  fraction('maxFallPpm', settings.maxFallPpm);
  days('liquidity.volumeDays', settings.liquidity.volumeDays, 1);
  fraction('liquidity.coefficientPpm', settings.liquidity.coefficientPpm, 10n * PPM);
  fraction('liquidity.assumedParticipationPpm', settings.liquidity.assumedParticipationPpm);
  if (settings.liquidity.referenceValue < 0n) throw refusal('liquidity.referenceValue', 'it is negative');
  days('correlation.windowDays', settings.correlation.windowDays, 10);
  days('correlation.stepDays', settings.correlation.stepDays, 1);
  days('correlation.lookbackDays', settings.correlation.lookbackDays, settings.correlation.windowDays);
  fraction('correlation.creditSharePpm', settings.correlation.creditSharePpm);
  if (!(settings.correlation.standardErrors >= 0)) throw refusal('correlation.standardErrors', 'it is negative or no number');
}

function refusal(name: string, sentence: string): ModelSettingsError {
  return new ModelSettingsError(`setting ${name}: ${sentence}`, { setting: name });
}
