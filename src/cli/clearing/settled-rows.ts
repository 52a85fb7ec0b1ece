import type { ClearingTermsClient } from '../../chain/clearing-terms-client.js';
import type { SettledRow } from '../../clearing/room-to-settle.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';

/** What the venue's clearing terms settle of what an account holds. */
export async function settledRowsOf(terms: Pick<ClearingTermsClient, 'expiry' | 'perpetuals'>, { slots }: Pick<ClearedOpening, 'slots'>): Promise<readonly SettledRow[]> {
  const { terms: perpetuals, payRow } = await terms.perpetuals();
  const rows: SettledRow[] = perpetuals.map(({ row }) => ({ row, into: [payRow], recorded: false }));
  for (const { index, quantity } of slots) {
    const found = quantity === 0n ? undefined : await terms.expiry(index);
    if (found === undefined) continue;
    const { payRow: paid, deliverRow, deliver } = found.terms;
    rows.push({ row: index, into: deliver === 0 ? [paid] : [paid, deliverRow], recorded: found.settlement !== undefined });
  }
  return rows;
}
