import type { MarginLine, TierUse } from '../../margin/explain.js';
import type { AccountView } from './engine/protocol.js';
import { figure } from './money.js';

/** Distance to liquidation, in words. */
export function distanceSentence({ margin: { distance, margin }, currency, valueScale }: AccountView): string {
  const amount = `${figure(distance < 0n ? -distance : distance, valueScale)} ${currency}`;
  if (margin.requirement === 0n && distance >= 0n) return `This account requires no margin: it has ${amount} and nothing that could take it below zero in these scenarios.`;
  return margin.healthy
    ? `This account is healthy. It is ${amount} above the point where it may be liquidated: so much value it can lose, with its positions and their charges as they are.`
    : `This account is NOT healthy. It is ${amount} below its requirement and may be liquidated; so much value it lacks.`;
}

/** "tier 1 of 3, room for 5 more". */
export function tierText({ number: tier, of, headroom }: TierUse, { quantityDecimals }: Pick<MarginLine, 'quantityDecimals'>): string {
  const place = of === 1 ? 'one size' : `tier ${tier} of ${of}`;
  if (headroom === undefined) return `${place}, takes all the rest`;
  return headroom < 0n ? `${place}, above its cap` : `${place}, room for ${figure(headroom, quantityDecimals)} more`;
}
