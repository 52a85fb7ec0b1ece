import { baseOfVenue } from '../../attestation/venue-base.js';
import type { HandleChange } from '../../chain/clearing-trace.js';
import { OpeningUnknownError } from '../../clearing/clearing-errors.js';
import { followChange, settledWithoutOwner } from '../../clearing/follow-change.js';
import { openingOfCommitment, withOpening, type ClearedAccountFile } from '../../clearing/opening-file.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { followSale } from '../../liquidation/follow-sale.js';
import type { SoldSlice } from '../../liquidation/sold-slice.js';
import type { MarketTable } from '../../risk/market-table.js';

/** A slice with the transaction that it was sold in. */
export type SoldIn = SoldSlice & { readonly transaction: string };

/** What others did to an account, as the chain tells it. */
export interface ToldChanges {
  /** Oldest first. */
  readonly changes: readonly HandleChange[];
  /** Of the same account. */
  readonly sold: readonly SoldIn[];
}

/** An account file with all that it could follow. */
export interface FollowedAccount {
  readonly account: ClearedAccountFile;
  /** Changes that were new to it. */
  readonly followed: number;
}

/** By commitment, as the chain names tables. */
export function tablesByCommitment(tables: readonly MarketTable[]): ReadonlyMap<bigint, MarketTable> {
  return new Map(tables.map((table) => [marketCommitment(portablePoseidon, table), table]));
}

/** Follows what was settled, sold and paid of an account without its owner. @throws OpeningUnknownError where a table is missing, or a change does not follow */
export function followAccount(account: ClearedAccountFile, { changes, sold }: ToldChanges, tables: ReadonlyMap<bigint, MarketTable>): FollowedAccount {
  let [known, followed] = [account, 0];
  for (const change of changes) {
    const before = openingIfKnown(known, change.oldCommitment);
    if (before === undefined || openingIfKnown(known, change.newCommitment) !== undefined) continue;
    const table = tables.get(change.marketCommitment);
    if (table === undefined) {
      throw new OpeningUnknownError(`account ${account.handle} was changed in block ${change.block} under the table ${change.marketCommitment}, which is not among --tables: ask the venue for it`, { handle: account.handle });
    }
    known = withOpening(known, followOne(account, table, before, change, sold.filter(({ transaction }) => transaction === change.transaction)));
    followed += 1;
  }
  return { account: known, followed };
}

/** The opening of a commitment; undefined where the file has none. */
export function openingIfKnown(account: ClearedAccountFile, commitment: bigint): ClearedOpening | undefined {
  try {
    return openingOfCommitment(portablePoseidon, account, commitment);
  } catch (error) {
    if (error instanceof OpeningUnknownError) return undefined;
    throw error;
  }
}

/** One transaction may sell several slices: the right one is the one whose trade the change is of. */
function followOne({ venue }: ClearedAccountFile, table: MarketTable, before: ClearedOpening, change: HandleChange, sold: readonly SoldIn[]): ClearedOpening {
  if (settledWithoutOwner(change) !== undefined || sold.length === 0) return followChange(portablePoseidon, table, before, change);
  const base = baseOfVenue(portablePoseidon, venue);
  const last = sold.at(-1);
  for (const slice of sold) {
    try {
      return followSale(portablePoseidon, { base, table }, before, change, slice);
    } catch (error) {
      if (slice === last || !(error instanceof OpeningUnknownError)) throw error;
    }
  }
  return followChange(portablePoseidon, table, before, change);
}
