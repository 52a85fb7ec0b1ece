import type { InstrumentKind } from '../../venue/instrument.js';
import type { Place } from '../../venue/place.js';
import type { LeveledRate } from './parameter-fields.js';
import type { Scenario } from './scenario.js';

/** Where a price comes from. Prices are integers of 10^-8 of the settlement currency. */
export type Feed =
  | { readonly id: string; readonly kind: 'constant'; readonly price: bigint }
  | {
    readonly id: string;
    readonly kind: 'chainlink' | 'pyth' | 'signed';
    /** Decimals of the source's answer; the board turns it into 10^-8, rounded down. */
    readonly decimals: number;
    /** Seconds after which a price is stale; undefined: never. */
    readonly heartbeat: number | undefined;
  };

/** What the part of a holding within one size tier is charged. */
export interface SizeTier {
  /** Quanta; 0 without end. */
  readonly cap: bigint;
  readonly long: LeveledRate;
  readonly short: LeveledRate;
}

interface Listed {
  readonly id: string;
  /** Settlement asset of a coin, currency of anything else. */
  readonly asset: string;
  readonly feed: string;
  readonly quantityDecimals: number;
  readonly activationEpoch: number;
  /** Value of one quantum is floor(price * multiplier / 10^18) value units. */
  readonly multiplier: bigint;
  readonly scan: LeveledRate;
  /** ppm; of an option series the allowed gap between index and discounted forward. */
  readonly basis: bigint;
  /** Where it stands, for messages. */
  readonly place: Place;
}

/** A coin, a currency's entry row, a perpetual or a dated future: worth its price times its size. */
export interface LinearInstrument extends Listed {
  readonly kind: Exclude<InstrumentKind, 'option'>;
  /** The value of a quantum never has a remainder. */
  readonly exact: boolean;
  /** Unix seconds; undefined but for futures. */
  readonly expiry: number | undefined;
  /** At least one, lowest first; charges do not fall. */
  readonly tiers: readonly SizeTier[];
}

/** A strike of a series. */
export interface Strike {
  /** As written, which the options' ids repeat. */
  readonly text: string;
  /** 10^-8 of the settlement currency. */
  readonly price: bigint;
  /** Value units of one quantum at the strike, exact. */
  readonly value: bigint;
}

/** European options of one underlying and expiry, settled in cash. */
export interface OptionSeries extends Listed {
  readonly kind: 'option-series';
  readonly expiry: number;
  readonly strikes: readonly Strike[];
  readonly types: readonly ('call' | 'put')[];
  /** Haircut of the mark of what is held long. */
  readonly long: LeveledRate;
  /** Contingency: fraction of the underlying's value that each option sold is charged. */
  readonly short: LeveledRate;
  /** Volatility range as a fraction of the volatility, below 1. */
  readonly volatilityScan: LeveledRate;
  /** Bounds of a volatility in ppm a year. */
  readonly leastVolatility: bigint;
  readonly mostVolatility: bigint;
}

/** A versioned set of risk parameters: what makes a market table out of prices. */
export interface ParameterSet {
  readonly name: string;
  readonly version: string;
  readonly currency: string;
  readonly valueScale: number;
  readonly feeds: readonly Feed[];
  readonly scenarios: readonly Scenario[];
  readonly assets: readonly LinearInstrument[];
  readonly entries: readonly LinearInstrument[];
  readonly markets: readonly (LinearInstrument | OptionSeries)[];
  /** Ids of instruments in the order they were listed in; what is not in it follows. */
  readonly order: readonly string[];
  readonly file: string;
}

/** The label that a table's header carries: "name version". */
export function parameterSetLabel({ name, version }: ParameterSet): string {
  return `${name} ${version}`;
}
