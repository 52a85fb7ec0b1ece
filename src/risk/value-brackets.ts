import { formatDecimal } from '../fixed-point/decimal.js';
import { MAX_QUANTITY } from '../venue/account.js';
import type { StaticCharges, StaticTier } from './static-market.js';

/** A bracket of a published schedule: what is charged for the part of a holding's value above the bracket below. */
export interface ValueBracket extends StaticCharges {
  /** Value up to which it goes, all brackets below counted in; undefined: without end. Integer of the price's scale. */
  readonly upToValue: bigint | undefined;
}

/** What brackets are turned into quantities with. */
export interface BracketTerms {
  /** Of one whole unit, above 0, in the scale of the brackets' values. */
  readonly price: bigint;
  readonly quantityDecimals: number;
}

/**
 * Brackets in value as tiers in quantity, at one price. Bounds are rounded down to a quantum, so the dearer tier begins at
 * most one quantum early and no account is charged less than published. Dropped are brackets that hold no whole quantum and
 * those that begin beyond 2^64 quanta, which no account can hold.
 *
 * Bounds stay where they are when the price moves: a cap is part of what a row means.
 *
 * @param brackets lowest first, bounds rising, the last without end
 */
export function tiersOfBrackets(brackets: readonly ValueBracket[], { price, quantityDecimals }: BracketTerms): StaticTier[] {
  const tiers: StaticTier[] = [];
  let reached = 0n;
  for (const { upToValue, longCharge, shortCharge } of brackets) {
    const bound = upToValue === undefined ? undefined : (upToValue * 10n ** BigInt(quantityDecimals)) / price;
    if (bound === undefined || bound > MAX_QUANTITY) {
      tiers.push({ longCharge, shortCharge });
      break;
    }
    if (bound <= reached) continue;
    tiers.push({ upTo: formatDecimal(bound, quantityDecimals), longCharge, shortCharge });
    reached = bound;
  }
  return tiers;
}

/** Charges in the form of a market file: plain ones where a single tier is left. */
export function chargesOfTiers(tiers: readonly StaticTier[]): StaticCharges | { readonly tiers: readonly StaticTier[] } {
  const [only] = tiers;
  return only !== undefined && tiers.length === 1 && only.upTo === undefined
    ? { longCharge: only.longCharge, shortCharge: only.shortCharge }
    : { tiers };
}
