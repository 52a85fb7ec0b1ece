import type { InstrumentListing, ParameterSetWords, TableRules } from '../market-board-client.js';
import type { ChangeKind, VaultChangeKind } from '../pending-change.js';
import type { FeedConfig, PriceRules } from '../price-board-client.js';
import type { VaultLimit, VaultRules } from '../vault-venue-client.js';
import type { EventPlace } from './event-place.js';

/** What was proposed. The hash that the timelock holds was compared with it. */
export type ChangeContent =
  | { readonly what: 'price-rules'; readonly rules: PriceRules }
  | { readonly what: 'feeds'; readonly first: number; readonly feeds: readonly FeedConfig[] }
  | { readonly what: 'table-rules'; readonly rules: TableRules }
  | { readonly what: 'instruments'; readonly listings: readonly InstrumentListing[] }
  | { readonly what: 'parameters'; readonly parameters: ParameterSetWords }
  | { readonly what: 'vault-rules'; readonly rules: VaultRules }
  | { readonly what: 'vault-limits'; readonly limits: readonly VaultLimit[] }
  | { readonly what: 'clearing-house'; readonly clearingHouse: string }
  | { readonly what: 'fund-withdrawal'; readonly amount: bigint };

/** `replaced`: another of the same kind was proposed before it was activated. `expired`: nobody activated it in time. */
export type ChangeOutcome = 'pending' | 'activated' | 'cancelled' | 'replaced' | 'expired';

/** One change that was announced. */
export interface TimelockChange {
  readonly contract: 'market-board' | 'price-board' | 'vault';
  readonly kind: ChangeKind | VaultChangeKind;
  readonly digest: string;
  /** First second at which it can take effect. */
  readonly readyAt: number;
  /** Undefined where neither event nor calldata shows it: a gap says so. */
  readonly content: ChangeContent | undefined;
  readonly proposed: EventPlace;
  readonly outcome: ChangeOutcome;
  /** Where it was activated, cancelled or replaced. */
  readonly ended: EventPlace | undefined;
}
